//! wrk: asks for one page over and over, on many connections at once.

use super::host;
use crate::{machine::Machine, run};
use anyhow::{Context, Result, bail};

/// How many connections there are.
pub(super) const CONNECTIONS: u32 = 16;

/// What a run came to.
#[derive(Debug)]
pub(super) struct Load {
    /// Answers per second.
    pub(super) per_second: f64,
    /// Half of the answers took so many milliseconds at most …
    pub(super) p50_ms: f64,
    /// … and 99 of 100 took so many.
    pub(super) p99_ms: f64,
    /// All answers.
    pub(super) requests: u64,
}

/// Asks for a page for so many seconds, from a core of its own.
pub(super) fn run(machine: &Machine, url: &str, cookie: &str, seconds: u32) -> Result<Load> {
    let mut command = machine.command("wrk");
    command.args(["-t1", &format!("-c{CONNECTIONS}"), &format!("-d{seconds}s"), "--latency"]).args([
        "-H",
        &format!("Cookie: {cookie}"),
        url,
    ]);
    let mut command = host::on_cores(&command, host::LOAD_CORE);
    let output = run::must(&mut command, "The load of `wrk`", &machine.log("bench-wrk"))?;
    parse(&output)
}

/// Reads what wrk prints. A run in which requests failed measures something else.
fn parse(output: &str) -> Result<Load> {
    let after = |name: &str| output.lines().find_map(|line| line.trim().strip_prefix(name)).map(str::trim);
    if let Some(errors) = after("Socket errors:") {
        bail!("requests failed under load ({errors}), so there is no figure");
    }
    if let Some(refused) = after("Non-2xx or 3xx responses:") {
        bail!("{refused} requests were refused under load, so there is no figure");
    }
    let latency = |part: &str| {
        after(part).and_then(milliseconds).with_context(|| format!("`wrk` names no {part} latency"))
    };
    let per_second = after("Requests/sec:").and_then(|number| number.parse().ok());
    let requests = output.lines().find_map(|line| line.trim().split_once(" requests in ")?.0.parse().ok());
    Ok(Load {
        per_second: per_second.context("`wrk` names no requests per second")?,
        p50_ms: latency("50%")?,
        p99_ms: latency("99%")?,
        requests: requests.context("`wrk` names no number of requests")?,
    })
}

/// 10.93 from `10.93ms`, 0.5 from `500.00us`, 1500 from `1.50s`.
fn milliseconds(time: &str) -> Option<f64> {
    let (number, unit) = time.split_at(time.find(|letter: char| letter.is_ascii_alphabetic())?);
    let factor = match unit {
        "us" => 0.001,
        "ms" => 1.0,
        "s" => 1_000.0,
        "m" => 60_000.0,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\
Running 10s test @ http://127.0.0.1:3000/products
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    10.93ms    2.36ms  41.25ms   86.22%
    Req/Sec     1.47k   104.47     1.66k    69.00%
  Latency Distribution
     50%  950.00us
     75%   11.60ms
     90%   12.92ms
     99%   20.03ms
  14672 requests in 10.02s, 1.54GB read
Requests/sec:   1464.57
Transfer/sec:    157.55MB
";

    #[test]
    fn reads_what_wrk_prints() {
        let load = parse(OUTPUT).unwrap();
        let Load { per_second, p50_ms, p99_ms, requests } = load;
        assert_eq!(format!("{per_second} {p50_ms:.3} {p99_ms:.3} {requests}"), "1464.57 0.950 20.030 14672");
    }

    #[test]
    fn a_run_with_failed_requests_is_no_figure() {
        let errors = format!("{OUTPUT}  Socket errors: connect 0, read 3, write 0, timeout 1\n");
        let message = parse(&errors).unwrap_err().to_string();
        assert!(message.contains("read 3") && !message.contains('\n'), "{message}");
        let refused = format!("{OUTPUT}  Non-2xx or 3xx responses: 12\n");
        assert!(parse(&refused).unwrap_err().to_string().starts_with("12 requests were refused"));
    }

    #[test]
    fn what_is_missing_is_named() {
        for (cut, part) in [("99%", "99%"), ("Requests/sec:", "per second"), (" requests in ", "number")] {
            let message = parse(&OUTPUT.replace(cut, "x")).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn times_have_units() {
        for (time, expected) in [("500.00us", "0.50"), ("1.50s", "1500.00"), ("1.00m", "60000.00")] {
            assert_eq!(milliseconds(time).map(|time| format!("{time:.2}")).as_deref(), Some(expected));
        }
        assert!(milliseconds("12").is_none() && milliseconds("x").is_none() && milliseconds("1h").is_none());
    }
}
