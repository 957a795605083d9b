//! The documented examples as a world's data: a publisher, two organizations, their people.

use domain::id::{OrganizationId, SubscriptionId};
use domain::mail::MailAddress;
use store::Origin;

use super::World;
use crate::asker::Asker;
use crate::importing::PeopleOptions;
use crate::orders::{Confirmation, Stage, Standing, Wish};
use crate::trials::TrialWish;
use crate::worker::Done;
use crate::{ServiceError, Services};

/// The documented catalog.
pub(super) const CATALOG: &[u8] = include_bytes!("../../../../docs/examples/catalog.toml");
const ORGANIZATIONS: &[u8] = include_bytes!("../../../../docs/examples/organizations.toml");
const PEOPLE: &[u8] = include_bytes!("../../../../docs/examples/people.csv");

/// An administrator of the first organization.
pub const HANA: &str = "hana.mori@aozora.example";
/// A member of the first organization.
pub const KENJI: &str = "kenji.takahashi@aozora.example";
/// Another member of the first organization.
pub const YUI: &str = "yui.yamazaki@aozora.example";
/// A guest of the first organization, and a member of the second.
pub const ANNA: &str = "anna.keller@lakeside.example";

const PASSWORD: &str = "four seats by the window";

/// So many months of the example's product for so many people: ¥500 for each, and 10 % tax.
pub fn paper(seats: u32) -> Wish {
    Wish {
        product: "paper".into(),
        plan: "standard".into(),
        term: "1-month".into(),
        frequency: "up-front".into(),
        seats: seats.to_string(),
    }
}

/// The trial of the example's product; nothing is to be bought at its end.
pub fn trial_of_paper() -> TrialWish {
    TrialWish { product: "paper".into(), ..TrialWish::default() }
}

impl World {
    /// Imports the example's catalog again, with these words in place of those.
    pub async fn catalog_with(&self, changes: &[(&str, &str)]) -> Result<(), ServiceError> {
        let mut catalog = String::from_utf8_lossy(CATALOG).into_owned();
        for (is, becomes) in changes {
            if !catalog.contains(is) {
                return Err(ServiceError::broken(format!("the example says no {is}")));
            }
            catalog = catalog.replace(is, becomes);
        }
        self.services.import_catalog(catalog.as_bytes()).await.map_err(ServiceError::broken)?;
        Ok(())
    }

    /// Imports the documented examples.
    pub async fn with_examples(self) -> Result<Self, ServiceError> {
        self.services.import_catalog(CATALOG).await.map_err(ServiceError::broken)?;
        self.services.import_organizations(ORGANIZATIONS).await.map_err(ServiceError::broken)?;
        let options = PeopleOptions::default();
        self.services.import_people(PEOPLE, options, |_| ()).await.map_err(ServiceError::broken)?;
        Ok(self)
    }

    /// Somebody who opens a link, sets a password, and is signed in where they have their only place, or in the
    /// organization of this name.
    pub async fn signed_in(&self, mail: &str, organization: Option<&str>) -> Result<Asker, ServiceError> {
        let token = self.session(mail, organization).await?;
        self.services.asker(Some(&token), Origin::default()).await
    }

    /// The token of such a session: what their browser would keep.
    pub async fn session(&self, mail: &str, organization: Option<&str>) -> Result<String, ServiceError> {
        session(&self.services, mail, organization).await
    }

    /// Buys with this card, on which the bank says yes where it asks.
    pub async fn buy(&self, buyer: &Asker, wish: &Wish, card: &str) -> Result<SubscriptionId, ServiceError> {
        match self.buy_through(&self.services, buyer, wish, card).await? {
            Standing::Paid { subscription, .. } => Ok(subscription),
            other => Err(ServiceError::broken(format!("not paid: {other:?}"))),
        }
    }

    /// The same through a process of one's own; says where it stands.
    pub async fn buy_through(
        &self,
        services: &Services,
        buyer: &Asker,
        wish: &Wish,
        card: &str,
    ) -> Result<Standing, ServiceError> {
        let form = hex::encode(services.environment().bytes::<8>());
        let order = services.start_order(buyer, &form, wish).await?;
        // Whoever has a card is asked whether to take it; this one is typed anew.
        services.choose_card(buyer, order, None).await?;
        if let Stage::Card { setup, .. } = services.checkout(buyer, order).await?.stage {
            self.type_card(&setup, card).await;
        }
        let Stage::Confirm { quoted, .. } = services.checkout(buyer, order).await?.stage else {
            return Err(ServiceError::broken("not the last page"));
        };
        let confirmation = Confirmation { seal: quoted.seal.clone(), quoted_at: quoted.at };
        let standing = services.confirm_order(buyer, order, &confirmation).await?;
        if let Standing::Bank { address } = &standing {
            self.answer_bank(address, true).await;
            return services.settle_order(buyer, order).await;
        }
        Ok(standing)
    }

    /// Lets days pass, and on each of them what is due be done.
    pub async fn live(&self, days: i64) -> Result<(), ServiceError> {
        for _ in 0..days {
            self.pass(24 * 3_600);
            self.do_what_is_due().await?;
        }
        Ok(())
    }

    /// Has everything done that is due.
    pub async fn do_what_is_due(&self) -> Result<(), ServiceError> {
        while self.services.do_due_work().await? != Done::default() {}
        Ok(())
    }

    /// The organization of this key.
    pub async fn organization(&self, key: &str) -> Result<OrganizationId, ServiceError> {
        let found = self.services.store().read().await?.conn().organization_by_key(key).await?;
        Ok(found.ok_or(ServiceError::NotFound)?.id)
    }
}

pub(super) async fn session(
    services: &Services,
    mail: &str,
    organization: Option<&str>,
) -> Result<String, ServiceError> {
    let stranger = Asker { signed_in: None, origin: Origin::default() };
    let address = MailAddress::parse(mail).map_err(ServiceError::broken)?;
    // Whoever has a password signs in with it: another one would end their other sessions.
    let token = if let Ok(started) = services.sign_in(&stranger, mail, PASSWORD.into()).await {
        started.token
    } else {
        let link = services.make_link(&address).await?;
        services.use_link(&stranger, &link, PASSWORD.into()).await?.token
    };
    if let Some(name) = organization {
        let asker = services.asker(Some(&token), Origin::default()).await?;
        let places = services.places(&asker).await?;
        let place = places.iter().find(|place| place.legal_name.contains(name));
        services.choose_place(&asker, place.ok_or(ServiceError::NotFound)?.organization).await?;
    }
    Ok(token)
}
