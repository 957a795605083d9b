//! The invoices, without a browser: what each address says, and where one goes from there.

use http::{Method, StatusCode};
use services::testing::checkout::ASKS;
use services::testing::story::{KENJI, paper};

use super::walk::{Walker, Way, walkers};

/// The owner before their invoices.
struct Desk {
    way: Way,
    owner: Walker,
}

impl Desk {
    async fn new() -> Self {
        let way = Way::new().await;
        let owner = owner(&way).await;
        Self { way, owner }
    }

    async fn see(&self, address: &str) -> String {
        let address = self.way.named(address);
        let (status, leads, text) = self.way.ask(&self.owner, &Method::GET, &address, String::new()).await;
        assert_eq!(status, StatusCode::OK, "{address} {leads}");
        text
    }
}

async fn owner(way: &Way) -> Walker {
    walkers(&way.world).await.into_iter().find(|walker| walker.owner).expect("the owner")
}

fn assert_says(text: &str, said: &[&str]) {
    for said in said {
        assert!(text.contains(said), "nothing says {said}: {text}");
    }
}

/// The first address on the page that begins like this.
fn address(text: &str, start: &str) -> String {
    let (_, rest) = text.split_once(&format!("href=\"{start}")).expect("an address");
    format!("{start}{}", rest.split('"').next().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_is_found_from_everywhere_and_shown_whole() {
    let desk = Desk::new().await;
    let list = desk.see("/bills/invoices").await;
    assert_says(&list, &["EX-0000001", "支払い済み", "¥1,650", "1 件中 1 件", "過去 3 か月"]);
    assert_says(&list, &["href=\"/bills/payment-methods\"", "請求と支払い", "課金"]);
    for page in ["/orders/{order}", "/products/{subscription}", "/bills/invoices"] {
        let invoice = address(&desk.see(page).await, "/bills/invoices/doc_");
        assert_eq!(invoice, desk.way.named("/bills/invoices/{invoice}"), "{page}");
    }
    let invoice = desk.see("/bills/invoices/{invoice}").await;
    assert_says(
        &invoice,
        &[
            "請求書 EX-0000001",
            "あおぞら工務店株式会社 御中",
            "T7999901048321",
            "3 席",
            "¥500",
            "10% 対象",
            "¥150",
            "¥1,650",
            "末尾 4242",
        ],
    );
    assert_says(&invoice, &["href=\"/products/sub_"]);
    assert!(!invoice.contains("pane=pay"), "nothing is owed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_shows_what_the_address_says() {
    let desk = Desk::new().await;
    for (query, shown, said) in [
        ("period=6-months", true, "過去 6 か月間"),
        ("period=range", true, "type=\"date\""),
        ("period=range&from=2026-11-24&to=2026-11-24", true, "value=\"2026-11-24\""),
        ("period=range&from=2026-11-25&to=2026-12-31", false, "より前の請求書が 1 件"),
        ("period=range&from=2026-01-01&to=2026-11-23", false, "より後の請求書が 1 件"),
        ("period=nonsense&status=nonsense&after=nonsense", true, "過去 3 か月"),
        ("status=unpaid", false, "フィルターで 1 件が隠れています"),
        ("status=paid&q=0001", true, "フィルターを消す"),
        ("q=1%2C650", true, "value=\"1,650\""),
        ("q=%3Cb%3E", false, "value=\"&lt;b"),
        // Days that cannot be accepted stay as they were typed.
        ("period=range&from=soon&to=2026-11-24", false, "value=\"soon\""),
        ("period=range&from=soon&to=2026-11-24", false, "日付ではありません"),
        ("period=range&from=&to=2026-11-24", false, "日付を入力します"),
        ("period=range&from=2026-11-25&to=2026-11-24", false, "最初の日より前です"),
    ] {
        let text = desk.see(&["/bills/invoices?", query].concat()).await;
        assert_says(&text, &[said]);
        assert_eq!(text.contains("EX-0000001"), shown, "{query}");
    }
    // What is hidden is one click away.
    let text = desk.see("/bills/invoices?period=range&from=2026-11-25&to=2026-12-31").await;
    let everything = address(&text, "/bills/invoices?period=range&amp;from=2026-11-24");
    assert_says(&desk.see(&everything.replace("&amp;", "&")).await, &["EX-0000001"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_owed_is_paid_from_its_invoice() {
    let desk = Desk::new().await;
    let world = &desk.way.world;
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    // The card pays everything of the profile from now on, and its bank asks in vain.
    world.buy(&kenji, &paper(2), ASKS).await.expect("bought");
    world.live(31).await.expect("a month passes");
    let desk = Desk { owner: owner(&desk.way).await, ..desk };
    let list = desk.see("/bills/invoices").await;
    assert_says(&list, &["未払いが 2 件、¥2,750 あります。", "未払いを表示"]);
    let open = desk.see("/bills/invoices?status=unpaid").await;
    let invoice = address(&open, "/bills/invoices/doc_");
    let text = desk.see(&invoice).await;
    assert_says(&text, &["未払い", "今すぐ支払う", "支払期日", "未払いの金額"]);
    let pane = address(&text, "/products/sub_");
    assert_says(&desk.see(&[&pane, "?pane=pay"].concat()).await, &["を支払う"]);
    assert!(text.contains("?pane=pay\""));
}
