//! Ending a subscription, today or with its term.

use domain::change::ChangeRefusal;
use domain::credit::ReturnTo;
use domain::field::FieldProblem;
use domain::id::SubscriptionId;
use domain::ledger::Account;
use domain::notices::NoticeKind;
use domain::subscription::{Active, Run, State, Status};
use jiff::civil::date;
use payments::sandbox::{Call, Mishap, Mishaps};
use services::changes::{CancelHow, CancelReason, CancelWish, ChangeOutcome, SeatWish};
use services::orders::Wish;
use services::testing::World;
use services::testing::story::{HANA, KENJI, YUI, paper};
use services::{ServiceError, on_both_engines};

use super::{
    GOOD, KEEPS, assert_whole, balance, bought, bought_with, change_seats, credit, invoices, kenji, live, of,
    price, purchases, read, told,
};

on_both_engines! {
    what_is_canceled_in_its_window_ends_today_and_comes_back
    what_the_card_does_not_take_back_is_kept_as_credit
    what_credit_paid_comes_back_as_credit
    a_refund_whose_outcome_is_unknown_is_asked_for_again
    each_invoice_gets_its_own_credit_note
    when_the_window_is_closed_it_ends_with_its_term
    instalments_that_remain_are_named
    a_reason_is_asked_for_and_kept
    people_move_to_free_seats_when_it_ends_now
}

async fn cancel(world: &World, id: SubscriptionId, how: CancelHow) -> Result<ChangeOutcome, ServiceError> {
    let kenji = kenji(world).await;
    let quoted = world.services.quote_cancel(&kenji, id).await?;
    let wish = CancelWish::new(how, CancelReason::TooExpensive);
    world.services.cancel(&kenji, id, &wish, &of(&quoted.sealed)).await
}

/// The design guide's example: 60 seats at ¥300, 26 of 30 days.
async fn what_is_canceled_in_its_window_ends_today_and_comes_back(world: World) {
    price(&world, 300).await;
    let id = bought(&world, 60).await;
    live(&world, 4).await;
    let kenji = kenji(&world).await;
    let hana = world.signed_in(HANA, None).await.expect("Hana").must_place().expect("a place").person.id;
    world.services.assign_licenses(&kenji, "a form", "paper", &[hana]).await.expect("assigned");
    let quoted = world.services.quote_cancel(&kenji, id).await.expect("a quote");
    let now = quoted.now.clone().expect("the window is open");
    let back = now.back.as_ref().expect("something comes back");
    assert_eq!((back.net.minor(), back.tax.minor()), (-15_600, -1_560));
    let line = &now.back_lines[0];
    assert_eq!((line.quantity(), line.service.days(), line.billing.days()), (-60, 26, 30));
    assert_eq!((now.returned_to, now.seats, now.next), (Some(ReturnTo::Method), (60, 0, 0), None));
    assert_eq!((quoted.people, quoted.refund_until), (1, Some(date(2026, 12, 1))));
    assert_eq!((quoted.ends_on, quoted.remaining), (date(2026, 12, 24), None));

    let wish = CancelWish::new(CancelHow::Now, CancelReason::BoughtByMistake);
    for _ in 0..2 {
        let done = world.services.cancel(&kenji, id, &wish, &of(&quoted.sealed)).await.expect("ended");
        assert_eq!(done, ChangeOutcome::Done);
    }
    let ended = read(&world, id).await;
    assert_eq!((ended.state.status(), ended.ends_on), (Status::Disabled, date(2026, 11, 28)));
    assert_eq!((ended.assigned, purchases(&world, id).await.len()), (1, 0), "data and licenses are kept");
    assert_eq!(balance(&world, Account::RefundsPayable).await, -17_160);
    assert_eq!(world.sandbox.collected(), (1, 19_800), "nothing was sent yet");
    assert_whole(&world).await;

    world.do_what_is_due().await.expect("a round");
    assert_eq!(world.sandbox.collected(), (1, 2_640));
    assert_eq!(balance(&world, Account::RefundsPayable).await, 0);
    assert_eq!(balance(&world, Account::ProviderClearing).await, 2_640);
    assert_eq!(balance(&world, Account::DeferredRevenue(id)).await, -2_400);
    let invoice = &invoices(&world, id).await[0];
    assert_eq!(invoice.standing.returned().minor(), 17_160);
    assert_eq!(told(&world, id).await, [NoticeKind::Canceled, NoticeKind::Credited, NoticeKind::Refunded]);
    assert_whole(&world).await;
    let again = world.services.quote_cancel(&kenji, id).await;
    assert!(matches!(again, Err(ServiceError::Change(ChangeRefusal::NotActive))), "{again:?}");
}

