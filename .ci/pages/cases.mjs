// The pages that are looked at: every command that makes one, with the project's own invented class, with forms made here, with a class whose
// every word is hostile, with one pupil and with 1,500. All of it is invented, and none of it depends on a clock or on chance.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const LONG = "Testlong" + "abcdefghij".repeat(19) + "Z";
/** What a cell of a school's file may hold: markup, quotes, other scripts, marks that reorder, and 200 characters without a space. */
export const HOSTILE = [
  "<script>window.ran=1</script>",
  '"><img src=x onerror="window.ran=1">',
  "</style></title></textarea><svg onload=window.ran=1>",
  "O'Fake \"Ed\" & Söns",
  "שלום בדיקה",
  "اختبار مزيف",
  "Fake \u202eReversed",
  "Fakey 👩‍👩‍👧 🦊",
  "&lt;b&gt; &amp; {{7*7}} ${7*7}",
  "=1+1",
  "Z̷̛̙a̶l̸g̵o̴ Fake",
  "<!-- Fake -->",
  "javascript:window.ran=1",
  "Testnon Spaced " + "word ".repeat(36).trim(),
  LONG,
];
/** Those that print as they stand, so that they can be looked for in a PDF; other scripts are set in their own order there. */
export const HOSTILE_IN_PRINT = HOSTILE.filter((word) => /^[\x20-\x7eö]*$/.test(word));

/** The same numbers in every run. */
function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

const cell = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const csv = (rows) => "\ufeff" + rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";

