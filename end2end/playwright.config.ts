// Started by `cargo xtask test e2e`, which builds the release, serves fresh demo data and says in the environment
// where everything is. Specs stand in tests/ and import `test` and `expect` from ../support/test.
//
// A spec says by tags in which kinds of browser it runs:
//   @flow    a whole journey (buying, assigning): hydrated in Japanese, and in English without scripts
//   @page    one page as it stands: the same two, and a phone
//   @hydrated  what only scripts can do, in the hydrated browser alone
//   @nowasm  works while scripts run but the WASM never arrives
//   @looks   every page and pane, photographed and audited in four looks: hydrated, in Japanese and English, light and
//            dark, on a desktop and a phone. The pictures stand in pictures/, and README.md there says how they are
//            renewed. They show organizations of their own, on a day of their own
// and by @postgres that it is among the few that run again, in the same browsers, on the other database engine.
// A test without a tag would run nowhere: the project `untagged` takes it, and the fixtures fail it there.

import { defineConfig, devices, type PlaywrightTestOptions } from "@playwright/test";
import { fromEnvironment } from "./support/environment";
import { looks } from "./support/looks";

const desktop = { ...devices["Desktop Chrome"], viewport: { width: 1280, height: 800 } };
const japanese = { locale: "ja-JP", timezoneId: "Asia/Tokyo" };
const english = { locale: "en-US", timezoneId: "America/New_York" };
const phone = { ...desktop, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** How a look's browser is set, by the look's name. */
function lookOf(name: string): Partial<PlaywrightTestOptions> {
  return {
    ...(name.endsWith("phone") ? phone : desktop),
    ...(name.startsWith("ja") ? japanese : english),
    colorScheme: name.includes("dark") ? "dark" : "light",
    contextOptions: { reducedMotion: "reduce" },
  };
}

export default defineConfig({
  testDir: "tests",
  outputDir: "results/tests",
  snapshotPathTemplate: "pictures/{projectName}/{arg}{ext}",
  // The machine that runs this has two cores, and the server needs some of them too.
  workers: 2,
  fullyParallel: true,
  // A test that passes the second time has shown a fault.
  retries: 0,
  forbidOnly: process.env["CI"] === "true",
  timeout: 15_000,
  expect: { timeout: 5_000 },
  reporter: [["list"], ["json", { outputFile: fromEnvironment("ZASEKI_REPORT") }]],
  use: {
    baseURL: fromEnvironment("ZASEKI_URL"),
    screenshot: "only-on-failure",
    // A trace of every test would take a quarter of the machine; `cargo xtask test e2e -- --trace on` asks for it.
    trace: "off",
    launchOptions: {
      executablePath: fromEnvironment("ZASEKI_CHROMIUM"),
      // Without a sandbox because CI runs as root; the rest keeps the browser from calling home.
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // Otherwise what has changed is drawn again into what is there, and edges come out a shade different.
        "--disable-partial-raster",
      ],
    },
  },
  projects: [
    { name: "ja-hydrated", grep: /@(flow|page|hydrated)\b/, use: { ...desktop, ...japanese } },
    { name: "en-no-script", grep: /@(flow|page)\b/, use: { ...desktop, ...english, javaScriptEnabled: false } },
    { name: "phone", grep: /@page\b/, use: { ...phone, ...japanese } },
    { name: "no-wasm", grep: /@nowasm\b/, use: { ...desktop, ...japanese } },
    ...looks.map((name) => ({ name, testMatch: "looks.spec.ts", use: lookOf(name), dependencies: ["looks-setup"] })),
    { name: "looks-setup", testMatch: "looks.setup.ts" },
    { name: "looks-list", testMatch: "pictures.spec.ts" },
    { name: "untagged", grepInvert: /@(flow|page|hydrated|nowasm|looks)\b/ },
  ],
});
