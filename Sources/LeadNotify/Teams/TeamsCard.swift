// A briefing as Microsoft Teams takes it through a Workflows webhook: a message with one Adaptive Card 1.2. Pure; it
// can't fail. Used by TeamsChannel.
//
// All words stand in RichTextBlocks, whose TextRuns know no Markdown (TextBlock and FactSet do), so a lead's
// asterisks and brackets stay what they are; only the reader's name stands in a TextBlock, to mention them. The flow refuses cards above 28 KB and bodies grow on the way, so the
// longest text is cut until the whole is small enough.

import LeadCore

/// The message with its card.
enum TeamsCard {
    /// The most bytes of a body.
    static let mostBytes = 20_000

    /// The body to post for `briefing`.
    static func body(for briefing: Briefing) -> [UInt8] {
        Wording(briefing, within: .chat).laidOut(under: mostBytes, message)
    }

    private static func message(_ wording: Wording) -> [UInt8] {
        JSONText(capacity: 8_192) { json in
            json.member("type", constant: "message")
            json.list("attachments") { json in
                json.object { json in
                    json.member("contentType", constant: "application/vnd.microsoft.card.adaptive")
                    json.null("contentUrl")
                    json.object("content") { write(card: wording, to: &$0) }
                }
            }
        }.bytes
    }

    private static func write(card wording: Wording, to json: inout JSONText) {
        json.member("$schema", constant: "http://adaptivecards.io/schemas/adaptive-card.json")
        json.member("type", constant: "AdaptiveCard")
        json.member("version", constant: "1.2")
        json.member("lang", wording.language)
        json.object("msteams") { json in
            json.member("width", constant: "Full")
            if let mention = wording.mention { json.list("entities") { entity(mention, &$0) } }
        }
        json.member("fallbackText", fallback(wording))
        json.list("body") { json in
            heading(wording, &json)
            for line in wording.facts { fact(line, &json) }
            if wording.description != nil {
                part(wording.descriptionLabel, &json) { json in
                    for line in wording.descriptionLines { block(&json, spacing: "Small") { $0.run(line) } }
                }
            }
            for (index, sentence) in wording.sentences.enumerated() {
                block(&json, spacing: index == 0 ? "Medium" : "Small", separator: index == 0) { $0.run(sentence) }
            }
            if !wording.reps.isEmpty {
                part(wording.listLabel, &json) { json in
                    for rep in wording.reps { proposal(rep, &json) }
                }
            }
        }
        guard wording.link != nil || wording.record != nil else { return }
        json.list("actions") { json in
            if let link = wording.link { action(wording.linkLabel, link, &json) }
            if let record = wording.record { action(wording.recordLabel, record, &json) }
        }
    }

    private static func heading(_ wording: Wording, _ json: inout JSONText) {
        json.object { json in
            json.member("type", constant: "Container")
            json.member("style", constant: style(wording.kind.tone))
            json.member("bleed", true)
            json.list("items") { json in
                block(&json) { $0.run(wording.heading, look: small) }
                block(&json, spacing: "None") { json in
                    json.run(wording.headline) { json in
                        json.member("size", constant: "Medium")
                        json.member("weight", constant: "Bolder")
                    }
                }
                if let mention = wording.mention { json.object { address(mention, &$0) } }
            }
        }
    }

    // MARK: Mentions
    //
    // Teams finds them in a TextBlock alone, by the very text of the entity.
    // (learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format)

    /// What stands in the card where the reader is mentioned.
    static func text(of mention: Wording.Mention) -> String { "<at>\(mention.name)</at>" }

    private static func address(_ mention: Wording.Mention, _ json: inout JSONText) {
        json.member("type", constant: "TextBlock")
        json.member("text", text(of: mention))
        json.member("wrap", true)
        json.member("spacing", constant: "Small")
    }

    private static func entity(_ mention: Wording.Mention, _ json: inout JSONText) {
        json.object { json in
            json.member("type", constant: "mention")
            json.member("text", text(of: mention))
            json.object("mentioned") { json in
                json.member("id", mention.account)
                json.member("name", mention.name)
            }
        }
    }

    private static func fact(_ line: Wording.Line, _ json: inout JSONText) {
        json.object { json in
            json.member("type", constant: "ColumnSet")
            json.member("spacing", constant: "Small")
            json.list("columns") { json in
                column("80px", &json) { $0.run(line.label) { $0.member("isSubtle", true) } }
                column("stretch", &json) { json in
                    json.run(line.text) { json in
                        guard !line.isKnown else { return }
                        json.member("isSubtle", true)
                        json.member("italic", true)
                    }
                }
            }
        }
    }

    private static func column(_ width: StaticString, _ json: inout JSONText, _ runs: (inout JSONText) -> Void) {
        json.object { json in
            json.member("type", constant: "Column")
            json.member("width", constant: width)
            json.list("items") { block(&$0, runs: runs) }
        }
    }

    /// A part of the card under a label of its own.
    private static func part(_ label: String, _ json: inout JSONText, _ items: (inout JSONText) -> Void) {
        json.object { json in
            json.member("type", constant: "Container")
            json.member("separator", true)
            json.member("spacing", constant: "Medium")
            json.list("items") { json in
                block(&json) { $0.run(label, look: small) }
                items(&json)
            }
        }
    }

    private static func proposal(_ rep: Wording.Rep, _ json: inout JSONText) {
        block(&json, spacing: "Small") { json in
            json.run(rep.name) { $0.object("selectAction") { open(rep.link, &$0) } }
            if !rep.reason.isEmpty { json.run(": \(rep.reason)") }
        }
    }

    private static func block(
        _ json: inout JSONText, spacing: StaticString? = nil, separator: Bool = false, runs: (inout JSONText) -> Void
    ) {
        json.object { json in
            json.member("type", constant: "RichTextBlock")
            json.list("inlines", runs)
            if let spacing { json.member("spacing", constant: spacing) }
            if separator { json.member("separator", true) }
        }
    }

    private static func small(_ json: inout JSONText) {
        json.member("size", constant: "Small")
        json.member("isSubtle", true)
    }

    private static func action(_ title: String, _ link: WebLink, _ json: inout JSONText) {
        json.object { json in
            json.member("type", constant: "Action.OpenUrl")
            json.member("title", title)
            json.member("url", link.text)
        }
    }

    private static func open(_ link: WebLink, _ json: inout JSONText) {
        json.member("type", constant: "Action.OpenUrl")
        json.member("url", link.text)
    }

    /// Clients may read this as Markdown, so it holds no word of the lead, and of ours letters and stops alone.
    private static func fallback(_ wording: Wording) -> String {
        let words = wording.newerClient
        let isPlain = words.utf8.allSatisfy(isPlain)
        let text =
            isPlain ? words : words.filter { $0.isLetter || $0.isNumber || " .,;:!?-–".contains($0) }
        return wording.link.map { "\(text) \($0.text)" } ?? text
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x20, 0x2C, 0x2D, 0x2E, 0x3A, 0x3B, 0x21, 0x3F: true
        default: false
        }
    }

    private static func style(_ tone: Tone) -> StaticString {
        switch tone {
        case .asking: "accent"
        case .pressing: "warning"
        case .giving: "good"
        case .telling: "emphasis"
        case .alarming: "attention"
        }
    }
}

extension JSONText {
    /// A TextRun of `text`, with what `look` adds.
    fileprivate mutating func run(_ text: String, look: (inout JSONText) -> Void = { _ in }) {
        object { json in
            json.member("type", constant: "TextRun")
            json.member("text", text)
            look(&json)
        }
    }
}
