"""A manager who chooses: takes the link out of a message, reads the page behind it and posts its form.

A message without a link, a page without the form and an unexpected answer raise BenchError. Used by the row P8.
"""

import html.parser
import http.client
import re
import socket
import time
import urllib.parse

from peers import BenchError

LINK = re.compile(r"""https?://[^\s"'<>\\()]+/l/[^\s"'<>\\()]+""")


def link_in(body):
    """The path of the first signed link in a JSON message."""
    text = body.decode(errors="replace").replace("\\/", "/").replace("\\u0026", "&")
    found = LINK.search(text)
    if found is None:
        raise BenchError(f"no link in the manager's message: {text[:300]}")
    address = urllib.parse.urlsplit(found.group())
    return address.path + (f"?{address.query}" if address.query else "")


class Forms(html.parser.HTMLParser):
    """The forms of a page: action, hidden fields, and the reps that can be chosen."""

    def __init__(self, text):
        super().__init__()
        self.forms = []
        self.open = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, pairs):
        attributes = dict(pairs)
        if tag == "form":
            self.open = True
            self.forms.append({"action": attributes.get("action") or "", "hidden": {}, "reps": []})
        elif tag == "input" and self.open:
            name, value = attributes.get("name"), attributes.get("value") or ""
            if name and attributes.get("type") == "hidden":
                self.forms[-1]["hidden"][name] = value
            elif name == "rep":
                self.forms[-1]["reps"].append(value)

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = False

    def assignment(self):
        """The form that offers reps, or None."""
        return next((form for form in self.forms if form["reps"]), None)


class Browser:
    """One keep-alive connection; a request leaves in a single write, so that its instant is one instant."""

    def __init__(self, port):
        self.port, self.socket = port, None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.socket:
            self.socket.close()

    def dial(self):
        if self.socket:
            self.socket.close()
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def exchange(self, method, path, body=b"", headers=()):
        """Returns (instant before the request, answer, its text); a connection closed while idle is dialled again."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Accept: text/html",
                 "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", *headers]
        if body:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        request = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
        for last in (self.socket is None, True):
            if self.socket is None:
                self.dial()
            try:
                at = time.monotonic_ns()
                self.socket.sendall(request)
                answer = http.client.HTTPResponse(self.socket, method=method)
                answer.begin()
                text = answer.read().decode(errors="replace")
            except (http.client.BadStatusLine, BrokenPipeError, ConnectionResetError) as error:
                self.socket.close()
                self.socket = None
                if last:
                    raise BenchError(f"{method} of the page: {error!r}") from None
                continue
            if answer.will_close:
                self.socket.close()
                self.socket = None
            return at, answer, text


class Page:
    """One lead's page, read and ready to be posted."""

    def __init__(self, browser, path):
        _, answer, text = browser.exchange("GET", path)
        form = Forms(text).assignment() if answer.status == 200 else None
        if form is None:
            raise BenchError(f"the page offers no rep (status {answer.status}): {text[:300]!r}")
        self.target = urllib.parse.urljoin(path, form["action"]) if form["action"] else path
        self.target = self.target.removeprefix(f"http://127.0.0.1:{browser.port}")
        self.body = urllib.parse.urlencode({**form["hidden"], "rep": form["reps"][0], "action": "assign"}).encode()
        cookies = [value.split(";")[0] for value in answer.headers.get_all("Set-Cookie") or []]
        self.headers = [f"Origin: http://127.0.0.1:{browser.port}", "Sec-Fetch-Site: same-origin"]
        if cookies:
            self.headers.append("Cookie: " + "; ".join(cookies))

    def choose(self, browser):
        """Posts the choice; returns the instant before the POST, and a description of the answer for errors."""
        at, answer, text = browser.exchange("POST", self.target, self.body, self.headers)
        if answer.status >= 400:
            raise BenchError(f"the choice was refused (status {answer.status}): {text[:300]!r}")
        return at, f"status {answer.status}, {text[:300]!r}"
