#!/usr/bin/env python3
"""Scores random responses with `bandwise score` and with the views of `bandwise sql`, and compares every cell.

Usage: .ci/sql.py BANDWISE [--rows N] [--engine duckdb|postgres|spark ...] [--only ID ...] [--seed N]

Each definition of the library, and one that is invented, is scored in several settings: with all its optional parts and the pupil's sex, age and year; without any;
with each further band set and each further value of a choice, and with columns of numbers instead of text (these with a fifth of the rows). The rows hold every code,
blanks, cells that are no answer, and codes in other writings. Without `--engine`, DuckDB (Python package) and PostgreSQL (found on this machine,
started in a temporary folder on a socket of its own as a user without rights) are used, each if it is there. Spark needs pyspark and a
Java, takes minutes, and is named: `.ci/sql.py target/release/bandwise --engine spark --rows 20000`. A full run: `--rows 100000`.
"""

import argparse
import collections
import csv
import decimal
import os
import pathlib
import pwd
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
# The library, and an invented definition with what none of it has.
DEFINITIONS = [*sorted((ROOT / "instruments").glob("*.toml")), ROOT / "tests" / "sql" / "every-rule.toml"]
# No form has these as an answer, in words or in numbers, but some have 9 and 1.5: then they are codes.
REFUSED = ["x", "99999", "-7", "1.5", "9", "?", "1e0", "0x1", "2,0", "--1", "+", "1 2", "ja"]
SEXES = ["M", "F", "M", "F", "m", "female", "Boy", "", "X", "unknown"]
AGES = [*map(str, range(3, 21)), *map(str, range(6, 18)), "", "11.5", "7.99", "x", "-3", "119", "120", "012"]
YEARS = [*map(str, range(15)), *map(str, range(2, 13)), "", "R", "Reception", "x", "15", "99", "07"]


class Definition:
    """What a run needs to know of a definition."""

    def __init__(self, path):
        text = tomllib.loads(path.read_text(encoding="utf-8"))
        self.id = text["id"]
        self.items = []
        for item in text["items"]:
            for name in names(item["id"]):
                self.items.append((name, codes(text["answers"][item.get("answers", "main")]), item.get("block")))
        self.blocks = list(text.get("blocks", {}))
        self.bands = [name for name, bands in text.get("bands", {}).items() if not bands.get("default")]
        self.choices = []
        for name, choice in text.get("choices", {}).items():
            values = [value for value in choice.get("values", {})] or [value for value in choice if value not in ("default", "about", "source")]
            default = choice.get("default")
            self.choices += [f"{name}={value}" for value in values if value != default]

    def settings(self):
        """Named lists of options for both commands, optional parts, whether the table says anything of the pupil, and whether its columns are numbers."""
        yield "all parts", [], self.blocks, True, False
        yield "no part, no context", [], [], False, False
        yield "columns of numbers", [], self.blocks, False, True
        for bands in self.bands:
            yield f"bands {bands}", ["--bands", bands], self.blocks, True, False
        for choice in self.choices:
            yield f"choice {choice}", ["--choose", choice], self.blocks, True, False


def names(name):
    """`q1..q47` is forty-seven names."""
    run = re.fullmatch(r"([a-z-]+)(\d+)\.\.\1(\d+)", name)
    return [f"{run[1]}{number}" for number in range(int(run[2]), int(run[3]) + 1)] if run else [name]


def codes(answers):
    if "codes" in answers:
        return [str(code) for code in answers["codes"]]
    step = decimal.Decimal(str(answers.get("step", 1)))
    low, high = decimal.Decimal(str(answers["from"])), decimal.Decimal(str(answers["to"]))
    return [str((low + step * place).normalize() + 0) if step != 1 else str(low + place) for place in range(int((high - low) / step) + 1)]


def plain(code):
    """`1E+1` is 10."""
    return format(decimal.Decimal(code), "f")


