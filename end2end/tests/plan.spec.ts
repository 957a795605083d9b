import { confirm, open, owned, pick } from "../support/changing";
import { words } from "../support/people";
import { zaseki } from "../support/product";
import { expect, test } from "../support/test";

test("another term begins today, or waits for the renewal", { tag: "@flow" }, async ({ page, audit }, info) => {
  test.setTimeout(120_000);
  const say = words(info);
  await owned(page, info, 16, "draft", 2);
  await open(page, info, say("プランの変更", "Change plan"));
  await expect(page.locator(".pane .choice:has(:checked)")).toContainText(say("今のプラン", "Current"));
  await expect(page.locator(".pane-foot button")).toBeDisabled();
  await audit();

  // At renewal it costs nothing today.
  await pick(page, info, "offer", "team/1-year/up-front");
  await pick(page, info, "when", "at-renewal");
  await expect(page.locator(".pane .quote .total td")).toHaveText(say("¥0", "$0.00"));
  await audit();
  await confirm(page, info, say("変更を予定しました", "The change is scheduled"));
  await expect(page.locator(".card .facts")).toContainText(say("1 年", "1 year"));

  // Now it costs the difference, replaces what was scheduled, and moves the renewal.
  await open(page, info, say("プランの変更", "Change plan"));
  await pick(page, info, "offer", "team/1-year/up-front");
  await expect(page.locator(".pane .choice:has(:checked)").last()).toContainText(say("今日から新しい期間", "A new term begins today"));
  await expect(page.locator(".pane .quote")).toContainText(say("未使用分", "days not used"));
  const due = (await page.locator(".pane .quote .total td").textContent()) ?? "";
  await expect(page.locator(".pane-foot button")).toContainText(due);
  await audit();
  await confirm(page, info, say("プランを変更しました", "The plan is changed"));
  await expect(page.locator(".card .facts")).toContainText(say("1 年契約", "1 year"));
  expect(zaseki("verify")).not.toContain("BROKEN");
});
