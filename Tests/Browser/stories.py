"""Stories of people on the lead's page, in a real browser, told to the test that started this.

usage: stories.py STORY URL [PORT]     where STORY is one of STORIES at the end

Exits with 0 and a line of what was seen, or with 1 and what was wrong. Screenshots go to $LEADBELL_SCREENSHOTS.
"""

import http.server
import os
import threading

from devtools import tell

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"
)


def require(truth, sentence):
    if not truth:
        raise AssertionError(sentence)


def check_page(browser, name):
    """What holds for every page: it fits, can be hit with a finger, is styled, and asks no one else for anything."""
    width = browser.call("Page.getLayoutMetrics")["cssContentSize"]["width"]
    require(width <= 390, f"{name}: the page is {width} wide and scrolls sideways")
    for selector in ("button", "a.button", "summary", "label.pick", "textarea", "select", "a.contact", "a.recordlink"):
        for node in browser.find(selector):
            try:
                height = browser.box_of(node)[3]
            except RuntimeError:
                continue  # folded away
            require(height >= 44, f"{name}: a {selector} is only {height} high")
    require(browser.style("body", "background-color") == "rgb(244, 243, 239)", f"{name}: the style is not applied")
    require(len(browser.hosts()) == 1, f"{name}: asked {browser.hosts()}")
    require(not browser.complaints(), f"{name}: {browser.complaints()}")
    require(browser.find("html[lang=en] main h1"), f"{name}: no headline or no language")
    picture(browser, name)


def picture(browser, name):
    light = browser.screenshot()
    browser.look("dark")
    dark = browser.screenshot()
    require(len(light) > 15_000 and len(dark) > 15_000, f"{name}: the page looks empty")
    require(browser.style("body", "background-color") == "rgb(18, 21, 20)", f"{name}: dark is not dark")
    browser.desk()
    wide = browser.screenshot()
    folder = os.environ.get("LEADBELL_SCREENSHOTS")
    if folder:
        os.makedirs(folder, exist_ok=True)
        for scheme, data in (("light", light), ("dark", dark), ("wide", wide)):
            with open(os.path.join(folder, f"{name}-{scheme}.png"), "wb") as file:
                file.write(data)
    browser.phone(agent=PHONE)


def sent_headers(browser):
    """The headers of the last POST, in lower case."""
    posts = {e["requestId"] for e in browser.seen("Network.requestWillBeSent") if e["request"]["method"] == "POST"}
    extra = [e for e in browser.seen("Network.requestWillBeSentExtraInfo") if e["requestId"] in posts]
    return {name.lower(): value for name, value in extra[0]["headers"].items()}


def assigned(browser):
    require("Billy Moss has the lead" in browser.html(".banner.good"), "the result is not shown")
    browser.await_node(".banner.good:focus")
    require("Please call today" in browser.html("main"), "the note is lost")


def touch(browser, url):
    browser.phone(agent=PHONE)
    browser.open(url)
    check_page(browser, "waiting")
    require(not browser.find("input:checked"), "a rep is chosen before anyone chose")
    browser.tap("label:has(input[value=billy])")
    require(browser.find("input[value=billy]:checked"), "the tap does not choose")
    browser.tap("textarea[name=note]")
    browser.write("Please call today.")
    browser.loading(lambda: browser.tap("form:has(fieldset) button"))
    assigned(browser)
    check_page(browser, "assigned")
    headers = sent_headers(browser)
    require("referer" not in headers, "the page's address was sent as a referrer")
    # A form on a page that sends no referrer comes with "Origin: null"; this is what tells it from other sites' forms.
    require(headers.get("sec-fetch-site") == "same-origin", f"the form came as {headers}")
    return f"assigned by touch, with origin {headers.get('origin')}"


def keyboard(browser, url):
    browser.phone(agent=PHONE)
    browser.open(url)
    tab_to(browser, "input[name=rep]:focus")
    browser.press("Space")
    require(browser.find("input[value=billy]:checked:focus"), "the space bar does not choose")
    require(browser.style("label:has(:focus)", "outline-style") == "solid", "the focus can not be seen")
    tab_to(browser, "textarea:focus")
    browser.write("Please call today.")
    tab_to(browser, "button:focus")
    browser.loading(lambda: browser.press("Enter"))
    assigned(browser)
    return "assigned by keyboard"


def tab_to(browser, selector, most=30):
    for _ in range(most):
        browser.press("Tab")
        if browser.find(selector):
            return
    raise AssertionError(f"the tab key never reaches {selector}")


def robot(browser, url):
    browser.phone()
    browser.open(url)
    browser.tap("label:has(input[value=billy])")
    browser.tap("textarea[name=note]")
    browser.write("Please call today.")
    browser.loading(lambda: browser.tap("form:has(fieldset) button"))
    require("Give the lead to Billy Moss?" in browser.html("h1"), "a robot was not asked again")
    check_page(browser, "confirm")
    browser.call("Emulation.setUserAgentOverride", userAgent="HeadlessChrome/130.0")
    browser.loading(lambda: browser.tap("button"))
    assigned(browser)
    return "asked once more, then assigned"