def rewritten(code, chance):
    """The same code as other programs write it."""
    if "." in code:
        return chance.choice([code + "0", " " + code])
    sign, digits = ("-", code[1:]) if code.startswith("-") else ("", code)
    return chance.choice([f"{sign}{digits}.0", f" {code} ", f"{sign}0{digits}", f"{sign}{digits}.", code])


def responses(path, items, with_context, is_typed, rows, chance):
    """A table of random forms: any answers, or mostly low, high or middling ones, so that every band and every gate is met. Returns the kind of each column.
    A column of numbers is one of whole numbers if its codes are, but for every third: some programs write 1.0 wherever a column has a blank."""
    header = ["pupil_id", *(["sex", "age", "year"] if with_context else []), *(name for name, _ in items)]
    sets = [[plain(code) for code in codes] for _, codes in items]
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        for number in range(1, rows + 1):
            kind = chance.random()
            lean = chance.choice([0, 0, 0, 1, 2, 3])
            blank = 0.0 if kind < 0.3 else chance.choice([0.03, 0.1, 0.3, 0.6]) if kind < 0.97 else 1.0
            refused = chance.choice([0.02, 0.1, 0.4]) if 0.6 < kind < 0.75 and not is_typed else 0.0
            other = 0.2 if 0.25 < kind < 0.4 and not is_typed else 0.0
            cells = []
            for codes in sets:
                place = int(chance.random() * len(codes))
                if lean == 1:
                    place = min(place, int(chance.random() * len(codes)), int(chance.random() * len(codes)))
                elif lean == 2:
                    place = max(place, int(chance.random() * len(codes)), int(chance.random() * len(codes)))
                elif lean == 3 and chance.random() < 0.95:
                    place = 0 if number % 2 else len(codes) - 1
                cell = codes[place]
                if blank and chance.random() < blank:
                    cell = "" if is_typed else chance.choice(["", "", "", " "])
                elif refused and chance.random() < refused:
                    cell = chance.choice(REFUSED)
                elif other and chance.random() < other:
                    cell = rewritten(cell, chance)
                cells.append(cell)
            context = [chance.choice(SEXES), chance.choice(AGES), chance.choice(YEARS)] if with_context else []
            out.writerow([f"P{number:07}", *context, *cells])
    kinds = dict.fromkeys(header, "text")
    for place, ((name, _), codes) in enumerate(zip(items, sets)):
        if is_typed:
            kinds[name] = "number" if place % 3 == 2 or any("." in code for code in codes) else "whole"
    return kinds


class DuckDb:
    dialect = "duckdb"

    def __init__(self, folder):
        import duckdb

        self.version = duckdb.__version__
        self.connection = duckdb.connect()

    def load(self, path, kinds):
        types = {"text": "VARCHAR", "whole": "SMALLINT", "number": "DOUBLE"}
        columns = ", ".join(f"'{name}': '{types[kind]}'" for name, kind in kinds.items())
        self.connection.execute("DROP TABLE IF EXISTS responses CASCADE")
        self.connection.execute(f"CREATE TABLE responses AS SELECT * FROM read_csv('{path}', header = true, columns = {{{columns}}}, auto_detect = false, delim = ',', quote = '\"')")

    def rows(self, view, name, out):
        self.connection.execute(f'DROP VIEW IF EXISTS "{name}"')
        self.connection.execute(view)
        self.connection.execute(f"COPY (SELECT * FROM \"{name}\" ORDER BY pupil_id) TO '{out}' (HEADER, DELIMITER ',')")
        return read(out)

    def close(self):
        self.connection.close()


