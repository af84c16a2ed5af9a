// Takes a picture of every page in both languages, on a desk and on a phone, into docs/screenshots. Each language has a
// browser of its own: dates and files are shown by the browser in its language.
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { PAGES, addresses, openOne } from "./pages.mjs";
import { openPage, signIn, startBrowser, startProduct } from "./product.mjs";
import { small } from "./small-png.mjs";

// Elsewhere and only some, when a change is to be looked at: SCREENSHOTS=/tmp/pictures ONLY=orders,settings npm run screenshots
const FOLDER = process.env.SCREENSHOTS ? `${process.env.SCREENSHOTS}/` : fileURLToPath(new URL("../docs/screenshots/", import.meta.url));
const ONLY = process.env.ONLY?.split(",");
const wanted = (name) => !ONLY || ONLY.includes(name);
const SIZES = [
  { width: 1280, height: 800 },
  { width: 360, height: 780 },
];

const product = await startProduct({ postings: 300 });
const browsers = { ru: await startBrowser("ru"), en: await startBrowser("en") };
await mkdir(FOLDER, { recursive: true });

async function shoot(page, name, lang) {
  const file = `${name}.${lang}.${page.viewportSize().width}.png`;
  const picture = small(await page.screenshot({ animations: "disabled", caret: "hide" }));
  await writeFile(FOLDER + file, picture);
  console.log(`${file}  ${Math.round(picture.length / 1024)} KB`);
}

/** Fills in track numbers, so that there is something to see of what goes to Ozon. */
async function tellOzon() {
  const page = await openPage(browsers.ru);
  await signIn(page, product);
  await page.goto(`${product.url}/orders?ozon_status=awaiting_deliver`);
  const rows = page.locator("#order-rows .row-link");
  const cards = await rows.evaluateAll((all) => all.map((row) => row.getAttribute("href")));
  for (const [at, card] of cards.slice(0, 20).entries()) {
    await page.goto(product.url + card);
    await page.fill("#track input", `RA64400${1000 + at}RU`);
    await page.click("#track button");
    await page.waitForSelector("#flash .flash");
  }
  await page.waitForTimeout(4000);
  await page.context().close();
}

try {
  await tellOzon();
  for (const lang of ["ru", "en"]) {
    for (const viewport of SIZES) {
      const page = await openPage(browsers[lang], { viewport, colorScheme: "light", locale: lang });
      await openOne(page, product.url, PAGES.find(({ role }) => role === "guest"));
      if (wanted("sign-in")) await shoot(page, "sign-in", lang);
      await signIn(page, product);
      if ((await page.getAttribute("html", "lang")) !== lang) {
        await page.request.post(`${product.url}/preferences`, { form: { lang } });
      }
      const at = await addresses(page, product.url);
      for (const one of PAGES.filter(({ picture, role }) => picture !== false && role !== "guest").filter(({ name }) => wanted(name))) {
        await openOne(page, product.url, one, at);
        await shoot(page, one.name, lang);
      }
      if (wanted("status-map")) {
        await page.goto(`${product.url}/cabinets/1/settings#status_map`);
        await shoot(page, "status-map", lang);
      }
      await page.context().close();
    }
  }
  const page = await openPage(browsers.ru, { viewport: SIZES[0], colorScheme: "dark" });
  await signIn(page, product);
  await page.request.post(`${product.url}/preferences`, { form: { lang: "ru", theme: "dark" } });
  await page.goto(`${product.url}/orders`);
  await shoot(page, "orders-dark", "ru");
  await page.locator("#order-rows .row-link").nth(3).click();
  await page.waitForURL(/\/orders\/\d+$/);
  await shoot(page, "order-dark", "ru");
} finally {
  for (const browser of Object.values(browsers)) await browser.close();
  await product.stop();
}
