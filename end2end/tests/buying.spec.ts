import { expect, test } from "../support/test";
import { arrive, awake, newcomer, words } from "../support/people";
import { buy, cards, choose, isHydrated, pay, runsScripts, typeCard } from "../support/buying";
import { zaseki } from "../support/product";

// Whoever buys something here is used by no other test: numbers are a test's own.

test("a whole purchase, from the catalog to a colleague's license", { tag: ["@flow", "@page", "@nowasm", "@postgres"] }, async ({ page, audit, browser }, info) => {
  // A dozen pages, each audited.
  test.setTimeout(120_000);
  const say = words(info);
  await arrive(page, newcomer(info, 0));
  await page.goto("/catalog/board");
  await awake(page, info);
  await audit();

  // So many seats, and what they cost.
  await page.locator("#seats").fill(say("１０", "10"));
  await page.getByRole("button", { name: say("見積もりを更新", "Update the quote") }).click();
  await expect(page.locator(".quote")).toContainText(say("10 席 ×", "10 seats ×"));
  await expect(page).toHaveURL(/seats=/);
  const due = (await page.locator(".quote .total td").textContent()) ?? "";
  await page.getByRole("button", { name: say("購入へ進む", "Continue") }).click();

  // The card, at the provider.
  await expect(page).toHaveURL(/\/checkout\/ord_/);
  await awake(page, info);
  await audit();
  await typeCard(page, info, cards.good);

  // Everything on one screen.
  await expect(page.locator(".quote .total td")).toHaveText(due);
  await expect(page.locator("main")).toContainText(say("Visa 末尾 4242", "Visa ending in 4242"));
  await expect(page.locator("main")).toContainText(say("継続請求", "Recurring billing"));
  await expect(page.locator("main")).toContainText(say("利用規約 (2026-04)", "Terms (2026-04)"));
  await expect(page.getByRole("button", { name: say("支払って購入", "Buy for") })).toContainText(due);
  await audit();
  await pay(page, info);

  // The receipt, and the same after a reload.
  await expect(page).toHaveURL(/\/orders\/ord_/);
  await awake(page, info);
  await expect(page.locator("main")).toContainText(say(/MS26-\d{7}/, /MU26-\d{7}/));
  await audit();
  const receipt = page.url();
  await page.reload();
  await expect(page).toHaveURL(receipt);

  // Your products, and the details of this one.
  await page.goto("/products");
  await awake(page, info);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("お使いの製品", "Your products"));
  await expect(page.locator(".table tbody tr")).toHaveCount(1);
  await expect(page.locator(".table .seats-text")).toHaveText(/0\s*\/\s*10/);
  await audit();
  await page.locator(".table .item-name").click();
  await expect(page).toHaveURL(/\/products\/sub_/);
  await awake(page, info);
  await audit();

  // A license for a colleague.
  await page.goto("/licenses/board?pane=assign");
  await awake(page, info);
  await audit();
  const colleague = newcomer(info, 1);
  await page.locator("#who").fill(colleague);
  await page.getByRole("button", { name: say("検索", "Search") }).click();
  const found = page.locator("label.person", { hasText: colleague });
  await expect(found).toHaveCount(1);
  await found.locator("input").check();
  await audit();
  await page.locator(".pane-foot button").click();
  await expect(page).toHaveURL(/result=/);
  await expect(page.locator(".pane .result[data-kind='ok']")).toHaveCount(1);
  await awake(page, info);
  await audit();
  await page.goto("/licenses/board");
  await awake(page, info);
  await expect(page.locator(".figures")).toContainText("9");
  await audit();

  // The colleague sees it.
  const context = await browser.newContext({
    baseURL: new URL("/", page.url()).href,
    javaScriptEnabled: runsScripts(info),
    locale: say("ja-JP", "en-US"),
  });
  const theirs = await context.newPage();
  await arrive(theirs, colleague);
  await theirs.goto("/my-licenses");
  await expect(theirs.locator("main")).toContainText("Minato Board");
  await context.close();

  // And it is taken again.
  await page.locator(".table input[type=checkbox]").first().check();
  await page.getByRole("button", { name: say("割り当て解除", "Unassign") }).click();
  await expect(page).toHaveURL(/pane=unassign/);
  await awake(page, info);
  await audit();
  await page.locator(".pane-foot button").click();
  await expect(page).toHaveURL(/result=/);
  await page.goto("/licenses/board");
  await expect(page.locator(".figures")).toContainText("10");

  expect(zaseki("verify")).not.toContain("BROKEN");
});

test("a declined card says why, keeps everything, and another one pays", { tag: "@flow" }, async ({ page, audit }, info) => {
  test.slow();
  const say = words(info);
  await arrive(page, newcomer(info, 2));
  await choose(page, info, "notes", 7);
  await typeCard(page, info, cards.empty);
  await pay(page, info);
  await expect(page.getByRole("alert")).toContainText(say("残高が足りません", "not enough money"));
  await expect(page.locator("main")).toContainText(say("7 席", "7 seats"));
  await awake(page, info);
  await audit();
  await page.goto("/products");
  await expect(page.locator(".table tbody tr")).toHaveCount(0);

  await page.goBack();
  await page.getByRole("link", { name: say("別のカードを使う", "Use another card") }).click();
  await page.getByRole("button", { name: say("もう一度カードを入力する", "Enter a card again") }).click();
  await expect(page.locator(".card-frame")).toBeVisible();
  await typeCard(page, info, cards.good);
  await pay(page, info);
  await expect(page).toHaveURL(/\/orders\/ord_/);
  await expect(page.locator("main")).toContainText("4242");
});

