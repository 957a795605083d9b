//! Imports: all or nothing, and only what changed; on both engines.

use services::import::ProblemCode;
use services::importing::{Changed, NotImported, PeopleOptions, Step};
use services::testing::World;
use store::Command;

const CATALOG: &[u8] = include_bytes!("../../../docs/examples/catalog.toml");
const ORGANIZATIONS: &[u8] = include_bytes!("../../../docs/examples/organizations.toml");
const PEOPLE: &[u8] = include_bytes!("../../../docs/examples/people.csv");
const DEMO: [&[u8]; 3] = [
    include_bytes!("../../../demo/catalog.toml"),
    include_bytes!("../../../demo/organizations.toml"),
    include_bytes!("../../../demo/people.csv"),
];

async fn people(world: &World, file: &[u8]) -> Result<Changed, NotImported> {
    let options = PeopleOptions::default();
    world.services.import_people(file, options, |_| ()).await.map(|imported| imported.changed)
}

async fn count(world: &World, key: &str) -> i64 {
    let mut reader = world.services.store().read().await.expect("a reader");
    let mut conn = reader.conn();
    let organization = conn.organization_by_key(key).await.expect("a look").expect("it is there");
    conn.active_people(organization.id).await.expect("a count")
}

async fn examples(world: World) {
    for (round, expected) in [(1, "added"), (2, "same")] {
        let catalog = world.services.import_catalog(CATALOG).await.expect("the catalog").changed;
        let organizations =
            world.services.import_organizations(ORGANIZATIONS).await.expect("organizations").changed;
        let people = people(&world, PEOPLE).await.expect("people");
        for changed in [catalog, organizations, people] {
            assert_eq!(changed.changed, 0, "round {round}");
            let (all, none) = if expected == "added" {
                (changed.added, changed.same)
            } else {
                (changed.same, changed.added)
            };
            assert!(all > 0 && none == 0, "round {round}: {changed:?}");
        }
    }
}

#[tokio::test]
async fn the_examples_are_imported_once_and_change_nothing_again() {
    examples(World::embedded().await.expect("a world")).await;
    if let Some(world) = World::remote().await.expect("a world on the server") {
        examples(world).await;
    }
}

async fn demo(world: World) {
    world.services.import_catalog(DEMO[0]).await.expect("the demo's catalog");
    world.services.import_organizations(DEMO[1]).await.expect("the demo's organizations");
    people(&world, DEMO[2]).await.expect("the demo's people");
    assert!(count(&world, "harukaze").await > 280);
    assert!(count(&world, "northgate").await > 30);
}

#[tokio::test]
async fn the_demo_is_imported() {
    demo(World::embedded().await.expect("a world")).await;
    if let Some(world) = World::remote().await.expect("a world on the server") {
        demo(world).await;
    }
}

async fn with_examples() -> World {
    let world = World::embedded().await.expect("a world");
    world.services.import_organizations(ORGANIZATIONS).await.expect("organizations");
    world
}

/// The key of an organization of the examples.
fn key() -> String {
    let text = std::str::from_utf8(ORGANIZATIONS).expect("text");
    let line = text.lines().find_map(|line| line.strip_prefix("key = ")).expect("a key");
    line.trim_matches('"').to_owned()
}

fn file(rows: &[&str]) -> Vec<u8> {
    let mut text = String::from("organization,mail,family_name,given_name,manager,guest,active\n");
    for row in rows {
        text.push_str(&row.replace("ORG", &key()));
        text.push('\n');
    }
    text.into_bytes()
}

#[tokio::test]
async fn one_bad_row_keeps_every_other_out_and_all_are_named() {
    let world = with_examples().await;
    let refused = people(
        &world,
        &file(&[
            "ORG,good@x.example,Good,Gina,,no,yes",
            "ORG,no address,Bad,Ben,,no,yes",
            "nowhere,lost@x.example,Lost,Lou,,no,yes",
            "ORG,also@x.example,Also,Al,,perhaps,yes",
        ]),
    )
    .await;
    let Err(NotImported::Problems { problems, more: 0 }) = refused else { panic!("{refused:?}") };
    let lines: Vec<Option<usize>> = problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [Some(3), Some(4), Some(5)]);
    assert!(matches!(problems[1].code, ProblemCode::UnknownOrganization { .. }), "{:?}", problems[1]);
    assert_eq!(count(&world, &key()).await, 0);
}

#[tokio::test]
async fn a_manager_may_stand_further_down_but_has_to_stand_somewhere() {
    let world = with_examples().await;
    let rows = ["ORG,a@x.example,A,Ann,b@x.example,no,yes", "ORG,b@x.example,B,Bob,,no,yes"];
    people(&world, &file(&rows)).await.expect("the manager is in the file");
    let refused = people(&world, &file(&["ORG,c@x.example,C,Cem,nobody@x.example,no,yes"])).await;
    let Err(NotImported::Problems { problems, .. }) = refused else { panic!("{refused:?}") };
    assert!(matches!(problems[0].code, ProblemCode::UnknownManager { .. }), "{problems:?}");
    assert_eq!(problems[0].line, Some(2));
    people(&world, &file(&["ORG,c@x.example,C,Cem,a@x.example,no,yes"])).await.expect("the manager is known");
}

