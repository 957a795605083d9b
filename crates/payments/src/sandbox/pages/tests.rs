use domain::address::Address;
use domain::country::Country;
use domain::language::Language;

use super::super::testing::{
    Page, Still, card, charge_request, get, open, path, portal, post, post_from, setup_request,
};
use super::*;
use crate::provider::{BillingAddress, ChargeOutcome, DeclineCode, Provider as _, Setup, SetupRefusal};

const GOOD: [(&str, &str); 4] = [
    ("number", "４２４２ ４２４２ ４２４２ ４２４２"),
    ("expiry", "05/30"),
    ("code", "987"),
    ("name", "佐藤 花"),
];

struct Stage {
    _folder: tempfile::TempDir,
    world: std::sync::Arc<Still>,
    sandbox: Sandbox,
}

impl Stage {
    fn new() -> Self {
        let (folder, world) = (tempfile::tempdir().unwrap(), Still::new());
        let sandbox = open(folder.path(), &world);
        Self { _folder: folder, world, sandbox }
    }

    async fn setup(&self, language: Language) -> Setup {
        self.sandbox.begin_setup(setup_request(&self.world, SetupKind::Add, language)).await.unwrap()
    }

    async fn outcome(&self, setup: &Setup) -> SetupOutcome {
        self.sandbox.setup_outcome(&setup.id).await.unwrap()
    }
}

fn frame(setup: &Setup) -> String {
    path(setup.frame_address.as_ref().unwrap())
}

/// Every input has a label of its own, and all that it is described by is there.
fn assert_labeled(page: &Page, inputs: &[&str]) {
    for id in inputs {
        assert!(page.text.contains(&format!("<label for=\"{id}\">")), "{id}: {}", page.text);
        assert!(page.text.contains(&format!("<input id=\"{id}\" name=\"{id}\"")), "{id}: {}", page.text);
    }
    for described in page.text.split("aria-describedby=\"").skip(1) {
        for id in described.split('"').next().unwrap().split(' ') {
            assert!(
                page.text.contains(&format!("<p class=\"hint\" id=\"{id}\">"))
                    || page.text.contains(&format!("<p class=\"error\" id=\"{id}\">")),
                "{id}"
            );
        }
    }
}

#[tokio::test]
async fn the_form_is_complete_in_both_languages() {
    let stage = Stage::new();
    for (language, texts) in [
        (
            Language::Japanese,
            [
                "lang=\"ja\"",
                "カード番号",
                "セキュリティ コード",
                "テスト モード：お金は動きません",
                "カードを保存",
            ],
        ),
        (
            Language::English,
            ["lang=\"en\"", "Card number", "Security code", "Test mode, no money moves", "Save card"],
        ),
    ] {
        let setup = stage.setup(language).await;
        for address in [frame(&setup), path(&setup.hosted_address)] {
            let page = get(&stage.sandbox, &address).await;
            assert_eq!(page.status, StatusCode::OK);
            assert_labeled(&page, &["number", "expiry", "code", "name"]);
            for text in texts {
                assert!(page.text.contains(text), "{text}: {}", page.text);
            }
            assert!(page.text.contains("4000 0000 0000 9995") && page.text.contains("Sandbox Pay"));
            // In a frame the page around it says whose it is.
            let named = page.text.contains("<span>localhost:3000</span>");
            assert_eq!(named, address != frame(&setup), "{}", page.text);
            let back = page.text.contains(">Back to 127.0.0.1:3000 without saving</a>")
                || page.text.contains(">保存せずに 127.0.0.1:3000 に戻る</a>");
            assert_eq!(back, address != frame(&setup), "{}", page.text);
            assert!(!page.text.contains("<script") && !page.text.contains("style=\""));
        }
    }
}

#[tokio::test]
async fn the_frame_belongs_to_the_portal_and_the_page_to_nobody() {
    let stage = Stage::new();
    let setup = stage.setup(Language::English).await;
    let closed = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; ";
    let page = get(&stage.sandbox, &frame(&setup)).await;
    let policy = page.header("content-security-policy");
    assert_eq!(policy, format!("{closed}frame-ancestors http://127.0.0.1:3000"));
    let page = get(&stage.sandbox, &path(&setup.hosted_address)).await;
    assert_eq!(page.header("content-security-policy"), format!("{closed}frame-ancestors 'none'"));
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
    ] {
        assert_eq!(page.header(name), value);
    }
    let elsewhere = get(&stage.sandbox, "/sandbox/cards/setup_1/frame").await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
    assert!(elsewhere.header("content-security-policy").ends_with("frame-ancestors 'none'"));
    for (file, kind) in [("/sandbox/sandbox.css", "text/css"), ("/sandbox/ready.js", "text/javascript")] {
        let page = get(&stage.sandbox, file).await;
        assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, kind));
        assert_eq!(page.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    }
}

