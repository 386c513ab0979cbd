// An event, as a program's log might show it. It has no link that acts for a person, since no person reads it.

import Foundation

extension ChatReading {
    /// Reads an event's body; nil when it is none.
    static func event(_ body: Data) throws -> ChatReading? {
        guard let event = try object(body), let type = event["type"] as? String,
            let data = event["data"] as? [String: Any]
        else { return nil }
        var reading = ChatReading()
        reading.paragraph("<code>\(escape(type))</code>", isBold: true)
        let facts = [
            ("Lead", (data["fields"] as? [String: Any])?["name"] as? String ?? data["lead"] as? String),
            ("State", data["state"] as? String), ("By", actor(data["by"])), ("Rep", name(data["rep"])),
            ("Told", (data["people"] as? [Any])?.compactMap(name).joined(separator: ", ")),
        ]
        reading.within("div", "class=fields") { reading in
            for (label, value) in facts { if let value { reading.fact(label, escape(value)) } }
        }
        let pretty = try JSONSerialization.data(
            withJSONObject: event, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        let text = escape(String(decoding: pretty, as: UTF8.self))
        reading.add("<details><summary>What the program gets</summary><pre tabindex=0>\(text)</pre></details>")
        return reading
    }

    private static func name(_ person: Any?) -> String? { (person as? [String: Any])?["name"] as? String }

    private static func actor(_ by: Any?) -> String? {
        guard let by = by as? [String: Any] else { return nil }
        if let name = by["name"] as? String { return name }
        if let step = by["step"] as? Int { return "the policy's step \(step)" }
        return by["kind"] as? String
    }
}
