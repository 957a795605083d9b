//! Licenses on a real database: who may be given one, and that a seat goes to one person (SPEC 5, Assigning).

use domain::id::PersonId;
use domain::license::NotAssigned;
use services::asker::Asker;
use services::licenses::Given;
use services::on_both_engines;
use services::orders::{Confirmation, Stage};
use services::testing::World;
use services::testing::story::{ANNA, HANA, KENJI, YUI, paper};
use services::{ServiceError, Services};

on_both_engines! {
    a_license_is_given_seen_and_taken
    everybody_gets_an_answer_of_their_own
    the_last_seat_goes_to_one_person
    people_are_found_as_they_may_be_written
    nobody_gives_licenses_of_somebody_else
    who_leaves_frees_the_seat_and_gets_it_back
    what_the_last_owner_leaves_behind_is_the_administrators
}

/// Somebody buys seats and gets them.
async fn buy(world: &World, buyer: &Asker, seats: u32) {
    let services = &world.services;
    let order = services.start_order(buyer, &format!("form {seats}"), &paper(seats)).await.expect("an order");
    if let Stage::Card { setup, .. } = services.checkout(buyer, order).await.expect("the checkout").stage {
        world.type_card(&setup, "4242 4242 4242 4242").await;
    }
    let Stage::Confirm { quoted, .. } = services.checkout(buyer, order).await.expect("the checkout").stage
    else {
        panic!("the last page")
    };
    let confirmation = Confirmation { seal: quoted.seal, quoted_at: quoted.at };
    services.confirm_order(buyer, order, &confirmation).await.expect("bought");
}

async fn person(world: &World, organization: &str, mail: &str) -> PersonId {
    let organization = world.organization(organization).await.expect("the organization");
    let mut reader = world.services.store().read().await.expect("a reader");
    reader.conn().known_person(organization, mail).await.expect("a look").expect("they are there").id
}

async fn give(services: &Services, manager: &Asker, key: &str, people: &[PersonId]) -> Vec<Given> {
    services.assign_licenses(manager, key, "paper", people).await.expect("an answer")
}

/// Assigned, free and all seats.
async fn seats(services: &Services, manager: &Asker) -> (u32, u32, u32) {
    let page = services.license_page(manager, "paper", None).await.expect("the page");
    let (seats, assigned) = page.seats();
    (assigned, page.free(), seats)
}

