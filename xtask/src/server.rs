//! The built server as a child process.

use crate::{demo, machine::Machine, run};
use anyhow::{Context, Result, bail};
use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command},
    thread::sleep,
    time::Duration,
};

/// A running server; stopped when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    process: Child,
    port: u16,
}

impl Server {
    /// Starts the server on `port` of 127.0.0.1 and waits until it listens. With a log its output goes there,
    /// otherwise to the terminal.
    pub(crate) fn start(product: Product<'_>, data: &Path, port: u16, log: Option<&Path>) -> Result<Server> {
        let mut command = product.command();
        command.args(serve_words(data, port));
        let mut server = Server::launch(&mut command, port, log)?;
        server.wait_until_it_listens(log)?;
        Ok(server)
    }

    /// Starts the server by a command line that names `port`, and waits for nothing.
    pub(crate) fn launch(command: &mut Command, port: u16, log: Option<&Path>) -> Result<Server> {
        let process = match log {
            Some(log) => run::spawn(command, log)?,
            None => command
                .spawn()
                .with_context(|| format!("{} cannot be started", command.get_program().to_string_lossy()))?,
        };
        Ok(Server { process, port })
    }

    /// Waits until somebody can connect.
    pub(crate) fn wait_until_it_listens(&mut self, log: Option<&Path>) -> Result<()> {
        for _ in 0..600 {
            if TcpStream::connect_timeout(&address(self.port), Duration::from_millis(200)).is_ok() {
                return Ok(());
            }
            self.must_run(log)?;
            sleep(Duration::from_millis(100));
        }
        bail!("the server did not answer on port {} within a minute", self.port)
    }

    /// One sentence that says why, if the server has ended.
    pub(crate) fn must_run(&mut self, log: Option<&Path>) -> Result<()> {
        if let Ok(Some(_)) = self.process.try_wait() {
            bail!("{}", self.why_it_ended(log));
        }
        Ok(())
    }

    /// The id of its process.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// The port that it listens on.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Where it can be visited.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Waits until the server ends by itself or by Ctrl-C.
    pub(crate) fn wait(mut self) -> Result<()> {
        let status = self.process.wait().context("the server was lost")?;
        if !status.success() && status.code().is_some() {
            bail!("the server ended with {status}: what it printed above says why");
        }
        Ok(())
    }

    fn why_it_ended(&self, log: Option<&Path>) -> String {
        match log {
            None => "the server ended at once: what it printed above says why".to_owned(),
            Some(log) => {
                let output = std::fs::read_to_string(log).unwrap_or_default();
                run::explain(&format!("Starting the server on port {}", self.port), &output, log)
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        run::stop(&mut self.process);
    }
}

/// The built product, and where its data is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Product<'a> {
    machine: &'a Machine,
    binary: &'a Path,
    database: Option<&'a str>,
}

impl<'a> Product<'a> {
    /// With its data in a folder.
    pub(crate) fn new(machine: &'a Machine, binary: &'a Path) -> Self {
        Product { machine, binary, database: None }
    }

    /// With its data in a `PostgreSQL` database.
    pub(crate) fn on(self, database: &'a str) -> Self {
        Product { database: Some(database), ..self }
    }

    /// The machine that it was built on.
    pub(crate) fn machine(self) -> &'a Machine {
        self.machine
    }

    /// Its command line with what the built pages need: cargo-leptos wrote the site, and the server finds the hashed
    /// names in `hash.txt` beside itself.
    pub(crate) fn command(self) -> Command {
        let mut command = self.machine.command(&self.binary.to_string_lossy());
        command.env("ZASEKI_SITE", site(self.machine)).envs(demo::PUBLISHER).envs(self.environment());
        command
    }

    /// What other programs have to be told that run the product's commands.
    pub(crate) fn environment(self) -> Option<(&'static str, &'a str)> {
        self.database.map(|database| ("ZASEKI_DATABASE", database))
    }
}

/// The words that make `zaseki` serve a data folder on a port of 127.0.0.1.
pub(crate) fn serve_words(data: &Path, port: u16) -> Vec<String> {
    ["serve", "--data", &data.to_string_lossy(), "--listen", &address(port).to_string()]
        .map(str::to_owned)
        .to_vec()
}

/// Where cargo-leptos puts the site (`site-root` in `Cargo.toml`).
pub(crate) fn site(machine: &Machine) -> PathBuf {
    machine.root.join("target/site")
}

/// A port of 127.0.0.1 that nothing listens on at this moment.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free on 127.0.0.1")?;
    Ok(listener.local_addr().context("no port is free on 127.0.0.1")?.port())
}

/// Says in one sentence what to do when something listens on the port.
pub(crate) fn require_free(port: u16) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            bail!("port {port} needs more rights than you have: choose one above 1023 with `--port`")
        }
        Err(_) => bail!(
            "port {port} is in use: stop what listens there, or choose another with `--port {}`",
            other(port)
        ),
    }
}

fn other(port: u16) -> u16 {
    port.checked_add(10).unwrap_or(3010)
}

fn address(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_one_sentence_with_the_way_out() {
        let port = free_port().unwrap();
        require_free(port).unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        let message = require_free(port).unwrap_err().to_string();
        assert!(
            message.starts_with(&format!("port {port} is in use")) && message.contains("--port"),
            "{message}"
        );
        drop(listener);
    }
}
