// Adaptive Cards, as Teams shows what came through a Workflows webhook.

import Foundation

extension ChatReading {
    /// Reads a Workflows envelope; nil when it is not one.
    static func teams(_ body: Data) throws -> ChatReading? {
        guard let envelope = try object(body), let attachments = envelope["attachments"] as? [[String: Any]],
            let card = attachments.first?["content"] as? [String: Any], card["type"] as? String == "AdaptiveCard"
        else { return nil }
        var reading = ChatReading()
        reading.element(card)
        return reading
    }

    private mutating func element(_ element: [String: Any]) {
        switch element["type"] as? String {
        case "TextBlock": paragraph(Self.escape(element["text"] as? String ?? ""), isBold: element["weight"] != nil)
        case "RichTextBlock":
            let runs = element["inlines"] as? [Any] ?? []
            paragraph(runs.map { run($0) }.joined())
        case "FactSet":
            for fact in element["facts"] as? [[String: Any]] ?? [] {
                self.fact(
                    Self.escape(fact["title"] as? String ?? ""), Self.escape(fact["value"] as? String ?? ""))
            }
        case "Action.OpenUrl": button(element["url"] as? String ?? "", element["title"] as? String ?? "Open")
        case "ColumnSet": within("div", "class=row") { $0.children(of: element) }
        case "Column": within("div") { $0.children(of: element) }
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
            return anchor(url, text)
        }
        return run["weight"] as? String == "Bolder" ? "<b>\(text)</b>" : text
    }
}
