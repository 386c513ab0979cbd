#!/usr/bin/python3
"""A mail relay for tests: STARTTLS and AUTH (PLAIN, LOGIN; leadbell / swordfish), and many ways to fail.

usage: smtp_peer.py [--mode MODE] [--cert KIND] [--certificates DIR] [--log FILE]

Prints one line {"port", "ca"} when ready and {"event": "hang"} whenever it begins to hang; ends when standard input
does. The log gets a line for each connection ({"kind": "connection"}) and each accepted message ({"kind": "mail",
"from", "to", "data", "data_base64", "tls", "auth", "connection"}), before the client hears of its acceptance.

Modes:
  ok                    accepts everything after TLS and login
  no-starttls           does not offer STARTTLS (nor AUTH, which needs it)
  no-auth               offers no AUTH
  foreign-auth          offers AUTH with mechanisms that no password helps with
  bad-login             refuses every login
  refuse-rcpt           550 to RCPT          tempfail-rcpt         450 to RCPT
  refuse-mail           553 to MAIL
  refuse-data           554 to the message   tempfail-data         451 to the message
  refuse-data-command   554 to DATA itself
  drop-rcpt             closes at RCPT
  drop-after-data       closes when the whole message is there, without a reply
  hang-after-data       never replies to the message
  drop-in-data          closes in the middle of the message
  close-greeting        closes at once
  greeting-421, greeting-554                 greets with that code
  implicit-tls          TLS from the first byte
  stale-421             after one message on a connection, 421 to the next MAIL, and closes
  stale-close           closes without a word at the second MAIL
  stale-hang            after one message on a connection, no reply to MAIL
  tell-quit             accepts everything, and says {"event": "quit"} on standard output at each QUIT
  multiline             refuses RCPT with a long reply of several lines
  plain                 accepts everything without TLS or login
  greylist              451 to the first message, accepts every other and says {"event": "mail"}; without TLS or login
  token                 logs in by XOAUTH2 alone, with the token ya29.good
  say-STAGE-CODE        that code at a stage: ehlo, starttls, auth, mail, rcpt, data (the command) or message; with
                        -ENHANCED that enhanced code
  hang-STAGE            says nothing more at a stage or at the greeting; hang-handshake agrees to STARTTLS before that
  drip-STAGE            a byte every 50 ms for ever         endless-STAGE         line after line of a reply that doesn't end
"""

import argparse
import asyncio
import base64
import itertools
import re
import tempfile

import peer_certificates
import peer_life
from aiosmtpd.smtp import SMTP, AuthResult

MODES = (
    "ok no-starttls no-auth foreign-auth bad-login refuse-rcpt tempfail-rcpt refuse-mail refuse-data tempfail-data"
    " refuse-data-command drop-rcpt drop-after-data hang-after-data drop-in-data close-greeting"
    " greeting-421 greeting-554 hang-handshake implicit-tls stale-421 stale-close stale-hang tell-quit multiline plain greylist token"
).split()
STAGES = "ehlo starttls auth mail rcpt data message".split()


def mode(text):
    """An argument of the command line that is a mode."""
    stages = "|".join(STAGES)
    says = re.fullmatch(r"say-(%s)-\d{3}(-\d\.\d+\.\d+)?|(hang|drip|endless)-(greeting|%s)" % (stages, stages), text)
    if text not in MODES and not says:
        raise argparse.ArgumentTypeError("no such mode")
    return text


