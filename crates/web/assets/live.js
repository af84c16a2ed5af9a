// What changes while a page stands open: rows of the list, the card of an order, the state of loading. Nothing moves under
// the pointer, nothing that is typed is lost, and every page works without this file.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const place = () => $("[data-live]");
  if (!place() || !window.EventSource) return;

  const points = matchMedia("(hover: hover)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const under = (node) => points.matches && node.matches(":hover");
  const page = (html) => new DOMParser().parseFromString(html, "text/html");

  async function read(address) {
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    // Whoever was signed out is asked to sign in by the next page that they open.
    if (answer.redirected) {
      over = true;
      close();
    }
    if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
    return page(await answer.text());
  }

  // Runs again and again, but never twice at once nor sooner than so many milliseconds after the last time.
  function paced(pause, work) {
    let wanted = false;
    let busy = false;
    return async function run() {
      wanted = true;
      if (busy) return;
      busy = true;
      while (wanted) {
        wanted = false;
        // What could not be read is read with the next change, or when the stream is there again.
        try { await work(); } catch (error) { console.debug(error); }
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
      busy = false;
    };
  }

  function say(words, count, onclick) {
    const bar = $("#fresh");
    if (!bar) return;
    const text = words.replace("{n}", count);
    if (bar.textContent === text) return;
    const link = document.createElement("a");
    link.className = "button";
    link.href = location.pathname + location.search;
    link.textContent = text;
    if (onclick) link.addEventListener("click", onclick);
    bar.replaceChildren(link);
  }
  const silence = () => $("#fresh")?.replaceChildren();

  // The list of orders -----------------------------------------------------
  const list = () => $("#list[data-live=orders]");
  const rowOf = (id) => $(`tr[data-id="${id}"]`, list());
  const shown = () => $$("tr[data-id]", list()).map((row) => row.dataset.id);
  // Rows to be read again; true for those of which it is known that they changed.
  const wanted = new Map();
  // Rows that were read while somebody was at them.
  const held = new Map();

  const isBusy = (row) => under(row) || row.contains(document.activeElement) || !!$("input:checked", row);

  function mark(row) {
    if ($(".changed-dot", row)) return;
    const dot = document.createElement("span");
    dot.className = "changed-dot";
    dot.setAttribute("role", "img");
    dot.setAttribute("aria-label", list().dataset.changed);
    dot.title = list().dataset.changed;
    $(".c-number", row)?.append(dot);
  }

  function swap(row, fresh, changed) {
    $(".changed-dot", row)?.remove();
    if (row.innerHTML === fresh.innerHTML && row.classList.contains("flagged") === fresh.classList.contains("flagged")) return;
    fresh.classList.toggle("current", row.classList.contains("current"));
    row.replaceWith(fresh);
    if (!changed || still.matches) return;
    fresh.classList.add("changed");
    setTimeout(() => fresh.classList.remove("changed"), 1000);
  }

  function put(id, fresh, changed) {
    const row = rowOf(id);
    if (!row) return held.delete(id);
    if (isBusy(row)) {
      const known = changed || !!held.get(id)?.changed;
      held.set(id, { fresh, changed: known });
      if (known) mark(row);
      return;
    }
    held.delete(id);
    swap(row, fresh, changed);
  }

  function release() {
    for (const [id, { fresh, changed }] of [...held]) put(id, fresh, changed);
  }

  const readRows = paced(1000, async () => {
    while (wanted.size && list()) {
      const some = [...wanted].filter(([id]) => rowOf(id)).slice(0, 100);
      if (!some.length) return wanted.clear();
      some.forEach(([id]) => wanted.delete(id));
      const ids = some.map(([id]) => id).join(",");
      let rows;
      try {
        rows = await read(`${list().dataset.rows}?ids=${ids}&from=${encodeURIComponent(list().dataset.query)}`);
      } catch (error) {
        some.forEach(([id, changed]) => wanted.set(id, changed || wanted.get(id) === true));
        throw error;
      }
      for (const [id, changed] of some) {
        const fresh = $(`tr[data-id="${id}"]`, rows);
        if (fresh && list()) put(id, document.adoptNode(fresh), changed);
      }
    }
    if (!list()) wanted.clear();
  });

  const readNews = paced(5000, async () => {
    if (!list()) return;
    const asked = new URLSearchParams(location.search);
    const next = $("#paging a:not(.first)", list());
    const until = next && new URL(next.href).searchParams.get("cursor");
    if (until) asked.set("until", until);
    const address = location.search;
    const news = $("[data-listed]", await read(`${list().dataset.news}?${asked}`));
    // Meanwhile another filter may have been chosen, or more rows been shown.
    if (!news || !list() || location.search !== address || $("#paging a:not(.first)", list()) !== next) return;
    refreshTabs(news);
    const here = new Set(shown());
    const count = news.dataset.listed.split(" ").filter((id) => id && !here.has(id)).length;
    if (count) say($("#fresh").dataset.words, count); else silence();
  });

  function refreshTabs(news) {
    const [now, then] = [$$("a", news), $$("#order-tabs a", list())];
    if (now.length !== then.length) return;
    then.forEach((tab, i) => {
      if (tab.getAttribute("href") === now[i].getAttribute("href") && tab.innerHTML !== now[i].innerHTML) tab.innerHTML = now[i].innerHTML;
    });
  }

  // The card of an order ---------------------------------------------------
  const card = () => $("#order[data-live=order]");
  const controls = (root) => $$("input, textarea, select", root).filter((field) => field.name && field.type !== "hidden");

  function isTyped(field) {
    if (field.tagName === "SELECT") {
      const options = [...field.options];
      if (!options.some((option) => option.defaultSelected)) return field.selectedIndex > 0;
      return options.some((option) => option.selected !== option.defaultSelected);
    }
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    return field.value !== field.defaultValue;
  }

  function isInUse(root) {
    const selection = getSelection();
    const selects = selection && !selection.isCollapsed && root.contains(selection.anchorNode);
    const at = points.matches && $("a:hover, button:hover, summary:hover, label:hover, input:hover, select:hover, textarea:hover", root);
    return selects || !!at || !!$("details.menu[open], dialog[open], .htmx-request", root);
  }

  const isAtWork = (root) => controls(root).some(isTyped) || isInUse(root);

  // A field is the same in both cards when its form leads to the same place and it stands there under the same name.
  function twin(field, from, to) {
    if (field.id) return to.querySelector(`#${CSS.escape(field.id)}`);
    const apart = !field.matches("input:not([type=checkbox], [type=radio]), textarea, select");
    const by = (other) => [other.form?.getAttribute("action"), other.name, apart ? other.value : ""].join(" ");
    const alike = (root) => $$(field.tagName, root).filter((other) => by(other) === by(field));
    return alike(to)[alike(from).indexOf(field)];
  }

  function carry(from, to, sent) {
    for (const field of controls(from).filter((one) => isTyped(one) && one.form !== sent)) {
      const other = twin(field, from, to);
      if (!other) continue;
      if (field.type === "checkbox" || field.type === "radio") other.checked = field.checked; else other.value = field.value;
    }
    const open = (root) => $$("details:not(.menu)", root);
    const [before, after] = [open(from), open(to)];
    if (before.length === after.length) before.forEach((details, i) => { after[i].open = details.open; });
  }

  async function refreshCard(isAsked) {
    const old = card();
    if (!old) return;
    const fresh = $("#order", await read(location.pathname + location.search));
    if (!fresh || card() !== old || fresh.dataset.id !== old.dataset.id) return;
    // Meanwhile somebody may have begun to type, or opened the menu.
    if (!isAsked && isAtWork(old)) {
      cardChanged = true;
      return offer(old);
    }
    document.adoptNode(fresh);
    carry(old, fresh);
    const at = old.contains(document.activeElement) ? document.activeElement : null;
    const next = at && (at.matches("a") ? $$("a", fresh).find((link) => link.getAttribute("href") === at.getAttribute("href")) : twin(at, old, fresh));
    const range = at && at.selectionStart != null && [at.selectionStart, at.selectionEnd];
    const scroll = [scrollX, scrollY];
    old.replaceWith(fresh);
    window.htmx?.process(fresh);
    next?.focus({ preventScroll: true });
    if (next && range) { try { next.setSelectionRange(...range); } catch { /* no text field */ } }
    scrollTo(...scroll);
  }

  // An act of the card brings a new one: what was typed in its other forms goes over.
  let acting = null;
  document.addEventListener("submit", ({ target: form }) => {
    const root = card();
    acting = root && form.hasAttribute("hx-post") && root.contains(form) ? { root, form } : null;
  });
  document.addEventListener("htmx:after:swap", () => {
    const fresh = card();
    if (!acting || !fresh || fresh === acting.root) return;
    carry(acting.root, fresh, acting.form);
    acting = null;
  });

  let cardChanged = false;
  const readCard = paced(1000, async () => {
    const root = card();
    if (!root || !cardChanged) return;
    if (isAtWork(root)) return offer(root);
    cardChanged = false;
    try { await refreshCard(false); } catch { offer(root); }
  });

  function offer(root) {
    say($("#fresh", root).dataset.words, "", async (event) => {
      event.preventDefault();
      cardChanged = false;
      try { await refreshCard(true); } catch { location.reload(); }
    });
  }

  // Whoever left a row or a card lets what was held through. ------------------
  let soon;
  function left() {
    if (!held.size && !cardChanged) return;
    clearTimeout(soon);
    soon = setTimeout(() => { release(); if (cardChanged) readCard(); }, 150);
  }
  for (const event of ["pointerout", "focusout", "change", "toggle"]) document.addEventListener(event, left, true);
  document.addEventListener("htmx:after:swap", () => {
    // A card that was swapped by its own act is of now; a list may be another one.
    if (card() && !$("#fresh a", card())) cardChanged = false;
    for (const id of held.keys()) if (!list() || !rowOf(id)) held.delete(id);
  });

  // What is told -------------------------------------------------------------
  function orders(event) {
    const told = JSON.parse(event.data);
    if (event.lastEventId) since = event.lastEventId;
    if (list()) {
      const all = told.more ? shown() : told.created.concat(told.changed).map(String);
      all.forEach((id) => wanted.set(id, !told.more || wanted.get(id) === true));
      readRows();
      readNews();
    }
    const root = card();
    // What the page itself did it shows already.
    const isNew = Number(event.lastEventId) > Number(root?.dataset.since);
    if (root && (told.more || (isNew && told.changed.includes(Number(root.dataset.id))))) {
      cardChanged = true;
      readCard();
    }
  }

  // The words of the top bar come with the stream; it asks for them itself only while there is none.
  let words = "";
  function pulse(html, polls) {
    const fresh = $("#pulse", page(html));
    if (!fresh || !$("#pulse")) return;
    words = html;
    if (!polls) for (const name of ["hx-get", "hx-trigger", "hx-swap"]) fresh.removeAttribute(name);
    const here = document.adoptNode(fresh);
    $("#pulse").replaceWith(here);
    if (polls) window.htmx?.process(here);
  }

  // The stream -----------------------------------------------------------------
  let source = null;
  let since = place().dataset.since;
  let pause = 1000;
  let again;
  let over = false;

  function open() {
    clearTimeout(again);
    if (source || over || document.hidden || !place()) return;
    const opened = new EventSource(`${place().dataset.stream}?since=${encodeURIComponent(since)}`);
    source = opened;
    opened.addEventListener("orders", orders);
    opened.addEventListener("pulse", (event) => pulse(JSON.parse(event.data), false));
    opened.onopen = () => {
      pause = 1000;
      if (wanted.size) readRows();
    };
    opened.onerror = () => {
      if (source !== opened) return;
      close();
      again = setTimeout(open, pause * (1 + Math.random() / 2));
      // Short ends are usual; a stream that stays away leaves the top bar to itself.
      if (pause > 1000 && words) { pulse(words, true); words = ""; }
      pause = Math.min(pause * 2, 120000);
    };
  }

  function close() {
    source?.close();
    source = null;
    clearTimeout(again);
  }

  // A tab that nobody looks at is told nothing after a minute; when it is looked at again, it learns what it missed.
  let leaving;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(leaving);
    if (document.hidden) leaving = setTimeout(close, 60000);
    else open();
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted) open(); });
  addEventListener("online", open);
  open();
})();
