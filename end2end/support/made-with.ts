import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "@playwright/test";
import { looks } from "./looks";

/** The folder of the pictures; each look has one of its own in it. */
export const folder = fileURLToPath(new URL("../pictures/", import.meta.url));

const file = `${folder}made-with.json`;

/** What a picture depends on besides the product. */
export interface MadeWith {
  /** Name and version. */
  browser: string;
  /** Those with which the browser draws a sample. */
  fonts: string[];
  /** The digest of the sample's picture. */
  sample: string;
}

// Letters of both languages, plain and bold, and what else browsers draw each in their own way.
const sample = `<!doctype html><meta charset="utf-8"><style>
  p { font: 14px/1.5 "Noto Sans JP", "Hiragino Sans", "Yu Gothic UI", Meiryo, "Noto Sans CJK JP", sans-serif }
  p:lang(en) { font-family: "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK JP", system-ui, sans-serif }
  b { font-size: 24px }
  div { background: linear-gradient(#1e50a2, #122f66); border-radius: 12px; box-shadow: 0 2px 4px #0004; color: #fffa }
  </style><p lang="ja">席を割り当てる <b>更新 〜 ¥1,234</b><p lang="en">Assign seats <b>Renews − $1,234.50</b>
  <div><p lang="ja">必要な日数だけ。<p lang="en">Only the days you need. <input value="1234"></div>`;

/** What the pictures of this browser are made with. */
export async function madeWithHere(browser: Browser): Promise<MadeWith> {
  // Said in full, because each project would fill in its own.
  const page = await browser.newPage({
    viewport: { width: 400, height: 240 },
    deviceScaleFactor: 1,
    isMobile: false,
    hasTouch: false,
    locale: "en-US",
    colorScheme: "light",
    reducedMotion: "reduce",
  });
  try {
    await page.setContent(sample);
    const fonts = await fontsOf(page);
    const name = `${browser.browserType().name()} ${browser.version()}`;
    return { browser: name, fonts, sample: digest(new Uint8Array(await page.screenshot())) };
  } finally {
    await page.close();
  }
}

/** What the kept pictures are made with; nothing where there are none. */
export function madeWith(): MadeWith | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as MadeWith) : undefined;
}

/** Whether pictures made with one and the other can be compared, dot for dot. */
export function isSame(one: MadeWith | undefined, other: MadeWith): boolean {
  return isDeepStrictEqual(one, other);
}

/** Begins anew: pictures that are made with something else are of no use beside the new ones. */
export function beginPictures(here: MadeWith): void {
  for (const look of looks) {
    rmSync(folder + look, { recursive: true, force: true });
  }
  writeFileSync(file, `${JSON.stringify(here, null, 2)}\n`);
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 32);
}

async function fontsOf(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  await session.send("DOM.enable");
  await session.send("CSS.enable");
  const { root } = await session.send("DOM.getDocument");
  const { nodeIds } = await session.send("DOM.querySelectorAll", { nodeId: root.nodeId, selector: "p, b" });
  const names: string[] = [];
  for (const nodeId of nodeIds) {
    const { fonts } = await session.send("CSS.getPlatformFontsForNode", { nodeId });
    names.push(...fonts.map((font) => `${font.familyName} (${font.postScriptName})`));
  }
  return [...new Set(names)].sort();
}
