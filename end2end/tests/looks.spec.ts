import { demoPassword, linkFor, typeSignIn } from "../support/people";
import { somebody } from "../support/looks";
import { expect, test } from "../support/photograph";

test("outside", { tag: "@looks" }, async ({ page, photograph, problems }, info) => {
  problems.allow(/status of 404/);
  await page.goto("/sign-in");
  await photograph("sign-in");
  await typeSignIn(page, somebody(info, "invited"), "not the password");
  await expect(page.getByRole("alert")).toBeVisible();
  await photograph("sign-in-refused");

  await page.goto(linkFor(somebody(info, "invited")));
  await photograph("link");
  await page.locator("#password").fill("too short");
  await page.locator("#again").fill("too short");
  await page.locator("form button").click();
  await expect(page.locator("#password-error")).toBeVisible();
  await photograph("link-refused");
  await page.goto("/link/nothing");
  await photograph("link-dead");
});
