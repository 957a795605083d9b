//! Child processes: their output goes to a file, a line that ticks says how far they are, and a failure is one
//! sentence.

use anyhow::{Context, Result, bail};
use std::{
    fs::File,
    io::{IsTerminal, Read, Seek, SeekFrom, Write},
    path::Path,
    process::{Child, Command, ExitStatus},
    thread::sleep,
    time::{Duration, Instant},
};

/// A finished child process.
#[derive(Debug)]
pub(crate) struct Finished {
    /// Whether it ended with 0.
    pub(crate) success: bool,
    /// Everything it printed, standard error included.
    pub(crate) output: String,
}

/// Runs a command to its end. Its output goes to `log`; meanwhile the last line of it is shown.
pub(crate) fn run(command: &mut Command, log: &Path) -> Result<Finished> {
    let mut child = spawn(command, log)?;
    let status = watch(&mut child, log)?;
    let output = std::fs::read(log).with_context(|| format!("the log {} cannot be read", log.display()))?;
    Ok(Finished { success: status.success(), output: String::from_utf8_lossy(&output).into_owned() })
}

/// Runs a command that must succeed. `what` completes the sentence "… failed".
pub(crate) fn must(command: &mut Command, what: &str, log: &Path) -> Result<String> {
    let finished = run(command, log)?;
    if !finished.success {
        bail!("{}", explain(what, &finished.output, log));
    }
    Ok(finished.output)
}

/// Starts a command with its output in `log`.
pub(crate) fn spawn(command: &mut Command, log: &Path) -> Result<Child> {
    if let Some(folder) = log.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    }
    let file = File::create(log).with_context(|| format!("{} cannot be written", log.display()))?;
    let both = file.try_clone().context("a file handle cannot be copied")?;
    command.stdout(file).stderr(both).spawn().with_context(|| {
        format!("`{}` cannot be started: is it installed?", command.get_program().to_string_lossy())
    })
}

/// Asks a process to end with SIGINT, as Ctrl-C does (which `PostgreSQL` takes as "at once, but orderly"), and ends
/// it after five seconds.
pub(crate) fn stop(child: &mut Child) {
    let asked = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    let patience = if asked.is_ok_and(|status| status.success()) { 100 } else { 0 };
    for _ in 0..patience {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        sleep(Duration::from_millis(50));
    }
    // Whether it is gone already does not matter: it must not be there afterwards.
    drop(child.kill());
    drop(child.wait());
}

/// "75 s" or "3 min 20 s".
pub(crate) fn duration(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..=99 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// One sentence about a failed command, made from what it printed.
pub(crate) fn explain(what: &str, output: &str, log: &Path) -> String {
    let log = log.display();
    if is_network_failure(output) {
        return format!(
            "{what} failed because something could not be downloaded: check the network (or the proxy) and run \
             the command again; the whole output is in {log}"
        );
    }
    let lines = || output.lines().map(str::trim);
    let reason = lines()
        .find(|line| line.starts_with("error") || line.starts_with("E:") || line.starts_with("npm error"))
        .or_else(|| lines().rfind(|line| !line.is_empty()))
        .unwrap_or("it printed nothing");
    format!("{what} failed ({reason}); the whole output is in {log}")
}

fn is_network_failure(output: &str) -> bool {
    const SIGNS: [&str; 14] = [
        "could not resolve host",
        "temporary failure resolving",
        "could not connect",
        "couldn't connect",
        "connection refused",
        "connection timed out",
        "failed to download",
        "could not download",
        "failed to fetch",
        "eai_again",
        "econnrefused",
        "enotfound",
        "etimedout",
        "network is unreachable",
    ];
    let output = output.to_lowercase();
    SIGNS.iter().any(|sign| output.contains(sign))
}

/// Waits for a process and shows that it lives: on a terminal by a line that is written over, elsewhere by a
/// line every half minute.
fn watch(child: &mut Child, log: &Path) -> Result<ExitStatus> {
    let start = Instant::now();
    let terminal = std::io::stderr().is_terminal();
    let mut next = if terminal { Duration::from_secs(1) } else { Duration::from_secs(30) };
    let mut shown = false;
    let mut pause = Duration::from_millis(5);
    loop {
        if let Some(status) = child.try_wait().context("a child process was lost")? {
            if shown && terminal {
                eprint!("\r\x1b[2K");
            }
            return Ok(status);
        }
        sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(200));
        let elapsed = start.elapsed();
        if elapsed < next {
            continue;
        }
        let line: String = last_line(log).chars().take(90).collect();
        if terminal {
            eprint!("\r\x1b[2K      {}  {line}", duration(elapsed));
            std::io::stderr().flush().context("standard error is closed")?;
            next = elapsed + Duration::from_millis(500);
        } else {
            eprintln!("      … {}  {line}", duration(elapsed));
            next = elapsed + Duration::from_secs(30);
        }
        shown = true;
    }
}

fn last_line(log: &Path) -> String {
    let tail = || -> std::io::Result<Vec<u8>> {
        let mut file = File::open(log)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(2000)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let tail = tail().unwrap_or_default();
    let text = String::from_utf8_lossy(&tail);
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.chars().filter(|letter| !letter.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_download_is_one_sentence_about_the_network() {
        let output = "Updating index\nwarning: spurious\nerror: failed to download `swc`\nCaused by:\n  x";
        let sentence = explain("Installing cargo-leptos", output, Path::new("/x.log"));
        assert!(
            sentence.starts_with("Installing cargo-leptos failed because something could not be downloaded")
        );
        assert!(!sentence.contains('\n') && sentence.contains("/x.log"));
    }

    #[test]
    fn another_failure_names_its_error_line() {
        let output = "Compiling a\nerror[E0432]: unresolved import\n  --> a.rs\n\n";
        assert_eq!(
            explain("The build", output, Path::new("b.log")),
            "The build failed (error[E0432]: unresolved import); the whole output is in b.log"
        );
        assert!(explain("It", "", Path::new("l")).contains("printed nothing"));
    }

    #[test]
    fn runs_keeps_output_and_reports_the_end() {
        let folder = std::env::temp_dir().join(format!("zaseki-run-{}", std::process::id()));
        let log = folder.join("deep/run.log");
        let finished = run(Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"]), &log).unwrap();
        assert!(!finished.success);
        assert!(finished.output.contains("out") && finished.output.contains("err"));
        assert_eq!(last_line(&log), "err");
        let error = must(Command::new("sh").args(["-c", "echo error: no; false"]), "It", &log).unwrap_err();
        assert!(error.to_string().starts_with("It failed (error: no)"), "{error}");
        let error = run(&mut Command::new("no-such-program-here"), &log).unwrap_err();
        assert!(error.to_string().contains("is it installed?"), "{error}");
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn stop_ends_a_process() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        stop(&mut child);
        assert!(child.try_wait().unwrap().is_some());
    }

    #[test]
    fn durations_read_well() {
        assert_eq!(duration(Duration::from_secs(75)), "75 s");
        assert_eq!(duration(Duration::from_secs(200)), "3 min 20 s");
    }
}
