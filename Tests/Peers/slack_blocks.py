"""Checks Block Kit as Slack documents it, as far as our messages and modals use it. (docs.slack.dev/reference/block-kit)

Used by slack_peer.py; `check(message)` and `check_view(view)` raise Invalid with what is wrong.
"""

import json


class Invalid(Exception):
    pass


def units(text):
    """Nothing counts more than UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def expect(condition, what):
    if not condition:
        raise Invalid(what)


def keys(value, where, required, optional=()):
    expect(isinstance(value, dict), where + " is no object")
    for key in required:
        expect(key in value, "%s lacks %s" % (where, key))
    for key in value:
        expect(key in required or key in optional, "%s has an unknown %s" % (where, key))


def text(value, where, most, types=("plain_text", "mrkdwn")):
    keys(value, where, ("type", "text"), ("emoji", "verbatim"))
    expect(value["type"] in types, "%s is %s" % (where, value["type"]))
    expect("emoji" not in value or value["type"] == "plain_text", where + " has emoji in markup")
    expect("verbatim" not in value or value["type"] == "mrkdwn", where + " has verbatim in plain text")
    expect(isinstance(value["text"], str), where + " is no text")
    expect(1 <= units(value["text"]) <= most, "%s has %d characters" % (where, units(value["text"])))


def plain(value, where, most):
    text(value, where, most, ("plain_text",))


def identifier(value, where):
    expect(isinstance(value, str) and 1 <= len(value) <= 255, where + " is no identifier")


def confirm(value, where):
    keys(value, where, ("title", "text", "confirm", "deny"), ("style",))
    plain(value["title"], where + ".title", 100)
    text(value["text"], where + ".text", 300)
    plain(value["confirm"], where + ".confirm", 30)
    plain(value["deny"], where + ".deny", 30)
    expect(value.get("style", "primary") in ("primary", "danger"), where + ".style")


def option(value, where):
    keys(value, where, ("text", "value"), ("description",))
    plain(value["text"], where + ".text", 75)
    expect(isinstance(value["value"], str) and 1 <= len(value["value"]) <= 75, where + ".value")
    if "description" in value:
        plain(value["description"], where + ".description", 75)


def button(value, where):
    keys(value, where, ("type", "action_id", "text"), ("value", "url", "style", "confirm"))
    plain(value["text"], where + ".text", 75)
    expect(units(value.get("value", "")) <= 2000, where + ".value")
    expect(len(value.get("url", "")) <= 3000, where + ".url")
    expect(value.get("style", "primary") in ("primary", "danger"), where + ".style")


def options(value, where, most):
    expect(1 <= len(value["options"]) <= most, "%s has %d options" % (where, len(value["options"])))
    for number, one in enumerate(value["options"]):
        option(one, "%s.options[%d]" % (where, number))
    values = [one["value"] for one in value["options"]]
    expect(len(set(values)) == len(values), where + " has a value twice")


def static_select(value, where):
    keys(value, where, ("type", "action_id", "options"), ("placeholder", "confirm", "initial_option"))
    options(value, where, 100)
    if "placeholder" in value:
        plain(value["placeholder"], where + ".placeholder", 150)


def radio_buttons(value, where):
    keys(value, where, ("type", "action_id", "options"), ("initial_option",))
    options(value, where, 10)


def plain_text_input(value, where):
    keys(value, where, ("type", "action_id"), ("multiline", "max_length", "min_length", "placeholder", "initial_value"))
    expect(isinstance(value.get("multiline", False), bool), where + ".multiline")
    expect(1 <= value.get("max_length", 1) <= 3000, where + ".max_length")


INPUTS = {"static_select": static_select, "radio_buttons": radio_buttons, "plain_text_input": plain_text_input}


# (docs.slack.dev/reference/block-kit/blocks/input-block)
def input_block(value, where):
    keys(value, where, ("type", "label", "element"), ("block_id", "optional", "hint", "dispatch_action"))
    plain(value["label"], where + ".label", 2000)
    expect(isinstance(value.get("optional", False), bool), where + ".optional")
    element = value["element"]
    expect(isinstance(element, dict) and element.get("type") in INPUTS, where + ".element is of no known type")
    expect("confirm" not in element, where + ".element asks once more")
    INPUTS[element["type"]](element, where + ".element")
    identifier(element["action_id"], where + ".element.action_id")


ELEMENTS = {"button": button, "static_select": static_select}


def actions(value, where):
    keys(value, where, ("type", "elements"), ("block_id",))
    expect(1 <= len(value["elements"]) <= 25, "%s has %d elements" % (where, len(value["elements"])))
    names = []
    for number, one in enumerate(value["elements"]):
        place = "%s.elements[%d]" % (where, number)
        expect(isinstance(one, dict) and one.get("type") in ELEMENTS, place + " is of no known type")
        ELEMENTS[one["type"]](one, place)
        identifier(one["action_id"], place + ".action_id")
        names.append(one["action_id"])
        if "confirm" in one:
            confirm(one["confirm"], place + ".confirm")
    expect(len(set(names)) == len(names), where + " has an action_id twice")


def header(value, where):
    keys(value, where, ("type", "text"), ("block_id",))
    plain(value["text"], where + ".text", 150)


def context(value, where):
    keys(value, where, ("type", "elements"), ("block_id",))
    expect(1 <= len(value["elements"]) <= 10, where + ".elements")
    for number, one in enumerate(value["elements"]):
        text(one, "%s.elements[%d]" % (where, number), 3000)


def divider(value, where):
    keys(value, where, ("type",), ("block_id",))


def section(value, where):
    keys(value, where, ("type",), ("block_id", "text", "fields"))
    expect("text" in value or "fields" in value, where + " has neither text nor fields")
    if "text" in value:
        text(value["text"], where + ".text", 3000)
    if "fields" in value:
        expect(1 <= len(value["fields"]) <= 10, where + ".fields")
        for number, one in enumerate(value["fields"]):
            text(one, "%s.fields[%d]" % (where, number), 2000)


BLOCKS = {"actions": actions, "header": header, "context": context, "divider": divider, "section": section}


def check(message):
    """Raises Invalid unless the message's text and blocks are as Slack takes them."""
    expect(isinstance(message.get("text"), str) and 1 <= units(message["text"]) <= 40000, "text")
    check_blocks(message.get("blocks", []), 50, BLOCKS)


