"""The child processes of a benchmark: the C parts, the sink, Alertmanager, and what they have in common.

Every child is started here and stopped by its own process id when its `with` ends, whatever happened. A child that
can't start, ends early or says no raises BenchError with the last of what it wrote. Used by rows.py and daemon.py.
"""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

SOURCES = Path(__file__).resolve().parent
MARKER = "bench-"
PARTS = {"sink": [], "generate": [], "alerts": [], "floor": ["-lcurl"], "posts": ["-lpthread"],
         "mailfloor": ["-lcurl", "-lpthread"]}


class BenchError(Exception):
    """A row can't be measured; the text says why."""


def compile_parts(build):
    """Builds the C parts into `build`, those whose sources are newer than the program."""
    compiler = os.environ.get("CC") or next(filter(shutil.which, ("cc", "gcc", "clang")), None)
    if compiler is None:
        raise BenchError("no C compiler found: install gcc, or set CC")
    build.mkdir(parents=True, exist_ok=True)
    headers = max(path.stat().st_mtime for path in SOURCES.glob("*.h"))
    for name, libraries in PARTS.items():
        source, program = SOURCES / f"{name}.c", build / name
        if program.exists() and program.stat().st_mtime > max(source.stat().st_mtime, headers):
            continue
        options = ["-O2", "-std=gnu11", "-D_GNU_SOURCE", "-Wall", "-Wextra"]
        done = subprocess.run([compiler, *options, "-o", program, source, *libraries], capture_output=True, text=True)
        if done.returncode != 0:
            raise BenchError(f"{source.name} doesn't compile (libcurl4-openssl-dev installed?): {done.stderr[-800:]}")


def free_port():
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, seconds, what, pause=0.02):
    """Polls until `condition()` is true; after `seconds` raises BenchError about `what` (a text or a function)."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise BenchError(f"after {seconds:.0f} s: {what() if callable(what) else what}")
        time.sleep(pause)


def run_part(program, *arguments, timeout=900):
    """Runs one C part to its end and returns the two integers that it prints."""
    command = [program, *map(str, arguments)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise BenchError(f"{program.name} did not finish in {timeout} s") from None
    if done.returncode != 0:
        raise BenchError(f"{program.name} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    first, second = done.stdout.split()
    return int(first), int(second)


def read_times(text):
    """Lines "ID NS" as a dictionary."""
    return {int(key): int(value) for key, value in (line.split() for line in text.splitlines())}


class Child:
    """A process with its log in a file."""

    def __init__(self, name, command, log, stdin=subprocess.DEVNULL, stdout=None, environment=None, folder=None):
        self.name, self.log = name, log
        with open(log, "ab") as output:
            self.process = subprocess.Popen([str(part) for part in command], stdin=stdin, stdout=stdout or output,
                                            stderr=output, env=environment, cwd=folder)

    @property
    def pid(self):
        return self.process.pid

    def last_words(self):
        return " | ".join(self.log.read_text(errors="replace").strip().splitlines()[-4:])[-800:]

    def check(self):
        """Raises if the process is gone; true otherwise, so that conditions can begin with it."""
        if self.process.poll() is not None:
            raise BenchError(f"{self.name} ended with {self.process.returncode}: {self.last_words()}")
        return True

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGKILL)
                self.process.wait()


class Sink:
    """The peer that messages go to (sink.c)."""

    def __init__(self, bench, *options):
        log = bench.folder("sink") / "log"
        command = [bench.build / "sink", "--marker", MARKER, "--seconds", 3600, *options]
        self.child = Child("the sink", command, log, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            word, _, port = self.child.process.stdout.readline().decode().partition(" ")
            if word != "port":
                self.child.process.wait(5)
                self.child.check()
            self.port = int(port)
        except BaseException:
            self.child.stop()
            raise
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()
        self.child.process.stdin.close()
        self.child.stop()
        self.child.process.stdout.close()

    def get(self, target):
        self.child.check()
        self.connection.request("GET", target)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise BenchError(f"the sink has nothing for {target}")
        return body

    def stats(self, path=None):
        return json.loads(self.get("/stats" + (f"?path={path}" if path else "")))

    def times(self, path="/"):
        return read_times(self.get(f"/times?path={path}").decode())

    def body(self, key):
        return self.get(f"/body?id={key}")

    def wait_distinct(self, count, seconds, subject):
        """Waits until `count` ids have come, and returns the statistics then."""
        latest = {}

        def complete():
            subject.check()
            latest.update(self.stats())
            if latest["bad"]:
                raise BenchError(f"the sink refused {latest['bad']} connections or requests of {subject.name}")
            return latest["distinct"] >= count

        wait_for(complete, seconds, lambda: f"{latest['distinct']:,} of {count:,} leads came to the peer; "
                 f"{subject.name} last wrote: {subject.last_words() or 'nothing'}")
        return latest


def alertmanager_configuration(port):
    """One webhook, one message an alert, at once, never repeated: the nearest thing to what leadbell does."""
    return f"""global: {{ resolve_timeout: 24h }}
route:
  receiver: sink
  group_by: ['...']
  group_wait: 0s
  group_interval: 24h
  repeat_interval: 168h
receivers:
  - name: sink
    webhook_configs:
      - {{ url: 'http://127.0.0.1:{port}/alertmanager', send_resolved: false }}
"""


class Alertmanager:
    """Prometheus' Alertmanager, sending to a sink of its own: the neighbour that rows are compared with."""

    name = "Alertmanager"

    def __init__(self, bench, *sink_options):
        self.bench, self.sink_options = bench, sink_options

    @staticmethod
    def program():
        return shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")

    def __enter__(self):
        self.sink = Sink(self.bench, *self.sink_options)
        folder, self.port = self.bench.folder("alertmanager"), free_port()
        configuration = folder / "alertmanager.yml"
        configuration.write_text(alertmanager_configuration(self.sink.port))
        self.child = Child(self.name, [
            self.program(), f"--config.file={configuration}", f"--storage.path={folder}/data", "--log.level=warn",
            f"--web.listen-address=127.0.0.1:{self.port}", "--cluster.listen-address=",
            f"--web.external-url=http://127.0.0.1:{self.port}",
        ], folder / "log", folder=folder)
        try:
            wait_for(lambda: self.child.check() and self.ready(), 30, "Alertmanager is not ready")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.child.stop()
        self.sink.__exit__()

    def ready(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/-/ready")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    @property
    def pid(self):
        return self.child.pid

    def check(self):
        return self.child.check()

    def last_words(self):
        return self.child.last_words()

    def feed(self, count, first=0, rate=0, log=None, records=100):
        """Posts `count` alerts, `records` a body; one a body when `rate` bodies a second are asked for."""
        return run_part(self.bench.build / "alerts", "--port", self.port, "--count", count, "--first", first,
                        "--batch", 1 if rate else records, "--rate", rate, *(["--log", log] if log else []))

    def recorded(self, _, stats):
        """Alertmanager records nothing durable: what has reached the peer is as far as it goes."""
        return stats["last_distinct_ns"]
