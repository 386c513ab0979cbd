// Managers who take turns: each in order, nobody twice for somebody who is away, and the same after a restart.

import LeadCore
import LeadTestKit
import Testing

@Suite("Turns")
struct TurnsTests {
    private static let kim = Person(
        id: "kim", name: "Kim Lund", isManager: true, reach: [Sample.reach("mail", "kim@example.com")])

    private func rulebook(absences: [Absence] = [], ownerFirst: Bool = false) -> Rulebook {
        Sample.rulebook(
            people: Sample.people + [Self.kim],
            routes: [
                Route(managers: ["dana", "lee", "kim"], policy: "standard", ask: .inTurn, ownerFirst: ownerFirst)
            ],
            absences: absences)
    }

    /// Who is asked first for each of `count` leads.
    private func asked(
        _ count: Int, _ turns: inout Turns, by rulebook: Rulebook, fields: [FieldName: String] = [:]
    ) -> [PersonID] {
        (0..<count).map { number in
            let lead = Sample.lead(number, fields)
            let transition = LeadCase.open(
                lead, key: Sample.key(of: lead), now: Sample.start, rulebook: rulebook, turns: turns)
            #expect(transition.result.told == transition.result.opening.turn.map { [$0] })
            if let turn = transition.result.opening.turn { turns.take(turn) }
            return transition.result.told[0]
        }
    }

    @Test("each is asked in turn, and the others follow in the order of their turns")
    func round() throws {
        var turns = Turns()
        let rulebook = rulebook()
        #expect(asked(7, &turns, by: rulebook) == ["dana", "lee", "kim", "dana", "lee", "kim", "dana"])
        var tracked = LeadCase.open(
            Sample.lead(9), key: Sample.key(of: Sample.lead(9)), now: Sample.start, rulebook: rulebook, turns: turns
        ).result
        #expect(tracked.told == ["lee"] && tracked.opening.managers == ["lee", "kim", "dana"])
        #expect(tracked.opening.reason == "no other route applies, and the managers take turns")
        for minutes in [15.0, 30] {
            tracked = try tracked.decide(.deadlinePassed, now: LeadCase.minute(minutes), rulebook: rulebook).result
        }
        #expect(tracked.told == ["lee", "kim"])
    }

    @Test("all others share the turns of one who is away, who then has one and not all that were missed")
    func away() {
        var turns = Turns()
        let leave = Absence(person: "dana", from: Sample.start - .seconds(60), until: Sample.start + .seconds(60))
        let covered = Absence(
            person: "dana", from: Sample.start - .seconds(60), until: Sample.start + .seconds(60), substitute: "kim")
        #expect(asked(4, &turns, by: rulebook(absences: [leave])) == ["lee", "kim", "lee", "kim"])
        #expect(asked(4, &turns, by: rulebook(absences: [covered])) == ["lee", "kim", "lee", "kim"])
        #expect(asked(4, &turns, by: rulebook()) == ["dana", "lee", "kim", "dana"])
    }

    @Test("turns go on from what a former run left, and whoever is new is next")
    func beginning() {
        var turns = Turns(["kim", "dana"])
        #expect(asked(4, &turns, by: rulebook()) == ["lee", "kim", "dana", "lee"])
    }

    @Test("a manager who owns the lead is asked out of turn, which counts as theirs")
    func owner() {
        var turns = Turns()
        #expect(asked(1, &turns, by: rulebook(ownerFirst: true), fields: [.owner: "Lee Park"]) == ["lee"])
        #expect(asked(3, &turns, by: rulebook(ownerFirst: true)) == ["dana", "kim", "lee"])
    }

    @Test("without turns nobody has one")
    func none() {
        #expect(Sample.opening().result.opening.turn == nil)
        #expect(!Sample.rulebook().takesTurns && rulebook().takesTurns)
    }
}
