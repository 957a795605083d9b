//! Billing accounts and profiles: who sees and changes what in which role, and that somebody always owns them (SPEC 1).

use domain::address::Address;
use domain::billing::BillingRole::{self, Contributor, InvoiceManager, Owner, Reader};
use domain::id::{BillingProfileId, PersonId, SubscriptionId};
use services::asker::Asker;
use services::billing::{BillingProblem, DetailsTyped, Grant, Holding, ProfilePage, RecipientReason};
use services::on_both_engines;
use services::rights::Right;
use services::testing::World;
use services::testing::checkout::GOOD;
use services::testing::story::{ANNA, HANA, KENJI, YUI, paper};
use services::{ServiceError, Services};

on_both_engines! {
    without_a_role_there_is_nothing_to_see
    each_role_sees_and_changes_what_it_may
    a_role_on_an_account_counts_on_its_profiles
    a_role_is_given_to_people_of_the_organization_only
    the_last_owner_stays
    of_two_owners_who_remove_each_other_at_once_one_stays
    only_ones_own_method_pays_and_it_may_pay_several
    who_is_slower_changes_nothing
    the_next_invoice_carries_the_po_number
    recipients_are_kept_as_they_are_read
}

/// Kenji has bought something: the account and its profile are his.
struct Story {
    world: World,
    kenji: Asker,
    yui: Asker,
    subscription: SubscriptionId,
    profile: BillingProfileId,
}

impl Story {
    async fn of(world: World) -> Self {
        let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
        let yui = world.signed_in(YUI, None).await.expect("Yui");
        let subscription = world.buy(&kenji, &paper(2), GOOD).await.expect("bought");
        let profile = world.subscription("aozora", subscription).await.expect("it is there").profile;
        Self { world, kenji, yui, subscription, profile }
    }

    fn services(&self) -> &Services {
        &self.world.services
    }

    async fn page(&self, asker: &Asker) -> Result<ProfilePage, ServiceError> {
        self.services().billing_profile(asker, self.profile).await
    }

    async fn version(&self) -> i64 {
        self.page(&self.kenji).await.or(self.page(&self.yui).await).expect("a page").profile.version
    }

    /// Gives a role on the profile, as it is now.
    async fn give(&self, by: &Asker, mail: &str, role: BillingRole) -> Result<(), ServiceError> {
        let on = (Holding::Profile(self.profile), self.version().await);
        let grant = Grant { mail: mail.to_owned(), role };
        self.services().grant_billing_role(by, &self.key(), on, &grant).await
    }

    async fn take(&self, by: &Asker, person: PersonId) -> Result<(), ServiceError> {
        let on = (Holding::Profile(self.profile), self.version().await);
        self.services().revoke_billing_role(by, &self.key(), on, person).await
    }

    async fn name(&self, by: &Asker, name: &str) -> Result<(), ServiceError> {
        let typed = DetailsTyped { name: name.to_owned(), ..DetailsTyped::default() };
        let version = self.version().await;
        self.services().describe_profile(by, &self.key(), self.profile, version, &typed).await
    }

    /// What the form of a new pane has.
    fn key(&self) -> String {
        format!("{:016x}", u64::from_be_bytes(self.services().environment().bytes()))
    }

    async fn person(&self, mail: &str) -> PersonId {
        self.world.person("aozora", mail).await.expect("they are there")
    }

    async fn assert_whole(&self) {
        assert!(self.world.broken().await.expect("verified").is_empty());
    }
}

fn is_forbidden(outcome: &Result<(), ServiceError>) -> bool {
    matches!(outcome, Err(ServiceError::Forbidden(Right::ManageBilling)))
}

fn is_problem(outcome: &Result<(), ServiceError>, problem: &BillingProblem) -> bool {
    matches!(outcome, Err(ServiceError::Billing(found)) if found == problem)
}

