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
  if (!info.project.name.startsWith("en") && info.project.name !== "no-wasm") {
    await expect(page.locator("body[data-hydrated]")).toHaveCount(1);
  }
}
