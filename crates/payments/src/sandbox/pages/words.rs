//! What the sandbox's pages say, in each language.

use domain::language::Language;

use crate::provider::{DeclineCode, SetupRefusal};
use crate::sandbox::form::Problem;
use crate::sandbox::test_card::Behavior;

/// The fixed texts of a language.
pub(super) struct Words {
    pub(super) test_mode: &'static str,
    pub(super) add: &'static str,
    pub(super) edit: &'static str,
    pub(super) wrong: &'static str,
    pub(super) card: &'static str,
    pub(super) number: &'static str,
    pub(super) number_stays: &'static str,
    pub(super) expiry: &'static str,
    pub(super) expiry_hint: &'static str,
    pub(super) code: &'static str,
    pub(super) code_hint: &'static str,
    pub(super) name: &'static str,
    pub(super) address: &'static str,
    pub(super) save: &'static str,
    pub(super) test_cards: &'static str,
    pub(super) test_cards_hint: &'static str,
    pub(super) what_happens: &'static str,
    pub(super) added: &'static str,
    pub(super) edited: &'static str,
    pub(super) next_in_frame: &'static str,
    pub(super) no_card: &'static str,
    pub(super) confirm: &'static str,
    pub(super) confirm_hint: &'static str,
    pub(super) payee: &'static str,
    pub(super) amount: &'static str,
    pub(super) approve: &'static str,
    pub(super) refuse: &'static str,
    pub(super) paid: &'static str,
    pub(super) not_paid: &'static str,
}

const ENGLISH: Words = Words {
    test_mode: "Test mode, no money moves",
    add: "Card details",
    edit: "Edit card",
    wrong: "Check the form",
    card: "Card",
    number: "Card number",
    number_stays: "The number cannot be changed. For another card, add a new one.",
    expiry: "Expiry date",
    expiry_hint: "Month and year, such as 05/30",
    code: "Security code",
    code_hint: "Three digits on the back",
    name: "Name on the card",
    address: "Address",
    save: "Save card",
    test_cards: "Test cards",
    test_cards_hint: "Any expiry date to come and any security code work, except 000, which is always wrong.",
    what_happens: "What happens",
    added: "The card is saved",
    edited: "The card is changed",
    next_in_frame: "Continue on the page around this one.",
    no_card: "No card was saved",
    confirm: "Confirm this payment",
    confirm_hint: "This page takes the place of your bank's (3-D Secure).",
    payee: "To",
    amount: "Amount",
    approve: "Confirm payment",
    refuse: "Refuse payment",
    paid: "The payment is confirmed",
    not_paid: "Nothing was paid",
};

const JAPANESE: Words = Words {
    test_mode: "テスト モード：お金は動きません",
    add: "カード情報の入力",
    edit: "カードの編集",
    wrong: "入力内容の確認",
    card: "カード",
    number: "カード番号",
    number_stays: "番号は変更できません。別のカードは新しく追加します。",
    expiry: "有効期限",
    expiry_hint: "月/年（例：05/30）",
    code: "セキュリティ コード",
    code_hint: "カード裏面の 3 桁の数字",
    name: "カードの名前",
    address: "住所",
    save: "カードを保存",
    test_cards: "テスト用カード",
    test_cards_hint: "有効期限はこれから先の月、セキュリティ コードは任意の 3 桁です。000 は必ず誤りになります。",
    what_happens: "結果",
    added: "カードを保存しました",
    edited: "カードを変更しました",
    next_in_frame: "この枠の外のページで続けます。",
    no_card: "カードは保存されていません",
    confirm: "支払いの確認",
    confirm_hint: "カード会社の本人認証（3-D セキュア）の代わりのページです。",
    payee: "支払い先",
    amount: "金額",
    approve: "支払いを承認",
    refuse: "支払いを拒否",
    paid: "支払いを承認しました",
    not_paid: "支払いは行われていません",
};

impl Words {
    /// The texts of this language.
    pub(super) const fn of(language: Language) -> &'static Self {
        match language {
            Language::Japanese => &JAPANESE,
            Language::English => &ENGLISH,
        }
    }
}

