// Starts the real product with a simulated cabinet, and a real browser to walk through it.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createServer } from "node:net";
import { chromium } from "playwright-core";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const BINARY = process.env.VYGRUZKA ?? `${ROOT}target/debug/vygruzka`;
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

/** Starts `vygruzka demo`; resolves with its address, login and password once it has printed them. */
export async function startProduct({ postings = 120 } = {}) {
  const listen = `127.0.0.1:${await freePort()}`;
  const child = spawn(BINARY, ["demo", "--listen", listen, "--postings", String(postings)], { cwd: ROOT });
  const errors = [];
  child.stderr.on("data", (data) => errors.push(data));
  const said = {};
  await new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`${BINARY} demo ${why}\n${Buffer.concat(errors)}`));
    const timer = setTimeout(() => fail("did not start in time"), STARTS_WITHIN);
    child.once("error", (error) => fail(`could not be started: ${error.message}`));
    child.once("exit", (code) => fail(`ended with ${code}`));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [, name, value] = /^(\w+): (.+)$/.exec(line) ?? [];
      if (name) said[name.toLowerCase()] = value;
      if (said.panel && said.login && said.password) {
        clearTimeout(timer);
        child.removeAllListeners("exit");
        resolve();
      }
    });
  });
  return {
    url: said.panel.replace(/\/$/, ""),
    login: said.login,
    password: said.password,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", resolve);
        child.kill("SIGTERM");
        setTimeout(() => child.kill("SIGKILL"), 10_000).unref();
      }),
  };
}

export function startBrowser() {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
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
