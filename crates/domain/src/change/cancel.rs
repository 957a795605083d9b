//! Ending a subscription before its term does.

use super::window::all_open;
use super::{ChangeRefusal, SeatPurchase};
use crate::conventions::Conventions;
use crate::line::{Holding, Item};
use crate::time::{Date, Period};

crate::code::coded! {
    /// Why somebody cancels (SPEC 5, Cancel).
    pub enum CancelReason {
        /// 費用
        TooExpensive = "too-expensive",
        /// 使わない
        NotUsed = "not-used",
        /// 機能不足
        MissingFeatures = "missing-features",
        /// 別製品へ
        OtherProduct = "other-product",
        /// 間違えて購入
        BoughtByMistake = "bought-by-mistake",
        /// 担当・組織の変更
        PeopleChanged = "people-changed",
        /// 品質・サポート
        Quality = "quality",
        /// その他: it is said in words.
        Other = "other",
    }
}

/// What somebody wants to end today.
#[derive(Clone, Copy, Debug)]
pub struct CancelRequest<'a> {
    /// What is held.
    pub holding: Holding<'a>,
    /// The billing period that today lies in.
    pub billing: Period,
    /// The day, in the organization's calendar: the first without it, unless the convention charges it.
    pub today: Date,
    /// The purchases that the seats come from.
    pub purchases: &'a [SeatPurchase],
}

/// What ending today gives back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancellation {
    /// What comes back; negative.
    pub items: Vec<Item>,
    /// The days it comes back for.
    pub unused: Option<Period>,
}

/// What comes back when a subscription ends today (SPEC 5, Cancel): its unused days. What was paid once does not.
///
/// Refused unless every purchase that seats are still held of is in its own window: ending gives back all of them.
/// Then recurring billing is turned off instead, and it ends with the term. Errors: a day outside the billing
/// period; an amount that does not fit.
pub fn cancel(request: &CancelRequest<'_>, conventions: Conventions) -> Result<Cancellation, ChangeRefusal> {
    let CancelRequest { holding, billing, today, purchases } = *request;
    if !billing.contains(today) {
        return Err(ChangeRefusal::OutsidePeriod(billing));
    }
    if !all_open(purchases, today, conventions)? {
        return Err(ChangeRefusal::OnlyAtRenewal);
    }
    let unused = conventions.unused(billing, today);
    let items = match unused {
        Some(unused) => holding.recurring(conventions.rest_share(unused, billing), conventions)?,
        None => vec![],
    };
    Ok(Cancellation { items: items.into_iter().map(Item::given_back).collect::<Result<_, _>>()?, unused })
}
