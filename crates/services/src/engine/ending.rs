//! A term, a trial, and the days as Expired or Disabled are over (SPEC 5, Lifecycle).

use domain::agenda::Due;
use domain::credit::ReturnTo;
use domain::document::{Document, Issued};
use domain::ledger::{posting_for_credit_granted, posting_for_credit_note};
use domain::line::{Line, LineKind};
use domain::money::{Money, Rounding};
use domain::notices::NoticeKind;
use domain::subscription::{Channel, Disabled, DisabledCause, State};
use domain::time::Date;
use store::Tx;
use store::books::Cause;
use store::documents::{Invoice, Place as DocumentPlace};
use store::subscriptions::Subscription;

use super::Run;
use super::telling::Facts;
use crate::ServiceError;

impl Run<'_> {
    /// A term that does not renew, or a trial that was not bought, is over.
    pub(super) async fn end(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        on: Date,
    ) -> Result<(), ServiceError> {
        self.end_saying(tx, subscription, on, |facts| facts).await
    }

    /// The same; people are told this beside the day.
    pub(super) async fn end_saying(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        on: Date,
        facts: impl FnOnce(Facts) -> Facts + Send,
    ) -> Result<(), ServiceError> {
        let lifecycle = self.sold(subscription)?.product.lifecycle;
        subscription.state = subscription.state.end(lifecycle, on).map_err(ServiceError::broken)?;
        subscription.scheduled = None;
        subscription.renewal_price = None;
        subscription.dunning = None;
        let kind = match subscription.channel {
            Channel::Trial => NoticeKind::TrialNotBought,
            _ => NoticeKind::Ended,
        };
        self.note(subscription, on, "subscription.end", |record| record);
        self.tell_managers(subscription, kind, |said| facts(said.on(on)));
        if let State::Disabled(_) = subscription.state {
            self.move_people(tx, subscription, on).await?;
        }
        Ok(())
    }

    /// Nobody can use it any more: its people move to free seats beside it.
    pub(super) async fn disable(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        on: Date,
        due: Due,
    ) -> Result<(), ServiceError> {
        let lifecycle = self.sold(subscription)?.product.lifecycle;
        let state = match due {
            Due::DisableUnpaid => subscription.state.disable_unpaid(lifecycle, on),
            _ => subscription.state.disable(lifecycle, on),
        };
        subscription.state = state.map_err(ServiceError::broken)?;
        subscription.dunning = None;
        let what =
            if due == Due::DisableUnpaid { "subscription.disable-unpaid" } else { "subscription.disable" };
        self.note(subscription, on, what, |record| record);
        self.tell_managers(subscription, NoticeKind::Disabled, |facts| facts.on(on));
        self.move_people(tx, subscription, on).await
    }

    /// It is gone, with every license that is still drawn from it. What was not paid is owed only up to the day on
    /// which it was Disabled (SPEC 5, Unpaid).
    pub(super) async fn delete(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        on: Date,
    ) -> Result<(), ServiceError> {
        if let State::Disabled(Disabled { since, cause: DisabledCause::Unpaid(_), .. }) = subscription.state {
            self.credit_unused(tx, subscription, since).await?;
        }
        subscription.state = subscription.state.delete(on).map_err(ServiceError::broken)?;
        subscription.scheduled = None;
        subscription.renewal_price = None;
        self.lose_all_licenses(tx, subscription, on).await?;
        tx.end_seats(self.organization.id, subscription.id, on).await?;
        self.note(subscription, on, "subscription.delete", |record| record);
        self.tell_managers(subscription, NoticeKind::Deleted, |facts| facts.on(on));
        Ok(())
    }

    /// The days from this one on are credited on the invoice that is owed: that much less is owed.
    async fn credit_unused(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        since: Date,
    ) -> Result<(), ServiceError> {
        let organization = self.organization.id;
        let Some(document) = subscription.owes else { return Ok(()) };
        let invoice = tx.invoice(organization, document).await?;
        let invoice =
            invoice.ok_or_else(|| ServiceError::broken(format!("the invoice {document} is gone")))?;
        let before: Vec<Line> = tx
            .credit_notes_of(organization, document)
            .await?
            .into_iter()
            .flat_map(|note| note.lines)
            .collect();
        let lines = unused(&invoice, since)?;
        if lines.is_empty() {
            return Ok(());
        }
        let issued = issued(invoice.clone())?;
        let note =
            Document::credit_note(&issued, &before, lines, self.today).map_err(ServiceError::broken)?;
        let totals = note.contents.totals.clone();
        let credited = totals.gross.negated().map_err(ServiceError::broken)?;
        let settled = invoice.standing.settle(credited, ReturnTo::Credit).map_err(ServiceError::broken)?;
        let place = DocumentPlace {
            organization,
            profile: subscription.profile,
            subscription: subscription.id,
            order: None,
            due_on: None,
            corrects: Some(document),
        };
        let id = tx.write_document(place, &note).await?;
        let (standing, settlement) = settled;
        let nothing = Money::zero(totals.gross.currency());
        let returned = settlement.returned.map_or(nothing, |returned| returned.amount);
        let postings = [
            (Cause::CreditNote(id), posting_for_credit_note(subscription.profile, subscription.id, &totals)),
            (Cause::CreditGranted(id), posting_for_credit_granted(subscription.profile, returned)),
        ];
        let issuer = note.contents.issuer.key.as_str();
        for (cause, posting) in postings {
            if let Some(posting) = posting.map_err(ServiceError::broken)? {
                tx.post(organization, issuer, cause, self.today, &posting).await?;
            }
        }
        tx.credit_document(organization, document, (settlement.lowers, returned)).await?;
        // What was paid of the unused days, by credit for example, is credit again.
        if returned.is_positive() {
            tx.change_credit(organization, subscription.profile, returned).await?;
            self.credit.remove(&subscription.profile);
        }
        if standing.owed().map_err(ServiceError::broken)?.is_zero() {
            subscription.owes = None;
        }
        self.tell_payers(subscription, NoticeKind::Credited, |facts| facts.document(id, credited));
        Ok(())
    }
}

/// What of an invoice's lines was not used from a day on, in lines below zero: whole days of what each line came to.
fn unused(invoice: &Invoice, since: Date) -> Result<Vec<Line>, ServiceError> {
    let mut lines = Vec::new();
    for line in &invoice.contents.lines {
        let rest = line.service.rest_from(since).filter(|_| line.kind != LineKind::OneTime);
        let Some(rest) = rest else { continue };
        let back = line.amount.share(rest.part_of(line.service), Rounding::HalfAwayFromZero);
        let back = back.and_then(Money::negated);
        let back = back.map_err(ServiceError::broken)?;
        if back.is_negative() {
            lines.push(Line { service: rest, amount: back, ..line.clone() });
        }
    }
    Ok(lines)
}

fn issued(invoice: Invoice) -> Result<Document<Issued>, ServiceError> {
    let number = invoice.issued.ok_or_else(|| ServiceError::broken("the invoice waits for its number"))?;
    Ok(Document { number, contents: invoice.contents })
}
