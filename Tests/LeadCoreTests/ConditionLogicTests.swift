// What is told of conditions without a lead, against leads by the dice: what is claimed must hold for every one.

import Foundation
import LeadTestKit
import Testing

@testable import LeadCore

@Suite("What follows from conditions")
struct ConditionLogicTests {
    private static let texts = ["a", "ab", "B", "c", "5", "12"]

    private static func test(_ dice: inout SeededGenerator) -> FieldTest {
        func some() -> [String] { Array(texts.shuffled(using: &dice).prefix(Int.random(in: 1...3, using: &dice))) }
        func bound() -> Decimal? { Bool.random(using: &dice) ? Decimal(Int.random(in: 0...15, using: &dice)) : nil }
        switch Int.random(in: 0...4, using: &dice) {
        case 0: return .isOneOf(some())
        case 1: return .isNoneOf(some())
        case 2: return .isLike([["a*", "*b", "5", "*"].randomElement(using: &dice) ?? "*"])
        case 3: return .isKnown(Bool.random(using: &dice))
        default: return .isNumber(atLeast: bound(), below: bound(), currency: nil)
        }
    }

    private static func condition(_ depth: Int, _ dice: inout SeededGenerator) -> Condition {
        let field: FieldName = Bool.random(using: &dice) ? .product : .city
        guard depth > 0 else { return .field(field, test(&dice)) }
        let parts = (0..<Int.random(in: 1...2, using: &dice)).map { _ in condition(depth - 1, &dice) }
        switch Int.random(in: 0...3, using: &dice) {
        case 0: return .all(parts)
        case 1: return .any(parts)
        case 2: return .not(parts[0])
        default: return .field(field, test(&dice))
        }
    }

    /// Every combination of what the two fields may be.
    private static let leads: [Lead] = (texts + [""]).flatMap { product in
        (texts + [""]).map { city in Lead(given: [.product: product, .city: city].filter { !$0.value.isEmpty }) }
    }

    @Test("no claim is wrong: of 40,000 pairs and as many single ones")
    func sound() {
        var dice = SeededGenerator(seed: 7)
        var implications = 0
        var impossibilities = 0
        for _ in 0..<40_000 {
            let one = Self.condition(2, &dice)
            let other = Self.condition(1, &dice)
            if one.implies(other) {
                implications += 1
                let witness = Self.leads.first { one.holds(for: $0) && !other.holds(for: $0) }
                #expect(witness == nil, "\(one.words) does not imply \(other.words)")
            }
            if one.isImpossible {
                impossibilities += 1
                #expect(!Self.leads.contains { one.holds(for: $0) }, "\(one.words) is possible")
            }
        }
        // Enough of both, or the test would show nothing.
        #expect(implications > 1000 && impossibilities > 300)
    }

    @Test("what people write by mistake is found")
    func useful() {
        let tiles = Condition.field(.product, .isOneOf(["tile", "slab"]))
        let large = Condition.field(.value, .isNumber(atLeast: 100, below: nil, currency: nil))
        let larger = Condition.field(.value, .isNumber(atLeast: 500, below: 900, currency: "USD"))
        #expect(Condition.all([.field(.product, .isOneOf(["Tile"])), larger]).implies(.all([tiles])))
        #expect(larger.implies(large) && !large.implies(larger))
        #expect(Condition.field(.product, .isOneOf(["tile"])).implies(.field(.product, .isLike(["ti*"]))))
        #expect(Condition.all([tiles, .field(.product, .isKnown(false))]).isImpossible)
        #expect(
            Condition.all([larger, .field(.value, .isNumber(atLeast: nil, below: 500, currency: nil))]).isImpossible)
        #expect(!Condition.all([tiles, large]).isImpossible && !tiles.implies(large))
    }

    @Test("a manager who owns the lead is asked first where the route says so; all may be asked at once")
    func routing() throws {
        func opening(_ fields: [FieldName: String], ask: Route.Ask = .first, ownerFirst: Bool = true) -> TrackedCase {
            TrackedCase(
                lead: Sample.lead(1, fields),
                rulebook: Sample.rulebook(routes: [
                    Route(managers: ["dana", "lee"], policy: "standard", ask: ask, ownerFirst: ownerFirst)
                ]))
        }
        for name in ["lee", "LEE PARK", "lee@example.com"] {
            let tracked = opening([.owner: name])
            #expect(tracked.told == ["decide lee"])
            #expect(tracked.current.opening.reason == "Lee Park owns the lead, and no other route applies")
            #expect(tracked.current.opening.managers == ["lee", "dana"])
        }
        #expect(opening([.owner: "lee"], ownerFirst: false).told == ["decide dana"])
        // Billy receives leads and chooses for none.
        #expect(opening([.owner: "billy"]).told == ["decide dana"])
        #expect(opening([:]).told == ["decide dana"])
        var all = opening([:], ask: .all)
        #expect(all.told == ["decide dana", "decide lee"])
        try all.decide(.deadlinePassed, at: LeadCase.minute(15))
        #expect(all.told == ["remind dana", "remind lee"])
        // Nobody is left to be asked next, so those who know are reminded.
        try all.decide(.deadlinePassed, at: LeadCase.minute(30))
        #expect(all.told == ["remind dana", "remind lee"])
        try all.decide(.assign(rep: "billy", by: "lee", note: nil), at: LeadCase.minute(31))
        #expect(all.told == ["assigned billy", "settled dana", "settled lee"])
    }
}