async fn without_a_role_there_is_nothing_to_see(world: World) {
    let story = Story::of(world).await;
    let own = story.services().billing_accounts(&story.kenji).await.expect("his accounts");
    assert_eq!((own.len(), own[0].account.role, own[0].profiles), (1, Some(Owner), 1));
    let account = own[0].account.id;
    let hana = story.world.signed_in(HANA, None).await.expect("Hana");
    let elsewhere = story.world.signed_in(ANNA, Some("Lakeside")).await.expect("Anna");
    for stranger in [&story.yui, &hana, &elsewhere] {
        assert!(story.services().billing_accounts(stranger).await.expect("a list").is_empty());
        let found = story.services().billing_account(stranger, account).await;
        assert!(matches!(found, Err(ServiceError::NotFound)));
        assert!(matches!(story.page(stranger).await, Err(ServiceError::NotFound)));
        assert!(matches!(story.name(stranger, "x").await, Err(ServiceError::NotFound)));
        assert!(matches!(story.give(stranger, YUI, Owner).await, Err(ServiceError::NotFound)));
    }
    let guest = story.world.signed_in(ANNA, Some("あおぞら")).await.expect("Anna as a guest");
    assert!(matches!(story.page(&guest).await, Err(ServiceError::Forbidden(Right::SeeBilling))));
    let page = story.page(&story.kenji).await.expect("his profile");
    assert_eq!((page.profile.role, page.own_method, page.subscriptions.len()), (Owner, true, 1));
    assert!(page.subscriptions[0].managed);
}

async fn each_role_sees_and_changes_what_it_may(world: World) {
    let story = Story::of(world).await;
    let cards = story.services().replacement(&story.kenji, story.profile).await.expect("his cards").cards;
    assert_eq!(cards.iter().map(|card| card.usual).collect::<Vec<_>>(), [true]);
    for role in [Reader, InvoiceManager, Contributor, Owner] {
        story.give(&story.kenji, YUI, role).await.expect("given");
        let page = story.page(&story.yui).await.expect("she sees it");
        assert_eq!((page.profile.role, page.own_method), (role, false), "{role}");
        // She does not manage what it pays.
        assert_eq!((page.subscriptions.len(), page.subscriptions[0].managed), (1, false));
        let accounts = story.services().billing_accounts(&story.yui).await.expect("her accounts");
        assert_eq!((accounts.len(), accounts[0].account.role), (1, None), "{role}");
        let renamed = story.name(&story.yui, role.code()).await;
        assert_eq!(renamed.is_ok(), role.may_change(), "{role}: {renamed:?}");
        assert_eq!(is_forbidden(&renamed), !role.may_change(), "{role}");
        let version = story.version().await;
        let recipients = "ledger@aozora.example";
        let set = story.services();
        let set = set.set_recipients(&story.yui, &story.key(), story.profile, version, recipients).await;
        assert_eq!(is_forbidden(&set), !role.may_change(), "{role}");
        let given = story.give(&story.yui, HANA, Reader).await;
        assert_eq!(given.is_ok(), role == Owner, "{role}: {given:?}");
        assert_eq!(is_forbidden(&given), role != Owner, "{role}");
    }
    story.assert_whole().await;
}

async fn a_role_on_an_account_counts_on_its_profiles(world: World) {
    let story = Story::of(world).await;
    let accounts = story.services().billing_accounts(&story.kenji).await.expect("his accounts");
    let (account, version) = (accounts[0].account.id, accounts[0].account.version);
    let grant = |role| Grant { mail: YUI.to_owned(), role };
    let on = (Holding::Account(account), version);
    let refused = story.services().grant_billing_role(&story.kenji, "a", on, &grant(InvoiceManager)).await;
    assert!(is_problem(&refused, &BillingProblem::NoSuchRole), "{refused:?}");
    story.services().grant_billing_role(&story.kenji, "b", on, &grant(Contributor)).await.expect("given");
    assert_eq!(story.page(&story.yui).await.expect("she sees it").profile.role, Contributor);
    story.name(&story.yui, "分析").await.expect("she changes it");
    // On the profile she is less: the stronger role counts.
    story.give(&story.kenji, YUI, Reader).await.expect("given");
    assert_eq!(story.page(&story.yui).await.expect("she sees it").profile.role, Contributor);
    let page = story.services().billing_account(&story.yui, account).await.expect("the account");
    assert_eq!((page.holders.len(), page.owners.len(), page.profiles.len()), (2, 1, 1));
}

