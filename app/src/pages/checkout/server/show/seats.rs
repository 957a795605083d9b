//! Plan, term and seats, chosen anew.

use domain::catalog::{BillingFrequency, Offer, SeatLimits};
use services::ServiceError;
use services::orders::Checkout;

use super::super::{OfferChoice, SeatsStep};
use super::Asked;
use crate::format::money;
use crate::pages::product::server::{main_charge, seats_error, term_name, unit_of};
use crate::request::services;
use crate::texts::{Texts, group};

pub(super) fn step(checkout: &Checkout, asked: &Asked, texts: Texts) -> SeatsStep {
    let words = texts.checkout();
    let choice = &checkout.order.choice;
    let product = checkout.window.shelf.catalog.product(choice.product.as_str());
    let sale = product.map(|product| checkout.window.offer(product));
    let mut offers = Vec::new();
    let mut limits = SeatLimits::default();
    if let Some(Offer::Sold(sale)) = &sale {
        for offer in &sale.plans {
            if offer.plan.key == choice.plan {
                limits = offer.plan.seats;
            }
            for price in &offer.prices {
                let paid = match price.frequency {
                    BillingFrequency::UpFront => words.up_front(),
                    BillingFrequency::Monthly => words.monthly(),
                };
                let of_one = main_charge(price).map(|(amount, per_seat)| {
                    [money(amount).as_str(), " ", unit_of(price.term, price.frequency, per_seat, texts)]
                        .concat()
                });
                offers.push(OfferChoice {
                    code: format!("{}/{}/{}", offer.plan.key, price.term, price.frequency),
                    plan: offer.plan.name.get(texts.language()).clone(),
                    term: [term_name(price.term, texts), paid].join(texts.quote().joint()),
                    price: of_one.unwrap_or_default(),
                    chosen: (&offer.plan.key, price.term, price.frequency)
                        == (&choice.plan, choice.term, choice.frequency),
                });
            }
        }
    }
    let seats = asked.seats.clone().unwrap_or_else(|| choice.seats.get().to_string());
    let wish = services::orders::Wish {
        product: choice.product.to_string(),
        plan: choice.plan.to_string(),
        term: choice.term.code().to_owned(),
        frequency: choice.frequency.code().to_owned(),
        seats: seats.clone(),
    };
    let wanted = wish.choice(&checkout.window);
    let error = match wanted.and_then(|choice| services().quote(&checkout.window, &choice)) {
        Err(ServiceError::Fields(errors)) => errors.first().map(|error| seats_error(error.problem, texts)),
        _ => None,
    };
    let hint = words.seats_hint(&group(limits.minimum.into()), &group(limits.maximum.into()));
    SeatsStep { offers, seats, hint, error }
}
