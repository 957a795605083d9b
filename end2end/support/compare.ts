import { existsSync, readFileSync } from "node:fs";
import { expect, type TestInfo } from "@playwright/test";
import sharp from "sharp";
import type { Picture } from "./pictures";

// How many colors a kept picture has: enough for what fills areas to keep its own, and a third of the size.
const colors = 64;

// The edges of round corners come out a shade different now and then, and the few colors with them. What people would
// notice is a word or an icon: more than a hundred dots.
const alike = { threshold: 0.06, maxDiffPixels: 40 };

/** A picture as it is kept. The same picture always becomes the same bytes. */
export function inFewColors(png: Buffer): Promise<Buffer> {
  return sharp(png).png({ palette: true, colors, dither: 0, effort: 7 }).toBuffer();
}

/** Whether exactly this picture is kept. */
export function isKept(info: TestInfo, picture: Picture, shot: Buffer): boolean {
  const file = info.snapshotPath(`${picture}.png`);
  return existsSync(file) && shot.equals(new Uint8Array(readFileSync(file)));
}

/** Fails the test, without ending it, if the picture is not the one that is kept; keeps it if that was asked for. */
export function compare(picture: Picture, shot: Buffer): void {
  expect.soft(shot, `the picture ${picture} is the one that is kept`).toMatchSnapshot(`${picture}.png`, alike);
}

/** Whether the pictures are taken to be kept. */
export function isRenewing(info: TestInfo): boolean {
  return ["all", "changed"].includes(info.config.updateSnapshots);
}
