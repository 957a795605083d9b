//! The walk of strangers: every page and every server function, asked by everybody who should not get an answer.
//!
//! The lists of pages and functions are the program's own, so nothing can be added without saying here which right
//! it needs; what that right means is read from `services::rights::TABLE`.

use std::net::SocketAddr;

use app::request::Site;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use clap::Parser as _;
use domain::id::PersonId;
use domain::language::Localized;
use domain::mail::MailAddress;
use http::{Method, Request, StatusCode};
use services::cards::CardWish;
use services::orders::{Confirmation, Stage};
use services::rights::{Right, Role};
use services::testing::World;
use services::testing::story::{ANNA, HANA, KENJI, YUI, paper};
use tower::ServiceExt as _;

use crate::config::{Arguments, Config};

/// What somebody needs to get an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    /// Nothing: it is for people before they are inside.
    Nothing,
    /// A right.
    Right(Right),
    /// A right, and that the thing is their own: to everybody else it is nowhere.
    Own(Right),
}

use Needs::{Nothing, Own, Right as Only};

/// Every page. `{…}` stands for what the path names.
const PAGES: &[(&str, Needs)] = &[
    ("/sign-in", Nothing),
    ("/link/{token}", Nothing),
    ("/organizations", Only(Right::UseAccount)),
    ("/", Only(Right::SeeHome)),
    ("/catalog", Only(Right::BrowseCatalog)),
    ("/catalog/{product}", Only(Right::BrowseCatalog)),
    ("/catalog/{product}/trial", Only(Right::Buy)),
    ("/checkout/{order}", Own(Right::Buy)),
    ("/orders/{order}", Own(Right::Buy)),
    ("/bills/payment-methods", Only(Right::ManageCards)),
    ("/products", Only(Right::SeeProducts)),
    ("/products/{subscription}", Own(Right::SeeProducts)),
    ("/licenses", Only(Right::AssignLicenses)),
    ("/licenses/{product}", Own(Right::AssignLicenses)),
    ("/bills/invoices", Only(Right::SeeInvoices)),
    ("/bills/invoices/{invoice}", Own(Right::SeeInvoices)),
    ("/my-licenses", Only(Right::SeeLicenses)),
    ("/billing-accounts", Only(Right::SeeBilling)),
    ("/billing-accounts/{account}", Own(Right::SeeBilling)),
    ("/billing-accounts/{account}/profiles/{profile}", Own(Right::SeeBilling)),
    ("/settings", Only(Right::ChangeSettings)),
    ("/organization/clock", Only(Right::MoveClock)),
];

