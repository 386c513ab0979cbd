// The one script of the site: on a person's own page it shows known leads while somebody types. The page does the same
// without it, when its button is pressed. It is served from a path of its own and is the same for everybody.

import HTTPTypes
import Hummingbird
import NIOCore

/// The script and the policy of the page that may run it.
enum EntryScript {
    static let path = "/entry.js"

    static let policyName: HTTPField.Name = .contentSecurityPolicy

    /// As on every page, and beside it this site's script and its one question.
    static let policy = StandingHeaders.contentSecurityPolicy + "; script-src 'self'; connect-src 'self'"

    static var response: Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/javascript; charset=utf-8", .cacheControl: "private, max-age=3600"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// What comes is our own markup, in which the server has escaped all values.
    static let text = """
        "use strict";
        (() => {
          const form = document.getElementById("entry");
          const place = document.getElementById("known");
          if (!form || !place) return;
          const names = ["name", "company", "phone", "email"];
          let timer = 0;
          let asked = "";
          let turn = 0;
          const look = async () => {
            const values = names.map((name) => form.elements[name].value.trim());
            const question = values.join("\\n");
            if (question === asked) return;
            asked = question;
            const mine = ++turn;
            if (!values.some((value) => value.length > 2)) { place.replaceChildren(); return; }
            const body = new URLSearchParams({ action: "look", nonce: form.elements.nonce.value });
            names.forEach((name, index) => body.set(name, values[index]));
            try {
              const answer = await fetch(location.pathname, { method: "POST", body, credentials: "omit" });
              if (mine !== turn) return;
              if (answer.status === 429) { asked = ""; timer = setTimeout(look, 2000); return; }
              if (!answer.ok) return;
              place.innerHTML = await answer.text();
            } catch { asked = ""; }
          };
          form.addEventListener("input", (event) => {
            if (!names.includes(event.target.name)) return;
            clearTimeout(timer);
            timer = setTimeout(look, 400);
          });
        })();

        """
}