async fn assert_whole(world: &World) {
    let verdicts = world.services.verify(|_| ()).await.expect("verified");
    let broken: Vec<_> = verdicts.iter().filter(|verdict| verdict.broken.is_some()).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

async fn a_license_is_given_seen_and_taken(world: World) {
    let services = &world.services;
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    buy(&world, &kenji, 3).await;
    let yui = person(&world, "aozora", YUI).await;
    let given = give(services, &kenji, "k", &[yui]).await;
    assert!(matches!(given[..], [Given { outcome: Ok(_), .. }]), "{given:?}");
    // The same form again gives the same answer and no second license.
    assert_eq!(give(services, &kenji, "k", &[yui]).await, given);
    assert_eq!(seats(services, &kenji).await, (1, 2, 3));

    let hers = world.signed_in(YUI, None).await.expect("Yui");
    let (_, held) = services.my_licenses(&hers).await.expect("her licenses");
    assert_eq!(held.len(), 1);
    assert!(held[0].status.works());

    let taken = services.unassign_licenses(&kenji, "u", "paper", &[yui]).await.expect("an answer");
    assert_eq!(taken, [yui]);
    let nothing = services.unassign_licenses(&kenji, "u2", "paper", &[yui]).await.expect("an answer");
    assert!(nothing.is_empty());
    assert_eq!(seats(services, &kenji).await, (0, 3, 3));
    assert!(services.my_licenses(&hers).await.expect("her licenses").1.is_empty());
    assert_whole(&world).await;
}

async fn everybody_gets_an_answer_of_their_own(world: World) {
    let services = &world.services;
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    buy(&world, &kenji, 2).await;
    let (yui, hana) = (person(&world, "aozora", YUI).await, person(&world, "aozora", HANA).await);
    let guest = person(&world, "aozora", ANNA).await;
    let stranger = person(&world, "lakeside", ANNA).await;
    let inactive = person(&world, "lakeside", "suharto@lakeside.example").await;
    let own = person(&world, "aozora", KENJI).await;
    give(services, &kenji, "first", &[yui]).await;
    let given = give(services, &kenji, "second", &[yui, guest, stranger, inactive, hana, own, hana]).await;
    let outcomes: Vec<_> = given.iter().map(|given| (given.person, given.outcome.map(|_| ()))).collect();
    assert_eq!(
        outcomes,
        [
            (yui, Err(NotAssigned::AlreadyHasIt)),
            (guest, Err(NotAssigned::Guest)),
            (stranger, Err(NotAssigned::Unknown)),
            (inactive, Err(NotAssigned::Unknown)),
            (hana, Ok(())),
            (own, Err(NotAssigned::NoSeat)),
        ]
    );
    let many: Vec<PersonId> =
        (0..21).map(|number| PersonId::from_uuid(uuid::Uuid::from_u128(number))).collect();
    let refused = services.assign_licenses(&kenji, "many", "paper", &many).await;
    assert!(matches!(refused, Err(ServiceError::TooManyAtOnce)), "{refused:?}");
    assert_whole(&world).await;
}

async fn the_last_seat_goes_to_one_person(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    buy(&world, &kenji, 1).await;
    let rows: String = (0..40).fold("organization,mail,family_name,given_name\n".into(), |rows, number| {
        format!("{rows}aozora,p{number}@aozora.example,Person,No{number}\n")
    });
    let options = services::importing::PeopleOptions::default();
    world.services.import_people(rows.as_bytes(), options, |_| ()).await.expect("imported");
    let mut people = Vec::new();
    for number in 0..40 {
        people.push(person(&world, "aozora", &format!("p{number}@aozora.example")).await);
    }
    let asked = people.iter().map(|person| {
        let (services, kenji, person) = (world.services.clone(), kenji.clone(), *person);
        async move { give(&services, &kenji, &format!("to {person}"), &[person]).await.remove(0).outcome }
    });
    let outcomes = futures::future::join_all(asked).await;
    let lucky = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(lucky, 1, "{outcomes:?}");
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(_) | Err(NotAssigned::NoSeat))));
    assert_eq!(seats(&world.services, &kenji).await, (1, 0, 1));

    // The same person many times at once has one license, and takes one seat.
    buy(&world, &kenji, 5).await;
    let twice = (0..10).map(|number| {
        let (services, kenji, person) = (world.services.clone(), kenji.clone(), people[39]);
        async move { give(&services, &kenji, &format!("again {number}"), &[person]).await.remove(0).outcome }
    });
    let outcomes = futures::future::join_all(twice).await;
    assert!(outcomes.iter().filter(|outcome| outcome.is_ok()).count() <= 1, "{outcomes:?}");
    assert!(seats(&world.services, &kenji).await.0 <= 2);
    assert_whole(&world).await;
}

async fn people_are_found_as_they_may_be_written(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    buy(&world, &kenji, 1).await;
    for typed in ["山崎", "山﨑", "ヤマ", "やまざ", "唯", "山﨑唯", "山崎 ゆ", "yui.y", "ＹＵＩ．"]
    {
        let people = world.services.find_people(&kenji, "paper", typed).await.expect("people");
        let mails: Vec<_> = people.found.iter().map(|found| found.profile.mail.as_str()).collect();
        let expected: &[&str] = if typed == "山崎 ゆ" { &[] } else { &[YUI] };
        assert_eq!(mails, expected, "{typed}");
    }
    // Guests and those who have left are not offered, nor anybody of another organization.
    for typed in ["Keller", "suharto", "", " "] {
        let people = world.services.find_people(&kenji, "paper", typed).await.expect("people");
        assert!(people.found.is_empty(), "{typed}: {:?}", people.found);
    }
}

