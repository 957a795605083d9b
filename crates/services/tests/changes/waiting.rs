//! Seats that wait for their payment, and payments that fail, are lost, or come too late.

use domain::change::ChangeRefusal;
use domain::id::{OrderId, SubscriptionId};
use domain::ledger::Account;
use domain::notices::NoticeKind;
use domain::order::OrderStatus;
use domain::subscription::Status;
use jiff::civil::date;
use payments::provider::{DeclineCode, WebAddress};
use payments::sandbox::{Call, Mishap, Mishaps};
use services::changes::{CancelHow, CancelReason, CancelWish, ChangeOutcome, SeatWish, Standing};
use services::orders::Stage;
use services::testing::World;
use services::testing::story::YUI;
use services::{ServiceError, on_both_engines};

use super::{
    ASKS, EMPTY, assert_whole, balance, bought, bought_with, change_seats, credit, invoices, is_paid, kenji,
    live, of, pays_with, purchases, quote_seats, read, told,
};

on_both_engines! {
    seats_wait_while_the_bank_asks_and_count_from_the_day_of_the_quote
    seats_that_are_not_paid_in_a_day_wait_no_more
    a_renewal_waits_for_the_seats_that_the_bank_asks_about
    a_renewal_waits_no_longer_than_the_bank_has
    what_the_bank_refuses_leaves_nothing_behind
    a_declined_card_leaves_nothing_behind
    a_card_of_somebody_who_has_left_is_not_charged
    an_answer_that_is_lost_is_asked_for
    a_payment_for_what_has_ended_goes_back_in_full
    what_is_owed_is_paid_first
}

/// Confirms a change about which the bank asks.
async fn asked(world: &World, id: SubscriptionId, wish: &SeatWish) -> (OrderId, WebAddress) {
    match change_seats(world, id, wish).await.expect("an answer") {
        ChangeOutcome::Order { order, standing: Standing::Bank { address } } => (order, address),
        other => panic!("the bank asks: {other:?}"),
    }
}

async fn status(world: &World, order: OrderId) -> OrderStatus {
    let kenji = kenji(world).await;
    world.services.checkout(&kenji, order).await.expect("a checkout").order.state.status()
}

async fn seats_wait_while_the_bank_asks_and_count_from_the_day_of_the_quote(world: World) {
    let id = bought_with(&world, 10, ASKS).await;
    let before = world.sandbox.collected();
    let (order, address) = asked(&world, id, &SeatWish::now(15)).await;
    let subscription = read(&world, id).await;
    assert_eq!((subscription.seats, subscription.waiting), (10, 5));
    assert_whole(&world).await;
    let kenji = kenji(&world).await;
    let checkout = world.services.checkout(&kenji, order).await.expect("a checkout");
    assert!(matches!(checkout.stage, Stage::Bank { .. }), "{:?}", checkout.stage);

    // They count towards the maximum, which is 500.
    let refused = world.services.quote_seats(&kenji, id, &SeatWish::now(496)).await;
    assert!(matches!(refused, Err(ServiceError::Change(ChangeRefusal::OutsideLimits { .. }))), "{refused:?}");
    // Others are given back meanwhile, and yet others wait too.
    assert_eq!(change_seats(&world, id, &SeatWish::now(8)).await.expect("done"), ChangeOutcome::Done);
    let (second, other) = asked(&world, id, &SeatWish::now(15)).await;
    let subscription = read(&world, id).await;
    assert_eq!((subscription.seats, subscription.waiting), (8, 12));
    assert_whole(&world).await;

    world.pass(20 * 3_600);
    world.answer_bank(&address, true).await;
    world.do_what_is_due().await.expect("a round");
    let subscription = read(&world, id).await;
    assert_eq!((subscription.seats, subscription.waiting), (13, 7), "added whatever happened meanwhile");
    assert_eq!(status(&world, order).await, OrderStatus::Paid);
    let invoice = &invoices(&world, id).await[1];
    assert_eq!(invoice.contents.transaction_on, date(2026, 11, 24), "counted from the day of the quote");
    let newest = *purchases(&world, id).await.last().expect("a purchase");
    assert_eq!((newest.seats, newest.refund_until), (5, date(2026, 12, 1)));
    assert_eq!(world.sandbox.collected(), (2, before.1 + 2_750));
    world.answer_bank(&other, true).await;
    world.pass(700);
    world.do_what_is_due().await.expect("a round");
    assert_eq!((read(&world, id).await.seats, status(&world, second).await), (20, OrderStatus::Paid));
    assert_whole(&world).await;
}

