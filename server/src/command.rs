//! The commands: each opens what it needs, does its work and closes it.

mod import;
pub(crate) mod work;

use std::io::Read;
use std::sync::Arc;

use anyhow::Context as _;
use payments::closed::Closed;
use payments::provider::Provider;
use services::Services;
use services::password::Passwords;
use services::paying::Paying;
use store::{Location, Store};
use tokio::runtime::Handle;

use crate::config::{Arguments, Command, Config, Operator};
use crate::ownership::{self, Turn};
use crate::worker::Worker;
use crate::{environment, http, provider};
use work::{Terminal, Work};

/// Carries out one command.
pub(crate) async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let config = arguments.settings.decide()?;
    let public_address = config.public_address.clone();
    match arguments.command {
        Command::Serve => http::serve(&config).await,
        Command::Worker => work_until_told(&config).await,
        Command::Clock { what } => have_done(config, Work::Clock(what.into()), None).await,
        Command::Migrate => {
            let advice = "stop it first; `zaseki serve` also migrates when it starts";
            let _owner =
                ownership::claim(&config, "migrate").map_err(|not_claimed| not_claimed.advise(advice))?;
            migrate(&config).await
        }
        Command::Import { what } => {
            let (work, file) = import::ask(what)?;
            have_done(config, work, Some(file)).await
        }
        Command::Verify => have_done(config, Work::Verify, None).await,
        Command::Link { mail } => have_done(config, Work::Link { mail, public_address }, None).await,
        Command::Operator { what: Operator::Add { mail } } => {
            have_done(config, Work::AddOperator { mail, public_address }, None).await
        }
    }
}

/// Says on standard error what happens, as much as `RUST_LOG` asks for.
pub(crate) fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

/// Carries out what falls due until it is told to stop. The embedded database belongs to one process: there the worker
/// runs inside `serve`.
async fn work_until_told(config: &Config) -> anyhow::Result<()> {
    anyhow::ensure!(
        matches!(config.location, Location::Address { .. }),
        "with the embedded database the worker runs inside `zaseki serve`; one of its own is for PostgreSQL \
         (--database)"
    );
    log();
    let services = open(config, Arc::new(provider::open_sandbox(config)?)).await?;
    let store = services.store().clone();
    let worker = Worker::start(services, config.own_worker_share);
    println!("Zaseki carries out what falls due");
    http::told_to_stop().await;
    worker.stop().await;
    store.close().await;
    Ok(())
}

/// The use cases over the configured database, brought to its shape, with payments through this provider. The
/// caller owns the data.
pub(crate) async fn open(config: &Config, provider: Arc<dyn Provider>) -> anyhow::Result<Services> {
    migrate(config).await?;
    let store = Store::open(&config.location).await.context("cannot open the database")?;
    let paying = Paying::new(provider, config.portal()?);
    Ok(Services::new(store, environment::real(), Passwords::new()?, paying))
}

async fn migrate(config: &Config) -> anyhow::Result<()> {
    store::migrate(&config.location).await.context("cannot bring the database to its shape")
}

/// Has work done: by the owner of the data, if there is one, and otherwise here.
async fn have_done(config: Config, work: Work, file: Option<Box<dyn Read + Send>>) -> anyhow::Result<()> {
    match ownership::turn(&config, work.name())? {
        Turn::Ours(_owner) => {
            let provider: Arc<dyn Provider> =
                if work.pays() { Arc::new(provider::open_sandbox(&config)?) } else { Arc::new(Closed) };
            let services = open(&config, provider).await?;
            let store = services.store().clone();
            let done = on_a_thread(move |runtime| {
                let mut file = file.unwrap_or_else(|| Box::new(std::io::empty()));
                runtime.block_on(work.carry_out(&services, &mut file, &mut Terminal))
            })
            .await;
            store.close().await;
            done
        }
        Turn::Theirs(owner) => on_a_thread(move |_| owner.hand_over(&work, file, &mut Terminal)).await,
    }
}

/// Files and sockets are read blocking, so not where the runtime works.
async fn on_a_thread(
    work: impl FnOnce(&Handle) -> anyhow::Result<()> + Send + 'static,
) -> anyhow::Result<()> {
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || work(&runtime)).await.context("the work stopped half-way")?
}
