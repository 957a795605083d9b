import { expect, test } from "@playwright/test";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { isRenewing } from "../support/compare";
import { folder } from "../support/made-with";
import { looks } from "../support/looks";
import { pictures, takenIn } from "../support/pictures";

// Whoever adds a page or a pane, and no picture of it, hears of it here.

const app = new URL("../../app/src/", import.meta.url);

function source(path: string): string {
  return readFileSync(new URL(path, app), "utf8");
}

function all(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found = ""]) => found);
}

test("every address and every pane of the product has a picture", { tag: "@looks" }, () => {
  const pages = all(source("routes.rs"), /path!\("\/?(.*?)"\)/g).map((path) => `/${path}`);
  const changes = all(source("pages/product_details/pane/server/show.rs"), /^ {8}"(.*)" =>/gm);
  const cards = all(source("pages/payment_methods/server/show.rs"), /^ {8}"(.*)" =>/gm);
  const profiles = all(source("pages/billing_accounts/profile/pane/show.rs"), /^ {8}Some\("(.*)"\) =>/gm);
  const licenses = all(source("pages/license_product.rs"), /address::([A-Z]+) =>/g).map((name) => name.toLowerCase());
  const panes = [
    ...changes.flatMap((names) => names.split('" | "')).map((pane) => `/products/:subscription?pane=${pane}`),
    ...cards.flatMap((names) => names.split('" | "')).map((pane) => `/bills/payment-methods?pane=${pane}`),
    ...profiles.map((pane) => `/billing-accounts/:account/profiles/:profile?pane=${pane}`),
    "/billing-accounts/:account?pane=roles",
    ...licenses.map((pane) => `/licenses/:product?pane=${pane}`),
  ];
  const ours = Object.keys(pictures).filter((address) => address !== "*" && !address.startsWith("/sandbox/"));
  expect([...new Set([...pages, ...panes])].sort()).toEqual(ours.sort());
});

test("every picture that is kept is one that is taken, and the other way round", { tag: "@looks" }, ({}, info) => {
  test.skip(isRenewing(info), "they are being renewed");
  for (const look of looks) {
    const kept = existsSync(folder + look) ? readdirSync(folder + look) : [];
    expect.soft(kept.sort(), look).toEqual(takenIn(look).map((picture) => `${picture}.png`).sort());
  }
});
