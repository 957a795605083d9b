//! The payment provider of this deployment.

use std::sync::Arc;

use anyhow::Context as _;
use payments::sandbox::{Options, Sandbox};
use store::Location;

use crate::config::Config;
use crate::environment;

/// Opens the sandbox, with its journal in the data folder. Beside PostgreSQL several processes may run at once, and
/// all of them see one bank.
pub(crate) fn open_sandbox(config: &Config) -> anyhow::Result<Sandbox> {
    let settings = config.sandbox()?;
    let options = Options {
        latency: settings.latency,
        ..Options::new(settings.address, Arc::new(environment::real()))
    };
    let folder = config.data.join("sandbox");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let opened = match config.location {
        Location::Folder(_) => Sandbox::open(&folder, options),
        Location::Address { .. } => Sandbox::open_shared(&folder, options),
    };
    opened.context("cannot open the payment sandbox")
}
