import type { Page } from "@playwright/test";
import { expect, test } from "../support/test";
import { arrive, awake, words } from "../support/people";
import { cards, choose, isHydrated, pay, typeCard } from "../support/buying";
import { open } from "../support/changing";
import { found } from "../support/days";
import { zaseki } from "../support/product";

const [yes, no] = [/支払いを承認|Confirm payment/, /支払いを拒否|Refuse payment/];

/** Answers the bank, and comes back. */
async function answer(page: Page, said: RegExp): Promise<void> {
  await page.getByRole("button", { name: said }).click();
  await page.getByRole("link", { name: /127\.0\.0\.1/ }).click();
}

test("what is due is paid where its subscription is, and the bank may ask", { tag: "@flow" }, async ({ page, audit }, info) => {
  test.setTimeout(60_000);
  const say = words(info);
  const place = found(info, "unpaid");
  await arrive(page, place.mails[0]);
  await choose(page, info, "board", 3);
  await typeCard(page, info, cards.asks);
  await pay(page, info);
  await page.getByRole("link", { name: say("確認のページ", "confirmation page") }).click();
  await answer(page, yes);
  if (!isHydrated(info) && /checkout/.test(page.url())) {
    await page.getByRole("button", { name: say("結果を確かめる", "Check the result") }).click();
  }
  await expect(page).toHaveURL(/\/orders\/ord_/);

  // The month renews, and nobody is there whom the bank could ask.
  place.until(33);
  await page.locator("main a[href^='/products/sub_']").click();
  await awake(page, info);
  await expect(page.locator("main")).toContainText(say("未払い", "Unpaid"));
  await open(page, info, say("今すぐ支払う", "Pay now"));
  await expect(page.locator(".pane input[name='method']")).toHaveCount(1);
  await audit();
  await page.locator(".pane-foot button").click();

  // The bank asks, and says no; then it says yes.
  for (const said of [no, yes]) {
    await expect(page.locator(".pane")).toContainText(say("カード会社の確認が必要です", "Your bank wants you to confirm"));
    await awake(page, info);
    await audit();
    await page.locator(".pane a[href*='/sandbox/confirm/']").click();
    await answer(page, said);
    await expect(page).toHaveURL(/pane=pay/);
    await awake(page, info);
    await page.locator(".pane-foot button").click();
    if (said === no) {
      await expect(page.locator(".pane [role=alert]")).toContainText(say("支払いができませんでした", "did not go through"));
      await awake(page, info);
      await audit();
      await page.locator(".pane-foot button").click();
    }
  }
  await expect(page.locator(".banner[data-kind='ok']")).toContainText(say("支払いが済みました", "It is paid"));
  await awake(page, info);
  await audit();
  await expect(page.locator(".commands")).not.toContainText(say("今すぐ支払う", "Pay now"));
  expect(zaseki("verify")).not.toContain("BROKEN");
});