/// Every server function, with what it is asked. `{…}` stands for what it names.
const FUNCTIONS: &[(&str, Needs, &str)] = &[
    ("sign-in-form", Nothing, ""),
    ("link-form", Nothing, "token={token}"),
    ("sign-in", Nothing, "mail=x&password=x"),
    ("use-link", Nothing, "token=0&password=x&again=x"),
    ("sign-out", Nothing, ""),
    ("notice", Nothing, "key=x"),
    ("places", Only(Right::UseAccount), ""),
    ("choose-organization", Only(Right::UseAccount), "organization={elsewhere}"),
    ("home", Only(Right::SeeHome), ""),
    ("settings", Only(Right::ChangeSettings), ""),
    ("save-settings", Only(Right::ChangeSettings), "language=ja&theme=dark&version=0"),
    ("set-language", Only(Right::ChangeSettings), "language=ja&to=/"),
    ("catalog", Only(Right::BrowseCatalog), ""),
    ("product", Only(Right::BrowseCatalog), "key=paper"),
    (
        "start-order",
        Only(Right::Buy),
        "key=k&product=paper&plan=standard&term=1-month&frequency=up-front&seats=1",
    ),
    ("checkout", Own(Right::Buy), "order={order}"),
    ("change-order", Own(Right::Buy), "order={order}&product=paper&offer=standard/1-month/up-front&seats=9"),
    ("choose-card", Own(Right::Buy), "order={order}&card="),
    ("confirm-order", Own(Right::Buy), "order={order}&seal=x&quoted_at=0"),
    ("settle-order", Own(Right::Buy), "order={order}"),
    ("order", Own(Right::Buy), "order={order}"),
    ("products", Only(Right::SeeProducts), ""),
    ("product-details", Own(Right::SeeProducts), "subscription={subscription}"),
    ("subscription-pane", Own(Right::ManageSubscription), "subscription={subscription}&pane=recurring"),
    (
        "change-seats",
        Own(Right::ManageSubscription),
        "subscription={subscription}&seats=9&when=now&confirmation=0/x",
    ),
    (
        "change-plan",
        Own(Right::ManageSubscription),
        "subscription={subscription}&offer=standard/1-year/up-front&when=now&confirmation=0/x",
    ),
    (
        "cancel-subscription",
        Own(Right::ManageSubscription),
        "subscription={subscription}&how=at-end&reason=not-used&confirmation=0/x",
    ),
    ("set-recurring", Own(Right::ManageSubscription), "subscription={subscription}&key=k&turn=off"),
    ("revoke-scheduled", Own(Right::ManageSubscription), "subscription={subscription}&key=k"),
    ("extend-trial", Own(Right::Buy), "subscription={subscription}&key=k"),
    ("choose-losing", Own(Right::ManageSubscription), "subscription={subscription}&key=k&person[]={person}"),
    ("payment-methods", Only(Right::ManageCards), ""),
    ("method-pane", Own(Right::ManageCards), "pane=method&method={method}"),
    ("begin-card", Own(Right::ManageCards), "wish=replace&method={method}&address[city]=a&address[street]=b"),
    ("finish-card", Own(Right::ManageCards), "setup={setup}"),
    ("delete-card", Own(Right::ManageCards), "method={method}"),
    ("license-list", Own(Right::AssignLicenses), "product=paper&wish=assign"),
    ("check-list", Own(Right::AssignLicenses), "product=paper&wish=assign&list=a"),
    ("carry-list-out", Own(Right::AssignLicenses), "product=paper&wish=unassign&key=k"),
    ("export-products", Only(Right::SeeProducts), ""),
    ("export-licenses", Own(Right::AssignLicenses), "product=paper"),
    ("export-invoices", Only(Right::SeeInvoices), ""),
    ("pay-invoice", Own(Right::PayInvoices), "subscription={subscription}&document={document}"),
    (
        "begin-term",
        Own(Right::Buy),
        "subscription={subscription}&product=paper&pane=reactivate&offer=standard/1-month/up-front&seats=3&key=k",
    ),
    ("trial", Only(Right::Buy), "product=paper"),
    ("start-trial", Only(Right::Buy), "product=paper&key=k"),
    ("licenses", Only(Right::AssignLicenses), ""),
    ("license-product", Own(Right::AssignLicenses), "product=paper"),
    ("find-people", Own(Right::AssignLicenses), "product=paper&typed=y"),
    ("assign-licenses", Own(Right::AssignLicenses), "product=paper&key=k&person[]={person}"),
    ("unassign-licenses", Own(Right::AssignLicenses), "product=paper&key=k&person[]={person}"),
    ("unassign-question", Own(Right::AssignLicenses), "product=paper&person[]={person}"),
    ("license-result", Only(Right::AssignLicenses), "product=paper&result=x"),
    ("invoices", Only(Right::SeeInvoices), ""),
    ("invoice", Own(Right::SeeInvoices), "invoice={invoice}"),
    ("my-licenses", Only(Right::SeeLicenses), ""),
    ("billing-accounts", Only(Right::SeeBilling), ""),
    ("billing-account", Own(Right::SeeBilling), "account={account}&tab=roles"),
    ("billing-profile", Own(Right::SeeBilling), "account={account}&profile={profile}&pane=replace"),
    (
        "describe-profile",
        Own(Right::ManageBilling),
        "account={account}&profile={profile}&version=1&key=k&name=x",
    ),
    (
        "set-recipients",
        Own(Right::ManageBilling),
        "account={account}&profile={profile}&version=1&key=k&recipients=x@x.example",
    ),
    (
        "replace-method",
        Own(Right::ManageBilling),
        "account={account}&profile={profile}&version=1&key=k&method={method}",
    ),
    (
        "grant-billing-role",
        Own(Right::ManageBilling),
        "account={account}&on={account}&version=1&key=k&mail=yui.yamazaki@aozora.example&role=owner",
    ),
    (
        "revoke-billing-role",
        Own(Right::ManageBilling),
        "account={account}&on={profile}&version=1&key=k&person={person}",
    ),
    ("clock", Only(Right::MoveClock), ""),
    ("start-clock", Only(Right::MoveClock), ""),
    ("advance-clock", Only(Right::MoveClock), "to=2027-01-01"),
];