async fn nobody_gives_licenses_of_somebody_else(world: World) {
    let services = &world.services;
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    buy(&world, &kenji, 3).await;
    let yui = person(&world, "aozora", YUI).await;
    give(services, &kenji, "k", &[yui]).await;
    let hana = world.signed_in(HANA, None).await.expect("Hana");
    let anna = world.signed_in(ANNA, Some("Lakeside")).await.expect("Anna");
    for other in [&hana, &anna] {
        let answers = [
            services.license_page(other, "paper", None).await.map(drop),
            services.find_people(other, "paper", "山").await.map(drop),
            services.assign_licenses(other, "x", "paper", &[yui]).await.map(drop),
            services.unassign_licenses(other, "x", "paper", &[yui]).await.map(drop),
        ];
        for answer in answers {
            assert!(matches!(answer, Err(ServiceError::NotFound)), "{answer:?}");
        }
        assert!(services.licenses(other).await.expect("a list").products.is_empty());
    }
    assert_eq!(seats(services, &kenji).await, (1, 2, 3));
}

async fn who_leaves_frees_the_seat_and_gets_it_back(world: World) {
    let services = &world.services;
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    buy(&world, &kenji, 2).await;
    let (yui, hana) = (person(&world, "aozora", YUI).await, person(&world, "aozora", HANA).await);
    give(services, &kenji, "k", &[yui, hana]).await;
    let import = |active: &'static str, guest: &'static str| {
        let head = "organization,mail,family_name,given_name,active,guest";
        let rows = format!("{head}\naozora,{YUI},山﨑,唯,{active},{guest}\n");
        let options = services::importing::PeopleOptions { many_leavers: true };
        async move { services.import_people(rows.as_bytes(), options, |_| ()).await.expect("imported") }
    };
    import("no", "no").await;
    assert_eq!(seats(services, &kenji).await, (1, 1, 2));
    assert_whole(&world).await;
    import("yes", "no").await;
    assert_eq!(seats(services, &kenji).await, (2, 0, 2), "it comes back with her");
    import("yes", "yes").await;
    assert_eq!(seats(services, &kenji).await, (1, 1, 2), "a guest holds no license");

    // Somebody else takes the seat meanwhile: then there is nothing to come back to.
    let own = person(&world, "aozora", KENJI).await;
    give(services, &kenji, "k2", &[own]).await;
    import("yes", "no").await;
    assert_eq!(seats(services, &kenji).await, (2, 0, 2));
    assert_whole(&world).await;

    // After 30 days what was held is forgotten.
    services.unassign_licenses(&kenji, "u", "paper", &[own]).await.expect("an answer");
    give(services, &kenji, "k3", &[yui]).await;
    import("no", "no").await;
    world.pass(30 * 24 * 3_600 + 1);
    import("yes", "no").await;
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji again");
    assert_eq!(seats(services, &kenji).await, (1, 1, 2));
    assert_whole(&world).await;
}

async fn what_the_last_owner_leaves_behind_is_the_administrators(world: World) {
    let services = &world.services;
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    buy(&world, &kenji, 2).await;
    let products = services.products(&kenji, services::products::Filter::default()).await.expect("a list");
    let profile = products.rows[0].profile;
    let organization = world.organization("aozora").await.expect("the organization");
    let owners = async || {
        let mut reader = services.store().read().await.expect("a reader");
        reader.conn().profile_owners(organization, profile).await.expect("the owners")
    };
    let (own, hana) = (person(&world, "aozora", KENJI).await, person(&world, "aozora", HANA).await);
    assert_eq!(owners().await, [own]);
    let rows = format!("organization,mail,family_name,given_name,active\naozora,{KENJI},髙橋,健二,no\n");
    let options = services::importing::PeopleOptions { many_leavers: true };
    services.import_people(rows.as_bytes(), options, |_| ()).await.expect("imported");
    assert_eq!(owners().await, [hana], "in the same unit of work");
    assert_whole(&world).await;
}