/// The link back while nothing is done.
pub(super) fn back_to(language: Language, host: &str) -> String {
    match language {
        Language::Japanese => format!("保存せずに {host} に戻る"),
        Language::English => format!("Back to {host} without saving"),
    }
}

/// The link on when it is done.
pub(super) fn continue_to(language: Language, host: &str) -> String {
    match language {
        Language::Japanese => format!("{host} に進む"),
        Language::English => format!("Continue to {host}"),
    }
}

/// What is wrong with a field, and what to do.
pub(super) const fn problem(language: Language, problem: Problem) -> &'static str {
    let (japanese, english) = match problem {
        Problem::NumberMissing => ("カード番号を入力します。", "Enter the card number."),
        Problem::NumberWrong => (
            "カード番号に誤りがあります。カードを見て確かめます。",
            "This is not a card number. Compare it with the card.",
        ),
        Problem::NotATestCard => (
            "本物のカードは使えません。下のテスト用カードの番号を入力します。",
            "Real cards do not work here. Enter the number of a test card from the list below.",
        ),
        Problem::ExpiryMissing => ("有効期限を入力します。", "Enter the expiry date."),
        Problem::ExpiryWrong => {
            ("有効期限を月/年で入力します（例：05/30）。", "Enter month and year, such as 05/30.")
        }
        Problem::ExpiryPast => {
            ("有効期限を過ぎたカードです。", "This card has expired. Check the date, or use another card.")
        }
        Problem::CodeMissing => ("セキュリティ コードを入力します。", "Enter the security code."),
        Problem::CodeWrong => {
            ("セキュリティ コードは 3 桁の数字です。", "The security code is three digits long.")
        }
        Problem::CodeRefused => (
            "セキュリティ コードがカード会社に認められませんでした。",
            "The bank says that the security code is wrong.",
        ),
        Problem::NameMissing => ("カードの名前を入力します。", "Enter the name on the card."),
        Problem::NameTooLong => ("名前は 128 文字までです。", "The name may have up to 128 characters."),
        Problem::NameHoldsNumber => (
            "名前の欄にカード番号があります。名前を入力します。",
            "This looks like a card number. Enter the name on the card.",
        ),
    };
    match language {
        Language::Japanese => japanese,
        Language::English => english,
    }
}

/// What a test card does.
pub(super) const fn behavior(language: Language, behavior: Behavior) -> &'static str {
    let (japanese, english) = match behavior {
        Behavior::Pays => ("支払い成功", "Pays"),
        Behavior::Declines { code } => decline(code),
        Behavior::AsksToConfirm => ("本人認証が必要", "Asks for confirmation"),
        Behavior::KeepsRefunds => ("支払い成功、返金は失敗", "Pays, refunds fail"),
        Behavior::WrongCode => ("セキュリティ コードが誤り", "Security code is wrong"),
    };
    match language {
        Language::Japanese => japanese,
        Language::English => english,
    }
}

const fn decline(code: DeclineCode) -> (&'static str, &'static str) {
    match code {
        DeclineCode::InsufficientFunds => ("残高不足で拒否", "Declined: insufficient funds"),
        DeclineCode::Lost => ("紛失カードとして拒否", "Declined: reported lost"),
        DeclineCode::Expired => ("期限切れで拒否", "Declined: expired"),
        _ => ("カード会社が拒否", "Declined"),
    }
}

/// Why no card came of a set-up, and what to do.
pub(super) const fn refusal(language: Language, refusal: SetupRefusal) -> &'static str {
    let (japanese, english) = match refusal {
        SetupRefusal::TooManyTries => (
            "カード会社に 5 回拒否されたため、終了しました。元のページから始め直せます。",
            "The bank refused five times, so this form is closed. Start again from the page you came from.",
        ),
        SetupRefusal::TimedOut => (
            "24 時間を過ぎたため、終了しました。元のページから始め直せます。",
            "This form was open for 24 hours and is closed. Start again from the page you came from.",
        ),
        SetupRefusal::CardForgotten => (
            "このカードは削除されています。新しいカードを追加できます。",
            "This card was deleted meanwhile. You can add a new one.",
        ),
    };
    match language {
        Language::Japanese => japanese,
        Language::English => english,
    }
}
