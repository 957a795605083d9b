//! A simulation: years of organizations, people, a provider that loses, repeats and delays answers, and workers that
//! die between steps. After every day everything that must be true of the data is true.
//!
//! All decisions come from one seed, so that what failed fails again: `cargo xtask simulate --seed N`.

mod acts;
mod cast;
mod changes;
mod elsewhere;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use payments::sandbox::{Call, Mishap, Mishaps};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha12Rng;

use super::{GivenUp, World};
use crate::worker::Done;
use crate::{ServiceError, Services};
use cast::Cast;
use elsewhere::Elsewhere;

/// What is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Decides everything.
    pub seed: u64,
    /// How many organizations, each with four people.
    pub organizations: u32,
    /// How many days.
    pub days: u32,
    /// Whether answers are lost and processes die. Without that, and with one thing at a time, the seed decides
    /// everything: the same happens on every engine.
    pub trouble: bool,
}

/// What a simulation came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What people did and got.
    pub done: u64,
    /// What was refused to them.
    pub refused: u64,
    /// How often a worker died in the middle.
    pub deaths: u64,
    /// How often another process worked while somebody waited for a late answer.
    pub late: u64,
    /// What workers carried out.
    pub carried_out: u64,
    /// How many charges have collected money.
    pub charges: usize,
}

/// All that a simulation came to, without the names that are made anew every time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story {
    /// What it came to, in numbers.
    pub outcome: Outcome,
    /// What people did, and what they were answered.
    pub acts: Vec<String>,
    /// Every document and every subscription as it is in the end, sorted.
    pub rows: Vec<String>,
}

/// Why a simulation stopped: the seed and the day on which something was not as it must be.
#[derive(Debug, thiserror::Error)]
#[error("seed {seed}, day {day}: {reason}; the last acts were\n{acts}")]
pub struct Broken {
    /// The seed that repeats it.
    pub seed: u64,
    /// The day.
    pub day: u32,
    /// What is not as it must be.
    pub reason: String,
    /// What people did last.
    pub acts: String,
}

/// A simulation under way.
struct Simulation {
    world: World,
    /// The process of today: it may have died and been started again.
    services: Services,
    cast: Cast,
    random: ChaCha12Rng,
    outcome: Outcome,
    acts: Vec<String>,
    trouble: bool,
    late: Arc<AtomicU64>,
}

/// How many of the last acts a failure names.
const REMEMBERED: usize = 40;

/// Work of so many organizations and kinds is carried out at once.
const AT_ONCE: usize = 8;

/// More documents and subscriptions than a short simulation makes.
const EVERYTHING: u32 = 100_000;

/// How many days a simulated year has.
const YEAR: u32 = 365;

/// Simulates in memory of its own. `said` hears at the end of every year which one that was, and what it all came to
/// by then.
pub async fn simulate(plan: Plan, said: impl FnMut(u32, &Outcome)) -> Result<Outcome, Broken> {
    let world = World::embedded().await.map_err(|error| Broken {
        seed: plan.seed,
        day: 0,
        reason: error.to_string(),
        acts: String::new(),
    })?;
    simulate_in(world, plan, said).await.map(|story| story.outcome)
}

/// Simulates in a world in which nothing has happened yet.
pub async fn simulate_in(
    world: World,
    plan: Plan,
    mut said: impl FnMut(u32, &Outcome),
) -> Result<Story, Broken> {
    let broken = |day, reason: String, acts: &[String]| {
        let acts = acts[acts.len().saturating_sub(REMEMBERED)..].join("\n");
        Broken { seed: plan.seed, day, reason, acts }
    };
    let mut simulation =
        Simulation::begin(world, plan).await.map_err(|error| broken(0, error.to_string(), &[]))?;
    for day in 1..=plan.days {
        if let Err(reason) = simulation.day().await {
            return Err(broken(day, reason, &simulation.acts));
        }
        if day % YEAR == 0 {
            (simulation.outcome.charges, _) = simulation.world.sandbox.collected();
            said(day / YEAR, &simulation.outcome);
        }
    }
    if let Err(reason) = simulation.settle().await {
        return Err(broken(plan.days, reason, &simulation.acts));
    }
    let rows = simulation.rows().await.map_err(|error| broken(plan.days, error.to_string(), &[]))?;
    let acts = simulation.acts.iter().map(|act| without_ids(act)).collect();
    Ok(Story { outcome: simulation.outcome, acts, rows })
}

/// A line without the ids in it: `sub_01m…` becomes `sub`.
fn without_ids(line: &str) -> String {
    let words = line.split(' ').map(|word| {
        let id = word.find('_').filter(|at| *at == 3 && word.len() > 20);
        id.map_or_else(|| word.to_owned(), |at| word[..at].to_owned())
    });
    words.collect::<Vec<_>>().join(" ")
}

impl Simulation {
    async fn begin(world: World, plan: Plan) -> Result<Self, ServiceError> {
        let cast = Cast::enter(&world, plan.organizations).await?;
        let services = world.services.clone();
        let random = ChaCha12Rng::seed_from_u64(plan.seed);
        let (outcome, acts, trouble) = (Outcome::default(), Vec::new(), plan.trouble);
        Ok(Self { world, services, cast, random, outcome, acts, trouble, late: Arc::default() })
    }

    /// A day: people act, the provider has its moods, a worker works or dies, and the data is looked at.
    async fn day(&mut self) -> Result<(), String> {
        self.world.sandbox.catch_up().await;
        self.outcome.late = self.late.load(Ordering::SeqCst);
        self.moods();
        for _ in 0..self.random.random_range(0..3_u8) {
            self.world.pass(self.random.random_range(60..10_000));
            self.act().await.map_err(|error| format!("an act failed: {error}"))?;
        }
        self.world.pass(self.random.random_range(20_000..70_000));
        self.work().await?;
        self.look().await
    }

