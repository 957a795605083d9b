import type { Page, TestInfo } from "@playwright/test";
import { expect } from "./test";
import { zaseki } from "./product";

/** The password that `cargo xtask` gives to the demo's people who can sign in. */
export const demoPassword = "seats by the harbor";

/** A person of the demo whose place is in the language of the test's browser. */
export function memberFor(info: TestInfo): string {
  return inEnglish(info) ? "james.whitfield@northgate.example" : "misaki.sasaki@harukaze.example";
}

/** Whether the test runs in the English browser. */
export function inEnglish(info: TestInfo): boolean {
  return info.project.name.startsWith("en");
}

/** Whether scripts run: then a card is typed into the provider's frame. */
export function runsScripts(info: TestInfo): boolean {
  return info.project.name !== "en-no-script";
}

/** Whether the project's pages are hydrated. */
export function isHydrated(info: TestInfo): boolean {
  return runsScripts(info) && info.project.name !== "no-wasm";
}

/** What the page says in the language of the test's browser. */
export function words(info: TestInfo): <T>(ja: T, en: T) => T {
  return (ja, en) => (inEnglish(info) ? en : ja);
}

/** The path of a fresh one-time link for somebody. */
export function linkFor(mail: string): string {
  return new URL(zaseki("link", mail)).pathname;
}

/** Types address and password and sends the form. */
export async function typeSignIn(page: Page, mail: string, password: string): Promise<void> {
  await page.locator("#mail").fill(mail);
  await page.locator("#password").fill(password);
  await page.locator("form[action^='/api/sign-in'] button").click();
}

/** Signs in and waits for the home page. */
export async function signIn(page: Page, mail: string): Promise<void> {
  await page.goto("/sign-in");
  await typeSignIn(page, mail, demoPassword);
  await expect(page).toHaveURL("/");
}

/** Waits until the page is awake, in browsers where it can be. */
export async function awake(page: Page, info: TestInfo): Promise<void> {
  if (isHydrated(info)) {
    await expect(page.locator("body[data-hydrated]")).toHaveCount(1);
  }
}

// Active people of the demo who administer nothing: each test takes its own, so that what one buys or is given does
// not stand in another's pages.
const newcomers = {
  ja: [
    "mei.miyazaki", "shizuka.takeuchi", "azusa.abe", "yoshiaki.hayakawa", "kyoko.sugiyama", "haruka.kaneko",
    "ayumi.iwasaki", "hiroshi.kishimoto", "kyoko.saito", "mayu.takano2", "mari.hirose", "kana.miyazaki",
    "kenta.nishikawa", "megumi.fukushima", "ritsu.hirano", "saori.sakurai", "satoshi.ono", "tsumugi.yoshikawa",
    "mariko.watanabe", "shiori.hara", "wataru.oshima", "keita.higuchi", "kaori.yoshimura", "tsuyoshi.sudo",
    "riko.igarashi", "keiko.ishikawa", "manabu.imai", "kiyoshi.tokunaga", "ran.mori", "sakura.maeda",
  ],
  en: [
    "chidi.okafor", "emma.lindqvist", "sofia.ramirez", "nikolai.petrov", "wei.chen", "declan.obrien",
    "asa.svensson", "jose.munoz", "elodie.dubois", "li.ng", "ruth.abernathy", "adam.kowalski", "thandi.mbeki",
    "nora.fitzgerald", "marco.delgado", "tom.baker", "jana.novak", "renata.silva", "keisha.turner", "daniel.park",
  ],
};

/** Somebody of the demo whom no other test uses. `number` is the test's own; projects do not share people. */
export function newcomer(info: TestInfo, number: number): string {
  if (inEnglish(info)) {
    return `${newcomers.en[number]}@northgate.example`;
  }
  const place = ["ja-hydrated", "phone", "no-wasm"].indexOf(info.project.name) * 10 + number;
  return `${newcomers.ja[place]}@harukaze.example`;
}

/** Opens a one-time link, sets the password, and is signed in. */
export async function arrive(page: Page, mail: string): Promise<void> {
  await page.goto(linkFor(mail));
  await page.locator("#password").fill(demoPassword);
  await page.locator("#again").fill(demoPassword);
  await page.locator("form button").click();
  await expect(page).toHaveURL("/");
}
