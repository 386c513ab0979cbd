"""The demo's inbox in a real browser, told to the test that started this.

usage: inbox.py kinds URL KIND...     URL is the inbox's, each KIND a kind of channel by its name in the configuration

Exits with 0 and a line of what was seen, or with 1 and what was wrong. Screenshots go to $LEADBELL_SCREENSHOTS.
"""

import html
import os
import re
import time

from devtools import tell
from stories import PHONE, require

PATIENCE = 60
# A program gets no link that acts for a person.
PROGRAMS = {"webhook"}


def await_kinds(browser, url, kinds):
    """The demo's story tells itself; by its end somebody was reached in each way."""
    deadline = time.monotonic() + PATIENCE
    while True:
        browser.open(url)
        missing = [kind for kind in kinds if not browser.find(f"article.{kind}")]
        if not missing:
            return
        require(time.monotonic() < deadline, f"nothing came by {', '.join(missing)}")
        time.sleep(0.3)


def check_width(browser, name, most=390):
    width = browser.call("Page.getLayoutMetrics")["cssContentSize"]["width"]
    require(width <= most, f"{name}: the page is {width} wide and scrolls sideways")
    for node in browser.find("main *:not(pre, pre *, option)"):
        try:
            x, _, width, _ = browser.box_of(node)
        except RuntimeError:
            continue  # folded away, or shown by the browser's own means
        if x < 0 or x + width > most + 1:
            what = browser.call("DOM.getOuterHTML", nodeId=node)["outerHTML"][:200]
            raise AssertionError(f"{name}: {what} reaches from {x} to {x + width}")


def check_look(browser, kinds):
    """Each kind has a colour of its own, in light and dark, and a label in it."""
    for scheme in ("light", "dark"):
        browser.look(scheme)
        colours = {browser.style(f"article.{kind}", "border-left-color") for kind in kinds}
        require(len(colours) == len(kinds), f"{scheme}: {len(kinds)} kinds have {len(colours)} colours")
        for kind in kinds:
            edge = browser.style(f"article.{kind}", "border-left-color")
            label = browser.style(f"article.{kind} .badge", "background-color")
            require(edge == label, f"{scheme}: the label of {kind} is not of its colour")
    # Mails follow the scheme: their words must not stand on paper of the other one.
    dark = [browser.style(element, "background-color") for element in ("body", "article", "iframe")]
    browser.look("light")
    light = [browser.style(element, "background-color") for element in ("body", "article", "iframe")]
    require(not set(dark) & set(light), f"dark is not dark: {dark}, {light}")


def links(browser, kind):
    """The addresses of leads' pages in the messages of a kind; a mail's stand in its frame."""
    found = []
    for node in browser.find(f"article.{kind}"):
        markup = browser.call("DOM.getOuterHTML", nodeId=node)["outerHTML"]
        if kind == "smtp":
            markup = html.unescape(re.search(r'srcdoc="([^"]*)"', markup).group(1))
        found += [html.unescape(url) for url in re.findall(r'href="([^"]*/l/[^"]*)"', markup)]
    return found


def check_links(browser, url, kinds):
    """A message of each kind leads to the lead's page, and a program's to none."""
    for kind in kinds:
        browser.open(url)
        addresses = links(browser, kind)
        if kind in PROGRAMS:
            require(not addresses, f"{kind}: a program was given a link that acts for a person")
            continue
        require(addresses, f"{kind}: no message has a link")
        browser.open(addresses[0])
        require(browser.find("main h1") and "Example Stoneworks" in browser.html("body"), f"{kind}: no lead's page")
        require("/l/" in addresses[0] and not browser.find(".banner.bad"), f"{kind}: the link is refused")


def check_choice(browser, url, kind):
    """One kind alone is shown, and all again."""
    browser.open(url)
    everything = len(browser.find("article"))
    browser.loading(lambda: browser.tap(f"a.way.{kind}"))
    require(browser.find(f"article.{kind}"), f"{kind}: its messages are not shown")
    require(not browser.find(f"article:not(.{kind})"), f"{kind}: others are shown too")
    require(browser.find(f"a.way.{kind}[aria-current]"), "what is shown is not told")
    browser.loading(lambda: browser.tap(".state a"))
    require(len(browser.find("article")) >= everything, "not all are shown again")


def check_program(browser, url):
    browser.open(url)
    browser.tap("article.webhook summary")
    browser.await_node("article.webhook details[open]")
    require("lead." in browser.html("article.webhook details pre"), "the event's body is not shown")
    check_width(browser, "an event's body")


def check_press(browser, url):
    """A button of the bot works, and the message changes."""
    browser.open(url)
    browser.loading(lambda: browser.tap("article.slack-bot button[value=claim]"))
    browser.open(url)
    require(browser.find("article.slack-bot button[value=release]"), "the press did not change the message")
    browser.loading(lambda: browser.tap("article.slack-bot button[value=release]"))


def check_form(browser, url):
    """What opens a modal in Slack opens a form here; the lead is passed on by one and rejected by another."""
    browser.open(url)
    browser.loading(lambda: browser.tap("article.slack-bot button[value=pass]"))
    require(browser.find("form.modal select[name=choice][required]"), "no form asks to whom")
    check_width(browser, "a form")
    picture(browser, "form")
    browser.call("DOM.focus", nodeId=browser.node("form.modal select"))
    browser.press("ArrowDown")
    browser.call("DOM.focus", nodeId=browser.node("form.modal textarea"))
    browser.write("You know them.")
    browser.loading(lambda: browser.tap("form.modal button"))
    browser.open(url)
    require("has passed the choice on to Lee Park" in browser.html("main"), "the pass did not change the message")
    browser.loading(lambda: browser.tap("article.slack-bot button[value=reject]"))
    browser.tap("form.modal input[value=not_for_us]")
    browser.loading(lambda: browser.tap("form.modal button"))
    browser.open(url)
    require("Rejected:" in browser.html("main"), "the rejection did not change the message")


def picture(browser, name):
    folder = os.environ.get("LEADBELL_SCREENSHOTS")
    if not folder:
        return
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, f"inbox-{name}.png"), "wb") as file:
        file.write(browser.screenshot(most=20_000))


def pictures(browser):
    for name, prepare in (
        ("light", lambda: browser.look("light")), ("dark", lambda: browser.look("dark")), ("wide", browser.desk),
    ):
        prepare()
        picture(browser, name)
    browser.phone(agent=PHONE)


def kinds(browser, url, *names):
    browser.phone(agent=PHONE)
    held = url + "?held=1"
    await_kinds(browser, held, names)
    require(not browser.find("script, [onclick], [onload], [onerror]"), "the page has scripts")
    require(browser.find("html[lang=en] main h1"), "no headline or no language")
    require(len(browser.find("a.way")) >= len(names), "who is reached by what is not told")
    check_width(browser, "the inbox")
    check_look(browser, names)
    pictures(browser)
    check_choice(browser, held, names[-1])
    check_program(browser, held)
    check_press(browser, held)
    check_form(browser, held)
    check_links(browser, held, names)
    host = url.split("/")[2]
    require(browser.hosts() == {host}, f"asked {browser.hosts()}")
    require(not browser.complaints(), f"{browser.complaints()}")
    return f"{len(names)} kinds seen"


STORIES = {"kinds": kinds}

if __name__ == "__main__":
    tell(STORIES)
