"""The rows about ways in: posts, and one large file.

Each is a function of the Bench that returns Rows, as those of rows.py; BenchError ends it.
"""

import contextlib
import http.client
import json
import time

from daemon import Leadbell
from peers import BenchError, read_times, wait_for
from process import forget_peak, memory, peak
from report import Row, median, megabytes, milliseconds, percentile, spread, verdict


# H1: leads from programs

def h1(bench):
    """Leads posted over keep-alive connections, while the daemon works them off; each is a synced file before its 202."""
    row = Row("H1", f"{bench.size.posts:,} leads by POST /v1/leads, 32 connections, each durable before its 202",
              target="≥ 5,000/s, p99 ≤ 20 ms")
    if not bench.leadbell:
        return [row]
    rates, ninetyninths = [], []
    for turn in range(bench.rounds):
        bench.say(f"H1, round {turn + 1} of {bench.rounds}")
        with Leadbell(bench) as running:
            log = bench.folder("posts") / "times"
            first, last = running.post(bench.size.posts, 32, log)
            rates.append(bench.size.posts / (last - first) * 1e9)
            found = list(read_times(log.read_text()).values())
            ninetyninths.append(milliseconds(percentile(found, 0.99)))
            running.sink.wait_distinct(bench.size.posts, max(60, bench.size.posts / 200), running)
    row.measured = f"{spread(rates, '/s')}, p99 {median(ninetyninths):.1f} ms"
    row.met = verdict(median(rates) >= 5000 and median(ninetyninths) <= 20)
    row.figures = {"per_second": rates, "p99_ms": ninetyninths}
    row.notes.append("the daemon's messages go out meanwhile, and the posting programs run on the same machine")
    return [row]


# I2: a file of a million rows

def rows_of_leads(path, count):
    """A file as a CRM would export it, hidden until it is whole."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write("id,source,name,email,phone,company,city,project_type,value,description\r\n")
        for i in range(count):
            file.write(f'bench-{i},bench,bench-{i} Rivera,bench-{i}@customer.example,+1 312 555 {i % 10000:04},'
                       f'"Rivera {i}, Ltd",Chicago,commercial,12500,"A kitchen in pale stone, ""soon"""\r\n')


def ready(port):
    """What /readyz says of the spool."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", "/readyz")
        checks = json.loads(connection.getresponse().read())["checks"]
    return " ".join(check["detail"] for check in checks)


def large_file(bench):
    """One file of rows; the memory counts until its last lead is durable, and what open cases take is told beside it."""
    count = bench.size.rows
    row = Row("I2", f"one CSV file of {count:,} rows, each a lead: memory more while it is read", target="≤ +30 MB")
    if not bench.leadbell:
        return [row]
    bench.say(f"I2: {count:,} rows")
    with Leadbell(bench) as running:
        running.feed(100, first=count)
        running.sink.wait_distinct(100, 60, running)
        time.sleep(bench.size.settle)
        before = memory(running.pid)["VmRSS"]
        forget_peak(running.pid)
        hidden = running.incoming / ".rows.tmp"
        rows_of_leads(hidden, count)
        hidden.rename(running.incoming / "rows.csv")
        began, told, peaks, spoken = time.monotonic(), set(), [], time.monotonic()
        while (running.incoming / "rows.csv").exists():
            running.check()
            words = ready(running.port)
            if "reading rows.csv" in words:
                told.add(words)
            peaks.append((time.monotonic(), peak(running.pid)))
            if time.monotonic() - spoken > 10:
                spoken = time.monotonic()
                progress = words.partition("reading ")[2].partition(" %")[0]
                bench.say(f"I2, after {spoken - began:.0f} s: {progress or 0} %")
            if time.monotonic() - began > count / 500 + 60:
                raise BenchError(f"the file is not read after {time.monotonic() - began:.0f} s: {words}")
            time.sleep(0.2)
        seconds = time.monotonic() - began
        highest = peak(running.pid)
        wait_for(lambda: running.check() and running.states()[0].get("sent", 0) >= count + 100, count / 500 + 60,
                 lambda: f"not all messages went out: {running.states()[0]}", 0.5)
        logged = running.child.log.read_text(errors="replace").count("taking in a large file")
    growth = megabytes(highest - before)
    row.measured = f"{growth:+.1f} MB, {count / seconds:,.0f} leads/s"
    row.met = verdict(growth <= 30 and logged > 1 and len(told) > 1)
    row.figures = {"before_kb": before, "peak_kb": highest, "seconds": seconds, "log_lines": logged,
                   "readyz": len(told), "peaks_kb": [kb for _, kb in peaks[:: max(1, len(peaks) // 20)]]}
    row.notes.append(f"{logged} lines of progress in the log, {len(told)} states of it seen on /readyz")
    return [row]
