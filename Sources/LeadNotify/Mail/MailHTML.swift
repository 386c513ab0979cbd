// A mail's HTML: one column, inline styles, nothing remote, readable in light and dark. Text takes the reader's own
// colours; the few colours of ours have contrast on both. The button is a table cell with a padded link, which every
// client draws. Every element with outside words has dir=auto, so that right-to-left text turns nothing else around.
// Pure; used by MailMessage.

import LeadCore

enum MailHTML {
    /// Adds the document of `wording` to `body`.
    static func write(_ wording: Wording, to body: inout MailBody) {
        body.line("<!DOCTYPE html>")
        element("<html lang=\"", wording.language, "\">", to: &body)
        body.line("<head>")
        body.line("<meta charset=\"utf-8\">")
        body.line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        body.line("<meta name=\"color-scheme\" content=\"light dark\">")
        body.line("<meta name=\"supported-color-schemes\" content=\"light dark\">")
        element("<title>", wording.headline, "</title>", to: &body)
        body.line("</head>")
        body.line(
            """
            <body style="margin:0;padding:16px;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;\
            font-size:16px;line-height:1.4">
            """)
        table(" width=\"100%\" style=\"max-width:600px\"", to: &body)
        body.end()
        element(
            "<tr><td style=\"border-left:4px solid ", colour(wording.kind.tone), ";padding:2px 0 2px 12px\">", to: &body
        )
        element("<p dir=\"auto\" style=\"margin:0;font-size:13px;color:#767676\">", wording.heading, "</p>", to: &body)
        element(
            "<h1 dir=\"auto\" style=\"margin:0;font-size:20px;line-height:1.3\">", wording.headline, "</h1>", to: &body)
        body.line("</td></tr>")
        addFacts(wording, to: &body)
        addDescription(wording, to: &body)
        if !wording.sentences.isEmpty {
            body.line("<tr><td style=\"padding:8px 0 0\">")
            for sentence in wording.sentences {
                element("<p dir=\"auto\" style=\"margin:8px 0 0\">", sentence, "</p>", to: &body)
            }
            body.line("</td></tr>")
        }
        addReps(wording, to: &body)
        addLinks(wording, to: &body)
        body.line("</table>")
        body.line("</body>")
        body.line("</html>")
    }

    /// `text` as it stands between tags and in quoted attributes.
    static func escaped(_ text: String) -> String {
        var body = MailBody()
        body.put(escaped: text)
        return String(decoding: body.bytes, as: UTF8.self)
    }

    /// A line with `text` escaped.
    private static func element(
        _ start: StaticString, _ text: String, _ end: StaticString, to body: inout MailBody
    ) {
        body.put(start)
        body.put(escaped: text)
        body.line(end)
    }

    private static func table(_ attributes: StaticString, to body: inout MailBody) {
        body.put("<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"")
        body.put(attributes)
        body.put(">")
    }

    private static func colour(_ tone: Tone) -> String {
        switch tone {
        case .asking: "#1f5fbf"
        case .pressing: "#c27803"
        case .giving: "#2f855a"
        case .telling: "#808080"
        case .alarming: "#c53030"
        }
    }
}

// MARK: The parts

extension MailHTML {
    private static func addFacts(_ wording: Wording, to body: inout MailBody) {
        guard !wording.facts.isEmpty else { return }
        body.line("<tr><td style=\"padding:16px 0 0\">")
        table("", to: &body)
        body.end()
        for fact in wording.facts {
            body.put(
                """
                <tr><td style="padding:2px 0;vertical-align:top;padding-right:16px;white-space:nowrap;color:#767676">
                """)
            body.put(escaped: fact.label)
            body.put("</td><td dir=\"auto\" style=\"padding:2px 0;vertical-align:top")
            if !fact.isKnown { body.put(";font-style:italic;color:#767676") }
            element("\">", fact.text, "</td></tr>", to: &body)
        }
        body.line("</table>")
        body.line("</td></tr>")
    }

    private static func addDescription(_ wording: Wording, to body: inout MailBody) {
        let lines = wording.spacedDescriptionLines
        guard !lines.isEmpty else { return }
        body.line("<tr><td style=\"padding:16px 0 0\">")
        label(wording.descriptionLabel, to: &body)
        body.line("<blockquote dir=\"auto\" style=\"margin:0;padding:0 0 0 12px;border-left:2px solid #9a9a9a\">")
        var isFirst = true
        for line in lines {
            if !isFirst { body.line("<br>") }
            body.put(escaped: line)
            isFirst = false
        }
        body.end()
        body.line("</blockquote>")
        body.line("</td></tr>")
    }

    private static func addReps(_ wording: Wording, to body: inout MailBody) {
        guard !wording.reps.isEmpty else { return }
        body.line("<tr><td style=\"padding:12px 0 0\">")
        label(wording.listLabel, to: &body)
        for rep in wording.reps {
            body.put("<p dir=\"auto\" style=\"margin:0 0 6px\">")
            anchor(rep.link, " style=\"color:#3b82d6\">", rep.name, to: &body)
            element("<br><span style=\"font-size:14px;color:#767676\">", rep.reason, "</span></p>", to: &body)
        }
        body.line("</td></tr>")
    }

    private static func addLinks(_ wording: Wording, to body: inout MailBody) {
        if let link = wording.link {
            body.line("<tr><td style=\"padding:20px 0 0\">")
            table("", to: &body)
            body.line("<tr>")
            body.line("<td bgcolor=\"#1f5fbf\" style=\"background-color:#1f5fbf;border-radius:6px\">")
            anchor(
                link,
                """
                 style="display:inline-block;padding:12px 22px;color:#ffffff;font-weight:bold;text-decoration:none">
                """, wording.linkLabel, to: &body)
            body.end()
            body.line("</td>")
            body.line("</tr></table>")
            body.line("</td></tr>")
        }
        small(wording.record, wording.recordLabel, to: &body)
        small(wording.ownPage, wording.ownPageLabel, to: &body)
    }

    /// A link in a row of its own.
    private static func small(_ link: WebLink?, _ label: @autoclosure () -> String, to body: inout MailBody) {
        guard let link else { return }
        body.line("<tr><td style=\"padding:14px 0 0;font-size:14px\">")
        anchor(link, " style=\"color:#3b82d6\">", label(), to: &body)
        body.end()
        body.line("</td></tr>")
    }

    private static func anchor(
        _ link: WebLink, _ attributes: StaticString, _ text: String, to body: inout MailBody
    ) {
        body.put("<a href=\"")
        body.put(escaped: link.text)
        body.put("\"")
        body.put(attributes)
        body.put(escaped: text)
        body.put("</a>")
    }

    private static func label(_ text: String, to body: inout MailBody) {
        element("<p style=\"margin:0 0 4px;font-size:13px;color:#767676\">", text, "</p>", to: &body)
    }
}
