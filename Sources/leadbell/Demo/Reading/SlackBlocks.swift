// Slack's blocks, as they come through incoming webhooks and from bots, whose buttons, lists and modals work.

import Foundation

extension ChatReading {
    /// Reads a message's body; nil when it is not one. Its buttons and lists work where it is `pressable` by a name.
    static func slack(_ body: Data, pressable handle: String? = nil) throws -> ChatReading? {
        guard let message = try object(body), let blocks = message["blocks"] as? [[String: Any]],
            message["text"] is String
        else { return nil }
        var reading = ChatReading()
        reading.handle = handle
        for block in blocks { reading.block(block) }
        return reading
    }

    /// A modal as a form that is sent to where it stands; with what is wrong with its fields, by the ids of blocks.
    static func slackView(_ body: Data, errors: [String: String]) throws -> String {
        let view = try object(body) ?? [:]
        var reading = ChatReading()
        reading.paragraph(text(view["title"] as? [String: Any]), isBold: true)
        reading.within("form", "class=modal method=post") { reading in
            for block in view["blocks"] as? [[String: Any]] ?? [] {
                if block["type"] as? String == "input" { reading.input(block, errors) } else { reading.block(block) }
            }
            guard let submit = view["submit"] as? [String: Any] else { return }
            reading.add("<p><button>\(text(submit))</button></p>")
        }
        return reading.html
    }

    private mutating func input(_ block: [String: Any], _ errors: [String: String]) {
        let id = block["block_id"] as? String ?? ""
        let name = Self.escape(id)
        let element = block["element"] as? [String: Any] ?? [:]
        let isOptional = block["optional"] as? Bool ?? false
        let required = isOptional ? "" : " required"
        let label = Self.text(block["label"] as? [String: Any]) + (isOptional ? " <small>(optional)</small>" : "")
        let options = (element["options"] as? [[String: Any]] ?? []).map { option in
            (Self.escape(option["value"] as? String ?? ""), Self.text(option["text"] as? [String: Any]))
        }
        add("<fieldset>")
        switch element["type"] as? String {
        case "radio_buttons":
            add("<legend>\(label)</legend>")
            for (value, words) in options {
                add("<label><input type=radio name=\"\(name)\" value=\"\(value)\"\(required)> \(words)</label>")
            }
        case "static_select":
            let choices = options.map { "<option value=\"\($0)\">\($1)</option>" }.joined()
            add(
                "<label>\(label)<br><select name=\"\(name)\"\(required)><option value=\"\"></option>\(choices)</select></label>"
            )
        default:
            let most = (element["max_length"] as? Int).map { " maxlength=\($0)" } ?? ""
            add("<label>\(label)<br><textarea name=\"\(name)\"\(most)\(required)></textarea></label>")
        }
        if let error = errors[id] { add("<p class=wrong>\(Self.escape(error))</p>") }
        add("</fieldset>")
    }

    private mutating func block(_ block: [String: Any]) {
        let text = block["text"] as? [String: Any]
        switch block["type"] as? String {
        case "header": paragraph(Self.text(text), isBold: true)
        case "divider": add("<hr>")
        case "actions":
            for element in block["elements"] as? [[String: Any]] ?? [] {
                control(element, in: block["block_id"] as? String ?? "")
            }
        case "context":
            within("div", "class=muted") { reading in
                for part in block["elements"] as? [[String: Any]] ?? [] { reading.mrkdwn(part) }
            }
        default:
            if text != nil { mrkdwn(text) }
            let fields = block["fields"] as? [[String: Any]] ?? []
            within("div", "class=\(fields.count > 1 ? "pairs" : "fields")") { reading in
                for field in fields { reading.mrkdwn(field) }
            }
        }
    }

    /// A button, or a list with a button, as a form of its own.
    private mutating func control(_ element: [String: Any], in block: String) {
        guard let handle else { return }
        let hidden = [("message", handle), ("block", block), ("action", element["action_id"] as? String ?? "")].map {
            "<input type=hidden name=\($0.0) value=\"\(Self.escape($0.1))\">"
        }
        add("<form method=post action=/inbox/slack-press>\(hidden.joined())")
        if let options = element["options"] as? [[String: Any]] {
            let choices = options.map { option in
                let hint = (option["description"] as? [String: Any]).map { " – \(Self.text($0))" } ?? ""
                let value = Self.escape(option["value"] as? String ?? "")
                return "<option value=\"\(value)\">\(Self.text(option["text"] as? [String: Any]))\(hint)</option>"
            }
            let label = Self.text(element["placeholder"] as? [String: Any])
            add(
                "<select name=value required aria-label=\"\(label)\"><option value=\"\">\(label)</option>"
                    + "\(choices.joined())</select>")
            let confirm = (element["confirm"] as? [String: Any])?["confirm"] as? [String: Any]
            add(" <button>\(Self.text(confirm))</button></form>")
        } else {
            let value = Self.escape(element["value"] as? String ?? "")
            add("<button name=value value=\"\(value)\">\(Self.text(element["text"] as? [String: Any]))</button></form>")
        }
    }

    private mutating func mrkdwn(_ object: [String: Any]?) {
        let text = object?["text"] as? String ?? ""
        guard object?["type"] as? String == "mrkdwn" else { return paragraph(Self.escape(text)) }
        // Slack's own escaping of &, < and > is HTML's; what stands in angle brackets unescaped is a link.
        var rest = Self.bold(text.filter { !Self.marks.contains($0) })[...]
        var line = ""
        while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
            line += Self.italic(rest[..<open])
            let parts = rest[rest.index(after: open)..<close].split(separator: "|", maxSplits: 1).map(String.init)
            let url = Self.unescape(parts.first ?? "")
            line += anchor(url, Self.escape(Self.unescape(parts.last ?? url)))
            rest = rest[rest.index(after: close)...]
        }
        line += Self.italic(rest)
        paragraph(line.replacing("\u{1}", with: "<b>").replacing("\u{2}", with: "</b>"))
    }

    /// Stand for the tags of bold words until links have been told from them.
    private static let marks: Set<Character> = ["\u{1}", "\u{2}"]

    /// What stands between asterisks, be it a link.
    private static func bold(_ text: String) -> String {
        text.replacing(/\*([^*\n]+)\*/) { "\u{1}\($0.1)\u{2}" }
    }

    /// What stands between underlines that are no part of a word, and no bold words begin or end in.
    private static func italic(_ text: Substring) -> String {
        String(text).replacing("<", with: "&lt;").replacing(/\b_([^_\n\u{1}\u{2}]+)_\b/) { "<i>\($0.1)</i>" }
    }

    private static func text(_ object: [String: Any]?) -> String { escape(object?["text"] as? String ?? "") }
}
