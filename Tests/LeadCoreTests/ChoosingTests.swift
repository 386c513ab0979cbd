// Choices judged by the ranking: hard rules, warnings, what is kept of what the chooser saw, and what a policy's last step
// does when it goes by the ranking.

import LeadTestKit
import Testing

@testable import LeadCore

@Suite("Choosing")
struct ChoosingTests {
    private static let mortgages = Condition.field(.projectType, .isOneOf(["mortgage"]))

    private static let people =
        Sample.people + [
            Person(
                id: "omar", name: "Omar Haddad",
                rep: Person.RepProfile(skills: [Skill("mortgage", level: 5)], licences: ["mlo"], hardCap: 2)),
            Person(id: "zoe", name: "Zoë Blum", rep: Person.RepProfile(skills: ["wealth"], licences: ["mlo"])),
        ]

    private func rulebook(
        last: EscalationPolicy.Action = .assign("jane"), lastResort: PersonID? = nil, absences: [Absence] = []
    ) throws -> Rulebook {
        let steps = Sample.standard.steps.dropLast() + [.init(after: .seconds(3600), action: last)]
        return Sample.rulebook(
            people: Self.people,
            policies: ["standard": try EscalationPolicy(steps: Array(steps), lastResort: lastResort)],
            absences: absences, ranking: RankingSettings(rules: [HardRule(Self.mortgages, needs: .licence("mlo"))]))
    }

    private func away(_ id: PersonID, for substitute: PersonID? = nil) -> Absence {
        Absence(
            person: id, from: Sample.start + .seconds(60), until: LeadCase.minute(6000), substitute: substitute)
    }

    private func choosing(
        _ tracked: TrackedCase, seen: SeenRanking? = nil, confirmed: Acknowledgement = .of([]),
        loads: [PersonID: Workload] = [:]
    ) -> Choosing {
        let ranking = tracked.rulebook.ranking(for: tracked.current.lead, at: LeadCase.minute(5)) {
            loads[$0] ?? Workload()
        }
        return Choosing(seen: seen, current: ranking, confirmed: confirmed)
    }

    private let mortgage = Sample.lead(1, [.projectType: "mortgage"])

