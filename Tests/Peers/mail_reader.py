#!/usr/bin/python3
"""Reads mails as another program would, for tests.

usage: mail_reader.py FILE...

Prints a JSON list with an object for each file: its headers (decoded, in order), the raw length of its longest header
and body lines, its parts (type, charset, encoding, text) and every defect that the parser found.
"""

import email
import email.header
import email.policy
import email.utils
import json
import sys


def defects(part):
    found = [type(defect).__name__ for defect in part.defects]
    for name, value in part.items():
        found += ["%s: %s" % (name, type(defect).__name__) for defect in getattr(value, "defects", ())]
    return found


def mailbox(raw):
    """The name and the address of a field with one mailbox.

    By the older functions: the newer parser leaves a space between the encoded words of a name (Python 3.11).
    """
    name, address = email.utils.parseaddr(raw.replace("\r\n", "").replace("\n", ""))
    return [str(email.header.make_header(email.header.decode_header(name))), address]


def read(path):
    with open(path, "rb") as file:
        raw = file.read()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    plain = email.message_from_bytes(raw, policy=email.policy.compat32)
    head, _, body = raw.partition(b"\r\n\r\n")
    parts = [part for part in message.walk() if not part.is_multipart()]
    return {
        "headers": [[name, str(value)] for name, value in message.items()],
        "from": mailbox(plain["From"]),
        "to": mailbox(plain["To"]),
        "recipients": [address.addr_spec for address in message["To"].addresses],
        "type": message.get_content_type(),
        "longest_header_line": max(len(line) for line in head.split(b"\r\n")),
        "longest_body_line": max(len(line) for line in body.split(b"\r\n")),
        "is_ascii": all(byte < 0x80 for byte in raw),
        "stray_line_ends": raw.replace(b"\r\n", b"").count(b"\r") + raw.replace(b"\r\n", b"").count(b"\n"),
        "parts": [
            {
                "type": part.get_content_type(),
                "charset": part.get_content_charset(),
                "encoding": part["Content-Transfer-Encoding"],
                "text": part.get_content(),
            }
            for part in parts
        ],
        "defects": [defect for part in message.walk() for defect in defects(part)],
    }


print(json.dumps([read(path) for path in sys.argv[1:]]))
