"""The rows of the benchmark: what each measures, against what, and its target.

A row is a function of the Bench that returns Rows. It never fails halfway in silence: BenchError ends it, and bench.py
prints the reason in the row's place. Leadbell and Alertmanager are used alike: pid, sink, feed, recorded, check.
"""

import contextlib
import json
import subprocess
import time
from pathlib import Path

from choice import Browser, Page, link_in
from daemon import REP_PATH, EnrichedLeadbell, Leadbell, TellingLeadbell
from intake import h1, large_file
from messages import mails, p2, queued
from peers import Alertmanager, BenchError, Sink, read_times, run_part, wait_for
from process import memory, processor_seconds, switches
from report import Row, median, megabytes, milliseconds, percentile, spread, verdict


def beside(bench):
    return "" if bench.alertmanager else "Alertmanager is not installed"


def floor(bench):
    """libcurl's bare multi loop against the sink, at 1 and at 16 in flight."""
    rates = {1: [], 16: []}
    with Sink(bench) as sink:
        for _ in range(bench.rounds):
            for in_flight, found in rates.items():
                count = bench.size.floor * (1 if in_flight == 1 else 3)
                done, nanoseconds = run_part(bench.build / "floor", "--url", f"http://127.0.0.1:{sink.port}/floor",
                                             "--count", count, "--in-flight", in_flight, "--bytes", 1500)
                found.append(done / nanoseconds * 1e9)
    bench.floor = {in_flight: median(found) for in_flight, found in rates.items()}
    return [Row(f"F{in_flight}", f"bare libcurl loop, 1.5 KB POSTs, {in_flight} in flight", spread(found, "/s"),
                figures={"requests_per_second": found}) for in_flight, found in rates.items()]


# P1: through the whole pipeline

def throughput(subject, count, records=100):
    """Feeds `count` leads, `records` of them a file, as fast as can be; counts until all are recorded."""
    before = processor_seconds(subject.pid)
    first, fed = subject.feed(count, records=records)
    stats = subject.sink.wait_distinct(count, max(60, count / 200), subject)
    end = subject.recorded(count, stats)
    return {"per_second": count / (end - first) * 1e9, "fed_s": (fed - first) / 1e9, "total_s": (end - first) / 1e9,
            "at_peer_s": (stats["last_distinct_ns"] - first) / 1e9, "again": stats["requests"] - stats["distinct"],
            "processor_s": processor_seconds(subject.pid) - before}


def p1(bench):
    """Alertmanager gets bodies of 100 alerts, leadbell files of 100 leads; beside it, leadbell with a lead a file."""
    variants = [("a hundred a file", Leadbell, 100), ("one a file", Leadbell, 1), ("Alertmanager", Alertmanager, 100)]
    variants = [variant for variant in variants if any(issubclass(variant[1], subject) for subject in bench.subjects)]
    runs = {name: [] for name, _, _ in variants}
    for turn in range(bench.rounds):
        for name, subject, records in variants:
            bench.say(f"P1, round {turn + 1} of {bench.rounds}: {name}")
            with subject(bench) as running:
                runs[name].append(throughput(running, bench.size.leads, records))
    rates = {name: [run["per_second"] for run in found] for name, found in runs.items()}
    row, single = (Row(name, f"{bench.size.leads:,} leads, {how}: file → enriched → committed → webhook → recorded",
                       target="≥ 2 × Alertmanager, must ≥ 1", figures=runs, beside=beside(bench))
                   for name, how in (("P1", "a hundred a file"), ("P1f", "one a file")))
    single.target = "–"
    for found, which in ((row, "a hundred a file"), (single, "one a file")):
        ours, theirs = rates.get(which), rates.get("Alertmanager")
        if ours:
            found.measured = spread(ours, "leads/s")
        if theirs:
            found.beside = "Alertmanager " + spread(theirs, "/s")
        if ours and theirs:
            found.ratio = median(ours) / median(theirs)
            if found is row:
                found.met = verdict(found.ratio >= 2, found.ratio >= 1)
    if bench.floor and rates.get("a hundred a file"):
        row.notes.append(f"{median(rates['a hundred a file']) / bench.floor[16]:.2f} of the bare libcurl loop at 16 in flight")
    row.notes.append("leadbell's clock stops when its database has all as sent; Alertmanager, which keeps nothing on "
                     "disk, is done when the last begins to arrive")
    row.notes += notes_of(runs)
    return [row, single]


