//! Licenses by a list of thousands: what would come of it, and what did (SPEC 5, Assigning: beyond 20).

use services::asker::Asker;
use services::importing::PeopleOptions;
use services::licenses::{ListWish, Verdict};
use services::testing::World;
use services::testing::story::{ANNA, HANA, KENJI, YUI, paper};
use services::{ServiceError, on_both_engines};

on_both_engines! {
    a_list_says_what_would_come_of_each_and_changes_nothing
    a_list_is_carried_out_once_and_by_others_too
    more_people_than_seats_leaves_the_last_without
    what_a_list_gave_a_list_takes
    nobody_but_a_manager_has_a_list
    a_thousand_people_are_done_at_once
}

const GOOD: &str = "4242 4242 4242 4242";

async fn who(world: &World, mail: &str) -> Asker {
    world.signed_in(mail, None).await.expect("somebody")
}

async fn manager(world: &World, seats: u32) -> Asker {
    let kenji = who(world, KENJI).await;
    world.buy(&kenji, &paper(seats), GOOD).await.expect("bought");
    kenji
}

async fn verdicts(world: &World, asker: &Asker, wish: ListWish, text: &str) -> Vec<Verdict> {
    let checked = world.services.check_list(asker, "paper", wish, text).await.expect("checked");
    checked.listed.into_iter().map(|listed| listed.verdict).collect()
}

async fn seats(world: &World, asker: &Asker) -> (u32, u32) {
    world.services.license_page(asker, "paper", None).await.expect("the page").seats()
}

async fn whole(world: &World) {
    let verdicts = world.services.verify(|_| ()).await.expect("verified");
    assert!(verdicts.iter().all(|verdict| verdict.broken.is_none()), "{verdicts:?}");
}

async fn a_list_says_what_would_come_of_each_and_changes_nothing(world: World) {
    let kenji = manager(&world, 5).await;
    let before = seats(&world, &kenji).await;
    let text = format!("{HANA}\n{YUI}, {HANA}\nnobody@aozora.example\n{ANNA}\n");
    let expected = [Verdict::Fits, Verdict::Fits, Verdict::Repeated, Verdict::Unknown, Verdict::Guest];
    assert_eq!(verdicts(&world, &kenji, ListWish::Assign, &text).await, expected);
    assert_eq!(seats(&world, &kenji).await, before);
    let taken = verdicts(&world, &kenji, ListWish::Unassign, &text).await;
    assert_eq!(taken[..2], [Verdict::Nothing, Verdict::Nothing]);
    // As people write names: with a wide space, in kana, in the other width.
    let profile = who(&world, YUI).await.place().expect("a place").person.profile.clone();
    let name = format!("{}　{}", profile.family, profile.given);
    assert_eq!(verdicts(&world, &kenji, ListWish::Assign, &name).await, [Verdict::Fits]);
}

async fn a_list_is_carried_out_once_and_by_others_too(world: World) {
    let kenji = manager(&world, 5).await;
    let text = format!("{HANA}\nnobody@aozora.example\n{YUI}");
    let before = seats(&world, &kenji).await.1;
    for _ in 0..2 {
        let came = world.services.carry_list_out(&kenji, "form", "paper", ListWish::Assign, &text).await;
        assert_eq!(came.expect("done"), [Verdict::Fits, Verdict::Unknown, Verdict::Fits]);
        assert_eq!(seats(&world, &kenji).await.1, before + 2);
    }
    let again = world.services.carry_list_out(&kenji, "another", "paper", ListWish::Assign, &text).await;
    assert_eq!(again.expect("done"), [Verdict::Nothing, Verdict::Unknown, Verdict::Nothing]);
    assert_eq!(seats(&world, &kenji).await.1, before + 2);
    whole(&world).await;
}

async fn more_people_than_seats_leaves_the_last_without(world: World) {
    let kenji = manager(&world, 1).await;
    let free = {
        let (all, assigned) = seats(&world, &kenji).await;
        all - assigned
    };
    let text = format!("{HANA}\n{YUI}");
    let came =
        world.services.carry_list_out(&kenji, "form", "paper", ListWish::Assign, &text).await.expect("done");
    let expected: Vec<Verdict> =
        (0..2).map(|place| if place < free { Verdict::Fits } else { Verdict::NoSeat }).collect();
    assert_eq!(came, expected);
    whole(&world).await;
}

async fn what_a_list_gave_a_list_takes(world: World) {
    let kenji = manager(&world, 5).await;
    let text = format!("{HANA}\n{YUI}");
    let before = seats(&world, &kenji).await;
    world.services.carry_list_out(&kenji, "a", "paper", ListWish::Assign, &text).await.expect("given");
    let came = world.services.carry_list_out(&kenji, "b", "paper", ListWish::Unassign, &text).await;
    assert_eq!(came.expect("taken"), [Verdict::Fits, Verdict::Fits]);
    assert_eq!(seats(&world, &kenji).await, before);
    whole(&world).await;
}

async fn nobody_but_a_manager_has_a_list(world: World) {
    manager(&world, 5).await;
    for mail in [HANA, YUI] {
        let other = who(&world, mail).await;
        let checked = world.services.check_list(&other, "paper", ListWish::Assign, YUI).await;
        assert!(matches!(checked, Err(ServiceError::NotFound)), "{checked:?}");
        let done = world.services.carry_list_out(&other, "k", "paper", ListWish::Assign, YUI).await;
        assert!(matches!(done, Err(ServiceError::NotFound)), "{done:?}");
    }
}

async fn a_thousand_people_are_done_at_once(world: World) {
    let rows: Vec<String> =
        (0..1_000).map(|number| format!("aozora,many{number}@aozora.example,名,{number}")).collect();
    let file = ["organization,mail,family_name,given_name", &rows.join("\n")].join("\n");
    let options = PeopleOptions::default();
    world.services.import_people(file.as_bytes(), options, |_| ()).await.expect("imported");
    let kenji = manager(&world, 500).await;
    world.buy(&kenji, &paper(500), GOOD).await.expect("bought");
    world.buy(&kenji, &paper(500), GOOD).await.expect("bought");
    let list: Vec<String> = (0..1_000).map(|number| format!("many{number}@aozora.example")).collect();
    let came = world.services.carry_list_out(&kenji, "k", "paper", ListWish::Assign, &list.join("\n")).await;
    let came = came.expect("done");
    assert_eq!(came.iter().filter(|verdict| **verdict == Verdict::Fits).count(), 1_000);
    whole(&world).await;
    let too_many = "a@aozora.example\n".repeat(10_001);
    let refused = world.services.check_list(&kenji, "paper", ListWish::Assign, &too_many).await;
    assert!(matches!(refused, Err(ServiceError::TooManyAtOnce)), "{refused:?}");
}
