import { buy } from "../support/buying";
import { arrive, awake, newcomer, words } from "../support/people";
import { expect, test } from "../support/test";

test("a billing profile says who pays, and its panes change it", { tag: "@flow" }, async ({ page, audit }, info) => {
  test.setTimeout(90_000);
  const say = words(info);
  await arrive(page, newcomer(info, say(28, 11)));
  await buy(page, info, "notes", 2);

  await page.locator(".nav a[href='/billing-accounts']").click();
  await expect(page).toHaveURL("/billing-accounts");
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await awake(page, info);
  await audit();
  await page.locator("tbody a").click();
  await expect(page).toHaveURL(/\/billing-accounts\/bac_/);
  await expect(page.locator(".facts")).toContainText(say("契約者の住所", "Sold-to address"));
  await audit();
  await page.locator(".tabs a[href*='tab=roles']").click();
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await audit();
  await page.locator(".tabs a[href*='tab=profiles']").click();
  await expect(page.locator("tbody")).toContainText("4242");
  await audit();
  await page.locator("tbody a").click();
  await expect(page).toHaveURL(/\/profiles\/bpr_/);
  await expect(page.locator("main")).toContainText(say("請求書と請求通知", "Invoice and billing notifications"));
  await awake(page, info);
  await audit();

  // Half an address is refused beside its field, and what was typed stays.
  await page.locator("main a[href$='pane=details']").click();
  await expect(page.locator(".pane #pane-title")).toBeVisible();
  await awake(page, info);
  await page.locator("#name").fill(say("分析チーム", "Analysis"));
  await page.locator("#purchase_order").fill("HK-2026-1104");
  await page.locator("#city").fill(say("神戸市中央区", "Portland"));
  await page.locator(".pane-foot button").click();
  await expect(page.locator("#street-error")).toBeVisible();
  await expect(page.locator("#purchase_order")).toHaveValue("HK-2026-1104");
  await awake(page, info);
  await audit();
  await page.locator("#street").fill(say("波止場町 1-1-1", "1 Pier Road"));
  await page.locator(".pane-foot button").click();
  await expect(page.locator(".banner[data-kind='ok']")).toContainText(say("保存しました", "is saved"));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("分析チーム", "Analysis"));
  await awake(page, info);

  // Twice the same recipient is refused with its reason.
  await page.locator("main a[href$='pane=recipients']").click();
  await expect(page.locator("#recipients")).toBeVisible();
  await awake(page, info);
  await page.locator("#recipients").fill("books@tax.example\nBooks@Tax.example");
  await page.locator(".pane-foot button").click();
  await expect(page.locator("#recipients-error")).toContainText("Books@Tax.example");
  await awake(page, info);
  await audit();
  await page.locator("#recipients").fill("books@tax.example");
  await page.locator(".pane-foot button").click();
  await expect(page.locator("main")).toContainText("books@tax.example");
  await awake(page, info);

  // The only card pays already; it may be chosen again.
  await page.locator("main a[href$='pane=replace']").click();
  await expect(page.locator(".pane input[name='method']")).toBeChecked();
  await awake(page, info);
  await audit();
  await page.locator(".pane-foot button").click();
  await expect(page.locator(".banner[data-kind='ok']")).toContainText(say("置換しました", "is replaced"));
  await awake(page, info);

  // A colleague gets a role and loses it; the last owner keeps theirs.
  const colleague = say("misaki.sasaki@harukaze.example", "james.whitfield@northgate.example");
  const toRoles = page.locator("main a[href$='pane=roles']");
  await toRoles.click();
  await expect(page.locator(".pane #mail")).toBeVisible();
  await awake(page, info);
  await audit();
  await page.locator(".pane button[formaction*='revoke']").click();
  await expect(page.locator(".pane [role=alert]")).toContainText(say("最後の所有者", "The last owner"));
  await awake(page, info);
  await page.locator(".pane #mail").fill(colleague);
  await page.locator(".pane input[name='role'][value='invoice-manager']").check();
  await page.getByRole("button", { name: say("追加", "Add"), exact: true }).click();
  await expect(page.locator(".banner[data-kind='ok']")).toContainText(colleague);
  await expect(page.locator("main")).toContainText(say("請求書マネージャー", "Invoice manager"));
  await awake(page, info);
  await toRoles.click();
  const theirs = page.locator(`.pane form:has(input[name='mail'][value='${colleague}'])`);
  await expect(theirs).toHaveCount(1);
  await awake(page, info);
  await theirs.locator("button[formaction*='revoke']").click();
  await expect(page.locator(".banner[data-kind='ok']")).toContainText(say("ロールを外しました", "The role is removed"));
  await awake(page, info);
  await audit();
});