#[tokio::test]
async fn a_typed_card_is_done_and_the_frame_tells_the_portal() {
    let stage = Stage::new();
    let setup = stage.setup(Language::Japanese).await;
    let sent = post(&stage.sandbox, &frame(&setup), &GOOD).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, frame(&setup).as_str()));
    assert!(matches!(stage.outcome(&setup).await, SetupOutcome::Ready(_)));

    let page = get(&stage.sandbox, &frame(&setup)).await;
    assert!(page.text.contains("カードを保存しました") && page.text.contains("Visa •••• 4242"));
    assert!(page.text.contains("data-portal=\"http://127.0.0.1:3000\""), "{}", page.text);
    assert!(page.text.contains(&format!("data-setup=\"{}\"", setup.id.0)));
    assert!(page.text.contains("<script type=\"module\" src=\"/sandbox/ready.js\"></script>"));
    assert!(page.header("content-security-policy").contains("; script-src 'self'; "));

    let page = get(&stage.sandbox, &path(&setup.hosted_address)).await;
    assert!(
        page.text.contains(
            "<a href=\"http://127.0.0.1:3000/checkout/ord_1?a=1&amp;b=2\">127.0.0.1:3000 に進む</a>"
        )
    );
    assert!(!page.text.contains("<script"));
    assert!(!page.header("content-security-policy").contains("script-src"));
    assert_eq!(portal().origin(), "http://127.0.0.1:3000");
}

