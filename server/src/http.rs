//! HTTP: the router and the layers around it.

#[cfg(test)]
mod billing;
#[cfg(test)]
mod bills;
#[cfg(test)]
mod changing;
mod identify;
mod patience;
mod sandbox;
mod security;
#[cfg(test)]
mod walk;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use app::request::Site;
use axum::Router;
use axum::extract::{FromRef, Request, State};
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use leptos::config::Env;
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes as _, generate_route_list};
use tower_http::services::ServeDir;

use crate::config::Config;
use crate::worker::Worker;
use crate::{command, ownership, provider};

/// What handlers share.
#[derive(Clone, Debug, FromRef)]
struct AppState {
    site: Site,
    options: LeptosOptions,
    proxy: identify::Proxy,
}

/// Serves until it is told to stop, then finishes what is under way.
pub(crate) async fn serve(config: &Config) -> anyhow::Result<()> {
    command::log();
    let advice = "stop it, or give another --data";
    let owner = ownership::claim(config, "serve").map_err(|refused| refused.advise(advice))?.map(Arc::new);
    let work = owner.clone().map(ownership::Listener::open).transpose()?;
    let listener =
        tokio::net::TcpListener::bind(config.listen).await.map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                anyhow::anyhow!(
                    "{} is in use; stop what listens there or give another --listen",
                    config.listen
                )
            }
            _ => anyhow::Error::new(error).context(format!("cannot listen on {}", config.listen)),
        })?;
    let sandbox = provider::open_sandbox(config)?;
    let services = command::open(config, Arc::new(sandbox.clone())).await?;
    let work = work.map(|work| work.work(services.clone()));
    let worker = config.worker_share.map(|share| Worker::start(services.clone(), share));
    let store = services.store().clone();
    let site = Site {
        services,
        publisher: config.publisher.clone(),
        secure: config.public_address.starts_with("https://"),
    };
    let pages = sandbox::Pages::new(&config.sandbox()?.address, sandbox.router());
    let router = router(config, site)?.layer(middleware::from_fn_with_state(pages, sandbox::serve));
    let mut told_to_stop = Box::pin(told_to_stop());
    // Asked once before anybody hears that this serves: from then on a signal is an orderly end.
    tokio::select! {
        biased;
        () = &mut told_to_stop => return Ok(()),
        () = std::future::ready(()) => {}
    }
    println!("Zaseki serves on {}", config.public_address);
    axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(told_to_stop)
        .await
        .context("the server stopped")?;
    if let Some(work) = work {
        work.close().await;
    }
    if let Some(worker) = worker {
        worker.stop().await;
    }
    store.close().await;
    Ok(())
}

/// Waits for Ctrl+C or the signal that ends a service.
pub(crate) async fn told_to_stop() {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(error) => {
            tracing::warn!(%error, "only Ctrl+C stops this server in order");
            tokio::signal::ctrl_c().await.ok();
            return;
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

fn router(config: &Config, site: Site) -> anyhow::Result<Router> {
    let options = page_options(&config.site)?;
    let state = AppState { site, options, proxy: identify::Proxy::new(config.proxy_header.as_deref())? };
    let routes = generate_route_list(app::App);
    let shell = {
        let options = state.options.clone();
        move || app::shell::shell(options.clone())
    };
    let context = {
        let site = state.site.clone();
        move || identify::provide(site.clone())
    };
    // What is neither a file nor a page gets the page that says so.
    let elsewhere = Router::new()
        .fallback(leptos_axum::render_app_to_stream_with_context(context.clone(), shell.clone()))
        .layer(middleware::from_fn(patience::again))
        .layer(middleware::from_fn_with_state(state.clone(), identify::identify));
    let files = ServeDir::new(&*state.options.site_root)
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false)
        .fallback(elsewhere);
    Ok(Router::new()
        .route("/api/{*function}", any(server_function))
        .leptos_routes_with_context(&state, routes, context, shell)
        .layer(middleware::from_fn(patience::again))
        .layer(middleware::from_fn_with_state(state.clone(), identify::identify))
        .fallback_service(files)
        .layer(middleware::from_fn(security::same_origin))
        .layer(middleware::from_fn(security::headers))
        .with_state(state))
}

/// How the built page is named: the build says so while developing; a release has its files' names beside it.
fn page_options(site: &Path) -> anyhow::Result<LeptosOptions> {
    if std::env::var_os("LEPTOS_OUTPUT_NAME").is_some() {
        return Ok(get_configuration(None)
            .context("the page's build settings are not right")?
            .leptos_options);
    }
    anyhow::ensure!(
        site.join("pkg").is_dir(),
        "the page's files are not in {}; give the folder with --site",
        site.display()
    );
    let program = std::env::current_exe().context("this program cannot find itself")?;
    let options = LeptosOptions::builder()
        .output_name("zaseki")
        .site_root(site.to_string_lossy())
        .env(Env::PROD)
        .hash_files(program.with_file_name("hash.txt").is_file());
    Ok(options.build())
}

async fn server_function(State(state): State<AppState>, request: Request) -> Response {
    leptos_axum::handle_server_fns_with_context(move || identify::provide(state.site.clone()), request)
        .await
        .into_response()
}
