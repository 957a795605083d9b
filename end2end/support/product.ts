import { execFileSync } from "node:child_process";
import { fromEnvironment } from "./environment";

/** Runs a command of the product on the data folder of the server under test; gives what it prints. */
export function zaseki(...words: string[]): string {
  const all = [...words, "--data", fromEnvironment("ZASEKI_DATA")];
  return execFileSync(fromEnvironment("ZASEKI_BINARY"), all, { encoding: "utf8", timeout: 10_000 }).trim();
}
