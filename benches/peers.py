#!/usr/bin/env python3
"""bandwise beside the two engines that people would use today: the same file, the same cells, in one run.

    python3 benches/peers.py [--rows 2000000] [--runs 3] [--folder FOLDER] [--bandwise PATH]

Invents an SDQ parent file from a seed, has polars, DuckDB and bandwise score it in turn, checks that all cells are equal, and prints the medians of
CPU time, wall time and peak memory, and the ratios. It installs the two engines into an environment of its own, in the folder."""

import argparse
import csv
import os
import random
import statistics
import subprocess
import sys
import time
import venv
from pathlib import Path

SCALES = {
    "emotional": "somatic worries unhappy clingy afraid",
    "conduct": "tantrum obeys fights lies steals",
    "hyperactivity": "restles fidgety distrac reflect attends",
    "peer": "loner friend popular bullied oldbest",
    "prosocial": "consid shares caring kind helpout",
}
SCALES = {scale: items.split() for scale, items in SCALES.items()}
REVERSED = {"obeys", "reflect", "attends", "friend", "popular"}
QUESTIONS = (
    "consid restles somatic shares tantrum loner obeys worries caring fidgety friend fights unhappy popular distrac clingy kind lies "
    "bullied helpout reflect steals oldbest afraid attends"
).split()
CARRIED = ["pupil_id", "year_group", "class", "sex"]
# The four-band edition: the highest score of each level but the last; for prosocial behaviour the lowest.
HIGHEST = {"emotional": (3, 4, 6), "conduct": (2, 3, 5), "hyperactivity": (5, 7, 8), "peer": (2, 3, 4), "total": (13, 16, 19)}
RAISED = ("close to average", "slightly raised", "high", "very high")
LOWEST = (8, 7, 6)
LOWERED = ("close to average", "slightly lowered", "low", "very low")
ENGINES = {"polars": "polars==2.1.0", "duckdb": "duckdb==2.0.0"}


def invent(path, rows):
    """A file of answers, one in fifty left blank."""
    numbers = random.Random(2024)
    answers = ["0"] * 55 + ["1"] * 28 + ["2"] * 15 + [""] * 2
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(CARRIED + QUESTIONS) + "\n")
        for row in range(rows):
            year = numbers.randrange(1, 12)
            carried = f"P{row:08},{year},{year}{numbers.choice('ABCDEF')},{numbers.choice('FM')},"
            file.write(carried + ",".join(numbers.choices(answers, k=len(QUESTIONS))) + "\n")


def score_with_polars(source, target):
    import polars as pl

    answers = {question: pl.Int8 for question in QUESTIONS}
    frame = pl.scan_csv(source, schema_overrides=answers)
    scores = []
    for scale, items in SCALES.items():
        points = [2 - pl.col(item) if item in REVERSED else pl.col(item) for item in items]
        answered = pl.sum_horizontal([pl.col(item).is_not_null().cast(pl.Int8) for item in items])
        estimate = (pl.sum_horizontal(points).cast(pl.Float64) * 5 / answered.cast(pl.Float64) + 0.5).floor()
        score = pl.when(answered >= 3).then(estimate).otherwise(None).cast(pl.Int8)
        scores += [score.alias(scale), answered.alias("n_" + scale)]
    frame = frame.select(CARRIED + scores)
    total = sum((pl.col(scale) for scale in list(SCALES)[1:4]), pl.col("emotional"))
    frame = frame.with_columns(total.alias("total"))

    def band(scale):
        score = pl.col(scale)
        edges, words = (LOWEST, LOWERED) if scale == "prosocial" else (HIGHEST[scale], RAISED)
        inside = [score >= edge if scale == "prosocial" else score <= edge for edge in edges]
        told = pl.when(score.is_null()).then(None)
        for holds, word in zip(inside, words):
            told = told.when(holds).then(pl.lit(word))
        return told.otherwise(pl.lit(words[3])).alias(scale + "_band")

    def note(scale):
        answered = pl.col("n_" + scale)
        estimated = pl.format("estimated from {} of 5 answers", answered)
        absent = pl.format("not scored: {} of 5 answered, 3 needed", answered)
        told = pl.when(answered == 5).then(None).when(answered >= 3).then(estimated).otherwise(absent)
        return told.alias(scale + "_note")

    columns = [part for scale in SCALES for part in (pl.col(scale), band(scale), note(scale))]
    frame.select([*CARRIED, *columns, pl.col("total"), band("total")]).sink_csv(target)


