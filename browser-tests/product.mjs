// Starts the real product with a simulated cabinet, and a real browser to walk through it.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve as resolvePath } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createServer } from "node:net";
import { chromium } from "playwright-core";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
// It is run in other folders too; a name without a slash is looked for in PATH.
const named = process.env.VYGRUZKA ?? "target/debug/vygruzka";
const BINARY = named.includes("/") ? resolvePath(ROOT, named) : named;
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const STARTS_WITHIN = 90_000;

/** A port that nobody listens on. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Runs the binary until `ready`, told every line that it prints or logs, returns something; that, and how to stop it. */
async function start(args, ready, { cwd = ROOT, env = {} } = {}) {
  const child = spawn(BINARY, args, { cwd, env: { ...process.env, ...env } });
  const errors = [];
  const stop = () =>
    new Promise((resolve) => {
      if (!child.pid || child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once("exit", resolve);
      child.kill("SIGTERM");
      setTimeout(() => child.kill("SIGKILL"), 10_000).unref();
    });
  const up = new Promise((resolve, reject) => {
    const fail = (why) => {
      clearTimeout(timer);
      reject(new Error(`${BINARY} ${args[0]} ${why}\n${errors.join("\n")}`));
    };
    const timer = setTimeout(() => fail("did not start in time"), STARTS_WITHIN);
    child.once("error", (error) => fail(`could not be started: ${error.message}`));
    const ended = (code) => fail(`ended with ${code}`);
    child.once("exit", ended);
    const hear = (line) => {
      const told = ready(line);
      if (!told) return;
      clearTimeout(timer);
      // Only this listener: `stop` waits for the end with one of its own, and lines come until then.
      child.removeListener("exit", ended);
      resolve(told);
    };
    createInterface({ input: child.stdout }).on("line", hear);
    createInterface({ input: child.stderr }).on("line", (line) => {
      errors.push(line);
      hear(line);
    });
  });
  try {
    return { told: await up, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts `vygruzka demo`; resolves with its address, login and password once it has printed them. */
export async function startProduct({ postings = 120 } = {}) {
  const listen = `127.0.0.1:${await freePort()}`;
  const said = {};
  const { stop } = await start(["demo", "--listen", listen, "--postings", String(postings)], (line) => {
    const [, name, value] = /^(\w+): (.+)$/.exec(line) ?? [];
    if (name) said[name.toLowerCase()] = value;
    return said.panel && said.login && said.password;
  });
  return { url: said.panel.replace(/\/$/, ""), login: said.login, password: said.password, stop };
}

/** Runs a command of the binary that must do it. */
function done(args, input, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(BINARY, args, { cwd, env: { ...process.env, ...env } });
    const errors = [];
    child.stderr.on("data", (data) => errors.push(data));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) return resolve();
      reject(new Error(`${BINARY} ${args.join(" ")} ended with ${code}\n${Buffer.concat(errors)}`));
    });
    child.stdin.end(input);
  });
}

