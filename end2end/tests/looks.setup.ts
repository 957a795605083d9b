import { test } from "@playwright/test";
import { isRenewing } from "../support/compare";
import { prepare } from "../support/looks";
import { beginPictures, isSame, madeWith, madeWithHere } from "../support/made-with";

test("the organizations in the pictures", () => prepare());

test("what the pictures are made with", async ({ browser }, info) => {
  const [kept, here] = [madeWith(), await madeWithHere(browser)];
  if (isSame(kept, here)) {
    return;
  }
  if (isRenewing(info)) {
    beginPictures(here);
  } else {
    const [theirs, ours] = [kept, here].map((made) => JSON.stringify(made ?? "nothing"));
    console.log(`The pictures are taken and not compared: those that are kept are made with ${theirs}, and here is ${ours}`);
  }
});