    @Test("whom a hard rule excludes nobody may choose, whatever they confirm")
    func excluded() throws {
        var tracked = TrackedCase(lead: mortgage, rulebook: try rulebook())
        for confirmed in [Acknowledgement.of([]), .ofEverything] {
            let refusal = tracked.refusal(
                of: .assign(
                    rep: "billy", by: "lee", note: nil, choosing: choosing(tracked, confirmed: confirmed)),
                at: LeadCase.minute(5))
            #expect(
                refusal
                    == .excluded("billy", "no licence mlo, which is needed because project type is mortgage"))
        }
        let full: [PersonID: Workload] = ["omar": Workload(openCount: 2, openWeight: 2)]
        let refusal = tracked.refusal(
            of: .assign(rep: "omar", by: "lee", note: nil, choosing: choosing(tracked, loads: full)),
            at: LeadCase.minute(5))
        #expect(refusal == .excluded("omar", "has 2 open leads, the cap is 2"))
    }

    @Test("a rep against whom something speaks takes one confirmation, and the history tells what was known")
    func unconfirmed() throws {
        var tracked = TrackedCase(lead: mortgage, rulebook: try rulebook())
        let warnings = ["mortgage lead, specialises in wealth"]
        let refusal = tracked.refusal(
            of: .assign(rep: "zoe", by: "lee", note: nil, choosing: choosing(tracked)), at: LeadCase.minute(5))
        #expect(refusal == .unconfirmed("zoe", warnings))
        try tracked.decide(
            .assign(rep: "zoe", by: "lee", note: nil, choosing: choosing(tracked, confirmed: .ofEverything)),
            at: LeadCase.minute(5))
        #expect(tracked.current.assignment?.seen?.warnings == warnings)
        #expect(Acknowledgement.of(warnings + ["another"]).covers(warnings))
        #expect(!Acknowledgement.of(["another"]).covers(warnings))
        let words = HistoryWords(rulebook: tracked.rulebook)
        #expect(
            words.words(tracked.history[tracked.history.count - 1].event).sentence
                == "Lee Park gave the lead to Zoë Blum, knowing: mortgage lead, specialises in wealth.")
    }

    @Test("taking a lead elsewhere is judged alike")
    func reassigned() throws {
        var tracked = TrackedCase(lead: mortgage, rulebook: try rulebook())
        try tracked.decide(
            .assign(rep: "omar", by: "lee", note: nil, choosing: choosing(tracked)), at: LeadCase.minute(5))
        let barred = CaseCommand.reassign(
            rep: "jane", from: "omar", by: "lee", note: nil, choosing: choosing(tracked, confirmed: .ofEverything))
        if case .excluded("jane", _) = tracked.refusal(of: barred, at: LeadCase.minute(6)) {
        } else {
            Issue.record("a rep without the licence was taken")
        }
        let doubtful = CaseCommand.reassign(
            rep: "zoe", from: "omar", by: "lee", note: nil, choosing: choosing(tracked))
        if case .unconfirmed("zoe", _) = tracked.refusal(of: doubtful, at: LeadCase.minute(6)) {
        } else {
            Issue.record("a warning was passed over")
        }
    }

    @Test("of what the chooser saw, the first five and the chosen one are kept, in the places that they had then")
    func seen() throws {
        let book = try rulebook()
        let ranking = book.ranking(for: mortgage, at: Sample.start) { _ in Workload() }
        #expect(ranking.entries.map(\.person) == ["omar", "zoe", "billy", "jane"])
        var tracked = TrackedCase(lead: mortgage, rulebook: book)
        // Omar has one lead more by now; that doesn't change what was seen.
        let loads: [PersonID: Workload] = ["omar": Workload(openCount: 1, openWeight: 1)]
        try tracked.decide(
            .assign(
                rep: "omar", by: "lee", note: nil,
                choosing: choosing(tracked, seen: SeenRanking(ranking), loads: loads)), at: LeadCase.minute(5))
        let kept = try #require(tracked.current.assignment?.seen)
        #expect(kept.count == 4)
        #expect(kept.places.map(\.place) == [1, 2, 3, 4])
        #expect(kept.places.first == SeenRanking(ranking).places.first)
        let many = (1...9).map { RankingCast.rep(PersonID("rep\($0)")) }
        let long = SeenRanking(RankingCast.rank([:], many)).keeping("rep8", warnings: [])
        #expect(long.places.map(\.place) == [1, 2, 3, 4, 5, 8])
        #expect(long.places.last?.person == "rep8")
    }

    @Test("a last step that goes by the ranking takes the first who is on duty and has room")
    func best() throws {
        let book = try rulebook(last: .assignBest(lastResort: "jane"), lastResort: "jane")
        var tracked = TrackedCase(lead: mortgage, rulebook: book)
        try tracked.decide(.deadlinePassed, at: LeadCase.minute(60))
        #expect(tracked.current.assignment?.rep == "omar")
        #expect(tracked.current.assignment?.mode == .fallback)
        #expect(tracked.current.assignment?.seen?.places.first?.person == "omar")
        let writer = BriefingWriter(rulebook: book, keys: Sample.keys)
        let open = TrackedCase(lead: mortgage, rulebook: book).current
        #expect(
            writer.deadline(of: open, for: "lee")
                == "Choose by Mon 23 Nov 16:00 (UTC); after that whoever fits best gets the lead.")
        // Omar is away and Zoë is on the road to her cap: she has no soft one, so she has room.
        var second = TrackedCase(
            lead: mortgage,
            rulebook: try rulebook(
                last: .assignBest(lastResort: "jane"), lastResort: "jane", absences: [away("omar")]))
        try second.decide(.deadlinePassed, at: LeadCase.minute(60))
        #expect(second.current.assignment?.rep == "zoe")
    }

    @Test(
        "with nobody to take it by the ranking the last resort does, with their substitute before them, and then anyhow"
    )
    func lastResort() throws {
        let absences = [away("omar"), away("zoe")]
        func owner(_ more: [Absence], last: EscalationPolicy.Action = .assignBest(lastResort: "jane")) throws
            -> PersonID?
        {
            var tracked = TrackedCase(
                lead: mortgage, rulebook: try rulebook(last: last, lastResort: "jane", absences: absences + more))
            try tracked.decide(.deadlinePassed, at: LeadCase.minute(60))
            return tracked.current.assignment?.rep
        }
        #expect(try owner([]) == "jane")
        #expect(try owner([away("jane", for: "billy")]) == "billy")
        #expect(try owner([away("jane"), away("billy")]) == "jane")
        // A person who is away: the substitute, then the best, then the last resort.
        #expect(try owner([away("billy", for: "jane")], last: .assign("billy")) == "jane")
        #expect(try owner([away("billy")], last: .assign("billy")) == "jane")
        #expect(try owner([away("billy"), away("jane")], last: .assign("billy")) == "jane")
    }

    @Test("messages to those who choose propose the first three, each with reasons and a link of their own")
    func suggestions() throws {
        let book = try rulebook()
        let tracked = TrackedCase(lead: mortgage, rulebook: book)
        let writer = BriefingWriter(rulebook: book, keys: Sample.keys) { lead, reader, limit, phrases in
            book.ranking(for: lead, at: Sample.start, reader: reader, limit: limit, phrases: phrases) { _ in Workload()
            }
        }
        let delivery = try #require(tracked.deliveries.first { $0.kind == .decide })
        let briefing = writer.briefing(of: delivery, about: tracked.current)
        #expect(briefing.suggestions.map(\.name) == ["Omar Haddad", "Zoë Blum"])
        #expect(briefing.suggestions.first?.reason == "skilled in mortgage, level 5 of 5; 0 of 2 open leads")
        #expect(briefing.suggestions.last?.reason.hasSuffix("; mortgage lead, specialises in wealth") == true)
        #expect(briefing.suggestions.map(\.link) == ["omar", "zoe"].map { "\(briefing.link ?? "")?rep=\($0)" })
        var settled = tracked
        try settled.decide(.assign(rep: "omar", by: "lee", note: nil), at: LeadCase.minute(2))
        #expect(writer.briefing(of: delivery, about: settled.current).suggestions.isEmpty)
        for delivery in settled.deliveries where delivery.kind != .decide {
            #expect(writer.briefing(of: delivery, about: tracked.current).suggestions.isEmpty)
        }
    }
}

