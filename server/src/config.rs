//! Configuration: flags, then the environment (`ZASEKI_…`), then a file, then the defaults.
//!
//! Every setting has one name: `--data` is `ZASEKI_DATA` and `data` in the file.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use domain::language::Localized;
use domain::time::Date;
use payments::provider::WebAddress;
use serde::Deserialize;
use store::Location;

/// A portal where your customers serve themselves: subscriptions, licenses, payment.
#[derive(Debug, Parser)]
#[command(name = "zaseki", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the data is and how the portal is reached. Also from the environment and from a file.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    /// A TOML file with any of these settings
    #[arg(long, global = true, env = "ZASEKI_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    config: Option<PathBuf>,

    /// The folder that holds the data [default: data]
    #[arg(long, global = true, env = "ZASEKI_DATA", value_name = "FOLDER")]
    data: Option<PathBuf>,

    /// A PostgreSQL database (15 or newer) instead of the embedded one: `postgres://user@host/name`
    #[arg(long, global = true, env = "ZASEKI_DATABASE", value_name = "ADDRESS", hide_env_values = true)]
    database: Option<String>,

    /// The address to serve on [default: 127.0.0.1:3000]
    #[arg(long, global = true, env = "ZASEKI_LISTEN", value_name = "ADDRESS")]
    listen: Option<SocketAddr>,

    /// How people reach the portal: `https://portal.example` [default: http:// and the address]
    #[arg(long, global = true, env = "ZASEKI_PUBLIC_ADDRESS", value_name = "ADDRESS")]
    public_address: Option<String>,

    /// The folder with the page's files [default: `site` beside the program, else target/site]
    #[arg(long, global = true, env = "ZASEKI_SITE", value_name = "FOLDER")]
    site: Option<PathBuf>,

    /// A header in which a proxy of yours names the client's address, as X-Forwarded-For. Without it, the
    /// address of the connection counts
    #[arg(long, global = true, env = "ZASEKI_PROXY_HEADER", value_name = "NAME")]
    proxy_header: Option<String>,

    /// Through whom people pay: `sandbox` moves no money [default on this machine's own address: sandbox]
    #[arg(long, global = true, env = "ZASEKI_PROVIDER", value_name = "NAME")]
    provider: Option<ProviderName>,

    /// How people's browsers reach the sandbox's pages; another host name than the portal's [default: localhost
    /// beside 127.0.0.1]
    #[arg(long, global = true, env = "ZASEKI_SANDBOX_ADDRESS", value_name = "ADDRESS")]
    sandbox_address: Option<String>,

    /// How long each call to the sandbox takes, in milliseconds: to see how a slow bank feels [default: 0]
    #[arg(long, global = true, env = "ZASEKI_SANDBOX_LATENCY", value_name = "MS")]
    sandbox_latency: Option<u32>,

    /// Which part of its time the worker may work that carries out what falls due: 1 to 100 per cent; 0: none runs
    /// inside `serve`, since `zaseki worker` runs beside it [default: 50, and 100 for `zaseki worker`]
    #[arg(long, global = true, env = "ZASEKI_WORKER_SHARE", value_name = "PER CENT", value_parser = clap::value_parser!(u8).range(..=100))]
    worker_share: Option<u8>,

    /// The publisher's name on every page, in Japanese [default: 座席]
    #[arg(long, global = true, env = "ZASEKI_PUBLISHER_JA", value_name = "NAME")]
    publisher_ja: Option<String>,

    /// The publisher's name on every page, in English [default: Zaseki]
    #[arg(long, global = true, env = "ZASEKI_PUBLISHER_EN", value_name = "NAME")]
    publisher_en: Option<String>,
}

/// A payment provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ProviderName {
    /// The built-in one, which moves no money.
    Sandbox,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the portal
    Serve,
    /// Carry out what falls due, in a process of its own beside `serve`; several may run (PostgreSQL only)
    Worker,
    /// Test clocks: organizations whose days pass when you say so
    Clock {
        #[command(subcommand)]
        what: Clock,
    },
    /// Bring the database to the shape that this version knows (`serve` does it too)
    Migrate,
    /// Read a catalog, organizations or people from a file; all of it or nothing
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// Print a one-time link with which a person sets or resets the password
    Link {
        /// The person's mail address
        mail: String,
    },
    /// Check everything that must be true of books, documents, orders and licenses
    Verify,
    /// The publisher's own people
    Operator {
        #[command(subcommand)]
        what: Operator,
    },
}