def three(browser, url):
    browser.phone(agent=PHONE)
    browser.open(url)
    values = [browser.attribute(node, "value") for node in browser.find("input[name=rep]")]
    require(values == ["omar", "billy", "jane"], f"the order is {values}")
    require(not browser.find("input:checked"), "the rep of the link is chosen already")
    require(len(browser.find(".rep .bar")) == 9, "not three bars a rep")
    browser.tap(".rep .reasons summary")
    require("skilled in fine-art" in browser.html(".rep .reasons[open]"), "no reasons")
    require(not browser.find("input:checked"), "asking for reasons chooses")
    check_page(browser, "reasons")
    browser.tap("label:has(input[value=omar])")
    browser.loading(lambda: browser.tap("form:has(fieldset) button"))
    require("at capacity: 5 of 5" in browser.html("main"), "the warning is not named")
    check_page(browser, "warning")
    browser.loading(lambda: browser.tap("button"))
    require("Omar Haddad has the lead" in browser.html(".banner.good"), "the result is not shown")
    return "warned, then assigned"


def many(browser, url):
    browser.phone(agent=PHONE)
    browser.open(url)
    check_page(browser, "many")
    require(len(browser.find("input[name=rep]")) == 299, f"{len(browser.find('input[name=rep]'))} reps")
    require(len(browser.find("datalist option")) == 299, "not every name is offered")
    require(len(browser.find("fieldset > .rep")) == 10, "not ten are shown whole")
    require("no licence art" in browser.html("ul.excluded"), "the excluded one has no reason")
    tab_to(browser, "input[name=find]:focus", 60)
    browser.write("number 12")
    browser.loading(lambda: browser.press("Enter"))
    browser.await_node(".banner.bad:focus")
    require("fits 13 reps" in browser.html(".banner.bad"), "what is unclear is not told")
    tab_to(browser, "input[name=find]:focus", 60)
    # Tabbing into a field selects what is in it.
    browser.write("number 123")
    browser.loading(lambda: browser.press("Enter"))
    require("Rep Number 123 has the lead" in browser.html(".banner.good"), "the typed name did not choose")
    return "found by name"


def late(browser, url):
    browser.phone(agent=PHONE)
    browser.open(url)
    check_page(browser, "settled")
    # The browser would keep the form back by itself; here the server's own check is looked at.
    for node in browser.find("input[required]"):
        browser.call("DOM.removeAttribute", nodeId=node, name="required")
    browser.tap("summary:has(+ form)")
    browser.loading(lambda: browser.tap("form:has(fieldset) button"))
    browser.await_node(".banner.bad:focus")
    require("Choose who should take the lead" in browser.html(".banner.bad"), "the error is not told")
    check_page(browser, "error")
    return "told what is missing"


def rep(browser, url):
    browser.phone(agent=PHONE)
    browser.open(url)
    check_page(browser, "rep")
    require(browser.find("a[href^='tel:+1']") and browser.find("a[href^='mailto:ada']"), "no way to reach the person")
    _, top, _, height = browser.box("h3:has(+ .steps)")
    require(browser.box(".steps")[1] - top - height >= 4, "the playbook touches its heading")
    browser.loading(lambda: browser.tap("form:has(input[value=start]) button"))
    require("you have started" in browser.html(".banner.good"), "the start is not shown")
    browser.tap("summary")
    browser.tap("textarea")
    browser.write("Won.")
    browser.loading(lambda: browser.tap("form:has(input[value=close]) button"))
    require("The lead is closed" in browser.html(".banner.good"), "the end is not shown")
    return "started and closed"


def person(browser, url):
    browser.phone(agent=PHONE)
    browser.open(url)
    check_page(browser, "person")
    tab_to(browser, "input[name=until]:focus")
    # The picker is the phone's own, and out of a program's reach: the field gets what it would have put there.
    browser.call("DOM.setAttributeValue", nodeId=browser.node("input[name=until]"), name="value",
                 value="2127-01-02T09:00")
    tab_to(browser, "button.main:focus")
    browser.loading(lambda: browser.press("Enter"))
    require("leads go to others" in browser.html(".banner.good"), "the absence is not noted")
    require("Thu 2 Jan 09:00" in browser.html("main"), "the absence is not shown")
    check_page(browser, "away")
    browser.loading(lambda: browser.tap("form:has(input[value=back]) button"))
    require("Welcome back" in browser.html(".banner.good"), "the return is not noted")
    return "away and back by keyboard"


