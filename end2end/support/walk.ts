import type { Page, TestInfo } from "@playwright/test";
import { fromEnvironment } from "./environment";
import { somebody, type Somebody } from "./looks";
import { awake, demoPassword, words } from "./people";
import { expect } from "./test";
import { zaseki } from "./product";

// Ways that the walk through all pages takes without taking pictures: as short as they can be.

/** Whether the look is one of the two light ones. */
export function isLight(info: TestInfo): boolean {
  return info.project.name.includes("light");
}

/** Signs somebody in by the form of their one-time link, without the link's page. */
export async function enter(page: Page, info: TestInfo, who: Somebody): Promise<void> {
  await follow(page, zaseki("link", somebody(info, who)));
}

/** The same by any one-time link. */
export async function follow(page: Page, link: string): Promise<void> {
  const answer = await page.request.post("/api/use-link", {
    form: { token: link.slice(link.lastIndexOf("/") + 1), password: demoPassword, again: demoPassword },
    headers: { Accept: "text/html", Origin: fromEnvironment("ZASEKI_URL") },
    maxRedirects: 0,
  });
  expect(answer.status(), "the link works").toBe(302);
}

/** From a receipt to what was bought; gives its address. */
export async function bought(page: Page): Promise<string> {
  const address = await page.locator("main a[href^='/products/sub_']").getAttribute("href");
  return address ?? "";
}

/** Starts a trial; gives the address of what is tried. */
export async function tried(page: Page, info: TestInfo, product: string): Promise<string> {
  await page.goto(`/catalog/${product}/trial`);
  await awake(page, info);
  await page.locator("form.trial button[name='key']").click();
  await expect(page).toHaveURL(/\/products\/sub_/);
  return new URL(page.url()).pathname;
}

/** Searches for people, by the open pane that gives licenses, and ticks those who are found. */
export async function tick(page: Page, info: TestInfo, search: string, count: number): Promise<void> {
  await page.locator("#who").fill(search);
  await page.getByRole("button", { name: words(info)("検索", "Search") }).click();
  const found = page.locator("label.person:not(:has(:disabled)) input");
  await expect(found).toHaveCount(count);
  for (const box of await found.all()) {
    await box.check();
  }
}

/** Presses the button of the open pane. */
export async function press(page: Page, info: TestInfo): Promise<void> {
  await awake(page, info);
  await page.locator(".pane-foot button").click();
  await expect(page).toHaveURL(/result=/);
}

/** Moves the days of an organization; the browser would not send a day that is over. */
export async function move(page: Page, info: TestInfo, day: string): Promise<void> {
  await page.goto("/organization/clock");
  await awake(page, info);
  await page.locator("#to").fill(day);
  await page.locator("form:has(#to)").evaluate((form: HTMLFormElement) => {
    form.noValidate = true;
  });
  await page.locator("form:has(#to) button").click();
  await expect(page).toHaveURL(/(result|form)=/);
}
