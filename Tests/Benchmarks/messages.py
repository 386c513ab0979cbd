"""The rows about messages: three channels at once, mail, and what many queued messages cost.

Each is a function of the Bench that returns Rows, as those of rows.py; BenchError ends it. Mail goes to Postfix's
smtp-sink, which takes everything.
"""

import contextlib
import os
import shutil
import socket
import time

from daemon import Leadbell
from peers import BenchError, Child, free_port, run_part, wait_for
from process import memory
from report import Row, median, megabytes, spread, verdict

# As many as a relay is given unless told, and others beside.
CONNECTIONS, OTHERS = 4, (1, 2, 8)


class ThreeChannels(Leadbell):
    """The manager is told over three channels, each lane of which takes sixteen at once."""

    channels = ("teams", "other", "third")

    def text(self):
        channel = "  {}: {{ kind: teams, addresses: loopback, plain_http: true, concurrency: 16, rate: none }}\n"
        reach = ", ".join(f'{name}: "env:BENCH_MANAGER_URL"' for name in self.channels)
        text = super().text()
        text = text.replace(channel.format("teams"), "".join(channel.format(name) for name in self.channels))
        return text.replace('reach: { teams: "env:BENCH_MANAGER_URL" }', f"reach: {{ {reach} }}")


class Mailing(Leadbell):
    """The manager is told by mail, through a relay on this host."""

    def __init__(self, bench, relay, connections=CONNECTIONS):
        super().__init__(bench)
        self.relay, self.connections = relay, connections

    def text(self):
        mail = (f'  mail: {{ kind: smtp, relay: "smtp://127.0.0.1:{self.relay}", tls: none, '
                f'from: "leads@example.com", connections: {self.connections} }}\n')
        text = super().text().replace("channels:\n", "channels:\n" + mail)
        return text.replace('reach: { teams: "env:BENCH_MANAGER_URL" }', "reach: { mail: morgan@example.com }")


class Queueing(Leadbell):
    """A hundred managers are told of each lead, over webhooks that never answer."""

    people = 100

    def __init__(self, bench, port):
        super().__init__(bench)
        self.silent = port

    def text(self):
        url = f"http://127.0.0.1:{self.silent}/silent"
        people = "".join(f'  - {{ id: m{number}, name: Manager {number}, manager: true, reach: {{ teams: "{url}?{number}" }} }}\n'
                         for number in range(self.people))
        names = ", ".join(f"m{number}" for number in range(self.people))
        text = super().text().replace("concurrency: 16, rate: none", "concurrency: 1, rate: none, timeout: 10m")
        text = text.replace("people:\n", "people:\n" + people)
        return text.replace("notify: manager", f"notify: [{names}]")


def p2(bench):
    """Leads whose manager has three channels: messages a second, against the bare loop."""
    count = max(1_000, bench.size.leads // 3)
    row = Row("P2", f"{count:,} leads over three channels: messages recorded as sent", target="≥ 50 % of the bare loop")
    if not bench.leadbell:
        return [row]
    found = []
    for turn in range(bench.rounds):
        bench.say(f"P2, round {turn + 1} of {bench.rounds}")
        with ThreeChannels(bench) as running:
            first, _ = running.feed(count, records=100)
            running.sink.wait_distinct(count, max(60, count / 100), running)
            end = running.recorded(3 * count, None)
            found.append(3 * count / (end - first) * 1e9)
    row.measured, row.figures = spread(found, "/s"), {"per_second": found}
    if bench.floor:
        row.beside = f"bare libcurl {bench.floor[16]:,.0f} /s"
        row.ratio = median(found) / bench.floor[16]
        row.met = verdict(row.ratio >= .5)
    return [row]


@contextlib.contextmanager
def smtp_sink(bench):
    program = shutil.which("smtp-sink") or "/usr/sbin/smtp-sink"
    port = free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    child = Child("smtp-sink", [program, "-4", *user, f"127.0.0.1:{port}", 256], bench.folder("relay") / "log")
    try:
        wait_for(lambda: child.check() and greets(port), 15, "smtp-sink does not greet")
        yield port
    finally:
        child.stop()


def greets(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as probe:
            return probe.recv(3) == b"220"
    except OSError:
        return False


def mails(bench):
    """Mails over as many connections as are usual and over others, each against bare libcurl over as many."""
    count = max(500, bench.size.leads // 5)
    rows = {connections: Row("M1" if connections == CONNECTIONS else f"M1/{connections}",
                             f"{count:,} leads by mail, {connections} connection{'s'[:connections > 1]}: "
                             "mails recorded as sent", target="≥ 50 % of bare libcurl")
            for connections in sorted((CONNECTIONS, *OTHERS))}
    if not bench.leadbell:
        return list(rows.values())
    if not (shutil.which("smtp-sink") or shutil.which("smtp-sink", path="/usr/sbin")):
        raise BenchError("smtp-sink is not installed; it comes with the Debian package postfix")
    with smtp_sink(bench) as relay:
        for connections, row in rows.items():
            ours, theirs = [], []
            for turn in range(bench.rounds):
                bench.say(f"{row.id}, round {turn + 1} of {bench.rounds}")
                done, nanoseconds = run_part(bench.build / "mailfloor", "--url", f"smtp://127.0.0.1:{relay}/bench",
                                             "--count", count, "--connections", connections)
                theirs.append(done / nanoseconds * 1e9)
                with Mailing(bench, relay, connections) as running:
                    first, _ = running.feed(count, records=100)
                    ours.append(count / (running.recorded(count, None, max(60, count / 20)) - first) * 1e9)
            row.measured, row.beside = spread(ours, "/s"), "bare libcurl " + spread(theirs, "/s")
            row.ratio = median(ours) / median(theirs)
            row.met = verdict(row.ratio >= .5)
            row.figures = {"leadbell": ours, "bare": theirs}
    return list(rows.values())


def queued(bench):
    """What ten thousand messages cost that wait in a hundred lanes."""
    row = Row("Q1", "10,000 queued messages in 100 lanes: memory more than with none", target="≤ 50 MB")
    if not bench.leadbell:
        return [row]
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1024)  # Connections come about; nobody ever answers.
        with Queueing(bench, silent.getsockname()[1]) as running:
            time.sleep(bench.size.settle)
            before = memory(running.pid)
            running.feed(100)
            wanted = 100 * Queueing.people
            wait_for(lambda: running.check() and sum(running.states()[0].values()) >= wanted, 120,
                     lambda: f"the database has {running.states()[0]}")
            time.sleep(bench.size.settle)
            after = memory(running.pid)
            states = running.states()[0]
    if states.get("sent", 0):
        raise BenchError(f"nothing should be sent, the database has {states}")
    growth = megabytes(after["VmRSS"] - before["VmRSS"])
    row.measured = f"{growth:+.1f} MB, {megabytes(after['RssAnon'] - before['RssAnon']):+.1f} anonymous"
    row.met = verdict(growth <= 50)
    row.figures = {"before_kb": before, "after_kb": after, "states": states}
    return [row]
