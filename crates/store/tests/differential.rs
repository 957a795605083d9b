//! Both engines, driven by the same random commands: after each they must have answered the same, and at the end
//! they must hold the same.
//!
//! Whatever decides a command comes with it (its time, its seed), so the two make the same ids and no difference
//! needs to be explained away. Passed over in silence where no server is named, as in the contract suite.

use std::collections::BTreeMap;
use std::fmt::Debug;

use domain::id::{AccountId, ImportId, LinkId, OrganizationId, PersonId, SessionId};
use domain::time::Instant;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{RngSeed, TestRunner};
use store::audit::Record;
use store::imports::Staged;
use store::organizations::OrganizationChange;
use store::people::{Chosen, Person, Profile};
use store::shelf::Changed;
use store::testing::{embedded, remote};
use store::{Actor, Command, Conn, Key, Origin, Store, StoreError, Tx};
use uuid::Uuid;

/// Addresses that bytes sort otherwise than people do.
const MAILS: &[&str] = &["a-b@x.example", "a.c@x.example", "ab@x.example", "zoe@x.example", "élan@x.example"];
/// Names of which the same is true.
const NAMES: &[&str] = &["Zebra", "apple", "Éclair", "北", "きた"];
const ORGANIZATIONS: &[&str] = &["north", "South"];
const LANGUAGES: &[&str] = &["en", "ja"];
const THEMES: &[&str] = &["dark", "light"];
/// How many tokens sessions have, and links.
const TOKENS: u8 = 3;
/// How many imports an organization has under way at once.
const IMPORTS: u8 = 2;

/// Texts that are drawn stand in the lists above.
type Text = &'static str;

/// What is asked.
#[derive(Clone, Debug)]
enum Step {
    Account { mail: Text },
    Operator { mail: Text, operator: bool },
    Password { mail: Text, hash: u8 },
    Link { token: u8, mail: Text, minutes: i64 },
    UseLink { token: u8 },
    Session { token: u8, mail: Text, organization: Option<Text> },
    MoveSession { token: u8, mail: Text, organization: Text },
    TouchSession { token: u8 },
    EndSession { token: u8 },
    Organization { key: Text, name: Text, tax_id: u8, administrators: Option<Vec<Text>> },
    Stage { organization: Text, import: u8, people: BTreeMap<Text, Wanted>, apply: bool },
    Apply { organization: Text, import: u8 },
    Forget { organization: Text, import: u8 },
    Preferences { organization: Text, mail: Text, theme: Option<Text>, stale: bool },
    RefusedForm { token: Option<u8>, content: u8 },
}

/// What a file says of a person.
#[derive(Clone, Debug)]
struct Wanted {
    family: Text,
    manager: Option<Text>,
    language: Option<Text>,
    guest: bool,
    active: bool,
    groups: u8,
    keys: u8,
}

/// A step with the name of its key and what stands for its content. The content is drawn and not computed: so
/// the same key comes again with the same and with another one, and for a step of another kind.
#[derive(Clone, Debug)]
struct Asked {
    step: Step,
    key: Option<(u8, u8)>,
}

fn mail() -> impl Strategy<Value = Text> {
    select(MAILS)
}

fn organization() -> impl Strategy<Value = Text> {
    select(ORGANIZATIONS)
}

fn account_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => mail().prop_map(|mail| Step::Account { mail }),
        1 => (mail(), any::<bool>()).prop_map(|(mail, operator)| Step::Operator { mail, operator }),
        1 => (mail(), 0..3_u8).prop_map(|(mail, hash)| Step::Password { mail, hash }),
        2 => (0..TOKENS, mail(), 0..20_i64)
            .prop_map(|(token, mail, minutes)| Step::Link { token, mail, minutes }),
        2 => (0..TOKENS).prop_map(|token| Step::UseLink { token }),
    ]
}

