// Whether a page speaks one language. What belongs to the shop (names of goods, people, statuses) is in whatever language the
// shop wrote it, so it is taken out first: all that REST tells is the shop's.
import { readdir, readFile } from "node:fs/promises";

const LOCALES = new URL("../../crates/voice/locales/", import.meta.url);

/** Latin words that Russian sellers use themselves, and names. Whole words, any case. */
const AT_HOME = [
  "Ozon", "FBS", "realFBS", "rFBS", "FBP", "Express", "CSV", "XLSX", "JSON", "REST", "API", "Api-Key", "Client-Id", "SMTP", "TLS", "STARTTLS", "SSL",
  "HTML", "PEM", "URL", "SKU", "ID", "IP", "TOTP", "QR", "EAN", "EN", "RU", "English", "PVZ", "GTD", "IMEI", "Vygruzka", "Esc", "Enter", "Ctrl", "trace", "Push", "ScanIt", "UTC",
  // What Ozon calls its cabinet and the roles of a key.
  "Admin", "Posting", "Seller", "Client",
  // Programs, and keys of the keyboard.
  "Excel", "Chrome", "Chromium", "Firefox", "Safari", "Linux", "Windows", "Android", "Alt", "Shift",
];
/** A language is named in itself. */
const LANGUAGES = ["Русский", "English"];

/** What is written in Latin letters in every language: e-mail, addresses, words of templates, names of files and hosts, time zones. */
const NO_WORDS = /\S+@\S+|https?:\S+|#[A-Z_]+#|\b[\w-]+\.[\w.-]+\b|\b[A-Z][a-z]+\/[A-Z][A-Za-z_]+/g;

/** Every string in what REST answered, however deep. */
function strings(value, into) {
  if (typeof value === "string") into.add(value);
  else if (value && typeof value === "object") Object.values(value).forEach((inner) => strings(inner, into));
}

/** Reads all that the shop has; `ask(path)` asks REST as an administrator. */
export async function shopData(ask) {
  const found = new Set();
  const lists = ["orders", "postings", "customers", "cabinets", "statuses", "sources", "delivery-methods", "payment-methods", "users", "outbox"];
  for (const list of lists) {
    let cursor = "";
    do {
      const page = await ask(`/${list}?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      strings(page.items, found);
      cursor = page.next_cursor;
    } while (cursor);
  }
  // A code is not for people: where one is shown, it is a fault.
  return [...found].map((text) => text.trim()).filter((text) => text.length > 1 && /\p{L}/u.test(text) && !/^[a-z0-9_/.]+$/.test(text)).sort((a, b) => b.length - a.length);
}

/** The keys of all messages, to know a message that was not found and shows its key. */
export async function messageKeys() {
  const keys = [];
  for (const file of await readdir(new URL("en/", LOCALES))) {
    const text = await readFile(new URL(`en/${file}`, LOCALES), "utf8");
    keys.push(...[...text.matchAll(/^([a-z][\w-]*-[\w-]*) *=/gm)].map(([, key]) => key));
  }
  return keys;
}

/** The text without what is the shop's own. */
function without(data, text) {
  const isInWord = (letter) => /[\p{L}\p{N}]/u.test(letter ?? "");
  let rest = text;
  for (const own of data) {
    for (let at = rest.indexOf(own); at >= 0; at = rest.indexOf(own, at + 1)) {
      const end = at + own.length;
      if (!isInWord(rest[at - 1]) && !isInWord(rest[end])) rest = `${rest.slice(0, at)} ${rest.slice(end)}`;
    }
  }
  return rest;
}

/** Every text and every spoken attribute of the page, each with the place where it is; what has its own language is left out. */
function spoken(page) {
  return page.evaluate(() => {
    const own = document.documentElement.lang;
    const found = [];
    const where = (element) => {
      const steps = [];
      for (let at = element; at && at !== document.body && steps.length < 3; at = at.parentElement) {
        steps.unshift(at.id ? `#${at.id}` : at.localName + [...at.classList].map((name) => `.${name}`).join(""));
        if (at.id) break;
      }
      return steps.join(" > ");
    };
    const foreign = (element) => {
      const lang = element.closest("[lang]")?.lang;
      return (lang && lang !== own) || element.closest("script, style, noscript, code, pre, kbd, textarea, svg.sprite, .raw, .who, [data-words-of-shop]");
    };
    const add = (text, element) => { if (text && /\p{L}/u.test(text) && !foreign(element)) found.push({ text: text.replace(/\s+/g, " ").trim(), where: where(element) }); };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) add(walker.currentNode.data, walker.currentNode.parentElement);
    for (const element of document.body.querySelectorAll("[title], [aria-label], [placeholder], [alt]")) {
      for (const name of ["title", "aria-label", "placeholder", "alt"]) add(element.getAttribute(name), element);
    }
    add(document.title, document.documentElement);
    return found;
  });
}

/** Strings of the other language on a page; `data` are the shop's strings, longest first. */
export async function wordFaults(page, lang, { data, keys }) {
  const known = new Set(keys);
  const faults = new Map();
  // The same words in fifty rows are one fault.
  const note = (what, text, where) => { if (!faults.has(what + where)) faults.set(what + where, `${what}: "${text}" at ${where}`); };
  for (const { text, where } of await spoken(page)) {
    if (known.has(text)) note("a message that is not there", text, where);
    if (LANGUAGES.includes(text)) continue;
    const rest = without(data, text);
    if (lang === "en" && /\p{Script=Cyrillic}/u.test(rest)) note("Russian", text, where);
    if (lang === "ru") {
      const words = rest.replace(NO_WORDS, " ").match(/[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*/gu) ?? [];
      // A barcode has digits; a word written half in Russian is Russian.
      const strange = words.filter((word) => word.length > 1 && /^[\p{Script=Latin}-]+$/u.test(word) && !AT_HOME.some((home) => home.toLowerCase() === word.toLowerCase()));
      if (strange.length) note(`not Russian (${strange.join(", ")})`, text, where);
    }
  }
  return [...faults.values()];
}
