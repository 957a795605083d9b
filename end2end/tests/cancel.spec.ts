import { pay } from "../support/buying";
import { confirm, open, owned } from "../support/changing";
import { awake, words } from "../support/people";
import { zaseki } from "../support/product";
import { expect, test } from "../support/test";

test("canceling in the window shows the refund, asks why, and leaves a way back", { tag: ["@flow", "@postgres"] }, async ({ page, audit }, info) => {
  test.setTimeout(120_000);
  const say = words(info);
  await owned(page, info, 14, "notes", 2);
  await open(page, info, say("解約", "Cancel"));
  await expect(page.locator("#pane-title")).toHaveText(say("サブスクリプションの解約", "Cancel subscription"));
  const refund = (await page.locator(".pane .quote .total td").textContent()) ?? "";
  await expect(page.locator(".pane .choice:has(:checked)")).toContainText(refund);
  await expect(page.locator(".timeline").first()).toContainText(say("すぐに終了", "It ends at once"));
  await audit();

  // Ending with the term says something else, and gives nothing back.
  await page.locator(".pane input[name='how'][value='at-end']").check();
  await expect(page.locator(".pane .quote")).toBeHidden();
  await expect(page.locator(".timeline").last()).toContainText(say("それまでは、すべてそのまま使えます", "Until then everything works as before"));
  await page.locator(".pane input[name='how'][value='now']").check();

  // A reason is required; what was typed stays.
  await page.locator("#feedback").fill(say("<全社契約> に & 切り替えます", "We move to <one> contract & more"));
  await page.locator(".pane-foot button").click();
  await expect(page).toHaveURL(/form=/);
  await expect(page.locator("#reason-error")).toBeVisible();
  await expect(page.locator("#feedback")).toHaveValue(say("<全社契約> に & 切り替えます", "We move to <one> contract & more"));
  await awake(page, info);
  await audit();

  // Something else has to be said.
  await page.locator(".pane input[name='reason'][value='other']").check();
  await page.locator(".pane-foot button").click();
  await expect(page.locator("#other-error")).toBeVisible();
  await awake(page, info);
  await page.locator(".pane input[name='reason'][value='bought-by-mistake']").check();
  await confirm(page, info, say("解約しました", "is canceled"));
  await expect(page.locator(".banner[data-kind='ok']")).toContainText(refund.replace("−", ""));
  await expect(page.locator(".title-row .badge")).toHaveText(say("無効", "Disabled"));
  await audit();

  // And back again, with everything that was assigned.
  await page.locator(".banner[data-kind='ok'] a").click();
  await expect(page).toHaveURL(/pane=reactivate/);
  await awake(page, info);
  await expect(page.locator("#seats")).toHaveValue("2");
  await audit();
  await page.locator(".pane-foot button").click();
  await expect(page).toHaveURL(/\/checkout\/ord_/);
  await awake(page, info);
  await audit();
  await page.getByRole("button", { name: say("支払って再アクティブ化", "Reactivate for") }).click();
  await expect(page).toHaveURL(/\/orders\/ord_/);
  await page.locator("main a[href^='/products/sub_']").click();
  await expect(page.locator(".title-row .badge")).toHaveText(say("有効", "Active"));
  expect(zaseki("verify")).not.toContain("BROKEN");
});

test("buying again is the same as ever after something was canceled", { tag: "@hydrated" }, async ({ page }, info) => {
  test.setTimeout(90_000);
  await owned(page, info, 23, "notes", 1);
  await open(page, info, "解約");
  await page.locator(".pane input[name='reason'][value='not-used']").check();
  await confirm(page, info, "解約しました");
  await page.goto("/catalog/notes?seats=1");
  await awake(page, info);
  await page.getByRole("button", { name: "購入へ進む" }).click();
  await expect(page).toHaveURL(/\/checkout\/ord_/);
  await awake(page, info);
  await pay(page, info);
  await expect(page).toHaveURL(/\/orders\/ord_/);
});
