//! A short simulation. A long one: `cargo xtask simulate`.

use services::testing::World;
use services::testing::simulation::{Plan, Story, simulate, simulate_in};

#[tokio::test(flavor = "multi_thread")]
async fn years_go_by_and_everything_adds_up() {
    let mut sums = (0, 0, 0, 0);
    for seed in 1..=3 {
        let outcome = simulate(Plan { seed, organizations: 2, days: 120, trouble: true }, |_, _| ()).await;
        let outcome = outcome.unwrap_or_else(|broken| panic!("{broken}"));
        sums.0 += outcome.done;
        sums.1 += outcome.deaths;
        sums.2 += outcome.late;
        sums.3 += outcome.charges;
    }
    let (done, deaths, late, charges) = sums;
    assert!(done > 150 && deaths > 10 && late > 3 && charges > 10, "too little happened: {sums:?}");
}

/// In which much is bought, and some of it is not paid.
const SEED: u64 = 5;

async fn story(world: World, seed: u64) -> Story {
    let plan = Plan { seed, organizations: 2, days: 240, trouble: false };
    simulate_in(world, plan, |_, _| ()).await.unwrap_or_else(|broken| panic!("{broken}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_happens_on_both_engines() {
    let Some(remote) = World::remote().await.expect("a world") else { return };
    let there = story(remote, SEED).await;
    let here = story(World::embedded().await.expect("a world"), SEED).await;
    for (here, there) in here.acts.iter().zip(&there.acts) {
        assert_eq!(here, there);
    }
    assert_eq!(here, there);
    assert!(here.outcome.charges > 10 && here.rows.len() > 20, "too little happened: {:?}", here.outcome);
}