fn session_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..TOKENS, mail(), proptest::option::of(organization()))
            .prop_map(|(token, mail, organization)| Step::Session { token, mail, organization }),
        2 => (0..TOKENS, mail(), organization())
            .prop_map(|(token, mail, organization)| Step::MoveSession { token, mail, organization }),
        1 => (0..TOKENS).prop_map(|token| Step::TouchSession { token }),
        1 => (0..TOKENS).prop_map(|token| Step::EndSession { token }),
        2 => (proptest::option::of(0..TOKENS), 0..3_u8)
            .prop_map(|(token, content)| Step::RefusedForm { token, content }),
    ]
}

fn organization_step() -> impl Strategy<Value = Step> {
    let administrators = proptest::option::of(proptest::collection::vec(mail(), 0..3));
    let people = proptest::collection::btree_map(mail(), wanted(), 1..=3);
    prop_oneof![
        3 => (organization(), select(NAMES), 0..3_u8, administrators).prop_map(
            |(key, name, tax_id, administrators)| Step::Organization { key, name, tax_id, administrators }
        ),
        5 => (organization(), 0..IMPORTS, people, any::<bool>()).prop_map(
            |(organization, import, people, apply)| Step::Stage { organization, import, people, apply }
        ),
        2 => (organization(), 0..IMPORTS)
            .prop_map(|(organization, import)| Step::Apply { organization, import }),
        1 => (organization(), 0..IMPORTS)
            .prop_map(|(organization, import)| Step::Forget { organization, import }),
        2 => (organization(), mail(), proptest::option::of(select(THEMES)), any::<bool>()).prop_map(
            |(organization, mail, theme, stale)| Step::Preferences { organization, mail, theme, stale }
        ),
    ]
}

fn wanted() -> impl Strategy<Value = Wanted> {
    let manager = proptest::option::weighted(0.3, mail());
    let language = proptest::option::of(select(LANGUAGES));
    // Enough keys now and then for a statement of many rows.
    (select(NAMES), manager, language, any::<bool>(), any::<bool>(), 0..3_u8, 0..40_u8).prop_map(
        |(family, manager, language, guest, active, groups, keys)| Wanted {
            family,
            manager,
            language,
            guest,
            active,
            groups,
            keys,
        },
    )
}

fn asked() -> impl Strategy<Value = Asked> {
    let step = prop_oneof![3 => account_step(), 3 => session_step(), 5 => organization_step()];
    let key = proptest::option::weighted(0.3, (0..4_u8, 0..2_u8));
    (step, key).prop_map(|(step, key)| Asked { step, key })
}

/// What stands before the random commands, so that they find somebody.
fn beginning() -> Vec<Asked> {
    let administrators = Some(vec![MAILS[0]]);
    let organization =
        Step::Organization { key: ORGANIZATIONS[0], name: NAMES[0], tax_id: 0, administrators };
    let steps = [organization, Step::Account { mail: MAILS[0] }, Step::Account { mail: MAILS[1] }];
    steps.into_iter().map(|step| Asked { step, key: None }).collect()
}

#[test]
fn both_engines_answer_and_hold_the_same() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    // The same commands in every run: a difference that was found once is found again.
    let config = ProptestConfig {
        cases: 12,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        // Each try to make a failing sequence shorter fills two fresh databases.
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    };
    let commands = proptest::collection::vec(asked(), 10..=40);
    let outcome =
        TestRunner::new(config).run(&commands, |commands| runtime.block_on(same_on_both(&commands)));
    if let Err(difference) = outcome {
        panic!("{difference}");
    }
}

async fn same_on_both(commands: &[Asked]) -> Result<(), TestCaseError> {
    let Some(there) = remote(false).await.expect("a database on the server") else { return Ok(()) };
    let here = embedded().await.expect("an embedded database");
    let beginning = beginning();
    for (number, asked) in (0_u8..).zip(beginning.iter().chain(commands)) {
        let answers = (perform(&here.store, number, asked).await, perform(&there.store, number, asked).await);
        same(&format!("{number}: {asked:?}"), &answers.0, &answers.1)?;
    }
    let held = observe(&here.store).await.expect("what the embedded engine holds");
    let held_there = observe(&there.store).await.expect("what the remote engine holds");
    for (one, other) in held.iter().zip(&held_there) {
        same("at the end", one, other)?;
    }
    same("how much there is at the end", &held.len(), &held_there.len())?;
    here.store.close().await;
    there.store.close().await;
    Ok(())
}

