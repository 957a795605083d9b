import type { TestInfo } from "@playwright/test";
import { inEnglish, words } from "./people";
import { importText, zaseki } from "./product";

/** An organization of a test's own, whose days pass when the test says so. */
export interface Place {
  /** Its people's mail addresses, the administrator's first. */
  mails: [string, ...string[]];
  /** Moves it to so many days after today, and does everything that falls due. */
  until: (days: number) => void;
}

const names = {
  ja: ["燕,渡", "鷺沼,翼", "雁部,千鳥"],
  en: ["Swallow,Wren", "Heron,Jay", "Gander,Robin"],
};

/** Founds an organization with three people, on a test clock. The name is the test's own. */
export function found(info: TestInfo, name: string): Place {
  const key = `${name}-${info.project.name}`;
  const mails = ["owner", "second", "third"].map((local) => `${local}@${key}.example`) as [string, string, string];
  const place = inEnglish(info)
    ? ["US", "USD", "America/New_York", "en", "04101", "ME", "Portland", "1 Pier Road"]
    : ["JP", "JPY", "Asia/Tokyo", "ja", "650-0042", "兵庫県", "神戸市中央区", "波止場町 1-1-1"];
  const [country, currency, zone, language, code, region, city, street] = place;
  importText("organizations", `
[[organizations]]
key = "${key}"
legal_name = "${words(info)("つばめ設備株式会社", "Swallow Fittings, Inc.")}"
country = "${country}"
currency = "${currency}"
time_zone = "${zone}"
language = "${language}"
mail_domains = ["${key}.example"]
administrators = ["${mails[0]}"]
[organizations.sold_to]
postal_code = "${code}"
region = "${region}"
city = "${city}"
street = "${street}"
`);
  const rows = mails.map((mail, at) => `${key},${mail},${words(info)(names.ja, names.en)[at]}`);
  importText("people", ["organization,mail,family_name,given_name", ...rows].join("\n"));
  zaseki("clock", "start", "--organization", key);
  const until = (days: number): void => {
    const day = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    zaseki("clock", "advance", "--organization", key, "--to", day);
  };
  return { mails, until };
}