/// Somebody on the walk.
pub(super) struct Walker {
    who: &'static str,
    role: Role,
    session: Option<String>,
    /// Whether the things on the way are theirs.
    pub(super) owner: bool,
}

/// What a walker should meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meets {
    Answer,
    /// Nobody is signed in.
    Door,
    /// The right is missing.
    Forbidden,
    /// Nothing is there.
    Nowhere,
}

impl Walker {
    /// Whether it is this one.
    pub(super) fn is(&self, who: &str) -> bool {
        self.who == who
    }

    fn meets(&self, needs: Needs) -> Meets {
        let (right, own) = match needs {
            Nothing => return Meets::Answer,
            Only(right) => (right, false),
            Own(right) => (right, true),
        };
        match self.role {
            role if role >= right.least() && own && !self.owner => Meets::Nowhere,
            role if role >= right.least() => Meets::Answer,
            Role::Stranger | Role::Account => Meets::Door,
            _ => Meets::Forbidden,
        }
    }
}

/// The way: what stands on it, and who owns it.
pub(super) struct Way {
    pub(super) world: World,
    router: Router,
    names: Vec<(&'static str, String)>,
    cookie: &'static str,
}

impl Way {
    pub(super) async fn new() -> Self {
        let world = World::embedded().await.expect("a world").with_examples().await.expect("the examples");
        let names = things(&world).await;
        let folder = world.fresh().folder().expect("a folder").join("site");
        std::fs::create_dir_all(folder.join("pkg")).expect("a site");
        let words = ["zaseki", "serve", "--site", folder.to_str().expect("a path")];
        let config: Config =
            Arguments::try_parse_from(words).expect("words").settings.decide().expect("settings");
        let publisher = Localized::new("座席", "Zaseki");
        let site = Site { services: world.services.clone(), publisher, secure: false };
        let cookie = site.cookie_name();
        let router = super::router(&config, site).expect("a router");
        Self { world, router, names, cookie }
    }

    pub(super) fn named(&self, text: &str) -> String {
        self.names.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }

    pub(super) async fn ask(
        &self,
        walker: &Walker,
        method: &Method,
        path: &str,
        body: String,
    ) -> (StatusCode, String, String) {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:3000")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        if path.starts_with("/api/") {
            request = request.header("accept", "application/json");
        }
        if let Some(session) = &walker.session {
            request = request.header("cookie", format!("{}={session}", self.cookie));
        }
        let mut request = request.body(Body::from(body)).expect("a request");
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 1))));
        let answer = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = answer.into_parts();
        let header = |name| parts.headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
        let leads = header("location").or(header("serverfnredirect")).unwrap_or_default().to_owned();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        (parts.status, leads, String::from_utf8_lossy(&body).into_owned())
    }

    /// What of the owner's could have been changed.
    async fn state(&self) -> String {
        let organization = self.world.organization("aozora").await.expect("the organization");
        let mut reader = self.world.services.store().read().await.expect("a reader");
        let records = reader.conn().audit_newest(organization, 1_000).await.expect("the audit");
        format!("{records:?} {:?}", self.world.sandbox.collected())
    }
}

