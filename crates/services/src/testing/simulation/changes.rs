//! What people do with what they have: other seats, another plan, an end, a trial, a new beginning.

use domain::change::{CancelReason, When};
use domain::subscription::Status;
use rand::Rng as _;
use rand::seq::IndexedRandom as _;
use store::subscriptions::Subscription;

use super::Simulation;
use super::acts::{CARDS, OFFERS};
use crate::ServiceError;
use crate::asker::Asker;
use crate::changes::{CancelHow, CancelWish, ChangeOutcome, PlanWish, Sealed, SeatWish};
use crate::orders::{Confirmation, Stage, Standing, Wish};
use crate::products::Filter;
use crate::testing::checkout::last_page;
use crate::trials::{TrialStarted, TrialWish};

type Answer = Result<String, ServiceError>;

/// What is said where there is nothing that could be changed.
const NOTHING: &str = "there is nothing to do it with";

fn of(sealed: Sealed) -> Confirmation {
    Confirmation { seal: sealed.seal, quoted_at: sealed.at }
}

impl Simulation {
    /// One of the asker's subscriptions in one of these states.
    async fn own(&mut self, asker: &Asker, states: &[Status]) -> Result<Option<Subscription>, ServiceError> {
        let rows = self.services.products(asker, Filter::default()).await?.rows;
        let fit: Vec<Subscription> =
            rows.into_iter().filter(|row| states.contains(&row.state.status())).collect();
        Ok(fit.choose(&mut self.random).cloned())
    }

    pub(super) async fn other_seats(&mut self, asker: &Asker) -> Answer {
        let Some(own) = self.own(asker, &[Status::Active]).await? else { return Ok(NOTHING.to_owned()) };
        let total = self.random.random_range(1..25_u32).to_string();
        let when = if self.random.random_bool(0.7) { When::Now } else { When::AtRenewal };
        let wish = SeatWish { total, when };
        let quote = self.services.quote_seats(asker, own.id, &wish).await?;
        let outcome = self.services.change_seats(asker, own.id, &wish, &of(quote.sealed)).await?;
        let answer = self.answer_the_bank(asker, outcome).await?;
        Ok(format!("{} from {} to {} {when}: {answer}", own.id, own.seats, wish.total))
    }

    pub(super) async fn other_plan(&mut self, asker: &Asker) -> Answer {
        let Some(own) = self.own(asker, &[Status::Active]).await? else { return Ok(NOTHING.to_owned()) };
        let (plan, term, frequency) = OFFERS[self.random.random_range(0..OFFERS.len())];
        let when = if self.random.random_bool(0.5) { When::Now } else { When::AtRenewal };
        let wish = PlanWish { plan: plan.into(), term: term.into(), frequency: frequency.into(), when };
        let quote = self.services.quote_plan(asker, own.id, &wish).await?;
        let outcome = self.services.change_plan(asker, own.id, &wish, &of(quote.sealed)).await?;
        let answer = self.answer_the_bank(asker, outcome).await?;
        Ok(format!("{} to {plan}, {term}, {frequency}, {when}: {answer}", own.id))
    }

    /// The bank says yes, no, or nothing until it is too late.
    async fn answer_the_bank(&mut self, asker: &Asker, outcome: ChangeOutcome) -> Answer {
        let ChangeOutcome::Order { order, standing } = outcome else { return Ok("done".to_owned()) };
        let Standing::Bank { address } = &standing else { return Ok(format!("{standing:?}")) };
        match self.random.random_range(0..3_u8) {
            0 => return Ok("the bank waits".to_owned()),
            said => self.world.answer_bank(address, said == 1).await,
        }
        let standing = self.services.settle_order(asker, order).await?;
        Ok(format!("{standing:?}"))
    }

    pub(super) async fn recurring(&mut self, asker: &Asker) -> Answer {
        let Some(own) = self.own(asker, &[Status::Active]).await? else { return Ok(NOTHING.to_owned()) };
        let (on, form) = (self.random.random_bool(0.7), self.form());
        self.services.set_recurring(asker, &form, own.id, on).await?;
        Ok(format!("{}: {on}", own.id))
    }

    pub(super) async fn revoke(&mut self, asker: &Asker) -> Answer {
        let Some(own) = self.own(asker, &[Status::Active]).await? else { return Ok(NOTHING.to_owned()) };
        let form = self.form();
        self.services.revoke_scheduled(asker, &form, own.id).await?;
        Ok(own.id.to_string())
    }

    pub(super) async fn cancel(&mut self, asker: &Asker) -> Answer {
        let Some(own) = self.own(asker, &[Status::Active]).await? else { return Ok(NOTHING.to_owned()) };
        let how = if self.random.random_bool(0.6) { CancelHow::Now } else { CancelHow::AtEnd };
        let reason = CancelReason::NotUsed;
        let wish = CancelWish { how, reason, other: String::new(), feedback: "a simulation".to_owned() };
        let quote = self.services.quote_cancel(asker, own.id).await?;
        let outcome = self.services.cancel(asker, own.id, &wish, &of(quote.sealed)).await?;
        Ok(format!("{} {how:?}: {outcome:?}", own.id))
    }

    /// A trial is begun, extended, or bought early.
    pub(super) async fn try_it(&mut self, asker: &Asker) -> Answer {
        let form = self.form();
        let rows = self.services.products(asker, Filter::default()).await?.rows;
        let running = rows.into_iter().find(|row| {
            row.channel == domain::subscription::Channel::Trial && row.state.status() == Status::Active
        });
        let Some(trial) = running else {
            let wish = TrialWish { product: "paper".into(), seats_to_buy: "5".into(), convert: None };
            return match self.services.start_trial(asker, &form, &wish).await? {
                TrialStarted::Running(id) => Ok(format!("{id} runs")),
                TrialStarted::Card(order) => self.finish(asker, order).await,
            };
        };
        if self.random.random_bool(0.5) {
            self.services.extend_trial(asker, &form, trial.id).await?;
            return Ok(format!("{} is extended", trial.id));
        }
        let wish = self.some_wish();
        let order = self.services.buy_trial(asker, &form, trial.id, &wish).await?;
        self.finish(asker, order).await
    }

    /// What has ended comes back.
    pub(super) async fn reactivate(&mut self, asker: &Asker) -> Answer {
        let ended = [Status::Expired, Status::Disabled];
        let Some(own) = self.own(asker, &ended).await? else { return Ok(NOTHING.to_owned()) };
        let (form, wish) = (self.form(), self.some_wish());
        let order = self.services.reactivate(asker, &form, own.id, &wish).await?;
        self.finish(asker, order).await
    }

    fn some_wish(&mut self) -> Wish {
        let (plan, term, frequency) = OFFERS[self.random.random_range(0..OFFERS.len())];
        Wish {
            product: "paper".into(),
            plan: plan.into(),
            term: term.into(),
            frequency: frequency.into(),
            seats: self.random.random_range(1..20_u32).to_string(),
        }
    }

    /// Takes a checkout to its end.
    async fn finish(&mut self, asker: &Asker, order: domain::id::OrderId) -> Answer {
        let card = CARDS[self.random.random_range(0..CARDS.len())];
        if let Stage::Card { setup, .. } = self.services.checkout(asker, order).await?.stage {
            self.world.type_card(&setup, card).await;
        }
        // The price may have gone, or it cannot be had any more.
        let Ok(confirmation) = last_page(&self.services, asker, order).await else {
            return Ok(NOTHING.to_owned());
        };
        let standing = self.services.confirm_order(asker, order, &confirmation).await?;
        self.answer_the_bank(asker, ChangeOutcome::Order { order, standing }).await
    }
}
