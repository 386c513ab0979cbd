// A text and attachments in Markdown: what Mattermost and Rocket.Chat show of Slack's messages of old. Of Markdown they read
// as much as a message has: bold and italic words, links, quotes, lists, and backslashes before marks.

import Foundation

extension ChatReading {
    /// Reads a message with attachments; nil when it is not one.
    static func attachments(_ body: Data) throws -> ChatReading? {
        guard let message = try object(body), let text = message["text"] as? String else { return nil }
        var reading = ChatReading()
        reading.markdown(text)
        for attachment in message["attachments"] as? [[String: Any]] ?? [] { reading.attachment(attachment) }
        return reading
    }

    private mutating func attachment(_ attachment: [String: Any]) {
        let colour = attachment["color"] as? String ?? ""
        let look = colour.wholeMatch(of: /#[0-9a-fA-F]{6}/) == nil ? "" : " style=\"border-color:\(colour)\""
        within("div", "class=attachment\(look)") { reading in
            reading.within("div", "class=fields") { reading in
                for field in attachment["fields"] as? [[String: Any]] ?? [] {
                    let value = reading.inline((field["value"] as? String ?? "")[...])
                    reading.fact(Self.escape(field["title"] as? String ?? ""), value)
                }
            }
            reading.markdown(attachment["text"] as? String ?? "")
        }
    }

    /// Paragraphs, quotes and lists, line by line.
    private mutating func markdown(_ text: String) {
        var block: (tag: String?, lines: [String]) = (nil, [])
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let (tag, words): (String?, Substring) =
                line.hasPrefix("> ")
                ? ("blockquote", line.dropFirst(2)) : line.hasPrefix("- ") ? ("ul", line.dropFirst(2)) : (nil, line)
            if tag != block.tag || words.isEmpty && tag == nil {
                close(block)
                block = (tag, [])
            }
            if !words.isEmpty || tag != nil { block.lines.append(inline(words)) }
        }
        close(block)
    }

    private mutating func close(_ block: (tag: String?, lines: [String])) {
        guard !block.lines.isEmpty else { return }
        switch block.tag {
        case "ul": add("<ul>\(block.lines.map { "<li>\($0)</li>" }.joined())</ul>")
        case let tag?: within(tag) { $0.paragraph(block.lines.joined(separator: "\n")) }
        case nil: paragraph(block.lines.joined(separator: "\n"))
        }
    }

    /// Words, with what is bold, italic or a link among them.
    private mutating func inline(_ text: Substring) -> String {
        var (result, rest) = ("", text)
        while let character = rest.popFirst() {
            if let (html, after) = span(character, rest) {
                result += html
                rest = after
            } else {
                result += Self.escape(String(character))
            }
        }
        return result
    }

    /// What begins with a mark, and what stands after it; nil where the mark means nothing.
    private mutating func span(_ mark: Character, _ rest: Substring) -> (html: String, after: Substring)? {
        switch mark {
        case "\\":
            guard let next = rest.first, next.isASCII, next.isPunctuation || next.isSymbol else { return nil }
            return (Self.escape(String(next)), rest.dropFirst())
        case "*":
            guard rest.first == "*", let (inner, after) = Self.part(of: rest.dropFirst(), until: "**") else {
                return nil
            }
            return ("<b>\(inline(inner))</b>", after)
        case "_":
            guard let (inner, after) = Self.part(of: rest, until: "_") else { return nil }
            return ("<i>\(inline(inner))</i>", after)
        case "[":
            guard let (label, target) = Self.part(of: rest, until: "]("),
                let (url, after) = Self.part(of: target, until: ")")
            else { return nil }
            let words = inline(label)
            return (anchor(String(url), words), after)
        default: return nil
        }
    }

    /// What stands before the first `mark` that no backslash takes its meaning from, and what stands after it.
    private static func part(of text: Substring, until mark: String) -> (Substring, Substring)? {
        var place = text.startIndex
        while place < text.endIndex {
            if text[place...].hasPrefix(mark) {
                return place == text.startIndex
                    ? nil : (text[..<place], text[text.index(place, offsetBy: mark.count)...])
            }
            let next = text.index(after: place)
            place = text[place] == "\\" && next < text.endIndex ? text.index(after: next) : next
        }
        return nil
    }
}
