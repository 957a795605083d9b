/** Every address of the product, panes included, and the pictures that are taken there. */
export const pictures = {
  "/sign-in": ["sign-in", "sign-in-refused"],
  "/link/:token": ["link", "link-refused", "link-dead"],
  "/organizations": ["organizations", "organizations-none"],
  "/": ["home", "home-nothing", "home-guest", "menu-person", "menu-language"],
  "/catalog": ["catalog", "catalog-guest"],
  "/catalog/:product": ["product", "product-refused", "product-elsewhere", "product-retired", "product-trial-only", "not-found"],
  "/catalog/:product/trial": ["trial", "trial-card", "trial-used"],
  "/checkout/:order": [
    "checkout-card", "checkout-seats", "checkout-seats-refused", "checkout-confirm", "checkout-declined",
    "checkout-cards", "checkout-bank",
  ],
  "/orders/:order": ["receipt"],
  "/products": ["products", "products-nothing", "products-menu", "products-filter", "products-filtered", "products-end"],
  "/products/:subscription": [
    "details", "details-scheduled", "details-canceled", "details-trial", "details-unpaid", "details-disabled",
  ],
  "/products/:subscription?pane=seats": ["seats", "seats-quote", "seats-refused", "seats-impossible"],
  "/products/:subscription?pane=plan": ["plan", "plan-quote"],
  "/products/:subscription?pane=cancel": ["cancel", "cancel-refused"],
  "/products/:subscription?pane=recurring": ["recurring", "recurring-off"],
  "/products/:subscription?pane=scheduled": ["scheduled", "scheduled-nothing"],
  "/products/:subscription?pane=extend": ["extend", "extend-early"],
  "/products/:subscription?pane=buy": ["buy"],
  "/products/:subscription?pane=reactivate": ["reactivate", "reactivate-unpaid"],
  "/licenses": ["licenses", "licenses-nothing"],
  "/licenses/:product": ["holders", "holders-nobody"],
  "/licenses/:product?pane=assign": ["assign", "assign-found", "assign-refused"],
  "/licenses/:product?pane=unassign": ["unassign"],
  "/licenses/:product?pane=result": ["result", "result-taken"],
  "/my-licenses": ["my-licenses", "my-licenses-nothing"],
  "/organization/clock": ["clock", "clock-moved", "clock-refused", "clock-real"],
  "/settings": ["settings"],
  "*": ["not-found-address"],
} as const;

/** A place where pictures are taken. */
export type Address = keyof typeof pictures;

/** The name of a picture. */
export type Picture = (typeof pictures)[Address][number];

/** The names of all of them. */
export const names: Picture[] = Object.values(pictures).flat();

/** Where a picture is taken. */
export function addressOf(picture: Picture): Address {
  const found = (Object.keys(pictures) as Address[]).find((address) =>
    (pictures[address] as readonly Picture[]).includes(picture),
  );
  return found ?? "*";
}

/** Whether this is the place: a colon stands for any name, `?pane=` for the open pane, a star for any address. */
export function isAt(url: URL, address: Address): boolean {
  const [path = "", pane = ""] = address.split("?pane=");
  const wanted = new RegExp(`^${path.replace(/:[a-z]+/g, "[^/]+")}$`);
  return address === "*" || (wanted.test(url.pathname) && (url.searchParams.get("pane") ?? "") === pane);
}