fn same<T: PartialEq + Debug>(what: &str, embedded: &T, remote: &T) -> Result<(), TestCaseError> {
    if embedded == remote {
        return Ok(());
    }
    Err(TestCaseError::fail(format!("{what}\nembedded: {embedded:?}\n  remote: {remote:?}")))
}

/// Carries a command out. Gives its answer, or the kind of its error: the words are each engine's own.
async fn perform(store: &Store, number: u8, asked: &Asked) -> Result<String, String> {
    let step = asked.step.clone();
    let outcome = store.write(command(number, asked.key), move |tx| {
        let step = step.clone();
        Box::pin(async move {
            let answer = take(tx, &step).await?;
            let record = Record::new("step.take", "step", Uuid::from_u128(u128::from(number)));
            tx.audit(record.fact("number", number).personal("step", format!("{step:?}")));
            Ok::<_, StoreError>(answer)
        })
    });
    outcome.await.map_err(|error| kind(&error))
}

/// The name of the error's variant, with which its debug text begins.
fn kind(error: &StoreError) -> String {
    format!("{error:?}").chars().take_while(char::is_ascii_alphabetic).collect()
}

/// The command that comes at this place of the sequence.
fn command(number: u8, key: Option<(u8, u8)>) -> Command {
    let actor = match number % 3 {
        0 => Actor::CommandLine,
        1 => Actor::Stranger,
        _ => Actor::Account(AccountId::from_uuid(Uuid::from_u128(7))),
    };
    Command {
        organization: Command::PUBLISHER,
        actor,
        origin: Origin {
            address: (number % 2 == 1).then(|| "198.51.100.7".to_owned()),
            agent: (number % 4 == 1).then(|| "ブラウザー".to_owned()),
        },
        at: Instant::from_micros(1_700_000_000_000_000).plus_seconds(60 * i64::from(number)),
        seed: [number; 32],
        key: key.map(|(name, content)| Key { name: format!("key {name}"), digest: [content; 32] }),
        reason: (number % 5 == 1).then(|| "頼まれたから".to_owned()),
    }
}

/// Takes a step. Whom it names and nobody is gets an id that belongs to nobody, which both must refuse alike.
async fn take(tx: &mut Tx<'_>, step: &Step) -> Result<String, StoreError> {
    match step {
        Step::Account { mail } => tx.account_for_mail(mail).await.map(said),
        Step::Operator { mail, operator } => {
            let account = account_of(tx, mail).await?;
            tx.set_operator(account, *operator).await.map(said)
        }
        Step::Password { mail, hash } => {
            let account = account_of(tx, mail).await?;
            tx.set_password(account, &format!("hash {hash}")).await.map(said)
        }
        Step::Link { token, mail, minutes } => {
            let account = account_of(tx, mail).await?;
            let expires_at = tx.at().plus_seconds(60 * *minutes);
            tx.make_link([*token; 32], account, expires_at).await.map(said)
        }
        Step::UseLink { token } => {
            let link = tx.link([*token; 32]).await?.map_or(LinkId::from_uuid(Uuid::nil()), |link| link.id);
            tx.use_link(link).await.map(said)
        }
        Step::Session { token, mail, organization } => {
            let account = account_of(tx, mail).await?;
            let place = match organization {
                Some(organization) => Some(place_of(tx, organization, mail).await?),
                None => None,
            };
            tx.start_session([*token; 32], account, place).await.map(said)
        }
        Step::MoveSession { token, mail, organization } => {
            let session = session_of(tx, *token).await?;
            let (organization, person) = place_of(tx, organization, mail).await?;
            tx.move_session(session, organization, person).await.map(said)
        }
        Step::TouchSession { token } => {
            let session = session_of(tx, *token).await?;
            tx.touch_session(session).await.map(said)
        }
        Step::EndSession { token } => {
            let session = session_of(tx, *token).await?;
            tx.end_session(session).await.map(said)
        }
        Step::RefusedForm { token, content } => refuse_form(tx, *token, *content).await,
        _ => take_in_organization(tx, step).await,
    }
}