    /// What will go wrong between the house and its provider.
    fn moods(&mut self) {
        let mut mishaps = Mishaps::none();
        if !self.trouble {
            return;
        }
        for call in
            [Call::Charge, Call::ChargeOutcome, Call::AbandonCharge, Call::Refund, Call::RefundOutcome]
        {
            let moods: Vec<Mishap> = (0..4).map(|_| self.mood()).collect();
            mishaps = mishaps.on(call, moods);
        }
        self.world.sandbox.script(mishaps);
    }

    fn mood(&mut self) -> Mishap {
        match self.random.random_range(0..16_u8) {
            0 => Mishap::Unreachable,
            1 => Mishap::RequestLost,
            2 => Mishap::AnswerLost,
            3 => Mishap::Repeated,
            4 => Mishap::RequestLate,
            5 => Mishap::AnswerHeld,
            _ => Mishap::Fine,
        }
    }

    /// The worker works for some rounds, or not at all today, or dies in the middle and begins again.
    async fn work(&mut self) -> Result<(), String> {
        for _ in 0..self.random.random_range(0..4_u8) {
            let polls = self.lifetime();
            let at_once = if self.trouble { AT_ONCE } else { 1 };
            let elsewhere = self.elsewhere();
            let round = elsewhere.meanwhile(GivenUp::after(polls, self.services.round(at_once))).await;
            match round.and_then(Option::transpose) {
                Ok(Some(done)) => self.count(done),
                Err(error) => return Err(format!("a round failed: {error}")),
                Ok(None) => self.restart().map_err(|error| error.to_string())?,
            }
        }
        Ok(())
    }

    /// The other processes, for the time until a late answer comes: minutes, or most of a day.
    fn elsewhere(&mut self) -> Elsewhere {
        let (services, sandbox) = (self.services.clone(), self.world.sandbox.clone());
        let clock = Arc::clone(&self.world.clock);
        let seconds = self.random.random_range(60..60_000);
        Elsewhere { services, sandbox, clock, seconds, late: Arc::clone(&self.late) }
    }

    /// For how many steps the process that does something lives: mostly long enough.
    fn lifetime(&mut self) -> u32 {
        if self.trouble && self.random.random_ratio(1, 4) {
            self.random.random_range(1..16)
        } else {
            u32::MAX
        }
    }

    fn count(&mut self, done: Done) {
        self.outcome.carried_out += u64::from(done.advanced) + u64::from(done.asked);
    }

    /// Another process, with nothing in its memory.
    fn restart(&mut self) -> Result<(), ServiceError> {
        self.outcome.deaths += 1;
        self.services = self.world.through(Arc::new(self.world.sandbox.clone()))?;
        Ok(())
    }

    /// Everything that must be true is true.
    async fn look(&self) -> Result<(), String> {
        let verdicts = self.services.verify(|_| ()).await.map_err(|error| error.to_string())?;
        let broken = verdicts.into_iter().find_map(|verdict| verdict.broken.map(|row| (verdict.rule, row)));
        broken.map_or(Ok(()), |(rule, row)| Err(format!("\"{rule}\" does not hold: {row}")))
    }

    /// At the end the provider is in a good mood, and everything that is under way comes to its end: then the money
    /// that the provider has is the money that the books have, and nothing was set aside.
    async fn settle(&mut self) -> Result<(), String> {
        self.world.sandbox.script(Mishaps::none());
        self.world.sandbox.catch_up().await;
        for _ in 0..8 {
            self.world.pass(3_600);
            loop {
                let done = self.services.do_due_work().await.map_err(|error| error.to_string())?;
                if done == Done::default() {
                    break;
                }
                self.count(done);
            }
        }
        self.look().await?;
        let mut reader = self.services.store().read().await.map_err(|error| error.to_string())?;
        let mut conn = reader.conn();
        let aside = conn.work_set_aside(1).await.map_err(|error| error.to_string())?;
        if let Some(aside) = aside.first() {
            return Err(format!(
                "{} {} was set aside: {}",
                aside.work.kind, aside.work.subject, aside.reason
            ));
        }
        let booked = conn.cleared_by_provider().await.map_err(|error| error.to_string())?;
        let (charges, collected) = self.world.sandbox.collected();
        self.outcome.charges = charges;
        if booked != collected {
            return Err(format!("the provider has {collected}, and the books say {booked}"));
        }
        Ok(())
    }

    /// Every document and every subscription, sorted.
    async fn rows(&self) -> Result<Vec<String>, ServiceError> {
        let mut reader = self.services.store().read().await?;
        let mut conn = reader.conn();
        let documents = conn.documents_after(None, EVERYTHING).await?;
        let subscriptions = conn.living_after(None, EVERYTHING).await?;
        let documents =
            documents.into_iter().map(|document| format!("{:?} {:?}", document.columns, document.contents));
        let subscriptions = subscriptions
            .into_iter()
            .map(|living| format!("{:?} {:?} {:?}", living.agenda, living.ends_on, living.next_on));
        let mut rows: Vec<String> = documents.chain(subscriptions).collect();
        rows.sort_unstable();
        Ok(rows)
    }

    /// Notes what somebody did, and what came of it.
    fn note(&mut self, act: String, answer: &Result<String, ServiceError>) {
        match answer {
            Ok(said) => {
                self.outcome.done += 1;
                self.acts.push(format!("{act}: {said}"));
            }
            Err(refused) => {
                self.outcome.refused += 1;
                self.acts.push(format!("{act}: refused, {refused}"));
            }
        }
        // Years of them are told to nobody.
        if self.trouble && self.acts.len() > REMEMBERED {
            self.acts.remove(0);
        }
    }
}
