import type { Page, TestInfo } from "@playwright/test";
import { buy, isHydrated, runsScripts } from "../support/buying";
import { found } from "../support/days";
import { arrive, awake, words } from "../support/people";
import { zaseki } from "../support/product";
import { expect, test } from "../support/test";

const address = "/bills/payment-methods";

/** Types what the provider's form asks for, and comes back to a list that says what was done. */
async function type(page: Page, info: TestInfo, fields: Record<string, string>, said: string): Promise<void> {
  const say = words(info);
  await expect(page).toHaveURL(/pane=card/);
  await awake(page, info);
  const framed = runsScripts(info);
  const form = framed ? page.frameLocator(".card-frame iframe") : page;
  if (!framed) {
    await page.locator(".card-frame-link a").click();
    await expect(page).toHaveURL(/^http:\/\/localhost:/);
  }
  for (const [name, value] of Object.entries(fields)) {
    await form.locator(`#${name}`).fill(value);
  }
  await form.locator("form button").click();
  if (!framed) {
    await page.getByRole("link", { name: /127\.0\.0\.1/ }).click();
  }
  if (!isHydrated(info)) {
    await page.getByRole("button", { name: say("保存", "Save"), exact: true }).click();
  }
  await expect(page.locator(".banner[data-kind='ok']")).toContainText(said);
  await awake(page, info);
}

test("a payment method is added, edited, and deleted", { tag: "@flow" }, async ({ page, audit }, info) => {
  test.setTimeout(90_000);
  const say = words(info);
  const place = found(info, "cards");
  await arrive(page, place.mails[0]);
  await page.goto(address);
  await awake(page, info);
  await expect(page.locator("main")).toContainText(say("支払い方法がありません", "No payment methods"));
  await audit();

  // The address is the organization's; without a city it is refused beside its field, and the rest stays.
  await page.getByRole("link", { name: say("支払い方法の追加", "Add a payment method") }).click();
  await expect(page.locator("#street")).toHaveValue(say("波止場町 1-1-1", "1 Pier Road"));
  await awake(page, info);
  await audit();
  await page.locator("#building").fill(say("さざなみビル 3 階", "Floor 3"));
  await page.locator("#city").fill(" ");
  await page.getByRole("button", { name: say("カードの入力へ進む", "Continue to the card") }).click();
  await expect(page.locator("#city-error")).toBeVisible();
  await expect(page.locator("#building")).toHaveValue(say("さざなみビル 3 階", "Floor 3"));
  await awake(page, info);
  await audit();
  await page.locator("#city").fill(say("神戸市中央区", "Portland"));
  await page.getByRole("button", { name: say("カードの入力へ進む", "Continue to the card") }).click();
  await type(page, info, { number: "4242 4242 4242 4242", expiry: "05/40", code: "987" }, say("を追加しました", "is added"));
  await expect(page.locator(".table tbody tr")).toContainText(say("何の支払いにも使っていません", "Pays nothing"));
  await audit();

  // Edited: everything but the number.
  await page.getByRole("link", { name: /4242/ }).click();
  await expect(page.locator(".pane .facts")).toContainText(say("さざなみビル", "Floor 3"));
  await awake(page, info);
  await audit();
  await page.locator(".pane-foot").getByRole("link", { name: say("編集", "Edit") }).click();
  await expect(page).toHaveURL(/pane=edit/);
  await awake(page, info);
  await page.getByRole("button", { name: say("カードの入力へ進む", "Continue to the card") }).click();
  await type(page, info, { expiry: "07/41", code: "987" }, say("を変更しました", "is changed"));
  await expect(page.locator(".table tbody tr")).toContainText(say("2041年7月", "Jul 2041"));

  // Deleted: it pays nothing.
  await page.getByRole("link", { name: /4242/ }).click();
  await awake(page, info);
  await page.locator(".pane-foot").getByRole("link", { name: say("削除", "Delete") }).click();
  await expect(page).toHaveURL(/pane=delete/);
  await awake(page, info);
  await audit();
  await page.locator(".pane-foot button").click();
  await expect(page.locator(".banner[data-kind='ok']")).toContainText(say("支払い方法を削除しました", "is deleted"));
  await expect(page.locator("main")).toContainText(say("支払い方法がありません", "No payment methods"));
});

test("a card in use is deleted with a new one in its place", { tag: "@flow" }, async ({ page, audit }, info) => {
  test.setTimeout(90_000);
  const say = words(info);
  const place = found(info, "replacing");
  await arrive(page, place.mails[0]);
  await buy(page, info, "notes", 1);
  await page.goto(address);
  await expect(page.locator(".table tbody tr")).toContainText(say("課金プロファイル 1 件", "1 billing profile"));
  await page.getByRole("link", { name: /4242/ }).click();
  await awake(page, info);
  await page.locator(".pane-foot").getByRole("link", { name: say("削除", "Delete") }).click();
  await expect(page.locator(".pane")).toContainText(say("このカードは使われています", "This card is in use"));
  await awake(page, info);
  await audit();
  await expect(page.locator(".pane-foot button")).toHaveCount(0);
  await page.getByRole("link", { name: say("新しいカードに置換", "Replace by a new card") }).click();
  await expect(page).toHaveURL(/pane=replace/);
  await awake(page, info);
  await page.getByRole("button", { name: say("カードの入力へ進む", "Continue to the card") }).click();
  await type(page, info, { number: "5555 5555 5555 4444", expiry: "05/40", code: "987" }, say("で支払います", "pays from now on"));
  await expect(page.locator(".table tbody tr")).toHaveCount(1);
  await expect(page.locator(".table tbody tr")).toContainText("4444");
  await expect(page.locator(".table tbody tr")).toContainText(say("課金プロファイル 1 件", "1 billing profile"));
  expect(zaseki("verify")).not.toContain("BROKEN");
});
