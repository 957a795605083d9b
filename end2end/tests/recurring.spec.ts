import { confirm, open, owned } from "../support/changing";
import { words } from "../support/people";
import { expect, test } from "../support/test";

test("recurring billing is turned off and on again", { tag: "@flow" }, async ({ page, audit }, info) => {
  test.setTimeout(90_000);
  const say = words(info);
  await owned(page, info, 15, "notes", 2);
  const facts = page.locator(".card .facts");
  await expect(facts).toContainText(say("更新日", "Renews on"));

  await open(page, info, say("継続請求の編集", "Edit recurring billing"));
  await expect(page.locator(".pane")).toContainText(say("継続請求はオンです", "Recurring billing is on"));
  await expect(page.locator(".pane .timeline li")).toHaveCount(4);
  await audit();
  await confirm(page, info, say("継続請求をオフにしました", "Recurring billing is off"));
  await expect(facts).toContainText(say("終了日", "Ends on"));
  await audit();

  // The way back stands beside what was done.
  await page.locator(".banner[data-kind='ok'] a").click();
  await expect(page.locator(".pane")).toContainText(say("継続請求はオフです", "Recurring billing is off"));
  await audit();
  await confirm(page, info, say("継続請求をオンにしました", "Recurring billing is on"));
  await expect(facts).toContainText(say("更新日", "Renews on"));
});
