#!/usr/bin/python3
"""A Slack workspace for tests: its Web API as far as we call it, with the documented limits and errors.

usage: slack_peer.py [--cert KIND] [--certificates DIR] [--log FILE] [--limits]

As http_peer.py, and:

  POST /api/chat.postMessage   to U…, W… (a conversation with the member), C…, G… or D…; the answer has channel and ts
  POST /api/chat.update        of a message by channel and ts
  POST /script?method=M&error=E[&status=N][&retry_after=S][&times=N]
                               the next N calls of M (1 unless told) are refused with that error, or that status
  POST /remove?channel=C&ts=T  somebody removes a message
  POST /response/NAME          an interaction's response_url: five answers within 30 minutes, by this machine's clock since
                               the first one, each of nothing but what is documented, with text and blocks as messages
                               have them
  POST /age?minutes=N          lets so much time pass for all response_urls
  POST /api/views.open         of a modal, by the trigger_id of a press
  POST /trigger?id=T[&seconds=N]
                               somebody presses, N seconds ago (0 unless told): the trigger opens one view within 3 seconds
  POST /submitted              what a view_submission was answered with: nothing, or a response_action

With --limits calls beyond the documented rates (docs.slack.dev/apis/web-api/rate-limits) are answered with 429 and
Retry-After, by this machine's clock: chat.postMessage takes a message a second in each conversation, and in a short burst
three more; chat.update, of tier 3, takes 50 calls in any minute, whatever they change. Slack is more patient than that, and
promises no more. A refused call counts for nothing; the log calls it ratelimited, and hasty if Retry-After of the one before
wasn't over.

The token is xoxb-peer. A channel whose ID ends in NONE is not found. The log gets a line for each message as it stands:
{"kind": "slack", "event": "post" | "update", "channel", "ts", "text", "blocks"}, for each view {"kind": "slack", "event": "view", "trigger", "view"}, and for each that was refused
{"kind": "slack", "event": "refused", "method", "error", "why"}; for answers to a response_url the method is "response", for
those to a submission it is "submission".
"""

import asyncio
import collections
import json
import math
import re
import time

import http_peer
import slack_blocks

TOKEN = "xoxb-peer"

# What may be posted to a response_url; text and blocks are checked as those of messages.
RESPONSE_MEMBERS = {
    "response_type": lambda value: value in ("ephemeral", "in_channel"),
    "replace_original": lambda value: isinstance(value, bool),
    "delete_original": lambda value: isinstance(value, bool),
    "thread_ts": lambda value: isinstance(value, str) and re.fullmatch(r"[0-9]+\.[0-9]+", value),
    "text": lambda value: True,
    "blocks": lambda value: True,
}


class Refusal(Exception):
    def __init__(self, error, why=""):
        super().__init__(error)
        self.error = error
        self.why = why


class Limited(Exception):
    """Too many calls; how many seconds are to pass before the next one."""

    def __init__(self, seconds, why):
        super().__init__(why)
        self.seconds = seconds
        self.why = why


class Burst:
    """One turn every second, of which four can be used at once."""

    most = 4

    def __init__(self, now):
        self.left, self.last = self.most, now

    def wait(self, now):
        """Takes a turn; else for how long there is none."""
        self.left = min(self.most, self.left + now - self.last)
        self.last = now
        if self.left < 1:
            return 1 - self.left
        self.left -= 1
        return 0


class Tier3:
    """50 turns in any minute."""

    def __init__(self, now):
        self.taken = collections.deque()

    def wait(self, now):
        """Takes a turn; else for how long there is none."""
        while self.taken and self.taken[0] + 60 <= now:
            self.taken.popleft()
        if len(self.taken) >= 50:
            return self.taken[0] + 60 - now
        self.taken.append(now)
        return 0


