// A push message, as ntfy shows it on a phone: a title, plain text, and a link that a tap on it opens.

import Foundation

extension ChatReading {
    /// Reads what was posted to a topic, with the parts that stand in the query; nil when it says nothing.
    static func push(_ body: Data, _ query: [String: String]) -> ChatReading? {
        let text = String(decoding: body, as: UTF8.self)
        guard !text.isEmpty || query["title"] != nil else { return nil }
        var reading = ChatReading()
        reading.paragraph(escape(query["title"] ?? "ntfy"), isBold: true)
        if ["high", "urgent", "max", "4", "5"].contains(query["priority"]) {
            reading.within("div", "class=muted") { $0.paragraph("High priority: it makes itself heard") }
        }
        let click = query["click"].map { reading.anchor($0, "A tap opens it", class: "tap") }
        if !text.isEmpty { reading.paragraph(reading.linked(text)) }
        if let click { reading.paragraph(click) }
        return reading
    }

    /// Text whose addresses of pages are links.
    private mutating func linked(_ text: String) -> String {
        var (result, rest) = ("", text[...])
        while let match = rest.firstMatch(of: /https?:\/\/[^\s]+/) {
            result += Self.escape(rest[..<match.range.lowerBound])
            result += anchor(String(match.output), Self.escape(match.output))
            rest = rest[match.range.upperBound...]
        }
        return result + Self.escape(rest)
    }
}
