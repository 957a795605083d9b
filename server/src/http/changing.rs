//! The panes of a subscription and their forms, without a browser: what each address says, where each form leads, and
//! what stands there.

use http::{Method, StatusCode};
use services::cards::CardAtProvider;
use services::testing::checkout::{ASKS, GOOD};
use services::testing::story::{HANA, KENJI, YUI, paper};

use super::walk::{Walker, Way, walkers};

/// What stands in the address of a subscription that is paid, and what its page then says, in either language.
const PANES: &[(&str, [&str; 2])] = &[
    ("pane=seats&way=more", ["ライセンスの購入", "Buy licenses"]),
    ("pane=seats&way=fewer", ["ライセンスの削除", "Remove licenses"]),
    ("pane=seats&seats=5&when=now", ["2 席を追加", "add 2 seats"]),
    ("pane=seats&seats=%EF%BC%95&when=at-renewal", ["更新時から 5 席にする", "Change to 5 seats at renewal"]),
    ("pane=seats&seats=2", ["クレジットになります", "becomes credit"]),
    ("pane=seats&seats=many", ["数字で", "whole number"]),
    ("pane=seats&seats=99999", ["このプランは", "This plan has"]),
    ("pane=plan", ["今のプラン", "Current"]),
    ("pane=plan&offer=standard/1-year/monthly&when=now", ["未使用分", "days not used"]),
    ("pane=plan&offer=standard/1-year/monthly&when=at-renewal", ["更新時にプランを変更", "at renewal"]),
    ("pane=recurring", ["継続請求はオンです", "Recurring billing is on"]),
    ("pane=scheduled", ["予定されている変更はありません", "Nothing is scheduled"]),
    ("pane=cancel", ["返金額", "Refund"]),
    ("pane=pay", ["未払いはありません", "Nothing is due"]),
    ("pane=extend", ["この操作はできません", "this is not possible"]),
    ("pane=reactivate", ["この操作はできません", "this is not possible"]),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_pane_is_shown_to_whoever_manages_the_subscription() {
    let way = Way::new().await;
    let walkers = walkers(&way.world).await;
    let owner = walkers.iter().find(|walker| walker.owner).expect("the owner");
    for (query, [ja, en]) in PANES {
        let address = way.named(&["/products/{subscription}?", query].concat());
        let (status, _, text) = way.ask(owner, &Method::GET, &address, String::new()).await;
        assert!(status.is_success() && text.contains("id=\"pane-title\""), "{query}: {status}");
        assert!(text.contains(ja) || text.contains(en), "{query} does not say {ja} or {en}: {text}");
    }
}

/// The owner at their forms.
struct Desk {
    way: Way,
    owner: Walker,
}

impl Desk {
    async fn new() -> Self {
        let way = Way::new().await;
        let owner = walkers(&way.world).await.into_iter().find(|walker| walker.owner).expect("the owner");
        Self { way, owner }
    }

    async fn see(&self, address: &str) -> String {
        let (status, leads, text) =
            self.way.ask(&self.owner, &Method::GET, &self.way.named(address), String::new()).await;
        assert_eq!(status, StatusCode::OK, "{address} {leads}");
        text
    }

    /// Sends a form; gives where it leads.
    async fn send(&self, function: &str, form: &str) -> String {
        let address = format!("/api/{function}");
        let (_, leads, text) = self.way.ask(&self.owner, &Method::POST, &address, self.way.named(form)).await;
        assert!(leads.starts_with('/'), "{function} leads nowhere: {text}");
        leads
    }

    /// Sends a form and sees where it leads.
    async fn sent(&self, function: &str, form: &str) -> (String, String) {
        let leads = self.send(function, form).await;
        let text = self.see(&leads).await;
        (leads, text)
    }

    /// By which the quote of a pane is confirmed.
    async fn quoted(&self, pane: &str) -> String {
        let text = self.see(&["/products/{subscription}?", pane].concat()).await;
        let (_, rest) = text.split_once("name=\"confirmation\" value=\"").expect("a quote");
        rest.split('"').next().unwrap_or_default().to_owned()
    }
}

fn assert_says(text: &str, said: &[&str]) {
    for said in said {
        assert!(text.contains(said), "nothing says {said}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn seats_change_as_quoted_or_are_quoted_anew() {
    let desk = Desk::new().await;
    let confirmation = desk.quoted("pane=seats&seats=5").await;
    let form = |seats: &str, confirmation: &str| {
        format!("subscription={{subscription}}&seats={seats}&when=now&way=more&confirmation={confirmation}")
    };
    // Another number than the one that was quoted.
    let (leads, text) = desk.sent("change-seats", &form("6", &confirmation)).await;
    assert!(leads.contains("pane=seats") && leads.contains("form="), "{leads}");
    assert_says(&text, &["見積もりが変わりました", "3 席を追加"]);
    // The same, twice: done once.
    for _ in 0..2 {
        let (leads, text) = desk.sent("change-seats", &form("5", &confirmation)).await;
        assert!(leads.contains("?result="), "{leads}");
        assert_says(&text, &["席を変更しました", "ライセンスの合計は 5 席です"]);
    }
    // Fewer than are held by people, at renewal: it waits, and is dropped again.
    let confirmation = desk.quoted("pane=seats&seats=4&when=at-renewal").await;
    let form = format!("subscription={{subscription}}&seats=4&when=at-renewal&confirmation={confirmation}");
    let (_, text) = desk.sent("change-seats", &form).await;
    assert_says(&text, &["変更を予定しました", "5 席から 4 席へ"]);
    assert_says(
        &desk.see("/products/{subscription}?pane=scheduled").await,
        &["予定を取り消す", "予定した人"],
    );
    let (_, text) = desk.sent("revoke-scheduled", "subscription={subscription}&key=k").await;
    assert_says(&text, &["予定を取り消しました"]);
    assert!(!text.contains("5 席から 4 席へ"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_ends_with_a_reason_and_comes_back() {
    let desk = Desk::new().await;
    for (turn, said) in [("off", "継続請求をオフにしました"), ("on", "継続請求をオンにしました")]
    {
        let form = format!("subscription={{subscription}}&key={turn}&turn={turn}");
        assert_says(&desk.sent("set-recurring", &form).await.1, &[said]);
    }
    let confirmation = desk.quoted("pane=cancel").await;
    let form =
        |rest: &str| format!("subscription={{subscription}}&how=now&confirmation={confirmation}{rest}");
    let feedback = "&feedback=%3C%2Ftextarea%3E%3Cb%3E";
    let (leads, text) = desk.sent("cancel-subscription", &form(feedback)).await;
    assert!(leads.contains("form="), "{leads}");
    assert_says(&text, &["解約の理由を 1 つ選びます", "&lt;/textarea>&lt;b>"]);
    let (_, text) = desk.sent("cancel-subscription", &form("&reason=other&other=")).await;
    assert_says(&text, &["その他の理由を入力します"]);
    let (_, text) = desk.sent("cancel-subscription", &form("&reason=not-used")).await;
    assert_says(&text, &["解約しました", "¥1,650 を返金します", "pane=reactivate", "無効"]);
    assert_says(&desk.see("/products/{subscription}?pane=seats").await, &["無効のため"]);
    let form = "subscription={subscription}&product=paper&pane=reactivate&offer=standard/1-month/up-front&seats=3&key=k";
    let (leads, text) = desk.sent("begin-term", form).await;
    assert!(leads.starts_with("/checkout/ord_"), "{leads}");
    assert_says(&text, &["支払って再アクティブ化"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_starts_and_is_bought() {
    let desk = Desk::new().await;
    assert_says(&desk.see("/catalog/paper").await, &["/catalog/paper/trial", "30 日間の試用を開始"]);
    assert_says(&desk.see("/catalog/paper/trial").await, &["25 席まで", "自動で終わります", "利用規約"]);
    let (leads, text) = desk.sent("start-trial", "product=paper&key=k").await;
    assert!(leads.starts_with("/products/sub_") && leads.contains("?result="), "{leads}");
    assert_says(&text, &["試用を開始しました", "試用中", "残り 30 日"]);
    assert_says(&desk.see("/catalog/paper/trial").await, &["一度試用しています"]);
    let page = leads.split('?').next().unwrap_or_default().to_owned();
    let subscription = page.rsplit('/').next().unwrap_or_default().to_owned();
    assert_says(&desk.see(&[&page, "?pane=extend"].concat()).await, &["から延長できます"]);
    let notice = desk.send("extend-trial", &format!("subscription={subscription}&key=k")).await;
    assert!(notice.contains("notice="), "{notice}");
    assert_says(&desk.see(&[&page, "?pane=buy&seats=4"].concat()).await, &["購入へ進む", "4 席"]);
    let form = format!(
        "subscription={subscription}&product=paper&pane=buy&offer=standard/1-month/up-front&seats=4&key=k"
    );
    let (leads, text) = desk.sent("begin-term", &form).await;
    assert!(leads.starts_with("/checkout/ord_"), "{leads}");
    assert_says(&text, &["支払って購入"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_paid_on_its_pane() {
    let desk = Desk::new().await;
    let world = &desk.way.world;
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let id = world.buy(&kenji, &paper(2), ASKS).await.expect("bought");
    world.live(31).await.expect("a month passes");
    let owner = walkers(world).await.into_iter().find(|walker| walker.owner).expect("the owner");
    let desk = Desk { owner, ..desk };
    let page = format!("/products/{id}");
    assert_says(&desk.see(&page).await, &["未払い", "今すぐ支払う", "?pane=pay"]);
    let pane = [&page, "?pane=pay"].concat();
    let text = desk.see(&pane).await;
    assert_says(&text, &["¥1,100", "¥1,100 を支払う", "EX-0000", "3220", "無効になります"]);
    let (_, rest) = text.split_once("name=\"document\" value=\"").expect("an invoice");
    let document = rest.split('"').next().unwrap_or_default();
    let form = format!("subscription={id}&document={document}");
    // The bank asks.
    let (leads, text) = desk.sent("pay-invoice", &form).await;
    assert_eq!(leads, pane);
    assert_says(&text, &["カード会社の確認が必要です", "/sandbox/confirm/", "結果を確かめる"]);
    let (_, rest) = text.split_once("href=\"http://localhost").expect("the bank's page");
    let address = ["http://localhost", rest.split('"').next().unwrap_or_default()].concat();
    let address = address.parse().expect("an address");
    desk.way.world.answer_bank(&address, false).await;
    let (leads, text) = desk.sent("pay-invoice", &form).await;
    assert!(leads.contains("form="), "{leads}");
    assert_says(&text, &["支払いができませんでした", "¥1,100 を支払う"]);
    // Another card of one's own.
    let kenji = desk.way.world.signed_in(KENJI, None).await.expect("Kenji");
    desk.way.world.buy(&kenji, &paper(1), GOOD).await.expect("bought with another card");
    assert_says(&desk.see(&pane).await, &["4242", "3220"]);
    let (leads, text) = desk.sent("pay-invoice", &form).await;
    assert!(leads.contains("?result="), "{leads}");
    assert_says(&text, &["支払いが済みました", "¥1,100 を請求しました"]);
    // Sent once more, it is paid already.
    let (_, text) = desk.sent("pay-invoice", &form).await;
    assert_says(&text, &["未払いはありません"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_loses_a_license_at_the_renewal_is_ticked() {
    let desk = Desk::new().await;
    let world = &desk.way.world;
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let hana = world.person("aozora", HANA).await.expect("Hana");
    let yui = world.person("aozora", YUI).await.expect("Yui");
    world.services.assign_licenses(&kenji, "another form", "paper", &[hana]).await.expect("given");
    let confirmation = desk.quoted("pane=seats&seats=1&when=at-renewal").await;
    let form = format!("subscription={{subscription}}&seats=1&when=at-renewal&confirmation={confirmation}");
    assert_says(&desk.sent("change-seats", &form).await.1, &["変更を予定しました"]);
    // Hana got hers last: she loses it unless somebody else is ticked.
    let ticked = |person| format!("value=\"{person}\" checked");
    let text = desk.see("/products/{subscription}?pane=scheduled").await;
    assert_says(&text, &["ライセンスを失う人", "席が 1 席足りなくなります", &ticked(hana)]);
    assert!(!text.contains(&ticked(yui)));
    let choose = |people: &str| format!("subscription={{subscription}}&key=k{people}");
    let (leads, text) =
        desk.sent("choose-losing", &choose(&format!("&person[]={yui}&person[]={hana}"))).await;
    assert!(leads.contains("form="), "{leads}");
    assert_says(&text, &["2 人を選んでいますが", &ticked(hana), &ticked(yui)]);
    let (leads, text) = desk.sent("choose-losing", &choose(&format!("&person[]={yui}"))).await;
    assert!(leads.contains("result="), "{leads}");
    assert_says(&text, &["ライセンスを失う人を決めました"]);
    let text = desk.see("/products/{subscription}?pane=scheduled").await;
    assert_says(&text, &[&ticked(yui)]);
    assert!(!text.contains(&ticked(hana)));
    world.live(31).await.expect("the month passes");
    let store = desk.way.world.services.store();
    let organization = desk.way.world.organization("aozora").await.expect("the organization");
    let mut held = Vec::new();
    for person in [yui, hana] {
        let mut reader = store.read().await.expect("a reader");
        held.push(reader.conn().licenses_of(organization, person).await.expect("licenses").len());
    }
    assert_eq!(held, [0, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_method_is_added_at_the_provider_and_takes_another_ones_place() {
    let desk = Desk::new().await;
    let text = desk.see("/bills/payment-methods").await;
    assert_says(&text, &["末尾 4242", "課金プロファイル 1 件"]);
    let text = desk.see("/bills/payment-methods?pane=delete&method={method}").await;
    assert_says(&text, &["このカードは使われています", "新しいカードに置換"]);
    // The address is checked before anything begins.
    let form =
        |city: &str| format!("wish=replace&method={{method}}&address[city]={city}&address[street]=%3Cb%3E");
    let (leads, text) = desk.sent("begin-card", &form("")).await;
    assert!(leads.contains("pane=replace") && leads.contains("form="), "{leads}");
    assert_says(&text, &["市区町村を入力します", "&lt;b&gt;"]);
    let (leads, text) = desk.sent("begin-card", &form("Kobe")).await;
    assert_says(&text, &["id=\"finish-card\"", "card-frame"]);
    let setup = leads.split("setup=").nth(1).expect("a set-up").to_owned();
    let place = desk.way.world.signed_in(KENJI, None).await.expect("Kenji");
    let progress = desk.way.world.services.card_progress(&place, setup.parse().expect("an id")).await;
    let CardAtProvider::Waiting(at) = progress.expect("the place").at else { panic!("it waits") };
    // Nothing was typed: one is led back to where it is typed.
    let (leads, _) = desk.sent("finish-card", &format!("setup={setup}")).await;
    assert!(leads.contains("pane=card"), "{leads}");
    desk.way.world.type_card(&at, "5555 5555 5555 4444").await;
    let text = desk.see(&leads).await;
    assert_says(&text, &["カードを確かめました", "Mastercard 末尾 4444"]);
    let (leads, text) = desk.sent("finish-card", &format!("setup={setup}")).await;
    assert!(leads.contains("result="), "{leads}");
    assert_says(&text, &["これからは Mastercard 末尾 4444 で支払います", "課金プロファイル 1 件"]);
    assert!(!text.contains("4242"), "the old one is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_checked_and_then_carried_out() {
    let desk = Desk::new().await;
    let list = |list: &str| format!("product=paper&wish=assign&list={list}");
    let (_, text) = desk.sent("check-list", &list("+%0A")).await;
    assert_says(&text, &["1 人以上を入力します"]);
    let (leads, text) =
        desk.sent("check-list", &list("hana.mori%40aozora.example%0Anobody%3Cb%3E%40aozora.example")).await;
    assert_says(&text, &["組織の中に見つかりません", "実行する前の確認", "nobody&lt;b&gt;@aozora.example"]);
    let checked = leads.split("result=").nth(1).expect("a result").to_owned();
    let fits = text.contains("1 人に割り当て");
    let form = format!("product=paper&wish=assign&checked={checked}&key=k");
    let mut said = Vec::new();
    for _ in 0..2 {
        let (_, text) = desk.sent("carry-list-out", &form).await;
        assert_says(&text, &["実行の結果", "人に割り当てました"]);
        said.push(text.matches("割り当てました").count());
    }
    assert!(fits && said[0] == said[1], "{fits} {said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_saved_as_files() {
    let desk = Desk::new().await;
    for (address, said) in [
        ("/api/export-products", ["製品,契約,状態", "2026-12-24", "JPY"]),
        ("/api/export-products?status=deleted", ["製品,契約,状態", "通貨", "\r\n"]),
        (
            "/api/export-licenses?product=paper",
            ["名前,読み,メール アドレス", "@aozora.example", "2026-11-24"],
        ),
        ("/api/export-invoices", ["請求書番号,請求書日付", "2026-11-24", "JPY"]),
    ] {
        let text = desk.see(address).await;
        assert!(text.starts_with('\u{feff}'), "{address}: {text}");
        assert_says(&text, &said);
    }
}
