#!/usr/bin/env python3
"""Fills entry sheets as a school's own tools would, with openpyxl, and scores them. Skipped, with a message, where it is not installed.

Usage: .ci/entry_sheet.py BANDWISE (the built program)
"""

import csv
import io
import pathlib
import subprocess
import sys
import tempfile

try:
    import openpyxl
except ImportError:
    print("entry sheet: skipped, openpyxl is not installed")
    sys.exit(0)

PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
CONTEXT = {"pupil_id", "name", "class", "sex", "year", "age", "date", "completed by"}
PUPILS = "Admission No,Surname,Forename,Reg Group\n007101,Example,Ada,7A\n007102,O'Sample,Ben,7A\n007103,Madeup,Cy,7B\n"


def run(folder, *arguments):
    done = subprocess.run([PROGRAM, *arguments], cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def allowed(sheet, cell):
    """The codes of the drop-down over a cell."""
    for validation in sheet.data_validations.dataValidation:
        if cell.coordinate in validation.sqref and validation.type == "list":
            return [float(code) for code in validation.formula1.strip('"').split(",")]
    raise AssertionError(f"{cell.coordinate} has no drop-down")


def fill(path):
    """Types an answer into every question, turn by turn, and gives back what was typed."""
    book = openpyxl.load_workbook(path)
    sheet = book["answers"]
    assert sheet.freeze_panes is not None, "the headers are frozen"
    header = [cell.value for cell in sheet[1]]
    typed = []
    for row in range(2, sheet.max_row + 1):
        answers = {}
        for column, name in enumerate(header, start=1):
            if name in CONTEXT:
                continue
            cell = sheet.cell(row, column)
            if name.startswith("check:"):
                assert str(cell.value).startswith("=IF(COUNTA("), f"{name} is a formula"
                continue
            codes = allowed(sheet, cell)
            cell.value = codes[(row + column) % len(codes)]
            answers[name] = cell.value
        typed.append((sheet.cell(row, 1).value, answers))
    book.save(path)
    return typed


for form in ["sdq-t4-17", "phq-a", "rcads-47-c", "cries-8", "gas", "vanderbilt-p"]:
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "pupils.csv").write_text(PUPILS)
        code, _, said = run(folder, "template", "-i", form, "--pupils", "pupils.csv", "-o", "sheet.xlsx")
        assert code == 0, said
        typed = fill(pathlib.Path(folder, "sheet.xlsx"))
        code, out, said = run(folder, "score", "sheet.xlsx", "-i", form, "--format", "csv")
        # The list says neither sex nor year, which the norms of some forms ask for: that alone is no reason to read nothing.
        assert code == 0, said
        scored = list(csv.DictReader(io.StringIO(out)))
        assert [row["pupil_id"] for row in scored] == ["007101", "007102", "007103"], scored
        assert not any(name.startswith("check:") for name in scored[0]), "the checks are not carried"
        for pupil, answers in typed:
            code, out, said = run(folder, "working", "sheet.xlsx", "-i", form, "--pupil", pupil, "--format", "csv")
            assert code == 0, said
            read = {row["header"]: row["code"] for row in csv.DictReader(io.StringIO(out)) if row["step"] == "answer"}
            assert {name: float(code) for name, code in read.items()} == answers, (form, pupil)
        print(f"entry sheet: {form}: 3 pupils, {len(typed[0][1])} questions typed and read")
