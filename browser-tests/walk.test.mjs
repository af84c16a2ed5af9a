// Every page of the panel in both languages, held against what is promised of all of them, and every role's way through them.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axeFaults } from "./checks/axe.mjs";
import { crawl, unescaped } from "./checks/crawl.mjs";
import { headingFaults } from "./checks/headings.mjs";
import { keyboardFaults } from "./checks/keyboard.mjs";
import { listen } from "./checks/traffic.mjs";
import { messageKeys, shopData, wordFaults } from "./checks/words.mjs";
import { PAGES, addresses, maySee, openOne, pageOf, shapeOf } from "./pages.mjs";
import { openPage, sideways, signIn, startBrowser, startNew, startProduct } from "./product.mjs";

const DESK = { width: 1280, height: 860 };
const PHONE = { width: 360, height: 780 };
/** The most that a page and its files may weigh on their way to an empty cache, bytes. */
const HEAVIEST = 150 * 1024;
/** Colours that are on their way from one theme to the other are no colours to judge. */
const STILL = { reducedMotion: "reduce" };
/** What is looked at in which theme: over both languages each page is seen in both themes at both sizes. */
const THEMES = { ru: { desk: "light", phone: "dark" }, en: { desk: "dark", phone: "light" } };

const TOKEN = "Обход";

let product;
let browser;
let at;
let words;
let rest;
/** Signed in, by role; the administrators by language. Each is a browser context's state. */
const states = {};
const weights = [];

before(async () => {
  product = await startProduct();
  browser = await startBrowser();
  const page = await openPage(browser);
  await signIn(page, product);
  rest = await restOf(page);
  at = await addresses(page, product.url);
  states.ru = await page.context().storageState();
  states.admin = states.ru;
  for (const [name, role] of [["en", "admin"], ["manager", "manager"], ["viewer", "viewer"]]) states[name] = await newUser(page, name, role);
  await page.context().close();
  // The token's name is ours; Ozon's status that nobody knows is in a letter's sample.
  words = { data: [...await shopData(rest), TOKEN, "teleported"], keys: await messageKeys() };
});
after(async () => {
  await browser?.close();
  await product?.stop();
});

const mailOf = (name) => `${name}@example.com`;

