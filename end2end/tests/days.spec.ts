import { buy, cards, typeCard } from "../support/buying";
import { confirm, open } from "../support/changing";
import { found } from "../support/days";
import { arrive, awake, words } from "../support/people";
import { zaseki } from "../support/product";
import { expect, test } from "../support/test";
import { tick, tried } from "../support/walk";

// What days bring: each test has an organization of its own, whose days pass when it says so.

test("a trial is extended once, and another becomes the purchase that was asked for", { tag: "@flow" }, async ({ page, audit }, info) => {
  test.setTimeout(90_000);
  const say = words(info);
  const place = found(info, "trying");
  await arrive(page, place.mails[0]);
  const sign = await tried(page, info, "sign");

  // With a card, and only because it is ticked.
  await page.goto("/catalog/insight/trial?convert=yes&seats=3");
  await awake(page, info);
  await expect(page.locator("input[name='convert']")).toBeChecked();
  await expect(page.locator("#seats")).toHaveValue("3");
  await page.getByRole("button", { name: say("カードの登録へ進む", "Continue to the card") }).click();
  await expect(page).toHaveURL(/\/checkout\/ord_/);
  await typeCard(page, info, cards.good);
  await page.getByRole("button", { name: say("試用を開始", "Start trial") }).click();
  await expect(page).toHaveURL(/\/products\/sub_/);
  const insight = new URL(page.url()).pathname;

  place.until(16);
  await page.goto(sign);
  await awake(page, info);
  await open(page, info, say("延長", "Extend"));
  await audit();
  await confirm(page, info, say("試用を延長しました", "The trial is extended"));
  await audit();
  await page.goto(`${sign}?pane=extend`);
  await expect(page.locator(".pane")).toContainText(say("延長済みです", "was extended before"));

  place.until(31);
  await page.goto(sign);
  await expect(page.locator(".title-row .badge")).toHaveText(say("試用中", "On trial"));
  await page.goto(insight);
  await expect(page.locator(".title-row .badge")).toHaveText(say("有効", "Active"));
  await expect(page.locator(".figures")).toContainText(/\/ 3/);
  await awake(page, info);
  await audit();

  place.until(62);
  await page.goto(sign);
  await expect(page.locator(".title-row .badge")).toHaveText(say("無効", "Disabled"));
  await awake(page, info);
  await audit();
  expect(zaseki("verify")).not.toContain("BROKEN");
});

test("the manager ticks who loses their license at the renewal", { tag: "@flow" }, async ({ page, audit }, info) => {
  test.setTimeout(90_000);
  const say = words(info);
  const place = found(info, "losing");
  await arrive(page, place.mails[0]);
  await buy(page, info, "board", 2);
  const address = (await page.locator("main a[href^='/products/sub_']").getAttribute("href")) ?? "";

  // One after the other: whoever comes later would be the one to lose it.
  for (const mail of place.mails.slice(1)) {
    await page.goto("/licenses/board?pane=assign");
    await awake(page, info);
    await tick(page, info, mail, 1);
    await page.locator(".pane-foot button").click();
    await expect(page).toHaveURL(/pane=result/);
  }

  await page.goto(`${address}?pane=seats&way=fewer&seats=1&when=at-renewal`);
  await awake(page, info);
  await expect(page.locator(".pane")).toContainText(say("1 人がライセンスを失います", "1 person loses"));
  await confirm(page, info, say("変更を予定しました", "The change is scheduled"));
  await page.goto(`${address}?pane=scheduled`);
  await awake(page, info);
  const people = page.locator(".pane label.person");
  await expect(people).toHaveCount(2);
  const [first, second] = [
    people.filter({ hasText: say("鷺沼 翼", "Jay Heron") }).locator("input"),
    people.filter({ hasText: say("雁部 千鳥", "Robin Gander") }).locator("input"),
  ];
  await expect(second).toBeChecked();
  await audit();

  // One too many is refused, and the ticks stay.
  const save = page.getByRole("button", { name: say("失う人を保存", "Save who loses it") });
  await first.check();
  await save.click();
  await expect(page).toHaveURL(/form=/);
  await expect(page.locator(".pane [role=alert]")).toContainText(say("2 人を選んでいますが", "2 people are ticked"));
  await expect(first).toBeChecked();
  await expect(second).toBeChecked();
  await awake(page, info);
  await audit();
  await second.uncheck();
  await save.click();
  await expect(page.locator(".banner[data-kind='ok']")).toContainText(say("ライセンスを失う人を決めました", "It is decided who loses"));
  await awake(page, info);
  await audit();

  place.until(33);
  await page.goto("/licenses/board");
  await expect(page.locator(".table tbody tr")).toHaveCount(1);
  await expect(page.locator(".table tbody tr")).toContainText(say("雁部 千鳥", "Robin Gander"));
  expect(zaseki("verify")).not.toContain("BROKEN");
});

test("what has run out comes back, from the day it ended", { tag: "@flow" }, async ({ page, audit }, info) => {
  test.setTimeout(90_000);
  const say = words(info);
  const place = found(info, "lapsed");
  await arrive(page, place.mails[0]);
  await buy(page, info, "notes", 2);
  await page.locator("main a[href^='/products/sub_']").click();
  await awake(page, info);
  await open(page, info, say("継続請求の編集", "Edit recurring billing"));
  await confirm(page, info, say("継続請求をオフにしました", "Recurring billing is off"));
  const address = new URL(page.url()).pathname;

  place.until(40);
  await page.goto(address);
  await expect(page.locator(".title-row .badge")).toHaveText(say("期限切れ", "Expired"));
  await awake(page, info);
  await audit();
  await open(page, info, say("再アクティブ化", "Reactivate"));
  await audit();
  await page.locator(".pane-foot button").click();
  await expect(page).toHaveURL(/\/checkout\/ord_/);
  await awake(page, info);
  await page.getByRole("button", { name: say("支払って再アクティブ化", "Reactivate for") }).click();
  await expect(page).toHaveURL(/\/orders\/ord_/);
  await page.locator("main a[href^='/products/sub_']").click();
  await expect(page.locator(".title-row .badge")).toHaveText(say("有効", "Active"));
  expect(zaseki("verify")).not.toContain("BROKEN");
});
