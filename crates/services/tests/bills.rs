//! Bills: which documents people see, of which days, and what of them is hidden (SPEC 1, 2, 5).

use domain::credit::BillState;
use domain::id::{DocumentId, SubscriptionId};
use domain::time::Date;
use jiff::civil::date;
use services::asker::Asker;
use services::bills::{Bills, Filter, Hidden, Movement, ROWS, Span};
use services::changes::{CancelHow, CancelReason, CancelWish, SeatWish};
use services::orders::Confirmation;
use services::testing::World;
use services::testing::checkout::{ASKS, GOOD};
use services::testing::story::{ANNA, HANA, KENJI, YUI, paper};
use services::{ServiceError, on_both_engines};

on_both_engines! {
    a_bill_is_seen_by_those_with_a_role_and_by_nobody_else
    what_waits_for_its_number_is_nowhere
    the_past_months_begin_on_the_days_of_the_organization
    what_the_filter_hides_is_counted
    credit_notes_and_their_invoices_name_each_other
    what_is_owed_is_counted_and_paid_where_its_subscription_is
    a_long_list_has_pages_and_the_last_can_be_reached
    a_test_clock_counts_its_own_days
}

async fn asker(world: &World, mail: &str) -> Asker {
    world.signed_in(mail, None).await.expect("somebody")
}

async fn bills(world: &World, asker: &Asker, filter: &Filter) -> Bills {
    world.services.bills(asker, filter).await.expect("bills")
}

fn within(from: Date, to: Date) -> Filter {
    Filter { span: Span::Range(from, to), ..Filter::default() }
}

fn found(search: &str) -> Filter {
    Filter { search: search.into(), ..Filter::default() }
}

fn numbers(bills: &Bills) -> Vec<&str> {
    bills.rows.iter().map(|bill| bill.issued.number.as_str()).collect()
}

/// Changes a table behind the store's back: nobody can give roles yet.
async fn behind(world: &World, table: &str, statement: &str) {
    assert!(world.fresh().spoil(table, statement).await.expect("changed") > 0, "{statement}");
}

/// Gives Yui Kenji's role under another name.
fn to_yui(table: &str, role: &str) -> String {
    let yui = format!("(SELECT id FROM person WHERE mail = '{YUI}')");
    let kenji = format!("(SELECT id FROM person WHERE mail = '{KENJI}')");
    format!("UPDATE {table} SET role = '{role}', person_id = {yui} WHERE person_id = {kenji}")
}

async fn a_bill_is_seen_by_those_with_a_role_and_by_nobody_else(world: World) {
    let kenji = asker(&world, KENJI).await;
    world.buy(&kenji, &paper(3), GOOD).await.expect("bought");
    let his = bills(&world, &kenji, &Filter::default()).await;
    assert_eq!(numbers(&his), ["EX-0000001"]);
    let id = his.rows[0].id;
    let details = world.services.bill(&kenji, id).await.expect("his own");
    assert_eq!(details.bill.contents.totals.gross.minor(), 1_650);
    assert_eq!((details.bill.state, details.payable), (BillState::Paid, false));
    assert_eq!(details.managed, details.bill.subscription);
    let paid: Vec<_> = details.events.iter().map(|event| (event.what, event.on)).collect();
    assert_eq!(paid, [(Movement::Payment, date(2026, 11, 24))]);
    assert_eq!(details.events[0].card.as_ref().map(|card| card.last_four.to_string()), Some("4242".into()));

    let yui = asker(&world, YUI).await;
    let elsewhere = world.signed_in(ANNA, Some("Lakeside")).await.expect("Anna");
    for other in [&yui, &asker(&world, HANA).await, &elsewhere] {
        assert_eq!(bills(&world, other, &Filter::default()).await.counts.total, 0);
        assert!(matches!(world.services.bill(other, id).await, Err(ServiceError::NotFound)));
    }
    let guest = world.signed_in(ANNA, Some("あおぞら")).await.expect("Anna");
    assert!(matches!(
        world.services.bills(&guest, &Filter::default()).await,
        Err(ServiceError::Forbidden(_))
    ));

    // Whatever the role, and on the account as on the profile: to see is what all of them may.
    for table in ["billing_profile_role", "billing_account_role"] {
        for role in ["owner", "contributor", "reader", "invoice-manager"] {
            behind(&world, table, &to_yui(table, role)).await;
            assert_eq!(numbers(&bills(&world, &yui, &Filter::default()).await), ["EX-0000001"], "{table}");
            let details = world.services.bill(&yui, id).await.expect("she has a role");
            // The subscription is Kenji's: she is not led there.
            assert_eq!((details.managed, details.payable), (None, false));
            world.fresh().mend(table).await.expect("mended");
        }
    }
    assert_eq!(bills(&world, &yui, &Filter::default()).await.counts.total, 0);
}