/** REST as an administrator: the token is made in the panel. */
async function restOf(page) {
  await page.goto(`${product.url}/users`);
  await page.fill("#t-name", TOKEN);
  await page.selectOption("#t-role", "admin");
  await page.click("form[action='/users/tokens'] button");
  const token = await page.locator(".once code").first().innerText();
  return async (path) => {
    const answer = await fetch(`${product.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(answer.status, 200, `${path}: ${await answer.clone().text()}`);
    return answer.json();
  };
}

/** Makes a user and signs in as one; `name` may be a language, which then is the user's. */
async function newUser(page, name, role) {
  await page.goto(`${product.url}/users`);
  await page.fill("#u-email", mailOf(name));
  await page.selectOption("#u-role", role);
  await page.click("form[action='/users'] button");
  const password = await page.locator(".once code").first().innerText();
  const own = await openPage(browser);
  await signIn(own, { ...product, login: mailOf(name), password });
  await own.request.post(`${product.url}/preferences`, { form: { lang: name === "en" ? "en" : "ru" } });
  const state = await own.context().storageState();
  await own.context().close();
  return state;
}

/** Fails with every fault on a line of its own. */
function none(faults, of) {
  assert.ok(!faults.length, `${of}:\n  ${faults.join("\n  ")}`);
}

/** Opens what is folded, but no menus: these would cover the page. */
const unfold = () => document.querySelectorAll("details:not(.menu)").forEach((details) => { details.open = true; });

/** A copy of a page that lets no script run, not even a test's. */
async function outOfItsSandbox(page) {
  const html = await (await page.request.get(page.url())).text();
  const copy = await page.context().newPage();
  await copy.setContent(html);
  return copy;
}

const signedIn = (state, options = {}) => openPage(browser, { viewport: DESK, storageState: state, ...STILL, ...options });

describe("every page", { concurrency: 2 }, () => {
  for (const lang of ["ru", "en"]) {
    describe(`in ${lang}`, { concurrency: false }, () => {
      const theme = THEMES[lang];
      let page;
      let guest;
      let traffic;

      before(async () => {
        page = await signedIn(states[lang], { locale: lang, colorScheme: theme.desk });
        guest = await openPage(browser, { viewport: DESK, ...STILL, locale: lang, colorScheme: theme.desk });
        traffic = { page: await listen(page, product.url), guest: await listen(guest, product.url) };
      });
      after(async () => {
        await page.context().close();
        await guest.context().close();
      });

      for (const one of PAGES.filter(({ same }) => !same)) {
        test(`${one.name} (${one.path})`, { timeout: 60_000 }, async () => {
          const [opened, heard] = one.role === "guest" ? [guest, traffic.guest] : [page, traffic.page];
          const faults = [];
          const note = (where, found) => faults.push(...found.map((fault) => `${where}: ${fault}`));
          await opened.setViewportSize(DESK);
          await opened.emulateMedia({ colorScheme: theme.desk });
          heard.taken();
          heard.expect(one.status ?? 200);
          await openOne(opened, product.url, one, at);
          await opened.waitForLoadState("load");
          assert.equal(shapeOf(new URL(opened.url()).pathname), shapeOf(one.path), "it is this page");
          const { faults: network, bytes } = heard.taken();
          note("network", network);
          // What is opened by way of another page has come with that page's files.
          if (!one.open) weights.push({ name: `${one.name} in ${lang}`, bytes });
          if (!one.open && bytes > HEAVIEST) note("weight", [`${Math.round(bytes / 1024)} KB`]);

          const seen = one.letter ? await outOfItsSandbox(opened) : opened;
          assert.equal(await seen.getAttribute("html", "lang"), lang, "it is in this language");
          note("words", await wordFaults(seen, lang, words));
          if (!one.letter) note("headings", await headingFaults(seen));
          await lookAt("1280 px", theme.desk);
          await seen.evaluate(unfold);
          if (lang === "ru" && !one.letter) note("keyboard", await keyboardFaults(seen));
          await seen.setViewportSize(PHONE);
          await seen.emulateMedia({ colorScheme: theme.phone });
          await lookAt("360 px", theme.phone);
          if (seen !== opened) await seen.close();
          note("afterwards", heard.taken().faults);
          none(faults, `${one.name} in ${lang}`);

          async function lookAt(size, scheme) {
            note(`${size}, ${scheme}, axe`, await axeFaults(seen));
            const over = await sideways(seen);
            if (over > 0) note(size, [`reaches ${over} px beyond the window`]);
          }
        });
      }
    });
  }

  after(() => {
    const largest = [...weights].sort((a, b) => b.bytes - a.bytes).slice(0, 3);
    console.log(`The largest pages: ${largest.map(({ name, bytes }) => `${name} ${Math.round(bytes / 1024)} KB`).join(", ")}`);
  });
});

describe("the list of pages", () => {
  test("has every page that a link leads to, and a link leads to every page of it", async () => {
    const { answers } = await crawl(product.url, states.admin);
    const pages = answers.filter(({ html, status }) => html && status === 200);
    const unknown = pages.filter(({ path }) => !pageOf(path)).map(({ path, from }) => `${path}, linked from ${from}, is not in pages.mjs`);
    const reached = new Set(pages.map(({ path }) => shapeOf(path)));
    const orphans = PAGES.filter((one) => !one.unlinked && !reached.has(shapeOf(one.path)));
    none([...unknown, ...orphans.map(({ name, path }) => `no link leads to ${name} (${path})`)], "pages");
  });

  test("tells pages apart by their titles", async () => {
    const titles = new Map();
    const { answers } = await crawl(product.url, states.admin);
    for (const { path, html } of answers.filter((answer) => answer.html && answer.status === 200)) {
      const title = unescaped(/<title>([^<]*)/.exec(html)[1]);
      const one = pageOf(path);
      titles.set(title, (titles.get(title) ?? new Set()).add(one?.same ?? one?.name ?? path));
    }
    none([...titles].filter(([, shapes]) => shapes.size > 1).map(([title, shapes]) => `"${title}" is ${[...shapes].join(" and ")}`), "titles");
  });
});

describe("what a role is offered", () => {
  for (const role of ["admin", "manager", "viewer"]) {
    test(`leads nowhere forbidden for the ${role}`, async () => {
      const { answers } = await crawl(product.url, states[role]);
      assert.ok(answers.length > 10, "there is something to follow");
      none(answers.filter(({ status }) => status >= 400).map(({ asked, from, status }) => `${asked}, linked from ${from}, is answered with ${status}`), role);
    });
  }

  for (const role of ["manager", "viewer"]) {
    test(`is all that the ${role} can open`, async () => {
      const page = await signedIn(states[role]);
      const wrong = [];
      for (const one of PAGES.filter(({ open }) => !open)) {
        const { status } = await fetchAs(page, at(one.path));
        const expected = maySee(role, one) ? (one.status ?? 200) : 403;
        if (status !== expected) wrong.push(`${one.name} (${one.path}) is answered with ${status} and not ${expected}`);
      }
      await page.context().close();
      none(wrong, role);
    });
  }

  test("changes nothing of the shop for the viewer", async () => {
    const OWN = /^\/(preferences|sign-out|account(\/.*)?|orders\/(columns|views(\/delete)?|pick-list|export))$/;
    const { acts } = await crawl(product.url, states.viewer);
    assert.ok(acts.some(({ act }) => act === "/sign-out"), "acts are found");
    none([...new Set(acts.filter(({ act }) => !OWN.test(act)).map(({ act, from }) => `${act} on ${from}`))], "offered to the viewer");
  });

  test("shows the viewer nobody's name, phone or address", async () => {
    const persons = await personsOf();
    assert.ok(persons.length > 20, "there are persons to be hidden");
    const seen = await crawl(product.url, states.viewer);
    // The crawl follows a few cards; persons are on every one.
    const page = await signedIn(states.viewer);
    const { items } = await rest("/orders?limit=60");
    for (const { id } of items) {
      const path = `/orders/${id}`;
      seen.answers.push({ path, text: await (await fetchAs(page, path)).text });
    }
    await page.context().close();
    const shown = seen.answers.flatMap(({ path, text }) => {
      const plain = unescaped(text);
      return persons.filter(({ value }) => plain.includes(value)).map(({ what, value }) => `${path} shows ${what} "${value}"`);
    });
    none(shown, "persons");
    const [{ value: known }] = persons.filter(({ what }) => what === "a customer's phone");
    const find = async (state) => {
      const searching = await signedIn(state);
      await searching.goto(`${product.url}/orders?q=${encodeURIComponent(known)}`);
      const many = await searching.locator("#order-rows tr").count();
      await searching.context().close();
      return many;
    };
    assert.deepEqual([await find(states.manager) > 0, await find(states.viewer)], [true, 0], "nor does the search tell whose phone it is");
    const others = await crawl(product.url, states.manager);
    assert.ok(others.answers.some(({ text }) => persons.some(({ value }) => unescaped(text).includes(value))), "the manager is shown them");
  });
});

async function fetchAs(page, path) {
  const answer = await page.request.get(product.url + path, { maxRedirects: 0 });
  return { status: answer.status(), text: await answer.text() };
}

/** Whatever tells who a customer or a recipient is, from all orders and customers. */
async function personsOf() {
  const found = new Map();
  const take = (what, value) => { if (typeof value === "string" && value.trim().length > 3) found.set(value.trim(), what); };
  for (let cursor = ""; cursor !== null;) {
    const page = await rest(`/orders?limit=200${cursor && `&cursor=${cursor}`}`);
    for (const { customer_name: name, recipient } of page.items) {
      take("a customer's name", name);
      for (const field of ["name", "phone", "address", "zip_code", "comment"]) take(`a recipient's ${field}`, recipient[field]);
    }
    cursor = page.next_cursor;
  }
  for (let cursor = ""; cursor !== null;) {
    const page = await rest(`/customers?limit=200${cursor && `&cursor=${cursor}`}`);
    for (const customer of page.items.filter(({ ozon_customer_id: id }) => id)) {
      for (const field of ["name", "phone", "email"]) take(`a customer's ${field}`, customer[field]);
    }
    cursor = page.next_cursor;
  }
  return [...found].map(([value, what]) => ({ value, what }));
}

