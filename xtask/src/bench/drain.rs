//! Watches a server's worker: how far it is with what was due when it started.

use super::host;
use anyhow::{Context, Result, ensure};
use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

/// A server whose worker says nothing for so long has stopped working.
const PATIENCE: Duration = Duration::from_mins(2);

/// What the worker has said it has done.
#[derive(Debug, Default, PartialEq, Eq)]
struct Done {
    advanced: u64,
    asked: u64,
    numbered: u64,
    failed: u64,
}

/// How it ended.
#[derive(Debug)]
pub(super) struct Drained {
    /// Since when there was nothing left to do.
    pub(super) at: Instant,
    /// The most that was resident of the server, in MB.
    pub(super) peak: f64,
}

/// Reads the server's log until so many subscriptions have renewed, were paid and have their invoice numbered.
pub(super) fn watch(log: &Path, process: u32, count: u32) -> Result<Drained> {
    let count = u64::from(count);
    let mut log = BufReader::new(File::open(log).context("the server's log cannot be read")?);
    let (mut done, mut line, mut last) = (Done::default(), String::new(), Instant::now());
    loop {
        // A line that is being written has no end yet: the rest of it comes.
        if log.read_line(&mut line)? > 0 && line.ends_with('\n') {
            if done.add(&line) {
                last = Instant::now();
            }
            line.clear();
        } else {
            ensure!(
                last.elapsed() < PATIENCE && host::memory_of(process, "VmRSS").is_some(),
                "the worker has stopped with {} of {count} renewed",
                done.advanced
            );
            sleep(Duration::from_millis(20));
        }
        ensure!(done.failed == 0, "{} renewals failed, so there is no figure", done.failed);
        if done.advanced.min(done.asked).min(done.numbered) >= count {
            let peak = host::memory_of(process, "VmHWM");
            return Ok(Drained {
                at: last,
                peak: peak.context("the kernel does not say how much memory it took")?,
            });
        }
    }
}

impl Done {
    /// Counts what a line of the log says; whether it says anything.
    fn add(&mut self, line: &str) -> bool {
        let Some((_, said)) = line.split_once("Done {") else { return false };
        let number = |name: &str| {
            let rest = said.split_once(&format!("{name}: "))?.1;
            rest.split(|letter: char| !letter.is_ascii_digit()).next()?.parse::<u64>().ok()
        };
        self.advanced += number("advanced").unwrap_or(0);
        self.asked += number("asked").unwrap_or(0);
        self.numbered += number("numbered").unwrap_or(0);
        self.failed += number("failed").unwrap_or(0);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn rounds_are_added_up_until_all_is_done() {
        let file = std::env::temp_dir().join(format!("zaseki-drain-{}.log", std::process::id()));
        let mut log = File::create(&file).unwrap();
        writeln!(log, "INFO zaseki serves").unwrap();
        writeln!(log, "DEBUG due work done=Done {{ asked: 0, advanced: 5, numbered: 5, failed: 0 }}")
            .unwrap();
        writeln!(log, "DEBUG due work done=Done {{ asked: 5, advanced: 0, numbered: 0, failed: 0 }}")
            .unwrap();
        let drained = watch(&file, std::process::id(), 5).unwrap();
        assert!(drained.peak > 0.0);
        writeln!(log, "DEBUG due work done=Done {{ asked: 0, advanced: 1, numbered: 1, failed: 1 }}")
            .unwrap();
        assert!(watch(&file, std::process::id(), 6).unwrap_err().to_string().contains("1 renewals failed"));
        assert!(watch(&file, 0, 9).is_err());
        std::fs::remove_file(file).unwrap();
    }
}
