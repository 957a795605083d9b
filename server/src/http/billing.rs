//! Billing accounts and profiles and their forms, without a browser: what each address says, where each form leads, and
//! what stands there.

use http::{Method, StatusCode};

use super::walk::{Walker, Way, walkers};

/// The owner at their forms.
struct Desk {
    way: Way,
    owner: Walker,
}

const PROFILE: &str = "/billing-accounts/{account}/profiles/{profile}";

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

    /// Sends a form and sees where it leads.
    async fn sent(&self, function: &str, form: &str) -> (String, String) {
        let address = format!("/api/{function}");
        let (_, leads, text) = self.way.ask(&self.owner, &Method::POST, &address, self.way.named(form)).await;
        assert!(leads.starts_with('/'), "{function} leads nowhere: {text}");
        let text = self.see(&leads).await;
        (leads, text)
    }

    /// What a form of the profile sends along, as its page is now.
    async fn form(&self, pane: &str, rest: &str) -> String {
        let text = self.see(&[PROFILE, "?pane=", pane].concat()).await;
        let version = between(&text, "name=\"version\" value=\"");
        let key = between(&text, "name=\"key\" value=\"");
        format!("account={{account}}&profile={{profile}}&version={version}&key={key}&{rest}")
    }
}

fn between(text: &str, before: &str) -> String {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before}: {text}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}

fn assert_says(text: &str, said: &[&str]) {
    for said in said {
        assert!(text.contains(said), "nothing says {said}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_lead_to_their_profiles_and_roles() {
    let desk = Desk::new().await;
    let account = desk.way.named("/billing-accounts/{account}");
    let list = desk.see("/billing-accounts").await;
    assert_says(&list, &[&account, "セルフサービス", "所有者", "髙橋 健二さんの購入"]);
    assert_says(&desk.see(&account).await, &["契約者の住所", "髙橋 健二"]);
    let tab = desk.see(&format!("{account}?tab=profiles")).await;
    assert_says(&tab, &[&desk.way.named(PROFILE), "Visa 末尾 4242", "JPY の課金プロファイル"]);
    let tab = desk.see(&format!("{account}?tab=roles")).await;
    assert_says(&tab, &["kenji.takahashi@aozora.example", "?tab=roles&amp;pane=roles"]);
    let page = desk.see(PROFILE).await;
    let method = desk.way.named("/bills/payment-methods?pane=edit&amp;method={method}");
    assert_says(
        &page,
        &["請求書と請求通知", "Visa 末尾 4242", &method, "?pane=replace", "契約者の住所と同じ"],
    );
    assert_says(&page, &["/products/sub_", "このプロファイルの所有者"]);
    // The profile stands under its own account only.
    let wrong = desk.way.named("/billing-accounts/bac_01h455vb4pex5vsknk084sn02q/profiles/{profile}");
    let (status, ..) = desk.way.ask(&desk.owner, &Method::GET, &wrong, String::new()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_stays_typed_and_what_is_saved_is_seen() {
    let desk = Desk::new().await;
    let typed = desk
        .form(
            "details",
            "name=%E5%88%86%E6%9E%90&purchase_order=HK-1&address%5Bcity%5D=%22Kobe&address%5Bstreet%5D=",
        )
        .await;
    let (leads, text) = desk.sent("describe-profile", &typed).await;
    assert!(leads.contains("pane=details") && leads.contains("form="), "{leads}");
    assert_says(&text, &["id=\"street-error\"", "value=\"分析\"", "value=\"HK-1\"", "value=\"&quot;Kobe\""]);
    let typed = desk.form("details", "name=%E5%88%86%E6%9E%90&purchase_order=HK-1").await;
    let (leads, text) = desk.sent("describe-profile", &typed).await;
    assert!(leads.contains("?result="), "{leads}");
    assert_says(&text, &["課金プロファイルを保存しました", "<h1>分析</h1>", "HK-1"]);
    // The same state with another key: somebody else was quicker, and what was typed stays.
    let again = typed.replace("HK-1", "HK-2").replace("key=", "key=other");
    let (leads, text) = desk.sent("describe-profile", &again).await;
    assert!(leads.contains("form="), "{leads}");
    assert_says(&text, &["ほかの人が先に変更しました", "value=\"HK-2\""]);

    let typed = desk.form("recipients", "recipients=a%40x.example%0Abooks").await;
    let (_, text) = desk.sent("set-recipients", &typed).await;
    assert_says(&text, &["「books」はメール アドレスではありません", "a@x.example\nbooks</textarea>"]);
    let typed = desk.form("recipients", "recipients=a%40x.example").await;
    let (_, text) = desk.sent("set-recipients", &typed).await;
    assert_says(&text, &["請求書の受取人を保存しました", "a@x.example"]);

    let text = desk.see(&[PROFILE, "?pane=replace"].concat()).await;
    let add = desk.way.named("/bills/payment-methods?pane=add&amp;profile={profile}");
    assert_says(&text, &["今の支払い方法", &add]);
    let typed = desk.form("replace", "method=").await;
    assert_says(&desk.sent("replace-method", &typed).await.1, &["自分の支払い方法から 1 つ選びます"]);
    let typed = desk.form("replace", "method={method}").await;
    assert_says(&desk.sent("replace-method", &typed).await.1, &["支払い方法を置換しました"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_give_and_take_roles_and_the_last_one_stays() {
    let desk = Desk::new().await;
    let give = |mail: &str, role: &str| format!("on={{profile}}&mail={mail}&role={role}");
    let typed = desk.form("roles", &give("anna.keller@lakeside.example", "reader")).await;
    let (leads, text) = desk.sent("grant-billing-role", &typed).await;
    assert!(leads.contains("pane=roles") && leads.contains("form="), "{leads}");
    assert_says(&text, &["id=\"mail-error\"", "value=\"anna.keller@lakeside.example\""]);
    let typed = desk.form("roles", &give("kenji.takahashi@aozora.example", "reader")).await;
    assert_says(&desk.sent("grant-billing-role", &typed).await.1, &["最後の所有者は変更できません"]);
    let typed = desk.form("roles", &give("yui.yamazaki@aozora.example", "reader")).await;
    let (leads, text) = desk.sent("grant-billing-role", &typed).await;
    assert!(leads.contains("?result="), "{leads}");
    assert_says(&text, &["ロールを付けました", "閲覧者"]);

    // She sees it, and is told who can change it.
    let everybody = walkers(&desk.way.world).await;
    let yui = everybody.iter().find(|walker| !walker.owner && walker.is("a colleague")).expect("Yui");
    for (pane, said) in
        [("details", "共同作成者です"), ("replace", "共同作成者です"), ("roles", "所有者です")]
    {
        let address = desk.way.named(&[PROFILE, "?pane=", pane].concat());
        let (status, _, text) = desk.way.ask(yui, &Method::GET, &address, String::new()).await;
        assert_eq!(status, StatusCode::OK);
        assert_says(
            &text,
            &["見ることはできますが、変更はできません", said, "追加した髙橋 健二さんだけです"],
        );
    }
    let take = desk.form("roles", "on={profile}&person={person}&mail=yui.yamazaki@aozora.example").await;
    assert_says(&desk.sent("revoke-billing-role", &take).await.1, &["ロールを外しました"]);
    let (status, ..) = desk.way.ask(yui, &Method::GET, &desk.way.named(PROFILE), String::new()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
