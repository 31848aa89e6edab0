#!/usr/bin/env python3
"""Reads scores written as Parquet with DuckDB, and holds them against the CSV of the same command, cell by cell.

Usage: .ci/parquet.py BANDWISE (the built program)
"""

import csv
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import duckdb
except ImportError:
    print("parquet: skipped, duckdb is not installed")
    sys.exit(0)

PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures"
CASES = [
    ["class-7a-teacher.csv", "-i", "sdq-t4-17"],
    ["class-7a-teacher.csv", "-i", "sdq-t4-17", "--long"],
    ["class-7b-typed.csv", "-i", "sdq-t4-17"],
]


def score(case, target):
    done = subprocess.run([PROGRAM, "score", FIXTURES / case[0], *case[1:], "-o", target], capture_output=True, text=True)
    if done.returncode > 1:
        sys.exit(f"{case} failed: {done.stderr}")


def as_csv(value):
    """A value of a column as the CSV writes it."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)


def main():
    cells = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for number, case in enumerate(CASES):
            plain, parquet = folder / f"{number}.csv", folder / f"{number}.parquet"
            score(case, plain)
            score(case, parquet)
            with open(plain, newline="", encoding="utf-8") as file:
                header, *expected = csv.reader(file)
            found = duckdb.sql(f"select * from '{parquet}'")
            if found.columns != header:
                sys.exit(f"{case}: columns {found.columns} are not {header}")
            rows = [[as_csv(value) for value in row] for row in found.fetchall()]
            # Text that a spreadsheet would run has an apostrophe in CSV only.
            expected = [[cell[1:] if cell[:2] in ("'=", "'+", "'-", "'@") else cell for cell in row] for row in expected]
            if rows != expected:
                differing = next((mine, other) for mine, other in zip(rows, expected) if mine != other)
                sys.exit(f"{case}: {differing}")
            cells += sum(map(len, rows))
            [(key, value)] = duckdb.sql(f"select decode(key), decode(value) from parquet_kv_metadata('{parquet}')").fetchall()
            if key != "bandwise" or json.loads(value)["inputs"][0]["name"] != case[0]:
                sys.exit(f"{case}: the metadata is {key}: {value}")
    print(f"parquet: {cells:,} cells are those of the CSV")


main()
