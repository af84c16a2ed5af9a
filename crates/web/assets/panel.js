// What the keyboard, the theme switch, copying and ages need. Every page works without this file.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const root = document.documentElement;

  // Keyboard -------------------------------------------------------------
  const rows = () => $$("[data-list] tbody tr");
  const current = () => $("[data-list] tr.current");
  const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

  function go(step) {
    const all = rows();
    if (!all.length) return;
    // From the row that has the focus, however it came there.
    const at = all.indexOf(document.activeElement.closest("[data-list] tbody tr") ?? current());
    const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
    current()?.classList.remove("current");
    next.classList.add("current");
    next.scrollIntoView({ block: "nearest" });
    $("a.row-link", next)?.focus({ preventScroll: true });
  }

  function toSearch() {
    const field = $("#search");
    field?.focus();
    field?.select();
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyK") {
      event.preventDefault();
      return toSearch();
    }
    if (event.key === "Escape") {
      $$("details.menu[open]").forEach((menu) => { menu.open = false; $("summary", menu).focus(); });
      if (event.target.id === "search") { closeFound(); event.target.blur(); }
      else if (event.target.closest(".search")) { $("#search").focus(); closeFound(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || event.target.closest("#found") || $("dialog[open]")) return;
    // By the key's place, so that the letters work in a Russian layout too.
    const act = {
      Slash: () => (event.shiftKey ? help() : event.key === "/" || event.key === "." ? toSearch() : null),
      KeyJ: () => go(1),
      KeyK: () => go(-1),
      KeyX: () => { const row = document.activeElement.closest("[data-list] tbody tr") ?? current(); const box = row && $("[name=ids]", row); if (box) box.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: event.shiftKey })); },
      Enter: () => { const link = current() && !event.target.closest("a, button, summary") && $("a.row-link", current()); if (link) link.click(); else return false; },
    }[event.code];
    if (event.key === "?") { event.preventDefault(); return help(); }
    if (event.key === "/") { event.preventDefault(); return toSearch(); }
    if (act && act() !== false) event.preventDefault();
  });

  function help() { $("#keys")?.showModal(); }

  // Clicks ---------------------------------------------------------------
  let lastPicked = null;
  document.addEventListener("click", async (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      event.preventDefault();
      try { await navigator.clipboard.writeText(copy.dataset.copy); } catch { return fallbackCopy(copy.dataset.copy); }
      return copied(copy);
    }
    if (event.target.closest("[data-help]")) return help();
    const box = event.target.closest("[name=ids]");
    if (box) {
      const boxes = $$("[name=ids]");
      if (event.shiftKey && lastPicked && boxes.includes(lastPicked)) {
        const [from, to] = [boxes.indexOf(lastPicked), boxes.indexOf(box)].sort((a, b) => a - b);
        boxes.slice(from, to + 1).forEach((other) => { other.checked = box.checked; });
      }
      lastPicked = box;
      countPicked();
    }
    const all = event.target.closest("[data-pick-all]");
    if (all) { $$("[name=ids]").forEach((other) => { other.checked = all.checked; }); countPicked(); }
    $$("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  function fallbackCopy(text) {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }

  function copied(button) {
    const word = $("#copied");
    word.textContent = word.dataset.words;
    const use = $("use", button);
    const before = use.getAttribute("href");
    if (before === "#i-check") return;
    use.setAttribute("href", "#i-check");
    setTimeout(() => { use.setAttribute("href", before); word.textContent = ""; }, 1200);
  }

  function countPicked() {
    const words = $(".bulk-n");
    if (words) words.textContent = words.dataset.picked.replace("{n}", $$("[name=ids]:checked").length);
  }

  // The card of an order ---------------------------------------------------
  function into(field) {
    field?.scrollIntoView({ block: "nearest" });
    field?.focus();
    if (field?.matches("input")) field.select();
  }

  function unfold(menu) {
    if (!menu) return false;
    menu.open = true;
    $("button, input", menu)?.focus();
  }

  // Before the others see the key: what is open now is closed by them, and only then does Escape leave the card.
  document.addEventListener("keydown", (event) => {
    if (!$("#order") || event.target.closest(".search") || event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
    if (event.key === "Escape") {
      if (typing(event.target)) { if (!event.target.closest("details.menu")) event.target.blur(); return; }
      if ($("details.menu[open]")) return;
      return $("#order .back")?.click();
    }
    if (typing(event.target)) return;
    const act = {
      BracketLeft: () => $("#order [data-previous]")?.click(),
      BracketRight: () => $("#order [data-next-order]")?.click(),
      KeyE: () => unfold($("#status-menu")),
      KeyM: () => into($("#manager")),
      KeyP: () => into($("#order form.value button")),
      KeyT: () => into($("#track-number")),
      KeyC: () => into($("#discussion")),
    }[event.code];
    if (act && !event.shiftKey && act() !== false) event.preventDefault();
  }, true);

  // Theme: at once, and kept in the cookie that the server reads. ---------
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!event.target.matches("[data-theme-form]") || !button) return;
    event.preventDefault();
    root.dataset.theme = button.dataset.next;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${button.dataset.next}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    $(`.theme-${button.dataset.next}`, event.target)?.focus();
  });

  // Ages grow old while a page is open. ------------------------------------
  const units = [["minute", 60], ["hour", 3600]];
  const say = new Intl.RelativeTimeFormat(root.lang, { style: "short", numeric: "always" });
  function refreshAges() {
    for (const time of $$("time[data-ago]")) {
      const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
      if (seconds < 60 || seconds > 86400) continue;
      const [unit, size] = seconds < 3600 ? units[0] : units[1];
      time.textContent = say.format(-Math.floor(seconds / size), unit).replace("мин.", "мин").replace("ч.", "ч").replace("min.", "min").replace("hr.", "h");
    }
  }
  setInterval(refreshAges, 30000);

  // Printing: the button is there where it can do something. ---------------
  for (const button of $$("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // A row that can be moved goes by Alt with an arrow; its buttons do the same. --
  document.addEventListener("keydown", (event) => {
    const to = event.altKey && { ArrowUp: "up", ArrowDown: "down" }[event.key];
    const line = to && !typing(event.target) && event.target.closest(".row-line");
    const button = line && $(`.row-move [value=${to}]:not(:disabled)`, line);
    if (button) { event.preventDefault(); button.click(); }
  });

  // Settings: rows are found as one types; the server does the same for ?find=. ----
  const find = $("#settings-find");
  if (find) {
    const field = $("[name=find]", find);
    const told = $("#settings-found");
    const fold = (text) => text.toLowerCase().replaceAll("ё", "е").split(/\s+/).filter(Boolean);
    const filter = () => {
      const words = fold(field.value);
      const settings = $$("[data-find]");
      for (const row of settings) row.hidden = !words.every((word) => row.dataset.find.includes(word));
      const shown = settings.filter((row) => !row.hidden).length;
      for (const part of $$(".settings > fieldset > .card")) part.hidden = !$("[data-find]:not([hidden])", part);
      told.textContent = words.length ? told.dataset.words.replace("{shown}", shown) : "";
      $("#settings-found-none").hidden = shown > 0;
    };
    field.addEventListener("input", filter);
    find.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !field.value) return;
      event.preventDefault();
      field.value = "";
      filter();
    });
    $("#settings-found-none a").addEventListener("click", (event) => { event.preventDefault(); field.value = ""; filter(); field.focus(); });
    // What a link names is shown, whatever is looked for.
    const reveal = () => {
      const row = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!row || !row.closest("[hidden]")) return;
      field.value = "";
      filter();
      row.scrollIntoView();
    };
    addEventListener("hashchange", reveal);
    reveal();
    if (field.value) filter();
  }

  // A file is named beside its button, in the page's own words. -------------
  document.addEventListener("change", ({ target }) => {
    const name = target.matches("input[type=file]") && $("[data-file-name]", target.parentElement);
    if (name) name.textContent = [...target.files].map((file) => file.name).join(", ") || name.dataset.none;
  });

  // Tabs that do not fit begin where the present one is seen. --------------
  function showTab() {
    for (const here of $$(".tabs [aria-current]")) {
      const tabs = here.parentElement;
      tabs.scrollLeft = here.offsetLeft - (tabs.clientWidth - here.offsetWidth) / 2;
    }
    showEnds();
  }
  // On which side there are more of them.
  function showEnds() {
    for (const tabs of $$(".tabs")) {
      const atEnd = tabs.scrollLeft + tabs.clientWidth > tabs.scrollWidth - 2;
      tabs.classList.toggle("more-before", tabs.scrollLeft > 1);
      tabs.classList.toggle("more-after", !atEnd);
      tabs.classList.toggle("at-end", atEnd);
    }
  }
  showTab();
  document.addEventListener("scroll", ({ target }) => { if (target.matches?.(".tabs")) showEnds(); }, true);
  window.addEventListener("resize", showEnds);
  document.addEventListener("htmx:after:swap", showTab);

  // An act that changes a part of the page leaves the focus where it was. ---
  const nameOf = (form) => $("[name]", form)?.name;
  let left = null;
  document.addEventListener("submit", ({ target: form, submitter }) => {
    const address = form.getAttribute("hx-post");
    left = address && { address, name: nameOf(form), control: (submitter?.name ? submitter : document.activeElement).name };
  });
  document.addEventListener("htmx:after:swap", () => {
    if (!left || document.activeElement !== document.body) return;
    const form = $$("form[hx-post]").find((one) => one.getAttribute("hx-post") === left.address && nameOf(one) === left.name);
    if (!form) return;
    const control = $("summary", form.closest("details.menu") ?? form) ?? [...form.elements].find((one) => one.name === left.control && one.type !== "hidden");
    (control ?? $("button", form))?.focus({ preventScroll: true });
    left = null;
  });

  // Search: what is found stands under the field; arrows go through it. -----
  const closeFound = () => $("#found")?.replaceChildren();
  document.addEventListener("htmx:after:swap", () => {
    if (!$("#found")?.childElementCount) return;
    // Whoever has gone on meanwhile is not called back.
    if (!$(".search").matches(":focus-within")) return closeFound();
    $("#found-told").textContent = $("#found [data-told]")?.dataset.told ?? "";
  });
  $(".search")?.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const hits = $$("#found [data-found]");
    if (!step || !hits.length) return;
    event.preventDefault();
    const at = hits.indexOf(document.activeElement) + step;
    if (at < 0) $("#search").focus(); else hits[Math.min(at, hits.length - 1)].focus();
  });
  $(".search")?.addEventListener("focusout", (event) => { if (!event.relatedTarget?.closest(".search")) closeFound(); });

  // htmx: what went wrong is said in the page, and the page stays. ----------
  document.addEventListener("htmx:error", (event) => {
    if (event.target.closest?.("#pulse, .search, [hx-trigger^=every]")) return;
    const flash = $("#flash");
    const words = document.createElement("p");
    words.className = "flash bad";
    words.textContent = flash.dataset.lost;
    flash.replaceChildren(words);
  });
  addEventListener("pageshow", countPicked);
  document.addEventListener("htmx:after:swap", countPicked);
})();