def notes_of(runs):
    """What stands behind a throughput, a line a run; `runs` by their names."""
    return [f"{name}, run {number}: fed in {run['fed_s']:.2f} s, all at the peer after {run['at_peer_s']:.2f} s, "
            f"recorded after {run['total_s']:.2f} s, {run['processor_s']:.2f} s of processor, {run['again']} sent again"
            for name, found in runs.items() for number, run in enumerate(found, 1)]


def p1e(bench):
    """What is left of the throughput with all enrichers on that ask nobody; each of them has something to find. Run by run the
    same leads pass without them too, first or second by turns, since the machine's own pace changes within minutes by as much
    as is to be told apart."""
    row = Row("P1e", f"{bench.size.leads:,} leads, a hundred a file, with all local enrichers",
              target="≥ 80 % of P1 with the same leads")
    if not bench.leadbell:
        return [row]
    subjects = {"without": TellingLeadbell, "all local enrichers": EnrichedLeadbell}
    runs = {name: [] for name in subjects}
    pairs = 2 * bench.rounds + 1
    for turn in range(pairs):
        for name in sorted(subjects, reverse=turn % 2 == 0):
            bench.say(f"P1e, pair {turn + 1} of {pairs}: {name}")
            with subjects[name](bench) as running:
                runs[name].append(throughput(running, bench.size.leads))
    plain, ours = ([run["per_second"] for run in runs[name]] for name in subjects)
    ratios = [one / other for one, other in zip(ours, plain)]
    row.measured, row.beside = spread(ours, "leads/s"), "without " + spread(plain, "/s")
    row.ratio, row.figures = median(ratios), runs
    row.met = verdict(row.ratio >= .8)
    row.notes = ["the ratio is the median of the pairs' own: " + ", ".join(f"{ratio:.2f}" for ratio in sorted(ratios))]
    row.notes += notes_of(runs)
    return [row]


# P3: how soon

def latencies(bench, subject):
    """One lead at a time on an idle program; the first ones warm it up and are left out."""
    warm, count, log = bench.size.warm, bench.size.single, bench.folder("latency") / "times"
    subject.feed(warm + count, rate=50, log=log)
    subject.sink.wait_distinct(warm + count, 60, subject)
    written, arrived = read_times(log.read_text()), subject.sink.times()
    return [arrived[key] - written[key] for key in range(warm, warm + count)]


def p3(bench):
    row = Row("P3", f"file closed → first byte of its POST at the peer, idle; {bench.size.single} leads",
              target="p50 ≤ 1 ms, p99 ≤ 3 ms, must p50 ≤ 2", beside=beside(bench))
    halves = {}
    for subject in bench.subjects:
        bench.say(f"P3: {subject.name}")
        with subject(bench) as running:
            found = latencies(bench, running)
        p50, p99 = (milliseconds(percentile(found, share)) for share in (0.5, 0.99))
        halves[subject.name] = p50
        row.figures[subject.name] = {"p50_ms": p50, "p99_ms": p99, "max_ms": milliseconds(max(found))}
        text = f"p50 {p50:.2f}, p99 {p99:.2f} ms"
        if subject is Leadbell:
            row.measured, row.met = text, verdict(p50 <= 1 and p99 <= 3, p50 <= 2)
        else:
            row.beside = f"{subject.name} {text}"
    if len(halves) == 2:
        row.ratio = halves[Leadbell.name] / halves[Alertmanager.name]
    row.notes.append(f"a lead each 20 ms, after {bench.size.warm} to warm up; Alertmanager's begins with its POST")
    return [row]


# P4 and P6: at rest

def in_megabytes(found):
    return f"{megabytes(found['VmRSS']):.1f} MB, {megabytes(found['RssAnon']):.1f} anonymous"


