//! What people do. Whatever the rules refuse is refused; nothing else may go wrong.

use rand::Rng as _;
use rand::seq::IndexedRandom as _;

use super::Simulation;
use super::cast::import;
use crate::ServiceError;
use crate::asker::Asker;
use crate::orders::Wish;
use crate::products::Filter;
use crate::testing::GivenUp;
use crate::testing::story::session;

/// The cards that people have. Most pay, some ask the bank, some are declined.
pub(super) const CARDS: [&str; 6] = [
    "4242 4242 4242 4242",
    "5555 5555 5555 4444",
    "4000 0000 0000 3220",
    "4000 0000 0000 3220",
    "4000 0000 0000 0002",
    "4000 0000 0000 5126",
];

/// Plans, terms and frequencies of the documented catalog.
pub(super) const OFFERS: [(&str, &str, &str); 5] = [
    ("standard", "1-month", "up-front"),
    ("standard", "1-month", "up-front"),
    ("standard", "1-year", "up-front"),
    ("standard", "1-year", "monthly"),
    ("business", "1-month", "up-front"),
];

impl Simulation {
    /// Somebody does something.
    pub(super) async fn act(&mut self) -> Result<(), ServiceError> {
        let house = self.random.random_range(0..self.cast.organizations.len());
        let person = self.random.random_range(0..4_usize);
        let act = self.random.random_range(0..24_u8);
        if act == 0 {
            return self.come_or_go(house, person).await;
        }
        let mail = self.cast.organizations[house].people[person].clone();
        let Some(asker) = self.sign_in(&mail).await? else { return Ok(()) };
        let lifetime = self.lifetime();
        let elsewhere = self.elsewhere();
        let done = elsewhere.meanwhile(GivenUp::after(lifetime, self.perform(act, &asker))).await?;
        let Some((name, answer)) = done else {
            self.note(format!("{mail} did something"), &Ok("and the process died".to_owned()));
            return self.restart();
        };
        self.note(format!("{mail} {name}"), &answer);
        must_be_answered(answer)
    }

    async fn perform(&mut self, act: u8, asker: &Asker) -> (&'static str, Result<String, ServiceError>) {
        match act {
            1..=3 => ("buys", self.buy(asker).await),
            4..=6 => ("gives licenses", self.assign(asker).await),
            7 => ("takes licenses", self.unassign(asker).await),
            8..=11 => ("wants other seats", self.other_seats(asker).await),
            12 | 13 => ("wants another plan", self.other_plan(asker).await),
            14 | 15 => ("turns recurring billing", self.recurring(asker).await),
            16 => ("revokes what is scheduled", self.revoke(asker).await),
            17 => ("cancels", self.cancel(asker).await),
            18 | 19 => ("tries it", self.try_it(asker).await),
            20 => ("brings back", self.reactivate(asker).await),
            _ => ("pays what is due", self.pay(asker).await),
        }
    }

    /// Somebody who has left cannot sign in.
    async fn sign_in(&self, mail: &str) -> Result<Option<Asker>, ServiceError> {
        let token = session(&self.services, mail, None).await?;
        let asker = self.services.asker(Some(&token), store::Origin::default()).await?;
        Ok(asker.place().is_some().then_some(asker))
    }

    async fn buy(&mut self, asker: &Asker) -> Result<String, ServiceError> {
        let (plan, term, frequency) = OFFERS[self.random.random_range(0..OFFERS.len())];
        let card = CARDS[self.random.random_range(0..CARDS.len())];
        let wish = Wish {
            product: "paper".into(),
            plan: plan.into(),
            term: term.into(),
            frequency: frequency.into(),
            seats: self.random.random_range(1..20_u32).to_string(),
        };
        let standing = self.world.buy_through(&self.services, asker, &wish, card).await?;
        Ok(format!("{} seats, {term}, {frequency}, {card}: {standing:?}", wish.seats))
    }

    async fn assign(&mut self, asker: &Asker) -> Result<String, ServiceError> {
        let organization = asker.must_place()?.organization.id;
        let mut reader = self.services.store().read().await?;
        let everybody = reader.conn().people_of(organization).await?;
        drop(reader);
        let count = self.random.random_range(1..=everybody.len());
        let some: Vec<_> = everybody.choose_multiple(&mut self.random, count).copied().collect();
        let form = self.form();
        let given = self.services.assign_licenses(asker, &form, "paper", &some).await?;
        Ok(format!("{} of {}", given.iter().filter(|given| given.outcome.is_ok()).count(), given.len()))
    }

    async fn unassign(&mut self, asker: &Asker) -> Result<String, ServiceError> {
        let organization = asker.must_place()?.organization.id;
        let mut reader = self.services.store().read().await?;
        let everybody = reader.conn().people_of(organization).await?;
        drop(reader);
        let some: Vec<_> = everybody.choose_multiple(&mut self.random, 2).copied().collect();
        let form = self.form();
        let taken = self.services.unassign_licenses(asker, &form, "paper", &some).await?;
        Ok(taken.len().to_string())
    }

    /// Pays an open invoice of one of the asker's subscriptions.
    async fn pay(&mut self, asker: &Asker) -> Result<String, ServiceError> {
        let rows = self.services.products(asker, Filter::default()).await?.rows;
        let open: Vec<_> = rows.iter().filter_map(|row| row.owes).collect();
        let Some(document) = open.choose(&mut self.random) else { return Ok("nothing is due".to_owned()) };
        let standing = self.services.pay_now(asker, *document, None).await?;
        Ok(format!("{standing:?}"))
    }

    /// Somebody leaves or comes back.
    async fn come_or_go(&mut self, house: usize, person: usize) -> Result<(), ServiceError> {
        let active = self.random.random_bool(0.7);
        let key = self.cast.organizations[house].key.clone();
        import(&self.services, &key, &[(person, active)]).await?;
        let act = if active { "is there" } else { "is gone" };
        self.note(format!("person-{person}@{key}.example {act}"), &Ok(String::new()));
        Ok(())
    }

    /// The key of a form.
    pub(super) fn form(&mut self) -> String {
        format!("{:032x}", self.random.random::<u128>())
    }
}

/// A refusal is an answer; what nobody asked for is not.
fn must_be_answered(answer: Result<String, ServiceError>) -> Result<(), ServiceError> {
    match answer {
        Err(ServiceError::Broken(error)) => Err(ServiceError::Broken(error)),
        _ => Ok(()),
    }
}