# (docs.slack.dev/reference/views/modal-views)
def check_view(view):
    """Raises Invalid unless the view is a modal as Slack takes it."""
    keys(view, "view", ("type", "title", "blocks"), (
        "close", "submit", "private_metadata", "callback_id", "clear_on_close", "notify_on_close", "external_id"))
    expect(view["type"] == "modal", "view.type")
    for name in ("title", "close", "submit"):
        if name in view:
            plain(view[name], "view." + name, 24)
    expect(units(view.get("private_metadata", "")) <= 3000, "view.private_metadata is too long")
    expect(units(view.get("callback_id", "")) <= 255, "view.callback_id is too long")
    expect(len(json.dumps(view)) <= 250_000, "view is too large")
    blocks = view["blocks"]
    check_blocks(blocks, 100, {**BLOCKS, "input": input_block})
    asks = any(block["type"] == "input" for block in blocks)
    expect("submit" in view or not asks, "view asks and has no submit")


def check_blocks(blocks, most, kinds):
    expect(isinstance(blocks, list) and len(blocks) <= most, "%d blocks" % len(blocks))
    names = []
    for number, block in enumerate(blocks):
        where = "blocks[%d]" % number
        expect(isinstance(block, dict) and block.get("type") in kinds, where + " is of no known type")
        kinds[block["type"]](block, where)
        if "block_id" in block:
            identifier(block["block_id"], where + ".block_id")
            names.append(block["block_id"])
    expect(len(set(names)) == len(names), "a block_id stands twice")
