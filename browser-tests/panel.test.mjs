// The panel as a person meets it: each test is a walk through the running product.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { openPage, sideways, signIn, startBrowser, startMailServer, startProduct } from "./product.mjs";

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

const go = (path) => page.goto(product.url + path);
const text = (selector) => page.locator(selector).first().innerText();
const count = (selector) => page.locator(selector).count();

describe("signing in", () => {
  beforeEach(async () => { page = await openPage(browser); });
  afterEach(async () => { await page.context().close(); });

  test("a wrong password is refused in words and the address is kept", async () => {
    await go("/sign-in");
    await page.fill("#email", "nobody@example.com");
    await page.fill("#password", "not the password");
    await page.click("form.card button.primary");
    assert.match(await text("[role=alert]"), /Почта или пароль не подходят/);
    assert.equal(await page.inputValue("#email"), "nobody@example.com");
  });

  test("a page behind the sign-in is shown after it", async () => {
    await go("/runs?cabinet=1");
    assert.match(page.url(), /\/sign-in\?next=/);
    await page.fill("#email", product.login);
    await page.fill("#password", product.password);
    await page.click("form.card button.primary");
    await page.waitForURL(/\/runs\?cabinet=1$/);
    assert.deepEqual(page.wrong, []);
  });

  test("the session's cookie is for this site's pages alone", async () => {
    await signIn(page, product);
    const cookie = (await page.context().cookies()).find((c) => c.name === "vygruzka_session");
    assert.equal(cookie.httpOnly, true);
    assert.equal(cookie.sameSite, "Lax");
  });

  test("signing out ends the session", async () => {
    await signIn(page, product);
    await page.click(".person summary");
    await page.click(".person form[action='/sign-out'] button");
    await page.waitForURL(/\/sign-in$/);
    await go("/orders");
    assert.match(page.url(), /\/sign-in/);
  });
});

