#!/usr/bin/env python3
"""Opens workbooks of rows as a school's own programs do, with openpyxl and LibreOffice. Skipped, with a message, where these are not installed.

Usage: .ci/workbooks.py BANDWISE (the built program)
"""

import csv
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

try:
    import openpyxl
except ImportError:
    print("workbooks: skipped, openpyxl is not installed")
    sys.exit(0)

PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures"
SDQ = ["-i", "sdq-t4-17"]
HOSTILE = ["=1+1", "+447700900123", "-2+3", "@SUM(A1)", "https://example.org", "\u05e9\u05dc\u05d5\u05dd", "\U0001f98a", 'O\'Connor "Ed"', "007"]
# What stands in the pupils' own file is text.
CARRIED = {"pupil_id", "class", "sex", "age", "remark"}
COMMANDS = {
    "scores": ["score", "hostile.csv", *SDQ],
    "flags": ["flag", "hostile.csv", *SDQ, "--all"],
    "changes": ["compare", "class-7a-teacher.csv", "class-7a-teacher-review.csv", *SDQ, "--internal"],
}


def hostile():
    """The class of the project with cells in it that other programs would run."""
    rows = list(csv.reader((FIXTURES / "class-7a-teacher.csv").open(newline="")))
    return [[*rows[0], "remark"], *([*row, HOSTILE[number % len(HOSTILE)]] for number, row in enumerate(rows[1:]))]


def run(folder, *arguments):
    done = subprocess.run([PROGRAM, *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode < 2, done.stderr


def read_csv(path):
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.reader(file))


def plain(cell):
    """A cell of our CSV without the apostrophe that keeps a spreadsheet from running it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in set("=+-@") else cell


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def is_same(seen, printed):
    return seen == printed or (is_number(seen) and is_number(printed) and float(seen) == float(printed))


def check_openpyxl(path, name, printed):
    book = openpyxl.load_workbook(path)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in "sn" and cell.hyperlink is None, (sheet.title, cell.coordinate, cell.data_type)
        if sheet.title != "about":
            assert sheet.freeze_panes is not None and sheet.auto_filter.ref, sheet.title
            assert sheet.page_setup.orientation == "landscape" and sheet.print_title_rows, sheet.title
    sheet = book[name]
    assert len(sheet.conditional_formatting) > 0, "bands have colours"
    numbers = 0
    assert sheet.max_row == len(printed)
    for row, line in zip(sheet.iter_rows(), printed):
        for column, cell, text in zip(printed[0], row, line, strict=True):
            if cell.value is None:
                assert text == "", (cell.coordinate, text)
            elif cell.data_type == "n":
                numbers += 1
                assert cell.value == float(text), (cell.coordinate, text)
            else:
                assert cell.value == plain(text), (cell.coordinate, text)
                assert column in CARRIED or not is_number(text), (cell.coordinate, text)
    assert numbers > 0, "scores are numbers"
    return len(printed) - 1


def check_libreoffice(office, folder, path, name, printed):
    home = pathlib.Path(folder, "office").as_uri()
    out = pathlib.Path(folder, "seen")
    convert = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1"
    done = subprocess.run(
        [office, f"-env:UserInstallation={home}", "--headless", "--convert-to", convert, "--outdir", str(out), str(path)],
        capture_output=True, text=True, timeout=300,
    )
    made = list(out.glob("*.csv"))
    assert len(made) == 1, (done.stdout, done.stderr, made)
    seen = read_csv(made[0])
    assert len(seen) == len(printed), name
    for row, (cells, line) in enumerate(zip(seen, printed)):
        for cell, text in zip(cells, line, strict=True):
            assert is_same(cell, plain(text)), (name, row, cell, text)


def find_office():
    office = shutil.which("soffice")
    if office is None and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "install", "--yes", "--quiet", "libreoffice-calc"], capture_output=True)
        office = shutil.which("soffice")
    if office is None:
        print("workbooks: LibreOffice is not installed, its half is skipped")
    return office


office = find_office()
for name, command in COMMANDS.items():
    with tempfile.TemporaryDirectory() as folder:
        for fixture in FIXTURES.glob("class-7a-*.csv"):
            shutil.copy(fixture, folder)
        with pathlib.Path(folder, "hostile.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(hostile())
        path = pathlib.Path(folder, f"{name}.xlsx")
        run(folder, *command, "-o", path.name)
        run(folder, *command, "-o", f"{name}-printed.csv")
        printed = read_csv(pathlib.Path(folder, f"{name}-printed.csv"))
        rows = check_openpyxl(path, name, printed)
        if office:
            check_libreoffice(office, folder, path, name, printed)
        print(f"workbooks: {name}: {rows} rows read by openpyxl{' and LibreOffice' if office else ''}")
