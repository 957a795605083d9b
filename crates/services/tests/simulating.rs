//! A short simulation. A long one: `cargo xtask simulate`.

use services::testing::simulation::{Plan, simulate};

#[tokio::test(flavor = "multi_thread")]
async fn years_go_by_and_everything_adds_up() {
    let mut sums = (0, 0, 0);
    for seed in 1..=3 {
        let outcome = simulate(Plan { seed, organizations: 2, days: 120 }, |_, _| ()).await;
        let outcome = outcome.unwrap_or_else(|broken| panic!("{broken}"));
        sums = (sums.0 + outcome.done, sums.1 + outcome.deaths, sums.2 + outcome.charges);
    }
    let (done, deaths, charges) = sums;
    assert!(done > 150 && deaths > 10 && charges > 10, "too little happened: {sums:?}");
}