/// The steps that concern an organization and its people.
async fn take_in_organization(tx: &mut Tx<'_>, step: &Step) -> Result<String, StoreError> {
    match step {
        Step::Organization { key, name, tax_id, administrators } => {
            let mut changed = Changed::default();
            let change = change(key, name, *tax_id, administrators.as_deref());
            tx.apply_organization(&change, &mut changed).await?;
            Ok(said(changed))
        }
        Step::Stage { organization, import, people, apply } => {
            let staged = stage(tx, organization, *import, people).await?;
            if *apply {
                tx.apply_people(import_of(organization, *import)).await?;
            }
            Ok(staged)
        }
        Step::Apply { organization, import } => {
            tx.apply_people(import_of(organization, *import)).await.map(said)
        }
        Step::Forget { organization, import } => {
            let import = import_of(organization, *import);
            tx.forget_staged(import, import).await.map(said)
        }
        Step::Preferences { organization, mail, theme, stale } => {
            prefer(tx, organization, mail, *theme, *stale).await
        }
        _ => unreachable!("{step:?} concerns no organization"),
    }
}

fn said<T: Debug>(answer: T) -> String {
    format!("{answer:?}")
}

async fn account_of(tx: &mut Tx<'_>, mail: &str) -> Result<AccountId, StoreError> {
    let account = tx.account_by_mail(mail).await?;
    Ok(account.map_or(AccountId::from_uuid(Uuid::nil()), |account| account.id))
}

async fn session_of(tx: &mut Tx<'_>, token: u8) -> Result<SessionId, StoreError> {
    let session = tx.session([token; 32]).await?;
    Ok(session.map_or(SessionId::from_uuid(Uuid::nil()), |session| session.id))
}

async fn organization_of(tx: &mut Tx<'_>, key: &str) -> Result<OrganizationId, StoreError> {
    let organization = tx.organization_by_key(key).await?;
    Ok(organization.map_or(OrganizationId::from_uuid(Uuid::nil()), |organization| organization.id))
}

async fn place_of(tx: &mut Tx<'_>, key: &str, mail: &str) -> Result<(OrganizationId, PersonId), StoreError> {
    let organization = organization_of(tx, key).await?;
    let person = tx.known_person(organization, mail).await?;
    Ok((organization, person.map_or(PersonId::from_uuid(Uuid::nil()), |person| person.id)))
}

/// An import of one organization's. A file may hold several, but which of the ids staged for one address its
/// account gets is then left to the engine.
fn import_of(organization: &str, import: u8) -> ImportId {
    let organization = if organization == ORGANIZATIONS[0] { 0 } else { 100 };
    ImportId::from_uuid(Uuid::from_u128(1 + organization + u128::from(import)))
}

fn change(key: &str, name: &str, tax_id: u8, administrators: Option<&[&str]>) -> OrganizationChange {
    OrganizationChange {
        key: key.to_owned(),
        legal_name: name.to_owned(),
        country: "JP".to_owned(),
        currency: "JPY".to_owned(),
        time_zone: "Asia/Tokyo".to_owned(),
        language: "ja".to_owned(),
        address: "{}".to_owned(),
        tax_id: match tax_id {
            0 => None,
            1 => Some(None),
            _ => Some(Some("T1234567890123".to_owned())),
        },
        mail_domains: (tax_id == 1).then(|| "[\"x.example\"]".to_owned()),
        administrators: administrators.map(|mails| mails.iter().map(|&mail| mail.to_owned()).collect()),
    }
}

async fn stage(
    tx: &mut Tx<'_>,
    organization: &str,
    import: u8,
    people: &BTreeMap<Text, Wanted>,
) -> Result<String, StoreError> {
    let import = import_of(organization, import);
    let organization = organization_of(tx, organization).await?;
    let mut staged = Vec::new();
    // An address has the same line in every file, so that no two lines of an import are the same.
    for (line, mail) in (1_u32..).zip(MAILS) {
        let Some(wanted) = people.get(mail) else { continue };
        let known = tx.known_person(organization, mail).await?;
        staged.push(Staged {
            line,
            organization,
            known: known.map(|known| (known.id, known.version)),
            profile: wanted.profile(mail),
            groups: (0..wanted.groups).map(|group| format!("group {group}")).collect(),
            keys: (0..wanted.keys).map(|key| format!("key {key}")).collect(),
            sort_key: format!("{} {mail}", wanted.family),
            digest: [wanted.keys; 32],
        });
    }
    tx.stage_people(import, &staged).await?;
    tx.staged_without_manager(import, 10).await.map(said)
}