async fn a_role_is_given_to_people_of_the_organization_only(world: World) {
    let story = Story::of(world).await;
    // A guest, nobody at all, somebody of another organization: one answer.
    for mail in [ANNA, "nobody@aozora.example", "suharto@lakeside.example"] {
        let refused = story.give(&story.kenji, mail, Reader).await;
        assert!(is_problem(&refused, &BillingProblem::NobodyHere), "{mail}: {refused:?}");
    }
    for mail in ["", "yui"] {
        let refused = story.give(&story.kenji, mail, Reader).await;
        assert!(matches!(refused, Err(ServiceError::Fields(_))), "{mail}: {refused:?}");
    }
    // As people type it.
    story.give(&story.kenji, " Yui.Yamazaki@AOZORA.example ", Reader).await.expect("given");
    assert_eq!(story.page(&story.kenji).await.expect("his profile").holders.len(), 2);
}

async fn the_last_owner_stays(world: World) {
    let story = Story::of(world).await;
    let (kenji, yui) = (story.person(KENJI).await, story.person(YUI).await);
    let last = BillingProblem::LastOwner;
    assert!(is_problem(&story.take(&story.kenji, kenji).await, &last));
    assert!(is_problem(&story.give(&story.kenji, KENJI, Reader).await, &last));
    story.give(&story.kenji, KENJI, Owner).await.expect("he stays what he is");
    story.give(&story.kenji, YUI, Owner).await.expect("given");
    story.give(&story.kenji, KENJI, Contributor).await.expect("he is less now");
    // He owns the account, so he may; but nobody else owns the profile.
    assert!(is_problem(&story.take(&story.kenji, yui).await, &last));
    assert!(is_problem(&story.take(&story.yui, yui).await, &last));
    story.take(&story.yui, kenji).await.expect("taken");
    let again = story.take(&story.yui, kenji).await;
    assert!(matches!(again, Err(ServiceError::Stale)), "{again:?}");
    story.assert_whole().await;
}

async fn of_two_owners_who_remove_each_other_at_once_one_stays(world: World) {
    let story = Story::of(world).await;
    let (kenji, yui) = (story.person(KENJI).await, story.person(YUI).await);
    story.give(&story.kenji, YUI, Owner).await.expect("given");
    let on = (Holding::Profile(story.profile), story.version().await);
    let services = story.services();
    let (his, hers) = tokio::join!(
        services.revoke_billing_role(&story.kenji, "his form", on, yui),
        services.revoke_billing_role(&story.yui, "her form", on, kenji),
    );
    assert_eq!(usize::from(his.is_ok()) + usize::from(hers.is_ok()), 1, "{his:?} {hers:?}");
    let organization = story.world.organization("aozora").await.expect("the organization");
    let mut reader = services.store().read().await.expect("a reader");
    let owners = reader.conn().profile_owners(organization, story.profile).await.expect("owners");
    assert_eq!(owners, [if his.is_ok() { kenji } else { yui }]);
}

async fn only_ones_own_method_pays_and_it_may_pay_several(world: World) {
    let story = Story::of(world).await;
    let services = story.services();
    let bought = story.world.buy(&story.yui, &paper(1), GOOD).await.expect("Yui buys too");
    let hers = story.world.subscription("aozora", bought).await.expect("it is there").profile;
    let method_of = |page: &ProfilePage| page.profile.method.as_ref().map(|method| method.id);
    let his_card = method_of(&story.page(&story.kenji).await.expect("his")).expect("a card");
    let her_card = services.billing_profile(&story.yui, hers).await.expect("hers");
    let (her_version, her_card) = (her_card.profile.version, method_of(&her_card).expect("a card"));

    story.give(&story.kenji, YUI, Contributor).await.expect("given");
    // Hers he may not use, wherever it pays; and she may not use his on her own profile.
    let version = story.version().await;
    let refused = services.replace_method(&story.kenji, "k", story.profile, version, her_card).await;
    assert!(matches!(refused, Err(ServiceError::NoCard)), "{refused:?}");
    let refused = services.replace_method(&story.yui, "k", hers, her_version, his_card).await;
    assert!(matches!(refused, Err(ServiceError::NoCard)), "{refused:?}");
    // Her card pays both.
    services.replace_method(&story.yui, "k", story.profile, version, her_card).await.expect("replaced");
    let page = story.page(&story.kenji).await.expect("his");
    assert_eq!((method_of(&page), page.own_method), (Some(her_card), false));
    let own = services.billing_profile(&story.yui, hers).await.expect("hers");
    assert_eq!(method_of(&own), Some(her_card));
    // What renews is charged to it.
    let before = story.world.sandbox.collected().0;
    story.world.live(31).await.expect("a month passes");
    assert!(story.world.sandbox.collected().0 > before);
    assert_eq!(story.page(&story.kenji).await.expect("his").figures.unpaid, 0);
    story.assert_whole().await;
}

