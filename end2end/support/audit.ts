import type { AxeResults, RunOptions } from "axe-core";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Frame, Page } from "@playwright/test";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const options: RunOptions = {
  // Each frame is audited as the page that it is.
  iframes: false,
  resultTypes: ["violations"],
  // No rule of these kinds looks at the style sheets' text, which would be fetched anew for each page.
  preload: { assets: ["media"] },
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};

/** What axe finds in the page and its frames, one line each; nothing to complain about is an empty list. */
export async function findings(page: Page, runsScripts: boolean): Promise<string[]> {
  return runsScripts ? auditAll(page) : auditCopy(page);
}

// Where scripts are switched off, axe's timers never fire, and nothing switches them on again for a page that is
// there. So the same markup is shown to a browser context with scripts, which loads none of the page's own.
async function auditCopy(page: Page): Promise<string[]> {
  const browser = page.context().browser();
  if (!browser) {
    throw new Error("the page has no browser to open a second context in");
  }
  const [html, storageState] = await Promise.all([page.content(), page.context().storageState()]);
  const context = await browser.newContext({ javaScriptEnabled: true, storageState });
  try {
    await context.route("**/*", (route) => (route.request().resourceType() === "script" ? route.abort() : route.continue()));
    const copy = await context.newPage();
    await copy.route(page.url(), (route) =>
      route.request().resourceType() === "document"
        ? route.fulfill({ body: html, contentType: "text/html; charset=utf-8" })
        : route.fallback(),
    );
    await copy.goto(page.url());
    // Its frames are for browsers with scripts, and audited there.
    return await audit(copy.mainFrame());
  } finally {
    await context.close();
  }
}

async function auditAll(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const frame of page.frames()) {
    found.push(...(await audit(frame)));
  }
  return found;
}

// The debugging protocol evaluates this in the page: the content policy does not stop it.
async function audit(frame: Frame): Promise<string[]> {
  await still(frame);
  await frame.evaluate(axe);
  const { violations } = await frame.evaluate<AxeResults, RunOptions>(
    (options) => (globalThis as unknown as { axe: typeof import("axe-core") }).axe.run(document, options),
    options,
  );
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${violation.help} at ${node.target.join(" ")} in ${frame.url()}`),
  );
}

/** Waits until nothing that ends by itself is on its way in or out: what is half transparent has too little contrast. */
async function still(frame: Frame): Promise<void> {
  await frame.evaluate(async () => {
    const ends = (animation: Animation): boolean => Number.isFinite(animation.effect?.getComputedTiming().endTime);
    const ending = (): Animation[] => document.getAnimations().filter((each) => each.playState === "running" && ends(each));
    for (let running = ending(); running.length > 0; running = ending()) {
      await Promise.allSettled(running.map((each) => each.finished));
    }
  });
}
