import type { Page, TestInfo } from "@playwright/test";
import { buy, isHydrated } from "./buying";
import { arrive, awake, newcomer, words } from "./people";
import { expect } from "./test";

/** Somebody of their own buys so many seats of a product, and looks at it; gives its address. */
export async function owned(page: Page, info: TestInfo, number: number, product: string, seats: number): Promise<string> {
  await arrive(page, newcomer(info, number));
  await buy(page, info, product, seats);
  await page.locator("main a[href^='/products/sub_']").click();
  await expect(page).toHaveURL(/\/products\/sub_/);
  await awake(page, info);
  return new URL(page.url()).pathname;
}

/** Opens a pane by its command. */
export async function open(page: Page, info: TestInfo, command: string): Promise<void> {
  await page.locator(".commands").getByRole("link", { name: command, exact: true }).click();
  await expect(page).toHaveURL(/pane=/);
  await expect(page.locator(".pane #pane-title")).toBeVisible();
  await awake(page, info);
}

/** Types a number of seats; where nothing answers as one types, the button does. */
export async function typeSeats(page: Page, info: TestInfo, seats: string): Promise<void> {
  await page.locator("#seats").fill(seats);
  if (isHydrated(info)) {
    await expect(page).toHaveURL(new RegExp(`seats=${encodeURIComponent(seats)}`));
  } else {
    await update(page, info);
  }
}

/** Chooses something of a form that answers by itself where scripts run. */
export async function pick(page: Page, info: TestInfo, name: string, value: string): Promise<void> {
  await page.locator(`.pane input[name='${name}'][value='${value}']`).check();
  if (isHydrated(info)) {
    await expect.poll(() => new URL(page.url()).searchParams.get(name)).toBe(value);
  } else {
    await update(page, info);
  }
}

async function update(page: Page, info: TestInfo): Promise<void> {
  await page.getByRole("button", { name: words(info)("見積もりを更新", "Update the quote") }).click();
  await awake(page, info);
}

/** Presses the button of the open pane; its page says what was done. */
export async function confirm(page: Page, info: TestInfo, said: string): Promise<void> {
  await page.locator(".pane-foot button").click();
  await expect(page).toHaveURL(/\/products\/sub_[^?]*\?result=/);
  await expect(page.locator(".banner[data-kind='ok']")).toContainText(said);
  await awake(page, info);
}
