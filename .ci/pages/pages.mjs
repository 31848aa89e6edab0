// Opens every page in a browser without a window and holds it against what a page promises: nothing is fetched, nothing runs, nothing is said on
// the console, no accessibility rule is broken in light or dark, nothing is wider than its screen or its paper, and no row is cut between pages.
//
// Usage: node .ci/pages/pages.mjs BANDWISE [--look FOLDER] [NAME…]
//   --look keeps pages, pictures and PDFs in FOLDER; names choose pages. BANDWISE_PAGES_UPDATE=1 renews the pictures in tests/fixtures/pages.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { chromium } from "playwright-core";

import { HOSTILE, HOSTILE_IN_PRINT, makePages } from "./cases.mjs";
import { comparePicture } from "./pictures.mjs";
import { checkPrint } from "./print.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, "../..");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** A desk, a telephone, and the width at which WCAG 2.2 (1.4.10) still wants no scrolling in two directions. */
const WIDTHS = [1280, 390, 320];
/** The pages that a picture is kept of. */
const PICTURED = ["flag-phq", "missing-sdq", "pupil-times"];

const [program, ...rest] = process.argv.slice(2);
const look = rest[0] === "--look" ? resolve(rest.splice(0, 2)[1]) : undefined;
const binary = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
if (!program || !binary) {
  console.log(program ? "pages: no Chromium in /usr/bin" : "pages: name the built program");
  process.exit(1);
}
const folder = look ?? mkdtempSync(join(tmpdir(), "bandwise-pages-"));
const problems = [];
const pages = makePages(resolve(program), folder, join(ROOT, "fixtures"));
const chosen = rest.length > 0 ? pages.filter((page) => rest.includes(page.name)) : pages;
const browser = await chromium.launch({ executablePath: binary, args: ["--no-sandbox", "--font-render-hinting=none"] });
try {
  // Two at a time: a browser alone leaves half of a small machine idle. The largest come first, so that none is waited for at the end.
  const waiting = [...chosen].sort((a, b) => a.html.length - b.html.length);
  const worker = async () => {
    for (let page = waiting.pop(); page; page = waiting.pop()) await check(page);
  };
  await Promise.all([worker(), worker()]);
} finally {
  await browser.close();
  if (!look) rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems) console.log(`pages: ${problem}`);
console.log(`pages: ${chosen.length} looked at, ${problems.length} problems`);
process.exit(problems.length > 0 ? 1 : 0);

async function check(page) {
  const started = Date.now();
  const found = [...(await checkAsDelivered(page)), ...(await checkAsRead(page))];
  problems.push(...found.map((problem) => `${page.name}: ${problem}`));
  const size = `${Math.round(page.html.length / 1024)} kB, made in ${page.seconds.toFixed(2)} s`;
  console.log(`${found.length > 0 ? "NOT" : "   "} ok ${page.name} (${size}, looked at in ${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

/** The page as a school opens it, with its own policy in force. */
async function checkAsDelivered({ name, path, html }) {
  const found = [];
  const context = await browser.newContext({ viewport: { width: WIDTHS[0], height: 900 }, colorScheme: "light", locale: "en-GB" });
  const tab = await context.newPage();
  const address = pathToFileURL(path).href;
  tab.on("console", (message) => found.push(`console: ${message.text().slice(0, 200)}`));
  tab.on("pageerror", (error) => found.push(`error: ${error.message.slice(0, 200)}`));
  tab.on("dialog", (dialog) => (found.push("a dialog"), dialog.dismiss()));
  tab.on("request", (request) => request.url() === address || found.push(`request: ${request.url().slice(0, 200)}`));
  await tab.goto(address, { waitUntil: "load" });
  for (const width of WIDTHS) {
    await tab.setViewportSize({ width, height: 900 });
    const wide = await tab.evaluate(() => {
      const page = document.documentElement;
      if (page.scrollWidth <= page.clientWidth) return "";
      const beyond = [...document.body.querySelectorAll("*")].filter((element) => element.getBoundingClientRect().right > page.clientWidth + 1 && !element.closest(".scroll"));
      return `${page.scrollWidth} px: ${beyond.slice(0, 3).map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class")} ${element.textContent.slice(0, 40)}`).join(" | ")}`;
    });
    if (wide) found.push(`wider than a screen of ${width} px: ${wide}`);
  }
  const ran = await tab.evaluate(() => window.ran);
  if (ran !== undefined) found.push("something in the page ran");
  if (name.startsWith("hostile-") && !/working|provision/.test(name)) {
    const shown = (await tab.evaluate(() => document.body.textContent)).replaceAll(/\s+/g, " ");
    // Marks that reorder the text around them are shown as what they are: a sign that cannot be shown.
    for (const word of HOSTILE.map((word) => word.replace("\u202e", "\ufffd"))) if (!shown.includes(word)) found.push(`not whole on the page: ${word.slice(0, 40)}`);
  }
  const unnamed = await tab.evaluate(() => [...document.querySelectorAll("svg")].filter((svg) => !svg.querySelector(":scope > title")?.textContent || !svg.querySelector(":scope > desc")?.textContent).length);
  if (unnamed > 0) found.push(`${unnamed} figures without title or description`);
  if (/^(score|pupil)-sdq$/.test(name) && !html.includes("<svg")) found.push("no figure");
  tab.removeAllListeners("console");
  tab.removeAllListeners("request");
  await attack(tab, found);
  await context.close();
  return found;
}

