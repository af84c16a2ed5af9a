// Every page of the panel: where it is, who may see it. The walk goes through them, and the pictures are taken of them.
//
// A new page is one line in `PAGES`; the walk says when a link leads to a page that is not here. In a path, a word after
// a colon stands for the number of something that the page in `FOUND_ON` links to.

/** Where the number of a thing is found: a page, and a link on it whose last number is meant. */
const FOUND_ON = {
  order: ["/orders?ozon_status=delivered&cabinet=1", "#order-rows .row-link"],
  "open-order": ["/orders?ozon_status=awaiting_packaging&cabinet=1", "#order-rows .row-link"],
  posting: ["/postings", ".postings .row-link"],
  customer: ["/lists/customers", ".customers .row-link"],
};

/**
 * - `name`: unique; also the name of the picture.
 * - `path`: with its query, if it is to be looked at with one.
 * - `role`: the least role that may see it; a viewer when it is left out, and `guest` for nobody in particular.
 * - `status`: of the answer, when it is not 200.
 * - `open`: gets to it when an address alone does not; given a browser's page that is signed in, and the installation's address.
 * - `same`: the name of the page that is shown here too.
 * - `unlinked`: no link leads here, only a form or an address that somebody was given.
 * - `letter`: a letter as it would arrive and not a page of the panel.
 * - `picture`: `false` when there is nothing to show of it that another picture does not show.
 */
export const PAGES = [
  { name: "sign-in", path: "/sign-in", role: "guest", unlinked: true },
  { name: "overview", path: "/overview" },
  { name: "orders", path: "/orders" },
  { name: "orders-found", path: "/orders?q=0&paid=false&from=2020-01-01", picture: false },
  { name: "orders-none", path: "/orders?q=99999999999", picture: false },
  { name: "order", path: "/orders/:order" },
  { name: "order-print", path: "/orders/:order/print" },
  { name: "order-erase", path: "/orders/:order/erase", role: "admin", unlinked: true, picture: false },
  { name: "pick-list", path: "/orders/pick-list?tab=assemble" },
  { name: "order-open", path: "/orders/:open-order", picture: false },
  { name: "postings", path: "/postings" },
  { name: "posting", path: "/postings/:posting" },
  { name: "exchange", path: "/exchange" },
  { name: "cabinets", path: "/cabinets" },
  { name: "cabinet-new", path: "/cabinets/new", role: "admin" },
  { name: "cabinet", path: "/cabinets/1" },
  { name: "warehouses", path: "/cabinets/1/warehouses" },
  { name: "messages", path: "/cabinets/1/messages" },
  { name: "reconciliation", path: "/cabinets/1/reconciliation" },
  { name: "settings", path: "/cabinets/1/settings" },
  { name: "settings-effect", path: "/cabinets/1/settings", role: "admin", open: previewSettings },
  { name: "settings-apply", path: "/cabinets/1/settings/effect", role: "admin", picture: false },
  { name: "settings-versions", path: "/cabinets/1/settings/versions" },
  { name: "settings-version", path: "/cabinets/1/settings/versions/1" },
  { name: "settings-copy", path: "/cabinets/1/settings/copy", role: "admin" },
  { name: "settings-file", path: "/cabinets/1/settings/file" },
  { name: "runs", path: "/runs" },
  { name: "runs-none", path: "/runs?q=nothing-of-the-kind&from=2026-01-01", picture: false },
  { name: "push-messages", path: "/runs/messages" },
  { name: "statuses", path: "/lists/statuses" },
  { name: "sources", path: "/lists/named/sources", picture: false },
  { name: "delivery-methods", path: "/lists/named/delivery-methods", picture: false },
  { name: "payment-methods", path: "/lists/named/payment-methods", picture: false },
  { name: "customers", path: "/lists/customers", role: "manager" },
  { name: "customer", path: "/lists/customers/:customer", role: "manager" },
  { name: "customer-erase", path: "/lists/customers/:customer/erase", role: "admin", picture: false },
  { name: "number-template", path: "/lists/number-template" },
  { name: "mail", path: "/mail", role: "admin" },
  { name: "letter", path: "/mail/letters/3", role: "admin" },
  { name: "letter-html", path: "/mail/letters/3/html", role: "admin", letter: true, picture: false },
  { name: "users", path: "/users", role: "admin" },
  { name: "audit", path: "/audit", role: "admin" },
  { name: "personal-data", path: "/personal-data", role: "admin" },
  { name: "account", path: "/account" },
  { name: "search", path: "/search?q=ozon", unlinked: true },
  { name: "first-steps", path: "/first-steps" },
  { name: "not-found", path: "/nowhere", status: 404, unlinked: true, picture: false },
];

/** Asks what other rows of the map and an earlier `load_from` would do, and saves nothing. */
async function previewSettings(page, url) {
  await page.goto(`${url}/cabinets/1/settings`);
  await page.selectOption('[name="map.awaiting_packaging"]', { index: 2 });
  await page.selectOption('[name="map.delivering"]', { index: 5 });
  await page.fill('[name="load_from"]', "2025-12-01");
  await page.locator("form.settings button.primary").click();
  await page.waitForSelector("#effect");
}

const RANKS = ["guest", "viewer", "manager", "admin"];

/** Whether somebody with this role may see the page. */
export const maySee = (role, page) => RANKS.indexOf(role) >= RANKS.indexOf(page.role ?? "viewer");

/** The shape of an address: without its query, and whatever its numbers are. */
export const shapeOf = (path) => path.split(/[?#]/)[0].replace(/\/(:[a-z-]+|\d+)(?=\/|$)/g, "/N");

/** The page that has this address. */
export const pageOf = (path) => PAGES.find((page) => shapeOf(page.path) === shapeOf(path));

/** Gives the function that fills in the numbers of paths; `page` is a browser's page, signed in as an administrator. */
export async function addresses(page, url) {
  const numbers = {};
  for (const [thing, [at, link]] of Object.entries(FOUND_ON)) {
    await page.goto(url + at);
    const href = await page.locator(link).first().getAttribute("href", { timeout: 5000 });
    numbers[thing] = /(\d+)(?:[?#]|$)/.exec(href)[1];
  }
  return (path) => path.replace(/:([a-z-]+)/g, (_, thing) => numbers[thing]);
}

/** Opens one of `PAGES`; `at` fills in the numbers. Returns the answer when there is one. */
export async function openOne(page, url, one, at = (path) => path) {
  if (one.open) return one.open(page, url);
  return page.goto(url + at(one.path));
}
