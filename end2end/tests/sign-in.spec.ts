import { expect, test } from "../support/test";
import { awake, demoPassword, linkFor, memberFor, signIn, typeSignIn, words } from "../support/people";

test("the sign-in page says what it wants, in the browser's language", { tag: "@page" }, async ({ page, audit }, info) => {
  const say = words(info);
  await page.goto("/sign-in");
  await awake(page, info);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("サインイン", "Sign in"));
  await expect(page).toHaveTitle(say("サインイン - ミナトソフトウェア", "Sign in - Minato Software"));
  await expect(page.locator("html")).toHaveAttribute("lang", say("ja", "en"));
  await audit();
});

test("a wrong password is refused, and the address stays typed", { tag: ["@flow", "@nowasm"] }, async ({ page, audit }, info) => {
  const say = words(info);
  const mail = memberFor(info);
  await page.goto("/sign-in");
  await typeSignIn(page, mail, "not the password");
  await expect(page.getByRole("alert")).toContainText(say("サインインできませんでした。", "You are not signed in."));
  await expect(page.locator("#mail")).toHaveValue(mail);
  await expect(page.locator("#password")).toHaveValue("");
  expect(page.url(), "nothing typed stands in the address").not.toContain("@");
  await audit();
});

test("an unknown address gets the same answer", { tag: "@flow" }, async ({ page }, info) => {
  const say = words(info);
  await page.goto("/sign-in");
  await typeSignIn(page, `nobody-${info.project.name}@harukaze.example`, demoPassword);
  await expect(page.getByRole("alert")).toContainText(say("サインインできませんでした。", "You are not signed in."));
});

test("signing in leads to the page that was asked for, signing out ends it", { tag: ["@flow", "@nowasm"] }, async ({ page }, info) => {
  await page.goto("/settings");
  await expect(page).toHaveURL("/sign-in?to=/settings");
  await typeSignIn(page, memberFor(info), demoPassword);
  await expect(page).toHaveURL("/settings");

  await page.locator("button[popovertarget='user-menu']").click();
  await page.locator("form[action^='/api/sign-out'] button").click();
  await expect(page).toHaveURL("/sign-in");
  await page.goto("/settings");
  await expect(page).toHaveURL("/sign-in?to=/settings");
});

test("a link sets a password once", { tag: "@flow" }, async ({ page, audit }, info) => {
  const say = words(info);
  const mail = say("rin.okamoto@harukaze.example", "diego.castellanos@northgate.example");
  const link = linkFor(mail);
  await page.goto(link);
  await awake(page, info);
  await expect(page.locator("form")).toContainText(mail);

  await page.locator("#password").fill("too short");
  await page.locator("#again").fill("too short");
  await page.locator("form button").click();
  await expect(page.locator("#password-error")).toContainText(say("短すぎます", "Too short"));
  await expect(page.locator("#password")).toHaveAttribute("aria-invalid", "true");
  await audit();

  await page.locator("#password").fill("four seats by the window");
  await page.locator("#again").fill("five seats by the window");
  await page.locator("form button").click();
  await expect(page.locator("#password-error")).toContainText(say("違います", "differ"));

  await page.locator("#password").fill("four seats by the window");
  await page.locator("#again").fill("four seats by the window");
  await page.locator("form button").click();
  await expect(page).toHaveURL("/");

  await page.goto(link);
  await expect(page.getByRole("alert")).toContainText(say("このリンクは使えません", "This link does not work"));
});

test("somebody in two organizations chooses one and can switch", { tag: "@flow" }, async ({ page, audit }, info) => {
  await page.goto("/sign-in");
  await typeSignIn(page, "sora.nakata@northgate.example", demoPassword);
  await expect(page).toHaveURL("/organizations");
  await awake(page, info);
  await audit();
  await page.getByRole("button", { name: "Northgate Instruments" }).click();
  await expect(page).toHaveURL("/");
  await expect(page.locator(".user-place")).toHaveText(/Northgate Instruments/);

  await page.locator("button[popovertarget='user-menu']").click();
  await page.locator("a[href='/organizations']").click();
  await page.getByRole("button", { name: "はるかぜ設計株式会社" }).click();
  await expect(page).toHaveURL("/");
  await expect(page.locator(".user-place")).toHaveText("はるかぜ設計株式会社");
});

test("a guest sees that they are one, and nothing to buy", { tag: "@flow" }, async ({ page, audit }, info) => {
  await signIn(page, "pat.quinn@quillcalibration.example");
  await awake(page, info);
  await expect(page.locator(".banner")).toContainText("You are a guest.");
  await expect(page.locator(".nav a[href='/catalog']")).toHaveCount(0);
  await page.goto("/catalog");
  await expect(page.getByRole("alert")).toContainText("You do not have the right to do this.");
  await audit();
});

test("what is nowhere is said, inside and outside", { tag: "@page" }, async ({ page, problems, audit }, info) => {
  const say = words(info);
  problems.allow(/status of 404/);
  await signIn(page, memberFor(info));
  const answer = await page.goto("/nothing/here");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("このページはありません", "There is no such page"));
  await audit();
});
