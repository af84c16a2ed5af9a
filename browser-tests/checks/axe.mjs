// What axe-core finds on a page. Its source is evaluated by the debugger, which the content policy does not forbid.
import axe from "axe-core";

/** Serious and critical faults, each as "rule: selector (why)". */
export async function axeFaults(page, { rules } = {}) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const found = await page.evaluate(async (only) => {
    const options = { resultTypes: ["violations"], iframes: false, preload: false };
    if (only) options.runOnly = { type: "rule", values: only };
    const { violations } = await window.axe.run(document, options);
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.slice(0, 4).map((node) => ({
        rule: id,
        where: node.target.flat().join(" "),
        // The first line only says that something must be mended.
        why: (node.failureSummary ?? "").split("\n").slice(1).map((line) => line.trim()).join("; "),
      })));
  }, rules);
  return found.map(({ rule, where, why }) => `${rule}: ${where} (${why})`);
}