class Relay(SMTP):
    def __init__(self, peer):
        self.peer = peer
        self.accepted = 0
        self.number = 0
        mode = peer.mode
        super().__init__(
            peer,
            hostname="peer.example",
            ident="test peer",
            enable_SMTPUTF8=True,
            tls_context=None if mode in ("no-starttls", "implicit-tls", "plain", "greylist") else peer.context,
            auth_require_tls=mode not in ("implicit-tls", "plain", "greylist"),
            authenticator=peer.authenticate,
            auth_exclude_mechanism=["LOGIN", "PLAIN"] if mode == "token" else ["XOAUTH2"],
            loop=asyncio.get_running_loop(),
        )

    def connection_made(self, transport):
        # Called a second time when STARTTLS has replaced the transport.
        if not self.number:
            self.number = next(self.peer.numbers)
            self.peer.log.write(kind="connection", connection=self.number)
        super().connection_made(transport)

    async def _handle_client(self):
        mode = self.peer.mode
        if not self.session.ssl:
            await self.stall("greeting")
        if mode == "close-greeting":
            self.transport.abort()
            return
        if mode.startswith("greeting-") and not self.session.ssl:
            await self.push({"421": "421 4.3.2 too busy", "554": "554 5.3.2 no service"}[mode[-3:]])
            self.transport.close()
            return
        await super()._handle_client()

    async def says(self, stage):
        """Whether the mode's reply belongs to the stage, and has been given."""
        await self.stall(stage)
        reply = self.peer.reply(stage)
        if reply:
            await self.push(reply)
        return reply is not None

    async def stall(self, stage):
        """Never comes back from the stage that the mode names."""
        how, _, where = self.peer.mode.partition("-")
        if where != stage or how not in ("hang", "drip", "endless"):
            return
        if how == "hang":
            await peer_life.hang()
        while how == "drip":
            self._writer.write(b"2")
            await self._writer.drain()
            await asyncio.sleep(0.05)
        while how == "endless":
            self._writer.write(b"250-and so on\r\n" * 100)
            await self._writer.drain()
            await asyncio.sleep(0.01)

    async def smtp_EHLO(self, arg):
        if not await self.says("ehlo"):
            await super().smtp_EHLO(arg)

    async def smtp_HELO(self, arg):
        if not await self.says("ehlo"):
            await super().smtp_HELO(arg)

    async def smtp_STARTTLS(self, arg):
        if self.peer.mode == "hang-handshake":
            await self.push("220 go on")
            await peer_life.hang()
        if not await self.says("starttls"):
            await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg):
        if not await self.says("auth"):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg):
        if await self.says("mail"):
            return
        mode = self.peer.mode
        if mode.startswith("stale-") and self.accepted:
            if mode == "stale-421":
                await self.push("421 4.4.2 idle for too long")
            if mode == "stale-hang":
                await peer_life.hang()
            self.transport.close()
            return
        if mode == "refuse-mail":
            await self.push("553 5.1.8 sender unknown")
            return
        await super().smtp_MAIL(arg)

    async def smtp_QUIT(self, arg):
        if self.peer.mode == "tell-quit":
            peer_life.announce(event="quit")
        await super().smtp_QUIT(arg)

    async def smtp_DATA(self, arg):
        if await self.says("data"):
            return
        mode = self.peer.mode
        if mode == "refuse-data-command":
            await self.push("554 5.5.1 no data, please")
            return
        if mode == "drop-in-data":
            await self.push("354 go on")
            await self._reader.read(1024)
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class Peer:
    def __init__(self, mode, context, log):
        self.mode = mode
        self.context = context
        self.log = log
        self.numbers = itertools.count(1)
        self.refused = 0

    def reply(self, stage):
        """What the mode has the relay say at a stage; None at all others."""
        if not self.mode.startswith("say-%s-" % stage):
            return None
        code, _, enhanced = self.mode[len("say-%s-" % stage):].partition("-")
        return "%s %s said at this stage" % (code, enhanced or code[0] + ".5.0")

    def authenticate(self, server, session, envelope, mechanism, data):
        good = (data.login, data.password) == (b"leadbell", b"swordfish") and self.mode != "bad-login"
        if not good:
            return AuthResult(success=False, handled=False)
        return AuthResult(success=True, auth_data=data.login.decode())

    async def auth_XOAUTH2(self, server, args):
        parts = base64.b64decode(args[1]).decode().split("\x01") if len(args) > 1 else []
        if parts[:2] == ["user=leadbell", "auth=Bearer ya29.good"]:
            return AuthResult(success=True, auth_data="leadbell")
        # As the large providers do: why not, as a challenge, to be answered with an empty line.
        await server.challenge_auth(base64.b64encode(b'{"status":"400"}').decode(), encode_to_b64=False)
        return AuthResult(success=False, handled=False)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        if self.mode in ("no-auth", "foreign-auth", "plain", "greylist"):
            responses = [line for line in responses if not line.startswith("250-AUTH")]
        if self.mode == "foreign-auth":
            responses.insert(1, "250-AUTH GSSAPI X-PEER")
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        await server.stall("rcpt")
        if self.reply("rcpt"):
            return self.reply("rcpt")
        if self.mode == "refuse-rcpt":
            return "550 5.1.1 no such person"
        if self.mode == "tempfail-rcpt":
            return "450 4.2.1 not now"
        if self.mode == "multiline":
            return "550-5.7.1 first line\r\n550-5.7.1 second \x01line\r\n550 5.7.1 " + "long " * 100
        if self.mode == "drop-rcpt":
            server.transport.abort()
            return "421 gone"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        await server.stall("message")
        if self.reply("message"):
            return self.reply("message")
        if self.mode == "refuse-data":
            return "554 5.6.0 message refused"
        if self.mode == "tempfail-data":
            return "451 4.3.0 try again later"
        if self.mode == "greylist" and not self.refused:
            self.refused += 1
            return "451 4.7.1 come back in a moment"
        if self.mode == "drop-after-data":
            server.transport.abort()
            return "421 gone"
        if self.mode == "hang-after-data":
            await peer_life.hang()
        tls = server.transport.get_extra_info("ssl_object") is not None
        number = server.number
        server.accepted += 1
        self.log.write(
            kind="mail",
            **{"from": envelope.mail_from},
            to=envelope.rcpt_tos,
            data=envelope.content.decode("latin-1"),
            data_base64=base64.b64encode(envelope.content).decode(),
            tls=tls,
            auth=session.auth_data if session.authenticated else None,
            helo=session.host_name,
            connection=number,
        )
        if self.mode == "greylist":
            peer_life.announce(event="mail")
        return "250 2.0.0 queued as PEER%d" % number


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mode", default="ok", type=mode)
    parser.add_argument("--cert", default="good", choices=peer_certificates.KINDS)
    parser.add_argument("--certificates", help="directory for the certificates; a temporary one by default")
    parser.add_argument("--log")
    arguments = parser.parse_args()
    directory = arguments.certificates or tempfile.mkdtemp()
    context = peer_certificates.server_context(directory, arguments.cert)
    peer = Peer(arguments.mode, context, peer_life.Log(arguments.log))
    server = await asyncio.get_running_loop().create_server(
        lambda: Relay(peer), "127.0.0.1", 0, ssl=context if arguments.mode == "implicit-tls" else None, backlog=256
    )
    port = server.sockets[0].getsockname()[1]
    await peer_life.live(port=port, ca=peer_certificates.authority_file(directory))


if __name__ == "__main__":
    import logging

    logging.disable(logging.CRITICAL)
    asyncio.run(main())
