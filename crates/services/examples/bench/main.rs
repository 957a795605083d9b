//! What `cargo xtask bench` has done through the use cases, in a process of its own. What measures prints a line of
//! JSON.
//!
//! - `bench fill DATA MAIL COUNT`: the person of this address, in a data folder that nobody serves, buys so many
//!   subscriptions of everything that is sold to them.
//! - `bench assignments DATA COUNT`: in a new data folder, so many people get a license each, 64 at once.
//! - `bench quotes SECONDS`: quotes are computed, for so many seconds of each kind.
//! - `bench renewals DATA PLACE COUNT ORGANIZATIONS`: in a fresh database (in the `folder`, or on the `server` of tests),
//!   so many monthly subscriptions of so many organizations renew at one instant.
//! - `bench years DATA YEARS ORGANIZATIONS`: in a new data folder, so many years of so many organizations, day by day.
//! - `bench due DATA COUNT`: in a data folder that nobody serves, so many monthly subscriptions of organizations of
//!   their own that are due today.

mod article;
mod assignments;
mod due;
mod fill;
mod memory;
mod purchase;
mod quotes;
mod renewals;
mod shop;
mod stock;
mod years;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match perform(&words).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn perform(words: &[String]) -> Result<(), Failure> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["fill", data, mail, count] => fill::fill(Path::new(data), mail, count.parse()?).await,
        ["due", data, count] => due::due(Path::new(data), count.parse()?).await,
        ["assignments", data, count] => assignments::assignments(Path::new(data), count.parse()?).await,
        ["renewals", data, place, count, organizations] => {
            renewals::renewals(Path::new(data), place, count.parse()?, organizations.parse()?).await
        }
        ["years", data, years, organizations] => {
            years::years(Path::new(data), years.parse()?, organizations.parse()?).await
        }
        ["quotes", seconds] => quotes::quotes(Duration::from_secs_f64(seconds.parse()?)),
        _ => Err("see the first lines of crates/services/examples/bench/main.rs".into()),
    }
}
