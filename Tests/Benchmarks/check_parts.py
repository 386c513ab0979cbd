#!/usr/bin/python3 -B
"""Checks the parts that the figures rest on: the sink's protocol and counts, the generators, the forms.

    check_parts.py BUILD_DIRECTORY        (unittest; needs no leadbell and no Alertmanager)
"""

import json
import socket
import sys
import tempfile
import time
import unittest
from pathlib import Path

from choice import Forms, link_in
from peers import BenchError, Sink, compile_parts, read_times, run_part
from report import median, percentile

BUILD = Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="bench-"))


def post(path, body, extra=""):
    return f"POST {path} HTTP/1.1\r\nHost: x\r\n{extra}Content-Length: {len(body)}\r\n\r\n{body}".encode()


class Place:
    """As much of a Bench as a sink needs."""

    def __init__(self, directory):
        self.build, self.work = BUILD, directory

    def folder(self, name):
        return Path(tempfile.mkdtemp(prefix=name, dir=self.work))


class PartsTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        compile_parts(BUILD)

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(dir=BUILD)
        self.addCleanup(self.directory.cleanup)
        self.place = Place(self.directory.name)

    def sink(self, *options):
        return self.enterContext(Sink(self.place, *options))

    def talk(self, sink, pieces, answers):
        """Sends the pieces one by one and returns what comes back, until `answers` answers or the end."""
        with socket.create_connection(("127.0.0.1", sink.port), timeout=5) as peer:
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            text = b""
            for piece in pieces:
                peer.sendall(piece)
            while text.count(b"HTTP/1.1 ") < answers or not text.endswith((b"ok", b"\r\n\r\n")):
                more = peer.recv(65536)
                if not more:
                    break
                text += more
            return text

    def test_pipelined_requests_are_all_answered_and_counted(self):
        sink = self.sink()
        text = self.talk(sink, [b"".join(post("/a", f'{{"name":"bench-{i}"}}') for i in range(50))], 50)
        self.assertEqual(text.count(b"HTTP/1.1 200 OK"), 50)
        self.assertEqual((sink.stats()["requests"], sink.stats()["distinct"], sink.stats()["bad"]), (50, 50, 0))

    def test_a_request_in_single_bytes_is_understood(self):
        sink = self.sink()
        whole = post("/a", "xx beNch-bench- Bench-12345, bench-7")
        self.talk(sink, [whole[i:i + 1] for i in range(len(whole))], 1)
        self.assertEqual(list(sink.times()), [12345])

    def test_chunked_bodies_are_read_across_chunks(self):
        sink = self.sink("--keep", 100)
        head = b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        chunks = b"3\r\nben\r\n5;x=y\r\nch-4 \r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n"
        self.talk(sink, [head, chunks, head, chunks.replace(b"ch-4", b"ch-5")], 2)
        self.assertEqual(list(sink.times()), [4, 5])
        self.assertEqual(sink.body(4), b"bench-4 0123456789")

    def test_the_first_arrival_counts_and_the_last_body_is_kept(self):
        sink = self.sink("--keep", 10)
        self.talk(sink, [post("/a", "bench-3 first")], 1)
        first = sink.times()[3]
        self.talk(sink, [post("/a", "bench-3 second")], 1)
        self.assertEqual(sink.times()[3], first)
        self.assertEqual(sink.body(3), b"bench-3 second")
        self.assertEqual((sink.stats()["requests"], sink.stats()["distinct"]), (2, 1))

    def test_a_path_prefix_has_its_own_table(self):
        sink = self.sink("--path", "/rep", "--keep", 10)
        self.talk(sink, [post("/manager", "bench-1") + post("/rep/x", "bench-1 rep") + post("/rep", "bench-2")], 3)
        self.assertEqual((list(sink.times()), list(sink.times("/rep"))), ([1], [1, 2]))
        self.assertEqual((sink.stats()["requests"], sink.stats("/rep")["requests"]), (3, 2))
        self.assertEqual(sink.body(1), b"bench-1")

    def test_the_first_byte_is_stamped_not_the_last(self):
        sink = self.sink()
        whole, began = post("/a", "bench-9"), time.monotonic_ns()
        with socket.create_connection(("127.0.0.1", sink.port), timeout=5) as peer:
            peer.sendall(whole[:5])
            sink.stats()  # answered in turn: by now the first bytes have been read
            between = time.monotonic_ns()
            peer.sendall(whole[5:])
            peer.recv(1000)
        self.assertTrue(began < sink.times()[9] < between)

    def test_202_has_no_body_and_nonsense_closes_the_connection(self):
        sink = self.sink("--status", 202)
        self.assertEqual(self.talk(sink, [post("/a", "bench-1")], 1),
                         b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
        self.assertEqual(self.talk(sink, [b"HELO there\r\n\r\n"], 1), b"")
        self.assertEqual(self.talk(sink, [post("/a", "bench-2", "Connection: close\r\n") * 2], 2).count(b"202"), 1)
        self.assertEqual((sink.stats()["bad"], sink.stats()["requests"]), (1, 2))

    def test_the_generator_leaves_whole_leads_and_no_other_file(self):
        log = Path(self.directory.name) / "log"
        incoming = self.place.folder("incoming")
        first, last = run_part(BUILD / "generate", "--directory", incoming, "--count", 20, "--first", 5, "--log", log)
        leads = [json.loads(path.read_text()) for path in sorted(incoming.iterdir())]
        self.assertEqual([lead["id"] for lead in leads], [f"bench-{i}" for i in range(5, 25)])
        self.assertTrue(all(280 <= path.stat().st_size <= 380 for path in incoming.iterdir()))
        times = read_times(log.read_text())
        self.assertEqual(list(times), list(range(5, 25)))
        self.assertTrue(first == times[5] and times[24] < last)

    def test_the_generator_puts_many_leads_in_a_file(self):
        incoming = self.place.folder("incoming")
        run_part(BUILD / "generate", "--directory", incoming, "--count", 25, "--records", 10)
        files = sorted(incoming.iterdir())
        self.assertEqual([path.suffix for path in files], [".ndjson"] * 3)
        self.assertEqual([len(path.read_text().splitlines()) for path in files], [10, 10, 5])

    def test_the_generator_has_leads_with_something_for_each_enricher(self):
        incoming = self.place.folder("incoming")
        run_part(BUILD / "generate", "--directory", incoming, "--count", 8, "--records", 8, "--telling", 1)
        lines = next(incoming.iterdir()).read_text().splitlines()
        for number, lead in enumerate(map(json.loads, lines)):
            self.assertEqual(lead["id"], f"bench-{number}")
            self.assertIn("utm_source=google", lead["landing_page"])
            self.assertFalse({"source", "value", "city", "state"} & set(lead), "an enricher would find nothing to do")
        self.assertTrue(all(450 <= len(line) <= 650 for line in lines), [len(line) for line in lines])

    def test_the_floor_sends_each_request_once_and_refuses_to_count_failures(self):
        sink = self.sink()
        for in_flight in (1, 16):
            done, _ = run_part(BUILD / "floor", "--url", f"http://127.0.0.1:{sink.port}/f", "--count", 500,
                               "--in-flight", in_flight)
            self.assertEqual(done, 500)
        self.assertEqual((sink.stats()["requests"], sink.stats()["distinct"]), (1000, 500))
        with self.assertRaises(BenchError):
            run_part(BUILD / "floor", "--url", "http://127.0.0.1:1/f", "--count", 1)

    def test_a_link_is_found_in_escaped_json_and_its_form_read(self):
        self.assertEqual(link_in(rb'{"url":"http:\/\/127.0.0.1:80\/l\/a.b-c_d?x=1\u0026y=2"}'), "/l/a.b-c_d?x=1&y=2")
        form = Forms('<form action="/search"><input name="q"></form><form method="post" action="/l/a">'
                     '<input type="hidden" name="nonce" value="a&amp;b">'
                     '<label><input type="radio" name="rep" value="riley">Riley</label>'
                     '<input type="radio" name="rep" value="jo"></form>'
                     '<input type="hidden" name="no" value="1">').assignment()
        self.assertEqual(form, {"action": "/l/a", "hidden": {"nonce": "a&b"}, "reps": ["riley", "jo"]})

    def test_percentiles_are_nearest_ranks(self):
        self.assertEqual([percentile(range(1, 301), share) for share in (0.5, 0.99, 1.0)], [150, 297, 300])
        self.assertEqual((percentile([7], 0.99), median([3, 1, 2]), median([1, 2, 3, 4])), (7, 2, 2.5))


if __name__ == "__main__":
    unittest.main()
