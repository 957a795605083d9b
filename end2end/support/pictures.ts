interface Taken {
  /** In all four looks. */
  all: readonly string[];
  /** The same page in other states: in the two light looks, which have both languages and both sizes between them. */
  light?: readonly string[];
  /** The same in the two dark looks. */
  dark?: readonly string[];
}

/** Every address of the product, panes included, and the pictures that are taken there. */
export const pictures = {
  "/sign-in": { all: ["sign-in"], light: ["sign-in-refused"] },
  "/link/:token": { all: ["link"], light: ["link-dead"], dark: ["link-refused"] },
  "/organizations": { all: ["organizations"], dark: ["organizations-none"] },
  "/": { all: ["home", "home-nothing", "menu-person"], light: ["menu-language"], dark: ["home-guest"] },
  "/catalog": { all: ["catalog"], dark: ["catalog-guest"] },
  "/catalog/:product": {
    all: ["product"],
    light: ["product-refused", "not-found"],
    dark: ["product-elsewhere", "product-trial-only"],
  },
  "/catalog/:product/trial": { all: ["trial"], light: ["trial-card"], dark: ["trial-used"] },
  "/checkout/:order": {
    all: ["checkout-card", "checkout-seats", "checkout-confirm", "checkout-bank"],
    light: ["checkout-cards"],
    dark: ["checkout-seats-refused", "checkout-declined"],
  },
  // At the payment provider.
  "/sandbox/confirm/:attempt": { all: [], light: ["bank"] },
  "/orders/:order": { all: ["receipt"] },
  "/products": {
    all: ["products", "products-menu"],
    light: ["products-nothing", "products-filtered"],
    dark: ["products-filter"],
  },
  "/products/:subscription": {
    all: ["details"],
    light: ["details-scheduled", "details-trial"],
    dark: ["details-canceled", "details-unpaid", "details-disabled"],
  },
  "/products/:subscription?pane=seats": {
    all: ["seats-quote"],
    light: ["seats", "seats-refused", "seats-losing"],
    dark: ["seats-impossible"],
  },
  "/products/:subscription?pane=plan": { all: ["plan-quote"], light: ["plan"] },
  "/products/:subscription?pane=cancel": { all: ["cancel"], light: ["cancel-refused"] },
  "/products/:subscription?pane=recurring": { all: ["recurring"], dark: ["recurring-off"] },
  "/products/:subscription?pane=scheduled": { all: ["scheduled"], light: ["scheduled-nothing"] },
  "/products/:subscription?pane=extend": { all: ["extend"], light: ["extend-early"] },
  "/products/:subscription?pane=pay": { all: ["pay"], dark: ["pay-nothing"] },
  "/products/:subscription?pane=buy": { all: ["buy"] },
  "/products/:subscription?pane=reactivate": { all: ["reactivate"], dark: ["reactivate-unpaid"] },
  "/bills/invoices": { all: ["invoices"], light: ["invoices-nothing"], dark: ["invoices-range-refused"] },
  "/bills/invoices/:invoice": { all: ["invoice"] },
  "/billing-accounts": { all: ["billing-accounts"], light: ["billing-accounts-nothing"] },
  "/billing-accounts/:account": { all: ["billing-account"], light: ["billing-account-profiles"], dark: ["billing-account-roles"] },
  "/billing-accounts/:account?pane=roles": { all: [], light: ["billing-account-grant"] },
  "/billing-accounts/:account/profiles/:profile": { all: ["billing-profile"] },
  "/billing-accounts/:account/profiles/:profile?pane=details": { all: ["billing-profile-details"] },
  "/billing-accounts/:account/profiles/:profile?pane=recipients": { all: [], light: ["billing-profile-recipients"] },
  "/billing-accounts/:account/profiles/:profile?pane=replace": { all: ["billing-profile-replace"] },
  "/billing-accounts/:account/profiles/:profile?pane=roles": { all: [], dark: ["billing-profile-roles"] },
  "/bills/payment-methods": { all: ["methods"], light: ["methods-nothing"] },
  "/bills/payment-methods?pane=method": { all: ["method"] },
  "/bills/payment-methods?pane=add": { all: ["card-address"], light: ["card-address-refused"] },
  "/bills/payment-methods?pane=edit": { all: [], light: ["card-edit"] },
  "/bills/payment-methods?pane=replace": { all: [], dark: ["card-replace"] },
  "/bills/payment-methods?pane=card": { all: ["card-typing"] },
  "/bills/payment-methods?pane=delete": { all: ["card-delete-used"], light: ["card-delete"] },
  "/licenses": { all: ["licenses"], dark: ["licenses-nothing"] },
  "/licenses/:product": { all: ["holders"], light: ["holders-nobody"] },
  "/licenses/:product?pane=assign": { all: ["assign-found"], light: ["assign-refused"], dark: ["assign"] },
  "/licenses/:product?pane=list": { all: ["list-checked"], light: ["list"] },
  "/licenses/:product?pane=unlist": { all: [], dark: ["unlist-refused"] },
  "/licenses/:product?pane=unassign": { all: ["unassign"] },
  "/licenses/:product?pane=result": { all: ["result"], dark: ["result-taken"] },
  "/my-licenses": { all: ["my-licenses"], dark: ["my-licenses-nothing"] },
  "/organization/clock": { all: ["clock"], light: ["clock-refused", "clock-real"], dark: ["clock-moved"] },
  "/settings": { all: ["settings"] },
  // Where nothing is.
  "*": { all: ["not-found-address"] },
} as const satisfies Record<string, Taken>;

type Places = typeof pictures;

type Listed<Lists> = Lists extends Record<string, readonly (infer Name)[]> ? Name : never;

/** The name of a picture. */
export type Picture = Listed<Places[keyof Places]>;

/** The names of the pictures that are taken in a look. */
export function takenIn(look: string): string[] {
  const theme = look.includes("dark") ? "dark" : "light";
  return Object.values<Taken>(pictures).flatMap((taken) => [...taken.all, ...(taken[theme] ?? [])]);
}

/** At which address a picture is taken. */
export function addressOf(picture: Picture): string {
  const isHere = ([, { all, light = [], dark = [] }]: [string, Taken]): boolean =>
    [...all, ...light, ...dark].includes(picture);
  return Object.entries<Taken>(pictures).find(isHere)?.[0] ?? "";
}

/** Whether this is the place: a colon stands for any name, `?pane=` for the open pane, a star for any address. */
export function isAt(url: URL, address: string): boolean {
  if (address === "*") {
    return true;
  }
  const [path = "", pane = ""] = address.split("?pane=");
  const wanted = new RegExp(`^${path.replace(/:[a-z]+/g, "[^/]+")}$`);
  return wanted.test(url.pathname) && (url.searchParams.get("pane") ?? "") === pane;
}
