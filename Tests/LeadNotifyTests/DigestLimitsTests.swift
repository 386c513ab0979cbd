// Digests at the limits of what chat programs take: as long as a configuration lets links and names become, a whole one fits
// and has every lead's link; whatever doesn't fit is counted, and no link is cut.

import Foundation
import LeadTestKit
import PeerKit
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("Digests and what channels take") struct DigestLimitsTests {
    private static let kinds = ChannelKind.all.filter { $0.rendering != nil }

    /// A base of links of that many bytes.
    private static func base(_ bytes: Int) -> String {
        let short = "https://leads.example.com/"
        return short + String(repeating: "p", count: max(0, bytes - short.utf8.count))
    }

    /// A digest of `count` leads to somebody whose links are as long as they can be, with a word in every text of a lead.
    private static func digest(of count: Int, base: String, word: String = "fine-art") throws -> Briefing {
        let dana = PersonID(String(repeating: "d", count: 64))
        let sample = Sample.rulebook()
        let rulebook = Rulebook(
            site: Site(name: sample.site.name, url: base),
            people: [Person(id: dana, name: "Dana Whitfield", isManager: true)] + Sample.people,
            channels: Sample.channels, routes: [Route(managers: [dana], policy: "standard")],
            policies: ["standard": Sample.standard])
        let id = String(repeating: "k", count: LinkKeys.longestID)
        let keys = try #require(LinkKeys([(id: id, secret: [UInt8](repeating: 7, count: 32))]))
        let text = String(repeating: word, count: 400 / word.utf8.count)
        let messages = (1...count).map { number -> (delivery: Delivery, subject: LeadCase) in
            let fields: [FieldName: String] = [.company: text, .projectType: text, .value: "\(number) \(text)"]
            let at = Sample.start + .seconds(Int64(number))
            let subject = Sample.opening(Sample.lead(number, fields), at: at, rulebook: rulebook).result
            let delivery = Delivery(
                caseID: subject.id, sequence: 2, person: dana, channel: "teams", lane: "teams", kind: .remind,
                createdAt: Sample.start, remark: text)
            return (delivery, subject)
        }
        // A mail that says that chat takes nothing has a sentence more.
        return try #require(
            BriefingWriter(rulebook: rulebook, keys: keys).digest(of: messages, stopped: ["teams", "slack"]))
    }

    /// The texts of a message in which links stand, decoded.
    private static func texts(_ kind: ChannelKind, _ bytes: [UInt8]) throws -> [String] {
        switch kind.name {
        case "ntfy": return [String(decoding: bytes, as: UTF8.self)]
        case "smtp": return try ReadMail.read([bytes]).flatMap { $0.parts.map(\.text) }
        default:
            let texts = try #require(JSONTexts(bytes)).texts.map(\.text)
            return [texts.joined(separator: "\n")]
        }
    }

    /// How many of `links` stand in `text`, each whole and from the first on; nothing else in it begins like one.
    private static func shown(_ links: [String], in text: String, base: String) -> Int {
        let shown = links.filter { text.contains($0) }
        #expect(Array(links.prefix(shown.count)) == shown, "the most urgent are shown")
        let begun = text.components(separatedBy: "\(base)/l/").count - 1
        let whole = shown.reduce(0) { $0 + text.components(separatedBy: $1).count - 1 }
        #expect(begun == whole, "a link is cut")
        return shown.count
    }

    @Test(
        "a whole digest fits with every link, however long a configuration's links and a lead's words are",
        arguments: kinds.map(\.name), ["fine-art ", "@", "\"\\", "漢", "👩🏽‍🚀", "*_[]()"])
    func whole(_ name: String, _ word: String) throws {
        let kind = try #require(Self.kinds.first { $0.name == name })
        let base = Self.base(Site.longestURL)
        let briefing = try Self.digest(of: kind.digestSize, base: base, word: word)
        let links = briefing.suggestions.map(\.link)
        #expect(links.count == kind.digestSize && links.allSatisfy { $0.utf8.count > 280 })
        for brief in [false, true] {
            let message = try #require(kind.render(briefing, brief: brief))
            #expect(message.flaws == [], "\(name)")
            for text in try Self.texts(kind, message.bytes) {
                #expect(Self.shown(links, in: text, base: base) == links.count, "\(name)")
                #expect(!text.contains("more lines"))
            }
        }
    }

    @Test(
        "of leads that don't fit the last are counted, and none is cut off within its link",
        arguments: kinds.map(\.name),
        [(25, 30), (25, 120), (25, 600), (60, 30), (60, 120), (60, 600)])
    func counted(_ name: String, _ row: (leads: Int, bytes: Int)) throws {
        let count = row.leads
        let kind = try #require(Self.kinds.first { $0.name == name })
        let base = Self.base(row.bytes)
        let briefing = try Self.digest(of: count, base: base)
        let links = briefing.suggestions.map(\.link)
        let message = try #require(kind.render(briefing, brief: false))
        #expect(message.flaws == [], "\(name)")
        for text in try Self.texts(kind, message.bytes) {
            let shown = Self.shown(links, in: text, base: base)
            #expect(shown > 0 && shown <= count)
            if name == "smtp" { #expect(shown == count, "mail takes all") }
            let note = "\(count - shown) more lines are not shown here."
            #expect(unescaped(text).contains(note) == (shown < count), "\(name): \(shown) of \(count)")
        }
    }

    /// Without the marks that Markdown's escapes leave.
    private func unescaped(_ text: String) -> String { text.replacing("\\", with: "") }
}