async fn seats_that_are_not_paid_in_a_day_wait_no_more(world: World) {
    let id = bought_with(&world, 10, ASKS).await;
    let before = world.sandbox.collected();
    let (order, address) = asked(&world, id, &SeatWish::now(15)).await;
    world.pass(25 * 3_600);
    world.do_what_is_due().await.expect("a round");
    let subscription = read(&world, id).await;
    assert_eq!((subscription.seats, subscription.waiting), (10, 0));
    assert_eq!(status(&world, order).await, OrderStatus::Lapsed);
    world.answer_bank(&address, true).await;
    assert_eq!(world.sandbox.collected(), before, "an approval that comes too late collects nothing");
    assert_whole(&world).await;
}

/// Ten seats for a month, and five more about which the bank asks on the last day of it; now the next has begun.
async fn asked_on_the_last_day(world: &World) -> (SubscriptionId, OrderId, WebAddress) {
    let id = bought_with(world, 10, ASKS).await;
    live(world, 29).await;
    let (order, address) = asked(world, id, &SeatWish::now(15)).await;
    assert_whole(world).await;
    world.pass(20 * 3_600);
    world.do_what_is_due().await.expect("a round");
    assert_eq!((read(world, id).await.waiting, invoices(world, id).await.len()), (5, 1));
    assert_whole(world).await;
    (id, order, address)
}

async fn a_renewal_waits_for_the_seats_that_the_bank_asks_about(world: World) {
    let (id, order, address) = asked_on_the_last_day(&world).await;
    // Nothing else is charged or given back meanwhile.
    let refused = world.services.quote_seats(&kenji(&world).await, id, &SeatWish::now(20)).await;
    assert!(matches!(refused, Err(ServiceError::Change(ChangeRefusal::PaymentUnderway))), "{refused:?}");
    let cancel = world.services.quote_cancel(&kenji(&world).await, id).await.expect("a quote");
    assert_eq!(cancel.now, None, "nothing of the new month comes back before it is charged");
    world.answer_bank(&address, true).await;
    world.pass(700);
    for _ in 0..2 {
        world.do_what_is_due().await.expect("a round");
    }
    assert_eq!(status(&world, order).await, OrderStatus::Paid);
    assert_eq!(read(&world, id).await.seats, 15);
    let gross: Vec<_> =
        invoices(&world, id).await.iter().map(|each| each.contents.totals.gross.minor()).collect();
    // Ten for a month; five for its last day, 2500 / 30 and tax; fifteen for the next.
    assert_eq!(gross, [5_500, 91, 8_250]);
    assert_whole(&world).await;
}

async fn a_renewal_waits_no_longer_than_the_bank_has(world: World) {
    let (id, order, _) = asked_on_the_last_day(&world).await;
    world.pass(5 * 3_600);
    for _ in 0..2 {
        world.do_what_is_due().await.expect("a round");
    }
    assert_eq!(status(&world, order).await, OrderStatus::Lapsed);
    let gross: Vec<_> =
        invoices(&world, id).await.iter().map(|each| each.contents.totals.gross.minor()).collect();
    assert_eq!(gross, [5_500, 5_500]);
    assert_whole(&world).await;
}

