import { cards, pay, typeCard } from "../support/buying";
import { open, typeSeats } from "../support/changing";
import { arrive, awake, newcomer, words } from "../support/people";
import { zaseki } from "../support/product";
import { expect, test } from "../support/test";

// An organization tries each product once: no other test tries these.

test("a trial starts without a card, cannot be extended early, and is bought", { tag: ["@flow", "@postgres"] }, async ({ page, audit }, info) => {
  test.setTimeout(120_000);
  const say = words(info);
  await arrive(page, newcomer(info, 17));
  await page.goto("/catalog/sign");
  await awake(page, info);
  await page.getByRole("link", { name: say("30 日間の試用を開始", "Start a 30-day trial") }).click();
  await expect(page).toHaveURL("/catalog/sign/trial");
  await awake(page, info);
  await expect(page.locator("main")).toContainText(say("自動で終わります", "It ends by itself"));
  await expect(page.locator("main")).toContainText(say("利用規約 (2026-04)", "Terms (2026-04)"));
  await audit();
  await page.getByRole("button", { name: say("試用を開始", "Start trial") }).click();
  await expect(page).toHaveURL(/\/products\/sub_[^?]*\?result=/);
  await expect(page.locator(".banner[data-kind='ok']")).toContainText(say("試用を開始しました", "The trial has begun"));
  await expect(page.locator(".title-row .badge")).toHaveText(say("試用中", "On trial"));
  await awake(page, info);
  await audit();

  // Too early to extend: greyed, with the day; the pane says the same.
  const address = new URL(page.url()).pathname;
  await expect(page.locator(".commands").getByRole("button", { name: say("延長", "Extend") })).toHaveAttribute("aria-disabled", "true");
  await expect(page.locator(".command-notes")).toContainText(say("から延長できます", "can be extended from"));
  await page.goto(`${address}?pane=extend`);
  await awake(page, info);
  await expect(page.locator(".pane")).toContainText(say("から延長できます", "It can be extended from"));
  await audit();

  // It stands among one's products, with the days that are left.
  await page.goto("/products");
  await expect(page.locator(".table tbody tr")).toContainText(say("30 日後に終了", "Ends in 30 days"));

  // The organization has had its trial.
  await page.goto("/catalog/sign/trial");
  await expect(page.locator("main")).toContainText(say("一度試用しています", "has tried this product before"));
  await awake(page, info);
  await audit();

  // Bought early, it goes on from today.
  await page.goto(address);
  await awake(page, info);
  await open(page, info, say("購入", "Buy"));
  await typeSeats(page, info, "4");
  await expect(page.locator(".pane .quote")).toContainText(say("4 席", "4 seats"));
  await audit();
  await page.locator(".pane-foot button").click();
  await expect(page).toHaveURL(/\/checkout\/ord_/);
  await typeCard(page, info, cards.good);
  await audit();
  await pay(page, info);
  await expect(page).toHaveURL(/\/orders\/ord_/);
  await page.goto(address);
  await expect(page.locator(".title-row .badge")).toHaveText(say("有効", "Active"));
  await expect(page.locator(".figures")).toContainText(/\/ 4/);
  expect(zaseki("verify")).not.toContain("BROKEN");
});

test("a trial with a card becomes a purchase only if that is ticked", { tag: "@hydrated" }, async ({ page, audit }, info) => {
  test.setTimeout(90_000);
  await arrive(page, newcomer(info, 22));
  await page.goto("/catalog/insight/trial");
  await awake(page, info);
  await expect(page.locator("[data-if='convert']")).toBeHidden();
  await audit();
  await page.locator("input[name='convert']").check();
  await expect(page.locator("[data-if='convert']")).toBeVisible();
  await typeSeats(page, info, "3");
  await expect(page.locator("[data-if='convert'] .banner")).toContainText("¥");
  await audit();
  await page.getByRole("button", { name: "カードの登録へ進む" }).click();
  await expect(page).toHaveURL(/\/checkout\/ord_/);
  await typeCard(page, info, cards.good);
  await expect(page.locator(".quote .total td")).toHaveText("¥0");
  await expect(page.locator(".quote")).toContainText("試用の後に購入 3 席");
  await audit();
  await page.getByRole("button", { name: "試用を開始" }).click();
  await expect(page).toHaveURL(/\/products\/sub_/);
  await expect(page.locator(".title-row .badge")).toHaveText("試用中");
  await expect(page.locator(".card .facts")).toContainText("購入への移行日");
});
