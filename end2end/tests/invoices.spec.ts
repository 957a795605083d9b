import { buy, isHydrated } from "../support/buying";
import { found } from "../support/days";
import { arrive, awake, words } from "../support/people";
import { expect, test } from "../support/test";

test("an invoice is found, narrowed down, read whole and printed", { tag: "@flow" }, async ({ page, audit }, info) => {
  test.setTimeout(120_000);
  const say = words(info);
  const place = found(info, "invoices");
  await arrive(page, place.mails[0]);

  // Nothing yet, and it says what would be here.
  await page.goto("/bills/invoices");
  await awake(page, info);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("請求と支払い", "Bills & payments"));
  await expect(page.locator(".empty")).toContainText(say("まだ請求書がありません", "No invoices yet"));
  await expect(page.locator(".tabs [aria-current]")).toHaveText(say("請求書", "Invoices"));
  await expect(page.locator("#nav a[aria-current]")).toHaveText(say("請求と支払い", "Bills & payments"));
  await audit();

  // From the receipt to the invoice.
  await buy(page, info, "board", 3);
  await page.getByRole("link", { name: say("請求書を見る", "See the invoice") }).click();
  await expect(page).toHaveURL(/\/bills\/invoices\/doc_/);
  await awake(page, info);
  await expect(page.locator(".title-row .badge")).toHaveText(say("支払い済み", "Paid"));
  await expect(page.locator(".parties")).toContainText(say("つばめ設備株式会社 御中", "Swallow Fittings, Inc."));
  await expect(page.locator(".document tbody").first()).toContainText(say("3 席", "3 seats"));
  await expect(page.locator(".timeline")).toContainText("4242");
  await audit();
  await page.emulateMedia({ media: "print" });
  await expect(page.locator("#nav")).toBeHidden();
  await expect(page.locator(".commands")).toBeHidden();
  await expect(page.locator(".parties")).toBeVisible();
  await page.emulateMedia({ media: "screen" });

  // Five months later the first three are older than the past three months.
  place.until(160);
  await page.goto("/bills/invoices");
  await awake(page, info);
  const rows = page.locator(".table tbody tr");
  await expect(rows).toHaveCount(3);
  await expect(page.locator(".list-foot")).toContainText(
    say("この期間より前の請求書が 3 件隠れています", "3 older invoices are hidden"),
  );
  await audit();
  await page.locator(".list-foot .link:not([download])").click();
  await expect(page).toHaveURL(/period=range/);
  await expect(rows).toHaveCount(6);
  await awake(page, info);
  await audit();

  // Days that cannot be: it stands beside the field, and what was typed stays.
  const day = await page.locator("#from").inputValue();
  await page.locator("#to").fill("2020-01-01");
  await page.locator(".range button").click();
  await expect(page.locator("#to-error")).toContainText(say("最初の日より前です", "before the first day"));
  await expect(page.locator("#from")).toHaveValue(day);
  await expect(page.locator("#to")).toHaveValue("2020-01-01");
  await expect(rows).toHaveCount(0);
  await awake(page, info);
  await audit();

  // By number, by status.
  await page.locator(".segment a").nth(1).click();
  await expect(page).toHaveURL(/period=6-months/);
  await expect(rows).toHaveCount(6);
  await awake(page, info);
  const number = (await rows.last().locator(".item-name").textContent()) ?? "";
  await page.locator("input[name='q']").fill(number.toLowerCase());
  await page.getByRole("button", { name: say("検索", "Search"), exact: true }).click();
  await expect(page).toHaveURL(/q=/);
  await expect(rows).toHaveCount(1);
  await awake(page, info);
  await page.goto("/bills/invoices?status=unpaid");
  await awake(page, info);
  await expect(page.locator(".empty")).toContainText(say("条件に合う請求書がありません", "No invoices match"));
  await audit();
  if (isHydrated(info)) {
    await page.goBack();
    await expect(rows).toHaveCount(1);
  }
});