async fn what_waits_for_its_number_is_nowhere(world: World) {
    let kenji = asker(&world, KENJI).await;
    world.buy(&kenji, &paper(1), GOOD).await.expect("bought");
    let id = bills(&world, &kenji, &Filter::default()).await.rows[0].id;
    behind(&world, "document", "UPDATE document SET running = NULL, number = NULL, issued_on = NULL").await;
    assert_eq!(bills(&world, &kenji, &Filter::default()).await.counts.total, 0);
    assert!(matches!(world.services.bill(&kenji, id).await, Err(ServiceError::NotFound)));
    world.fresh().mend("document").await.expect("mended");
}

async fn the_past_months_begin_on_the_days_of_the_organization(world: World) {
    let kenji = asker(&world, KENJI).await;
    world.buy(&kenji, &paper(1), GOOD).await.expect("bought");
    // 24 November 2026, 10:00 in Tokyo. In three months it is the 24th all day, from midnight there on.
    let days = |filter: &Filter, bills: &Bills| (filter.span, bills.from, bills.to, bills.counts.matching);
    let three = Filter::default();
    let first = bills(&world, &kenji, &three).await;
    assert_eq!(days(&three, &first), (Span::ThreeMonths, date(2026, 8, 24), date(2026, 11, 24), 1));
    let to_midnight = 14 * 3_600;
    world.pass(91 * 24 * 3_600 + to_midnight - 1);
    let kenji = asker(&world, KENJI).await;
    let before = bills(&world, &kenji, &three).await;
    assert_eq!((before.today, before.from), (date(2027, 2, 23), date(2026, 11, 23)));
    world.pass(24 * 3_600);
    let kenji = asker(&world, KENJI).await;
    let still = bills(&world, &kenji, &three).await;
    assert_eq!((still.today, still.from, still.counts.matching), (date(2027, 2, 24), date(2026, 11, 24), 1));
    world.pass(1);
    let over = bills(&world, &kenji, &three).await;
    assert_eq!((over.from, over.counts.matching), (date(2026, 11, 25), 0));
    assert_eq!((over.counts.hidden.older, over.counts.total), (1, 1));
    let six = Filter { span: Span::SixMonths, ..Filter::default() };
    assert_eq!(bills(&world, &kenji, &six).await.counts.matching, 1);
    // What is issued where it is tomorrow already is shown today.
    behind(&world, "document", "UPDATE document SET issued_on = '2027-02-26'").await;
    let tomorrow = bills(&world, &kenji, &three).await;
    assert_eq!((tomorrow.today, tomorrow.counts.matching), (date(2027, 2, 25), 1));
    world.fresh().mend("document").await.expect("mended");
    // Both ends of a range belong to it.
    let (day, next) = (date(2026, 11, 24), date(2026, 11, 25));
    let day_before = date(2026, 11, 23);
    for (from, to, shown) in
        [(day, day, 1), (day_before, day, 1), (day, next, 1), (day_before, day_before, 0), (next, next, 0)]
    {
        assert_eq!(bills(&world, &kenji, &within(from, to)).await.counts.matching, shown, "{from} {to}");
    }
}