/// Kenji has bought something and gives it to Yui; a second order of his waits.
async fn things(world: &World) -> Vec<(&'static str, String)> {
    let services = &world.services;
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let order = services.start_order(&kenji, "a form", &paper(3)).await.expect("an order");
    let Stage::Card { setup, .. } = services.checkout(&kenji, order).await.expect("a checkout").stage else {
        panic!("a card is to be typed")
    };
    world.type_card(&setup, "4242 4242 4242 4242").await;
    let Stage::Confirm { quoted, .. } = services.checkout(&kenji, order).await.expect("a checkout").stage
    else {
        panic!("the last page")
    };
    let confirmation = Confirmation { seal: quoted.seal, quoted_at: quoted.at };
    services.confirm_order(&kenji, order, &confirmation).await.expect("paid");
    let receipt = services.receipt(&kenji, order).await.expect("a receipt");
    let here = world.organization("aozora").await.expect("the organization");
    let mut reader = services.store().read().await.expect("a reader");
    let invoices = reader.conn().invoices_of(here, receipt.subscription.id).await.expect("invoices");
    drop(reader);
    let invoice = invoices.first().expect("an invoice");
    let yui = person(world, YUI).await;
    services.assign_licenses(&kenji, "a form", "paper", &[yui]).await.expect("given");
    let method = services.cards(&kenji).await.expect("the cards")[0].id;
    let wish = CardWish::Edit { method };
    let typed = services.card_address(&kenji, wish).await.expect("an address");
    let setup =
        services.begin_card(&kenji, "a form", wish, &typed, "").await.expect("a place at the provider");
    let profile =
        services.billing_profile(&kenji, receipt.subscription.profile).await.expect("his profile").profile;
    let elsewhere = world.organization("lakeside").await.expect("the organization");
    let address = MailAddress::parse("suharto@lakeside.example").expect("an address");
    let link = services.make_link(&address).await.expect("a link");
    vec![
        ("{order}", order.to_string()),
        ("{subscription}", receipt.subscription.id.to_string()),
        ("{document}", invoice.id.to_string()),
        ("{method}", method.to_string()),
        ("{setup}", setup.to_string()),
        ("{invoice}", invoice.id.to_string()),
        ("{account}", profile.account.to_string()),
        ("{profile}", profile.id.to_string()),
        ("{product}", "paper".to_owned()),
        ("{person}", yui.to_string()),
        ("{elsewhere}", elsewhere.to_string()),
        ("{token}", link),
    ]
}

async fn person(world: &World, mail: &str) -> PersonId {
    let organization = world.organization("aozora").await.expect("the organization");
    let mut reader = world.services.store().read().await.expect("a reader");
    reader.conn().known_person(organization, mail).await.expect("a look").expect("a person").id
}

pub(super) async fn walkers(world: &World) -> Vec<Walker> {
    let session = |mail, organization| world.session(mail, organization);
    let walker = |who, role, session: Result<String, _>, owner| Walker {
        who,
        role,
        session: Some(session.expect("a session")),
        owner,
    };
    vec![
        Walker { who: "a stranger", role: Role::Stranger, session: None, owner: false },
        walker("a guest", Role::Guest, session(ANNA, Some("あおぞら")).await, false),
        walker("a colleague", Role::Member, session(YUI, None).await, false),
        walker("an administrator", Role::Administrator, session(HANA, None).await, false),
        walker("somebody elsewhere", Role::Member, session(ANNA, Some("Lakeside")).await, false),
        walker("the owner", Role::Member, session(KENJI, None).await, true),
    ]
}

/// Words of the owner's pages that nobody else may read.
const SECRETS: [&str; 3] = ["EX-0000001", "4242", "yui.yamazaki"];