impl Wanted {
    fn profile(&self, mail: &str) -> Profile {
        Profile {
            mail: mail.to_owned(),
            family: self.family.to_owned(),
            given: "太郎".to_owned(),
            manager_mail: self.manager.map(str::to_owned),
            language: self.language.map(str::to_owned),
            guest: self.guest,
            active: self.active,
            ..Profile::default()
        }
    }
}

/// Sets the theme as somebody who has just looked, or who looked before the last change.
async fn prefer(
    tx: &mut Tx<'_>,
    organization: &str,
    mail: &str,
    theme: Option<&str>,
    stale: bool,
) -> Result<String, StoreError> {
    let (organization, person) = place_of(tx, organization, mail).await?;
    let Some(place) = tx.place(organization, person).await? else { return Ok("nobody is there".to_owned()) };
    let seen = Person { version: place.person.version - i64::from(stale), ..place.person };
    let chosen = Chosen { theme: theme.map(str::to_owned), ..seen.chosen.clone() };
    tx.set_preferences(&seen, &chosen).await.map(said)
}

/// Keeps a form and looks at it as the session that typed it and as one that did not.
async fn refuse_form(tx: &mut Tx<'_>, token: Option<u8>, content: u8) -> Result<String, StoreError> {
    let session = match token {
        Some(token) => Some(session_of(tx, token).await?),
        None => None,
    };
    let since = tx.at().plus_seconds(-15 * 60);
    let form = tx.keep_refused_form(session, format!("{{\"typed\":{content}}}"), since).await?;
    let kept = tx.refused_form(form, session, since).await?;
    let of_another = tx.refused_form(form, Some(SessionId::from_uuid(Uuid::max())), since).await?;
    Ok(said((form, kept, of_another)))
}

/// Everything that can be asked, a line for each answer.
async fn observe(store: &Store) -> Result<Vec<String>, StoreError> {
    let mut reader = store.read().await?;
    let mut conn = reader.conn();
    let mut lines = Vec::new();
    for token in 0..TOKENS {
        lines.push(said(conn.session([token; 32]).await?));
        lines.push(said(conn.link([token; 32]).await?));
    }
    for mail in MAILS {
        let account = conn.account_by_mail(mail).await?;
        if let Some(account) = &account {
            lines.push(said(conn.account(account.id).await?));
            lines.push(said(conn.places_of_account(account.id).await?));
        }
        lines.push(said(account));
    }
    for key in ORGANIZATIONS {
        let organization = conn.organization_by_key(key).await?;
        if let Some(organization) = &organization {
            observe_organization(&mut conn, organization.id, &mut lines).await?;
        }
        lines.push(said(organization));
    }
    lines.extend(conn.audit_newest(Command::PUBLISHER, 500).await?.iter().map(said));
    Ok(lines)
}

async fn observe_organization(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    lines: &mut Vec<String>,
) -> Result<(), StoreError> {
    let mails: Vec<String> = MAILS.iter().map(|&mail| mail.to_owned()).collect();
    lines.push(said(conn.administrators(organization).await?));
    lines.push(said(conn.active_people(organization).await?));
    lines.push(said(conn.guests_among(organization, &mails).await?));
    for mail in MAILS {
        let Some(known) = conn.known_person(organization, mail).await? else { continue };
        lines.push(said(conn.stored_profile(organization, known.id).await?));
        lines.push(said(conn.groups_of_person(organization, known.id).await?));
        lines.push(said(conn.place(organization, known.id).await?));
        lines.push(said(known));
    }
    lines.extend(conn.audit_newest(organization, 500).await?.iter().map(said));
    Ok(())
}