test("the bank asks, and the purchase is finished when it has", { tag: "@flow" }, async ({ page, audit }, info) => {
  test.slow();
  const say = words(info);
  await arrive(page, newcomer(info, 3));
  await choose(page, info, "notes", 2);
  await typeCard(page, info, cards.asks);
  await pay(page, info);
  await expect(page.locator("main")).toContainText(say("カード会社の確認が必要です", "Your bank wants you to confirm"));
  await awake(page, info);
  await audit();
  await page.getByRole("link", { name: say("確認のページ", "confirmation page") }).click();
  await expect(page).toHaveURL(/^http:\/\/localhost:.*\/confirm\//);
  await page.getByRole("button", { name: say("支払いを承認", "Confirm payment") }).click();
  await page.getByRole("link", { name: /127\.0\.0\.1/ }).click();
  if (!isHydrated(info) && /checkout/.test(page.url())) {
    await page.getByRole("button", { name: say("結果を確かめる", "Check the result") }).click();
  }
  await expect(page).toHaveURL(/\/orders\/ord_/);
});

test("seats that cannot be had are said beside their field, before and in the checkout", { tag: "@flow" }, async ({ page, audit }, info) => {
  test.slow();
  const say = words(info);
  await arrive(page, newcomer(info, 4));
  await page.goto("/catalog/notes");
  await awake(page, info);
  await page.locator("#seats").fill("many");
  await page.getByRole("button", { name: say("見積もりを更新", "Update the quote") }).click();
  await expect(page.locator("#seats-error")).toContainText(say("数字で", "whole number"));
  await expect(page.locator("#seats")).toHaveValue("many");
  await audit();

  await choose(page, info, "notes", 3);
  await page.getByRole("link", { name: say("変更", "Change"), exact: true }).click();
  await expect(page).toHaveURL(/step=seats/);
  // The address changes first; what is audited is the step, not the provider's frame on its way out.
  await expect(page.locator("#seats")).toBeVisible();
  await expect(page.locator("iframe")).toHaveCount(0);
  await awake(page, info);
  await audit();
  await page.locator("#seats").fill("0");
  await page.getByRole("button", { name: say("保存して続ける", "Save and continue") }).click();
  await expect(page.locator("#seats-error")).toBeVisible();
  await expect(page.locator("#seats")).toHaveValue("0");
  await page.locator("#seats").fill("12");
  await page.getByRole("button", { name: say("保存して続ける", "Save and continue") }).click();
  await expect(page.locator("main")).toContainText(say("12 席", "12 seats"));
});

test("what is typed before the page wakes up stays", { tag: "@hydrated" }, async ({ page }, info) => {
  test.slow();
  await arrive(page, newcomer(info, 8));
  let wake = (): void => undefined;
  const typed = new Promise<void>((resolve) => {
    wake = resolve;
  });
  await page.route("**/pkg/zaseki.*.wasm", async (route) => {
    await typed;
    await route.continue();
  });
  await page.goto("/catalog/notes", { waitUntil: "commit" });
  await page.locator("#seats").fill("7");
  await expect(page.locator("body[data-hydrated]")).toHaveCount(0);
  wake();
  await awake(page, info);
  await page.getByRole("button", { name: "見積もりを更新" }).click();
  await expect(page.locator(".quote")).toContainText("7 席");
  await expect(page.locator("#seats")).toHaveValue("7");
});

test("an order of somebody else is nowhere", { tag: "@flow" }, async ({ page, problems, browser }, info) => {
  test.slow();
  problems.allow(/status of 404/);
  await arrive(page, newcomer(info, 5));
  await choose(page, info, "notes", 1);
  const order = page.url();
  const context = await browser.newContext({ baseURL: new URL("/", order).href, javaScriptEnabled: runsScripts(info) });
  const other = await context.newPage();
  await arrive(other, newcomer(info, 6));
  const answer = await other.goto(order);
  expect(answer?.status()).toBe(404);
  await context.close();
});

test("clicking twice buys once", { tag: "@hydrated" }, async ({ page }, info) => {
  test.slow();
  await arrive(page, newcomer(info, 7));
  await choose(page, info, "notes", 1);
  await typeCard(page, info, cards.good);
  await page.getByRole("button", { name: "支払って購入" }).dblclick();
  await expect(page).toHaveURL(/\/orders\/ord_/);
  await page.goto("/products");
  await expect(page.locator(".table tbody tr")).toHaveCount(1);
  // The card is known from now on: the next purchase goes straight to the last page.
  await buy(page, info, "notes", 2);
  await page.goto("/products");
  await expect(page.locator(".table tbody tr")).toHaveCount(2);
});
