"""The life of a peer: it says on standard output that it is ready, and ends when standard input or its time does.

So no peer outlives the test run that started it. Used by smtp_peer.py and http_peer.py.
"""

import asyncio
import json
import os
import sys

LONGEST_LIFE = 600


class Log:
    """A file of JSON lines; a line is in the file before the answer that follows from it leaves."""

    def __init__(self, path):
        self.file = open(path, "a", buffering=1, encoding="utf-8") if path else None

    def write(self, **entry):
        if self.file:
            self.file.write(json.dumps(entry) + "\n")
            self.file.flush()


def announce(**event):
    """Says something on standard output, where a test waits for it: that the peer is ready, or that it hangs."""
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


async def hang():
    """Does nothing for longer than any test, and says so."""
    announce(event="hang")
    await asyncio.sleep(LONGEST_LIFE)


async def live(**ready):
    """Announces the peer, and ends the program when its time has come."""
    loop = asyncio.get_running_loop()
    over = asyncio.Event()

    def look():
        if not os.read(0, 4096):
            over.set()

    loop.add_reader(0, look)
    loop.call_later(LONGEST_LIFE, over.set)
    announce(**ready)
    await over.wait()
    # Whatever still hangs on purpose hangs no longer.
    os._exit(0)
