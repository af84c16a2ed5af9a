// Whole lives of orders, as the manager sees them in the panel and as Ozon has them at the same time.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { openPage, signIn, startBrowser, readable, startMailServer, startShop } from "./product.mjs";

const SETTINGS = "/cabinets/1/settings";
const PATIENCE = 20_000;

let shop;
let mail;
let browser;
let page;

before(async () => {
  shop = await startShop();
  mail = await startMailServer();
  browser = await startBrowser();
  page = await openPage(browser);
  await signIn(page, shop);
  await fillInSettings();
  await setUpMail();
  assert.deepEqual(page.wrong, []);
  await page.context().close();
});
after(async () => {
  await browser?.close();
  await shop?.stop();
  mail?.stop();
});
beforeEach(async () => {
  page = await openPage(browser);
  await signIn(page, shop);
});
afterEach(async () => {
  const wrong = page.wrong;
  await page.context().close();
  assert.deepEqual(wrong, []);
});

const go = (path) => page.goto(shop.url + path);
const text = (selector) => page.locator(selector).first().innerText();
const count = (selector) => page.locator(selector).count();

/** Tries until it holds, and fails with what was wrong at last. */
async function eventually(holds) {
  const until = Date.now() + PATIENCE;
  for (;;) {
    try {
      return await holds();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  }
}

/** What the manager sets up once: the statuses that are told to Ozon, track numbers, the mark of payment. */
async function fillInSettings() {
  await go(SETTINGS);
  // Only the loads by hand are to be seen.
  await page.uncheck("#schedule_enabled");
  await page.check("#mark_paid");
  await page.selectOption("#delivery-delivering", { label: "Отправлен" });
  await page.selectOption("#delivery-last_mile", { label: "В пункте выдачи" });
  await page.selectOption("#delivery-delivered", { label: "Доставлен" });
  await page.check("#track_numbers");
  await page.click(".save-bar button");
  await page.waitForSelector("#flash .flash");
  assert.match(await text("#flash"), /Настройки сохранены/);
}

/** Letters go to a server of the test's own. */
async function setUpMail() {
  await go("/mail");
  await page.fill("#host", "localhost");
  await page.fill("#port", String(mail.port));
  await page.selectOption("#security", "plain");
  await page.fill("#sender", "desk@example.com");
  await page.fill("#recipients", "olga@example.com");
  await page.click("form.card button.primary");
  await page.waitForSelector("#flash .flash");
}

/** Loads by hand, from the cabinet's page, and waits until that load is over. */
async function load() {
  await go("/cabinets/1");
  await page.evaluate(() => { document.querySelector("#load").dataset.before = "true"; });
  await page.click("#load button");
  await page.waitForSelector("#load:not([data-before])");
  // The page looks by itself once a second; so many loads are not to wait for that.
  await eventually(async () => {
    await go("/cabinets/1");
    assert.equal(await count("#load .outcome"), 1, "the load is over");
  });
  assert.match(await text("#load .outcome"), /Загружено/);
  assert.match(await text("#runs tbody tr"), /Вручную/);
  // A posting that could not be read would be in quarantine.
  assert.equal((await text("#runs tbody tr td[data-name='В карантине']")).trim(), "0");
}

/** The address of the card of a posting's order, found as a manager finds it. */
async function cardOf(number) {
  await go(`/orders?q=${number}`);
  assert.equal(await count("#order-rows tr"), 1, `${number} has one order`);
  return page.getAttribute("#order-rows .row-link", "href");
}

/** What the card's bar says of the order: the shop's status, Ozon's with what stands under it, and the payment. */
async function bar() {
  const said = async (selector) => (await text(selector)).replace(/\s+/g, " ").trim();
  const [ozon, paid] = [page.locator(".order-bar .cell").nth(1), page.locator(".order-bar form.value span")];
  return {
    status: await said(".status-menu summary"),
    ozon: (await ozon.locator(".value").innerText()).replace(/\s+/g, " ").trim(),
    paid: (await paid.innerText()).trim(),
  };
}

async function setStatus(name) {
  await page.click(".status-menu summary");
  await page.locator(".status-menu .pop button").filter({ hasText: new RegExp(`^\\s*${name}\\s*$`) }).click();
  await page.waitForFunction((now) => document.querySelector(".status-menu summary").innerText.includes(now), name);
  assert.match(await text("#flash"), /Заказ изменён/);
}

async function setTrackNumber(number) {
  await page.fill("#track input", number);
  await page.click("#track button");
  await page.waitForFunction(
    (what) => [...document.querySelectorAll("#history .what")].some((entry) => entry.innerText === what),
    `Трек-номер ${number}`,
  );
}

/** The newest entry of the timeline with these words. */
const entry = (what) =>
  page.locator("#history .timeline > li").filter({ has: page.locator(`.what:text-is("${what}")`) }).first();

/** The timeline tells it, with its reason and a link to the setting behind it. */
async function assertTold(what, why, setting) {
  const told = entry(what);
  await told.waitFor();
  assert.match(await told.locator(".why").innerText(), why);
  if (setting) assert.equal(await told.locator(".why a").getAttribute("href"), `${SETTINGS}#${setting}`);
}

/** The order's card and the exchange's page both show that push as done. */
async function assertPushDone(card, what) {
  const done = async (rows) => {
    const row = rows.filter({ has: page.locator(".what").filter({ hasText: new RegExp(`^${what}( ·|$)`) }) }).first();
    assert.equal((await row.locator(".state.ok").innerText({ timeout: 500 })).trim(), "Передано");
  };
  await eventually(async () => {
    await go(card);
    await done(page.locator("#sent .sent > li"));
  });
  await go("/exchange");
  await done(page.locator("#list .sent > li").filter({ has: page.locator(`a[href="${card.split("?")[0]}"]`) }));
  await go(card);
}

const kinds = async (number) => (await shop.ozon.changes(number)).accepted.map((change) => change.kind);
const stands = async (number) => {
  const { status, substatus } = await shop.ozon.posting(number);
  return `${status}/${substatus}`;
};
const advance = (number) => shop.ozon.act(number, { kind: "advance" });

async function assertNothingTold(number) {
  assert.deepEqual(await shop.ozon.changes(number), { accepted: [], refused: [] });
}

describe("an order that the seller delivers", () => {
  test("lives from packing to payment, moved at Ozon by the shop's own statuses", async () => {
    const number = "0105259411-0001-1";
    await shop.ozon.add({ posting_number: number, delivery_type: "non_integrated", status: "awaiting_packaging" });
    await load();
    const card = await cardOf(number);
    await go(card);
    assert.deepEqual(await bar(), { status: "Новый", ozon: "Ожидает сборки создано", paid: "Не оплачен" });
    assert.match(await text(".badges"), /realFBS/);
    await assertTold("Заказ создан", /впервые замечено в статусе «Ожидает сборки»/);

    await setStatus("В обработке");
    assert.equal(await count("#sent"), 0, "this status is told to nobody");
    await advance(number);
    assert.equal(await stands(number), "awaiting_deliver/posting_transferring_to_delivery");
    await load();
    await go(card);
    assert.deepEqual(await bar(), { status: "Собран", ozon: "Ожидает отгрузки передаётся в доставку", paid: "Не оплачен" });
    await assertTold("Статус «Собран»", /строка «Ожидает отгрузки»/, "status_map");
    await assertNothingTold(number);

    const track = "RA644000001RU";
    await setTrackNumber(track);
    await eventually(async () => assert.equal((await shop.ozon.posting(number)).tracking_number, track));
    await assertPushDone(card, `Трек-номер ${track}`);
    await assertTold(`Передано в Ozon: Трек-номер ${track}`, /По настройке/, "send_track_numbers");
    const { accepted } = await shop.ozon.changes(number);
    assert.deepEqual(accepted.map(({ kind, value }) => [kind, value]), [["track_number", track]]);

    const steps = [
      ["Отправлен", "delivering", "posting_transferred_to_courier_service", "Доставляется", "передано в службу доставки"],
      ["В пункте выдачи", "last_mile", "posting_in_courier_service", "Последняя миля", "у курьера"],
      ["Доставлен", "delivered", "posting_conditionally_delivered", "Доставлено", "условно доставлено"],
    ];
    for (const [at, [status, kind, substatus, told, shown]] of steps.entries()) {
      await setStatus(status);
      await eventually(async () => assert.equal(await stands(number), `delivering/${substatus}`));
      await assertPushDone(card, `Статус «${told}»`);
      assert.deepEqual(await kinds(number), ["track_number", "delivering", "last_mile", "delivered"].slice(0, at + 2));
      assert.deepEqual(await bar(), { status, ozon: `Доставляется ${shown}`, paid: "Не оплачен" });
      await assertTold(`Передано в Ozon: Статус «${told}»`, /По настройке/, `seller_delivery.${kind}`);
      // Ozon's answer to it is told as the echo it is.
      const echo = page.locator("#history li").filter({ hasText: "Это вызвала наша передача" }).first();
      assert.match(await echo.innerText(), new RegExp(`→ .*${shown}`));
    }

    await load();
    await go(card);
    assert.deepEqual(
      await bar(),
      { status: "Доставлен", ozon: "Доставляется условно доставлено", paid: "Не оплачен" },
      "what the customer has not confirmed is not paid",
    );

    await advance(number);
    assert.equal(await stands(number), "delivered/posting_delivered");
    await load();
    await go(card);
    const { status, ozon, paid } = await bar();
    assert.deepEqual([status, paid], ["Доставлен", "Оплачен"]);
    assert.match(ozon, /^Доставлено/);
    await assertTold("Оплачен", /По настройке/, "mark_paid_when_delivered");
    assert.deepEqual(await kinds(number), ["track_number", "delivering", "last_mile", "delivered"], "each once");
    assert.deepEqual((await shop.ozon.changes(number)).refused, []);
  });

  for (const { approved, number, comment, change, button } of [
    { approved: true, number: "0105259411-0002-1", comment: "Отменяем", change: "approve_cancellation", button: "Согласиться с отменой" },
    { approved: false, number: "0105259411-0003-1", comment: "Курьер уже выехал", change: "reject_cancellation", button: "Отклонить" },
  ]) {
    test(`shows the customer's request to cancel with its deadline, and ${approved ? "approves" : "rejects"} it`, async () => {
      await shop.ozon.add({ posting_number: number, delivery_type: "non_integrated", status: "awaiting_packaging" });
      await load();
      const card = await cardOf(number);
      await advance(number);
      const reason = "Нашёл дешевле";
      await shop.ozon.act(number, { kind: "request_cancellation", reason, auto_approve_after_seconds: 26 * 3600 });
      await load();
      await go(card);
      assert.equal(await text("#request h2"), "Заявка на отмену");
      assert.match(await text("#request"), new RegExp(`Причина: ${reason}`));
      const deadline = new Date((await shop.ozon.cancellations(number))[0].auto_approve_date);
      const hours = new Intl.DateTimeFormat("ru-RU", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Moscow" }).format(deadline);
      assert.match(await text("#request"), new RegExp(`решить до .*${hours}\\. Без ответа Ozon отменит отправление сам`));
      assert.match(await text("p.alert.bad"), /Заявка на отмену — решить до/);
      await go(`/orders?q=${number}`);
      assert.match(await text("#order-rows .flag"), /Заявка на отмену — решить до/);

      await go(card);
      await page.fill("#decision-comment", comment);
      await page.click(`#request button:has-text("${button}")`);
      await page.waitForSelector("#flash .flash");
      assert.match(await text("#flash"), /Решение принято и передаётся в Ozon/);
      await eventually(async () => {
        const [request] = await shop.ozon.cancellations(number);
        assert.equal(request.state, approved ? "APPROVED" : "REJECTED");
        assert.equal(request.comment, comment);
        assert.equal(request.by_silence, false);
      });
      const { accepted, refused } = await shop.ozon.changes(number);
      assert.deepEqual(accepted.map(({ kind, value }) => [kind, value]), [[change, comment]]);
      assert.deepEqual(refused, []);
      await assertPushDone(card, approved ? "Согласие на отмену" : "Отказ в отмене");

      await load();
      await go(card);
      assert.equal(await count("#request"), 0, "nothing is left to decide");
      assert.equal((await shop.ozon.posting(number)).status, approved ? "cancelled" : "awaiting_deliver");
      assert.match((await bar()).ozon, approved ? /^Отменено/ : /^Ожидает отгрузки/);
      const warnings = (await page.locator("p.alert.bad").allInnerTexts()).join();
      if (approved) assert.match(warnings, new RegExp(`^Отменено в Ozon — не отправлять.*Причина: ${reason}`));
      else assert.equal(warnings, "");
    });
  }
});

describe("an order that Ozon delivers", () => {
  test("follows Ozon by the status map, says so with a link to it, and tells Ozon nothing", async () => {
    const number = "0105259411-0004-1";
    await shop.ozon.add({ posting_number: number, delivery_type: "ozon", status: "awaiting_packaging" });
    await load();
    const card = await cardOf(number);
    await go(card);
    assert.deepEqual(await bar(), { status: "Новый", ozon: "Ожидает сборки создано", paid: "Не оплачен" });
    assert.match(await text(".badges"), /^FBS/);
    await assertTold("Статус «Новый»", /строка «Ожидает сборки»/, "status_map");

    // What Ozon shows, what it means in the panel, and the row of the map that moves the order there, if one does.
    const steps = [
      ["awaiting_deliver", "Ожидает отгрузки", "Собран", "Ожидает отгрузки"],
      ["awaiting_deliver", "Ожидает отгрузки", "Собран"],
      ["acceptance_in_progress", "Идёт приёмка", "Собран"],
      ["delivering", "Доставляется", "Отправлен", "Доставляется"],
      ["delivering", "Доставляется", "Отправлен"],
      ["delivering", "Доставляется", "В пункте выдачи", "в пункте выдачи"],
      ["delivered", "Доставлено", "Доставлен", "Доставлено"],
    ];
    for (const [ozon, shown, status, row] of steps) {
      await advance(number);
      assert.equal((await shop.ozon.posting(number)).status, ozon);
      await load();
      await go(card);
      const now = await bar();
      assert.equal(now.status, status);
      assert.ok(now.ozon.startsWith(shown), `${now.ozon} is not ${shown}`);
      assert.equal(now.paid, ozon === "delivered" ? "Оплачен" : "Не оплачен");
      if (row) await assertTold(`Статус «${status}»`, new RegExp(`строка «${row}»`), "status_map");
    }
    await assertTold("Оплачен", /По настройке/, "mark_paid_when_delivered");
    const moves = await page.locator("#history .what").filter({ hasText: /^Статус «/ }).allInnerTexts();
    assert.deepEqual(moves.map((move) => move.slice(8, -1)), ["Доставлен", "В пункте выдачи", "Отправлен", "Собран", "Новый"]);
    await assertNothingTold(number);
    assert.equal(await count("#sent"), 0);

    await entry("Статус «Отправлен»").locator(".why a").click();
    await page.waitForURL(/\/settings#status_map$/);
    assert.equal(await page.locator("#map-delivering option:checked").innerText(), "Отправлен");
    await go("/exchange");
    assert.equal(await count(`#list a[href="${card.split("?")[0]}"]`), 0);
  });

  test("says why Ozon is told nothing when a manager sends it himself", async () => {
    const number = "0105259411-0005-1";
    await shop.ozon.add({ posting_number: number, delivery_type: "ozon", status: "awaiting_packaging" });
    await load();
    const card = await cardOf(number);
    await advance(number);
    await load();
    await go(card);
    await setStatus("Отправлен");
    await assertTold("Статус «Отправлен»", /Вручную/);
    await assertTold("Не передано в Ozon: Статус «Доставляется»", /Доставку ведёт Ozon/, "seller_delivery.delivering");
    await setTrackNumber("RA644000005RU");
    await assertTold("Не передано в Ozon: Трек-номер", /Доставку ведёт Ozon/, "send_track_numbers");
    assert.equal(await count("#sent"), 0, "nothing waits to be told");
    await go("/exchange");
    assert.equal(await count(`#list a[href="${card.split("?")[0]}"]`), 0);

    await load();
    await go(card);
    assert.equal((await bar()).status, "Отправлен", "it stands until Ozon's own status changes");
    assert.equal((await shop.ozon.posting(number)).tracking_number, "");
    await assertNothingTold(number);
  });
});

describe("a posting cancelled at Ozon", () => {
  const cancel = (number, by, reason) => shop.ozon.act(number, { kind: "cancel", by, reason });

  /** An order of a new posting. */
  async function born(number) {
    await shop.ozon.add({ posting_number: number, delivery_type: "ozon", status: "awaiting_packaging" });
    await load();
    return cardOf(number);
  }

  test("before work cancels the order, with who did it and why", async () => {
    const number = "0105259411-0006-1";
    const card = await born(number);
    await cancel(number, "customer", "Передумал покупать");
    await load();
    await go(card);
    const { status, ozon } = await bar();
    assert.equal(status, "Отменён");
    assert.match(ozon, /^Отменено/);
    await assertTold(
      "Статус «Отменён»",
      /Отменил: покупатель\. Причина: Передумал покупать\. Отменено в Ozon до начала работы/i,
      "on_cancel",
    );
    assert.equal(await count("p.alert.bad"), 0, "there is nothing to be warned of");
    await assertNothingTold(number);
  });

  test("in work leaves the order where it is and forbids to send it", async () => {
    const number = "0105259411-0007-1";
    const card = await born(number);
    await go(card);
    await setStatus("В обработке");
    await cancel(number, "customer", "Ошибся размером");
    await load();
    await go(card);
    const { status, ozon } = await bar();
    assert.equal(status, "В обработке");
    assert.match(ozon, /^Отменено/);
    const who = "Отменил: покупатель\\. Причина: Ошибся размером\\.";
    assert.match(await text("p.alert.bad"), new RegExp(`^Отменено в Ozon — не отправлять\\. ${who}`, "i"));
    await assertTold(
      "Отметка «Отменено в Ozon — не отправлять»",
      new RegExp(`${who} Отменено в Ozon, когда заказ уже в работе`, "i"),
      "on_cancel",
    );
    await go(`/orders?q=${number}`);
    assert.match(await text("#order-rows .flag"), /Отменено в Ozon — не отправлять/);
    await assertNothingTold(number);
    const letters = () => mail.letters.map(readable).filter((letter) => letter.includes(number));
    await eventually(async () => assert.equal(letters().length, 1));
    assert.match(letters()[0], /Что делать: не отправлять/);
  });

  test("after it was shipped awaits its return", async () => {
    const number = "0105259411-0008-1";
    const card = await born(number);
    while ((await shop.ozon.posting(number)).status !== "delivering") await advance(number);
    await load();
    await go(card);
    assert.equal((await bar()).status, "Отправлен");
    await cancel(number, "delivery", "Повреждено в пути");
    await load();
    await go(card);
    const { status, ozon } = await bar();
    assert.equal(status, "Отправлен");
    assert.match(ozon, /^Отменено/);
    const who = "Отменил: служба доставки\\. Причина: Повреждено в пути\\.";
    assert.match(await text("p.alert.bad"), new RegExp(`^Ожидается возврат\\. ${who}`, "i"));
    await assertTold("Отметка «Ожидается возврат»", new RegExp(`${who} Отменено в Ozon после отгрузки`, "i"), "on_cancel");
    await go(`/orders?q=${number}`);
    assert.match(await text("#order-rows .flag"), /Ожидается возврат/);
    await assertNothingTold(number);
  });
});