async fn what_the_filter_hides_is_counted(world: World) {
    let kenji = asker(&world, KENJI).await;
    world.buy(&kenji, &paper(3), GOOD).await.expect("bought");
    world.live(150).await.expect("months pass");
    let kenji = asker(&world, KENJI).await;
    // 24 November and every month to 24 April; it is 23 April.
    let all = bills(&world, &kenji, &within(date(2026, 1, 1), date(2027, 12, 31))).await;
    assert_eq!((all.counts.total, all.counts.matching, all.counts.hidden), (5, 5, Hidden::default()));
    assert_eq!(all.counts.sums.iter().map(|sum| sum.minor()).collect::<Vec<_>>(), [5 * 1_650]);
    assert_eq!(numbers(&all).first(), Some(&"EX-0000005"), "the newest first");
    let past = bills(&world, &kenji, &Filter::default()).await;
    assert_eq!((past.counts.matching, past.counts.hidden.older, past.counts.hidden.later), (3, 2, 0));
    let first = date(2026, 11, 24);
    assert_eq!(past.counts.reach, Some((first, date(2027, 3, 24))));
    let middle = bills(&world, &kenji, &within(date(2026, 12, 1), date(2027, 1, 31))).await;
    assert_eq!(middle.counts.hidden, Hidden { older: 1, later: 2, others: 0 });

    // By number, however it is typed; by amount, exactly; and both together with the state.
    for (search, matching) in [
        ("EX-0000005", 1),
        ("ｅｘ-0000005", 1),
        ("0005", 1),
        ("ex", 3),
        ("1650", 3),
        ("¥1,650", 3),
        ("165", 0),
        ("1651", 0),
        ("%", 0),
        ("_", 0),
    ] {
        let some = bills(&world, &kenji, &found(search)).await;
        assert_eq!((some.counts.matching, some.counts.hidden.others), (matching, 3 - matching), "{search}");
        assert_eq!(i64::try_from(some.rows.len()).ok(), Some(matching), "{search}");
    }
    let unpaid = Filter { state: Some(BillState::Unpaid), ..Filter::default() };
    let none = bills(&world, &kenji, &unpaid).await;
    assert_eq!((none.counts.matching, none.counts.hidden), (0, Hidden { older: 0, later: 0, others: 3 }));
    let paid = bills(&world, &kenji, &Filter { state: Some(BillState::Paid), ..found("1650") }).await;
    assert_eq!((paid.counts.matching, paid.counts.hidden.older), (3, 2));
}

async fn confirm_cancel(world: &World, kenji: &Asker, id: SubscriptionId) {
    let services = &world.services;
    let wish = CancelWish::new(CancelHow::Now, CancelReason::NotUsed);
    let quote = services.quote_cancel(kenji, id).await.expect("a quote").sealed;
    let confirmation = Confirmation { seal: quote.seal, quoted_at: quote.at };
    services.cancel(kenji, id, &wish, &confirmation).await.expect("canceled");
    world.do_what_is_due().await.expect("the money goes back");
}

async fn credit_notes_and_their_invoices_name_each_other(world: World) {
    let services = &world.services;
    let kenji = asker(&world, KENJI).await;
    // Two seats come back as credit; then the rest is canceled, and goes back to the card.
    let id = world.buy(&kenji, &paper(5), GOOD).await.expect("bought");
    let wish = SeatWish::now(3);
    let quote = services.quote_seats(&kenji, id, &wish).await.expect("a quote").sealed;
    let confirmation = Confirmation { seal: quote.seal, quoted_at: quote.at };
    services.change_seats(&kenji, id, &wish, &confirmation).await.expect("fewer seats");
    world.do_what_is_due().await.expect("the note is numbered");
    let list = bills(&world, &kenji, &Filter::default()).await;
    assert_eq!(list.counts.total, 2);
    let count = |bills: &Bills, state| bills.counts.states.iter().find(|(of, _)| *of == state).map(|of| of.1);
    assert_eq!(count(&list, BillState::CreditNote), Some(1));
    assert_eq!(count(&list, BillState::Paid), Some(1), "a part came back: it is still paid");
    world.pass(60);
    confirm_cancel(&world, &kenji, id).await;

    let list = bills(&world, &kenji, &Filter::default()).await;
    assert_eq!(count(&list, BillState::Credited), Some(1));
    let invoice = list.rows.iter().find(|bill| bill.standing.is_some()).expect("the invoice");
    let details = services.bill(&kenji, invoice.id).await.expect("the invoice");
    assert_eq!(details.notes.len(), 2);
    let back: i64 = details.notes.iter().map(|note| note.gross.minor()).sum();
    assert_eq!(back, -2_750, "the notes add up to the invoice");
    let notes: Vec<DocumentId> = details.notes.iter().map(|note| note.id).collect();
    let mut moved = Vec::new();
    for note in notes {
        let note = services.bill(&kenji, note).await.expect("the note");
        assert_eq!((note.bill.corrects, note.bill.state), (Some(invoice.id), BillState::CreditNote));
        let corrected = note.bill.contents.corrects.as_ref().map(|corrected| corrected.number.as_str());
        assert_eq!(corrected, Some("EX-0000001"));
        moved.extend(note.events.iter().map(|event| (event.what, event.amount.minor())));
    }
    assert_eq!(
        moved,
        [(Movement::CreditGranted, 1_100), (Movement::Refund, 1_650), (Movement::RefundSent, 1_650)]
    );
    // The amount of a note is found without its sign.
    assert_eq!(bills(&world, &kenji, &found("1100")).await.counts.matching, 1);
}

