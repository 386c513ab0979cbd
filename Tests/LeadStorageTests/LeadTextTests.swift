// Leads are read by hand where they are spelled as they are written, and by the general decoder everywhere else: both always
// say the same of a text, and the quick one never takes what the other refuses.

import Foundation
import LeadTestKit
import Testing

@testable import LeadCore
@testable import LeadStorage

@Suite("Leads read from their texts")
struct LeadTextTests {
    private static let odd = "\"\\/\u{8}\u{C}\n\r\t\u{0}\u{1F}\u{7F}\u{2028} é 𝄞 {\"a\":1}"

    private static let rich: Lead = {
        let at = Timestamp(milliseconds: -1_795_446_123_456)
        var lead = Sample.lead(1, [.description: odd, FieldName(odd): "named oddly", .name: "Zoë Müller"])
        lead.fill(.industry, "Galleries", Provenance(origin: "firms", basis: "domain acme.example"))
        lead.add(.industry, odd, Provenance(origin: odd, confidence: 80, at: at), by: Precedence())
        lead.add(.industry, "Third", Provenance(origin: "x", basis: odd, confidence: 0), by: Precedence(["x"]))
        lead.add(.city, "Boston", Provenance(origin: "x", at: Timestamp(milliseconds: 0)), by: Precedence())
        lead.note(Lead.Gap(enricher: odd, reason: ""))
        lead.note(Lead.Gap(enricher: "directory", reason: odd))
        return lead
    }()

    @Test("whatever is in a lead, its text is read by hand", arguments: [rich, Sample.lead(), Lead(given: [:])])
    func readsByHand(lead: Lead) throws {
        #expect(LeadText.lead(Stored.text(lead)) == lead)
        #expect(try Stored.lead(Stored.text(lead)) == lead)
    }

    @Test("leads are read as they were written formerly: each value an object, its provenance set apart")
    func readsFormerShape() throws {
        let encoder = JSONEncoder()
        let former = String(decoding: try encoder.encode(Self.rich), as: UTF8.self)
        #expect(former.contains(#""provenance":{"#) && former.contains(#"{"text":"named oddly"}"#))
        #expect(try Stored.lead(former) == Self.rich)
        let text = #"""
            {"values":{"id":{"text":"1"},"city":{"text":"Boston","provenance":{"origin":"x","basis":"b","confidence":80,"at":9}}},\#
            "gaps":[]}
            """#
        var lead = Lead(given: [.id: "1"])
        let provenance = Provenance(origin: "x", basis: "b", confidence: 80, at: Timestamp(milliseconds: 9))
        lead.fill(.city, "Boston", provenance)
        #expect(LeadText.lead(text) == lead)
        #expect(try Stored.value(Lead.self, text) == lead)
    }

    @Test("a value is written as short as can be")
    func writesShort() {
        var lead = Lead(given: [.id: "1"])
        #expect(Stored.text(lead) == #"{"values":{"id":"1"},"gaps":[]}"#)
        lead = Lead(given: [:])
        lead.fill(.city, "Boston", Provenance(origin: "x", basis: "b", confidence: 80, at: Timestamp(milliseconds: 9)))
        let value = #"{"text":"Boston","origin":"x","basis":"b","confidence":80,"at":9}"#
        #expect(Stored.text(lead) == #"{"values":{"city":\#(value)},"gaps":[]}"#)
    }

    @Test(
        "a text that is spelled in another way is read all the same",
        arguments: [
            #"{"values":{"id":{"text":"1"},"name":{"text":"Ada"}}, "gaps":[]}"#,
            #"{"gaps":[],"values":{"id":{"text":"1"},"name":{"text":"Ada"}}}"#,
            #"{"values":{"id":{"text":"1"},"name":{"text":"\u0041da"}},"gaps":[]}"#,
            #"{"values":{"id":{"provenance":{"origin":"given"},"text":"1"},"name":{"text":"Ada"}},"gaps":[]}"#,
            #"{"values":{"id":{"origin":"given","text":"1"},"name":"Ada"},"gaps":[]}"#,
            #"{"values":{"id":{"text":"1","more":null},"name":{"text":"Ada"}},"gaps":[],"later":{}}"#,
        ])
    func leavesOtherSpellingsToTheDecoder(text: String) throws {
        #expect(LeadText.lead(text) == nil)
        #expect(try Stored.lead(text) == Lead(given: [.id: "1", .name: "Ada"]))
        #expect(Stored.readableLead(text) != nil)
    }

    @Test("a text that is cut off or damaged anywhere is never read as another lead than the decoder reads")
    func agreesOnDamage() throws {
        let whole = Array(Stored.text(Self.rich).utf8)
        for end in whole.indices { #expect(LeadText.lead(String(decoding: whole[..<end], as: UTF8.self)) == nil) }
        for place in whole.indices {
            for byte in #"{}[]":,\-0 nu"#.utf8 + [0x01, 0x7F] {
                var damaged = whole
                damaged[place] = byte
                let text = String(decoding: damaged, as: UTF8.self)
                guard let lead = LeadText.lead(text) else { continue }
                #expect(try Stored.value(Lead.self, text) == lead)
            }
        }
    }

    @Test("a text that names a field twice, or a number of too many digits, is left to the decoder")
    func leavesDoubtsToTheDecoder() {
        let twice = #"{"values":{"id":{"text":"1"},"id":{"text":"2"}},"gaps":[]}"#
        #expect(LeadText.lead(twice) == nil)
        for digits in ["01", "", "-", "1234567890123456789", "1.5", "1e3"] {
            for member in [#""origin":"x","at":\#(digits)"#, #""provenance":{"origin":"x","at":\#(digits)}"#] {
                let text = #"{"values":{"id":{"text":"1",\#(member)}},"gaps":[]}"#
                #expect(LeadText.lead(text) == nil, "\(text)")
            }
        }
    }
}