def score_with_duckdb(source, target):
    import duckdb

    def count(items):
        return "(" + "+".join(f"({item} is not null)::int" for item in items) + ")"

    def score(scale, items):
        points = "+".join(f"coalesce({f'2-{item}' if item in REVERSED else item},0)" for item in items)
        estimate = f"floor(({points})*5.0::double/{count(items)}+0.5)::tinyint"
        return f"case when {count(items)}>=3 then {estimate} end as {scale}, {count(items)} as n_{scale}"

    def band(scale):
        edges, words, sign = (LOWEST, LOWERED, ">=") if scale == "prosocial" else (HIGHEST[scale], RAISED, "<=")
        cases = " ".join(f"when {scale}{sign}{edge} then '{word}'" for edge, word in zip(edges, words))
        return f"case when {scale} is null then null {cases} else '{words[3]}' end as {scale}_band"

    def note(scale):
        answered = f"n_{scale}"
        estimated = f"'estimated from '||{answered}||' of 5 answers'"
        absent = f"'not scored: '||{answered}||' of 5 answered, 3 needed'"
        return f"case when {answered}=5 then null when {answered}>=3 then {estimated} else {absent} end as {scale}_note"

    types = ",".join(f"'{question}':'TINYINT'" for question in QUESTIONS)
    carried = ",".join(f'"{column}"' for column in CARRIED)
    scores = ",".join(score(scale, items) for scale, items in SCALES.items())
    scored = f"select {carried},{scores} from read_csv('{source}',header=true,types={{{types}}})"
    with_total = f"select *, emotional+conduct+hyperactivity+peer as total from ({scored})"
    columns = ",".join(f"{scale},{band(scale)},{note(scale)}" for scale in SCALES)
    duckdb.sql(f"copy (select {carried},{columns},total,{band('total')} from ({with_total})) to '{target}' (header,format csv)")


def measured(command, output):
    """CPU seconds, wall seconds and peak memory in MB of a command; what it prints goes to a file."""
    # What the one before has written must not be on its way to the disk meanwhile.
    os.sync()
    with open(output, "wb") as file:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=file, stderr=subprocess.PIPE)
    errors = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    # bandwise says with 1 that some cells could not be used; there are none in this file.
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(map(str, command))} failed: {errors.decode()}")
    return used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024


def equal_cells(ours, theirs):
    """Whether the peer wrote the same cells; it has no note of the total."""
    with open(ours, newline="", encoding="utf-8") as left, open(theirs, newline="", encoding="utf-8") as right:
        pairs = 0
        for mine, other in zip(csv.reader(left), csv.reader(right), strict=True):
            if mine[:-1] != other:
                sys.exit(f"row {pairs + 1} differs in {theirs}: {mine} and {other}")
            pairs += 1
    return pairs


def main():
    root = Path(__file__).resolve().parent.parent
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=2_000_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--folder", type=Path, default=root / "target" / "peers")
    options.add_argument("--bandwise", type=Path, default=root / "target" / "release" / "bandwise")
    options.add_argument("--engine", choices=ENGINES, help=argparse.SUPPRESS)
    options.add_argument("files", nargs="*", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.engine:
        {"polars": score_with_polars, "duckdb": score_with_duckdb}[given.engine](*given.files)
        return
    if not given.bandwise.exists():
        sys.exit(f"there is no {given.bandwise}: cargo build --release")
    given.folder.mkdir(parents=True, exist_ok=True)
    python = given.folder / "python" / "bin" / "python"
    if not python.exists():
        venv.create(given.folder / "python", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *ENGINES.values()], check=True)
    source = given.folder / f"sdq-{given.rows}.csv"
    if not source.exists():
        print(f"inventing {given.rows:,} forms", file=sys.stderr)
        invent(source, given.rows)
    out = {name: given.folder / f"{name}.csv" for name in ["bandwise", "one thread", "with hashes", *ENGINES]}
    scales = ",".join([*SCALES, "total"])
    ours = [given.bandwise, "score", source, "-i", "sdq-p4-17", "--scales", scales]
    commands = {
        "bandwise": [*ours, "--format", "csv"],
        "one thread": [*ours, "--format", "csv", "--threads", "1"],
        # A file of its own has a provenance with hashes of input and output, and is on the disk when the program ends: no peer does that.
        "with hashes": [*ours, "-o", out["with hashes"]],
        **{engine: [python, __file__, "--engine", engine, source, out[engine]] for engine in ENGINES},
    }
    runs = {name: [] for name in commands}
    for run in range(given.runs):
        # Nobody always comes after the same one, which may have left the machine with something to do.
        order = list(commands)
        random.Random(run).shuffle(order)
        for name in order:
            command = commands[name]
            runs[name].append(measured(command, given.folder / "printed" if name not in ["bandwise", "one thread"] else out[name]))
    medians = {name: [statistics.median(part) for part in zip(*measures)] for name, measures in runs.items()}
    for name in ["one thread", "with hashes"]:
        if out["bandwise"].read_bytes() != out[name].read_bytes():
            sys.exit(f"the output is another {name}")
    for engine in ENGINES:
        print(f"{engine}: {equal_cells(out['bandwise'], out[engine]) - 1:,} rows are equal", file=sys.stderr)
    size = source.stat().st_size / 1e6
    print(f"{given.rows:,} forms, {size:.0f} MB, medians of {given.runs}")
    print(f"{'':12}{'CPU s':>8}{'wall s':>8}{'MB':>8}{'MB/s':>8}   CPU, wall and memory against bandwise")
    base = medians["bandwise"]
    for name, (cpu, wall, memory) in medians.items():
        ratios = "  ".join(f"{value / own:5.2f}" for value, own in zip((cpu, wall, memory), base))
        print(f"{name:12}{cpu:8.2f}{wall:8.2f}{memory:8.0f}{size / wall:8.0f}   {ratios}")
    allowed = 64 + given.rows * 16 / 1e6
    print(f"bandwise may use {allowed:.0f} MB: 64, and 16 bytes a response")


if __name__ == "__main__":
    main()
