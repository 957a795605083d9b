import type { Page, TestInfo } from "@playwright/test";
import { findings } from "./audit";
import { compare, inFewColors, isKept } from "./compare";
import { isSame, madeWith, madeWithHere } from "./made-with";
import { awake } from "./people";
import { addressOf, isAt, takenIn, type Picture } from "./pictures";
import { hold } from "./still";
import { test as base, expect } from "./test";

interface Fixtures {
  /**
   * Goes to an address, if one is named, audits the page as it stands and takes its picture. What is wrong with either
   * is said at the end of the test. A picture that is not taken in this look is passed over, and so is its address.
   */
  photograph: (picture: Picture, path?: string) => Promise<void>;
}

interface Shared {
  /** Whether the pictures of this browser can be compared with those that are kept. */
  comparable: boolean;
}

/** The `test` that takes pictures. */
export const test = base.extend<Fixtures, Shared>({
  comparable: [
    async ({ browser }, use) => {
      await use(isSame(madeWith(), await madeWithHere(browser)));
    },
    { scope: "worker" },
  ],

  photograph: async ({ page, comparable }, use, info) => {
    if (!comparable) {
      info.annotations.push({ type: "not compared", description: "the kept pictures are of another browser or other fonts" });
    }
    const taken = takenIn(info.project.name);
    await use(async (picture, path) => {
      if (!taken.includes(picture)) {
        return;
      }
      if (path !== undefined) {
        await page.goto(path);
      }
      await audit(page, info, picture);
      const shot = await settled(page, (shot) => comparable && isKept(info, picture, shot));
      if (comparable) {
        compare(picture, shot);
      }
    });
  },
});

async function audit(page: Page, info: TestInfo, picture: Picture): Promise<void> {
  const address = addressOf(picture);
  await expect(page, `${picture} is a picture of ${address}`).toHaveURL((url) => isAt(url, address));
  // The provider's pages do not wake up.
  if (!address.startsWith("/sandbox/")) {
    await awake(page, info);
  }
  expect.soft(await findings(page, true), `what axe found in ${picture}`).toEqual([]);
}

/** The whole page: as soon as it looks as it is kept, otherwise when it looks twice the same. */
async function settled(page: Page, isKept: (shot: Buffer) => boolean): Promise<Buffer> {
  const size = page.viewportSize() ?? { width: 0, height: 0 };
  // In a window that is as high as the page, what sticks to the window's edges covers nothing.
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  if (height > size.height) {
    await page.setViewportSize({ ...size, height });
  }
  // What the pointer happens to stand on looks different.
  await page.mouse.move(0, 0);
  let shot = Buffer.of();
  await expect(async () => {
    await hold(page);
    const before = shot.toString("latin1");
    shot = await inFewColors(await page.screenshot({ animations: "disabled", caret: "hide", scale: "css" }));
    expect(shot.toString("latin1") === before || isKept(shot), "the page stands still").toBe(true);
  }).toPass({ intervals: [0], timeout: 5_000 });
  if (height > size.height) {
    await page.setViewportSize(size);
  }
  return shot;
}

export { expect };