class Workspace(http_peer.Peer):
    def __init__(self, log, arguments):
        super().__init__(log, arguments)
        self.limits = {} if arguments.limits else None
        self.again = {}
        self.messages = {}
        self.clock = 1700000000
        self.scripts = {}
        self.responses = {}
        self.triggers = {}

    @staticmethod
    def add_arguments(parser):
        parser.add_argument("--limits", action="store_true")

    def count(self, kind, what):
        """Counts a call towards a limit, or refuses it."""
        if self.limits is None:
            return
        now = time.monotonic()
        # The clocks of those who wait count in milliseconds.
        hasty = now < self.again.pop(what, now) - 0.005
        wait = self.limits.setdefault(what, kind(now)).wait(now)
        if not wait and not hasty:
            return
        seconds = max(1, math.ceil(wait))
        self.again[what] = now + seconds
        raise Limited(seconds, "hasty" if hasty else "")

    async def answer(self, split, query, target, headers, body, answered, writer):
        parts = split.path.strip("/").split("/")

        async def send(data):
            writer.write(data)
            await writer.drain()
            return True

        if parts[0] in ("response", "submitted"):
            try:
                if parts[0] == "response":
                    self.respond(parts[1], body)
                else:
                    self.submitted(body)
            except Refusal as refusal:
                method = "response" if parts[0] == "response" else "submission"
                self.log.write(kind="slack", event="refused", method=method, error=refusal.error, why=refusal.why)
                status = 404 if refusal.error.endswith("_url") else 400
                data = json.dumps({"ok": False, "error": refusal.error}).encode()
                return await send(http_peer.response(status, data, content_type="application/json; charset=utf-8"))
            return await send(http_peer.response(200, b"ok"))
        if parts[0] == "age":
            for response in self.responses.values():
                response[0] -= 60 * int(query["minutes"][0])
            return await send(http_peer.response(200, b"ok"))
        if parts[0] == "trigger":
            self.triggers[query["id"][0]] = time.monotonic() - int(query.get("seconds", ["0"])[0])
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
        except Limited as limited:
            self.log.write(kind="slack", event="refused", method=method, error="ratelimited", why=limited.why)
            data = b'{"ok":false,"error":"ratelimited"}'
            fields = ["Retry-After: %d" % limited.seconds]
            return await send(http_peer.response(429, data, fields, "application/json; charset=utf-8"))
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
        if method == "views.open":
            return self.open(arguments)
        raise Refusal("unknown_method")

    # (docs.slack.dev/reference/methods/views.open)
    def open(self, arguments):
        trigger = arguments.get("trigger_id")
        if trigger not in self.triggers:
            raise Refusal("invalid_trigger_id")
        pressed, self.triggers[trigger] = self.triggers[trigger], None
        if pressed is None:
            raise Refusal("exchanged_trigger_id")
        if time.monotonic() - pressed > 3:
            raise Refusal("expired_trigger_id")
        self.check_view(arguments.get("view"))
        self.log.write(kind="slack", event="view", trigger=trigger, view=arguments["view"])
        return {"ok": True, "view": {"id": "V" + trigger, **arguments["view"]}}

    # (docs.slack.dev/surfaces/modals#handling_submissions)
    def submitted(self, body):
        if not body:
            return
        try:
            answer = json.loads(body)
        except ValueError:
            raise Refusal("invalid_payload")
        action = answer.get("response_action") if isinstance(answer, dict) else None
        if action == "update" and set(answer) == {"response_action", "view"}:
            self.check_view(answer["view"])
        elif action == "errors" and set(answer) == {"response_action", "errors"} and answer["errors"]:
            if not all(isinstance(error, str) and error for error in answer["errors"].values()):
                raise Refusal("invalid_payload", "errors")
        else:
            raise Refusal("invalid_payload", str(action))

    def check_view(self, view):
        try:
            slack_blocks.check_view(view)
        except slack_blocks.Invalid as invalid:
            raise Refusal("invalid_arguments", str(invalid))

    # (docs.slack.dev/interactivity/handling-user-interaction#message_responses)
    def respond(self, name, body):
        now = time.monotonic()
        response = self.responses.setdefault(name, [now, 0])
        if now - response[0] > 1800:
            raise Refusal("expired_url")
        if response[1] == 5:
            raise Refusal("used_url")
        try:
            answer = json.loads(body)
        except ValueError:
            raise Refusal("invalid_payload")
        if not isinstance(answer, dict):
            raise Refusal("invalid_payload", "no object")
        for name, value in answer.items():
            if name not in RESPONSE_MEMBERS or not RESPONSE_MEMBERS[name](value):
                raise Refusal("invalid_payload", name)
        if not answer.get("delete_original"):
            self.check(answer)
        response[1] += 1

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
        self.count(Burst, channel)
        self.clock += 1
        name = "%d.%06d" % (self.clock, self.clock % 1000000)
        return self.keep("post", channel, name, arguments)

    def update(self, arguments):
        self.count(Tier3, "chat.update")
        channel, name = arguments.get("channel", ""), arguments.get("ts", "")
        if not channel or channel[0] in "UW":
            raise Refusal("channel_not_found")
        if (channel, name) not in self.messages:
            raise Refusal("message_not_found")
        self.check(arguments)
        return self.keep("update", channel, name, arguments)

    def keep(self, event, channel, name, arguments):
        # An update with a text and no blocks removes the old blocks.
        message = {"text": arguments["text"], "blocks": arguments.get("blocks", [])}
        self.messages[(channel, name)] = message
        self.log.write(kind="slack", event=event, channel=channel, ts=name, **message)
        return {"ok": True, "channel": channel, "ts": name, "message": {"text": message["text"]}}


if __name__ == "__main__":
    import logging

    logging.disable(logging.CRITICAL)
    asyncio.run(http_peer.main(Workspace))