@Suite("A rep who is gone")
struct OwnerGoneTests {
    @Test("their lead goes to the last resort, who is told as a new owner is; others' leads stay")
    func lastResort() throws {
        let policy = try EscalationPolicy(steps: Sample.standard.steps, lastResort: "kim")
        let kim = Person(id: "kim", name: "Kim Lund", rep: .init(), reach: [Sample.reach("mail", "kim@example.com")])
        let people = Sample.people + [kim]
        var tracked = TrackedCase(rulebook: Sample.rulebook(people: people, policies: ["standard": policy]))
        #expect(tracked.refusal(of: .ownerGone, at: LeadCase.minute(1)) == .notAssigned)
        try tracked.decide(.assign(rep: "billy", by: "dana", note: nil), at: LeadCase.minute(1))
        #expect(tracked.refusal(of: .ownerGone, at: LeadCase.minute(2)) == .sameRep("billy"))
        try tracked.decide(.start(by: "billy"), at: LeadCase.minute(2))
        tracked.rulebook = Sample.rulebook(
            people: people.filter { $0.id != "billy" }, policies: ["standard": policy])
        try tracked.decide(.ownerGone, at: LeadCase.minute(3))
        #expect(tracked.current.assignment?.rep == "kim")
        #expect(tracked.current.assignment?.mode == .automatic)
        #expect(tracked.told == ["assigned kim", "settled dana"])
        // Someone who never was a rep, but whom a policy names, is no rep who is gone.
        var ops = TrackedCase(
            rulebook: Sample.rulebook(
                policies: [
                    "standard": Sample.policy([(.zero, .notify(.manager)), (.seconds(60), .assign("lee"))])
                ]))
        try ops.decide(.deadlinePassed, at: LeadCase.minute(1))
        #expect(ops.refusal(of: .ownerGone, at: LeadCase.minute(2)) == .sameRep("lee"))
        // Without a last resort it is whom the last step means.
        var other = TrackedCase()
        try other.decide(.assign(rep: "billy", by: "dana", note: nil), at: LeadCase.minute(1))
        other.rulebook = Sample.rulebook(people: Sample.people.filter { $0.id != "billy" })
        try other.decide(.ownerGone, at: LeadCase.minute(3))
        #expect(other.current.assignment?.rep == "jane")
    }
}