async fn what_the_card_does_not_take_back_is_kept_as_credit(world: World) {
    let id = bought_with(&world, 10, KEEPS).await;
    cancel(&world, id, CancelHow::Now).await.expect("ended");
    world.do_what_is_due().await.expect("a round");
    assert_eq!(world.sandbox.collected(), (1, 5_500));
    assert_eq!(credit(&world, id).await, 5_500);
    assert_eq!(balance(&world, Account::RefundsPayable).await, 0);
    assert!(told(&world, id).await.contains(&NoticeKind::RefundFailed));
    assert_whole(&world).await;
}

async fn what_credit_paid_comes_back_as_credit(world: World) {
    let id = bought(&world, 10).await;
    change_seats(&world, id, &SeatWish::now(4)).await.expect("¥3,300 of credit");
    change_seats(&world, id, &SeatWish::now(10)).await.expect("paid by it");
    assert_eq!((credit(&world, id).await, world.sandbox.collected()), (0, (1, 5_500)));
    let quoted = world.services.quote_cancel(&kenji(&world).await, id).await.expect("a quote");
    let now = quoted.now.expect("the window is open");
    let amounts = (now.to_method().expect("an amount").minor(), now.to_credit().expect("an amount").minor());
    assert_eq!(amounts, (2_200, 3_300));
    cancel(&world, id, CancelHow::Now).await.expect("ended");
    world.do_what_is_due().await.expect("a round");
    assert_eq!((credit(&world, id).await, world.sandbox.collected()), (3_300, (1, 3_300)));
    assert_whole(&world).await;
}

async fn a_refund_whose_outcome_is_unknown_is_asked_for_again(world: World) {
    for mishaps in [
        Mishaps::none().on(Call::Refund, [Mishap::AnswerLost]),
        Mishaps::none().on(Call::Refund, [Mishap::RequestLost, Mishap::Repeated]),
        Mishaps::none().on(Call::Refund, [Mishap::Unreachable]),
        Mishaps::none()
            .on(Call::Refund, [Mishap::AnswerLost; 3])
            .on(Call::RefundOutcome, [Mishap::AnswerLost; 3]),
    ] {
        let id = bought(&world, 10).await;
        cancel(&world, id, CancelHow::Now).await.expect("ended");
        world.sandbox.script(mishaps);
        world.do_what_is_due().await.expect("a round");
        assert_whole(&world).await;
        world.sandbox.script(Mishaps::none());
        world.pass(60);
        world.do_what_is_due().await.expect("asked again");
        assert_eq!(world.sandbox.collected().1, 0);
        assert_eq!(balance(&world, Account::RefundsPayable).await, 0);
        assert!(told(&world, id).await.contains(&NoticeKind::Refunded));
    }
    assert_whole(&world).await;
}

async fn each_invoice_gets_its_own_credit_note(world: World) {
    let id = bought(&world, 10).await;
    live(&world, 3).await;
    change_seats(&world, id, &SeatWish::now(13)).await.expect("an answer");
    live(&world, 2).await;
    // 25 of 30 days of 3 and of 10 seats.
    let quoted = world.services.quote_cancel(&kenji(&world).await, id).await.expect("a quote");
    let now = quoted.now.expect("both windows are open");
    let notes: Vec<i64> = now.notes.iter().map(|note| note.totals.net.minor()).collect();
    assert_eq!(notes, [-4_167, -1_250]);
    assert_eq!(now.notes[1].invoice, invoices(&world, id).await[1].id);
    cancel(&world, id, CancelHow::Now).await.expect("ended");
    world.do_what_is_due().await.expect("a round");
    // 5,500 + 1,485 paid; 4,167 + 416 and 1,250 + 125 back.
    assert_eq!(world.sandbox.collected().1, 5_500 + 1_485 - 4_583 - 1_375);
    assert_whole(&world).await;
}