describe("signed in", () => {
  beforeEach(async () => {
    page = await openPage(browser);
    await signIn(page, product);
  });
  afterEach(async () => {
    const wrong = page.wrong;
    await page.context().close();
    assert.deepEqual(wrong, []);
  });

  test("the overview's numbers lead to the orders that they count", async () => {
    await go("/overview");
    const tile = page.locator('.tile[href*="ship_by=today"]');
    const many = Number((await tile.locator("b").innerText()).replace(/\D/g, ""));
    assert.ok((await count("#leaving tbody tr")) > 0 || many === 0);
    assert.match(await text("#cabinets"), /заказы загружаются/);
    assert.equal(await count(".chart rect:not(.ground)"), await count(".chart g"));
    await page.click(".chart summary");
    assert.equal(await count(".chart:has(details[open]) tbody tr"), 14);
    await tile.click();
    await page.waitForURL(/ship_by=today/);
    assert.equal(await count("#order-rows tr"), Math.min(many, 50));
  });

  test("the list shows orders and a filter narrows it in place", async () => {
    const all = await count("#order-rows tr");
    assert.ok(all > 10, `only ${all} orders`);
    await page.evaluate(() => { window.stillTheSamePage = true; });
    await page.selectOption("select[name=paid]", "true");
    await page.waitForURL(/paid=true/);
    await page.waitForFunction(() => [...document.querySelectorAll("#order-rows tr")].every((r) => r.querySelector(".c-paid .tip")));
    assert.equal(await page.evaluate(() => window.stillTheSamePage), true);
    await page.click("text=Снять фильтр");
    await page.waitForURL(/\/orders$/);
  });

  test("more orders are added below", async () => {
    const first = await count("#order-rows tr");
    await page.click("#paging a");
    await page.waitForFunction((n) => document.querySelectorAll("#order-rows tr").length > n, first);
    const numbers = await page.locator("#order-rows .row-link").allInnerTexts();
    assert.equal(new Set(numbers).size, numbers.length, "an order is there twice");
  });

  test("an order is found by its number", async () => {
    const number = await text("#order-rows .row-link");
    await page.keyboard.press("/");
    await page.keyboard.type(number);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/orders\/\d+$/);
    assert.match(await text("h1"), new RegExp(number));
    // A part of it leads to all that have it.
    await go(`/search?q=${number.slice(0, 8)}`);
    assert.match(await text(".found-group"), new RegExp(number));
  });

  test("nothing found says so and offers the way back", async () => {
    await go("/orders?q=такого%20точно%20нет");
    assert.match(await text(".empty"), /Ничего не найдено/);
    assert.equal(await count(".empty a"), 1);
  });

  test("a wrong date is answered at its field", async () => {
    await go("/orders?from=2026-02-31");
    assert.match(await text("#filter-fault"), /ГГГГ-ММ-ДД/);
  });

  test("the keyboard walks the list, picks and opens", async () => {
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    assert.equal(await page.locator("#order-rows tr").nth(1).getAttribute("class"), "current");
    await page.keyboard.press("x");
    assert.equal(await page.locator("#order-rows tr").nth(1).locator("[name=ids]").isChecked(), true);
    assert.equal(await page.locator(".bulk").isVisible(), true);
    assert.match(await text(".bulk-n"), /1/);
    await page.keyboard.press("k");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/orders\/\d+$/);
  });

  test("Ctrl+K leads to the search and ? to the help", async () => {
    await page.keyboard.press("Control+k");
    assert.equal(await page.evaluate(() => document.activeElement.id), "search");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Shift+Slash");
    assert.equal(await page.locator("#keys").isVisible(), true);
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#keys").isVisible(), false);
  });

  test("several orders move to a status at once", async () => {
    await page.locator("#order-rows [name=ids]").nth(0).check();
    await page.locator("#order-rows [name=ids]").nth(1).check();
    await page.selectOption(".bulk select", { label: "В обработке" });
    await page.click(".bulk button");
    await page.waitForSelector("#flash .flash");
    assert.match(await text("#flash"), /Изменен[оы] [12] заказ|Изменён 1 заказ/);
    assert.match(await text("#order-rows tr .c-status"), /В обработке/);
  });

  test("the card changes status, payment and comment in place and tells its history", async () => {
    await page.locator("#order-rows .row-link").nth(5).click();
    await page.waitForURL(/\/orders\/\d+$/);
    await page.click(".status-menu summary");
    await page.click(".status-menu button:has-text('Спор')");
    await page.waitForFunction(() => document.querySelector(".status-menu summary").innerText.includes("Спор"));
    assert.match(await text("#flash"), /Заказ изменён/);
    assert.match(await text(".timeline li"), /Статус «Спор»[\s\S]*Вручную/);
    const paid = await text(".order-bar form.value button");
    await page.click(".order-bar form.value button");
    await page.waitForFunction((was) => document.querySelector(".order-bar form.value button").innerText !== was, paid);
    await page.fill("textarea[name=comment]", "Позвонить <b>перед</b> выездом");
    await page.click(".comment button");
    await page.waitForFunction(() => document.querySelector(".timeline li").innerText.includes("Комментарий"));
    await page.reload();
    assert.equal(await page.inputValue("textarea[name=comment]"), "Позвонить <b>перед</b> выездом");
  });

  test("a setting that caused a change is one click away", async () => {
    await go("/orders?ozon_status=delivering");
    await page.locator("#order-rows .row-link").first().click();
    await page.locator(".timeline .why a", { hasText: "Сопоставление статусов" }).first().click();
    await page.waitForURL(/\/cabinets\/\d+\/settings#status_map$/);
    assert.equal(await page.locator("#status_map").isVisible(), true);
  });

  test("settings say at the field what is wrong, keep what was typed, and save the rest once mended", async () => {
    await go("/cabinets/1/settings");
    await page.fill("#every_count", "пять");
    await page.selectOption("#number_to", "customer_name");
    await page.click(".save-bar button");
    assert.match(await text("#every-fault"), /Целое число/);
    assert.equal(await page.inputValue("#every_count"), "пять");
    assert.equal(await page.inputValue("#number_to"), "customer_name");
    await page.fill("#every_count", "7");
    await page.selectOption("#number_to", "order_number");
    await page.click(".save-bar button");
    await page.waitForSelector("#flash .flash");
    assert.match(await text("#flash"), /Настройки сохранены. Изменено: 1/);
    assert.match(await text("#versions li"), /Интервал запуска/);
    assert.equal(await page.inputValue("#every_count"), "7");
  });

  test("a changed mapping is shown before it is saved, kept on the way back, and applied when wanted", async () => {
    await go("/cabinets/1/settings");
    const row = "#map-delivering";
    const before = await page.inputValue(row);
    const other = await page.locator(`${row} option`).evaluateAll((all, now) => all.map((o) => o.value).find((v) => v && v !== now), before);
    await page.selectOption(row, other);
    await page.click(".save-bar button");
    await page.waitForSelector("#effect");
    assert.equal(await count("#moved li") > 0, true);
    await page.click("button[value=back]");
    assert.equal(await page.inputValue(row), other, "what was chosen is still there");
    await page.click(".save-bar button");
    await page.click("button[value=apply]");
    await page.waitForSelector("#flash .flash");
    await page.selectOption(row, before);
    await page.click(".save-bar button");
    await page.click("button[value=apply]");
    await page.waitForSelector("#flash .flash");
  });

  test("a track number and a status reach Ozon, and the exchange shows it", async () => {
    await go("/cabinets/1/settings");
    await page.selectOption("#delivery-delivering", { label: "Отправлен" });
    await page.check("#track_numbers");
    await page.click(".save-bar button");
    await page.waitForSelector("#flash .flash");
    await go("/orders?ozon_status=awaiting_deliver");
    const cards = await page.locator("#order-rows .row-link").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    let found = false;
    for (const card of cards) {
      await go(card);
      await page.fill("#track input", "RA644000001RU");
      await page.click("#track button");
      await page.waitForFunction(() => document.querySelector("#flash .flash"));
      found = (await count("#sent li")) > 0;
      if (found) break;
      assert.match(await text("#history"), /Доставку ведёт Ozon|Сейчас Ozon не даёт|Статусы сообщает/, "the order says why not");
    }
    assert.ok(found, "a posting of the seller's own delivery");
    await page.waitForFunction(async () => {
      const page = await (await fetch(location.href)).text();
      return /class="state ok"/.test(page);
    }, null, { timeout: 30_000, polling: 1000 });
    await go("/exchange");
    assert.match(await text("#list"), /RA644000001RU/);
    assert.equal(await sideways(page), 0);
    await page.setViewportSize({ width: 360, height: 780 });
    assert.equal(await sideways(page), 0);
    await go("/cabinets/1/messages");
    assert.equal(await sideways(page), 0);
  });

  test("mail is set up, tried with the server's own words, and every letter can be looked at", async () => {
    const mail = await startMailServer();
    await go("/cabinets/1/settings");
    assert.match(await text("#notify_new_orders"), /Почта не настроена/);
    await page.click("#notify_new_orders a");
    await page.waitForURL(`${product.url}/mail`);
    await page.fill("#host", "not a server");
    await page.click("form.card button.primary");
    assert.match(await text("#host-fault"), /smtp\.example\.com/);
    assert.equal(await page.inputValue("#host"), "not a server");
    await page.fill("#host", "localhost");
    await page.fill("#port", String(mail.port));
    await page.selectOption("#security", "plain");
    await page.fill("#sender", "Выгрузка <desk@example.com>");
    await page.fill("#recipients", "olga@example.com");
    await page.click("form.card button.primary");
    await page.waitForSelector("#flash .flash");
    await page.click("button[value=trial]");
    assert.match(await text("p.alert[role=status]"), /250 2\.0\.0 queued/);
    assert.equal(mail.letters.length, 1);
    mail.refuses = "553 5.7.1 not your address";
    await page.click("button[value=trial]");
    assert.match(await text("p.alert.bad"), /От кого.*553 5\.7\.1 not your address/s);

    await page.click(".links a");
    await page.waitForURL(/\/mail\/letters\/0$/);
    const title = (at) => page.frameLocator("iframe.letter").nth(at).locator("h1");
    assert.match(await title(0).innerText(), /2 новых заказа/);
    assert.match(await title(1).innerText(), /2 new orders/);
    const size = await title(0).evaluate((element) => getComputedStyle(element).fontSize);
    assert.equal(size, "20px", "the letter keeps its own style");

    await go("/cabinets/1/settings");
    assert.doesNotMatch(await text("#notify_new_orders"), /Почта не настроена/);
    await go("/mail");
    await page.click("button[value=forget]");
    await page.waitForSelector("#flash .flash");
    assert.match(await text("main"), /Почта не настроена/);
    mail.stop();
  });

  test("the cabinet is compared with Ozon from its page, and everything matches", async () => {
    await go("/cabinets/1");
    await page.click('a[href="/cabinets/1/reconciliation"] >> nth=0');
    await page.waitForURL(/reconciliation$/);
    assert.match(await text("main"), /Сверок ещё не было/);
    await page.click(".card form button.primary");
    await page.waitForSelector("#outcome", { timeout: 30_000 });
    assert.match(await text("#outcome h2"), /Всё сошлось/);
    assert.match(await text("#outcome .figures"), /Сошлось/);
  });

  test("a load started by hand shows how it goes and how it ended", async () => {
    await go("/cabinets/1");
    await page.evaluate(() => { window.stillTheSamePage = true; });
    await page.click("#load button");
    // The load before has left an outcome too: this one is known by its cause.
    await page.waitForFunction(() => /Вручную/.test(document.querySelector("#runs tbody tr")?.innerText ?? ""), null, { timeout: 30_000 });
    await page.waitForFunction(() => document.querySelector("#load .outcome") && document.querySelector("#load button"), null, { timeout: 30_000 });
    assert.match(await text("#load .outcome"), /Загружено/);
    assert.match(await text("#runs tbody tr"), /Вручную/);
    assert.equal(await page.evaluate(() => window.stillTheSamePage), true);
  });

  test("a bad key is told at once with what to do, and no load begins with it", async () => {
    await go("/cabinets/new");
    await page.fill("#name", "Второй");
    await page.fill("#client_id", "не число");
    await page.fill("#api_key", "wrong-key");
    await page.click("form.card button.primary");
    assert.match(await text("#client-fault"), /число/);
    assert.equal(await page.inputValue("#name"), "Второй");
    await page.fill("#client_id", "424242");
    await page.fill("#api_key", "wrong-key");
    await page.click("form.card button.primary");
    await page.waitForSelector("#state.bad");
    assert.match(await text("#state"), /Ozon не принимает Api-Key[\s\S]*вставьте ключ заново/);
    await go("/cabinets");
    assert.match(await text(".cabinet.state-bad"), /Второй[\s\S]*не принимает/);
    await page.click(".cabinet.state-bad .card-link");
    await page.click("summary:has-text('Отключить кабинет')");
    await page.click("button.danger:has-text('Отключить')");
    await page.waitForSelector("#state.off");
  });

  test("a posting without an order says why and becomes one by hand", async () => {
    await go("/postings");
    const row = page.locator(".postings tbody tr", { has: page.locator(".c-act button") }).first();
    const number = (await row.locator(".row-link").innerText()).trim();
    assert.match(await row.locator(".c-reason").innerText(), /\S/);
    await row.locator(".c-act button").click();
    await page.waitForURL(/\/orders\/\d+$/);
    assert.match(await text("#flash"), /Заказ создан/);
    assert.match(await text("#order"), new RegExp(number));
  });

  test("a posting shows Ozon's answer as it came", async () => {
    await go("/postings");
    await page.locator(".postings .row-link").first().click();
    await page.waitForURL(/\/postings\/\d+$/);
    await page.locator("details.fold > summary").first().click();
    assert.match(await text("pre.raw"), /"posting_number"/);
  });

  test("a status in use cannot be deleted, and a new one can", async () => {
    await go("/lists/statuses");
    await page.click("details.row:has-text('Отправлен') summary");
    await page.click("details.row:has-text('Отправлен') button.danger");
    assert.match(await text(".row .fault"), /Удалить нельзя: используется \d+ раз/);
    await page.fill("#name-0", "Ждёт звонка");
    await page.click("form[action='/lists/statuses'] button.primary");
    await page.waitForSelector("text=Ждёт звонка");
    await page.click("details.row:has-text('Ждёт звонка') summary");
    await page.click("details.row:has-text('Ждёт звонка') button.danger");
    await page.waitForSelector("#flash .flash");
    assert.equal(await count("summary:has-text('Ждёт звонка')"), 0);
  });

  test("the number's template shows an example while it is typed", async () => {
    await go("/lists/number-template");
    await page.fill("#template", "");
    await page.locator("#template").pressSequentially("OZ-#YEAR#-#NUMBER#");
    await page.waitForFunction(() => /OZ-\d{4}-\d+/.test(document.querySelector("#example").innerText));
  });

  test("a token is shown once", async () => {
    await go("/users");
    await page.fill("#t-name", "Склад");
    await page.click("form[action='/users/tokens'] button");
    const secret = await text(".once code");
    const answer = await page.request.get(`${product.url}/api/v1/orders?limit=1`, { headers: { authorization: `Bearer ${secret}` } });
    assert.equal(answer.status(), 200);
    await go("/users");
    assert.equal(await count(".once"), 0);
    assert.match(await text(".tokens"), /Склад/);
  });

  test("a viewer sees no persons and no acts", async () => {
    await go("/users");
    await page.fill("#u-email", "viewer@example.com");
    await page.selectOption("#u-role", "viewer");
    await page.click("form[action='/users'] button");
    const password = await text(".once code");
    const viewer = await openPage(browser);
    await signIn(viewer, { ...product, login: "viewer@example.com", password });
    // What is picked can leave as a file or on paper, and nothing else.
    assert.equal(await viewer.locator(".bulk [name=act], .bulk select").count(), 0);
    const names = await viewer.locator("#order-rows .c-person").allInnerTexts();
    assert.ok(names.length > 10 && names.every((name) => name.trim().endsWith("скрыто")), names.join());
    await viewer.locator("#order-rows .row-link").first().click();
    await viewer.waitForURL(/\/orders\/\d+$/);
    assert.equal(await viewer.locator("#order form").count(), 1, "only the mark of payment, without its button");
    assert.equal(await viewer.locator("#order form button").count(), 0);
    const refused = await viewer.goto(`${product.url}/users`);
    assert.equal(refused.status(), 403);
    assert.match(await viewer.locator("h1").innerText(), /нет доступа/);
    assert.deepEqual(viewer.wrong, []);
    await viewer.context().close();
  });

  test("the theme changes at once and stays without a flash", async () => {
    await page.click("[data-theme-form] button:visible");
    assert.equal(await page.getAttribute("html", "data-theme"), "light");
    await page.click("[data-theme-form] button:visible");
    assert.equal(await page.getAttribute("html", "data-theme"), "dark");
    const html = await (await page.request.get(`${product.url}/orders`)).text();
    assert.match(html, /<html[^>]* data-theme="dark"/, "the server knows it too");
    await page.reload();
    const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    assert.equal(background, "rgb(18, 19, 22)");
  });

  test("the language changes everywhere and stays with the user", async () => {
    await page.click("button[name=lang]:visible");
    await page.waitForSelector("html[lang=en]");
    assert.equal(await text("h1"), "Orders");
    assert.match(await text("#order-rows .c-sum"), /^₽[\d,]+\.\d\d$/);
    await page.click("button[name=lang]:visible");
    await page.waitForSelector("html[lang=ru]");
  });

  test("an act that fails says so at the top and leaves the page as it was", async () => {
    await page.locator("#order-rows .row-link").nth(6).click();
    await page.waitForURL(/\/orders\/\d+$/);
    await page.click(".status-menu summary");
    await page.evaluate(() => { document.querySelector(".status-menu .pop button").value = "99999"; });
    await page.locator(".status-menu .pop button").first().click();
    await page.waitForSelector("#flash .flash.bad");
    assert.equal(await count("#order .timeline li") > 0, true);
  });

  test("a session that ended in the meantime leads to the sign-in", async () => {
    await page.context().clearCookies({ name: "vygruzka_session" });
    await page.click("#paging a");
    await page.waitForURL(/\/sign-in/);
    // The browser notes the refusal; it is what was asked for.
    page.wrong = page.wrong.filter((what) => !/status of 401/.test(what));
  });

  test("the journal is narrowed in place and has the push messages beside the loads", async () => {
    await go("/runs");
    await page.selectOption("#list [name=state]", "done");
    await page.waitForURL(/\/runs\?.*state=done/);
    await page.waitForFunction(() => {
      const states = [...document.querySelectorAll(".runs td.c-state")];
      return states.length > 0 && states.every((state) => state.innerText.trim() === "Загружено");
    });
    await page.fill("#list [name=q]", "nothing of the kind");
    await page.press("#list [name=q]", "Enter");
    await page.waitForSelector("#list .empty");
    assert.match(await text("#list"), /Ничего не найдено/);
    assert.equal(await page.inputValue("#list [name=q]"), "nothing of the kind");
    await page.click("#list .empty a");
    await page.waitForURL(/\/runs$/);
    await page.click(".tabs a[href='/runs/messages']");
    await page.waitForURL(/\/runs\/messages$/);
    assert.equal(await text("h1"), "Журнал");
  });

  test("a page that does not exist says so", async () => {
    const answer = await go("/nowhere");
    assert.equal(answer.status(), 404);
    assert.match(await text("h1"), /Такой страницы нет/);
  });
});