async fn what_the_bank_refuses_leaves_nothing_behind(world: World) {
    let id = bought_with(&world, 10, ASKS).await;
    let (order, address) = asked(&world, id, &SeatWish::now(15)).await;
    world.answer_bank(&address, false).await;
    let kenji = kenji(&world).await;
    let standing = world.services.settle_order(&kenji, order).await.expect("an answer");
    assert_eq!(standing, Standing::Declined { code: DeclineCode::ConfirmationRefused });
    let subscription = read(&world, id).await;
    assert_eq!((subscription.seats, subscription.waiting), (10, 0));
    // The order says so, and is no draft that could be confirmed.
    let checkout = world.services.checkout(&kenji, order).await.expect("a checkout");
    assert!(matches!(checkout.stage, Stage::Declined), "{:?}", checkout.stage);
    assert_eq!(checkout.declined, Some(DeclineCode::ConfirmationRefused));
    let changed = world.services.choose_card(&kenji, order, None).await;
    assert!(matches!(changed, Err(ServiceError::Stale)), "{changed:?}");
    assert_whole(&world).await;
    world.pass(1);
    let (_, address) = asked(&world, id, &SeatWish::now(15)).await;
    world.answer_bank(&address, true).await;
    world.pass(20);
    world.do_what_is_due().await.expect("a round");
    assert_eq!(read(&world, id).await.seats, 15);
    assert_whole(&world).await;
}

async fn a_declined_card_leaves_nothing_behind(world: World) {
    let id = bought(&world, 10).await;
    let kenji = kenji(&world).await;
    let person = kenji.must_place().expect("a place").person.id;
    pays_with(&world, person, EMPTY).await;
    let wish = SeatWish::now(12);
    let sealed = of(&quote_seats(&world, id, &wish).await.sealed);
    let declined = world.services.change_seats(&kenji, id, &wish, &sealed).await.expect("an answer");
    let code = DeclineCode::InsufficientFunds;
    assert!(
        matches!(&declined, ChangeOutcome::Order { standing: Standing::Declined { code: said }, .. } if *said == code),
        "{declined:?}"
    );
    let subscription = read(&world, id).await;
    assert_eq!((subscription.seats, subscription.waiting), (10, 0));
    assert_eq!((purchases(&world, id).await.len(), invoices(&world, id).await.len()), (1, 1));
    assert_whole(&world).await;
    // The same quote again is the same attempt; a new one is another, with the card that pays now.
    let again = world.services.change_seats(&kenji, id, &wish, &sealed).await.expect("an answer");
    assert_eq!(declined, again);
    pays_with(&world, person, super::GOOD).await;
    assert!(is_paid(&change_seats(&world, id, &wish).await.expect("an answer")));
    assert_eq!(world.sandbox.collected(), (2, 6_600));
    assert_whole(&world).await;
}

async fn a_card_of_somebody_who_has_left_is_not_charged(world: World) {
    let id = bought(&world, 10).await;
    let yui = world.signed_in(YUI, None).await.expect("Yui").must_place().expect("a place").person.id;
    pays_with(&world, yui, super::GOOD).await;
    let row =
        "organization,mail,family_name,given_name,active\naozora,yui.yamazaki@aozora.example,山﨑,唯,no\n";
    let options = services::importing::PeopleOptions { many_leavers: true };
    world.services.import_people(row.as_bytes(), options, |_| ()).await.expect("she has left");
    let pane = world.services.change_pane(&kenji(&world).await, id).await.expect("a pane");
    assert_eq!(pane.card, None);
    let refused = change_seats(&world, id, &SeatWish::now(12)).await;
    assert!(matches!(refused, Err(ServiceError::NoCard)), "{refused:?}");
    assert_eq!((read(&world, id).await.waiting, world.sandbox.collected().0), (0, 1));
    // What costs nothing needs no card.
    change_seats(&world, id, &SeatWish::now(6)).await.expect("done");
    assert!(is_paid(&change_seats(&world, id, &SeatWish::now(7)).await.expect("credit covers it")));
    assert_whole(&world).await;
}

