import { execFileSync } from "node:child_process";
import { fromEnvironment } from "./environment";

/** Runs a command of the product on the data folder of the server under test; gives what it prints. */
export function zaseki(...words: string[]): string {
  return run(words, "");
}

/** Imports what would stand in a file of this kind. */
export function importText(kind: "organizations" | "people", text: string): void {
  run(["import", kind, "-"], text);
}

function run(words: string[], input: string): string {
  const all = [...words, "--data", fromEnvironment("ZASEKI_DATA")];
  const options = { encoding: "utf8", timeout: 10_000, input, stdio: "pipe" } as const;
  return execFileSync(fromEnvironment("ZASEKI_BINARY"), all, options).trim();
}