describe("on a phone", () => {
  const PAGES = ["/overview", "/orders", "/postings", "/cabinets", "/cabinets/1", "/cabinets/1/settings", "/cabinets/new", "/runs", "/runs/messages", "/lists/statuses",
    "/lists/named/sources", "/lists/customers", "/lists/number-template", "/users", "/mail", "/mail/letters/0", "/cabinets/1/reconciliation"];

  for (const width of [360, 720, 1080]) {
    test(`no page scrolls sideways at ${width} px`, async () => {
      page = await openPage(browser, { viewport: { width, height: 780 } });
      await signIn(page, product);
      const card = await page.getAttribute("#order-rows .row-link", "href");
      await go("/postings");
      const posting = await page.getAttribute(".postings .row-link", "href");
      for (const path of [...PAGES, card, posting]) {
        await go(path);
        assert.ok((await sideways(page)) <= 0, `${path} reaches ${await sideways(page)} px beyond the window`);
      }
      assert.deepEqual(page.wrong, []);
      await page.context().close();
    });
  }

  test("rows are cards and the rail is a bar at the bottom", async () => {
    page = await openPage(browser, { viewport: { width: 360, height: 780 } });
    await signIn(page, product);
    const rail = await page.locator(".rail").boundingBox();
    assert.ok(rail.y > 700 && rail.width >= 358, JSON.stringify(rail));
    assert.equal(await page.locator(".orders thead").isVisible(), false);
    await page.context().close();
  });
});

