//! How many tests passed, failed and were skipped, read from what the runners print.

use anyhow::{Context, Result};
use serde_json::Value;
use std::fmt;

/// Numbers of tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) skipped: u64,
}

impl Counts {
    /// A stage that counts as one test.
    pub(super) fn one(passed: bool) -> Counts {
        Counts { passed: u64::from(passed), failed: u64::from(!passed), skipped: 0 }
    }

    /// A stage that could not be run because an earlier one failed.
    pub(super) fn skipped() -> Counts {
        Counts { skipped: 1, ..Counts::default() }
    }

    /// The sum.
    pub(super) fn plus(self, other: Counts) -> Counts {
        Counts {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }

    /// A runner that ended badly without naming a failed test has failed all the same.
    fn with_end(mut self, success: bool) -> Counts {
        if !success && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// Sums the `test result:` lines of `cargo test`.
pub(super) fn cargo_test(output: &str, success: bool) -> Counts {
    let mut sum = Counts::default();
    for line in output.lines().filter_map(|line| line.trim().strip_prefix("test result: ")) {
        for part in line.split([';', '.']) {
            let mut words = part.split_whitespace();
            let Some(number) = words.next().and_then(|word| word.parse::<u64>().ok()) else {
                continue;
            };
            match words.next() {
                Some("passed") => sum.passed += number,
                Some("failed") => sum.failed += number,
                Some("ignored") => sum.skipped += number,
                _ => {}
            }
        }
    }
    sum.with_end(success)
}

/// Reads the statistics of Playwright's JSON report.
pub(super) fn playwright(report: &str, success: bool) -> Result<Counts> {
    let report: Value = serde_json::from_str(report).context("Playwright's report is not JSON")?;
    let number = |name: &str| {
        report["stats"][name].as_u64().with_context(|| format!("Playwright's report has no stats.{name}"))
    };
    let counts = Counts {
        passed: number("expected")?,
        // A test that passes only the second time has failed.
        failed: number("unexpected")? + number("flaky")?,
        skipped: number("skipped")?,
    };
    Ok(counts.with_end(success))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_cargos_result_lines() {
        let output = "\
running 3 tests
test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s

   Doc-tests domain
test result: FAILED. 5 passed; 2 failed; 0 ignored; 0 measured; 4 filtered out; finished in 1.25s
";
        assert_eq!(cargo_test(output, false), Counts { passed: 7, failed: 2, skipped: 1 });
    }

    #[test]
    fn a_crate_that_does_not_compile_is_a_failure() {
        assert_eq!(cargo_test("error: could not compile `store`", false), Counts::one(false));
        assert_eq!(cargo_test("", true), Counts::default());
    }

    #[test]
    fn reads_playwrights_report() {
        let report = r#"{"stats":{"expected":10,"unexpected":1,"flaky":2,"skipped":3,"duration":1.5}}"#;
        assert_eq!(playwright(report, false).unwrap(), Counts { passed: 10, failed: 3, skipped: 3 });
        let none = r#"{"stats":{"expected":0,"unexpected":0,"flaky":0,"skipped":0}}"#;
        assert_eq!(playwright(none, false).unwrap().failed, 1);
        assert!(playwright("{}", true).is_err() && playwright("", true).is_err());
    }

    #[test]
    fn the_last_line_has_the_shape_that_ci_reads() {
        let counts = Counts { passed: 12, failed: 0, skipped: 3 };
        assert_eq!(counts.plus(Counts::one(false)).to_string(), "12 passed, 1 failed, 3 skipped");
    }
}
