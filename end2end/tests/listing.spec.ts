import { buy } from "../support/buying";
import { found } from "../support/days";
import { arrive, awake, isHydrated, words } from "../support/people";
import { zaseki } from "../support/product";
import { expect, test } from "../support/test";

test("people on a pasted list are checked, given licenses, and lose them again", { tag: "@flow" }, async ({ page, audit }, info) => {
  test.setTimeout(90_000);
  const say = words(info);
  const place = found(info, "listed");
  const [owner, second, third] = place.mails;
  await arrive(page, owner);
  await buy(page, info, "board", 2);
  await page.goto("/licenses/board");
  await awake(page, info);
  await page.getByRole("link", { name: say("一覧で割り当て", "Assign by a list") }).first().click();
  await expect(page).toHaveURL(/pane=list/);
  await awake(page, info);
  await audit();

  // Nothing changes while it is checked; who is wrong stands first.
  const list = `${second}\n${third}; nobody@elsewhere.example\n${second}\n`;
  await page.locator("#list").fill(list);
  const check = page.getByRole("button", { name: say("確認する", "Check") });
  await check.click();
  await expect(page).toHaveURL(/result=/);
  await awake(page, info);
  const rows = page.locator("#checked tbody tr");
  await expect(rows).toHaveCount(4);
  await expect(rows.first()).toContainText(say("組織の中に見つかりません", "Nobody in your organization"));
  await expect(page.locator("#list")).toHaveValue(list);
  await expect(page.locator("#checked")).toContainText(say("割り当て後の空き 0 / 2 席", "Available afterwards: 0 of 2 seats"));
  await audit();
  await page.getByRole("button", { name: say("2 人に割り当て", "Assign to 2 people") }).click();
  await expect(page.locator("#checked .banner")).toContainText(say("2 人に割り当てました", "Assigned to 2 people"));
  await awake(page, info);
  await audit();
  await page.goto("/licenses/board");
  await expect(page.locator(".table tbody tr")).toHaveCount(2);

  // From a file, where scripts run.
  await page.goto("/licenses/board?pane=unlist");
  await awake(page, info);
  if (isHydrated(info)) {
    // It is shown as soon as a script can read it.
    await expect(page.locator("#list-file")).toBeVisible();
    const buffer = Buffer.from(`mail,department\n${third},x\n`);
    await page.locator("#list-file").setInputFiles({ name: "leavers.csv", mimeType: "text/csv", buffer });
    await expect(page.locator("#list")).toHaveValue(/third@/);
  } else {
    await page.locator("#list").fill(third ?? "");
  }
  await check.click();
  await page.getByRole("button", { name: say("1 人の割り当てを解除", "Unassign 1 person") }).click();
  await expect(page.locator("#checked .banner")).toContainText(say("1 人の割り当てを解除しました", "Unassigned 1 person"));
  await page.goto("/licenses/board");
  await expect(page.locator(".table tbody tr")).toHaveCount(1);
  expect(zaseki("verify")).not.toContain("BROKEN");
});
