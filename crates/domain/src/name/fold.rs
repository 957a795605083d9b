//! Folding: what people may write in several ways becomes one (SPEC 7).

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Folds width, case, hiragana and katakana, accents, variant forms of Chinese characters, and spaces.
///
/// Two texts that people take for the same fold to the same; folding again changes nothing; the beginning of
/// a text folds to the beginning of the folded text, which is what makes search by prefix possible. The marks
/// of が and ぱ are not accents: か does not find が.
pub fn fold(text: &str) -> String {
    // Decomposed first, so that accents stand alone; then without them; composed again for が and ぱ.
    text.nfkd()
        .filter(|character| !is_accent(*character) && !is_space(*character))
        .flat_map(char::to_lowercase)
        .filter(|character| !is_accent(*character))
        .flat_map(spell_out)
        .nfc()
        .map(|character| variant(hiragana(character)))
        .collect()
}

/// A combining mark other than the voiced and half-voiced marks of kana.
fn is_accent(character: char) -> bool {
    is_combining_mark(character) && !matches!(character, '\u{3099}' | '\u{309a}')
}

/// Spaces, the dot between the parts of a foreign name (ジョン・スミス), and what shows as nothing.
fn is_space(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '\u{30fb}' | '\u{00b7}' | '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
        )
}

/// Letters that have no accent to take off and yet are written plainly.
fn spell_out(character: char) -> impl Iterator<Item = char> {
    let plain = match character {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        'ς' => "σ",
        _ => "",
    };
    plain.chars().chain(plain.is_empty().then_some(character))
}

/// Katakana lie 96 places after hiragana; ヷ to ヺ have no hiragana, ー serves both.
fn hiragana(character: char) -> char {
    match character {
        'ァ'..='ヶ' | 'ヽ' | 'ヾ' => char::from_u32(u32::from(character) - 0x60).unwrap_or(character),
        _ => character,
    }
}

/// The common form of a character that names are written with in several.
fn variant(character: char) -> char {
    static COMMON: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
        let pairs = VARIANTS.split_whitespace().flat_map(|group| {
            let common = group.chars().next();
            group.chars().skip(1).filter_map(move |other| Some((other, common?)))
        });
        pairs.collect()
    });
    // Nothing below the Chinese characters has a variant; most of what is typed lies there.
    if character < '\u{3400}' { character } else { COMMON.get(&character).copied().unwrap_or(character) }
}

/// Characters of names that people take for one another, the common form first. Where a register shows one
/// and a keyboard gives the other, both must find the person.
const VARIANTS: &str = "\
    高髙 崎﨑嵜 辺邊邉 斉齊斎齋 浜濱濵 沢澤 徳德 真眞 広廣 国國圀 桑桒 柳栁 島嶋嶌 渕淵渊 竜龍 滝瀧 富冨 \
    恵惠 関關 桜櫻 条條 蔵藏 豊豐 黒黑 緑綠 青靑 清淸 瀬瀨 頼賴 槙槇 遥遙 尭堯 亀龜 鉄鐵鐡 宝寶寳 実實 \
    寿壽 与與 万萬 円圓 塩鹽 栄榮 学學 楽樂 済濟 剣劍 検檢 県縣 権權 顕顯 験驗 厳嚴 効效 黄黃 鉱鑛 晋晉 \
    児兒 舎舍 収收 渋澁 粛肅 縄繩 将將 奨奬 証證 乗乘 浄淨 静靜 畳疊 穣穰 譲讓 嬢孃 慎愼 尽盡 数數 摂攝 \
    専專 禅禪 曽曾 装裝 総總 荘莊 巣巢 増增 続續 対對 体體 台臺 択擇 団團 痴癡 鋳鑄 聴聽 鎮鎭 転轉 伝傳 \
    灯燈 当當 党黨 稲稻 闘鬪 読讀 弐貳 悩惱 脳腦 覇霸 拝拜 廃廢 麦麥 発發 髪髮 蛮蠻 弥彌 仏佛 変變 穂穗 \
    舗舖 萌萠 満滿 黙默 薬藥 訳譯 誉譽 揺搖 様樣 謡謠 来來 覧覽 猟獵 礼禮 励勵 歴歷 暦曆 恋戀 炉爐 労勞 \
    郎郞 禄祿 湾灣 壱壹 亜亞 悪惡 圧壓 囲圍 医醫 隠隱 応應 奥奧 横橫 温溫 仮假 価價 画畫 会會 絵繪 拡擴 \
    覚覺 巻卷 勧勸 寛寬 歓歡 観觀 気氣 帰歸 偽僞 戯戲 旧舊 挙擧 虚虛 峡峽 挟挾 狭狹 郷鄕 暁曉 区區 駆驅 \
    薫薰 径徑 渓溪 経經 継繼 茎莖 蛍螢 軽輕 鶏鷄 倹儉 献獻 険險 恒恆 吉𠮷 土圡 館舘 鯵鰺 梅楳 峰峯 嶽岳 \
    船舩 芦蘆 藪薮 籠篭 諌諫 靭靱 桧檜 桝枡 潅灌 祢禰 祷禱 蝉蟬 蝋蠟 頬頰 鴎鷗 麹麴 壷壺";
