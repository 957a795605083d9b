import type { TestInfo } from "@playwright/test";
import { buy, isHydrated } from "../support/buying";
import { arrive, awake, inEnglish, words } from "../support/people";
import { importText, zaseki } from "../support/product";
import { expect, test } from "../support/test";

/** An organization whose days pass, with one person; gives its key and the address of that person. */
function organization(info: TestInfo): [string, string] {
  const key = `invoices-${info.project.name}`;
  const mail = `owner@${key}.example`;
  const place = inEnglish(info)
    ? ["US", "USD", "America/New_York", "en", "04101", "ME", "Portland", "2 Pier Road"]
    : ["JP", "JPY", "Asia/Tokyo", "ja", "650-0042", "兵庫県", "神戸市中央区", "波止場町 2-2-2"];
  const [country, currency, zone, language, code, region, city, street] = place;
  importText("organizations", `
[[organizations]]
key = "${key}"
legal_name = "${words(info)("かもめ製図株式会社", "Gull Drafting, Inc.")}"
country = "${country}"
currency = "${currency}"
time_zone = "${zone}"
language = "${language}"
mail_domains = ["${key}.example"]
administrators = ["${mail}"]
[organizations.sold_to]
postal_code = "${code}"
region = "${region}"
city = "${city}"
street = "${street}"
`);
  importText("people", `organization,mail,family_name,given_name\n${key},${mail},${words(info)("鴎,舞", "Gull,May")}`);
  zaseki("clock", "start", "--organization", key);
  return [key, mail];
}

/** So many days from today. */
function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

test("an invoice is found, narrowed down, read whole and printed", { tag: "@flow" }, async ({ page, audit }, info) => {
  test.setTimeout(120_000);
  const say = words(info);
  const [key, mail] = organization(info);
  await arrive(page, mail);

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
  await expect(page.locator(".parties")).toContainText(say("かもめ製図株式会社 御中", "Gull Drafting, Inc."));
  await expect(page.locator(".document tbody").first()).toContainText(say("3 席", "3 seats"));
  await expect(page.locator(".timeline")).toContainText("4242");
  await audit();
  await page.emulateMedia({ media: "print" });
  await expect(page.locator("#nav")).toBeHidden();
  await expect(page.locator(".commands")).toBeHidden();
  await expect(page.locator(".parties")).toBeVisible();
  await page.emulateMedia({ media: "screen" });

  // Five months later the first three are older than the past three months.
  zaseki("clock", "advance", "--organization", key, "--to", inDays(160));
  await page.goto("/bills/invoices");
  await awake(page, info);
  const rows = page.locator(".table tbody tr");
  await expect(rows).toHaveCount(3);
  await expect(page.locator(".list-foot")).toContainText(
    say("この期間より前の請求書が 3 件隠れています", "3 older invoices are hidden"),
  );
  await audit();
  await page.locator(".list-foot .link").click();
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