#[tokio::test]
async fn only_what_changed_is_changed_and_what_is_left_out_stays() {
    let world = with_examples().await;
    let rows = ["ORG,a@x.example,A,Ann,,no,yes", "ORG,b@x.example,B,Bob,,no,yes"];
    people(&world, &file(&rows)).await.expect("both");
    let rows = ["ORG,a@x.example,A,Anne,,no,yes", "ORG,b@x.example,B,Bob,,no,yes"];
    let changed = people(&world, &file(&rows)).await.expect("one of them");
    assert_eq!((changed.added, changed.changed, changed.same), (0, 1, 1));
    people(&world, &file(&["ORG,c@x.example,C,Cem,,no,yes"])).await.expect("another");
    assert_eq!(count(&world, &key()).await, 3);
}

#[tokio::test]
async fn many_leavers_are_asked_about_first() {
    let world = with_examples().await;
    let row = |number: i32, active: &str| format!("ORG,p{number}@x.example,P,N{number},,no,{active}");
    let all = |leaving: i32| -> Vec<String> {
        (0..40).map(|number| row(number, if number < leaving { "no" } else { "yes" })).collect()
    };
    let as_file = |rows: &[String]| file(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    people(&world, &as_file(&all(0))).await.expect("forty people");

    let refused = people(&world, &as_file(&all(3))).await;
    let Err(NotImported::ManyLeavers { leaving: 3, active: 40, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(count(&world, &key()).await, 40);
    // Five per cent of forty are two.
    people(&world, &as_file(&all(2))).await.expect("two may leave by the way");
    let options = PeopleOptions { many_leavers: true };
    world.services.import_people(&*as_file(&all(20)), options, |_| ()).await.expect("it was confirmed");
    assert_eq!(count(&world, &key()).await, 20);
}

#[tokio::test]
async fn every_person_that_changed_stands_in_the_organization_s_audit() {
    let world = with_examples().await;
    people(&world, &file(&["ORG,a@x.example,A,Ann,,no,yes"])).await.expect("one");
    people(&world, &file(&["ORG,a@x.example,A,Anne,,no,yes"])).await.expect("changed");
    let mut reader = world.services.store().read().await.expect("a reader");
    let mut conn = reader.conn();
    let organization = conn.organization_by_key(&key()).await.expect("a look").expect("it is there").id;
    let kept = conn.audit_newest(organization, 10).await.expect("the audit");
    let mut actions: Vec<&str> = kept.iter().map(|record| record.action.as_str()).collect();
    actions.sort_unstable();
    assert_eq!(actions, ["organization.import", "person.add", "person.change"]);
    let publisher = conn.audit_newest(Command::PUBLISHER, 10).await.expect("the audit");
    assert!(publisher.iter().any(|record| record.action == "people.import"));
}

#[tokio::test]
async fn progress_is_told() {
    let world = with_examples().await;
    let mut steps = Vec::new();
    let rows = file(&["ORG,a@x.example,A,Ann,,no,yes"]);
    let told = |step| steps.push(step);
    world.services.import_people(&*rows, PeopleOptions::default(), told).await.expect("one");
    assert_eq!(steps, [Step::Checked(1), Step::Applying]);
}

/// A file at whose last quarter the process dies.
struct Dying {
    file: Vec<u8>,
    read: usize,
}

impl std::io::Read for Dying {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        assert!(self.read < self.file.len() / 4 * 3, "the process dies on purpose");
        let count = buffer.len().min(1_000).min(self.file.len() - self.read);
        buffer[..count].copy_from_slice(&self.file[self.read..self.read + count]);
        self.read += count;
        Ok(count)
    }
}

/// How many staged rows there are.
async fn staged(world: &World) -> u64 {
    let count = world.fresh().spoil("import_person", "DELETE FROM import_person").await.expect("a count");
    world.fresh().mend("import_person").await.expect("as they were");
    count
}

async fn abandoned(world: World) {
    world.services.import_organizations(ORGANIZATIONS).await.expect("organizations");
    let key = key();
    let rows: String = (0..6_000).fold(String::new(), |rows, number| {
        rows + &format!("{key},person-{number}@aozora.example,{number},Test\n")
    });
    let file = format!("organization,mail,family_name,given_name\n{rows}");
    // A process that dies while it reads the file leaves rows that were never applied.
    let (services, dying) = (world.services.clone(), Dying { file: file.clone().into_bytes(), read: 0 });
    let died = tokio::spawn(async move {
        services.import_people(dying, PeopleOptions::default(), |_| ()).await.map(drop).ok();
    });
    assert!(died.await.is_err_and(|died| died.is_panic()));
    assert!(staged(&world).await > 0);
    assert_eq!(count(&world, &key).await, 0);
    world.pass(2 * 24 * 3_600);
    assert_eq!(people(&world, file.as_bytes()).await.expect("imported").added, 6_000);
    assert_eq!((staged(&world).await, count(&world, &key).await), (0, 6_000));
}

#[tokio::test]
async fn what_an_import_that_died_has_staged_is_forgotten() {
    abandoned(World::embedded().await.expect("a world")).await;
    if let Some(world) = World::remote().await.expect("a world on the server") {
        abandoned(world).await;
    }
}
