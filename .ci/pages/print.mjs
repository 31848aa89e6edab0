// What becomes of a page on A4: every row of a table on one sheet, its headings on every sheet, nothing beyond the margin.
//
// How: at the start and the end of each cell stands a mark so small that it moves nothing; `pdftotext` then says on which sheet and where each
// mark came to lie. A mark that is nowhere was beyond the paper's edge.

import { execFileSync } from "node:child_process";

/** A4 in points, and what a printer leaves white at the least. */
const [SHORT, LONG, EDGE] = [595.3, 841.9, 20];

/** Prints the page, and says what is wrong with it. `words` have to be there whole. */
export async function checkPrint(tab, path, words) {
  await tab.emulateMedia({ media: "print" });
  await tab.pdf({ path, preferCSSPageSize: true, printBackground: false });
  const found = [];
  const text = execFileSync("pdftotext", ["-raw", "-enc", "UTF-8", path, "-"], { encoding: "utf8", maxBuffer: 1 << 28 });
  const together = text.replaceAll(/[\s\f]+/g, "");
  const shown = await tab.evaluate(() => document.body.textContent);
  for (const word of words.filter((word) => shown.includes(word))) {
    if (!together.includes(word.replaceAll(/\s+/g, ""))) found.push(`not whole in print: ${word.slice(0, 40)}`);
  }
  // Where tables overlap, every mark is on the paper all the same.
  const wide = await tab.evaluate(() => document.body.classList.contains("wide"));
  const desk = tab.viewportSize();
  await tab.setViewportSize({ width: wide ? 1024 : 695, height: 900 });
  const beyond = await tab.evaluate(() => [...document.querySelectorAll("table")].filter((table) => table.getBoundingClientRect().right > table.parentElement.getBoundingClientRect().right + 1).map((table) => table.textContent.slice(0, 40)));
  for (const table of beyond) found.push(`wider than its room on paper: ${table}`);
  await tab.setViewportSize(desk);
  const tables = await tab.evaluate(mark);
  const marked = path.replace(/\.pdf$/, "-marked.pdf");
  await tab.pdf({ path: marked, preferCSSPageSize: true, printBackground: false });
  await tab.emulateMedia({ media: "screen" });
  const places = seek(marked, found);
  for (const table of tables) {
    const sheets = new Map();
    for (const [place, cells] of table.rows.entries()) {
      const marks = cells.flatMap((cell) => [`${cell}s`, `${cell}e`]).map((mark) => places.marks.get(mark));
      const on = new Set(marks.map((mark) => mark?.sheet));
      if (on.has(undefined)) found.push(`row ${place + 1} of “${table.name}” is not whole on the paper`);
      else if (on.size > 1) found.push(`row ${place + 1} of “${table.name}” is cut between sheets ${[...on].join(" and ")}`);
      const top = Math.min(...marks.map((mark) => mark?.y ?? Infinity));
      const [sheet] = on;
      sheets.set(sheet, Math.min(sheets.get(sheet) ?? Infinity, top));
    }
    const alone = table.first === "" ? undefined : places.marks.get(`${table.first}s`)?.sheet;
    if (alone !== undefined && sheets.size > 0 && !sheets.has(alone)) found.push(`the headings of “${table.name}” stand alone on sheet ${alone}`);
    if (table.heading === "" || found.length > 0) continue;
    for (const [sheet, top] of sheets) {
      const above = places.words.get(sheet).filter((word) => word.y < top + 1 && Math.abs(word.x - places.marks.get(`${table.first}s`).x) < 4);
      if (!above.some((word) => table.heading.startsWith(word.text))) found.push(`“${table.name}” has no heading on sheet ${sheet}`);
    }
  }
  return found.length > 6 ? [...found.slice(0, 6), `and ${found.length - 6} more in print`] : found;
}

/** Runs in the page. */
function mark() {
  let next = 0;
  const set = (cell) => {
    const id = `m${next++}x`;
    for (const [end, place] of [["s", "afterbegin"], ["e", "beforeend"]]) {
      const mark = document.createElement("span");
      mark.textContent = `${id}${end}`;
      mark.style.cssText = "position:absolute;font:1px/1 'DejaVu Sans',sans-serif;letter-spacing:0;white-space:nowrap;color:#000";
      cell.insertAdjacentElement(place, mark);
    }
    return id;
  };
  return [...document.querySelectorAll("table")].map((table) => {
    const head = table.querySelector("thead th");
    const heading = head?.textContent.trim() ?? "";
    return {
      name: (table.caption ?? table.closest("section")?.querySelector("h2, h3"))?.textContent.slice(0, 60) ?? "",
      heading,
      first: head ? set(head) : "",
      rows: [...table.querySelectorAll(":scope > tbody > tr, :scope > tfoot > tr")].map((row) => [...row.cells].map(set)),
    };
  });
}

/** Where each mark and each word lies. */
function seek(path, found) {
  const layout = execFileSync("pdftotext", ["-bbox", "-enc", "UTF-8", path, "-"], { encoding: "utf8", maxBuffer: 1 << 30 });
  const marks = new Map();
  const words = new Map();
  let [sheet, width] = [0, 0];
  for (const line of layout.split("\n")) {
    const page = line.match(/<page width="([\d.]+)" height="([\d.]+)"/);
    if (page) {
      sheet += 1;
      width = Number(page[1]);
      words.set(sheet, []);
      const sides = [width, Number(page[2])].sort((a, b) => a - b);
      if (Math.abs(sides[0] - SHORT) > 2 || Math.abs(sides[1] - LONG) > 2) found.push(`sheet ${sheet} is not A4: ${sides.join(" by ")} points`);
    }
    const word = line.match(/<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="[\d.-]+">(.*)<\/word>/);
    if (!word) continue;
    const [x, y, end] = word.slice(1, 4).map(Number);
    for (const [id] of word[4].matchAll(/m\d+x[se]/g)) marks.set(id, marks.get(id) ?? { sheet, x, y });
    const text = word[4].replaceAll(/m\d+x[se]/g, "");
    if (text !== "") words.get(sheet).push({ text, x, y });
    if (text !== "" && end > width - EDGE) found.push(`beyond the margin of sheet ${sheet}: ${text.slice(0, 40)}`);
  }
  return { marks, words };
}
