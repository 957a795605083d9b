import type { Page, TestInfo } from "@playwright/test";
import { expect } from "./test";
import { awake, isHydrated, runsScripts, words } from "./people";

export { isHydrated, runsScripts };

/** Cards of the sandbox. */
export const cards = {
  good: "4242 4242 4242 4242",
  empty: "4000 0000 0000 9995",
  asks: "4000 0000 0000 3220",
};

/** Chooses so many seats of a product and goes to the checkout. */
export async function choose(page: Page, info: TestInfo, product: string, seats: number): Promise<void> {
  const say = words(info);
  await page.goto(`/catalog/${product}?seats=${seats}`);
  await awake(page, info);
  await expect(page.locator(".quote .total td")).toContainText(say("¥", "$"));
  await page.getByRole("button", { name: say("購入へ進む", "Continue") }).click();
  await expect(page).toHaveURL(/\/checkout\/ord_/);
  await awake(page, info);
}

/** Types a card where the project's browser does it: in the provider's frame, or on its page, there and back. */
export async function typeCard(page: Page, info: TestInfo, number: string): Promise<void> {
  const say = words(info);
  await awake(page, info);
  const framed = runsScripts(info);
  const form = framed ? page.frameLocator(".card-frame iframe") : page;
  if (!framed) {
    await page.locator(".card-frame-link a").click();
    await expect(page).toHaveURL(/^http:\/\/localhost:/);
  }
  await form.locator("#number").fill(number);
  await form.locator("#expiry").fill("05/40");
  await form.locator("#code").fill("987");
  await form.getByRole("button", { name: say("カードを保存", "Save card") }).click();
  if (!framed) {
    await page.getByRole("link", { name: /127\.0\.0\.1/ }).click();
  } else if (!isHydrated(info)) {
    // Nobody hears the frame: the person goes on by themself.
    await expect(form.getByRole("heading", { name: "カードを保存しました" })).toBeVisible();
    await page.getByRole("link", { name: "続ける", exact: true }).click();
  }
  await expect(page.getByRole("heading", { name: say("内容の確認", "Check and buy") })).toBeVisible();
  await awake(page, info);
}

/** Presses the button of the last page, whatever it costs. */
export async function pay(page: Page, info: TestInfo): Promise<void> {
  await page.getByRole("button", { name: words(info)("支払って購入", "Buy for") }).click();
}

/** Buys so many seats of a product, with a card that pays. */
export async function buy(page: Page, info: TestInfo, product: string, seats: number): Promise<void> {
  await choose(page, info, product, seats);
  if (await page.locator(".card-frame").count()) {
    await typeCard(page, info, cards.good);
  }
  await pay(page, info);
  await expect(page).toHaveURL(/\/orders\/ord_/);
  await awake(page, info);
}
