//! Signing in, sessions and links, on a real database with a clock that the test moves (SPEC 1).

use domain::mail::MailAddress;
use services::asker::{Asker, IDLE_SECONDS, LONGEST_SECONDS};
use services::importing::PeopleOptions;
use services::links::LINK_SECONDS;
use services::password::PasswordProblem;
use services::rights::Role;
use services::testing::World;
use services::{ServiceError, Services};
use store::Origin;

const PASSWORD: &str = "four seats by the window";

const ORGANIZATIONS: &str = r#"
[[organizations]]
key = "east"
legal_name = "East Ltd"
country = "JP"
currency = "JPY"
time_zone = "Asia/Tokyo"
language = "ja"
mail_domains = ["east.example"]
administrators = ["boss@east.example"]
[organizations.sold_to]
postal_code = "100-0001"
region = "Tokyo"
city = "Chiyoda"
street = "1-1"

[[organizations]]
key = "west"
legal_name = "West Ltd"
country = "US"
currency = "USD"
time_zone = "America/New_York"
language = "en"
administrators = ["chief@west.example"]
[organizations.sold_to]
postal_code = "10001"
region = "NY"
city = "New York"
street = "1 Main St"
"#;

const PEOPLE: &str = "organization,mail,family_name,given_name,guest,active\n\
    east,boss@east.example,Boss,Bea,no,yes\n\
    east,ann@east.example,Ann,Amy,no,yes\n\
    east,visitor@other.example,Visit,Vic,yes,yes\n\
    east,gone@east.example,Gone,Guy,no,no\n\
    east,both@west.example,Both,Bo,no,yes\n\
    west,both@west.example,Both,Bo,no,yes\n\
    west,chief@west.example,Chief,Cy,no,yes\n";

async fn world() -> World {
    let world = World::embedded().await.expect("a world");
    world.services.import_organizations(ORGANIZATIONS.as_bytes()).await.expect("organizations");
    let options = PeopleOptions::default();
    world.services.import_people(PEOPLE.as_bytes(), options, |_| ()).await.expect("people");
    world
}

fn stranger() -> Asker {
    Asker { signed_in: None, origin: Origin { address: Some("198.51.100.7".into()), agent: None } }
}

async fn set_password(services: &Services, mail: &str) -> String {
    let mail = MailAddress::parse(mail).expect("an address");
    let link = services.make_link(&mail).await.expect("a link");
    services.use_link(&stranger(), &link, PASSWORD.into()).await.expect("the password is set").token
}

async fn asker(services: &Services, token: &str) -> Asker {
    services.asker(Some(token), stranger().origin).await.expect("who asks")
}

#[tokio::test]
async fn a_link_sets_the_password_once_and_signs_in() {
    let world = world().await;
    let services = &world.services;
    let mail = MailAddress::parse("ann@east.example").expect("an address");
    let link = services.make_link(&mail).await.expect("a link");
    let open = services.open_link(&stranger(), &link).await.expect("it opens");
    assert_eq!((open.mail.as_str(), open.reset), ("ann@east.example", false));

    let refused = services.use_link(&stranger(), &link, "too short".into()).await;
    assert!(matches!(refused, Err(ServiceError::Password(PasswordProblem::TooShort))), "{refused:?}");

    let started = services.use_link(&stranger(), &link, PASSWORD.into()).await.expect("it is set");
    assert!(started.placed);
    let ann = asker(services, &started.token).await;
    assert_eq!(ann.place().expect("a place").organization.key, "east");
    assert_eq!(ann.role(), Role::Member);

    for again in [
        services.use_link(&stranger(), &link, PASSWORD.into()).await.map(drop),
        services.open_link(&stranger(), &link).await.map(drop),
    ] {
        assert!(matches!(again, Err(ServiceError::DeadLink)), "{again:?}");
    }
}

#[tokio::test]
async fn a_link_dies_after_a_day() {
    let world = world().await;
    let mail = MailAddress::parse("ann@east.example").expect("an address");
    let link = world.services.make_link(&mail).await.expect("a link");
    world.pass(LINK_SECONDS - 1);
    assert!(world.services.open_link(&stranger(), &link).await.is_ok());
    world.pass(1);
    let dead = world.services.use_link(&stranger(), &link, PASSWORD.into()).await;
    assert!(matches!(dead, Err(ServiceError::DeadLink)), "{dead:?}");
}

#[tokio::test]
async fn nobody_gets_a_link_who_is_nobody() {
    let world = world().await;
    let mail = MailAddress::parse("nobody@east.example").expect("an address");
    let refused = world.services.make_link(&mail).await;
    assert!(matches!(refused, Err(ServiceError::NotFound)), "{refused:?}");
}

#[tokio::test]
async fn wrong_unknown_and_passwordless_get_the_same_answer() {
    let world = world().await;
    set_password(&world.services, "ann@east.example").await;
    for (mail, password) in [
        ("ann@east.example", "five seats by the window"),
        ("nobody@east.example", PASSWORD),
        ("boss@east.example", PASSWORD),
        ("not an address", PASSWORD),
        ("ann@east.example", ""),
    ] {
        let refused = world.services.sign_in(&stranger(), mail, password.into()).await;
        assert!(matches!(refused, Err(ServiceError::WrongPassword)), "{mail}: {refused:?}");
    }
    let right = world.services.sign_in(&stranger(), " Ann@EAST.example ", PASSWORD.into()).await;
    assert!(right.expect("the right one").placed);
}

