import type { Page, TestInfo } from "@playwright/test";
import { findings } from "./audit";
import { awake } from "./people";
import { addressOf, isAt, type Picture } from "./pictures";
import { hold } from "./still";
import { test as base, expect } from "./test";

interface Fixtures {
  /** Audits the page as it stands and takes its picture; what is wrong with either is said at the end of the test. */
  photograph: (picture: Picture) => Promise<void>;
}

/** The `test` that takes pictures. */
export const test = base.extend<Fixtures>({
  photograph: async ({ page }, use, info) => {
    await use((picture) => take(page, info, picture));
  },
});

async function take(page: Page, info: TestInfo, picture: Picture): Promise<void> {
  const address = addressOf(picture);
  await expect(page, `${picture} is a picture of ${address}`).toHaveURL((url) => isAt(url, address));
  const t0 = performance.now();
  await awake(page, info);
  // What the pointer happens to stand on looks different.
  await page.mouse.move(0, 0);
  const t1 = performance.now();
  expect.soft(await findings(page, true), `what axe found in ${picture}`).toEqual([]);
  const t2 = performance.now();
  await hold(page);
  const t3 = performance.now();
  await expect.soft(page).toHaveScreenshot(`${picture}.png`, { fullPage: true });
  const t4 = performance.now();
  console.log(picture, [t1 - t0, t2 - t1, t3 - t2, t4 - t3].map((t) => t.toFixed(0)).join(" "));
}

export { expect };
