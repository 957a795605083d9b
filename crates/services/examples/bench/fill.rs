//! Somebody buys many subscriptions.

use std::path::Path;

use domain::catalog::{Offer, PlanOffer, Product};
use services::catalog::Window;
use services::orders::Wish;

use crate::Failure;
use crate::shop::Shop;

/// Somebody buys so many subscriptions.
pub(crate) async fn fill(data: &Path, mail: &str, count: usize) -> Result<(), Failure> {
    let shop = Shop::open(data).await?;
    let buyer = shop.sign_in(mail).await?;
    let wishes = wishes(&shop.services.browse(&buyer).await?, count);
    if wishes.len() < count {
        return Err(format!("nothing is sold to {mail}").into());
    }
    for (number, wish) in wishes.iter().enumerate() {
        shop.buy(&buyer, &format!("fill {number}"), wish).await?;
    }
    shop.services.store().close().await;
    Ok(())
}

/// Every plan that is sold in turn, in each round at another of its prices, for 1 to 200 people as far as the plan
/// allows it.
fn wishes(window: &Window, count: usize) -> Vec<Wish> {
    let sold = window.offers().filter_map(|(product, offer)| match offer {
        Offer::Sold(sale) => Some((product, sale.plans)),
        _ => None,
    });
    let plans: Vec<(&Product, PlanOffer<'_>)> =
        sold.flat_map(|(product, plans)| plans.into_iter().map(move |plan| (product, plan))).collect();
    let wish = |(number, (product, offer)): (usize, &(&Product, PlanOffer<'_>))| {
        let price = offer.prices[number / plans.len() % offer.prices.len()];
        let limits = offer.plan.seats;
        let seats = u32::try_from(1 + number * 37 % 200).unwrap_or(u32::MAX);
        Wish {
            product: product.key.to_string(),
            plan: offer.plan.key.to_string(),
            term: price.term.code().to_owned(),
            frequency: price.frequency.code().to_owned(),
            seats: seats.clamp(limits.minimum, limits.maximum).to_string(),
        }
    };
    plans.iter().cycle().take(count).enumerate().map(wish).collect()
}
