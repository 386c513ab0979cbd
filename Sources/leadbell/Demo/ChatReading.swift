// Reads what the chat channels posted back into what a person sees: an Adaptive Card or Slack blocks as simple HTML. It
// knows the element types, not how leadbell lays them out, so the inbox shows what was really sent.

import Foundation

/// A chat message as HTML with its first line and the first link that proposes no rep.
struct ChatReading: Equatable {
    private(set) var html = ""
    private(set) var headline: String?
    private(set) var link: String?
    /// What names the message when its controls are used; they are left out without.
    private var handle: String?

    /// Reads a Teams Workflows envelope; nil when it is not one.
    static func teams(_ body: Data) throws -> ChatReading? {
        guard let envelope = try JSONSerialization.jsonObject(with: body) as? [String: Any],
            let attachments = envelope["attachments"] as? [[String: Any]],
            let card = attachments.first?["content"] as? [String: Any], card["type"] as? String == "AdaptiveCard"
        else { return nil }
        var reading = ChatReading()
        reading.element(card)
        return reading
    }

    /// Reads a Slack message's body; nil when it is not one. Its buttons and lists work where it is `pressable` by a name.
    static func slack(_ body: Data, pressable handle: String? = nil) throws -> ChatReading? {
        guard let message = try JSONSerialization.jsonObject(with: body) as? [String: Any],
            let blocks = message["blocks"] as? [[String: Any]], message["text"] is String
        else { return nil }
        var reading = ChatReading()
        reading.handle = handle
        for block in blocks { reading.block(block) }
        return reading
    }

    // MARK: Adaptive Cards

    private mutating func element(_ element: [String: Any]) {
        switch element["type"] as? String {
        case "TextBlock": paragraph(Self.escape(element["text"] as? String ?? ""), isBold: element["weight"] != nil)
        case "RichTextBlock":
            let runs = element["inlines"] as? [Any] ?? []
            paragraph(runs.map { run($0) }.joined(), isBold: false)
        case "FactSet":
            for fact in element["facts"] as? [[String: Any]] ?? [] {
                let title = Self.escape(fact["title"] as? String ?? "")
                paragraph("<b>\(title)</b> \(Self.escape(fact["value"] as? String ?? ""))", isBold: false)
            }
        case "Action.OpenUrl": button(element["url"] as? String ?? "", element["title"] as? String ?? "Open")
        case "ColumnSet":
            html += "<div class=row>"
            children(of: element)
            html += "</div>"
        case "Column":
            html += "<div>"
            children(of: element)
            html += "</div>"
        default: children(of: element)
        }
    }

    private mutating func children(of element: [String: Any]) {
        for key in ["body", "items", "columns", "actions"] {
            for child in element[key] as? [[String: Any]] ?? [] { self.element(child) }
        }
    }

    private mutating func run(_ run: Any) -> String {
        guard let run = run as? [String: Any] else { return Self.escape(run as? String ?? "") }
        let text = Self.escape(run["text"] as? String ?? "")
        if let action = run["selectAction"] as? [String: Any], let url = action["url"] as? String {
            return anchor(url, text, isEscaped: true)
        }
        return run["weight"] as? String == "Bolder" ? "<b>\(text)</b>" : text
    }

    // MARK: Slack blocks

    private mutating func block(_ block: [String: Any]) {
        let text = block["text"] as? [String: Any]
        switch block["type"] as? String {
        case "header": paragraph(Self.text(text), isBold: true)
        case "divider": html += "<hr>"
        case "actions":
            for element in block["elements"] as? [[String: Any]] ?? [] {
                control(element, in: block["block_id"] as? String ?? "")
            }
        default:
            if text != nil { mrkdwn(text) }
            for part in (block["fields"] ?? block["elements"]) as? [[String: Any]] ?? [] { mrkdwn(part) }
        }
    }

    /// A button, or a list with a button, as a form of its own.
    private mutating func control(_ element: [String: Any], in block: String) {
        guard let handle else { return }
        let hidden = [("message", handle), ("block", block), ("action", element["action_id"] as? String ?? "")].map {
            "<input type=hidden name=\($0.0) value=\"\(Self.escape($0.1))\">"
        }
        html += "<form method=post action=/inbox/slack-press>\(hidden.joined())"
        if let options = element["options"] as? [[String: Any]] {
            let choices = options.map { option in
                let hint = (option["description"] as? [String: Any]).map { " – \(Self.text($0))" } ?? ""
                let value = Self.escape(option["value"] as? String ?? "")
                return "<option value=\"\(value)\">\(Self.text(option["text"] as? [String: Any]))\(hint)</option>"
            }
            let label = Self.text(element["placeholder"] as? [String: Any])
            html += "<select name=value required><option value=\"\">\(label)</option>\(choices.joined())</select>"
            let confirm = (element["confirm"] as? [String: Any])?["confirm"] as? [String: Any]
            html += " <button>\(Self.text(confirm))</button></form>"
        } else {
            let value = Self.escape(element["value"] as? String ?? "")
            html +=
                "<button name=value value=\"\(value)\">\(Self.text(element["text"] as? [String: Any]))</button></form>"
        }
    }

    private mutating func mrkdwn(_ object: [String: Any]?) {
        let text = object?["text"] as? String ?? ""
        guard object?["type"] as? String == "mrkdwn" else { return paragraph(Self.escape(text), isBold: false) }
        // Slack's own escaping of &, < and > is HTML's; what stands in angle brackets unescaped is a link.
        var rest = Self.bold(text)[...]
        var line = ""
        while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
            line += Self.italic(rest[..<open])
            let parts = rest[rest.index(after: open)..<close].split(separator: "|", maxSplits: 1).map(String.init)
            let url = (parts.first ?? "").replacing("&amp;", with: "&")
            line += anchor(url, parts.last ?? url, isEscaped: true)
            rest = rest[rest.index(after: close)...]
        }
        line += Self.italic(rest)
        paragraph(
            line.replacing(Self.boldBegins, with: "<b>").replacing(Self.boldEnds, with: "</b>"), isBold: false)
    }

    /// Stand for the tags until links have been told from them; no message holds controls.
    private static let (boldBegins, boldEnds) = ("\u{1}", "\u{2}")

    /// What stands between asterisks, be it a link.
    private static func bold(_ text: String) -> String {
        text.replacing(/\*([^*\n]+)\*/) { "\(boldBegins)\($0.1)\(boldEnds)" }
    }

    /// What stands between underlines that are no part of a word.
    private static func italic(_ text: Substring) -> String {
        String(text).replacing(/\b_([^_\n]+)_\b/) { "<i>\($0.1)</i>" }
    }

    private static func text(_ object: [String: Any]?) -> String { escape(object?["text"] as? String ?? "") }

    // MARK: Parts

    private mutating func paragraph(_ escaped: String, isBold: Bool) {
        if headline == nil, !escaped.isEmpty { headline = escaped.replacing(/<[^>]*>/, with: "") }
        let lines = escaped.replacing("\n", with: "<br>")
        html += isBold ? "<p><b>\(lines)</b></p>" : "<p>\(lines)</p>"
    }

    private mutating func button(_ url: String, _ title: String) {
        html += "<p>" + anchor(url, title, isEscaped: false) + "</p>"
    }

    private mutating func anchor(_ url: String, _ label: String, isEscaped: Bool) -> String {
        if link == nil, !url.contains("?rep=") { link = url }
        let text = isEscaped ? label : Self.escape(label)
        return "<a href=\"\(Self.escape(url))\" rel=noreferrer>\(text)</a>"
    }

    /// Text for HTML.
    static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    }
}
