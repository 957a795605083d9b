/** A variable that `cargo xtask test e2e` sets. */
export function fromEnvironment(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set: run \`cargo xtask test e2e\` (words after \`--\` go to Playwright)`);
  }
  return value;
}