def p4(bench):
    idle = Row("P4", "memory, idle after 100 leads", target="≤ 40 MB, ≤ 12 MB anonymous", beside=beside(bench))
    many = Row("P4+", f"memory more with {bench.size.open:,} open cases", target="≤ +20 MB")
    for subject in bench.subjects:
        bench.say(f"P4: {subject.name}")
        with subject(bench) as running:
            running.feed(100)
            running.sink.wait_distinct(100, 60, running)
            time.sleep(bench.size.settle)
            before = memory(running.pid)
            idle.figures[subject.name] = before
            if subject is not Leadbell:
                idle.beside = f"{subject.name} {in_megabytes(before)}"
                continue
            idle.measured = in_megabytes(before)
            idle.met = verdict(megabytes(before["VmRSS"]) <= 40 and megabytes(before["RssAnon"]) <= 12)
            if bench.size.open:
                more_cases(bench, running, before, many)
    if len(idle.figures) == 2:
        idle.ratio = idle.figures[Leadbell.name]["VmRSS"] / idle.figures[Alertmanager.name]["VmRSS"]
    return [idle, many] if bench.size.open else [idle]


def more_cases(bench, running, before, row):
    """Leads in files of 1,000, until as many cases as the row wants are open."""
    total = bench.size.open
    running.feed(total - 100, first=100, records=1000)
    running.recorded(total, running.sink.wait_distinct(total, 600, running))
    time.sleep(bench.size.settle)
    after = memory(running.pid)
    growth = megabytes(after["VmRSS"] - before["VmRSS"])
    row.measured = f"{growth:+.1f} MB, {megabytes(after['RssAnon'] - before['RssAnon']):+.1f} anonymous"
    row.met = verdict(growth <= 20)
    row.figures = {"before_kb": before, "after_kb": after}


def p6(bench):
    row = Row("P6", f"wake-ups when idle, over {bench.size.idle} s", target="≤ 1 /s", beside=beside(bench))
    bench.say(f"P6: {bench.size.settle + bench.size.idle} s of rest")
    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(subject(bench)) for subject in bench.subjects]
        for subject in running:
            subject.feed(10)
            subject.sink.wait_distinct(10, 60, subject)
        time.sleep(max(bench.size.settle, 3))
        before, began = [switches(subject.pid) for subject in running], time.monotonic()
        time.sleep(bench.size.idle)
        after, seconds = [switches(subject.pid) for subject in running], time.monotonic() - began
        for subject, old, new in zip(running, before, after):
            subject.check()
            rate = sum(count - old.get(thread, 0) for thread, count in new.items()) / seconds
            row.figures[subject.name] = rate
            if subject.name == Leadbell.name:
                row.measured, row.met = f"{rate:.2f} /s", verdict(rate <= 1)
            else:
                row.beside = f"{subject.name} {rate:.2f} /s"
    if len(row.figures) == 2 and row.figures[Alertmanager.name] > 0:
        row.ratio = row.figures[Leadbell.name] / row.figures[Alertmanager.name]
    return [row]


# P8: a choice

def p8(bench):
    count = bench.size.choices
    row = Row("P8", f"choice posted → first byte of the POST to the rep; {count} choices", target="p50 ≤ 2 ms")
    if bench.floor:
        row.beside = f"bare POST and answer {1e3 / bench.floor[1]:.2f} ms"
    if not bench.leadbell:
        return [row]
    bench.say("P8: leadbell")
    with Leadbell(bench, "--keep", count) as running, Browser(running.port) as browser:
        running.feed(count)
        running.sink.wait_distinct(count, 60, running)
        pages = [Page(browser, link_in(running.sink.body(key))) for key in range(count)]
        time.sleep(1.2)  # a POST within a second of its GET gets one more confirm page
        posted = {}
        for key, page in enumerate(pages):
            posted[key], answer = page.choose(browser)
            if key == 0:
                wait_for(lambda: running.sink.stats(REP_PATH)["distinct"] > 0, 5,
                         f"no message came to the rep after the choice was answered with {answer}")
            time.sleep(0.02)
        wait_for(lambda: running.sink.stats(REP_PATH)["distinct"] >= count, 30,
                 lambda: f"{running.sink.stats(REP_PATH)['distinct']} of {count} choices reached the rep")
        arrived = running.sink.times(REP_PATH)
    found = [arrived[key] - posted[key] for key in range(count)]
    p50, p99 = (milliseconds(percentile(found, share)) for share in (0.5, 0.99))
    row.measured, row.met = f"p50 {p50:.2f}, p99 {p99:.2f} ms", verdict(p50 <= 2)
    row.figures = {"p50_ms": p50, "p99_ms": p99, "max_ms": milliseconds(max(found))}
    if bench.floor:
        row.ratio = p50 * bench.floor[1] / 1e3
    return [row]


# D: the ranking

