import { buy, cards, choose, pay, typeCard } from "../support/buying";
import { daysLater, moveTo, operator, somebody } from "../support/looks";
import { awake, linkFor, typeSignIn, words } from "../support/people";
import { expect, test } from "../support/photograph";
import { zaseki } from "../support/product";
import { bought, enter, follow, isLight, move, press, tick, tried } from "../support/walk";

// Each test takes the pictures of one person's way, whom no other test uses; support/pictures.ts says which picture is
// taken in which look.

test.describe.configure({ timeout: 120_000 });

test("outside, and just inside", { tag: "@looks" }, async ({ page, photograph, problems }, info) => {
  problems.allow(/status of 404/);
  await photograph("sign-in", "/sign-in");
  if (isLight(info)) {
    await typeSignIn(page, somebody(info, "invited"), "not the password");
    await expect(page.getByRole("alert")).toBeVisible();
    await photograph("sign-in-refused");
  }
  await photograph("link", linkFor(somebody(info, "invited")));
  if (!isLight(info)) {
    await page.locator("#password").fill("too short");
    await page.locator("#again").fill("too short");
    await page.locator("form button").click();
    await expect(page.locator("#password-error")).toBeVisible();
    await photograph("link-refused");
  }
  await photograph("link-dead", "/link/nothing");

  await enter(page, info, "traveler");
  await photograph("organizations", "/organizations");
  if (isLight(info)) {
    await page.getByRole("button", { name: words(info)("しずく", "Quiet Harbor") }).click();
    await expect(page).toHaveURL("/");
    await photograph("clock-real", "/organization/clock");
    return;
  }
  await enter(page, info, "guest");
  await photograph("home-guest", "/");
  await photograph("catalog-guest", "/catalog");
  await follow(page, zaseki("operator", "add", operator(info)));
  await photograph("organizations-none", "/organizations");
});

test("somebody new, who has nothing", { tag: "@looks" }, async ({ page, photograph, problems }, info) => {
  problems.allow(/status of 404/);
  await enter(page, info, "newcomer");
  await photograph("home-nothing", "/");
  await photograph("products-nothing", "/products");
  await photograph("licenses-nothing", "/licenses");
  await photograph("my-licenses-nothing", "/my-licenses");
  await photograph("methods-nothing", "/bills/payment-methods");
  await photograph("invoices-nothing", "/bills/invoices");
  await photograph("billing-accounts-nothing", "/billing-accounts");
  await photograph("settings", "/settings");
  await photograph("not-found", "/catalog/nothing");
  await photograph("not-found-address", "/nothing/here");

  await page.goto("/");
  await awake(page, info);
  await page.locator("button[popovertarget='language-menu']").click();
  await photograph("menu-language");
  await page.keyboard.press("Escape");
  if (info.project.name.endsWith("phone")) {
    await page.locator(".menu-button").click();
  }
  await page.locator("button[popovertarget='user-menu']").click();
  await photograph("menu-person");

  await photograph("catalog", "/catalog");
  await photograph("product", "/catalog/atlas?term=1-year&plan=pro&seats=12");
  await photograph("product-refused", "/catalog/atlas?seats=many");
  await photograph("product-elsewhere", "/catalog/press");
  await photograph("product-trial-only", "/catalog/lab");
  await photograph("trial", "/catalog/draft/trial");
  await photograph("trial-card", "/catalog/insight/trial?convert=yes&seats=3");
});

test("somebody who buys", { tag: "@looks" }, async ({ page, photograph }, info) => {
  const say = words(info);
  await enter(page, info, "buyer");
  await choose(page, info, "draft", 12);
  const order = new URL(page.url()).pathname;
  await expect(page.frameLocator(".card-frame iframe").locator("#number")).toBeVisible();
  await photograph("checkout-card");
  await photograph("checkout-seats", `${order}?step=seats`);
  if (!isLight(info)) {
    await page.locator("#seats").fill("0");
    await page.getByRole("button", { name: say("保存して続ける", "Save and continue") }).click();
    await expect(page.locator("#seats-error")).toBeVisible();
    await photograph("checkout-seats-refused");
    await page.goto(order);
    await typeCard(page, info, cards.empty);
    await photograph("checkout-confirm");
    await pay(page, info);
    await expect(page.getByRole("alert")).toBeVisible();
    await photograph("checkout-declined");
    await page.getByRole("link", { name: say("別のカードを使う", "Use another card") }).click();
    await page.getByRole("button", { name: say("もう一度カードを入力する", "Enter a card again") }).click();
  } else {
    await page.goto(order);
  }

  await typeCard(page, info, cards.asks);
  if (isLight(info)) {
    await photograph("checkout-confirm");
  }
  await pay(page, info);
  const toBank = page.getByRole("link", { name: say("確認のページ", "confirmation page") });
  await expect(toBank).toBeVisible();
  await photograph("checkout-bank");
  await toBank.click();
  const confirm = page.getByRole("button", { name: say("支払いを承認", "Confirm payment") });
  await expect(confirm).toBeVisible();
  await photograph("bank");
  await confirm.click();
  await page.getByRole("link", { name: /127\.0\.0\.1/ }).click();
  await expect(page).toHaveURL(/\/orders\/ord_/);
  await photograph("receipt");
  if (isLight(info)) {
    await choose(page, info, "meet", 2);
    await photograph("checkout-cards", `${page.url()}?step=card`);
  }
});