/** The simulator's own side of a cabinet: what happens there, and what it was told. */
function simulatedCabinet(url, clientId) {
  const ask = async (path, body) => {
    const options = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const answer = await fetch(`${url}/_sim/cabinets/${clientId}${path}`, options);
    if (!answer.ok) throw new Error(`the simulator answered ${path} with ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const of = (number) => (item) => item.posting_number === number;
  return {
    add: (draft) => ask("/postings", draft),
    act: (number, act) => ask(`/postings/${number}/act`, act),
    posting: (number) => ask(`/postings/${number}`),
    /** What the seller asked to change of a posting: what was taken, and what was refused. */
    changes: async (number) => {
      const { accepted, refused } = await ask("/changes");
      return { accepted: accepted.filter(of(number)), refused: refused.filter(of(number)) };
    },
    cancellations: async (number) => (await ask("/cancellations")).requests.filter(of(number)),
  };
}

/**
 * Starts a shop as its owner would: a data folder, an administrator, a cabinet, `vygruzka serve`. Ozon is a simulator of its
 * own without postings, where nothing happens unless a test makes it happen, and what is asked for happens at once.
 */
export async function startShop() {
  const clientId = "100500";
  const key = "simulated-api-key";
  const [login, password] = ["owner@example.com", "a password of the test"];
  const folder = await mkdtemp(join(tmpdir(), "vygruzka-shop-"));
  const scenario = join(folder, "scenario.json");
  await writeFile(scenario, JSON.stringify({
    behaviour: { change_delay_millis: 0 },
    limits: { lifted: true },
    cabinets: [{ client_id: clientId, api_key: key, company: "ООО «Лавка»" }],
  }));
  const running = [];
  const stop = async () => {
    for (const one of running.reverse()) await one.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const simulator = await start(
      ["simulate", "--listen", "127.0.0.1:0", "--scenario", scenario],
      (line) => /^Simulator: (\S+)$/.exec(line)?.[1],
      { cwd: folder },
    );
    running.push(simulator);
    // What the environment says of another installation is not for this one.
    const env = {
      VYGRUZKA_DATA_DIR: folder,
      VYGRUZKA_DATABASE_URL: "",
      VYGRUZKA_PUBLIC_URL: "",
      VYGRUZKA_LISTEN: "127.0.0.1:0",
      VYGRUZKA_LOG: "info",
    };
    const options = { cwd: folder, env };
    await done(["user", "add", login, "--role", "admin"], password, options);
    await done(["cabinet", "add", "Лавка", "--client-id", clientId, "--api-url", simulator.told], key, options);
    const server = await start(["serve"], (line) => /the panel is at (http:\S+)/.exec(line)?.[1], options);
    running.push(server);
    return { url: server.told.replace(/\/$/, ""), login, password, ozon: simulatedCabinet(simulator.told, clientId), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts an installation that nobody has set up yet: no user, no cabinet. `setUp` is its one-time link. */
export async function startNew() {
  const folder = await mkdtemp(join(tmpdir(), "vygruzka-new-"));
  const env = { VYGRUZKA_DATA_DIR: folder, VYGRUZKA_DATABASE_URL: "", VYGRUZKA_PUBLIC_URL: "", VYGRUZKA_LISTEN: "127.0.0.1:0", VYGRUZKA_LOG: "info" };
  const said = {};
  try {
    const server = await start(["serve"], (line) => {
      said.setUp ??= /\/setup\/[\w-]+/.exec(line)?.[0];
      said.url ??= /the panel is at (http:\S+)/.exec(line)?.[1].replace(/\/$/, "");
      return said.setUp && said.url;
    }, { cwd: folder, env });
    return { ...said, stop: async () => { await server.stop(); await rm(folder, { recursive: true, force: true }); } };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A mail server on loopback that keeps what it is sent; `refuses` is its reply to every sender from then on. */
export function startMailServer() {
  const mail = { letters: [], refuses: null };
  const server = createServer((socket) => {
    const say = (line) => socket.write(`${line}\r\n`);
    let letter = null;
    socket.on("error", () => {});
    // A test that fails before it stops the server must end all the same.
    socket.unref();
    createInterface({ input: socket }).on("line", (line) => {
      if (letter !== null) {
        if (line === ".") {
          mail.letters.push(letter);
          letter = null;
          return say("250 2.0.0 queued");
        }
        letter += `${line}\n`;
        return undefined;
      }
      if (/^DATA/i.test(line)) {
        letter = "";
        return say("354 go on");
      }
      if (/^QUIT/i.test(line)) return socket.end("221 bye\r\n");
      return say(/^MAIL/i.test(line) && mail.refuses ? mail.refuses : "250 ok");
    });
    say("220 ready");
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      server.unref();
      mail.port = server.address().port;
      mail.stop = () => server.close();
      resolve(mail);
    });
  });
}

/** A letter with its parts decoded. */
export function readable(letter) {
  const boundary = /boundary="([^"]+)"/.exec(letter)?.[1];
  const parts = boundary ? letter.split(`--${boundary}`) : [letter];
  return parts.map((part) => {
    const [head, ...body] = part.split("\n\n");
    const text = body.join("\n\n");
    if (/encoding: base64/i.test(head)) return Buffer.from(text, "base64").toString();
    const bytes = text.replace(/=\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    return /encoding: quoted-printable/i.test(head) ? Buffer.from(bytes, "latin1").toString() : text;
  }).join("\n");
}

/** A browser whose own words (dates, files) are in a language. */
export function startBrowser(lang = "ru") {
  return chromium.launch({
    executablePath: CHROMIUM,
    env: { ...process.env, LANGUAGE: lang },
    args: [
      `--lang=${lang}`,
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A page that remembers what went wrong in it: errors in the console, errors of scripts, breaches of the content policy. */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: "ru-RU", ...options });
  const page = await context.newPage();
  page.wrong = [];
  page.on("pageerror", (error) => page.wrong.push(`script: ${error.message}`));
  page.on("console", (message) => {
    // A form that is refused answers 422, and the browser notes every such answer; the page itself is all right.
    const refusedForm = /status of 4(22|29|04|03)/.test(message.text());
    if (message.type() === "error" && !refusedForm) page.wrong.push(`console: ${message.text()}`);
    if (/content security policy/i.test(message.text())) page.wrong.push(`policy: ${message.text()}`);
  });
  return page;
}

export async function signIn(page, product) {
  await page.goto(`${product.url}/sign-in`);
  await page.fill("#email", product.login);
  await page.fill("#password", product.password);
  await Promise.all([page.waitForURL(`${product.url}/orders`), page.click("form.card button.primary")]);
}

/** How far the page reaches beyond the window, px. */
export const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
