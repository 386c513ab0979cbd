// The texts that are written by hand are the ones that the types read and would write themselves.

import Foundation
import LeadTestKit
import Testing

@testable import LeadCore
@testable import LeadStorage

@Suite("Texts in the database")
struct StoredTextTests {
    private static let at = Timestamp(milliseconds: 1_795_446_123_456)
    private static let odd = "\"\\/\u{8}\u{C}\n\r\t\u{0}\u{1F}\u{7F}\u{2028} é 𝄞 {\"a\":1}"
    private static let assignment = Assignment(
        rep: "billy", by: .person(id: "dana"), mode: .chosen, at: at, note: odd)
    private static let seen = SeenRanking(
        Sample.rulebook().ranking(for: Sample.lead(), at: at) { _ in Workload(openCount: 1, openWeight: 0.5) }
    ).keeping("billy", warnings: [odd])
    private static let closing = Closing(reason: .notForUs, by: "lee", at: at, note: nil)
    private static let plan: [PlannedStep] = [
        PlannedStep(at: at, action: .notify(["dana", "lee"])), PlannedStep(at: at, action: .remind([])),
        PlannedStep(at: at, action: .warn(["dana"]), onlyUnclaimed: true),
        PlannedStep(at: Timestamp(milliseconds: -5), action: .assign("jane")),
    ]
    private static let events: [CaseEvent] = [
        .opened(opening: Opening(reason: odd, policy: "", managers: ["dana"], plan: plan)),
        .opened(opening: Opening(reason: "r", policy: "p", managers: [], plan: [])),
        .opened(opening: Opening(reason: "r", policy: "p", managers: [], plan: [], closures: [])),
        .opened(
            opening: Opening(
                reason: "r", policy: "p", managers: [], plan: plan,
                closures: [
                    WorkCalendar.Closure(from: at, until: at + .seconds(60)),
                    WorkCalendar.Closure(from: at, until: at + .seconds(90), holidays: ["Thanksgiving", odd]),
                ])),
        .notified(step: 0, people: ["dana", "lee"]), .reminded(step: 1, people: []), .skipped(step: 2),
        .warned(step: 3, people: ["lee"]),
        .passedOver(step: 0, who: PassedOver(person: "dana", isAway: false, until: at, to: "lee")),
        .opened(opening: Opening(reason: "r", policy: "p", managers: [], plan: [], begins: at)),
        .opened(opening: Opening(reason: "r", policy: "p", managers: ["dana"], plan: [], turn: "dana")),
        .replanned(opening: Opening(reason: odd, policy: "p", managers: [], plan: plan), nextStep: 2),
        .claimed(claim: Claim(by: "dana", at: at, until: at)), .claimExpired(by: "dana"), .released(by: "dana"),
        .assigned(assignment: assignment),
        .assigned(
            assignment: Assignment(
                rep: "jane", by: .step(index: 3), mode: .fallback, at: at, seen: seen, firstActionBy: at)),
        .assigned(assignment: Assignment(rep: "jane", by: .step(index: 3), mode: .fallback, at: at)),
        .reassigned(assignment: assignment, from: "jane"), .rejected(closing: closing), .started(by: "billy"),
        .closed(closing: Closing(reason: .done, by: "billy", at: at, note: odd)), .linkRenewed(person: "lee"),
        .passedOn(to: "lee", by: "dana", comment: nil), .passedOn(to: "lee", by: "dana", comment: odd),
        .postponed(by: "dana", milliseconds: 1_800_000), .undone(assignment: assignment, by: "dana"),
        .opened(
            opening: Opening(
                reason: "r", policy: "p", managers: [], plan: [PlannedStep(at: at, action: .assignBest("jane"))])),
        .assigned(
            assignment: Assignment(
                rep: "jane", by: .person(id: "dana"), mode: .chosen, at: at, seen: seen)),
        .inquired(
            inquiry: Inquiry(
                key: IntakeKey(text: odd), lead: Sample.lead(7, [.description: odd]),
                resemblance: Resemblance(score: 77, reasons: [odd, "x"]), urgency: "high")),
        .inquired(
            inquiry: Inquiry(
                key: IntakeKey(text: "k"), lead: Lead(given: [:]), resemblance: Resemblance(score: 0, reasons: []))),
        .separated(key: IntakeKey(text: odd)), .enriched(by: odd, additions: []),
        .enriched(by: "crm", additions: [], gaps: []),
        .enriched(by: "crm", additions: [], gaps: [Lead.Gap(enricher: odd, reason: odd)]),
        .enriched(
            by: "crm",
            additions: [
                LateAddition(
                    field: .owner, value: Lead.Value(odd, Provenance(origin: "crm", confidence: 5, at: at)),
                    wins: true),
                LateAddition(field: FieldName(odd), value: Lead.Value("x", .given), wins: false),
            ]),
        .deliveryFailed(delivery: "c.1.decide.dana.mail", person: "dana", channel: "mail", reason: odd),
        .unreached(person: "dana"), .outOfReach(person: "dana"),
        .enricherRefused(refusal: EnricherRefusal(enricher: odd, reason: odd)),
        .channelImpaired(channel: "mail", reason: odd),
    ]

    @Test("events read back as they were and are spelled as the type would spell them", arguments: events)
    func readsBack(event: CaseEvent) throws {
        let text = Stored.text(event)
        #expect(try Stored.value(CaseEvent.self, text) == event)
        // The values of leads are spelled shorter.
        if !text.contains(#"{"enriched":{"#), !text.contains(#"{"inquired":{"#) { #expect(try sameJSON(text, event)) }
    }

    @Test(
        "actors read back as they were",
        arguments: [.person(id: "dana"), .step(index: 12), .intake, .daemon] as [Actor])
    func readsBack(actor: Actor) throws {
        let text = Stored.text(actor)
        #expect(try Stored.value(Actor.self, text) == actor)
        #expect(try sameJSON(text, actor))
    }

    @Test("leads read back as they were, whatever is in them")
    func readsLeadsBack() throws {
        var rich = Sample.lead(1, [.description: Self.odd, FieldName(Self.odd): "named oddly"])
        rich.fill(.industry, "Galleries", Provenance(origin: "firms", basis: "domain acme.example"))
        rich.note(Lead.Gap(enricher: "directory", reason: Self.odd))
        rich.add(.industry, Self.odd, Provenance(origin: Self.odd, confidence: 80, at: Self.at), by: Precedence())
        rich.add(.industry, "Third", Provenance(origin: "x", basis: "y"), by: Precedence(["x"]))
        rich.add(.city, "Boston", Provenance(origin: "x"), by: Precedence())
        rich.note(Lead.Gap(enricher: "x", reason: ""))
        for lead in [rich, Sample.lead(), Lead(given: [:])] {
            let text = Stored.text(lead)
            #expect(try Stored.value(Lead.self, text) == lead)
        }
    }

    private func sameJSON(_ text: String, _ value: some Encodable) throws -> Bool {
        let ours = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary
        let theirs = try JSONSerialization.jsonObject(with: JSONEncoder().encode(value)) as? NSDictionary
        return ours != nil && ours == theirs
    }
}