#[tokio::test(flavor = "multi_thread")]
async fn every_page_opens_to_whom_it_is_for_and_to_nobody_else() {
    let way = Way::new().await;
    let mut listed: Vec<&str> = PAGES.iter().map(|(path, _)| *path).collect();
    let routes = leptos_axum::generate_route_list(app::App);
    let mut known: Vec<&str> = routes.iter().map(leptos_axum::AxumRouteListing::path).collect();
    listed.sort_unstable();
    known.sort_unstable();
    assert_eq!(known, listed, "a page is missing from the walk, or there is one too many");
    for walker in walkers(&way.world).await {
        for (path, needs) in PAGES {
            let place = format!("{} at {path}", walker.who);
            let (status, leads, text) = way.ask(&walker, &Method::GET, &way.named(path), String::new()).await;
            match walker.meets(*needs) {
                // Pages of one's own may lead on: an order to its receipt, one place to the only other one.
                Meets::Answer => {
                    let on = leads.starts_with('/') && !leads.starts_with("/sign-in");
                    assert!(status.is_success() || on, "{place}: {status} {leads}");
                }
                Meets::Door => assert!(leads.starts_with("/sign-in"), "{place}: {status} {leads}"),
                Meets::Forbidden => {
                    let said = ["You do not have the right", "権限がありません"]
                        .iter()
                        .any(|said| text.contains(said));
                    assert!(said, "{place}: {status} {text}");
                }
                Meets::Nowhere => assert_eq!(status, StatusCode::NOT_FOUND, "{place}"),
            }
            if !walker.owner {
                assert!(SECRETS.iter().all(|secret| !text.contains(secret)), "{place} reads a secret");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_function_answers_whom_it_is_for_and_nobody_else() {
    let way = Way::new().await;
    let mut known: Vec<(&str, Method)> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, method)| (path.trim_start_matches("/api/"), method))
        .collect();
    known.sort_unstable_by_key(|(path, _)| *path);
    let mut listed: Vec<&str> = FUNCTIONS.iter().map(|(path, ..)| *path).collect();
    listed.sort_unstable();
    let paths: Vec<&str> = known.iter().map(|(path, _)| *path).collect();
    assert_eq!(paths, listed, "a function is missing from the walk, or there is one too many");
    for walker in walkers(&way.world).await {
        for (path, needs, asked) in FUNCTIONS {
            let place = format!("{} at {path}", walker.who);
            let method =
                known.iter().find(|(known, _)| known == path).map(|(_, method)| method).expect("known");
            let meets = walker.meets(*needs);
            // Whoever signs out or moves would go on as somebody else.
            if *method == Method::POST && meets == Meets::Answer {
                continue;
            }
            let (address, body) = match *method {
                Method::GET => (format!("/api/{path}?{}", way.named(asked)), String::new()),
                _ => (format!("/api/{path}"), way.named(asked)),
            };
            let before = way.state().await;
            let (status, leads, text) = way.ask(&walker, method, &address, body).await;
            let code = match meets {
                Meets::Answer => None,
                Meets::Door => Some("SignedOut"),
                Meets::Forbidden => Some("Forbidden"),
                Meets::Nowhere => Some("NotFound"),
            };
            match code {
                None => assert!(status.is_success(), "{place}: {status} {text}"),
                // A form leads back to its page, with the reason kept for it; whatever else it does is the owner's.
                Some(code) => {
                    let refused =
                        text.contains(code) || leads.contains("notice=") || leads.starts_with("/sign-in");
                    assert!(refused, "{place}: {status} {leads} {text}");
                    assert_eq!(before, way.state().await, "{place} changed something");
                }
            }
            if !walker.owner {
                assert!(
                    SECRETS.iter().all(|secret| !text.contains(secret)),
                    "{place} reads a secret: {text}"
                );
            }
        }
    }
}