async fn an_answer_that_is_lost_is_asked_for(world: World) {
    let id = bought(&world, 10).await;
    for (number, mishaps) in (1_u32..).zip([
        Mishaps::none().on(Call::Charge, [Mishap::AnswerLost]),
        Mishaps::none().on(Call::Charge, [Mishap::RequestLost]),
        Mishaps::none().on(Call::Charge, [Mishap::Repeated]),
    ]) {
        world.sandbox.script(mishaps);
        assert!(is_paid(&change_seats(&world, id, &SeatWish::now(10 + number)).await.expect("an answer")));
    }
    let lost = [Mishap::AnswerLost; 3];
    world.sandbox.script(Mishaps::none().on(Call::Charge, lost).on(Call::ChargeOutcome, lost));
    let outcome = change_seats(&world, id, &SeatWish::now(14)).await.expect("an answer");
    assert!(
        matches!(outcome, ChangeOutcome::Order { standing: Standing::Underway, .. }),
        "nothing is guessed: {outcome:?}"
    );
    let subscription = read(&world, id).await;
    assert_eq!((subscription.seats, subscription.waiting), (13, 1));
    world.sandbox.script(Mishaps::none());
    world.pass(30);
    world.do_what_is_due().await.expect("a round");
    let subscription = read(&world, id).await;
    assert_eq!((subscription.seats, subscription.waiting), (14, 0));
    assert_eq!(world.sandbox.collected(), (5, 5_500 + 4 * 550));
    assert_whole(&world).await;
}

async fn a_payment_for_what_has_ended_goes_back_in_full(world: World) {
    let id = bought_with(&world, 10, ASKS).await;
    let (order, address) = asked(&world, id, &SeatWish::now(15)).await;
    let kenji = kenji(&world).await;
    let quoted = world.services.quote_cancel(&kenji, id).await.expect("a quote");
    let wish = CancelWish::new(CancelHow::Now, CancelReason::NotUsed);
    let ended = world.services.cancel(&kenji, id, &wish, &of(&quoted.sealed)).await.expect("ended");
    assert_eq!(ended, ChangeOutcome::Done);
    world.do_what_is_due().await.expect("a round");
    assert_eq!(world.sandbox.collected().1, 0, "all of the purchase went back");

    world.answer_bank(&address, true).await;
    world.pass(20);
    world.do_what_is_due().await.expect("a round");
    assert_eq!(world.sandbox.collected().1, 0, "and so did the payment for more seats");
    let subscription = read(&world, id).await;
    assert_eq!((subscription.state.status(), subscription.waiting), (Status::Disabled, 0));
    assert_eq!((status(&world, order).await, invoices(&world, id).await.len()), (OrderStatus::Returned, 1));
    assert_eq!(balance(&world, Account::RefundsPayable).await, 0);
    assert_eq!(balance(&world, Account::ProviderClearing).await, 0);
    assert!(told(&world, id).await.contains(&NoticeKind::Refunded));
    assert_whole(&world).await;
}

async fn what_is_owed_is_paid_first(world: World) {
    let id = bought_with(&world, 10, ASKS).await;
    // Without the person the bank declines at the renewal.
    live(&world, 30).await;
    assert!(read(&world, id).await.owes.is_some());
    let kenji = kenji(&world).await;
    let refused = world.services.quote_seats(&kenji, id, &SeatWish::now(11)).await;
    assert!(matches!(refused, Err(ServiceError::PaymentDue)), "{refused:?}");
    // Fewer cost nothing: what is owed goes down, and nothing comes back.
    let quoted = quote_seats(&world, id, &SeatWish::now(4)).await;
    assert_eq!(quoted.change.notes[0].lowers.minor(), 3_300);
    change_seats(&world, id, &SeatWish::now(4)).await.expect("done");
    assert_eq!(credit(&world, id).await, 0);
    let invoice = &invoices(&world, id).await[1];
    assert_eq!(invoice.standing.owed().expect("an amount").minor(), 2_200);
    assert_whole(&world).await;
}