#[tokio::test]
async fn guessing_is_slowed_down_for_one_address_and_no_other() {
    let world = world().await;
    set_password(&world.services, "ann@east.example").await;
    // Who knows the password is never slowed down.
    for _ in 0..20 {
        world.services.sign_in(&stranger(), "ann@east.example", PASSWORD.into()).await.expect("in");
    }
    // Ten failures are free; the eleventh begins the wait.
    for _ in 0..11 {
        let refused =
            world.services.sign_in(&stranger(), "ann@east.example", "a wrong password".into()).await;
        assert!(matches!(refused, Err(ServiceError::WrongPassword)), "{refused:?}");
    }
    let limited = world.services.sign_in(&stranger(), "ann@east.example", PASSWORD.into()).await;
    let Err(ServiceError::TooMany { retry_after }) = limited else { panic!("{limited:?}") };
    assert!((1..=60).contains(&retry_after), "{retry_after}");
    let other = world.services.sign_in(&stranger(), "boss@east.example", PASSWORD.into()).await;
    assert!(matches!(other, Err(ServiceError::WrongPassword)), "{other:?}");

    world.pass(i64::from(retry_after));
    world.services.sign_in(&stranger(), "ann@east.example", PASSWORD.into()).await.expect("after the wait");
}

#[tokio::test]
async fn a_session_ends_when_idle_when_old_and_when_told_to() {
    let world = world().await;
    let services = &world.services;
    let token = set_password(services, "ann@east.example").await;

    // Used every eleven hours it lives for seven days, and not longer.
    let step = IDLE_SECONDS - 3_600;
    for _ in 0..(LONGEST_SECONDS / step) {
        assert_eq!(asker(services, &token).await.role(), Role::Member);
        world.pass(step);
    }
    world.pass(LONGEST_SECONDS % step);
    assert_eq!(asker(services, &token).await.role(), Role::Stranger);

    let idle = services.sign_in(&stranger(), "ann@east.example", PASSWORD.into()).await.expect("in").token;
    world.pass(IDLE_SECONDS);
    assert_eq!(asker(services, &idle).await.role(), Role::Stranger);

    let told = services.sign_in(&stranger(), "ann@east.example", PASSWORD.into()).await.expect("in").token;
    let ann = asker(services, &told).await;
    services.sign_out(&ann).await.expect("out");
    services.sign_out(&ann).await.expect("twice is fine");
    assert_eq!(asker(services, &told).await.role(), Role::Stranger);
}

#[tokio::test]
async fn a_session_is_renewed_at_sign_in_and_ended_by_a_new_password() {
    let world = world().await;
    let services = &world.services;
    let first = set_password(services, "ann@east.example").await;
    let ann = asker(services, &first).await;
    let second = services.sign_in(&ann, "ann@east.example", PASSWORD.into()).await.expect("in").token;
    assert_eq!(asker(services, &first).await.role(), Role::Stranger);
    assert_eq!(asker(services, &second).await.role(), Role::Member);

    let third = set_password(services, "ann@east.example").await;
    assert_eq!(asker(services, &second).await.role(), Role::Stranger);
    assert_eq!(asker(services, &third).await.role(), Role::Member);
}

#[tokio::test]
async fn one_account_in_two_organizations_chooses_and_cannot_go_elsewhere() {
    let world = world().await;
    let services = &world.services;
    let token = set_password(services, "both@west.example").await;
    let both = asker(services, &token).await;
    assert_eq!(both.role(), Role::Account);
    let places = services.places(&both).await.expect("places");
    let names: Vec<&str> = places.iter().map(|place| place.legal_name.as_str()).collect();
    assert_eq!(names, ["East Ltd", "West Ltd"]);

    services.choose_place(&both, places[1].organization).await.expect("West");
    let west = asker(services, &token).await;
    assert_eq!(west.place().expect("a place").organization.key, "west");

    let chief = set_password(services, "chief@west.example").await;
    let chief = asker(services, &chief).await;
    let refused = services.choose_place(&chief, places[0].organization).await;
    assert!(matches!(refused, Err(ServiceError::NotFound)), "{refused:?}");
}

#[tokio::test]
async fn roles_are_read_fresh_and_end_with_the_person() {
    let world = world().await;
    let services = &world.services;
    for (mail, role) in [
        ("boss@east.example", Role::Administrator),
        ("ann@east.example", Role::Member),
        ("visitor@other.example", Role::Guest),
        ("gone@east.example", Role::Account),
    ] {
        let token = set_password(services, mail).await;
        assert_eq!(asker(services, &token).await.role(), role, "{mail}");
    }
    let ann = set_password(services, "ann@east.example").await;
    let file = "organization,mail,family_name,given_name,active\neast,ann@east.example,Ann,Amy,no\n";
    let options = PeopleOptions { many_leavers: true };
    services.import_people(file.as_bytes(), options, |_| ()).await.expect("Ann leaves");
    assert_eq!(asker(services, &ann).await.role(), Role::Account);
}