test("somebody who manages a product", { tag: "@looks" }, async ({ page, photograph }, info) => {
  await enter(page, info, "owner");
  await buy(page, info, "draft", 5);
  const draft = await bought(page);
  // One after the other: whoever came last would lose it first.
  for (const who of ["owner", "second"] as const) {
    await page.goto("/licenses/draft?pane=assign");
    await awake(page, info);
    await tick(page, info, somebody(info, who), 1);
    await press(page, info);
  }

  await photograph("details", draft);
  await photograph("seats", `${draft}?pane=seats&way=more`);
  await photograph("seats-quote", `${draft}?pane=seats&way=more&seats=8`);
  await photograph("seats-refused", `${draft}?pane=seats&way=fewer&seats=1`);
  await photograph("seats-losing", `${draft}?pane=seats&way=fewer&seats=1&when=at-renewal`);
  await photograph("plan", `${draft}?pane=plan`);
  await photograph("plan-quote", `${draft}?pane=plan&offer=pro/1-year/up-front&when=now`);
  await photograph("cancel", `${draft}?pane=cancel`);
  if (isLight(info)) {
    await page.locator(".pane-foot button").click();
    await expect(page.locator("#reason-error")).toBeVisible();
    await photograph("cancel-refused");
  }
  await photograph("scheduled-nothing", `${draft}?pane=scheduled`);
  await page.goto(`${draft}?pane=seats&way=fewer&seats=1&when=at-renewal`);
  await press(page, info);
  await photograph("details-scheduled");
  await photograph("scheduled", `${draft}?pane=scheduled`);
  await photograph("recurring", `${draft}?pane=recurring`);

  // What it costs, and who is asked for it.
  await photograph("invoices", "/bills/invoices");
  const invoice = (await page.locator(".table .item-name").first().getAttribute("href")) ?? "";
  await photograph("invoice", invoice);
  await photograph("invoices-range-refused", "/bills/invoices?period=range&from=2037-11-24&to=2037-11-01");
  await photograph("billing-accounts", "/billing-accounts");
  const account = (await page.locator("tbody a").first().getAttribute("href")) ?? "";
  await photograph("billing-account", account);
  await photograph("billing-account-roles", `${account}?tab=roles`);
  await photograph("billing-account-grant", `${account}?tab=roles&pane=roles`);
  await page.goto(`${account}?tab=profiles`);
  await photograph("billing-account-profiles");
  const profile = (await page.locator("tbody a").first().getAttribute("href")) ?? "";
  await photograph("billing-profile", profile);
  await photograph("billing-profile-details", `${profile}?pane=details`);
  await photograph("billing-profile-recipients", `${profile}?pane=recipients`);
  await photograph("billing-profile-replace", `${profile}?pane=replace`);
  await photograph("billing-profile-roles", `${profile}?pane=roles`);

  // What pays it.
  await photograph("methods", "/bills/payment-methods");
  const used = (await page.locator(".table .item-name").first().getAttribute("href")) ?? "";
  await photograph("method", used);
  await photograph("card-edit", used.replace("pane=method", "pane=edit"));
  await photograph("card-replace", used.replace("pane=method", "pane=replace"));
  await photograph("card-delete-used", used.replace("pane=method", "pane=delete"));
  await photograph("card-address", "/bills/payment-methods?pane=add");
  const toCard = page.locator(".pane-foot button[data-look='primary']");
  if (isLight(info)) {
    await page.locator("#city").fill(" ");
    await toCard.click();
    await expect(page.locator("#city-error")).toBeVisible();
    await photograph("card-address-refused");
    await page.goto("/bills/payment-methods?pane=add");
    await awake(page, info);
  }
  await toCard.click();
  await expect(page).toHaveURL(/pane=card/);
  await expect(page.frameLocator(".card-frame iframe").locator("#number")).toBeVisible();
  await photograph("card-typing");
  if (isLight(info)) {
    const form = page.frameLocator(".card-frame iframe");
    await form.locator("#number").fill("5555 5555 5555 4444");
    await form.locator("#expiry").fill("05/40");
    await form.locator("#code").fill("987");
    await form.locator("form button").click();
    await expect(page.locator(".banner[data-kind='ok']")).toBeVisible();
    const fresh = (await page.locator(".table .item-name").first().getAttribute("href")) ?? "";
    await photograph("card-delete", fresh.replace("pane=method", "pane=delete"));
  }

  // Among others.
  await tried(page, info, "notes");
  await tried(page, info, "meet");
  await photograph("home", "/");
  await photograph("my-licenses", "/my-licenses");
  await photograph("licenses", "/licenses");
  await photograph("products", "/products");
  await page.locator(".table .icon-button").first().click();
  await photograph("products-menu");
  await photograph("products-filtered", "/products?status=expired");
  if (!isLight(info)) {
    await page.goto("/products");
    await awake(page, info);
    await page.locator(".filters .pill").first().click();
    await photograph("products-filter");
    await page.goto(`${draft}?pane=recurring`);
    await press(page, info);
    await photograph("recurring-off", `${draft}?pane=recurring`);
  }
});