async fn who_is_slower_changes_nothing(world: World) {
    let story = Story::of(world).await;
    let services = story.services();
    let seen = story.version().await;
    let typed = |name: &str| DetailsTyped { name: name.to_owned(), ..DetailsTyped::default() };
    let first = typed("first");
    services.describe_profile(&story.kenji, "one", story.profile, seen, &first).await.expect("saved");
    // The same form once more is the same command.
    services.describe_profile(&story.kenji, "one", story.profile, seen, &first).await.expect("known");
    let second = services.describe_profile(&story.kenji, "two", story.profile, seen, &typed("second")).await;
    assert!(matches!(second, Err(ServiceError::Stale)), "{second:?}");
    let third = services.set_recipients(&story.kenji, "three", story.profile, seen, "").await;
    assert!(matches!(third, Err(ServiceError::Stale)), "{third:?}");
    let page = story.page(&story.kenji).await.expect("his profile");
    assert_eq!(page.profile.details.name.as_deref(), Some("first"));
    assert_eq!(page.profile.version, seen + 1);
}

async fn the_next_invoice_carries_the_po_number(world: World) {
    let story = Story::of(world).await;
    let services = story.services();
    let bill_to =
        Address { city: "神戸市".into(), street: "波止場町 1-1".into(), ..Address::default() };
    let typed =
        DetailsTyped { name: "分析チーム".into(), purchase_order: "HK-2026-1104".into(), bill_to };
    let version = story.version().await;
    services.describe_profile(&story.kenji, "k", story.profile, version, &typed).await.expect("saved");
    let page = story.page(&story.kenji).await.expect("his profile");
    assert_eq!(page.profile.details, typed.read().expect("nothing is wrong"));
    let numbers = async || {
        let organization = story.world.organization("aozora").await.expect("the organization");
        let mut reader = services.store().read().await.expect("a reader");
        let invoices = reader.conn().invoices_of(organization, story.subscription).await.expect("invoices");
        let numbers = invoices.into_iter().map(|invoice| invoice.contents.purchase_order);
        let mut numbers: Vec<_> = numbers.collect();
        numbers.sort();
        numbers
    };
    story.world.live(31).await.expect("a month passes");
    // What was issued before stays as it is.
    assert_eq!(numbers().await, [None, Some("HK-2026-1104".to_owned())]);
}

async fn recipients_are_kept_as_they_are_read(world: World) {
    let story = Story::of(world).await;
    let services = story.services();
    let version = story.version().await;
    let mailed = async || {
        let organization = story.world.organization("aozora").await.expect("the organization");
        let mut reader = services.store().read().await.expect("a reader");
        let found = reader.conn().invoice_recipients(organization, story.profile).await.expect("recipients");
        found.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(mailed().await, [KENJI]);
    let set = async |key: &str, version, typed: &str| {
        services.set_recipients(&story.kenji, key, story.profile, version, typed).await
    };
    let refused = set("a", version, "a@aozora.example, A@aozora.example").await;
    let Err(ServiceError::Billing(BillingProblem::Recipients(problems))) = refused else {
        panic!("one stands there twice: {refused:?}")
    };
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].reason, RecipientReason::Twice);
    set("b", version, "A@aozora.example\nbooks@tax.example").await.expect("saved");
    assert_eq!(mailed().await, ["a@aozora.example", "books@tax.example"]);
    set("c", version + 1, " ").await.expect("nobody is fine");
    assert_eq!(mailed().await, [KENJI]);
}
