// A mail's HTML: one column, inline styles, nothing remote, readable in light and dark. Text takes the reader's own
// colours; the few colours of ours have contrast on both. The button is a table cell with a padded link, which every
// client draws. Every element with outside words has dir=auto, so that right-to-left text turns nothing else around.
// Pure; used by MailMessage.

import LeadCore

enum MailHTML {
    private static let font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
    private static let table = "role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\""
    private static let quiet = "color:#767676"

    /// The document's lines.
    static func lines(of wording: Wording) -> [String] {
        let colour = colour(wording.kind.tone)
        var lines = [
            "<!DOCTYPE html>",
            "<html lang=\"\(wording.language)\">",
            "<head>",
            "<meta charset=\"utf-8\">",
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
            "<meta name=\"color-scheme\" content=\"light dark\">",
            "<meta name=\"supported-color-schemes\" content=\"light dark\">",
            "<title>\(escaped(wording.headline))</title>",
            "</head>",
            "<body style=\"margin:0;padding:16px;\(font);font-size:16px;line-height:1.4\">",
            "<table \(table) width=\"100%\" style=\"max-width:600px\">",
            "<tr><td style=\"border-left:4px solid \(colour);padding:2px 0 2px 12px\">",
            "<p dir=\"auto\" style=\"margin:0;font-size:13px;\(quiet)\">\(escaped(wording.heading))</p>",
            "<h1 dir=\"auto\" style=\"margin:0;font-size:20px;line-height:1.3\">\(escaped(wording.headline))</h1>",
            "</td></tr>",
        ]
        if !wording.facts.isEmpty {
            lines += ["<tr><td style=\"padding:16px 0 0\">", "<table \(table)>"]
            lines += wording.facts.map(row)
            lines += ["</table>", "</td></tr>"]
        }
        if let description = wording.description {
            lines.append("<tr><td style=\"padding:16px 0 0\">")
            lines.append("<p style=\"margin:0 0 4px;font-size:13px;\(quiet)\">\(escaped(wording.descriptionLabel))</p>")
            lines.append(
                "<blockquote dir=\"auto\" style=\"margin:0;padding:0 0 0 12px;border-left:2px solid #9a9a9a\">")
            let parts = description.split(separator: "\n", omittingEmptySubsequences: false)
            lines += parts.enumerated().map { index, line in
                escaped(String(line)) + (index < parts.count - 1 ? "<br>" : "")
            }
            lines += ["</blockquote>", "</td></tr>"]
        }
        if !wording.sentences.isEmpty {
            lines.append("<tr><td style=\"padding:8px 0 0\">")
            lines += wording.sentences.map { "<p dir=\"auto\" style=\"margin:8px 0 0\">\(escaped($0))</p>" }
            lines.append("</td></tr>")
        }
        if !wording.reps.isEmpty {
            lines.append("<tr><td style=\"padding:12px 0 0\">")
            lines.append("<p style=\"margin:0 0 4px;font-size:13px;\(quiet)\">\(escaped(wording.listLabel))</p>")
            lines += wording.reps.map(proposal)
            lines.append("</td></tr>")
        }
        lines += links(wording)
        return lines + ["</table>", "</body>", "</html>"]
    }

    /// Text between tags and in quoted attributes.
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: isMark) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            case UInt8(ascii: "\""): bytes += "&quot;".utf8
            case UInt8(ascii: "'"): bytes += "&#39;".utf8
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
        default: false
        }
    }

    private static func row(_ fact: Wording.Line) -> String {
        let cell = "padding:2px 0;vertical-align:top"
        let look = fact.isKnown ? "" : ";font-style:italic;\(quiet)"
        return "<tr><td style=\"\(cell);padding-right:16px;white-space:nowrap;\(quiet)\">\(escaped(fact.label))</td>"
            + "<td dir=\"auto\" style=\"\(cell)\(look)\">\(escaped(fact.text))</td></tr>"
    }

    private static func proposal(_ rep: Wording.Rep) -> String {
        let name = "<a href=\"\(escaped(rep.link.text))\" style=\"color:#3b82d6\">\(escaped(rep.name))</a>"
        return "<p dir=\"auto\" style=\"margin:0 0 6px\">\(name)<br>"
            + "<span style=\"font-size:14px;\(quiet)\">\(escaped(rep.reason))</span></p>"
    }

    private static func links(_ wording: Wording) -> [String] {
        var lines: [String] = []
        if let link = wording.link {
            let look =
                "display:inline-block;padding:12px 22px;color:#ffffff;font-weight:bold;text-decoration:none"
            lines += [
                "<tr><td style=\"padding:20px 0 0\">",
                "<table \(table)><tr>",
                "<td bgcolor=\"#1f5fbf\" style=\"background-color:#1f5fbf;border-radius:6px\">",
                "<a href=\"\(escaped(link.text))\" style=\"\(look)\">\(escaped(wording.linkLabel))</a>",
                "</td>",
                "</tr></table>",
                "</td></tr>",
            ]
        }
        let others = [(wording.record, wording.recordLabel), (wording.ownPage, wording.ownPageLabel)]
        for case (let link?, let label) in others {
            lines += [
                "<tr><td style=\"padding:14px 0 0;font-size:14px\">",
                "<a href=\"\(escaped(link.text))\" style=\"color:#3b82d6\">\(escaped(label))</a>",
                "</td></tr>",
            ]
        }
        return lines
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
