// The page's title and the order of its headings.

export function headingFaults(page) {
  return page.evaluate(() => {
    const faults = [];
    const [own, product] = document.title.split(/ · (?=[^·]*$)/);
    if (!own?.trim() || !product?.trim()) faults.push(`the title is "${document.title}"`);
    const all = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((heading) => !heading.closest("dialog"));
    const first = all.filter((heading) => heading.localName === "h1").length;
    if (first !== 1) faults.push(`there are ${first} h1`);
    let above = 0;
    for (const heading of all) {
      const level = Number(heading.localName.slice(1));
      if (level > above + 1) faults.push(`h${level} "${heading.textContent.trim()}" follows ${above ? `h${above}` : "nothing"}`);
      above = level;
    }
    for (const heading of all) if (!heading.textContent.trim()) faults.push(`an empty ${heading.localName}`);
    return faults;
  });
}
