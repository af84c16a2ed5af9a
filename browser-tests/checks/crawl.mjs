// Follows every link that a role is offered, without a browser.
import { request } from "playwright-core";
import { shapeOf } from "../pages.mjs";

/** How many addresses of one kind are followed: the tenth order's card links to nothing that the first does not. */
const OF_ONE_KIND = 2;

const TEXT = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#x27": "'", "#34": '"', "#38": "&", "#60": "<", "#62": ">" };
export const unescaped = (text) => text.replace(/&(#?\w+);/g, (whole, name) => TEXT[name] ?? whole);

const attributes = (html, names) =>
  [...html.matchAll(new RegExp(`\\s(?:${names})="([^"]*)"`, "g"))].map(([, value]) => unescaped(value));

/** Addresses of one kind differ in their numbers and in the values of their query. */
function kindOf(address) {
  const names = [...new Set(address.searchParams.keys())].sort().join("&");
  return `${shapeOf(address.pathname)}?${names}`;
}

/** What a page's forms offer to do: the addresses of those that have a button to send them with. */
function actsIn(html) {
  const forms = [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)];
  return forms
    .filter(([, head, body]) => /method="post"/.test(head) && /<button(?![^>]*type="button")/.test(body))
    .flatMap(([, head, body]) => [...attributes(head, "action"), ...attributes(body, "formaction")]);
}

/**
 * Goes everywhere from `/` as whoever `storageState` is. Resolves with every answer: `{ path, from, status, html }`, where
 * `html` is only of whole pages, and the acts that were offered: `{ act, from }`.
 */
export async function crawl(url, storageState) {
  const client = await request.newContext({ storageState });
  const seen = new Map();
  const waiting = [{ path: "/", from: "" }];
  const known = new Set(["/"]);
  const answers = [];
  const acts = [];
  const offer = (href, from) => {
    const address = new URL(href, url + from);
    if (address.origin !== url) return;
    const path = address.pathname + address.search;
    const kind = kindOf(address);
    const many = seen.get(kind) ?? 0;
    if (known.has(path) || many >= OF_ONE_KIND) return;
    known.add(path);
    seen.set(kind, many + 1);
    waiting.push({ path, from });
  };
  while (waiting.length) {
    const { path, from } = waiting.shift();
    const answer = await client.get(url + path);
    const kind = answer.headers()["content-type"] ?? "";
    const text = kind.startsWith("text/html") ? await answer.text() : "";
    const html = /<html\b/.test(text) ? text : undefined;
    const came = new URL(answer.url());
    answers.push({ path: came.pathname + came.search, asked: path, from, status: answer.status(), html, text });
    for (const href of attributes(text, "href|src|hx-get")) offer(href, path);
    for (const [, head] of text.matchAll(/<form\b([^>]*)>/g)) {
      if (!/method="post"/.test(head)) attributes(head, "action").forEach((act) => offer(act, path));
    }
    for (const act of actsIn(text)) acts.push({ act: shapeOf(act), from: path });
  }
  await client.dispose();
  return { answers, acts };
}
