import { expect, test } from "../support/test";
import { awake, demoPassword, linkFor, memberFor, signIn, words } from "../support/people";

test("home shows where one is", { tag: "@page" }, async ({ page, audit }, info) => {
  const say = words(info);
  await signIn(page, memberFor(info));
  await awake(page, info);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("ホーム", "Home"));
  await expect(page.locator(".user-place")).toHaveText(say("はるかぜ設計株式会社", "Northgate Instruments, Inc."));
  await audit();
});

test("the catalog lists what is sold to one's organization", { tag: ["@page", "@nowasm"] }, async ({ page, audit }, info) => {
  const say = words(info);
  await signIn(page, memberFor(info));
  await page.goto("/catalog");
  await awake(page, info);
  const draft = page.locator(".product-card:has(a[href='/catalog/draft'])");
  await expect(draft).toContainText(say("¥", "$"));
  // The newspaper is sold in Japan only; elsewhere it says so.
  await expect(page.locator(".product-card", { hasText: say("販売対象外", "Not sold here") })).toHaveCount(say(0, 1));
  await audit();
});

test("a product shows its plans at the prices of a term", { tag: ["@flow", "@nowasm"] }, async ({ page, audit }, info) => {
  const say = words(info);
  await signIn(page, memberFor(info));
  await page.locator(".main a[href='/catalog']").click();
  await page.getByRole("link", { name: "Minato Atlas" }).click();
  await expect(page).toHaveURL("/catalog/atlas");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Minato Atlas");
  const prices = page.locator(".plan-price > b");
  await expect(prices).toHaveCount(3);
  const monthly = await prices.allTextContents();

  await page.getByRole("link", { name: say("1 年", "1 year"), exact: true }).click();
  await expect(page).toHaveURL(/\/catalog\/atlas\?term=1-year/);
  await expect(page.locator(".segment [aria-current]")).toHaveText(say("1 年", "1 year"));
  await expect(prices.first()).not.toHaveText(monthly[0] ?? "");
  await audit();

  // A link to what is seen leads to the same.
  await page.reload();
  await expect(page.locator(".segment [aria-current]")).toHaveText(say("1 年", "1 year"));
});

test("a product that is nowhere is a 404", { tag: "@flow" }, async ({ page, problems }, info) => {
  problems.allow(/status of 404/);
  await signIn(page, memberFor(info));
  const answer = await page.goto("/catalog/no-such-product");
  expect(answer?.status()).toBe(404);
});

test("language and theme are one's own", { tag: "@flow" }, async ({ page, audit }, info) => {
  const say = words(info);
  const mail = say("yuto.aoki@harukaze.example", "grace.holloway@northgate.example");
  await page.goto(linkFor(mail));
  await page.locator("#password").fill(demoPassword);
  await page.locator("#again").fill(demoPassword);
  await page.locator("form button").click();
  await expect(page).toHaveURL("/");

  await page.goto("/settings");
  await awake(page, info);
  await page.locator("input[name='theme'][value='dark']").check();
  await page.locator("input[name='language']").nth(say(2, 1)).check();
  await page.locator("form[action^='/api/save-settings'] button").click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.locator("html")).toHaveAttribute("lang", say("en", "ja"));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("Settings", "設定"));
  await audit();

  await page.locator("button[popovertarget='language-menu']").click();
  await page.locator("#language-menu button[value='" + say("ja", "en") + "']").click();
  await expect(page).toHaveURL("/settings");
  await expect(page.locator("html")).toHaveAttribute("lang", say("ja", "en"));
});

test("moving between pages keeps the frame and loads only what is needed", { tag: "@hydrated" }, async ({ page }, info) => {
  await signIn(page, memberFor(info));
  await awake(page, info);
  await page.evaluate(() => document.body.setAttribute("data-mark", "still here"));
  await page.locator(".nav a[href='/catalog']").click();
  await expect(page).toHaveURL("/catalog");
  await expect(page.getByRole("link", { name: "Minato Draft" })).toBeVisible();
  await expect(page.locator("body[data-mark]"), "the page was not loaded anew").toHaveCount(1);
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("ホーム");
  await expect(page.locator("body[data-mark]")).toHaveCount(1);
});