describe("without script", () => {
  beforeEach(async () => {
    page = await openPage(browser, { javaScriptEnabled: false });
    await signIn(page, product);
  });
  afterEach(async () => { await page.context().close(); });

  test("filters, the card's acts and a load are ordinary forms", async () => {
    await page.selectOption("select[name=paid]", "false");
    await page.click(".filter noscript button, .filter button:has-text('Применить')");
    await page.waitForURL(/paid=false/);
    await page.locator("#order-rows .row-link").nth(8).click();
    await page.click(".status-menu summary");
    await page.click(".status-menu button:has-text('Собран')");
    await page.waitForURL(/\/orders\/\d+(\?|$)/);
    assert.match(await text(".status-menu summary"), /Собран/);
    await go("/cabinets/1");
    await page.click("#load form button");
    await page.waitForURL(/\/cabinets\/1$/);
    assert.equal(await count("#load"), 1);
  });

  test("the theme is changed by the server", async () => {
    await page.click("[data-theme-form] button:visible");
    assert.equal(await page.getAttribute("html", "data-theme"), "light");
  });
});

describe("what other sites may do", () => {
  test("a form sent from another site changes nothing", async () => {
    page = await openPage(browser);
    await signIn(page, product);
    const answer = await page.request.post(`${product.url}/cabinets/1/disable`, { headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site" } });
    assert.equal(answer.status(), 403);
    assert.match(await answer.text(), /Запрос пришёл с другого сайта/);
    await page.context().close();
  });

  test("every page carries the strict policy and no script of its own", async () => {
    page = await openPage(browser);
    await signIn(page, product);
    const answer = await page.request.get(`${product.url}/orders`);
    const headers = answer.headers();
    assert.match(headers["content-security-policy"], /default-src 'none'; script-src 'self'; style-src 'self'/);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["cache-control"], "no-store");
    const asset = /href="(\/assets\/panel-[^"]+\.css)"/.exec(await answer.text())[1];
    const style = await page.request.get(product.url + asset);
    assert.match(style.headers()["cache-control"], /immutable/);
    await page.context().close();
  });

  test("guessing passwords is stopped", async () => {
    page = await openPage(browser);
    let last;
    for (let n = 0; n < 9; n += 1) {
      last = await page.request.post(`${product.url}/sign-in`, { form: { email: "guess@example.com", password: `guess number ${n}` } });
    }
    assert.equal(last.status(), 429);
    assert.match(await last.text(), /Слишком много попыток/);
    await page.context().close();
  });
});