/// What to read.
#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// What is sold and who sells it (TOML; see docs/imports.md)
    Catalog {
        /// The file
        file: PathBuf,
    },
    /// The customers (TOML)
    Organizations {
        /// The file
        file: PathBuf,
    },
    /// The customers' people (CSV)
    People {
        /// The file
        file: PathBuf,
        /// Deactivate more than 50 people or 5 % of an organization without asking
        #[arg(long)]
        many_leavers: bool,
    },
}

/// What to do with a test clock.
#[derive(Debug, Subcommand)]
pub(crate) enum Clock {
    /// Put an organization without documents on a test clock that stands at today, for ever
    Start {
        /// The organization's key
        #[arg(long)]
        organization: String,
    },
    /// Move its clock forward, carry out everything that falls due until then, and say what happened
    Advance {
        /// The organization's key
        #[arg(long)]
        organization: String,
        /// The day to move to: 2027-01-31
        #[arg(long, value_name = "DATE")]
        to: Date,
    },
}

/// What to do with operators.
#[derive(Debug, Subcommand)]
pub(crate) enum Operator {
    /// Let the account of this mail address act for the publisher; print a link that sets its password
    Add {
        /// The mail address
        mail: String,
    },
}

/// The settings, decided.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) location: Location,
    pub(crate) data: PathBuf,
    pub(crate) listen: SocketAddr,
    pub(crate) public_address: String,
    pub(crate) site: PathBuf,
    pub(crate) proxy_header: Option<String>,
    pub(crate) publisher: Localized,
    /// Of the worker inside `serve`; nothing: none runs there.
    pub(crate) worker_share: Option<Share>,
    /// Of `zaseki worker`.
    pub(crate) own_worker_share: Share,
    payment: Payment,
}

/// The part of its time that a worker may work, in per cent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share(u8);

impl Share {
    /// So many per cent; nothing for none.
    pub(crate) const fn new(per_cent: u8) -> Option<Self> {
        match per_cent {
            0 => None,
            1..=100 => Some(Self(per_cent)),
            _ => Some(Self(100)),
        }
    }

    /// How long a worker rests that has worked so long.
    pub(crate) fn rest_after(self, worked: Duration) -> Duration {
        worked * u32::from(100 - self.0) / u32::from(self.0)
    }
}

/// What was said about the payment provider.
#[derive(Clone, Debug)]
struct Payment {
    provider: Option<ProviderName>,
    sandbox_address: Option<String>,
    sandbox_latency: u32,
}

/// The payment provider, decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SandboxConfig {
    /// How browsers reach its pages.
    pub(crate) address: WebAddress,
    /// How long each call takes.
    pub(crate) latency: Duration,
}

impl Config {
    /// Through whom people pay. Nobody is to believe that they pay when no money moves: beyond this machine's own
    /// address the sandbox has to be asked for by name (SPEC 5, Cards).
    pub(crate) fn sandbox(&self) -> anyhow::Result<SandboxConfig> {
        let portal: WebAddress = self.portal()?;
        let here = self.listen.ip().is_loopback();
        let named = self.payment.provider == Some(ProviderName::Sandbox);
        let local = ["127.0.0.1", "localhost"].contains(&host_of(&portal));
        anyhow::ensure!(
            named || (here && local),
            "the sandbox takes payments that move no money; if that is what you want beyond this machine, say \
             --provider sandbox"
        );
        let address = match (&self.payment.sandbox_address, host_of(&portal)) {
            (Some(address), _) => address.parse().context("--sandbox-address is no address")?,
            (None, "127.0.0.1") => other_host(&portal, "localhost")?,
            (None, "localhost") => other_host(&portal, "127.0.0.1")?,
            (None, _) => anyhow::bail!(
                "say with --sandbox-address how browsers reach the sandbox's pages: another host name than the \
                 portal's that leads to the same server, such as https://pay.portal.example"
            ),
        };
        // Ports share cookies, and the portal's must not reach the pages where cards are typed.
        anyhow::ensure!(
            host_of(&address) != host_of(&portal),
            "the sandbox needs another host name than the portal; give another --sandbox-address"
        );
        Ok(SandboxConfig { address, latency: Duration::from_millis(self.payment.sandbox_latency.into()) })
    }

    /// How people reach the portal.
    pub(crate) fn portal(&self) -> anyhow::Result<WebAddress> {
        self.public_address.parse().context("--public-address is no address")
    }
}

fn host_of(address: &WebAddress) -> &str {
    let rest = address.as_str().split("://").nth(1).unwrap_or_default();
    rest.split(['/', ':']).next().unwrap_or_default()
}