describe("without script", () => {
  test("every page shows the same and sends its forms", async () => {
    const plain = await signedIn(states.ru, { javaScriptEnabled: false });
    const rich = await signedIn(states.ru);
    const faults = [];
    for (const one of PAGES.filter(({ open, role, letter }) => !open && !letter && role !== "guest")) {
      await plain.goto(product.url + at(one.path));
      await rich.goto(product.url + at(one.path));
      const [without, withScript] = [await plain.evaluate(content), await rich.evaluate(content)];
      if (without.heading !== withScript.heading) faults.push(`${one.name}: the heading is "${without.heading}" and not "${withScript.heading}"`);
      // Ages of things may differ by a word.
      if (without.words < withScript.words - 5) faults.push(`${one.name}: ${without.words} words and not ${withScript.words}`);
      faults.push(...without.forms.map((form) => `${one.name}: nothing sends ${form}`));
    }
    await plain.context().close();
    await rich.context().close();
    none(faults, "without script");

    function content() {
      const isSent = (form) => [...form.elements].some((control) => control.matches("button:not([type=button]), input[type=submit]")) ||
        // Enter sends a form with one field.
        form.querySelectorAll("input:not([type=hidden], [type=checkbox])").length === 1;
      return {
        heading: document.querySelector("h1")?.textContent.trim(),
        words: document.querySelector("main").innerText.split(/\s+/).length,
        forms: [...document.forms].filter((form) => [...form.elements].some((control) => control.type !== "hidden") && form.method !== "dialog" && !isSent(form)).map((form) => form.getAttribute("action")),
      };
    }
  });

  test("what is sent is done", async () => {
    const page = await signedIn(states.ru, { javaScriptEnabled: false });
    const said = async () => (await page.locator("#flash .flash").innerText()).trim();
    const history = () => page.locator("#history").innerText();
    await page.goto(product.url + at("/orders/:open-order"));
    await page.fill("#track input", "RA644000333RU");
    await page.click("#track button");
    assert.match(await history(), /RA644000333RU/);
    await page.fill("textarea[name=comment]", "Без сценариев");
    await page.click(".comment button");
    assert.match(await history(), /Без сценариев/);

    await page.goto(`${product.url}/orders`);
    await page.locator("#order-rows [name=ids]").nth(2).check();
    await page.selectOption(".bulk select[name=status]", { label: "В обработке" });
    await page.click(".bulk button.primary");
    assert.match(await said(), /Изменён 1 заказ/);

    await page.goto(`${product.url}/lists/named/sources`);
    await page.fill("form[action='/lists/named/sources'] [name=name]", "Без сценариев");
    await page.click("form[action='/lists/named/sources'] button.primary");
    assert.match(await said(), /Добавлен/);

    await page.goto(`${product.url}/cabinets/1/settings`);
    await page.fill("#every_count", "11");
    await page.click(".save-bar button.primary");
    assert.match(await said(), /Настройки сохранены/);

    await page.goto(`${product.url}/orders?paid=true`);
    await page.selectOption("select[name=paid]", "false");
    await page.click(".filter button:has-text('Применить')");
    assert.match(page.url(), /paid=false/);
    await page.context().close();
  });
});

