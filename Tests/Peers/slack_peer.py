#!/usr/bin/python3
"""A Slack workspace for tests: its Web API as far as we call it, with the documented limits and errors.

usage: slack_peer.py [--cert KIND] [--certificates DIR] [--log FILE]

As http_peer.py, and:

  POST /api/chat.postMessage   to U…, W… (a conversation with the member), C…, G… or D…; the answer has channel and ts
  POST /api/chat.update        of a message by channel and ts
  POST /script?method=M&error=E[&status=N][&retry_after=S][&times=N]
                               the next N calls of M (1 unless told) are refused with that error, or that status
  POST /remove?channel=C&ts=T  somebody removes a message
  POST /response/NAME          an interaction's response_url; answers 200 "ok"

The token is xoxb-peer. A channel whose ID ends in NONE is not found. The log gets a line for each message as it stands:
{"kind": "slack", "event": "post" | "update", "channel", "ts", "text", "blocks"}, and for each that was refused
{"kind": "slack", "event": "refused", "method", "error", "why"}.
"""

import asyncio
import json
import re

import http_peer
import slack_blocks

TOKEN = "xoxb-peer"


class Refusal(Exception):
    def __init__(self, error, why=""):
        super().__init__(error)
        self.error = error
        self.why = why


class Workspace(http_peer.Peer):
    def __init__(self, log):
        super().__init__(log)
        self.messages = {}
        self.clock = 1700000000
        self.scripts = {}

    async def answer(self, split, query, target, headers, body, answered, writer):
        parts = split.path.strip("/").split("/")

        async def send(data):
            writer.write(data)
            await writer.drain()
            return True

        if parts[0] == "response":
            return await send(http_peer.response(200, b"ok"))
        if parts[0] == "script":
            fields = {name: values[0] for name, values in query.items()}
            self.scripts.setdefault(fields["method"], []).extend([fields] * int(fields.get("times", "1")))
            return await send(http_peer.response(200, b"ok"))
        if parts[0] == "remove":
            self.messages.pop((query["channel"][0], query["ts"][0]), None)
            return await send(http_peer.response(200, b"ok"))
        if parts[0] != "api":
            return await super().answer(split, query, target, headers, body, answered, writer)
        method = parts[1]
        script = self.scripts.get(method) and self.scripts[method].pop(0)
        if script and "status" in script:
            fields = ["Retry-After: " + script["retry_after"]] if "retry_after" in script else []
            return await send(http_peer.response(int(script["status"]), b"", fields))
        try:
            if script:
                raise Refusal(script["error"])
            result = self.call(method, dict((name.lower(), value) for name, value in headers), body)
        except Refusal as refusal:
            self.log.write(kind="slack", event="refused", method=method, error=refusal.error, why=refusal.why)
            result = {"ok": False, "error": refusal.error}
        data = json.dumps(result).encode()
        return await send(http_peer.response(200, data, content_type="application/json; charset=utf-8"))

    def call(self, method, headers, body):
        authorization = headers.get("authorization", "")
        if not authorization:
            raise Refusal("not_authed")
        if authorization != "Bearer " + TOKEN:
            raise Refusal("invalid_auth")
        if headers.get("content-type", "").split(";")[0] != "application/json":
            raise Refusal("invalid_post_type")
        try:
            arguments = json.loads(body)
        except ValueError:
            raise Refusal("invalid_json")
        if method == "chat.postMessage":
            return self.post(arguments)
        if method == "chat.update":
            return self.update(arguments)
        raise Refusal("unknown_method")

    def check(self, arguments):
        try:
            slack_blocks.check(arguments)
        except slack_blocks.Invalid as invalid:
            raise Refusal("invalid_blocks", str(invalid))

    def post(self, arguments):
        channel = arguments.get("channel", "")
        if not re.fullmatch("[UWCGD][A-Z0-9]{2,}", channel) or channel.endswith("NONE"):
            raise Refusal("channel_not_found")
        self.check(arguments)
        if channel[0] in "UW":
            channel = "D" + channel[1:]
        self.clock += 1
        time = "%d.%06d" % (self.clock, self.clock % 1000000)
        return self.keep("post", channel, time, arguments)

    def update(self, arguments):
        channel, time = arguments.get("channel", ""), arguments.get("ts", "")
        if not channel or channel[0] in "UW":
            raise Refusal("channel_not_found")
        if (channel, time) not in self.messages:
            raise Refusal("message_not_found")
        self.check(arguments)
        return self.keep("update", channel, time, arguments)

    def keep(self, event, channel, time, arguments):
        # An update with a text and no blocks removes the old blocks.
        message = {"text": arguments["text"], "blocks": arguments.get("blocks", [])}
        self.messages[(channel, time)] = message
        self.log.write(kind="slack", event=event, channel=channel, ts=time, **message)
        return {"ok": True, "channel": channel, "ts": time, "message": {"text": message["text"]}}


if __name__ == "__main__":
    import logging

    logging.disable(logging.CRITICAL)
    asyncio.run(http_peer.main(Workspace))
