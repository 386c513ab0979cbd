#!/usr/bin/python3 -B
"""Measures leadbell beside its neighbours and prints a table: `make bench` runs it.

    bench.py --leadbell .build/release/leadbell [--rows P1,P3] [--quick] [--format text|json] [--build DIRECTORY]

The load generators and the peers are programs of their own, on loopback; files live in a temporary directory on a real
disk, below the build directory. Exit 0: every row was measured; 1: a row could not be; 64: usage.
"""

import argparse
import contextlib
import dataclasses
import os
import platform
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from daemon import Leadbell
from peers import Alertmanager, BenchError, compile_parts
from report import Row, document, table
from rows import ROWS


@dataclasses.dataclass(frozen=True)
class Size:
    """How much each row does. Seconds for `settle` and `idle`; `open` 0 leaves its row out."""

    floor: int = 20_000
    leads: int = 30_000
    warm: int = 50
    single: int = 300
    open: int = 100_000
    choices: int = 200
    posts: int = 30_000
    known: int = 1_000_000
    rows: int = 1_000_000
    settle: int = 10
    idle: int = 30


QUICK = Size(floor=5_000, leads=5_000, warm=20, single=100, open=0, choices=50, posts=5_000, known=100_000,
             rows=60_000, settle=2, idle=10)


class Bench:
    """What the rows share: the programs, the sizes and a fresh folder whenever one is needed."""

    def __init__(self, options, work):
        self.build, self.work = options.build, work
        self.leadbell = None if options.without_leadbell else options.leadbell
        self.alertmanager = Alertmanager.program()
        self.size = QUICK if options.quick else Size()
        if options.leads:
            self.size = dataclasses.replace(self.size, leads=options.leads)
        self.rounds = options.rounds
        self.floor = None
        self.subjects = [Leadbell] * bool(self.leadbell) + [Alertmanager] * bool(self.alertmanager)

    def folder(self, name):
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.work))

    @staticmethod
    def say(text):
        print(f"bench: {text}", file=sys.stderr, flush=True)


def file_system(path):
    """The type of the file system that holds `path`, and its source."""
    best = ("", "unknown", "")
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        left, _, right = line.partition(" - ")
        point, (kind, source) = left.split()[4], right.split()[:2]
        if os.path.commonpath([point, path]) == point and len(point) >= len(best[0]):
            best = (point, kind, source)
    return best[1], best[2]


def describe_machine(work):
    kind, source = file_system(work)
    models = [line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
              if line.startswith("model name")]
    return {"cores": len(os.sched_getaffinity(0)), "processor": models[0] if models else platform.machine(),
            "kernel": platform.release(), "file_system": kind, "device": source,
            "load_at_start": round(os.getloadavg()[0], 2)}


class Options(argparse.ArgumentParser):
    def error(self, message):
        self.print_usage(sys.stderr)
        self.exit(64, f"bench: {message}\n")


def read_options():
    default = Path(__file__).resolve().parents[2] / ".build" / "bench"
    parser = Options(description="Measures leadbell beside Alertmanager and a bare libcurl loop.")
    parser.add_argument("--leadbell", type=Path, help="the program to measure, a release build")
    parser.add_argument("--without-leadbell", action="store_true", help="measure the neighbours alone")
    parser.add_argument("--rows", default=",".join(ROWS), help=f"which rows: {','.join(ROWS)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="smaller numbers: checks that it works, proves little")
    parser.add_argument("--rounds", type=int, default=3, help="runs of the floor and of P1; their median counts (3)")
    parser.add_argument("--leads", type=int, help="leads a run of P1 (30000; 5000 with --quick)")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--build", type=Path, default=default, help="folder for the C parts and the temporary files")
    options = parser.parse_args()
    names = {name.lower(): name for name in ROWS}
    options.rows = [names.get(row.strip().lower()) or parser.error(f"no row {row}; there are {', '.join(ROWS)}")
                    for row in options.rows.split(",")]
    if not options.without_leadbell:
        if options.leadbell is None:
            parser.error("give --leadbell PATH, or --without-leadbell for the neighbours alone")
        options.leadbell = options.leadbell.resolve()
        if not os.access(options.leadbell, os.X_OK):
            parser.error(f"{options.leadbell} is not a program: build it, or give its path with --leadbell")
    if options.rounds < 1 or (options.leads is not None and not 1 <= options.leads <= 2_000_000):
        parser.error("--rounds takes 1 or more, --leads 1 to 2000000")
    options.build = options.build.resolve()
    return options


def measure(bench, names):
    """All rows in the order of ROWS, one after the other; a row that fails says why and the rest go on."""
    rows = []
    for name in [name for name in ROWS if name in names]:
        bench.say(name)
        try:
            rows += ROWS[name](bench)
        except (BenchError, OSError) as error:
            rows.append(Row(name, "could not be measured", measured="failed", notes=[str(error)], failed=True))
    return rows


def run(options):
    compile_parts(options.build)
    with contextlib.ExitStack() as stack:
        work = Path(tempfile.mkdtemp(prefix="run-", dir=options.build))
        stack.callback(shutil.rmtree, work, ignore_errors=True)
        machine = describe_machine(work)
        if machine["file_system"] in ("tmpfs", "ramfs"):
            raise BenchError(f"{work} is on {machine['file_system']}, where fsync costs nothing: "
                             "give a folder on a disk with --build")
        if machine["load_at_start"] > 0.5:
            Bench.say(f"the machine is busy (load {machine['load_at_start']}): read ratios, not figures")
        rows = measure(Bench(options, work), options.rows)
    if options.format == "json":
        print(document(machine, rows))
    else:
        print("{cores} cores, {processor}, Linux {kernel}, {file_system} on {device}, load at start {load_at_start}\n"
              .format(**machine))
        print(table(rows))
    return 1 if any(row.failed for row in rows) else 0


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that every `with` still stops its children
    try:
        return run(read_options())
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main())
