import { test as base, expect } from "@playwright/test";
import { findings } from "./audit";
import { Problems } from "./problems";

interface Fixtures {
  /** Fails the test on what goes wrong unseen; `problems.allow(/…/)` says what a test brings about on purpose. */
  problems: Problems;
  /** Audits the page as it stands with axe; every page's test ends with it. */
  audit: () => Promise<void>;
}

/** Playwright's `test` that also looks at the console, the network and accessibility. */
export const test = base.extend<Fixtures>({
  problems: [
    async ({ context, javaScriptEnabled }, use, info) => {
      const problems = new Problems();
      problems.watch(context);
      if (info.project.name === "untagged") {
        throw new Error("this test has none of the tags @flow, @page, @hydrated, @nowasm, @looks and would run in no browser");
      }
      if (javaScriptEnabled === false) {
        // The page preloads its scripts; a browser without scripts does not fetch them, and Chromium says so.
        problems.allow(/^request: \S+\.js failed: csp$/);
      }
      if (info.project.name === "no-wasm") {
        await context.route(/\.wasm(\?|$)/, (route) => route.abort("failed"));
        // The page says so in three ways; whatever else happens is a problem here too.
        problems.allow(/^request: \S+\.wasm failed: net::ERR_FAILED$/);
        problems.allow(/^console: Failed to load resource: net::ERR_FAILED \(\S+\.wasm\)$/);
        problems.allow(/^exception: Failed to fetch$/);
      }
      await use(problems);
      expect(problems.unexpected, "what the browser complained about").toEqual([]);
    },
    { auto: true },
  ],

  audit: async ({ page, javaScriptEnabled }, use) => {
    await use(async () => {
      expect(await findings(page, javaScriptEnabled !== false), "what axe found").toEqual([]);
    });
  },
});

export { expect };
