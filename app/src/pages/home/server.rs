use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::pages::my_licenses::server::LicenseView;
use crate::pages::products::server::DayView;

/// What the home page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeView {
    /// The organization's legal name.
    pub organization: String,
    /// The licenses that I hold, those given last, six at most.
    pub licenses: Vec<LicenseView>,
    /// Whether I manage a subscription, in whatever state.
    pub manages: bool,
    /// The active subscriptions that I manage, those that end first, five at most.
    pub managed: Vec<ManagedProduct>,
}

/// A subscription that I manage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagedProduct {
    /// Where its details stand.
    pub address: String,
    /// Product and plan.
    pub name: String,
    /// The product's glyph.
    pub icon: String,
    /// The product's color.
    pub hue: String,
    /// The seats that are given to somebody.
    pub assigned: u32,
    /// Its seats.
    pub seats: u32,
    /// When it renews or ends.
    pub day: DayView,
}

/// The home page of the signed-in person.
#[server(endpoint = "home", input = leptos::server_fn::codec::GetUrl)]
pub async fn home() -> Result<HomeView, AppError> {
    use services::rights::Right;

    use crate::request::{answer, asker};

    let asker = asker();
    asker.must(Right::SeeHome).map_err(|error| answer(&error))?;
    let place = asker.must_place().map_err(|error| answer(&error))?;
    let mut view = HomeView { organization: place.organization.legal_name.clone(), ..HomeView::default() };
    // A guest is told whom to ask, and nothing else.
    if asker.may(Right::SeeLicenses) && asker.may(Right::SeeProducts) {
        fill(&mut view, &asker).await.map_err(|error| answer(&error))?;
    }
    Ok(view)
}

/// What a member holds and manages.
#[cfg(feature = "ssr")]
async fn fill(view: &mut HomeView, asker: &services::asker::Asker) -> Result<(), services::ServiceError> {
    use domain::subscription::Status;
    use services::products::Filter;

    use crate::format::instant_date;
    use crate::pages::my_licenses::server::license;
    use crate::pages::products::server::{day_view, full_name, on_shelf};
    use crate::request::{language, services};
    use crate::texts::Texts;

    let (services, language) = (services(), language());
    let zone = asker.must_place()?.time_zone();
    let (window, held) = services.my_licenses(asker).await?;
    for held in held.iter().take(6) {
        let since = instant_date(held.assigned_at, zone);
        view.licenses.push(license(&window, held.product, held.status, (since, held.ends_on))?);
    }
    let filter = Filter { status: Some(Status::Active), ..Filter::default() };
    let products = services.products(asker, filter).await?;
    view.manages = products.counts.iter().any(|(_, _, count)| *count > 0);
    for subscription in products.rows.iter().take(5) {
        let (product, plan) = on_shelf(&products.window, subscription.plan)?;
        let today = products.window.customer.today;
        view.managed.push(ManagedProduct {
            address: ["/products/", &subscription.id.to_string()].concat(),
            name: full_name(product, plan, language),
            icon: product.tile.icon.to_string(),
            hue: product.tile.hue.code().to_owned(),
            assigned: subscription.assigned,
            seats: subscription.seats,
            day: day_view(&subscription.state, today, Texts::new(language))?,
        });
    }
    Ok(())
}