describe("what opens over a page", () => {
  for (const theme of ["light", "dark"]) {
    test(`is as good as the page in ${theme}`, async () => {
      const faults = [];
      for (const viewport of [DESK, PHONE]) {
        const page = await signedIn(states.ru, { viewport, colorScheme: theme });
        const note = (what, found) => faults.push(...found.map((fault) => `${what}, ${viewport.width} px: ${fault}`));
        await page.goto(product.url + at("/orders/:open-order"));
        for (const menu of [".person", ".status-menu"]) {
          await page.click(`${menu} > summary`);
          note(menu, await axeFaults(page));
          if ((await sideways(page)) > 0) note(menu, [`reaches ${await sideways(page)} px beyond the window`]);
          await page.keyboard.press("Escape");
        }
        await page.keyboard.press("Shift+Slash");
        note("the help of keys", await axeFaults(page));
        note("console", page.wrong);
        await page.context().close();
      }
      none(faults, theme);
    });
  }
});

describe("a new installation", () => {
  test("is set up at its one-time link, and every page of it says what will be there", async () => {
    const fresh = await startNew();
    const page = await openPage(browser, { viewport: DESK, ...STILL, locale: "ru", colorScheme: "light" });
    const faults = [];
    try {
      const traffic = await listen(page, fresh.url);
      const look = async (name) => {
        await page.waitForLoadState("load");
        const note = (where, found) => faults.push(...found.map((fault) => `${name}, ${where}: ${fault}`));
        note("network", traffic.taken().faults);
        note("headings", await headingFaults(page));
        note("words", await wordFaults(page, "ru", words));
        note("axe", await axeFaults(page));
        await page.setViewportSize(PHONE);
        if ((await sideways(page)) > 0) note("360 px", [`reaches ${await sideways(page)} px beyond the window`]);
        await page.setViewportSize(DESK);
      };
      await page.goto(fresh.url + fresh.setUp);
      await look("set-up");
      faults.push(...(await keyboardFaults(page)).map((fault) => `set-up, keyboard: ${fault}`));
      await page.fill("#email", "first@example.com");
      await page.fill("#password", "a password of the test");
      await page.keyboard.press("Enter");
      await page.waitForURL((address) => !address.pathname.startsWith("/setup"));
      const { answers } = await crawl(fresh.url, await page.context().storageState());
      faults.push(...answers.filter(({ status }) => status >= 400).map(({ asked, from, status }) => `${asked}, linked from ${from}, is answered with ${status}`));
      for (const { path } of answers.filter(({ html, status }) => html && status === 200)) {
        // The letters are the same in every installation.
        if (pageOf(path)?.letter || path.startsWith("/mail/letters")) continue;
        await page.goto(fresh.url + path);
        await look(path);
      }
    } finally {
      await page.context().close();
      await fresh.stop();
    }
    none(faults, "a new installation");
  });
});
