#!/usr/bin/python3
"""An HTTP(S) server for tests, whose path chooses what it does.

usage: http_peer.py [--cert KIND] [--certificates DIR] [--log FILE]

Without --cert it speaks plain HTTP. Prints one line {"port", "ca"} when ready and {"event": "hang"} whenever it
begins to hang; ends when standard input does. The log gets a line for each TCP connection ({"kind": "connection"};
before TLS, if any) and each request ({"kind": "request", "method", "target", "path", "query", "headers", "body",
"body_base64", "connection", "at": seconds by a clock that isn't set}), before the answer leaves.

Paths (a path counts by its first component; ?delay=MS delays the answer of any):
  /ok                       200, "ok"
  /status/NNN               that status; ?retry_after=TEXT, ?body=TEXT, ?header=NAME:VALUE (repeatable), ?times=N (the
                            first N requests to this very target; afterwards 200 "ok", with ?when=FILE not before that is
                            there), ?until=FILE (until that is there; afterwards 200 with the body, as JSON)
  /echo                     200, the request's body, its Content-Type
  /redirect                 302 to /ok
  /slack                    200 "ok" as text/plain    /json?body=TEXT   200, that as application/json
  /close                    200 with Connection: close
  /last                     200, and closes the connection afterwards without having said so
  /chunked                  200 in chunks, with a trailer
  /interim                  103 with a header, then 200
  /hang-headers             reads the request and says nothing
  /hang-body                200 with its head and half of its body
  /reset                    reads the request and resets the connection
  /half                     promises 100 bytes, sends 10, closes
  /half-status/NNN          the same with that status and ?retry_after=TEXT
  /drip                     200, a byte every 50 ms for ever
  /drip-headers             a header byte every 50 ms for ever
  /huge                     200 with 100 MB
  /huge-headers             200 with endless header lines
  /garbage                  bytes that are not HTTP
  /reset-kept               on a connection that has answered before: resets; otherwise 200
  /requests                 200, the number of requests so far on this connection
  /graph/ID                 a lead as Facebook's Graph API has it, to ?access_token=good; to another the error 190, which
                            repeats the token; ?fail=N answers the first N requests for this ID with the status 500
"""

import argparse
import asyncio
import base64
import itertools
import json
import os
import socket
import struct
import tempfile
import time
import urllib.parse

import peer_certificates
import peer_life

REASONS = {200: "OK", 202: "Accepted", 204: "No Content", 302: "Found", 404: "Not Found", 429: "Too Many Requests"}


def response(status, body=b"", headers=(), content_type="text/plain; charset=utf-8"):
    lines = ["HTTP/1.1 %d %s" % (status, REASONS.get(status, "Status"))]
    if status >= 200 and status not in (204, 304):
        lines.append("Content-Length: %d" % len(body))
        lines.append("Content-Type: " + content_type)
    lines += headers
    head = ("\r\n".join(lines) + "\r\n\r\n").encode()
    return head if status in (204, 304) else head + body


