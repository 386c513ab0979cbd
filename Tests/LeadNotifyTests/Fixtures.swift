// What the tests send: briefings read from the files beside the expected messages, and hostile ones made from one
// text.

import Foundation
import LeadTestKit

@testable import LeadCore

/// Files under `Golden`.
enum Golden {
    private static let files = GoldenFiles()
    static let folder = files.folder

    /// Messages to people.
    static let kinds = MessageKind.allCases.filter { $0 != .event }

    static func read(_ name: String) throws -> Data { try files.read(name) }

    /// Whether `bytes` are the file's.
    static func matches(_ bytes: [UInt8], _ name: String) throws -> Bool { try files.matches(bytes, name) }
}

/// Briefings for tests.
enum Fixture {
    /// A normal lead's message.
    static func briefing(_ kind: MessageKind = .decide) throws -> Briefing {
        try JSONDecoder().decode(Input.self, from: Golden.read("\(kind.rawValue).input.json")).briefing
    }

    /// A text that tries everything.
    static func hostileText() throws -> String {
        String(decoding: try Golden.read("hostile.input.txt"), as: UTF8.self)
    }

    /// A message with `text` in every field, and `description` bytes of it in the description.
    static func briefing(
        filledWith text: String, kind: MessageKind = .decide, facts: Int = 8, sentences: Int = 2,
        description: Int = 102_400, link: String? = "https://leads.example.com/l/k1.case.dana.d.1.mac",
        record: String? = nil
    ) -> Briefing {
        let copies = String(repeating: text + "\n", count: max(1, description / max(1, text.utf8.count + 1)))
        return Briefing(
            kind: kind, reader: text, caseID: CaseID(text), deliveryID: DeliveryID(text), threadID: text,
            startsThread: kind == .decide, site: text, headline: text, subject: text,
            facts: (0..<facts).map { Fact($0 == 0 ? text : "Label \($0)", $0 == 1 ? nil : text) },
            description: copies, sentences: Array(repeating: text, count: sentences),
            suggestions: (0..<3).map { _ in Suggestion(name: text, reason: text, link: (link ?? text) + "?rep=one") },
            link: link, linkLabel: text,
            recordURL: record ?? "https://crm.example.com/" + text, ownPage: nil, createdAt: Sample.start)
    }

    private struct Input: Decodable {
        let kind: MessageKind
        let reader: String
        let caseID: String
        let deliveryID: String
        let threadID: String
        let startsThread: Bool
        let site: String
        let headline: String
        let subject: String
        let facts: [[String?]]
        let description: String?
        let sentences: [String]
        let suggestions: [[String]]?
        let link: String?
        let linkLabel: String
        let recordURL: String?
        let ownPage: String?
        let createdAt: Int64

        /// The facts that a brief message shows too.
        private static let brief: Set<String> = ["Firm", "Place"]

        var briefing: Briefing {
            Briefing(
                kind: kind, reader: reader, caseID: CaseID(caseID), deliveryID: DeliveryID(deliveryID),
                threadID: threadID, startsThread: startsThread, site: site, headline: headline, subject: subject,
                facts: facts.map { Fact($0[0] ?? "", $0[1], isBrief: Self.brief.contains($0[0] ?? "")) },
                description: description, sentences: sentences,
                suggestions: (suggestions ?? []).map { Suggestion(name: $0[0], reason: $0[1], link: $0[2]) },
                link: link, linkLabel: linkLabel, recordURL: recordURL, ownPage: ownPage,
                createdAt: Timestamp(milliseconds: createdAt),
                briefSentences: sentences.filter { $0.hasPrefix("Choose by") },
                firm: facts.first { $0[0] == "Firm" }?[1])
        }
    }
}

/// A random text of pieces that have broken messages before.
func nastyText(using generator: inout SeededGenerator) -> String {
    let pieces = [
        "\r", "\n", "\r\n", "\0", "\t", " ", "a", "B", "7", "é", "漢字", "שלום", "👩🏽‍🚀", "\u{202E}", "\u{2066}", "\u{0301}",
        "=?utf-8?Q?x?=", "=?", "?=", "=", "<", ">", "&", "\"", "'", "\\", "`", "*", "_", "~", "|", "@", ",", ";", ":",
        "Bcc: x@evil.example", "--=_leadbell_", ".", "..", "-", "(", ")", "[", "]", "http://evil.example/",
        "<!channel>", "\u{7F}", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{FFFF}",
        "averyveryveryveryveryverylongwordwithout"
            + "anyspaceinitatallthatgoesonandonandonandon",
    ]
    let count = Int.random(in: 0...30, using: &generator)
    return (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
}
