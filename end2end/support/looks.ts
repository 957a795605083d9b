import type { TestInfo } from "@playwright/test";
import { importText, zaseki } from "./product";

/** The looks in which every page is photographed: the names of their projects. */
export const looks = ["ja-light-desktop", "ja-dark-phone", "en-dark-desktop", "en-light-phone"] as const;

/** The day in the pictures. It lies ahead, because a test clock goes forward only. */
export const day = "2037-11-24";

/** That many days after the day in the pictures. */
export function daysLater(days: number): string {
  const moved = new Date(`${day}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

// Each look has organizations of its own: one that stands at the day in the pictures, one whose days pass while its
// pictures are taken, and one with real days.
const places = {
  still: { ja: "みなも測量設計株式会社", en: "Fairhaven Survey & Design, Inc." },
  moving: { ja: "あけぼの建設株式会社", en: "Daybreak Builders, Inc." },
  real: { ja: "しずく工房合同会社", en: "Quiet Harbor Studio LLC" },
};

type Place = keyof typeof places;

interface Person {
  place: Place;
  mail: string;
  ja: string;
  en: string;
  department?: { ja: string; en: string };
  guest?: boolean;
}

const survey = { ja: "測量部", en: "Surveying" };
const abroad = { ja: "国際事業推進本部 海外プロジェクト管理グループ", en: "International Projects and Partnerships" };

// Names are family name, given name and their readings, in this order.
const people = {
  /** Has a link and uses it for nothing. */
  invited: { place: "still", mail: "aoi.mizutani", ja: "水谷 葵 みずたに あおい", en: "Avery Brooks" },
  /** Holds, manages and buys nothing. */
  newcomer: { place: "still", mail: "ren.onodera", ja: "小野寺 蓮 おのでら れん", en: "Owen Delacroix" },
  /** Buys, page by page. */
  buyer: { place: "still", mail: "yuto.fujii", ja: "藤井 悠斗 ふじい ゆうと", en: "Julia Fenwick" },
  /** Manages several products. */
  owner: {
    place: "still",
    mail: "mitsuki.hayakawa",
    ja: "早川 美月 はやかわ みつき",
    en: "Miriam Hayes",
    department: survey,
  },
  /** Gives licenses and takes them. */
  giver: {
    place: "still",
    mail: "mariko.hasegawa",
    ja: "長谷川 真理子 はせがわ まりこ",
    en: "Marian Holloway",
    department: survey,
  },
  /** Those to whom they are given. */
  first: { place: "still", mail: "takumi.ito", ja: "伊藤 匠 いとう たくみ", en: "Ian Iverson", department: survey },
  second: { place: "still", mail: "chihiro.ito", ja: "伊藤 千尋 いとう ちひろ", en: "Chloe Iverson" },
  third: {
    place: "still",
    mail: "alexandra-victoria.iteshigawara",
    ja: "伊勅使河原 アレクサンドラ・ヴィクトリア いてしがわら あれくさんどら・びくとりあ",
    en: "Alexandra-Victoria Iverson-Featherstonehaugh",
    department: abroad,
  },
  guest: { place: "still", mail: "takashi.eguchi", ja: "江口 隆 えぐち たかし", en: "Theo Everett", guest: true },
  /** Moves the days of an organization. */
  mover: { place: "moving", mail: "ken.ishibashi", ja: "石橋 健 いしばし けん", en: "Kendra Stone" },
  /** A member of two organizations, and administers the one with real days. */
  traveler: { place: "still", mail: "nagisa.tabi", ja: "田日 渚 たび なぎさ", en: "Noa Travers" },
} satisfies Record<string, Person>;

/** Somebody of a look. No two tests take the same. */
export type Somebody = keyof typeof people;

/** The mail address of somebody. */
export function mailOf(who: Somebody, look: string): string {
  const person: Person = people[who];
  return `${person.mail}@${domain(person.place, look)}`;
}

/** The same in the test's look. */
export function somebody(info: TestInfo, who: Somebody): string {
  return mailOf(who, info.project.name);
}

/** The address of an account that belongs to no organization. */
export function operator(info: TestInfo): string {
  return `operator@${info.project.name}.example`;
}

/** Moves the days of the organization whose days pass. */
export function moveTo(look: string, to: string): void {
  zaseki("clock", "advance", "--organization", key("moving", look), "--to", to);
}

/** Imports the organizations of all looks and moves their clocks. */
export function prepare(): void {
  importText("organizations", looks.flatMap((look) => organizations(look)).join("\n"));
  importText("people", [header, ...looks.flatMap((look) => rows(look))].join("\n"));
  for (const look of looks) {
    for (const place of ["still", "moving"] as const) {
      zaseki("clock", "start", "--organization", key(place, look));
      zaseki("clock", "advance", "--organization", key(place, look), "--to", day);
    }
  }
}

function key(place: Place, look: string): string {
  return `${place}-${look}`;
}

function domain(place: Place, look: string): string {
  return place === "still" ? `${look}.example` : `${place}.${look}.example`;
}

function language(look: string): "ja" | "en" {
  return look.startsWith("ja") ? "ja" : "en";
}

function organizations(look: string): string[] {
  const japanese = language(look) === "ja";
  const administrators = { still: "owner", moving: "mover", real: "traveler" } as const;
  return (Object.keys(places) as Place[]).map((place) => `
[[organizations]]
key = "${key(place, look)}"
legal_name = "${places[place][language(look)]}"
country = "${japanese ? "JP" : "US"}"
currency = "${japanese ? "JPY" : "USD"}"
time_zone = "${japanese ? "Asia/Tokyo" : "America/New_York"}"
language = "${language(look)}"
mail_domains = ["${domain(place, look)}"]
administrators = ["${mailOf(administrators[place], look)}"]
[organizations.sold_to]
postal_code = "${japanese ? "650-0042" : "04101"}"
region = "${japanese ? "兵庫県" : "ME"}"
city = "${japanese ? "神戸市中央区" : "Portland"}"
street = "${japanese ? "波止場町 9-9-9" : "99 Commercial Street"}"
`);
}

const header = "organization,mail,family_name,given_name,family_kana,given_kana,department,guest";

function rows(look: string): string[] {
  const row = (who: Somebody, place: Place): string => {
    const person: Person = people[who];
    const [one, two, three, four] = person[language(look)].split(" ");
    // In English the given name comes first, and there is no reading.
    const name = language(look) === "ja" ? [one, two, three, four] : [two, one, "", ""];
    const department = person.department?.[language(look)] ?? "";
    return [key(place, look), mailOf(who, look), ...name, department, String(person.guest ?? false)].join(",");
  };
  const everybody = (Object.keys(people) as Somebody[]).map((who) => row(who, people[who].place));
  return [...everybody, row("traveler", "real")];
}
