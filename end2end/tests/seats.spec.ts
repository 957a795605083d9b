import { confirm, open, owned, typeSeats } from "../support/changing";
import { awake, newcomer, words } from "../support/people";
import { zaseki } from "../support/product";
import { expect, test } from "../support/test";

test("more seats are quoted as one types, paid, and there at once", { tag: ["@flow", "@postgres"] }, async ({ page, audit }, info) => {
  test.setTimeout(90_000);
  const say = words(info);
  const address = await owned(page, info, 12, "notes", 3);

  // From the list, by the menu of its row.
  await page.goto("/products");
  await awake(page, info);
  await page.locator(".table .icon-button").click();
  await audit();
  await page.locator(".menu:popover-open").getByRole("link", { name: say("ライセンスの購入", "Buy licenses") }).click();
  await expect(page).toHaveURL(/pane=seats/);
  await awake(page, info);
  await expect(page.locator("#pane-title")).toHaveText(say("ライセンスの購入", "Buy licenses"));
  await expect(page.locator("#seats")).toHaveValue("3");
  await expect(page.locator(".pane-foot button")).toBeDisabled();
  await audit();

  await typeSeats(page, info, say("５", "5"));
  await expect(page.locator(".delta")).toContainText("+2");
  await expect(page.locator(".pane .quote")).toContainText(say("追加 2 席", "2 more seats"));
  await expect(page.locator(".pane .quote .next")).toContainText(say("次の請求書", "Next invoice"));
  const due = (await page.locator(".pane .quote .total td").textContent()) ?? "";
  await expect(page.locator(".pane-foot button")).toHaveText(say(`${due} を支払って 2 席を追加`, `Pay ${due} and add 2 seats`));
  await audit();

  // A link to what is seen leads to the same.
  await page.reload();
  await awake(page, info);
  await expect(page.locator(".delta")).toContainText("+2");
  await confirm(page, info, say("席を変更しました", "seats are changed"));
  await expect(page.locator(".figures")).toContainText(/\/ 5/);
  await audit();

  // One up and one down again, by the steps beside the number.
  await page.goto(`${address}?pane=seats`);
  await awake(page, info);
  await page.getByRole("link", { name: say("1 増やす", "One more") }).click();
  await expect(page.locator("#seats")).toHaveValue("6");
  await expect(page.locator(".delta")).toContainText("+1");
  await page.getByRole("link", { name: say("1 減らす", "One fewer") }).click();
  await expect(page.locator("#seats")).toHaveValue("5");
  await expect(page.locator(".delta")).toHaveCount(0);

  expect(zaseki("verify")).not.toContain("BROKEN");
});

test("a quote that is no longer true is shown anew", { tag: "@flow" }, async ({ page, audit }, info) => {
  test.setTimeout(90_000);
  const say = words(info);
  const address = await owned(page, info, 18, "notes", 2);
  await page.goto(`${address}?pane=seats&seats=4`);
  await awake(page, info);
  const due = page.locator(".pane .quote .total td");
  const before = (await due.textContent()) ?? "";

  // Elsewhere the number changes in the meantime.
  const elsewhere = await page.context().newPage();
  await elsewhere.goto(`${address}?pane=seats&seats=3`);
  await elsewhere.locator(".pane-foot button").click();
  await expect(elsewhere).toHaveURL(/result=/);
  await elsewhere.close();

  await page.locator(".pane-foot button").click();
  await expect(page).toHaveURL(/form=/);
  await expect(page.getByRole("alert")).toContainText(say("見積もりが変わりました", "The quote has changed"));
  await expect(page.locator("#seats")).toHaveValue("4");
  await expect(due).not.toHaveText(before);
  await awake(page, info);
  await audit();
  await confirm(page, info, say("席を変更しました", "seats are changed"));
  await expect(page.locator(".figures")).toContainText(/\/ 4/);
});

test("fewer seats: not below what is assigned, at renewal scheduled and dropped, in the window credited", { tag: "@flow" }, async ({ page, audit }, info) => {
  test.setTimeout(120_000);
  const say = words(info);
  const address = await owned(page, info, 13, "notes", 3);
  for (const who of [newcomer(info, 13), newcomer(info, 9)]) {
    await page.goto("/licenses/notes?pane=assign");
    await awake(page, info);
    await page.locator("#who").fill(who);
    await page.getByRole("button", { name: say("検索", "Search") }).click();
    await page.locator("label.person", { hasText: who }).locator("input").check();
    await page.locator(".pane-foot button").click();
    await expect(page).toHaveURL(/result=/);
  }

  await page.goto(address);
  await awake(page, info);
  await open(page, info, say("ライセンスの削除", "Remove licenses"));
  await expect(page.locator("#pane-title")).toHaveText(say("ライセンスの削除", "Remove licenses"));
  await typeSeats(page, info, "1");
  await expect(page.locator("#seats-error")).toContainText(say("2 席が割り当て済みのため、1 席にはできません", "2 seats are assigned, so it cannot be 1"));
  await expect(page.locator(".ways li")).toHaveCount(3);
  await expect(page.locator(".ways a").first()).toHaveAttribute("href", "/licenses/notes");
  await expect(page.locator(".pane-foot button")).toBeDisabled();
  await audit();

  // At renewal it may be below: one person would lose their license.
  await page.getByRole("link", { name: say("予定する", "Schedule") }).click();
  await expect(page.locator(".pane .choice:has(:checked)")).toContainText(say("1 人がライセンスを失います", "1 person loses their license"));
  await expect(page.locator(".pane .quote .total td")).toHaveText(say("¥0", "$0.00"));
  await audit();
  await confirm(page, info, say("変更を予定しました", "The change is scheduled"));
  await expect(page.locator(".facts")).toContainText(say("3 席から 1 席へ", "from 3 to 1 seats"));
  await audit();

  await open(page, info, say("予定されている変更", "Scheduled change"));
  await expect(page.locator(".pane .facts")).toContainText(say("3 席から 1 席へ", "from 3 to 1 seats"));
  await audit();
  await confirm(page, info, say("予定を取り消しました", "is dropped"));
  await expect(page.locator(".card .facts")).not.toContainText(say("3 席から 1 席へ", "from 3 to 1 seats"));

  // What was bought today can be given back.
  await open(page, info, say("ライセンスの削除", "Remove licenses"));
  await typeSeats(page, info, "2");
  await expect(page.locator(".pane .choice:has(:checked)")).toContainText(say("クレジットになります", "becomes credit"));
  await expect(page.locator(".pane .quote")).toContainText(say("減らす 1 席", "1 seat fewer"));
  await audit();
  await confirm(page, info, say("席を変更しました", "seats are changed"));
  await expect(page.locator(".figures")).toContainText(/\/ 2/);
  expect(zaseki("verify")).not.toContain("BROKEN");
});

test("the seats pane fits a phone, and 320 pixels", { tag: "@page" }, async ({ page, audit, javaScriptEnabled }, info) => {
  test.setTimeout(90_000);
  const address = await owned(page, info, 19, "notes", 1);
  await page.goto(`${address}?pane=seats&seats=3`);
  await awake(page, info);
  await expect(page.locator(".pane .quote .total")).toBeVisible();
  await audit();
  await page.setViewportSize({ width: 320, height: 640 });
  await expect(page.locator("#seats")).toBeVisible();
  if (javaScriptEnabled !== false) {
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  }
  await audit();
});
