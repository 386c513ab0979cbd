// What becomes of values that disagree: both are kept, and the order says which is the lead's.

import Foundation
import Testing

@testable import LeadCore

@Suite("Precedence")
struct PrecedenceTests {
    private func lead(_ order: Precedence, _ findings: [(String, String)], given: String? = nil) -> Lead {
        var lead = Lead(given: given.map { [.industry: $0] } ?? [:])
        for (origin, text) in findings { lead.add(.industry, text, Provenance(origin: origin), by: order) }
        return lead
    }

    private func all(_ lead: Lead) -> [String] {
        ([lead.values[.industry]] + (lead.others[.industry] ?? [])).compactMap { $0?.text }
    }

    @Test("what the lead says wins, then whoever spoke first")
    func standard() {
        #expect(all(lead(Precedence(), [("a", "A"), ("b", "B")], given: "G")) == ["G", "A", "B"])
        #expect(all(lead(Precedence(), [("b", "B"), ("a", "A")])) == ["B", "A"])
    }

    @Test("an order says whose word counts, for all fields or for one")
    func ordered() {
        let order = Precedence(["b", "a"], fields: [.industry: ["crm", "given"]])
        #expect(all(lead(order, [("a", "A"), ("crm", "C")], given: "G")) == ["C", "G", "A"])
        var other = Lead(given: [.city: "Given"])
        for origin in ["x", "a", "b"] { other.add(.city, origin, Provenance(origin: origin), by: order) }
        #expect(other[.city] == "Given", "unless an order names it, the lead comes first")
        #expect(other.others[.city]?.map(\.text) == ["b", "a", "x"])
    }

    @Test("who says the same as another is left out, and nobody says nothing")
    func same() {
        #expect(
            all(lead(Precedence(), [("a", "stone"), ("b", "STONE"), ("c", "  "), ("d", "Tile"), ("e", "tile")])) == [
                "stone", "Tile",
            ])
    }

    @Test("many values of one field don't grow without end")
    func bounded() {
        let many = lead(Precedence(), (0..<100).map { ("e\($0)", "text \($0)") })
        #expect(all(many).count == 9)
    }

    @Test("a lead reads back with what others said, and one from before with none")
    func coding() throws {
        var lead = lead(Precedence(), [("a", "A"), ("b", "B")])
        lead.add(
            .city, "Chicago", Provenance(origin: "c", basis: "x", confidence: 80, at: Timestamp(milliseconds: 5)),
            by: Precedence())
        #expect(try JSONDecoder().decode(Lead.self, from: JSONEncoder().encode(lead)) == lead)
        let old = Data(#"{"values":{"name":{"text":"Ada","provenance":{"origin":"given"}}},"gaps":[]}"#.utf8)
        let short = Data(#"{"values":{"name":{"text":"Ada"}},"gaps":[]}"#.utf8)
        for text in [old, short] {
            #expect(try JSONDecoder().decode(Lead.self, from: text) == Lead(given: [.name: "Ada"]))
        }
    }
}
