//! A `PostgreSQL` cluster for tests and measurements: in a folder of its own, on a free port, gone afterwards.

use crate::{
    machine::{Machine, find_program, is_program, is_root},
    run, server, versions,
};
use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command},
    thread::sleep,
    time::Duration,
};

/// A running cluster; stopped and removed when dropped.
#[derive(Debug)]
pub(crate) struct Postgres {
    process: Child,
    port: u16,
    // After the process: fields are dropped in this order.
    _folder: Temporary,
}

/// A folder that is removed when dropped.
#[derive(Debug)]
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // If it stays, it does no harm.
        drop(fs::remove_dir_all(&self.0));
    }
}

impl Postgres {
    /// Makes a cluster for tests and starts it. Nothing in it outlives them: it need not reach the disk.
    pub(crate) fn start(machine: &Machine) -> Result<Postgres> {
        Self::start_in(machine, &std::env::temp_dir(), &["fsync=off", "full_page_writes=off"])
    }

    /// Makes a cluster and starts it, in which what is committed is on a disk: a temporary folder may be in memory.
    pub(crate) fn durable(machine: &Machine) -> Result<Postgres> {
        let disk = Path::new("/var/tmp");
        let folder = if disk.is_dir() { disk.to_path_buf() } else { std::env::temp_dir() };
        Self::start_in(machine, &folder, &["fsync=on", "synchronous_commit=on"])
    }

    fn start_in(machine: &Machine, parent: &Path, settings: &[&str]) -> Result<Postgres> {
        let programs = programs().context("PostgreSQL's programs are not found")?;
        let folder = parent.join(format!("zaseki-postgres-{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let temporary = Temporary(folder.clone());
        if is_root() {
            let mut owner = Command::new("chown");
            run::must(
                owner.arg("postgres").arg(&folder),
                "Making the database's folder",
                &machine.log("chown"),
            )?;
        }
        let data = folder.join("data");
        run::must(
            as_postgres(&programs.join("initdb"), &folder)
                .args([
                    "--username=postgres",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--no-sync",
                    "--no-instructions",
                ])
                // Sorts as people do, not as bytes do: a comparison that forgot its COLLATE "C" then shows.
                .args(["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"])
                .arg("--pgdata")
                .arg(&data),
            "`initdb`",
            &machine.log("initdb"),
        )?;

        let port = server::free_port()?;
        let log = machine.log("postgres");
        let mut command = as_postgres(&programs.join("postgres"), &folder);
        command.arg("-D").arg(&data).arg("-k").arg(&folder).args([
            "-h",
            "127.0.0.1",
            "-p",
            &port.to_string(),
        ]);
        for setting in ["max_connections=200", "timezone=UTC"].iter().chain(settings) {
            command.args(["-c", setting]);
        }
        let process = run::spawn(&mut command, &log)?;
        let mut cluster = Postgres { process, port, _folder: temporary };
        cluster.wait_until_ready(&programs, &log)?;
        Ok(cluster)
    }

    /// Where it listens, for a superuser who may make databases.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// The id of its first process.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    fn wait_until_ready(&mut self, programs: &Path, log: &Path) -> Result<()> {
        for _ in 0..300 {
            let mut question = Command::new(programs.join("pg_isready"));
            question.args(["--quiet", "-h", "127.0.0.1", "-U", "postgres", "-p", &self.port.to_string()]);
            if question.status().is_ok_and(|status| status.success()) {
                return Ok(());
            }
            if let Ok(Some(_)) = self.process.try_wait() {
                break;
            }
            sleep(Duration::from_millis(100));
        }
        let output = fs::read_to_string(log).unwrap_or_default();
        bail!("{}", run::explain("Starting PostgreSQL", &output, log))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        run::stop(&mut self.process);
    }
}

/// The folder with `initdb` and `postgres` of the newest version that is new enough.
pub(crate) fn programs() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_string_lossy().parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(version, folder)| *version >= versions::POSTGRES && is_program(&folder.join("initdb")))
        .collect();
    found.sort();
    found.pop().map(|(_, folder)| folder).or_else(on_path)
}

fn on_path() -> Option<PathBuf> {
    let initdb = find_program(&["initdb"])?.canonicalize().ok()?;
    let output = Command::new(&initdb).arg("--version").output().ok()?;
    let version = major(&String::from_utf8_lossy(&output.stdout))?;
    let folder = initdb.parent()?.to_path_buf();
    (version >= versions::POSTGRES && is_program(&folder.join("postgres"))).then_some(folder)
}

/// 15 from `initdb (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn major(line: &str) -> Option<u32> {
    line.split_once(") ")?.1.split(['.', ' ', '\n']).next()?.parse().ok()
}

/// `PostgreSQL` refuses to run as root: then it runs as the user that its package made. Through `setpriv`, which
/// becomes the program, where `runuser` would stay between it and the signal that ends it.
fn as_postgres(program: &Path, folder: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    // The clone may be a place that this user may not even look at.
    command.current_dir(folder).env("LC_ALL", "C.UTF-8");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_versions() {
        assert_eq!(major("initdb (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(major("initdb (PostgreSQL) 17beta1"), None);
        assert_eq!(major("initdb (PostgreSQL) 18\n"), Some(18));
        assert_eq!(major("?"), None);
    }
}