def built(bench, name):
    """The program called `name`, which lies beside leadbell."""
    program = Path(bench.leadbell).parent / name if bench.leadbell else None
    if not program or not program.exists():
        raise BenchError(f"{name} is not built beside leadbell; `make bench` builds it")
    return program


def figures_of(program, *arguments, seconds=120):
    """What a part of ours prints as JSON."""
    answer = subprocess.run([program, *map(str, arguments)], stdout=subprocess.PIPE, timeout=seconds, check=False)
    if answer.returncode != 0:
        raise BenchError(f"{program.name} failed with the exit code {answer.returncode}; it says above why")
    return json.loads(answer.stdout)


def ranking(bench):
    """Ranks 500 reps with reasons for the first forty, and 50 beside them: the time a rep must not grow."""
    program, runs = built(bench, "RankingBench"), {50: [], 500: []}
    for _ in range(bench.rounds):
        for count, found in figures_of(program, 200).items():
            runs[int(count)] += found
    large, small = (milliseconds(median(runs[count])) for count in (500, 50))
    tail = milliseconds(percentile(runs[500], .99))
    return [Row("D2", "500 reps ranked for a lead, with reasons", f"p50 {large:.2f} ms, p99 {tail:.2f} ms",
                f"50 reps: p50 {small:.3f} ms", ratio=large / 10 / small, target="<= 1 ms",
                met=verdict(large <= 1), notes=["the ratio is the time a rep: of 500 by that of 50"],
                figures={"nanoseconds": runs})]


# E2: what is worked out of a lead

def enriching(bench):
    """All local enrichers on leads that have something for each, by themselves: the processor's time."""
    program, folder, stage = built(bench, "EnrichingBench"), bench.folder("enriching"), bench.folder("stage")
    run_part(bench.build / "generate", "--directory", folder, "--count", 5000, "--records", 5000, "--telling", 1,
             "--stage", stage)
    config = Path(__file__).resolve().parents[2] / "config"
    figures = figures_of(program, next(folder.iterdir()), config, bench.rounds)
    micros = {name: found / 1000 for name, found in figures["nanoseconds"].items()}
    alone = ", ".join(f"{name} {found:.1f}" for name, found in micros.items() if name != "chain")
    return [Row("E2", "all local enrichers, by themselves: the processor's time for a lead",
                f"{micros['chain']:.1f} µs", notes=[f"each alone: {alone}"], figures=figures)]


# I3: who has asked before; what leads say

SAMPLES = {"alike": ("I3a", "the same person told from another", .97, .93),
           "phones": ("E1a", "phone numbers read as they are meant", .97, .95),
           "industries": ("E1b", "the industry known by a list of words", .9, .8)}


def matching(bench):
    """The labelled samples, and look-ups among a million known leads in a real store."""
    program = built(bench, "MatchingBench")
    bench.say(f"I3: {bench.size.known:,} known leads")
    figures = figures_of(program, bench.folder("matching"), bench.size.known, 2000, seconds=900)
    p50, p99 = (milliseconds(percentile(figures["nanoseconds"], share)) for share in (.5, .99))

    def rate(name):
        return f"{bench.size.known / max(1, figures[name]) * 1000:,.0f}/s"

    rows = [Row("I3", f"the same person found among {bench.size.known:,} known leads",
                f"p50 {p50:.2f} ms, p99 {p99:.2f} ms", target="<= 2 ms", met=verdict(p99 <= 2, p50 <= 2),
                notes=[f"known leads are written at {rate('filling')}, and indexed at {rate('indexing')}"],
                figures={name: figures[name] for name in ("nanoseconds", "filling", "indexing")})]
    for name, (row, what, least_precision, least_recall) in SAMPLES.items():
        score = figures["scores"][name]
        precision = score["right"] / (score["right"] + score["wrong"])
        recall = score["right"] / (score["right"] + score["missed"])
        rows.append(Row(row, f"{what}, {score['cases']} hard cases", f"precision {precision:.3f}, recall {recall:.3f}",
                        target=f">= {least_precision}, >= {least_recall}",
                        met=verdict(precision >= least_precision and recall >= least_recall), figures=score))
    return rows


ROWS = {"floor": floor, "D2": ranking, "E2": enriching, "I2": large_file, "I3": matching, "P1": p1, "P1e": p1e, "P2": p2, "M1": mails,
        "Q1": queued, "P3": p3, "H1": h1, "P4": p4, "P6": p6, "P8": p8}