class Peer:
    def __init__(self, log, arguments):
        self.log = log
        self.numbers = itertools.count(1)
        self.seen = {}

    @staticmethod
    def add_arguments(parser):
        """Adds those that this kind of peer has beside the others."""

    async def serve(self, reader, writer, number):
        answered = 0
        try:
            while True:
                request = await self.read(reader)
                if request is None:
                    break
                if request == "TLS":
                    writer.write(response(400, b"this port speaks plain HTTP"))
                    break
                method, target, headers, body = request
                split = urllib.parse.urlsplit(target)
                query = urllib.parse.parse_qs(split.query, keep_blank_values=True)
                self.log.write(
                    kind="request",
                    method=method,
                    target=target,
                    path=split.path,
                    query=split.query,
                    headers=headers,
                    body=body.decode("utf-8", "replace"),
                    body_base64=base64.b64encode(body).decode(),
                    connection=number,
                    at=time.monotonic(),
                )
                if "delay" in query:
                    await asyncio.sleep(int(query["delay"][0]) / 1000)
                goes_on = await self.answer(split, query, target, headers, body, answered, writer)
                if not goes_on:
                    break
                answered += 1
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def read(self, reader):
        try:
            head = await reader.readexactly(1)
            if head == b"\x16":
                return "TLS"
            head += await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return None
        lines = head.decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ", 2)
        headers = [[part.strip() for part in line.split(":", 1)] for line in lines[1:] if line]
        length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
        body = await reader.readexactly(length) if length else b""
        return method, target, headers, body

    async def answer(self, split, query, target, headers, body, answered, writer):
        """Answers a request, and says whether the connection goes on."""
        what = split.path.split("/")[1]

        async def send(data):
            writer.write(data)
            await writer.drain()

        if what == "status":
            self.seen[target] = self.seen.get(target, 0) + 1
            if "times" in query and self.seen[target] > int(query["times"][0]):
                while not all(os.path.exists(path) for path in query.get("when", [])):
                    await asyncio.sleep(0.02)
                await send(response(200, b"ok"))
                return True
            if any(os.path.exists(path) for path in query.get("until", [])):
                await send(response(200, query.get("body", [""])[0].encode(), content_type="application/json"))
                return True
            fields = ["%s: %s" % tuple(text.split(":", 1)) for text in query.get("header", [])]
            fields += ["Retry-After: " + text for text in query.get("retry_after", [])]
            text = query.get("body", [""])[0].encode()
            await send(response(int(split.path.split("/")[2]), text, fields))
        elif what == "echo":
            kind = next((value for name, value in headers if name.lower() == "content-type"), "text/plain")
            await send(response(200, body, content_type=kind))
        elif what == "redirect":
            await send(response(302, headers=["Location: /ok"]))
        elif what == "json":
            await send(response(200, query.get("body", [""])[0].encode(), content_type="application/json"))
        elif what == "close":
            await send(response(200, b"ok", ["Connection: close"]))
            return False
        elif what == "last":
            await send(response(200, b"ok"))
            return False
        elif what == "chunked":
            await send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Head: yes\r\n\r\n")
            await send(b"3\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: no\r\n\r\n")
        elif what == "interim":
            await send(b"HTTP/1.1 103 Early Hints\r\nX-Interim: yes\r\n\r\n" + response(200, b"ok", ["X-Final: yes"]))
        elif what == "hang-headers":
            await peer_life.hang()
        elif what == "hang-body":
            await send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
            await peer_life.hang()
        elif what == "reset" or (what == "reset-kept" and answered):
            self.reset(writer)
            return False
        elif what == "half":
            await send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789")
            return False
        elif what == "half-status":
            fields = "".join("Retry-After: %s\r\n" % text for text in query.get("retry_after", []))
            head = "HTTP/1.1 %s Status\r\nContent-Length: 100\r\n%s\r\n0123456789" % (split.path.split("/")[2], fields)
            await send(head.encode())
            return False
        elif what == "drip":
            await send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            while True:
                await send(b".")
                await asyncio.sleep(0.05)
        elif what == "drip-headers":
            await send(b"HTTP/1.1 200 OK\r\nX-Drip: ")
            while True:
                await send(b".")
                await asyncio.sleep(0.05)
        elif what == "huge":
            await send(b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n")
            for _ in range(1600):
                await send(b"x" * 65536)
        elif what == "huge-headers":
            await send(b"HTTP/1.1 200 OK\r\n")
            for count in range(100000):
                await send(b"X-%d: %s\r\n" % (count, b"y" * 1000))
        elif what == "garbage":
            await send(b"\x00\x01 this is not HTTP at all\r\n\r\n")
            return False
        elif what == "graph":
            status, answer, fields = self.graph(split.path.split("/")[2], query)
            await send(response(status, json.dumps(answer).encode(), fields, "application/json; charset=UTF-8"))
        elif what == "requests":
            await send(response(200, str(answered + 1).encode()))
        else:
            await send(response(200 if what in ("ok", "slack", "reset-kept") else 404, b"ok"))
        return True

    def graph(self, lead, query):
        token = query.get("access_token", [""])[0]
        if token != "good":
            text = "Error validating access token: Session has expired. The token was %s." % token
            error = {"message": text, "type": "OAuthException", "code": 190, "error_subcode": 463}
            return 400, {"error": error}, ['WWW-Authenticate: OAuth "Facebook Platform" "invalid_token" "%s"' % text]
        self.seen[lead] = self.seen.get(lead, 0) + 1
        if self.seen[lead] <= int(query.get("fail", ["0"])[0]):
            error = {"message": "An unexpected error has occurred.", "type": "OAuthException", "code": 2}
            return 500, {"error": error}, []
        if lead == "404":
            error = {"message": "Object '404' does not exist.", "type": "GraphMethodException", "code": 100}
            return 400, {"error": error}, []
        answers = {
            "full_name": ["Ada King"],
            "email": ["ada%s@acme.example" % lead],
            "phone_number": ["+13125550100"],
            "what_do_you_need?": ["Reliefs", "A bust"],
        }
        return 200, {
            "id": lead,
            "created_time": "2026-11-23T14:59:00+0000",
            "campaign_name": "Spring",
            "platform": "ig",
            "field_data": [{"name": name, "values": values} for name, values in answers.items()],
        }, []

    @staticmethod
    def reset(writer):
        plain = writer.transport.get_extra_info("socket")
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()


async def accept_for_ever(listener, peer, context):
    """Accepts by hand, so that connections count before their TLS handshake does."""
    loop = asyncio.get_running_loop()

    async def greet(connection):
        number = next(peer.numbers)
        peer.log.write(kind="connection", connection=number)
        reader = asyncio.StreamReader(limit=1 << 20)
        protocol = asyncio.StreamReaderProtocol(reader)
        try:
            transport, _ = await loop.connect_accepted_socket(lambda: protocol, connection, ssl=context)
        except (OSError, ValueError):
            connection.close()
            return
        await peer.serve(reader, asyncio.StreamWriter(transport, protocol, reader, loop), number)

    tasks = set()
    while True:
        connection, _ = await loop.sock_accept(listener)
        task = loop.create_task(greet(connection))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


async def main(kind=Peer):
    parser = argparse.ArgumentParser()
    parser.add_argument("--cert", choices=peer_certificates.KINDS)
    parser.add_argument("--certificates", help="directory for the certificates; a temporary one by default")
    parser.add_argument("--log")
    kind.add_arguments(parser)
    arguments = parser.parse_args()
    context, authority = None, None
    if arguments.cert:
        directory = arguments.certificates or tempfile.mkdtemp()
        context = peer_certificates.server_context(directory, arguments.cert)
        authority = peer_certificates.authority_file(directory)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(1024)
    listener.setblocking(False)
    peer = kind(peer_life.Log(arguments.log), arguments)
    accepting = asyncio.create_task(accept_for_ever(listener, peer, context))
    await peer_life.live(port=listener.getsockname()[1], ca=authority)
    accepting.cancel()


if __name__ == "__main__":
    import logging

    logging.disable(logging.CRITICAL)
    asyncio.run(main())