fn other_host(portal: &WebAddress, host: &str) -> anyhow::Result<WebAddress> {
    let place = portal.host();
    let port = place.split_once(':').map_or(String::new(), |(_, port)| format!(":{port}"));
    format!("http://{host}{port}").parse().context("there is no address for the sandbox")
}

impl Settings {
    /// Puts the file's settings under those of flags and environment, and the defaults under both.
    pub(crate) fn decide(self) -> anyhow::Result<Config> {
        let file = match &self.config {
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("cannot read the configuration file {}", path.display()))?;
                toml::from_str(&text)
                    .with_context(|| format!("the configuration file {} is not valid", path.display()))?
            }
            None => Self::default(),
        };
        let data = self.data.or(file.data).unwrap_or_else(|| "data".into());
        let location = match self.database.or(file.database) {
            Some(address) => Location::Address { address, serializable: false },
            None => Location::Folder(data.clone()),
        };
        let share = self.worker_share.or(file.worker_share);
        let payment = Payment {
            provider: self.provider.or(file.provider),
            sandbox_address: self.sandbox_address.or(file.sandbox_address),
            sandbox_latency: self.sandbox_latency.or(file.sandbox_latency).unwrap_or_default(),
        };
        let listen = self.listen.or(file.listen).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3000)));
        let public_address = self.public_address.or(file.public_address);
        let public_address = public_address.unwrap_or_else(|| format!("http://{listen}"));
        anyhow::ensure!(
            public_address.starts_with("https://") || listen.ip().is_loopback(),
            "sessions are not safe over plain http beyond this machine; give --public-address https://…, or \
             listen on 127.0.0.1"
        );
        Ok(Config {
            location,
            data,
            payment,
            listen,
            public_address: public_address.trim_end_matches('/').to_owned(),
            site: self.site.or(file.site).unwrap_or_else(site_of_this_program),
            proxy_header: self.proxy_header.or(file.proxy_header),
            worker_share: Share::new(share.unwrap_or(50)),
            own_worker_share: share.and_then(Share::new).unwrap_or(Share(100)),
            publisher: Localized::new(
                self.publisher_ja.or(file.publisher_ja).unwrap_or_else(|| "座席".into()),
                self.publisher_en.or(file.publisher_en).unwrap_or_else(|| "Zaseki".into()),
            ),
        })
    }
}

/// Where a release has the page's files, else where the build puts them.
fn site_of_this_program() -> PathBuf {
    let beside = std::env::current_exe().ok().and_then(|program| Some(program.parent()?.join("site")));
    beside.filter(|folder| folder.is_dir()).unwrap_or_else(|| "target/site".into())
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::{Arguments, Config};

    fn config(words: &[&str]) -> anyhow::Result<Config> {
        Arguments::try_parse_from(["zaseki", "serve"].iter().chain(words))?.settings.decide()
    }

    #[test]
    fn the_sandbox_stands_on_another_host_than_the_portal() {
        for (words, address) in [
            (&[][..], "http://localhost:3000/"),
            (&["--listen", "127.0.0.1:3210"], "http://localhost:3210/"),
            (&["--public-address", "http://localhost:3000"], "http://127.0.0.1:3000/"),
            (&["--sandbox-address", "http://pay.localhost:3000"], "http://pay.localhost:3000/"),
        ] {
            let sandbox = config(words).and_then(|config| config.sandbox()).expect("a sandbox");
            assert_eq!(sandbox.address.as_str(), address, "{words:?}");
        }
    }

    #[test]
    fn nobody_takes_the_sandbox_for_a_bank() {
        let portal = ["--public-address", "https://portal.example"];
        let refused = |words: &[&str]| {
            let words = [&portal[..], words].concat();
            config(&words).and_then(|config| config.sandbox()).expect_err("refused").to_string()
        };
        assert!(refused(&[]).contains("--provider sandbox"));
        assert!(refused(&["--listen", "0.0.0.0:3000"]).contains("--provider sandbox"));
        assert!(refused(&["--provider", "sandbox"]).contains("--sandbox-address"));
        let same = ["--provider", "sandbox", "--sandbox-address", "https://portal.example:8443"];
        assert!(refused(&same).contains("another host name"));
        let named = ["--provider", "sandbox", "--sandbox-address", "https://pay.portal.example"];
        let words = [&portal[..], &named].concat();
        assert!(config(&words).and_then(|config| config.sandbox()).is_ok());
    }
}
