// A working day without a mouse: no click in this file, only keys.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { openPage, signIn, startBrowser, startProduct } from "./product.mjs";

let product;
let browser;
let page;

before(async () => {
  product = await startProduct();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await product?.stop();
});
beforeEach(async () => {
  page = await openPage(browser);
  await signIn(page, product);
});
afterEach(async () => {
  const { wrong } = page;
  await page.context().close();
  assert.deepEqual(wrong, []);
});

const go = (path) => page.goto(product.url + path);
const text = (selector) => page.locator(selector).first().innerText();
const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key); };
const has = (selector) => page.evaluate((what) => document.activeElement.matches(what), selector);
const picked = () => page.locator("#order-rows tr:has([name=ids]:checked)").count();
const current = () => page.locator("#order-rows tr").evaluateAll((rows) => rows.findIndex((row) => row.classList.contains("current")));

/** Presses Tab until the focus is there. */
async function tabTo(selector, { back = false } = {}) {
  for (let presses = 0; presses < 250; presses += 1) {
    if (await has(selector)) return;
    await press(back ? "Shift+Tab" : "Tab");
  }
  assert.fail(`Tab does not reach ${selector}`);
}

/** Chooses in the select that has the focus, as arrows do. */
async function choose(label) {
  const chosen = () => page.evaluate(() => document.activeElement.selectedOptions[0].label);
  await press("Home");
  for (let presses = 0; presses < 40; presses += 1) {
    if ((await chosen()) === label) return;
    await press("ArrowDown");
  }
  assert.fail(`"${label}" cannot be chosen`);
}

/** After an act that changes a part of the page the focus is not thrown back to its beginning. */
async function assertFocusKept() {
  await page.waitForFunction(() => document.activeElement !== document.body, null, { timeout: 3000 }).catch(() => assert.fail("the focus is lost"));
}

test("signing in and out", async () => {
  await tabTo(".person summary");
  await press("Enter");
  await tabTo("form[action='/sign-out'] button");
  await press("Enter");
  await page.waitForURL(/\/sign-in$/);
  // The demonstration has filled the address in.
  assert.ok(await has("#password"), "the first empty field has the focus");
  await page.keyboard.type(product.password);
  await press("Enter");
  await page.waitForURL(/\/orders$/);
});

test("the content is one key away from the top", async () => {
  await press("Tab");
  assert.ok(await has(".skip"));
  await press("Enter", "Tab");
  assert.ok(await page.evaluate(() => document.activeElement.closest("main") !== null));
});

test("an order is found in the list, opened, and left again", async () => {
  await press("j", "j", "j");
  assert.equal(await current(), 2);
  await press("k");
  assert.equal(await current(), 1);
  const number = await text("#order-rows tr.current .row-link");
  await press("Enter");
  await page.waitForURL(/\/orders\/\d+/);
  assert.match(await text("h1"), new RegExp(number));
  await tabTo(".back");
  await press("Enter");
  await page.waitForURL(/\/orders(\?.*)?$/);
});

test("a row that Tab reached is where j goes on from", async () => {
  await tabTo("#order-rows tr:nth-child(3) .row-link");
  await press("j");
  assert.equal(await current(), 3);
});

test("several orders are picked, one by one and as a range, and moved to a status", async () => {
  await press("j", "x");
  assert.equal(await picked(), 1);
  await press("j", "j", "j", "Shift+X");
  assert.equal(await picked(), 4, "from the one picked before to this one");
  await tabTo(".bulk select[name=status]");
  await choose("В обработке");
  await tabTo(".bulk button.primary");
  await press("Enter");
  await page.waitForSelector("#flash .flash");
  assert.match(await text("#flash"), /Измен/);
  for (const row of [0, 1, 2, 3]) assert.match(await page.locator("#order-rows tr .c-status").nth(row).innerText(), /В обработке/);
});

