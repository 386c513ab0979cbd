// Google Chat's cards. Their texts know a little HTML; titles, labels and buttons are plain.

import Foundation

extension ChatReading {
    /// Reads a message with cards of version 2; nil when it is not one.
    static func googleChat(_ body: Data) throws -> ChatReading? {
        guard let message = try object(body), let cards = message["cardsV2"] as? [[String: Any]], !cards.isEmpty
        else { return nil }
        var reading = ChatReading()
        for case let card as [String: Any] in cards.map({ $0["card"] as Any }) { reading.googleCard(card) }
        return reading
    }

    private mutating func googleCard(_ card: [String: Any]) {
        if let header = card["header"] as? [String: Any] {
            paragraph(Self.escape(header["title"] as? String ?? ""), isBold: true)
            if let subtitle = header["subtitle"] as? String {
                within("div", "class=muted") { $0.paragraph(Self.escape(subtitle)) }
            }
        }
        for section in card["sections"] as? [[String: Any]] ?? [] {
            add("<hr>")
            for widget in section["widgets"] as? [[String: Any]] ?? [] { self.widget(widget) }
        }
    }

    private mutating func widget(_ widget: [String: Any]) {
        if let text = widget["decoratedText"] as? [String: Any] {
            let value = littleHTML(text["text"] as? String ?? "")
            fact(Self.escape(text["topLabel"] as? String ?? ""), value)
        } else if let text = widget["textParagraph"] as? [String: Any] {
            paragraph(littleHTML(text["text"] as? String ?? ""))
        } else if let list = widget["buttonList"] as? [String: Any] {
            for button in list["buttons"] as? [[String: Any]] ?? [] {
                let open = (button["onClick"] as? [String: Any])?["openLink"] as? [String: Any]
                self.button(open?["url"] as? String ?? "", button["text"] as? String ?? "Open")
            }
        } else if widget["divider"] != nil {
            add("<hr>")
        }
    }

    /// A text whose tags `b`, `i`, `u`, `s`, `br` and `a` are kept; all others are shown as they are written.
    private mutating func littleHTML(_ text: String) -> String {
        var (result, open, rest) = ("", [String](), text[...])
        while let start = rest.firstIndex(of: "<") {
            result += rest[..<start]
            let end = rest[start...].firstIndex(of: ">")
            let tag = end.map { rest[rest.index(after: start)..<$0] } ?? ""
            rest = rest[(end.map(rest.index(after:)) ?? rest.index(after: start))...]
            if let markup = self.markup(tag, &open) {
                result += markup
            } else {
                result += "&lt;" + Self.escape(tag) + (end == nil ? "" : "&gt;")
            }
        }
        return result + rest + open.reversed().map { "</\($0)>" }.joined()
    }

    /// What a tag becomes, given those that are open; nil when it is none.
    private mutating func markup(_ tag: Substring, _ open: inout [String]) -> String? {
        let name = tag.prefix { !$0.isWhitespace }.lowercased()
        switch name {
        case "br", "br/": return "<br>"
        case "b", "i", "u", "s":
            open.append(name)
            return "<\(name)>"
        case "a":
            guard let match = tag.firstMatch(of: /href="([^"]*)"/) else { return nil }
            let anchor = anchor(Self.unescape(String(match.1)), "")
            guard anchor.hasSuffix("</a>") else { return nil }
            open.append("a")
            return String(anchor.dropLast("</a>".count))
        default:
            guard name.first == "/", open.last == String(name.dropFirst()) else { return nil }
            return "</\(open.removeLast())>"
        }
    }
}