/** Makes every page in `folder`, and says what was made. */
export function makePages(program, folder, fixtures) {
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(fixtures)) copyFileSync(join(fixtures, file), join(folder, file));
  const write = (name, rows) => writeFileSync(join(folder, name), csv(rows));
  const run = (args) => {
    const options = { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
    try {
      return execFileSync(program, args, options);
    } catch (error) {
      // 1: done, but some answers could not be used. The forms made here have such answers.
      if (error.status === 1) return error.stdout;
      throw new Error(`bandwise ${args.join(" ")}: ${error.stderr}`);
    }
  };

  /** A filled form of an instrument: the sheet's own columns, so that no question is named here. */
  const form = (name, instrument, ids, { seed = 1, most = 3, blank = 23, more = {}, date = "2026-09-20" } = {}) => {
    const sheet = `sheet-${instrument}.csv`;
    run(["template", "-i", instrument, "-o", sheet, "--rows", "1"]);
    const known = { pupil_id: (id) => id, date: () => date, age: (_, place) => `${11 + (place % 2)}`, year: () => "7", sex: (_, place) => "FM"[place % 2], "completed by": () => "", ...more };
    const columns = readFileSync(join(folder, sheet), "utf8").replace("\ufeff", "").split(/\r?\n/)[0].split(",");
    for (const column of Object.keys(more)) if (!columns.includes(column)) columns.push(column);
    const next = numbers(seed);
    const answer = () => (next(blank) === 0 ? "" : `${next(most + 1)}`);
    write(name, [columns, ...ids.map((id, place) => columns.map((column) => (known[column] ?? answer)(id, place)))]);
  };

  const class7a = ["class-7a-teacher.csv"];
  const both = [...class7a, "class-7a-teacher-review.csv"];
  const sdq = ["-i", "sdq-t4-17"];
  const ids = Array.from({ length: 30 }, (_, place) => `T${String(place + 1).padStart(2, "0")}`);
  form("phq.csv", "phq-9", ids, { seed: 7, most: 3, blank: 40 });
  form("phq-review.csv", "phq-9", ids.slice(3), { seed: 8, most: 2, blank: 40, date: "2026-12-10" });
  form("rcads.csv", "rcads-47-c", ids, { seed: 9, most: 3, blank: 60 });
  form("rcads-review.csv", "rcads-47-c", ids, { seed: 10, most: 2, blank: 60, date: "2026-12-10" });
  form("home.csv", "sdq-p4-17", ids, { seed: 11, most: 2, blank: 50 });
  form("home-review.csv", "sdq-p4-17", ids, { seed: 12, most: 2, blank: 50, date: "2026-12-10" });
  form("third.csv", "sdq-t4-17", ids, { seed: 13, most: 2, blank: 50, date: "2027-03-20" });
  form("fourth.csv", "sdq-t4-17", ids, { seed: 14, most: 1, blank: 50, date: "2027-07-01" });
  write("list.csv", [["id", "Surname", "Forename", "Class", "Year", "Sex"], ...[...ids, "T31", "T32"].map((id, place) => [id, `Test${id.toLowerCase()}`, "Ada", place < 16 ? "7A" : "7B", "7", "FM"[place % 2]])]);

  write("hostile-list.csv", [["id", "Surname", "Forename", "Class"], ...[...HOSTILE, "<b>H99</b>"].map((id, place) => [id, HOSTILE[(place + 4) % HOSTILE.length], "<i>Ada</i>", HOSTILE[(place + 1) % HOSTILE.length]])]);

  // Every word hostile: ids, names, classes, goals, provision, evidence, pathway, who filled it in.
  const word = (place) => HOSTILE[place % HOSTILE.length];
  const more = { class: (_, place) => word(place + 1), "completed by": (_, place) => word(place + 2) };
  form("<b>hostile & 'file'.csv", "sdq-t4-17", HOSTILE, { seed: 15, most: 2, more });
  form("hostile-review.csv", "sdq-t4-17", HOSTILE, { seed: 16, most: 2, more, date: "<i>soon</i>" });
  form("hostile-phq.csv", "phq-9", HOSTILE, { seed: 17, most: 3, blank: 5 });
  write("hostile-goals.csv", [
    ["pupil_id", "goal", "scale", "target", "provision", "<u>cost</u>", "pupil_view"],
    ...HOSTILE.map((id, place) => [id, word(place + 3), place % 2 ? "total" : "conduct", "-3", word(place + 4), word(place + 5), word(place + 6)]),
  ]);
  write("hostile-evidence.csv", [["pupil_id", "measure", "baseline", "review"], ...HOSTILE.map((id, place) => [id, word(place + 7), word(place + 8), word(place + 9)])]);
  const quoted = (text) => JSON.stringify(text).replaceAll("\u202e", "\\u202E");
  writeFileSync(
    join(folder, "hostile-pathway.toml"),
    `title = ${quoted(HOSTILE[0])}\nnext_steps = [${HOSTILE.map(quoted).join(", ")}]\n[stages.assess]\ntitle = ${quoted(HOSTILE[1])}\nprompts = [${HOSTILE.map(quoted).join(", ")}]\n`,
  );
  const hostileFiles = ["<b>hostile & 'file'.csv", "hostile-review.csv"];
  const hostileBeside = ["--goals", "hostile-goals.csv", "--evidence", "hostile-evidence.csv", "--pathway", "hostile-pathway.toml"];

  const one = ["T01"];
  form("one.csv", "sdq-t4-17", one, { seed: 18, most: 2 });
  form("one-review.csv", "sdq-t4-17", one, { seed: 19, most: 2, date: "2026-12-10" });
  const many = Array.from({ length: 1500 }, (_, place) => `Z${String(place + 1).padStart(4, "0")}`);
  form("many.csv", "sdq-t4-17", many, { seed: 20, most: 2, blank: 200 });
  form("many-review.csv", "sdq-t4-17", many, { seed: 21, most: 1, blank: 200, date: "2026-12-10" });

  const beside = ["--goals", "class-7a-goals.csv", "--evidence", "class-7a-evidence.csv", "--pathway", "class-7a-pathway.toml"];
  const times = ["--times", "2026-09-20,2026-12-10"];
  const twice = ["report", "pupil", ...both, ...sdq, ...times, ...beside];
  const four = ["report", "pupil", ...both, "third.csv", "fourth.csv", ...sdq, "--times", "autumn,winter,spring,summer"];
  const hidden = ["--hide-names", "--key", "class.key"];
  const commands = {
    "score-sdq": ["score", ...class7a, ...sdq],
    "score-phq": ["score", "phq.csv", "-i", "phq-9"],
    "score-rcads": ["score", "rcads.csv", "-i", "rcads-47-c"],
    "score-staff": ["score", "phq.csv", "-i", "phq-9", "--for", "staff"],
    "score-hidden": ["score", ...class7a, ...sdq, ...hidden],
    "score-two-files": ["score", ...both, ...sdq],
    "flag-sdq": ["flag", ...class7a, ...sdq, "--all"],
    "flag-phq": ["flag", "phq.csv", "-i", "phq-9"],
    "flag-rcads": ["flag", "rcads.csv", "-i", "rcads-47-c"],
    "flag-staff": ["flag", "phq.csv", "-i", "phq-9", "--for", "staff"],
    "compare-sdq": ["compare", ...both, ...sdq, "--goals", "class-7a-goals.csv", "--by", "class", "--cutoff", "c"],
    "compare-phq": ["compare", "phq.csv", "phq-review.csv", "-i", "phq-9"],
    "compare-rcads": ["compare", "rcads.csv", "rcads-review.csv", "-i", "rcads-47-c"],
    "working-sdq": ["working", ...class7a, ...sdq, "--pupil", "T04"],
    "working-phq": ["working", "phq.csv", "-i", "phq-9", "--pupil", "T05"],
    "missing-sdq": ["missing", ...class7a, ...sdq, "--pupils", "list.csv", "--by", "class"],
    "groups-sdq": ["summary", ...class7a, ...sdq, "--by", "sex"],
    "groups-sdq-internal": ["summary", ...class7a, ...sdq, "--by", "class,sex", "--internal"],
    "goals-sdq": ["goals", ...class7a, ...sdq, "--goals", "class-7a-goals.csv"],
    "pupil-sdq": [...twice, "--pupil", "T04", "--by", "class"],
    "pupil-parent": [...twice, "--pupil", "T04", "--for", "parent"],
    "pupil-staff": ["report", "pupil", "phq.csv", "phq-review.csv", "-i", "phq-9", "--pupil", "T05", "--for", "staff"],
    "pupil-phq": ["report", "pupil", "phq.csv", "phq-review.csv", "-i", "phq-9", ...times, "--pupil", "T05"],
    "pupil-rcads": ["report", "pupil", "rcads.csv", "rcads-review.csv", "-i", "rcads-47-c", ...times, "--pupil", "T03"],
    "pupil-forms": [...twice, "--pupil", "T04", "--with", "sdq-p4-17=home.csv,home-review.csv", "--with", "phq-9=phq.csv,-"],
    "pupil-times": [...four, "--pupil", "T03"],
    "pupil-hidden": [...twice, ...hidden],
    "meeting-sdq": ["report", "meeting", ...both, ...sdq, ...times, "--goals", "class-7a-goals.csv", "--by", "class"],
    "meeting-phq": ["report", "meeting", "phq.csv", "-i", "phq-9", "--pupils", "list.csv", "--by", "class"],
    "meeting-staff": ["report", "meeting", "phq.csv", "-i", "phq-9", "--for", "staff"],
    "provision-sdq": ["report", "provision", ...both, ...sdq, ...times, "--goals", "class-7a-goals.csv", "--by", "class"],
    "hostile-score": ["score", hostileFiles[0], ...sdq, "--title", HOSTILE[2]],
    "hostile-flag": ["flag", "hostile-phq.csv", "-i", "phq-9", "--all"],
    "hostile-compare": ["compare", ...hostileFiles, ...sdq, "--goals", "hostile-goals.csv", "--by", "class"],
    "hostile-working": ["working", hostileFiles[0], ...sdq, "--pupil", HOSTILE[0]],
    "hostile-missing": ["missing", "hostile-phq.csv", "-i", "phq-9", "--pupils", "hostile-list.csv", "--by", "class"],
    "hostile-groups": ["summary", "hostile-phq.csv", "-i", "phq-9", "--pupils", "hostile-list.csv", "--by", "class", "--internal"],
    "hostile-goals": ["goals", hostileFiles[0], ...sdq, "--goals", "hostile-goals.csv"],
    "hostile-pupil": ["report", "pupil", ...hostileFiles, ...sdq, "--times", "<i>one</i>,two & three", ...hostileBeside, "--by", "class"],
    "hostile-meeting": ["report", "meeting", ...hostileFiles, ...sdq, "--goals", "hostile-goals.csv", "--by", "class"],
    "hostile-provision": ["report", "provision", ...hostileFiles, ...sdq, "--goals", "hostile-goals.csv", "--by", "class"],
    "one-score": ["score", "one.csv", ...sdq],
    "one-flag": ["flag", "one.csv", ...sdq],
    "one-compare": ["compare", "one.csv", "one-review.csv", ...sdq],
    "one-pupil": ["report", "pupil", "one.csv", "one-review.csv", ...sdq],
    "many-score": ["score", "many.csv", ...sdq],
    "many-flag": ["flag", "many.csv", ...sdq, "--all"],
    "many-compare": ["compare", "many.csv", "many-review.csv", ...sdq],
    "many-meeting": ["report", "meeting", "many.csv", "many-review.csv", ...sdq],
  };
  return Object.entries(commands).map(([name, command]) => {
    const started = process.hrtime.bigint();
    run([...command, "-o", `${name}.html`]);
    const path = join(folder, `${name}.html`);
    return { name, path, html: readFileSync(path, "utf8"), seconds: Number(process.hrtime.bigint() - started) / 1e9 };
  });
}