class Postgres:
    dialect = "postgres"

    def __init__(self, folder):
        found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
        initdb = str(found[-1]) if found else shutil.which("initdb")
        if not initdb or not shutil.which("psql"):
            raise ImportError("initdb and psql")
        self.programs = pathlib.Path(initdb).parent
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bandwise-pg-"))
        self.user = []
        if os.geteuid() == 0:
            # The engine refuses to run as root.
            name = next(name for name in ("postgres", "nobody") if any(name == entry.pw_name for entry in pwd.getpwall()))
            entry = pwd.getpwnam(name)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
            self.user = ["runuser", "-u", name, "--"]
        self.data = self.folder / "data"
        self.call([initdb, "-D", self.data, "-U", "bandwise", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"])
        settings = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c fsync=off -c jit=off -c work_mem=256MB"
        self.call([self.programs / "pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "-o", settings, "start"])
        self.version = self.sql("SHOW server_version").strip()

    def call(self, command):
        subprocess.run([*self.user, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd="/")

    def sql(self, *commands):
        arguments = [part for command in commands for part in ("-c", command)]
        base = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-U", "bandwise", "-d", "postgres"]
        done = subprocess.run([*base, *arguments], capture_output=True, text=True, env={**os.environ, "PGCLIENTENCODING": "UTF8", "PGOPTIONS": "-c client_min_messages=warning"})
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    def load(self, path, kinds):
        types = {"text": "text", "whole": "smallint", "number": "double precision"}
        columns = ", ".join(f'"{name}" {types[kind]}' for name, kind in kinds.items())
        self.sql("DROP TABLE IF EXISTS responses CASCADE", f"CREATE TABLE responses ({columns})", f"\\copy responses FROM '{path}' (FORMAT csv, HEADER)")

    def rows(self, view, name, out):
        file = out.with_suffix(".sql")
        file.write_text(view, encoding="utf-8")
        self.sql(f'DROP VIEW IF EXISTS "{name}"', f"\\i {file}", f'\\copy (SELECT * FROM "{name}" ORDER BY pupil_id) TO \'{out}\' (FORMAT csv, HEADER)')
        return read(out)

    def close(self):
        try:
            self.call([self.programs / "pg_ctl", "-D", self.data, "-m", "immediate", "stop"])
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


class Spark:
    dialect = "spark"

    def __init__(self, folder):
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master("local[2]").appName("bandwise").config("spark.ui.enabled", "false")
        builder = builder.config("spark.sql.warehouse.dir", str(folder / "warehouse")).config("spark.driver.bindAddress", "127.0.0.1")
        builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.sql.shuffle.partitions", "2").config("spark.ui.showConsoleProgress", "false").config("spark.driver.memory", "3g")
        self.session = builder.getOrCreate()
        self.session.sparkContext.setLogLevel("ERROR")
        self.version = self.session.version
        self.warehouse = folder / "warehouse"

    def load(self, path, kinds):
        types = {"text": "STRING", "whole": "INT", "number": "DOUBLE"}
        schema = ", ".join(f"`{name}` {types[kind]}" for name, kind in kinds.items())
        self.session.sql("DROP TABLE IF EXISTS responses")
        shutil.rmtree(self.warehouse / "responses", ignore_errors=True)
        frame = self.session.read.csv(str(path), header=True, schema=schema, ignoreLeadingWhiteSpace=False, ignoreTrailingWhiteSpace=False)
        frame.write.saveAsTable("responses")

    def rows(self, view, name, out):
        self.session.sql(view.rstrip().removesuffix(";"))
        frame = self.session.sql(f"SELECT * FROM `{name}` ORDER BY pupil_id")
        yield frame.columns
        for row in frame.collect():
            yield ["" if cell is None else str(cell) for cell in row]

    def close(self):
        self.session.stop()


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        yield from csv.reader(file)


def differences(expected, found, tallies):
    """Cells that are not the same, by column. A decimal column has noughts at its end that a file of scores leaves out."""
    expected, found = iter(expected), iter(found)
    header, other = next(expected), next(found)
    context = {"sex", "age", "year"}
    kept = [place for place, name in enumerate(header) if name not in context]
    if [header[place] for place in kept] != other:
        raise SystemExit(f"the columns differ:\n  {[header[place] for place in kept]}\n  {other}")
    words = [name.endswith(("_band", "_note")) or name in ("alerts", "sensitive", "pupil_id") for name in other]
    wrong = []
    for row, (left, right) in enumerate(zip(expected, found, strict=True), start=2):
        for place, (name, is_word, cell) in enumerate(zip(other, words, right)):
            if not is_word and "." in cell:
                cell = cell.rstrip("0").rstrip(".")
            wanted = left[kept[place]]
            if wanted:
                tallies[name.rsplit("_", 1)[-1] if name.endswith(("_band", "_note")) else name if name in ("alerts", "sensitive") else "score"] += 1
            if cell != wanted:
                wrong.append((row, name, wanted, cell))
    return row - 1, len(other), wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bandwise")
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--engine", action="append", choices=["duckdb", "postgres", "spark"])
    parser.add_argument("--only", action="append")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--settings", type=int, default=99, help="no more settings of each definition than these")
    asked = parser.parse_args()
    program = str(pathlib.Path(asked.bandwise).resolve())
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bandwise-sql-"))
    os.chmod(folder, 0o755)
    engines = []
    cells = collections.Counter()
    is_wrong = False
    began = time.monotonic()
    try:
        for engine in [DuckDb, Postgres, Spark]:
            if engine.dialect not in (asked.engine or ["duckdb", "postgres"]):
                continue
            try:
                engines.append(engine(folder))
            except ImportError as error:
                if asked.engine:
                    raise
                print(f"sql: {engine.dialect} skipped, {error} is not there")
        for path in DEFINITIONS:
            definition = Definition(path)
            form = definition.id if path.parent.name == "instruments" else str(path)
            if asked.only and definition.id not in asked.only:
                continue
            for place, (setting, options, parts, has_context, is_typed) in enumerate(definition.settings()):
                items = [(name, codes) for name, codes, block in definition.items if block is None or block in parts]
                if not items or place >= asked.settings:
                    continue
                rows = asked.rows if place == 0 else max(asked.rows // 5, 50)
                chance = random.Random(f"{asked.seed} {definition.id} {setting}")
                table, scores = folder / "responses.csv", folder / "scores.csv"
                kinds = responses(table, items, has_context, is_typed, rows, chance)
                done = subprocess.run([program, "score", str(table), "-i", form, *options, "-o", str(scores), "--findings-format", "short"], capture_output=True, text=True)
                if done.returncode not in (0, 1):
                    raise SystemExit(f"{definition.id}, {setting}: score says\n{done.stderr[-2000:]}")
                context = ["--sex", "sex", "--age", "age", "--year", "year"] if has_context else []
                with_parts = ["--with", ",".join(parts)] if parts else []
                for engine in engines:
                    view = subprocess.run([program, "sql", "-i", form, "--dialect", engine.dialect, *options, *context, *with_parts], capture_output=True, text=True)
                    if view.returncode:
                        raise SystemExit(f"{definition.id}, {setting}, {engine.dialect}: sql says\n{view.stderr}")
                    engine.load(table, kinds)
                    started = time.monotonic()
                    tallies = collections.Counter()
                    found = engine.rows(view.stdout, definition.id.replace("-", "_"), folder / f"{engine.dialect}.csv")
                    count, columns, wrong = differences(read(scores), found, tallies)
                    cells[engine.dialect] += count * columns
                    cells[f"{engine.dialect} rows"] += count
                    words = ", ".join(f"{number} {name}" for name, number in sorted(tallies.items()))
                    print(f"{definition.id}, {setting}, {engine.dialect}: {count} rows, {columns} columns ({words}), {len(wrong)} different, {time.monotonic() - started:.1f} s", flush=True)
                    for row, name, wanted, cell in wrong[:5]:
                        print(f"  row {row}, {name}: score has `{wanted}`, the view `{cell}`")
                    is_wrong |= bool(wrong)
    finally:
        for engine in engines:
            engine.close()
        shutil.rmtree(folder, ignore_errors=True)
    for engine in engines:
        print(f"sql: {engine.dialect} {engine.version}: {cells[engine.dialect + ' rows']} rows, {cells[engine.dialect]} cells compared")
    print(f"sql: {'DIFFERENT' if is_wrong else 'all the same'}, {time.monotonic() - began:.0f} s")
    sys.exit(is_wrong)


if __name__ == "__main__":
    main()
