//! `?pane=buy` and `?pane=reactivate` in words and amounts.

use domain::catalog::Offer;
use domain::subscription::State;
use services::ServiceError;
use services::orders::Wish;

use super::super::{ChooseView, PaneView};
use super::{Shown, Typed};
use crate::components::{ChoiceView, SeatsBoxView};
use crate::error::AppError;
use crate::format::money;
use crate::pages::product::server::{main_charge, seats_error, term_and_frequency, unit_of};
use crate::request::{answer, fresh_key, query, services};
use crate::texts::group;

pub(super) fn pane(shown: &Shown<'_>, name: &str, typed: &Typed) -> Result<PaneView, AppError> {
    let texts = shown.texts;
    let words = texts.trial();
    let subscription = &shown.pane.subscription;
    let offers = offers(shown, typed);
    let chosen = offers.iter().find(|offer| offer.chosen).map(|offer| offer.value.clone());
    let chosen = chosen.unwrap_or_default();
    let least = shown.pane.limits.minimum;
    let fewest = if name == "buy" { subscription.assigned.max(least) } else { subscription.seats };
    let seats = typed.seats.clone().unwrap_or_else(|| fewest.to_string());
    let mut parts = chosen.split('/').map(str::to_owned);
    let [plan, term, frequency]: [String; 3] = std::array::from_fn(|_| parts.next().unwrap_or_default());
    let wish = Wish { product: shown.product.key.to_string(), plan, term, frequency, seats: seats.clone() };
    let window = &shown.pane.window;
    let choice = wish.choice(window);
    let number = choice.as_ref().ok().map(|choice| choice.seats.get());
    let quoted = choice.and_then(|choice| services().quote(window, &choice));
    let too_few = number.is_some_and(|number| number < subscription.assigned);
    let error = match &quoted {
        Err(ServiceError::Fields(errors)) => errors.first().map(|error| seats_error(error.problem, texts)),
        Err(error) => Some(answer(error).text(texts)),
        Ok(_) if too_few => Some(words.buy_assigned(i64::from(subscription.assigned))),
        Ok(_) => None,
    };
    let number = number.unwrap_or(fewest);
    let step = |seats: u32| {
        let typed = query(&[("offer", &chosen), ("seats", &seats.max(1).to_string())]);
        [shown.address(name).as_str(), "&", &typed].concat()
    };
    let (least, most) = (i64::from(least), i64::from(shown.pane.limits.maximum));
    let seats = SeatsBoxView {
        value: seats,
        hint: texts.checkout().seats_hint(&group(least), &group(most)),
        error,
        fewer: step(number.saturating_sub(1)),
        more: step(number.saturating_add(1)),
    };
    let (title, lead) = match (name, subscription.state) {
        ("buy", _) => (words.buy(), words.buy_lead().to_owned()),
        (_, State::Expired { ended, .. }) => {
            (words.reactivate(), words.reactivate_lead_expired(&shown.day(ended)))
        }
        _ => (words.reactivate(), words.reactivate_lead_disabled().to_owned()),
    };
    let quote = quoted.ok().filter(|_| !too_few);
    Ok(PaneView::Choose(Box::new(ChooseView {
        subject: shown.subject(title).map_err(|error| answer(&error))?,
        pane: name.to_owned(),
        key: fresh_key(),
        product: shown.product.key.to_string(),
        lead,
        offers,
        seats,
        quote: quote.map(|quote| crate::quoting::quote(&quote, shown.seller, texts)),
    })))
}

/// Every plan for every term and way of paying that it is sold for; what it had is chosen before anything else is.
fn offers(shown: &Shown<'_>, typed: &Typed) -> Vec<ChoiceView> {
    let texts = shown.texts;
    let price = &shown.pane.subscription.price;
    let had = format!("{}/{}/{}", shown.plan.key, price.term, price.frequency);
    let mut offers = Vec::new();
    if let Offer::Sold(sale) = shown.pane.window.offer(shown.product) {
        for offer in &sale.plans {
            for price in &offer.prices {
                let note = main_charge(price).map(|(amount, per_seat)| {
                    let unit = unit_of(price.term, price.frequency, per_seat, texts);
                    [money(amount).as_str(), " ", unit].concat()
                });
                offers.push(ChoiceView {
                    value: format!("{}/{}/{}", offer.plan.key, price.term, price.frequency),
                    name: offer.plan.name.get(texts.language()).clone(),
                    note: note.unwrap_or_default(),
                    lines: vec![term_and_frequency(price.term, price.frequency, texts)],
                    chosen: false,
                });
            }
        }
    }
    // A trial had no term: then it is the first of its plan.
    let same_plan = [shown.plan.key.as_str(), "/"].concat();
    let place = |fits: &dyn Fn(&ChoiceView) -> bool| offers.iter().position(fits);
    let place = place(&|offer| Some(&offer.value) == typed.offer.as_ref())
        .or_else(|| place(&|offer| offer.value == had))
        .or_else(|| place(&|offer| offer.value.starts_with(&same_plan)));
    if let Some(chosen) = offers.get_mut(place.unwrap_or_default()) {
        chosen.chosen = true;
    }
    offers
}