async fn when_the_window_is_closed_it_ends_with_its_term(world: World) {
    let id = bought(&world, 10).await;
    live(&world, 8).await;
    let quoted = world.services.quote_cancel(&kenji(&world).await, id).await.expect("a quote");
    assert_eq!((quoted.now, quoted.refund_until), (None, Some(date(2026, 12, 1))));
    let refused = cancel(&world, id, CancelHow::Now).await;
    assert!(matches!(refused, Err(ServiceError::Change(ChangeRefusal::OnlyAtRenewal))), "{refused:?}");
    assert_eq!(cancel(&world, id, CancelHow::AtEnd).await.expect("off"), ChangeOutcome::Done);
    let State::Active(Active { run: Run::Paid(paid), .. }) = read(&world, id).await.state else {
        panic!("it goes on until its end")
    };
    assert!(!paid.recurring);
    assert_eq!(told(&world, id).await, [NoticeKind::RecurringBilling]);
    live(&world, 22).await;
    assert_eq!((read(&world, id).await.state.status(), world.sandbox.collected().0), (Status::Expired, 1));
    assert_whole(&world).await;
}

async fn instalments_that_remain_are_named(world: World) {
    let year = Wish { term: "1-year".into(), frequency: "monthly".into(), ..paper(2) };
    let id = world.buy(&kenji(&world).await, &year, GOOD).await.expect("bought");
    let quoted = world.services.quote_cancel(&kenji(&world).await, id).await.expect("a quote");
    let remaining = quoted.remaining.expect("eleven are left");
    assert_eq!((remaining.number, remaining.sum.minor()), (11, 11 * 1_045));
    assert_eq!((remaining.last_on, quoted.ends_on), (date(2027, 10, 24), date(2027, 11, 24)));
    assert_eq!(quoted.now.and_then(|now| now.back).map(|back| back.gross.minor()), Some(-1_045));
    cancel(&world, id, CancelHow::AtEnd).await.expect("off");
    live(&world, 31).await;
    assert_eq!(world.sandbox.collected(), (2, 2_090), "they are still paid");
    assert_whole(&world).await;
}

async fn a_reason_is_asked_for_and_kept(world: World) {
    let id = bought(&world, 10).await;
    let kenji = kenji(&world).await;
    let quoted = world.services.quote_cancel(&kenji, id).await.expect("a quote");
    let wish = CancelWish::new(CancelHow::Now, CancelReason::Other);
    let refused = world.services.cancel(&kenji, id, &wish, &of(&quoted.sealed)).await;
    let missing = FieldProblem::Missing.of("other");
    assert!(matches!(&refused, Err(ServiceError::Fields(fields)) if fields == &[missing]), "{refused:?}");
    assert_eq!(read(&world, id).await.state.status(), Status::Active);
    let wish = CancelWish { other: "引っ越し".into(), feedback: "ありがとう".into(), ..wish };
    world.services.cancel(&kenji, id, &wish, &of(&quoted.sealed)).await.expect("ended");
    let organization = super::organization(&world).await;
    let mut reader = world.services.store().read().await.expect("a reader");
    let audit = reader.conn().audit_newest(organization, 20).await.expect("the audit");
    let record = audit.iter().find(|record| record.action == "subscription.cancel").expect("a record");
    assert_eq!(record.facts["why"], "other");
    let personal = record.personal.as_ref().expect("what is personal stands aside");
    assert_eq!((&personal["other"], &personal["feedback"]), (&"引っ越し".into(), &"ありがとう".into()));
}

async fn people_move_to_free_seats_when_it_ends_now(world: World) {
    let kenji = kenji(&world).await;
    let first = bought(&world, 3).await;
    let mut people = Vec::new();
    for mail in [HANA, KENJI, YUI] {
        people.push(world.person("aozora", mail).await.expect("a person"));
    }
    world.services.assign_licenses(&kenji, "a form", "paper", &people).await.expect("assigned");
    let second = bought(&world, 2).await;
    let quoted = world.services.quote_cancel(&kenji, first).await.expect("a quote");
    assert_eq!((quoted.people, quoted.moving), (1, 2));
    cancel(&world, first, CancelHow::Now).await.expect("ended");
    assert_eq!((read(&world, first).await.assigned, read(&world, second).await.assigned), (1, 2));
    let told = told(&world, first).await;
    assert_eq!(told.iter().filter(|kind| **kind == NoticeKind::LicenseMoved).count(), 2, "{told:?}");
    assert_whole(&world).await;
}
