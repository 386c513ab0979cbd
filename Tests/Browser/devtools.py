"""A Chromium under remote control over its DevTools pipe, with the standard library alone.

The browser gets a folder of its own, resolves no host but the loopback address, and is ended by its own process group,
whereupon the folder goes, however its story has ended.
"""

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

CHROMIUM = os.environ.get("LEADBELL_CHROMIUM", "/usr/bin/chromium")
PATIENCE = 60.0


class Browser:
    """One page in one browser."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="leadbell-")
        self.process = None
        try:
            self.start()
        except BaseException:
            self.end()
            raise

    def start(self):
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        self.input, self.output = ours_in, ours_out
        # Chromium reads commands from descriptor 3 and writes answers to 4; move ours out of their way first.
        theirs_in, theirs_out = (fcntl.fcntl(fd, fcntl.F_DUPFD, 50) for fd in (theirs_in, theirs_out))

        def place():
            os.dup2(theirs_in, 3)
            os.dup2(theirs_out, 4)

        self.process = subprocess.Popen(
            [
                CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync",
                "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
                "--force-color-profile=srgb", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                f"--user-data-dir={self.folder}/profile", "--remote-debugging-pipe", "about:blank",
            ],
            # Beside its profile it keeps a folder for temporary files, and leaves that when it is ended.
            env={**os.environ, "TMPDIR": self.folder}, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False, preexec_fn=place,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self.buffer = b""
        self.events = []
        self.last_id = 0
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "DOM", "CSS", "Network", "Log", "Accessibility"):
            self.call(domain + ".enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        if self.process:
            # All of it at once: a process that outlived the others would write to its profile yet.
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.await_group(self.process.pid)
            os.close(self.input)
            os.close(self.output)
        shutil.rmtree(self.folder)

    @staticmethod
    def await_group(group):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                os.killpg(group, 0)
            except ProcessLookupError:
                return
            time.sleep(0.01)

    # The protocol

    def call(self, method, **params):
        """Sends a command and returns its result; events that come meanwhile are kept."""
        self.last_id += 1
        message = {"id": self.last_id, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.last_id:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def receive(self):
        deadline = time.monotonic() + PATIENCE
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.input], [], [], max(0, deadline - time.monotonic()))
            data = os.read(self.input, 1 << 20) if ready else b""
            if not data:
                raise RuntimeError("the browser does not answer")
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(line)

    def wait_for(self, method, since):
        """The first event called `method` among those after number `since`."""
        while True:
            for event in self.events[since:]:
                if event.get("method") == method:
                    return event["params"]
            self.events.append(self.receive())

    def seen(self, method):
        """All events called `method` so far."""
        return [event["params"] for event in self.events if event.get("method") == method]

    # What a person does

    def phone(self, scheme="light", scripts=False, agent=None):
        """A phone's screen, 390 by 844 points, with touch."""
        self.call("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=2, mobile=True)
        self.call("Emulation.setTouchEmulationEnabled", enabled=True)
        self.look(scheme)
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        if agent:
            self.call("Emulation.setUserAgentOverride", userAgent=agent)

    def desk(self, scheme="light"):
        self.call("Emulation.setDeviceMetricsOverride", width=1200, height=900, deviceScaleFactor=1, mobile=False)
        self.look(scheme)

    def look(self, scheme):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, url):
        self.loading(lambda: self.call("Page.navigate", url=url))

    def loading(self, act):
        """Does something that leads to another page, and waits for that page."""
        since = len(self.events)
        act()
        self.wait_for("Page.loadEventFired", since)

    def tap(self, selector):
        self.call("DOM.scrollIntoViewIfNeeded", nodeId=self.node(selector))
        x, y, width, height = self.box(selector)
        point = [{"x": x + width / 2, "y": y + height / 2}]
        self.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=point)
        self.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def press(self, key):
        text = {"Enter": "\r", "Space": " "}.get(key, "")
        code = {"Enter": 13, "Space": 32, "Tab": 9, "ArrowDown": 40}[key]
        name = " " if key == "Space" else key
        keys = {"key": name, "code": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **keys)
        self.call("Input.dispatchKeyEvent", type="keyUp", **keys)

    def write(self, text):
        self.call("Input.insertText", text=text)

    # What a person sees

    def find(self, selector):
        root = self.call("DOM.getDocument", depth=0)["root"]["nodeId"]
        return self.call("DOM.querySelectorAll", nodeId=root, selector=selector)["nodeIds"]

    def node(self, selector):
        nodes = self.find(selector)
        if not nodes:
            raise RuntimeError(f"there is no {selector} on the page")
        return nodes[0]

    def await_node(self, selector):
        """The browser gives the focus to what asks for it only when it has drawn the page, and scripts take their time."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.find(selector):
                return
            time.sleep(0.01)
        raise RuntimeError(f"{selector} never came to the page")

    def html(self, selector="html"):
        return self.call("DOM.getOuterHTML", nodeId=self.node(selector))["outerHTML"]

    def attribute(self, node, name):
        pairs = self.call("DOM.getAttributes", nodeId=node)["attributes"]
        return dict(zip(pairs[0::2], pairs[1::2])).get(name)

    def box(self, selector):
        return self.box_of(self.node(selector))

    def box_of(self, node):
        quad = self.call("DOM.getBoxModel", nodeId=node)["model"]["border"]
        xs, ys = quad[0::2], quad[1::2]
        return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)

    def style(self, selector, name):
        styles = self.call("CSS.getComputedStyleForNode", nodeId=self.node(selector))["computedStyle"]
        return next(style["value"] for style in styles if style["name"] == name)

    def screenshot(self, most=4000):
        """The page as PNG, of its height at most so much."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], most), "scale": 1}
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        return base64.b64decode(shot["data"])

    def hosts(self):
        """The hosts that were asked for anything."""
        urls = [event["request"]["url"] for event in self.seen("Network.requestWillBeSent")]
        return {url.split("/")[2] for url in urls if not url.startswith(("data:", "about:"))}

    def complaints(self):
        """What the browser said of violated policies; that a page came with 4xx is no complaint."""
        entries = [event["entry"] for event in self.seen("Log.entryAdded")]
        return [
            entry["text"] for entry in entries
            if entry["level"] == "error" and "responded with a status of 4" not in entry["text"]
        ]


def tell(stories):
    """Tells the story that the command line names, in a browser of its own, and prints how it ended; exit 1 when it fails."""
    # Whoever ends the story ends its browser.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with Browser() as browser:
        try:
            print(stories[sys.argv[1]](browser, *sys.argv[2:]))
        except (AssertionError, RuntimeError) as error:
            print(error, file=sys.stderr)
            sys.exit(1)
