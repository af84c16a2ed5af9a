// Whether everything that can be used can be reached with Tab, in the order of the page, and is seen when it is reached.

/** More presses than there are stops: a date has several of its own. */
const SPARE = 60;

/** What may have the focus, in the order of the document; written down in the page before the walk. */
function remember() {
  const CAN = "a[href], area[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [contenteditable], [tabindex]";
  const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest("dialog:not([open]), [inert]");
  const stops = [...document.querySelectorAll(CAN)].filter((element) => !element.matches(":disabled") && element.tabIndex >= 0 && shown(element));
  // A row's link is drawn over the whole row by its ::after.
  const look = (element) => [null, "::before", "::after"].map((part) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(element, part);
    const outlined = outlineStyle !== "none" && parseFloat(outlineWidth) >= 1 && !/, 0\)$|^transparent$/.test(outlineColor);
    return [outlined ? `${outlineStyle} ${outlineWidth} ${outlineColor}` : "", boxShadow === "none" ? "" : boxShadow];
  }).flat();
  const before = new Map(stops.map((element) => [element, look(element)]));
  const walk = { stops, visited: [], unseen: [] };
  window.walkOfFocus = walk;
  document.addEventListener("focusin", ({ target }) => {
    walk.visited.push(target);
    const was = before.get(target);
    const now = look(target);
    const { width, height } = target.getBoundingClientRect();
    const changed = was && now.some((value, part) => value && value !== was[part]);
    if (was && (!changed || width < 1 || height < 1)) walk.unseen.push(target);
  });
  return stops.length;
}

function tell() {
  const where = (element) => {
    const text = (element.getAttribute("aria-label") || element.textContent || element.getAttribute("name") || "").replace(/\s+/g, " ").trim().slice(0, 40);
    return `${kind(element)} "${text}"`;
  };
  const kind = (element) => `${element.localName}${element.id ? `#${element.id}` : ""}${[...element.classList].map((name) => `.${name}`).join("")}`;
  const { stops, visited, unseen } = window.walkOfFocus;
  const faults = [];
  const order = visited.filter((element, at) => element !== visited[at - 1]);
  // The walk may go round once more; what comes again is not looked at.
  const once = [...new Set(order)];
  // One radio of a group stands for all, and a frame keeps its focus to itself.
  const isAlone = (element) => element.matches("iframe, [type=radio]:not(:checked)");
  for (const stop of stops) if (!once.includes(stop) && !isAlone(stop)) faults.push(`Tab does not reach ${where(stop)}`);
  // It begins at a field that has the focus from the start, if there is one.
  const found = once.map((element) => stops.indexOf(element)).filter((place) => place >= 0);
  const begins = found.indexOf(Math.min(...found));
  const places = [...found.slice(begins), ...found.slice(0, begins)];
  for (const [at, place] of places.entries()) {
    if (at && place < places[at - 1]) faults.push(`Tab goes back to ${where(stops[place])} after ${where(stops[places[at - 1]])}`);
  }
  // Fifty rows are one fault.
  const kinds = Map.groupBy(new Set(unseen), kind);
  for (const [, alike] of kinds) faults.push(`the focus is not seen on ${where(alike[0])}${alike.length > 1 ? ` and ${alike.length - 1} more` : ""}`);
  for (const element of document.querySelectorAll("[tabindex]")) {
    if (Number(element.getAttribute("tabindex")) > 0) faults.push(`tabindex ${element.getAttribute("tabindex")} on ${where(element)}`);
  }
  // What looks or acts as if it could be clicked must be something that the keyboard can use.
  const USABLE = "a[href], button, input, select, textarea, summary, label, option, [contenteditable], [tabindex='0']";
  for (const element of document.querySelectorAll("body *")) {
    if (element.closest(USABLE) || element.closest("dialog:not([open])")) continue;
    const triggers = element.getAttribute("hx-trigger");
    const isHtmx = ["hx-get", "hx-post", "hx-put", "hx-delete"].some((name) => element.hasAttribute(name)) && element.localName !== "form";
    if (isHtmx && (!triggers || /\bclick\b/.test(triggers))) faults.push(`clicks are for the mouse alone: ${where(element)}`);
    else if (element.matches("[onclick], [data-copy], [data-help], [data-print], [data-pick-all]")) faults.push(`clicks are for the mouse alone: ${where(element)}`);
    else if (getComputedStyle(element).cursor === "pointer" && getComputedStyle(element.parentElement).cursor !== "pointer") faults.push(`looks as if it could be clicked: ${where(element)}`);
  }
  return faults;
}

/** Walks the whole page with Tab. Closed menus stay closed: what is in them is reached once they are opened. */
export async function keyboardFaults(page) {
  await page.evaluate(() => { document.activeElement?.blur(); window.scrollTo(0, 0); });
  const stops = await page.evaluate(remember);
  const rounds = () => page.evaluate(() => {
    const { visited } = window.walkOfFocus;
    return visited.length > 2 && visited.lastIndexOf(visited[0]) > 1 && visited.at(-1) !== visited[0];
  });
  for (let press = 0; press < stops + SPARE; press += 1) {
    await page.keyboard.press("Tab");
    if (press >= stops && press % 10 === 0 && (await rounds())) break;
  }
  return page.evaluate(tell);
}