test("somebody who gives licenses, tries and cancels", { tag: "@looks" }, async ({ page, photograph }, info) => {
  const say = words(info);
  await enter(page, info, "giver");
  await buy(page, info, "board", 2);
  const board = await bought(page);
  await photograph("holders-nobody", "/licenses/board");
  await photograph("assign", "/licenses/board?pane=assign");
  if (isLight(info)) {
    await page.goto("/licenses/board?pane=assign");
    await awake(page, info);
    await page.locator(".pane-foot button").click();
    await expect(page.locator("#who-error")).toBeVisible();
    await photograph("assign-refused");
  }
  await page.goto("/licenses/board?pane=assign");
  await awake(page, info);
  await tick(page, info, say("い", "I"), 3);
  await photograph("assign-found");
  await press(page, info);
  await photograph("result");
  await photograph("holders", "/licenses/board");
  await page.locator(".table input[type=checkbox]").first().check();
  await page.getByRole("button", { name: say("割り当て解除", "Unassign") }).click();
  await expect(page).toHaveURL(/pane=unassign/);
  await photograph("unassign");
  await press(page, info);
  await photograph("result-taken");

  await photograph("list", "/licenses/board?pane=list");
  await page.goto(`/licenses/board?pane=${isLight(info) ? "list" : "unlist"}`);
  await awake(page, info);
  if (!isLight(info)) {
    await page.locator("#list").fill(",");
    await page.locator("form#check-list button").click();
    await expect(page.locator("#list-error")).toBeVisible();
    await photograph("unlist-refused");
    await page.goto("/licenses/board?pane=list");
    await awake(page, info);
  }
  const listed = ["first", "second", "third"] as const;
  await page.locator("#list").fill([...listed.map((who) => somebody(info, who)), "nobody@elsewhere.example"].join("\n"));
  await page.locator("form#check-list button").click();
  await expect(page.locator("#checked")).toBeVisible();
  await photograph("list-checked");

  await page.goto(`${board}?pane=cancel`);
  await awake(page, info);
  await page.locator(".pane input[name='reason'][value='not-used']").check();
  await press(page, info);
  await photograph("details-canceled");
  await photograph("reactivate", `${board}?pane=reactivate`);

  const sign = await tried(page, info, "sign");
  await photograph("details-trial");
  await photograph("extend-early", `${sign}?pane=extend`);
  await photograph("buy", `${sign}?pane=buy`);
  await photograph("trial-used", "/catalog/sign/trial");
});

test("somebody whose days pass", { tag: "@looks" }, async ({ page, photograph }, info) => {
  const say = words(info);
  await enter(page, info, "mover");
  await photograph("clock", "/organization/clock");
  if (isLight(info)) {
    await move(page, info, daysLater(-30));
    await expect(page.locator("#to-error")).toBeVisible();
    await photograph("clock-refused");
  }
  const sign = await tried(page, info, "sign");
  // The bank wants to be asked each time: when nobody is there, the renewal is not paid.
  await choose(page, info, "notes", 2);
  await typeCard(page, info, cards.asks);
  await pay(page, info);
  await page.getByRole("link", { name: say("確認のページ", "confirmation page") }).click();
  await page.getByRole("button", { name: say("支払いを承認", "Confirm payment") }).click();
  await page.getByRole("link", { name: /127\.0\.0\.1/ }).click();
  const notes = await bought(page);
  await photograph("pay-nothing", `${notes}?pane=pay`);
  moveTo(info.project.name, daysLater(16));
  await photograph("extend", `${sign}?pane=extend`);
  if (isLight(info)) {
    moveTo(info.project.name, daysLater(36));
  } else {
    await move(page, info, daysLater(36));
    await expect(page.locator("#happened")).toBeVisible();
    await photograph("clock-moved");
  }
  await photograph("details-unpaid", notes);
  await photograph("seats-impossible", `${notes}?pane=seats`);
  await photograph("pay", `${notes}?pane=pay`);
  if (!isLight(info)) {
    moveTo(info.project.name, daysLater(90));
    await photograph("details-disabled", notes);
    await photograph("reactivate-unpaid", `${notes}?pane=reactivate`);
  }
});