def entry(browser, url):
    browser.phone(agent=PHONE)
    browser.open(url)
    check_page(browser, "entry")
    require(not browser.find("#known button"), "something is known of nobody")
    browser.tap("label:has(input[value=call])")
    browser.tap("input[name=name]")
    browser.write("Ada M.")
    browser.tap("input[name=phone]")
    browser.write("+1 (312) 555-0142")
    browser.loading(lambda: browser.press("Enter"))
    require("Is it one of these?" in browser.html("#known"), "the known lead is not shown")
    require(browser.find("input[value=call]:checked"), "what was chosen is lost")
    check_page(browser, "known")
    # The Enter key asks again, and presses no button of a known lead.
    browser.tap("input[name=phone]")
    browser.loading(lambda: browser.press("Enter"))
    require("Is it one of these?" in browser.html("#known"), "the Enter key decided")
    browser.loading(lambda: browser.tap("button[value=none]"))
    require("is taken" in browser.html(".banner.good"), "the lead is not taken")
    browser.phone(scripts=True, agent=PHONE)
    browser.open(url)
    browser.tap("input[name=phone]")
    browser.write("+1 (312) 555-0142")
    browser.await_node("#known button[name=joins]")
    require("waits for Dana Whitfield" in browser.html("#known"), "who has it is not told")
    require(not browser.complaints(), f"{browser.complaints()}")
    return "typed in without scripts, and found while typing with them"


FIRM = {
    "/thanks": "<title>T</title><h1>The firm thanks you</h1>",
    "/contact": """<title>C</title><form method=post action={url}><input name=name><input name=email>
        <input name=fax_number hidden><button>Send</button></form>""",
    "/scripted": """<title>C</title><form method=post action={url}><input name=name><input name=email>
        <input name=ticket type=hidden><button>Send</button></form><p></p>
        <script>fetch("{url}/ticket").then((answer) => answer.text()).then((ticket) => {{
            document.querySelector("[name=ticket]").value = ticket;
            document.querySelector("p").id = "ready"; }});</script>""",
}


def firm(url, port):
    """The firm's own web site, in a thread that ends with the program."""
    class Pages(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            page = FIRM.get(self.path)
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write((page or "").format(url=url).encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{port}"


def fill(browser, name):
    for field, text in (("name", name), ("email", name.lower() + "@acme.example")):
        browser.tap(f"input[name={field}]")
        browser.write(text)


def form(browser, url, port):
    """The form's own page and two pages of the firm's site all end on the firm's page of thanks, on another port."""
    site = firm(url, port)
    browser.phone(agent=PHONE)
    browser.open(url)
    check_page(browser, "form")
    fill(browser, "Ada")
    browser.loading(lambda: browser.tap("button"))
    require("The firm thanks you" in browser.html("h1"), "the form does not end on the page of thanks")
    browser.open(site + "/contact")
    fill(browser, "Bea")
    browser.loading(lambda: browser.tap("button"))
    require("look it over" in browser.html(".banner.bad"), "a form without a ticket is not asked to look it over")
    require(browser.find("input[name=name][value=Bea]"), "what was filled in is lost")
    browser.loading(lambda: browser.tap("button"))
    require("The firm thanks you" in browser.html("h1"), "a form of the firm's site does not end on the page of thanks")
    browser.phone(scripts=True, agent=PHONE)
    browser.open(site + "/scripted")
    browser.await_node("#ready")
    fill(browser, "Cleo")
    browser.loading(lambda: browser.tap("button"))
    require("The firm thanks you" in browser.html("h1"), "a form with a ticket is not taken at once")
    require(not browser.complaints(), f"{browser.complaints()}")
    return "posted from three pages"


def refused(browser, url):
    browser.phone(agent=PHONE)
    browser.open(url)
    check_page(browser, "refusal")
    browser.loading(lambda: browser.tap("button"))
    require("If that link was genuine" in browser.html("main"), "no answer about the fresh link")
    check_page(browser, "renewed")
    return "refused, and a fresh link asked for"


def hostile(browser, url):
    """Scripts are on here: what is checked is that nothing of the lead's text becomes anything but text."""
    browser.phone(scripts=True, agent=PHONE)
    browser.open(url)
    for node in browser.find("details"):
        browser.call("DOM.setAttributeValue", nodeId=node, name="open", value="")
    theirs = "script, img, iframe, object, embed, link, base, video, audio, [onload], [onerror], [onfocus], [style]"
    require(not browser.find(theirs), "a payload has become an element")
    require(not browser.seen("Page.javascriptDialogOpening"), "a payload was run")
    require(len(browser.find("form")) == 5, "a payload has become a form, or has broken one")
    require(len(browser.hosts()) == 1, f"asked {browser.hosts()}")
    require(not browser.complaints(), f"only the policy stopped it: {browser.complaints()}")
    width = browser.call("Page.getLayoutMetrics")["cssContentSize"]["width"]
    require(width <= 390, f"long words make the page {width} wide")
    return f"{len(browser.find('.facts.all .fact'))} payloads inert"


STORIES = {
    "touch": touch, "keyboard": keyboard, "robot": robot, "late": late, "rep": rep, "refused": refused,
    "hostile": hostile, "three": three, "many": many, "person": person,
    "entry": entry, "form": form,
}

if __name__ == "__main__":
    tell(STORIES)