/** Whatever slipped into a page could neither run nor fetch nor style: the policy is there and works. */
async function attack(tab, found) {
  const seen = await tab.evaluate(async () => {
    const stopped = [];
    document.addEventListener("securitypolicyviolation", (event) => stopped.push(event.effectiveDirective));
    const add = (tag, settings) => document.body.append(Object.assign(document.createElement(tag), settings));
    add("script", { textContent: "window.ran = 'script'" });
    add("script", { src: "https://pages.invalid/x.js" });
    add("img", { src: "https://pages.invalid/x.png" });
    add("img", { src: "data:image/gif;base64,R0lGODlhAQABAAAAACw=" });
    add("style", { textContent: "body { display: none }" });
    add("iframe", { src: "https://pages.invalid/" });
    const button = document.createElement("button");
    button.setAttribute("onclick", "window.ran = 'handler'");
    document.body.append(button);
    button.click();
    await fetch("https://pages.invalid/").catch(() => {});
    for (let waited = 0; waited < 100 && !stopped.includes("frame-src"); waited++) await new Promise((resolve) => setTimeout(resolve, 20));
    return { ran: window.ran, stopped, shown: getComputedStyle(document.body).display };
  });
  if (seen.ran !== undefined) found.push(`the policy let a script run: ${seen.ran}`);
  if (seen.shown === "none") found.push("the policy let a style in");
  for (const directive of ["script-src-elem", "script-src-attr", "img-src", "style-src-elem", "frame-src", "connect-src"]) {
    if (!seen.stopped.includes(directive)) found.push(`the policy did not stop ${directive}: ${seen.stopped.join(", ")}`);
  }
}

/** The page as it is read: by a screen reader in light and dark, on paper, and as the picture that is kept. */
async function checkAsRead({ name, path, html }) {
  const found = [];
  const context = await browser.newContext({ viewport: { width: WIDTHS[0], height: 900 }, bypassCSP: true, locale: "en-GB" });
  const tab = await context.newPage();
  await tab.goto(pathToFileURL(path).href);
  await tab.evaluate(AXE);
  for (const colorScheme of ["light", "dark"]) {
    await tab.emulateMedia({ colorScheme });
    if (look) await tab.screenshot({ path: join(folder, `${name}-${colorScheme}.png`), fullPage: !name.startsWith("many-") });
    // Colours are the same on a page of any length, and checking each cell's takes minutes on the longest: they are held on the others.
    const isLong = html.length > 300_000;
    if (isLong && colorScheme === "dark") continue;
    const violations = await tab.evaluate(async ([rules, isLong]) => {
      const { violations } = await window.axe.run(document, { runOnly: rules, rules: { "color-contrast": { enabled: !isLong } }, resultTypes: ["violations"] });
      return violations.map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0].html.slice(0, 160)} ${nodes[0].failureSummary}`);
    }, [RULES, isLong]);
    for (const violation of violations) found.push(`axe, ${colorScheme}: ${violation}`);
  }
  await tab.emulateMedia({ colorScheme: "light" });
  if (look) {
    await tab.setViewportSize({ width: WIDTHS[1], height: 844 });
    await tab.screenshot({ path: join(folder, `${name}-phone.png`), fullPage: !name.startsWith("many-") });
    await tab.setViewportSize({ width: WIDTHS[0], height: 900 });
  }
  if (PICTURED.includes(name)) found.push(...(await comparePicture(tab, name, join(ROOT, "tests/fixtures/pages"), folder)));
  found.push(...(await checkPrint(tab, join(folder, `${name}.pdf`), name.startsWith("hostile-") ? HOSTILE_IN_PRINT : [])));
  await context.close();
  return found;
}
