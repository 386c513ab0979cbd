// The history is the truth: replaying it gives the case, and a broken one gives none.

import Foundation
import LeadCore
import LeadTestKit
import Testing

@Suite("LeadCase: replay")
struct LeadCaseReplayTests {
    private func minute(_ minutes: Double) -> Timestamp { LeadCase.minute(minutes) }

    @Test("replaying any random history gives its case, and nothing is ever undone or repeated")
    func randomHistories() throws {
        for seed in 0..<1500 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            var tracked = TrackedCase(lead: Sample.lead(Int(seed)))
            var now = Sample.start
            var stepsDone: [Int] = []
            for _ in 0..<25 {
                now = now + .seconds(Int64.random(in: -600...1200, using: &random))
                let before = tracked.current
                guard tracked.refusal(of: command(on: tracked, using: &random), at: now) == nil else { continue }
                for entry in tracked.last.entries {
                    if case .step(let index) = entry.actor { stepsDone.append(index) }
                }
                // Once it has an owner a case never waits again, and once closed it stays closed.
                if before.assignment != nil { #expect(![.waiting, .claimed].contains(tracked.current.stateName)) }
                if before.stateName == .closed { #expect(tracked.current.state == before.state) }
            }
            if stepsDone != stepsDone.sorted() || Set(stepsDone).count != stepsDone.count {
                Issue.record("seed \(seed): steps \(stepsDone)")
            }
        }
    }

    private func command(on tracked: TrackedCase, using random: inout SeededGenerator) -> CaseCommand {
        let people: [PersonID] = ["dana", "lee", "billy", "jane", "nobody"]
        func anyone() -> PersonID { people[Int.random(in: people.indices, using: &random)] }
        switch Int.random(in: 0..<14, using: &random) {
        case 0: return .claim(by: anyone())
        case 1: return .release(by: anyone())
        case 2: return .assign(rep: anyone(), by: anyone(), note: "note")
        case 3:
            return .reassign(rep: anyone(), from: tracked.current.assignment?.rep ?? anyone(), by: anyone(), note: nil)
        case 4: return .reject(reason: .spam, by: anyone(), note: nil)
        case 5: return .start(by: anyone())
        case 6: return .close(by: anyone(), note: nil)
        case 7, 8: return .renewLink(person: anyone())
        case 9:
            let index = Int.random(in: tracked.deliveries.indices, using: &random)
            return .deliveryFailed(tracked.deliveries[index], reason: "gone")
        default: return .deadlinePassed
        }
    }

    @Test("a history that doesn't begin with an opening, or has a gap or a repetition, leads to no case")
    func broken() throws {
        var tracked = TrackedCase()
        try tracked.decide(.claim(by: "dana"), at: minute(1))
        try tracked.decide(.release(by: "dana"), at: minute(2))
        let history = tracked.history
        let key = tracked.current.key
        let lead = tracked.current.lead
        #expect(LeadCase(key: key, lead: lead, history: history) == tracked.current)
        #expect(LeadCase(key: key, lead: lead, history: []) == nil)
        #expect(LeadCase(key: key, lead: lead, history: Array(history.dropFirst())) == nil)
        for index in history.indices.dropFirst().dropLast() {
            var gap = history
            gap.remove(at: index)
            #expect(LeadCase(key: key, lead: lead, history: gap) == nil)
            var repeated = history
            repeated.insert(history[index], at: index)
            #expect(LeadCase(key: key, lead: lead, history: repeated) == nil)
        }
        #expect(LeadCase(key: key, lead: lead, history: history.reversed()) == nil)
    }

    @Test("every prefix of a history is a case of that version")
    func prefixes() throws {
        var tracked = TrackedCase()
        try tracked.decide(.deadlinePassed, at: minute(30))
        try tracked.decide(.assign(rep: "jane", by: "dana", note: nil), at: minute(31))
        try tracked.decide(.start(by: "jane"), at: minute(32))
        for length in 1...tracked.history.count {
            let prefix = Array(tracked.history.prefix(length))
            let replayed = LeadCase(key: tracked.current.key, lead: tracked.current.lead, history: prefix)
            #expect(replayed?.version == length)
        }
    }

    @Test("every event and actor survives coding")
    func coding() throws {
        let at = minute(1)
        let assignment = Assignment(rep: "jane", by: .step(index: 3), mode: .fallback, at: at, note: "n")
        let closing = Closing(reason: .notForUs, by: "dana", at: at, note: nil)
        let opening = Opening(
            reason: "because", policy: "standard", managers: ["dana"],
            plan: [
                PlannedStep(at: at, action: .notify(["dana"])), PlannedStep(at: at, action: .remind([])),
                PlannedStep(at: at, action: .assign("jane")),
            ])
        let events: [CaseEvent] = [
            .opened(opening: opening), .notified(step: 0, people: ["dana"]), .reminded(step: 1, people: []),
            .skipped(step: 2), .claimed(claim: Claim(by: "dana", at: at, until: at)), .claimExpired(by: "dana"),
            .released(by: "dana"), .assigned(assignment: assignment),
            .reassigned(assignment: assignment, from: "billy"),
            .rejected(closing: closing), .started(by: "jane"), .closed(closing: closing), .linkRenewed(person: "dana"),
            .passedOn(to: "lee", by: "dana", comment: nil), .passedOn(to: "lee", by: "dana", comment: "c"),
            .postponed(by: "dana", milliseconds: 1), .undone(assignment: assignment, by: "dana"),
            .deliveryFailed(delivery: "d", person: "dana", channel: "mail", reason: "r"),
            .unreached(person: "dana"), .outOfReach(person: "dana"),
        ]
        let actors: [Actor] = [.person(id: "dana"), .step(index: 2), .intake, .daemon]
        for (index, event) in events.enumerated() {
            let entry = HistoryEntry(sequence: index + 1, at: at, actor: actors[index % actors.count], event: event)
            let data = try JSONEncoder().encode(entry)
            #expect(try JSONDecoder().decode(HistoryEntry.self, from: data) == entry)
        }
    }
}
