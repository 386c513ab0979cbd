"""leadbell as the benchmarks run it: its configuration, its process, and a look into its database afterwards.

The daemon is used from outside alone: its command line, its configuration file, its spool directory and, for reading,
the `state` column of the table `deliveries`. A refused configuration, an early end, a missing table: BenchError.
"""

import hashlib
import os
import secrets
import socket
import sqlite3
import subprocess
import time
import urllib.parse
from pathlib import Path

from peers import BenchError, Child, Sink, free_port, run_part, wait_for

MANAGER_PATH, REP_PATH = "/manager", "/rep"
TOKEN = "lb_a_token_for_the_benchmarks_alone"


PLAIN = """    - { kind: normalise }
"""
ALL_LOCAL = """    - {{ kind: sources, campaigns: {{ "summer-*": Summer fair }} }}
    - {{ kind: normalise }}
    - {{ kind: phones, country: US }}
    - {{ kind: places, file: "{config}/postal-codes.txt" }}
    - {{ kind: firms, file: "{config}/firms.csv" }}
    - kind: keywords
      field: industry
      words:
        Museums and galleries: {{ museum: 3, gallery: 2, "sculpt*": 1, exhibition: 1 }}
        Construction: [contractor, architect, facade, worktop, kitchen]
        Hotels: [hotel, lobby, "*hotel*", guests]
    - {{ kind: language }}
    - {{ kind: urgency }}
    - {{ kind: budget }}
"""


def configuration(folder, port, chain=PLAIN):
    """One manager and one rep on one channel of kind teams; the manager is told at once, the rep a day later."""
    return f"""site:
  name: Bench
  url: http://127.0.0.1:{port}
server: {{ listen: "127.0.0.1:{port}" }}
spool: {{ directory: "{folder}/spool" }}
store: {{ sqlite: "{folder}/leadbell.sqlite" }}
secrets:
  link_keys: [ {{ id: k1, secret: "env:LEADBELL_LINK_KEY" }} ]
digest: off
channels:
  teams: {{ kind: teams, addresses: loopback, plain_http: true, concurrency: 16, rate: none }}
people:
  - id: morgan
    name: Morgan Hale
    manager: true
    reach: {{ teams: "env:BENCH_MANAGER_URL" }}
  - id: riley
    name: Riley Quinn
    rep: {{ skills: [commercial], capacity: 1000 }}
    reach: {{ teams: "env:BENCH_REP_URL" }}
routes:
  - {{ managers: [morgan], policy: bench }}
policies:
  bench:
    - {{ after: 0s, notify: manager }}
    - {{ after: 24h, assign: riley }}
enrichment:
  chain:
{chain}sources:
  bench: {{ http: {{ tokens: ["sha256:{hashlib.sha256(TOKEN.encode()).hexdigest()}"], rate: 1000000 }} }}
"""


class Leadbell:
    """The daemon, a fresh spool and database, and a sink of its own."""

    name = "leadbell"
    chain = PLAIN
    # Whether its leads have what the enrichers look at, as those from a web site's form do.
    telling = False

    def __init__(self, bench, *sink_options):
        self.bench, self.sink_options = bench, sink_options

    def __enter__(self):
        self.folder, self.port = self.bench.folder("leadbell"), free_port()
        self.incoming = self.folder / "spool" / "incoming"
        self.incoming.mkdir(mode=0o700, parents=True)
        (self.folder / "spool" / "failed").mkdir(mode=0o700)
        self.file = self.folder / "leadbell.yaml"
        self.file.write_text(self.text())
        self.sink = Sink(self.bench, "--path", REP_PATH, *self.sink_options)
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def text(self):
        return configuration(self.folder, self.port, self.chain)

    def start(self):
        self.child = None
        environment = {key: value for key, value in os.environ.items()
                       if not key.lower().endswith("_proxy") and key not in ("NOTIFY_SOCKET", "WATCHDOG_USEC")}
        environment["LEADBELL_LINK_KEY"] = secrets.token_hex(32)
        environment["BENCH_MANAGER_URL"] = f"http://127.0.0.1:{self.sink.port}{MANAGER_PATH}"
        environment["BENCH_REP_URL"] = f"http://127.0.0.1:{self.sink.port}{REP_PATH}"
        checked = subprocess.run([self.bench.leadbell, "check", "--config", self.file], capture_output=True, text=True,
                                 env=environment, timeout=60)
        if checked.returncode != 0:
            raise BenchError(f"leadbell refuses the configuration: {(checked.stderr or checked.stdout).strip()[-800:]}")
        self.child = Child(self.name, [self.bench.leadbell, "serve", "--config", self.file], self.folder / "log",
                           environment=environment, folder=self.folder)
        wait_for(lambda: self.child.check() and self.listens(), 30, "leadbell does not listen on its port")

    def __exit__(self, *_):
        if self.child:
            self.child.stop()
        self.sink.__exit__()

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    @property
    def pid(self):
        return self.child.pid

    def check(self):
        return self.child.check()

    def last_words(self):
        return self.child.last_words()

    def feed(self, count, first=0, rate=0, log=None, records=1):
        """Writes `count` leads into the spool, `records` of them a file, `rate` files a second (0: no pause)."""
        if not rate:
            stage = self.folder / "stage"
            stage.mkdir(exist_ok=True)
        return run_part(self.bench.build / "generate", "--directory", self.incoming, "--count", count, "--first", first,
                        "--rate", rate, "--records", records, "--telling", int(self.telling),
                        *(["--log", log] if log else []), *([] if rate else ["--stage", stage]))

    def post(self, count, connections, log):
        """Posts `count` leads over so many keep-alive connections; the log has how long each answer took."""
        return run_part(self.bench.build / "posts", "--port", self.port, "--count", count, "--connections", connections,
                        "--token", TOKEN, "--log", log)

    def states(self):
        """How many deliveries the database holds in each state, and the instant of that snapshot or just before it."""
        path = urllib.parse.quote(str(self.folder / "leadbell.sqlite"))
        at = time.monotonic_ns()
        try:
            connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
            try:
                rows = connection.execute("SELECT state, COUNT(*) FROM deliveries GROUP BY state").fetchall()
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise BenchError(f"leadbell's database can't be read: {error}") from None
        return {str(state): count for state, count in rows}, at

    def recorded(self, count, _, seconds=60):
        """Waits until `count` deliveries are recorded as sent; returns the first instant at which they were seen so.

        Looking takes processor time from the daemon, so it is done seldom until the end is near.
        """
        deadline, last, seen = time.monotonic() + seconds, time.monotonic_ns(), 0
        while True:
            self.check()
            states, at = self.states()
            sent = states.get("sent", 0)
            if sent >= count:
                break
            if time.monotonic() > deadline:
                raise BenchError(f"after {seconds:.0f} s: {count:,} deliveries should be sent, the database has {states}")
            rest = (count - sent) / (sent - seen) * (at - last) / 1e9 if sent > seen else 0
            last, seen = at, sent
            time.sleep(min(0.1, max(0.005, rest / 4)))
        if states != {"sent": count}:
            raise BenchError(f"{count:,} deliveries should be sent and no others exist, the database has {states}")
        return at


class TellingLeadbell(Leadbell):
    """The same with leads that have something for each enricher, and no enricher for it."""

    telling = True


class EnrichedLeadbell(TellingLeadbell):
    """The same with all enrichers that know by themselves."""

    chain = ALL_LOCAL.format(config=Path(__file__).resolve().parents[2] / "config")