test("/ and Ctrl+K lead to the search, Esc out of it", async () => {
  for (const key of ["/", "Control+k"]) {
    await press(key);
    assert.ok(await has("#search"), key);
    await press("Escape");
    assert.ok(!(await has("#search")), "left");
  }
  const number = await text("#order-rows .row-link");
  await press("/");
  await page.keyboard.type(number);
  await press("Enter");
  // A whole number leads straight to its order.
  await page.waitForURL(/\/orders\/\d+$/);
  await page.goBack();
  await press("/");
  await page.keyboard.type("справочники");
  await page.waitForSelector("#found [data-found]");
  await press("ArrowDown");
  await press("Enter");
  await page.waitForURL(/\/lists\//);
});

test("a filter is chosen and taken off", async () => {
  await tabTo("select[name=paid]");
  await choose("Оплачен");
  await page.waitForURL(/paid=true/);
  await page.waitForFunction(() => [...document.querySelectorAll("#order-rows tr")].every((row) => row.querySelector(".c-paid .tip")));
  await tabTo(".filter a.button");
  await press("Enter");
  await page.waitForURL(/\/orders$/);
});

test("the order's card changes its status, payment, comment and track number", async () => {
  await press("j", "Enter");
  await page.waitForURL(/\/orders\/\d+/);
  await tabTo(".status-menu summary");
  await press("Enter");
  // What it is now has the mark; the next one is chosen.
  await tabTo(".status-menu .pop button:not([aria-current])");
  const status = await page.evaluate(() => document.activeElement.innerText.trim());
  await press("Enter");
  await page.waitForFunction((now) => document.querySelector(".status-menu summary").innerText.includes(now), status);
  await assertFocusKept();
  await tabTo(".order-bar form.value button");
  const paid = await text(".order-bar form.value button");
  await press("Enter");
  await page.waitForFunction((was) => document.querySelector(".order-bar form.value button").innerText !== was, paid);
  await assertFocusKept();
  await tabTo("textarea[name=comment]");
  await page.keyboard.type("Без мыши");
  await press("Tab", "Enter");
  await page.waitForFunction(() => document.querySelector("#history").innerText.includes("Без мыши"));
  await assertFocusKept();
  await tabTo("#track input");
  await page.keyboard.type("RA644000777RU");
  await press("Enter");
  await page.waitForFunction(() => document.querySelector("#history").innerText.includes("RA644000777RU"));
  await assertFocusKept();
});

test("a menu is left with Esc, and the focus returns to what opened it", async () => {
  await press("j", "Enter");
  await page.waitForURL(/\/orders\/\d+/);
  await tabTo(".status-menu summary");
  await press("Enter", "Tab", "Escape");
  assert.equal(await page.locator(".status-menu[open]").count(), 0);
  assert.ok(await has(".status-menu summary"));
});

test("the help of keys opens, is left, and opens from the menu too", async () => {
  await press("Shift+Slash");
  assert.ok(await page.locator("#keys").isVisible());
  await press("Escape");
  assert.ok(!(await page.locator("#keys").isVisible()));
  await tabTo(".person summary");
  await press("Enter");
  await tabTo("[data-help]");
  await press("Enter");
  assert.ok(await page.locator("#keys").isVisible());
  await tabTo("#keys button");
  await press("Enter");
  assert.ok(!(await page.locator("#keys").isVisible()));
});

test("settings are changed and saved", async () => {
  await go("/cabinets/1/settings");
  await tabTo("#every_count");
  const was = await page.inputValue("#every_count");
  const next = was === "7" ? "9" : "7";
  await press("Control+a");
  await page.keyboard.type(next);
  await tabTo("#boxes");
  const boxes = await page.isChecked("#boxes");
  await press("Space");
  assert.equal(await page.isChecked("#boxes"), !boxes);
  await tabTo(".save-bar button.primary");
  await press("Enter");
  await page.waitForSelector("#flash .flash, button[value=new]");
  // A change that moves what is loaded is shown first.
  if (await page.locator("button[value=new]").count()) {
    await tabTo("button[value=new]");
    await press("Enter");
    await page.waitForSelector("#flash .flash");
  }
  await go("/cabinets/1/settings");
  assert.equal(await page.inputValue("#every_count"), next);
  assert.equal(await page.isChecked("#boxes"), !boxes);
});

test("a status is added to the lists and deleted", async () => {
  await go("/lists/statuses");
  await tabTo("#name-0");
  await page.keyboard.type("Ждёт ответа");
  await press("Enter");
  await page.waitForSelector("summary:has-text('Ждёт ответа')");
  await page.waitForLoadState("load");
  await page.evaluate(() => document.querySelectorAll("details.row").forEach((row) => row.toggleAttribute("data-new", row.innerText.includes("Ждёт ответа"))));
  await tabTo("[data-new] summary");
  await press("Enter");
  await tabTo("[data-new] button.danger");
  await press("Enter");
  await page.waitForSelector("#flash .flash");
  assert.equal(await page.locator("summary:has-text('Ждёт ответа')").count(), 0);
});

test("the theme and the language are switched", async () => {
  await tabTo("[data-theme-form] button");
  await press("Enter");
  assert.equal(await page.getAttribute("html", "data-theme"), "light");
  assert.ok(await has(".theme-light"), "the button in its place has the focus");
  await tabTo("button[name=lang]", { back: true });
  await press("Enter");
  await page.waitForSelector("html[lang=en]");
  await tabTo("button[name=lang]");
  await press("Enter");
  await page.waitForSelector("html[lang=ru]");
});
