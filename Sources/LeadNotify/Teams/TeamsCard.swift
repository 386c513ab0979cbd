// A briefing as Microsoft Teams takes it through a Workflows webhook: a message with one Adaptive Card 1.2. Pure; it
// can't fail. Used by TeamsChannel.
//
// All words stand in RichTextBlocks, whose TextRuns know no Markdown (TextBlock and FactSet do), so a lead's
// asterisks and brackets stay what they are. The flow refuses cards above 28 KB and bodies grow on the way, so the
// longest text is cut until the whole is small enough.

import LeadCore

/// The message with its card.
enum TeamsCard {
    /// The most bytes of a body.
    static let mostBytes = 20_000

    /// The body to post for `briefing`.
    static func body(for briefing: Briefing) -> [UInt8] {
        var wording = Wording(briefing, within: .chat)
        var bytes = message(wording).bytes
        while bytes.count >= mostBytes, wording.cutLongest() { bytes = message(wording).bytes }
        return bytes
    }

    private static func message(_ wording: Wording) -> JSON {
        [
            "type": "message",
            "attachments": [
                [
                    "contentType": "application/vnd.microsoft.card.adaptive",
                    "contentUrl": nil,
                    "content": card(wording),
                ]
            ],
        ]
    }

    private static func card(_ wording: Wording) -> JSON {
        var body = [heading(wording)]
        body += wording.facts.map(fact)
        if !wording.descriptionLines.isEmpty {
            let label = block([.run(Wording.descriptionLabel, ["size": "Small", "isSubtle": true])])
            let lines = wording.descriptionLines.map { block([.run($0)], spacing: "Small") }
            body.append([
                "type": "Container", "separator": true, "spacing": "Medium", "items": .list([label] + lines),
            ])
        }
        for (index, sentence) in wording.sentences.enumerated() {
            body.append(block([.run(sentence)], spacing: index == 0 ? "Medium" : "Small", separator: index == 0))
        }
        if !wording.reps.isEmpty {
            let label = block([.run(Wording.repsLabel, ["size": "Small", "isSubtle": true])])
            body.append([
                "type": "Container", "separator": true, "spacing": "Medium",
                "items": .list([label] + wording.reps.map(proposal)),
            ])
        }
        var members: [(String, JSON)] = [
            ("$schema", "http://adaptivecards.io/schemas/adaptive-card.json"), ("type", "AdaptiveCard"),
            ("version", "1.2"), ("lang", "en"), ("msteams", ["width": "Full"]),
            ("fallbackText", .text(fallback(wording))), ("body", .list(body)),
        ]
        let actions = actions(wording)
        if !actions.isEmpty { members.append(("actions", .list(actions))) }
        return .members(members)
    }

    private static func heading(_ wording: Wording) -> JSON {
        [
            "type": "Container", "style": .text(style(wording.kind.tone)), "bleed": true,
            "items": [
                block([.run(wording.heading, ["size": "Small", "isSubtle": true])]),
                block([.run(wording.headline, ["size": "Medium", "weight": "Bolder"])], spacing: "None"),
            ],
        ]
    }

    private static func fact(_ line: Wording.Line) -> JSON {
        let look: JSON = line.isKnown ? [:] : ["isSubtle": true, "italic": true]
        return [
            "type": "ColumnSet", "spacing": "Small",
            "columns": [
                [
                    "type": "Column", "width": "80px",
                    "items": [block([.run(line.label, ["isSubtle": true])])],
                ],
                ["type": "Column", "width": "stretch", "items": [block([.run(line.text, look)])]],
            ],
        ]
    }

    private static func proposal(_ rep: Wording.Rep) -> JSON {
        let open: JSON = ["selectAction": ["type": "Action.OpenUrl", "url": .text(rep.link.text)]]
        let reason = rep.reason.isEmpty ? [] : [JSON.run(": \(rep.reason)")]
        return block([.run(rep.name, open)] + reason, spacing: "Small")
    }

    private static func block(_ runs: [JSON], spacing: String? = nil, separator: Bool = false) -> JSON {
        var members: [(String, JSON)] = [("type", "RichTextBlock"), ("inlines", .list(runs))]
        if let spacing { members.append(("spacing", .text(spacing))) }
        if separator { members.append(("separator", true)) }
        return .members(members)
    }

    private static func actions(_ wording: Wording) -> [JSON] {
        let links = [(wording.linkLabel, wording.link), (Wording.recordLabel, wording.record)]
        return links.compactMap { label, link in
            link.map { ["type": "Action.OpenUrl", "title": .text(label), "url": .text($0.text)] }
        }
    }

    /// Clients may read this as Markdown, so it holds no word of the lead.
    private static func fallback(_ wording: Wording) -> String {
        let text = "This message needs a newer Teams client."
        return wording.link.map { "\(text) \($0.text)" } ?? text
    }

    private static func style(_ tone: Tone) -> String {
        switch tone {
        case .asking: "accent"
        case .pressing: "warning"
        case .giving: "good"
        case .telling: "emphasis"
        case .alarming: "attention"
        }
    }
}

extension JSON {
    /// A TextRun of `text` with the members of `look`.
    fileprivate static func run(_ text: String, _ look: JSON = [:]) -> JSON {
        let run: [(String, JSON)] = [("type", "TextRun"), ("text", .text(text))]
        return if case .members(let members) = look { .members(run + members) } else { .members(run) }
    }
}