#[tokio::test]
async fn errors_stand_beside_their_field_and_keep_what_was_typed_but_the_card() {
    let stage = Stage::new();
    let setup = stage.setup(Language::English).await;
    let fields = [
        ("number", "4242 4242 4242 4241"),
        ("expiry", "10/26"),
        ("code", "98"),
        ("name", "Hana \"<b>\" Sato"),
    ];
    let page = post(&stage.sandbox, &frame(&setup), &fields).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_labeled(&page, &["number", "expiry", "code", "name"]);
    for text in [
        "<title>Check the form: Card details",
        "value=\"Hana &quot;&lt;b&gt;&quot; Sato\"",
        "value=\"10/26\"",
        "<p class=\"error\" id=\"number-error\">This is not a card number.",
        "<p class=\"error\" id=\"expiry-error\">This card has expired.",
        "<p class=\"error\" id=\"code-error\">The security code is three digits long.",
        "aria-describedby=\"expiry-hint expiry-error\"",
    ] {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    assert_eq!(page.text.matches("aria-invalid=\"true\"").count(), 3);
    assert!(!page.text.contains("4241") && !page.text.contains("value=\"98\""));
    // A frame of another site may not take the focus; a page of its own puts it where it is needed.
    assert!(!page.text.contains("autofocus"));
    let page = post(&stage.sandbox, &path(&setup.hosted_address), &fields).await;
    assert_eq!(page.text.matches(" autofocus").count(), 1);
    assert_eq!(stage.outcome(&setup).await, SetupOutcome::Pending);
}

#[tokio::test]
async fn who_tries_numbers_stops_after_five() {
    let stage = Stage::new();
    let setup = stage.setup(Language::English).await;
    let address = path(&setup.hosted_address);
    let real = [("number", "4111111111111111"), ("expiry", "05/30"), ("code", "987"), ("name", "A")];
    let mistyped = [("number", "4242424242424241"), ("expiry", "05/30"), ("code", "987"), ("name", "A")];
    for _ in 0..4 {
        let page = post(&stage.sandbox, &address, &real).await;
        assert!(page.text.contains("Real cards do not work here."));
        post(&stage.sandbox, &address, &mistyped).await;
    }
    assert_eq!(stage.outcome(&setup).await, SetupOutcome::Pending);
    let page = post(&stage.sandbox, &address, &real).await;
    assert!(
        page.text.contains("The bank refused five times") && page.text.contains("Continue to 127.0.0.1:3000")
    );
    post(&stage.sandbox, &address, &GOOD).await;
    let refused = SetupOutcome::Refused { reason: SetupRefusal::TooManyTries };
    assert_eq!(stage.outcome(&setup).await, refused);
}

#[tokio::test]
async fn an_edit_shows_the_card_and_asks_for_the_code() {
    let stage = Stage::new();
    let card = card(&stage.sandbox, &stage.world, "3530 1113 3330 0000").await;
    let mut request =
        setup_request(&stage.world, SetupKind::Edit { card: card.token.clone() }, Language::Japanese);
    let address = Address {
        postal_code: "530-0005".to_owned(),
        region: "大阪府".to_owned(),
        city: "大阪市北区".to_owned(),
        street: "中之島 9-9-9".to_owned(),
        building: String::new(),
    };
    request.holder.address = Some(BillingAddress { country: Country::JAPAN, address });
    let setup = stage.sandbox.begin_setup(request.clone()).await.unwrap();
    let page = get(&stage.sandbox, &frame(&setup)).await;
    assert_labeled(&page, &["expiry", "code", "name"]);
    for text in [
        "JCB •••• 0000",
        "value=\"05/30\"",
        "value=\"Hana Sato\"",
        "〒530-0005<br>大阪府大阪市北区中之島 9-9-9",
    ] {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    assert!(!page.text.contains("id=\"number\""));

    for (code, status) in [("", StatusCode::OK), ("000", StatusCode::OK), ("123", StatusCode::SEE_OTHER)] {
        let fields =
            [("number", "4242424242424242"), ("expiry", "11/31"), ("code", code), ("name", "佐藤 花")];
        assert_eq!(post(&stage.sandbox, &frame(&setup), &fields).await.status, status);
    }
    let mut expected = card;
    (expected.expiry, expected.holder) = ("2031-11".parse().unwrap(), "佐藤 花".to_owned());
    expected.address = request.holder.address;
    assert_eq!(stage.outcome(&setup).await, SetupOutcome::Ready(expected));
}

#[tokio::test]
async fn another_site_changes_nothing() {
    let stage = Stage::new();
    let setup = stage.setup(Language::English).await;
    for from in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "http://127.0.0.1:3000"),
        ("origin", "null"),
        ("accept", "*/*"),
    ] {
        let page = post_from(&stage.sandbox, &frame(&setup), &GOOD, from).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{from:?}");
    }
    assert_eq!(stage.outcome(&setup).await, SetupOutcome::Pending);
    let from = ("origin", "http://localhost:3000");
    assert_eq!(post_from(&stage.sandbox, &frame(&setup), &GOOD, from).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_bank_asks_once_and_leads_back() {
    let stage = Stage::new();
    let card = card(&stage.sandbox, &stage.world, "4000 0000 0000 3220").await;
    for (answer, text) in [("approve", "The payment is confirmed"), ("refuse", "Nothing was paid")] {
        let request = charge_request(&stage.world, &card.token, 12_650);
        let outcome = stage.sandbox.charge(request.clone()).await.unwrap();
        let ChargeOutcome::NeedsConfirmation { address } = outcome else { panic!("{outcome:?}") };
        let page = get(&stage.sandbox, &path(&address)).await;
        for text in ["JPY 12,650", "MINATO SOFTWARE", "Visa •••• 3220", "Test mode, no money moves"] {
            assert!(page.text.contains(text), "{text}: {}", page.text);
        }
        assert!(!page.text.contains("Continue to"));
        // Looking changes nothing.
        assert_eq!(get(&stage.sandbox, &path(&address)).await.text, page.text);
        let wrong = post(&stage.sandbox, &path(&address), &[("answer", "maybe")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let answered = post(&stage.sandbox, &path(&address), &[("answer", answer)]).await;
        assert_eq!(answered.header("location"), path(&address));
        let page = get(&stage.sandbox, &path(&address)).await;
        assert!(
            page.text.contains(text) && page.text.contains("Continue to 127.0.0.1:3000"),
            "{}",
            page.text
        );
        assert!(page.header("content-security-policy").ends_with("frame-ancestors 'none'"));
        let outcome = stage.sandbox.charge_outcome(request.attempt).await.unwrap().unwrap();
        let refused = ChargeOutcome::Declined { code: DeclineCode::ConfirmationRefused };
        assert_eq!(outcome == refused, answer == "refuse", "{outcome:?}");
    }
    let nowhere = format!("/sandbox/confirm/{}", stage.world.attempt());
    assert_eq!(get(&stage.sandbox, &nowhere).await.status, StatusCode::NOT_FOUND);
    assert_eq!(get(&stage.sandbox, "/sandbox/confirm/x").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_form_that_is_far_too_long_is_refused() {
    let stage = Stage::new();
    let setup = stage.setup(Language::English).await;
    let long = "a".repeat(LARGEST_FORM);
    let page = post(&stage.sandbox, &frame(&setup), &[("name", &long)]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
}
