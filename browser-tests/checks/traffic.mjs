// What a page asks of the network, what it is answered, and what the browser complains of meanwhile.

/** What the content policy of a page of the panel must and must not say. */
function policyFaults(policy, isLetter) {
  if (!policy) return ["no Content-Security-Policy"];
  const rules = Object.fromEntries(policy.split(";").map((rule) => rule.trim().split(/\s+(.*)/s)).map(([name, value]) => [name, value ?? ""]));
  const faults = [];
  const must = (name, value) => { if (rules[name] !== value) faults.push(`${name} is ${rules[name] ?? "not there"}`); };
  must("default-src", "'none'");
  if (isLetter) {
    // A letter carries its own style, as letters must, and no script at all.
    if (rules["script-src"] && rules["script-src"] !== "'none'") faults.push(`script-src is ${rules["script-src"]}`);
    if (!("sandbox" in rules)) faults.push("a letter is not in a sandbox");
  } else {
    must("script-src", "'self'");
    must("style-src", "'self'");
    must("base-uri", "'none'");
    must("form-action", "'self'");
    must("frame-ancestors", "'none'");
  }
  for (const [name, value] of Object.entries(rules)) {
    if (/unsafe-eval|\*|https?:/.test(value) || (/unsafe-inline/.test(value) && !(isLetter && name === "style-src"))) faults.push(`${name} allows ${value}`);
  }
  return faults;
}

/** Listens to a page; `taken()` tells what happened since it was asked last: faults, and the bytes that came. */
export async function listen(page, url) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  let faults = [];
  let bytes = 0;
  let expected = 200;
  devtools.on("Network.loadingFinished", ({ encodedDataLength }) => { bytes += encodedDataLength; });
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("console", (message) => {
    // The browser notes every answer that is an error, also one that is looked for.
    const noted = expected >= 400 && message.text().includes(`status of ${expected}`);
    if (["error", "warning"].includes(message.type()) && !noted) faults.push(`console: ${message.text()}`);
  });
  page.on("request", (asked) => {
    if (!asked.url().startsWith(`${url}/`) && !/^(data|about|blob):/.test(asked.url())) faults.push(`asks another address: ${asked.url()}`);
  });
  page.on("requestfailed", (asked) => {
    // What a page was still asking for when it was left is not a failure.
    const why = asked.failure()?.errorText ?? "";
    if (why !== "net::ERR_ABORTED") faults.push(`no answer: ${asked.url()} ${why}`);
  });
  page.on("response", (answer) => {
    if (!answer.url().startsWith(url)) return;
    const path = answer.url().slice(url.length);
    const isPage = answer.request().isNavigationRequest() && answer.frame() === page.mainFrame();
    if (answer.status() >= 400 && !(isPage && answer.status() === expected)) faults.push(`${path} is answered with ${answer.status()}`);
    const isLetter = /^\/mail\/letters\/\d+\/html/.test(path);
    for (const fault of policyFaults(answer.headers()["content-security-policy"], isLetter)) faults.push(`policy of ${path}: ${fault}`);
  });
  return {
    expect: (status) => { expected = status; },
    taken: () => {
      const told = { faults: [...new Set(faults)], bytes };
      faults = [];
      bytes = 0;
      return told;
    },
  };
}
