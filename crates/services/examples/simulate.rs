//! What `cargo xtask simulate` runs: one long simulation, with a line for each simulated year.
//!
//! `simulate SEED YEARS ORGANIZATIONS`

use std::error::Error;
use std::process::ExitCode;

use services::testing::simulation::{Outcome, Plan, simulate};

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

async fn perform(words: &[String]) -> Result<(), Box<dyn Error>> {
    let [seed, years, organizations] = words else { return Err("say `SEED YEARS ORGANIZATIONS`".into()) };
    let days = years.parse::<u32>()?.checked_mul(365).ok_or("there are not so many days")?;
    let plan = Plan { seed: seed.parse()?, organizations: organizations.parse()?, days, trouble: true };
    println!(
        "{:>4} {:>8} {:>8} {:>8} {:>8} {:>12} {:>8}",
        "year", "done", "refused", "deaths", "late", "carried out", "charges"
    );
    let mut before = Outcome::default();
    let outcome = simulate(plan, |year, outcome| {
        say(&year.to_string(), &since(before, *outcome));
        before = *outcome;
    })
    .await?;
    say("all", &outcome);
    Ok(())
}

fn say(year: &str, outcome: &Outcome) {
    let Outcome { done, refused, deaths, late, carried_out, charges } = outcome;
    println!("{year:>4} {done:>8} {refused:>8} {deaths:>8} {late:>8} {carried_out:>12} {charges:>8}");
}

/// What one year has added.
fn since(before: Outcome, now: Outcome) -> Outcome {
    Outcome {
        done: now.done - before.done,
        refused: now.refused - before.refused,
        deaths: now.deaths - before.deaths,
        late: now.late - before.late,
        carried_out: now.carried_out - before.carried_out,
        charges: now.charges - before.charges,
    }
}
