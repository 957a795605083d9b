//! A short simulation. A long one: `cargo xtask simulate`.

use services::testing::simulation::{Plan, simulate};

#[tokio::test(flavor = "multi_thread")]
async fn years_go_by_and_everything_adds_up() {
    for seed in 1..=3 {
        let outcome = simulate(Plan { seed, organizations: 2, days: 120 }).await;
        let outcome = outcome.unwrap_or_else(|broken| panic!("{broken}"));
        assert!(outcome.done > 50 && outcome.deaths > 10 && outcome.charges > 10, "seed {seed}: {outcome:?}");
    }
}