async fn what_is_owed_is_counted_and_paid_where_its_subscription_is(world: World) {
    let kenji = asker(&world, KENJI).await;
    let id = world.buy(&kenji, &paper(5), ASKS).await.expect("bought");
    world.live(31).await.expect("a month passes");
    let kenji = asker(&world, KENJI).await;
    let list = bills(&world, &kenji, &found("nothing")).await;
    let unpaid = list.counts.unpaid.expect("something is owed, whatever the filter");
    assert_eq!((unpaid.count, unpaid.sums[0].minor()), (1, 2_750));
    assert_eq!((unpaid.first, unpaid.last), (date(2026, 12, 24), date(2026, 12, 24)));
    let filter = Filter { state: Some(BillState::Unpaid), ..Filter::default() };
    let open = bills(&world, &kenji, &filter).await.rows[0].id;
    let details = world.services.bill(&kenji, open).await.expect("the invoice");
    assert_eq!((details.managed, details.payable), (Some(id), true));
    assert_eq!(details.bill.due_on, Some(date(2026, 12, 24)));
    // Who only manages it or may only see is not led to a page that would show nothing.
    behind(&world, "billing_profile_role", "UPDATE billing_profile_role SET role = 'reader'").await;
    // An owner of the account still may.
    assert!(world.services.bill(&kenji, open).await.expect("the invoice").payable);
    behind(&world, "billing_account_role", "UPDATE billing_account_role SET role = 'reader'").await;
    assert!(!world.services.bill(&kenji, open).await.expect("the invoice").payable);
    for table in ["billing_profile_role", "billing_account_role"] {
        world.fresh().mend(table).await.expect("mended");
    }

    world.buy(&kenji, &paper(1), GOOD).await.expect("bought with another card");
    world.services.pay_now(&kenji, open, None).await.expect("paid");
    let details = world.services.bill(&kenji, open).await.expect("the invoice");
    assert_eq!((details.bill.state, details.payable), (BillState::Paid, false));
    assert!(bills(&world, &kenji, &Filter::default()).await.counts.unpaid.is_none());
}

async fn a_long_list_has_pages_and_the_last_can_be_reached(world: World) {
    let kenji = asker(&world, KENJI).await;
    // Five subscriptions over a year: many bills on each of the same days.
    for seats in 1..=5 {
        world.buy(&kenji, &paper(seats), GOOD).await.expect("bought");
    }
    world.live(370).await.expect("a year passes");
    let kenji = asker(&world, KENJI).await;
    let mut filter = within(date(2026, 1, 1), date(2028, 1, 1));
    let mut seen = Vec::new();
    loop {
        let page = bills(&world, &kenji, &filter).await;
        assert_eq!(page.counts.matching, 65);
        seen.extend(page.rows.iter().map(|bill| (bill.issued.issued_on, bill.id)));
        match page.next {
            Some(next) => {
                assert_eq!(page.rows.len(), usize::try_from(ROWS).expect("a number"));
                filter.after = Some(next);
            }
            None => break,
        }
    }
    assert_eq!(seen.len(), 65);
    assert!(seen.is_sorted_by(|one, next| one > next), "each once, the newest first");
}

async fn a_test_clock_counts_its_own_days(world: World) {
    world.services.start_clock("aozora").await.expect("started");
    let kenji = asker(&world, KENJI).await;
    world.buy(&kenji, &paper(5), GOOD).await.expect("bought");
    world.services.advance_clock("aozora", date(2027, 6, 1), |_| ()).await.expect("advanced");
    let kenji = asker(&world, KENJI).await;
    let past = bills(&world, &kenji, &Filter::default()).await;
    assert_eq!((past.today, past.from), (date(2027, 6, 1), date(2027, 3, 1)));
    let days: Vec<Date> = past.rows.iter().map(|bill| bill.issued.issued_on).collect();
    assert_eq!(days, [date(2027, 5, 24), date(2027, 4, 24), date(2027, 3, 24)]);
    assert_eq!(past.counts.hidden.older, 4);
}
