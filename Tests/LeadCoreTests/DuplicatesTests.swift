// Who counts as the same: what two leads must have in common, which case a lead joins or follows, and what that does to the
// case.

import Foundation
import LeadTestKit
import Testing

@testable import LeadCore

@Suite("Duplicates")
struct DuplicatesTests {
    private static let hour: Duration = .seconds(3600)

    private func lead(_ fields: [FieldName: String]) -> Lead { Lead(given: fields) }

    private func score(_ left: [FieldName: String], _ right: [FieldName: String], agencies: Set<String> = []) -> Int {
        let (a, b) = (Likeness(lead(left)), Likeness(lead(right)))
        let there = a.resemblance(to: b, agencies: agencies)
        #expect(there == b.resemblance(to: a, agencies: agencies), "it is the same both ways")
        return there?.score ?? 0
    }

    // MARK: Likeness

    @Test(
        "addresses are compared without what providers ignore",
        arguments: [
            ("Ada.Byron+stone@GMail.com", "adabyron@googlemail.com", true),
            ("ada+x@acme.example", "ada@acme.example", true),
            ("a.da@acme.example", "ada@acme.example", false), ("ada@acme.example", "ada@acme.test", false),
        ])
    func address(left: String, right: String, isSame: Bool) {
        #expect((score([.email: left], [.email: right]) == 100) == isSame)
    }

    @Test("numbers are compared by E.164, or as they stand with their country's code")
    func number() {
        #expect(score([.phone: "+1 (312) 555-0100"], [.phoneE164: "+13125550100"]) == 80)
        #expect(score([.phone: "312 555 0100"], [.phone: "312 555 0100"]) == 0, "without a country it is no number")
        #expect(score([.phone: "+1 312 CALL ME"], [.phone: "+1 312 CALL ME"]) == 0)
    }

    @Test("a number that several share says nothing of different people of different firms")
    func sharedNumber() {
        let phone: [FieldName: String] = [.phone: "+13125550100"]
        func one(_ name: String, _ firm: String) -> [FieldName: String] {
            phone.merging([.name: name, .company: firm]) { $1 }
        }
        #expect(score(one("Ada Byron", "Acme Arts"), one("A. Byron", "Acme Arts Ltd")) == 95)
        #expect(score(one("Ada Byron", "Acme Arts"), one("Carl Gauss", "Acme Arts")) == 80)
        #expect(score(one("Ada Byron", "Acme Arts"), one("Carl Gauss", "Northgate")) == 45)
    }

    @Test("an agency's people ask for many firms")
    func agency() {
        func one(_ firm: String) -> [FieldName: String] {
            [.email: "jo@agency.example", .name: "Jo March", .company: firm]
        }
        #expect(score(one("Acme Arts"), one("Northgate Gallery")) == 100)
        #expect(score(one("Acme Arts"), one("Northgate Gallery"), agencies: ["agency.example"]) == 40)
        #expect(score(one("Acme Arts"), one("ACME ARTS, Inc."), agencies: ["agency.example"]) == 90)
    }

    @Test("names decide only where the leads have neither address nor number in common to compare")
    func names() {
        let ada: [FieldName: String] = [.name: "Ada Müller", .company: "Acme Arts GmbH"]
        #expect(score(ada, [.name: "Mueller, Ada", .company: "Acme Arts"]) >= 90)
        #expect(
            score(ada.merging([.email: "ada@a.example"]) { $1 }, ada.merging([.phone: "+13125550100"]) { $1 }) >= 90)
        #expect(score(ada.merging([.email: "ada@a.example"]) { $1 }, ada.merging([.email: "am@b.example"]) { $1 }) == 0)
        #expect(score(ada, [.name: "Ada Müller"]) == 0, "a name alone is many people's")
        #expect(score(ada, [.name: "Ada Müller", .company: "Northgate"]) == 0)
    }

    @Test("leads that resemble each other have a key in common")
    func keys() {
        for (left, right) in [
            (
                [FieldName.name: "Ada Müller", .company: "Acme Arts GmbH"],
                [FieldName.name: "A. Mueller", .company: "ACME Arts"]
            ),
            ([.email: "a.b@gmail.com"], [.email: "AB+1@gmail.com"]),
            ([.phone: "+1 312 555 0100"], [.phoneE164: "+13125550100"]),
            ([.name: "Jon Smyth", .company: "Northgate"], [.name: "John Smith", .company: "The Northgate Group"]),
        ] {
            #expect(!Set(Likeness(lead(left)).keys).isDisjoint(with: Likeness(lead(right)).keys))
        }
        #expect(Likeness(lead([:])).keys.isEmpty)
        #expect(Likeness(lead([.email: "ada@acme.example"])).keys == Likeness(lead([.email: "ADA@Acme.example"])).keys)
    }

    @Test("random texts never stop it, and a lead always resembles itself where it says enough")
    func random() {
        var generator = SeededGenerator(seed: 21)
        let alphabet = Array("abcdeäöüß ÉÑ.,-+@0123456789'\u{0}\u{202E}日本")
        func text() -> String {
            String(
                (0..<Int.random(in: 0...24, using: &generator)).compactMap { _ in
                    alphabet.randomElement(using: &generator)
                })
        }
        for _ in 0..<2000 {
            let fields: [FieldName: String] = [.name: text(), .company: text(), .email: text(), .phone: "+" + text()]
            let other = Likeness(lead([.name: text(), .company: text(), .email: text(), .phone: text()]))
            let own = Likeness(lead(fields))
            if let there = own.resemblance(to: other) { #expect((0...100).contains(there.score)) }
            #expect(own.resemblance(to: other) == other.resemblance(to: own))
            if own.email != nil { #expect(own.resemblance(to: own)?.score ?? 0 >= DuplicateSettings().threshold) }
            #expect(own.keys == Likeness(lead(fields)).keys)
        }
    }

    // MARK: Verdicts

    private func known(
        _ id: CaseID, _ state: LeadCase.StateName, ago: Duration, rep: PersonID? = nil,
        email: String = "ada@acme.example"
    ) -> KnownLead {
        KnownLead(
            id: id, state: state, lastAt: Sample.start - ago, rep: rep,
            likenesses: [Likeness(lead([.email: "else@acme.example"])), Likeness(lead([.email: email]))])
    }

    @Test("a lead joins the open case within the window, follows one that was, and else is new")
    func verdicts() {
        let settings = DuplicateSettings(window: .seconds(86_400), memory: .seconds(864_000))
        let ada = Likeness(lead([.email: "Ada@acme.example"]))
        func verdict(_ known: [KnownLead]) -> DuplicateVerdict {
            settings.verdict(on: ada, among: known, at: Sample.start)
        }
        let open = known("open", .waiting, ago: .seconds(86_400))
        let old = known("old", .working, ago: .seconds(86_401), rep: "billy")
        let closed = known("closed", .closed, ago: .seconds(3600), rep: "jane")
        let forgotten = known("gone", .closed, ago: .seconds(864_001), rep: "jane")
        let other = known("other", .waiting, ago: .zero, email: "carl@acme.example")
        #expect(verdict([]) == .new)
        #expect(verdict([other, forgotten]) == .new)
        guard case .repeats(let match) = verdict([closed, open, old]) else { return #expect(Bool(false)) }
        #expect(match.known.id == "open")
        #expect(match.resemblance == Resemblance(score: 100, reasons: ["the same e-mail address"]))
        guard case .follows(let former) = verdict([old, closed]) else { return #expect(Bool(false)) }
        #expect(former.known.id == "closed", "the newest of those that are alike")
        guard case .follows(let stale) = verdict([old]) else { return #expect(Bool(false)) }
        #expect(stale.known.rep == "billy")
        let strict = DuplicateSettings(threshold: 100)
        let phone = Likeness(lead([.phone: "+13125550100"]))
        let byPhone = KnownLead(id: "p", state: .waiting, lastAt: Sample.start, rep: nil, likenesses: [phone])
        #expect(strict.verdict(on: phone, among: [byPhone], at: Sample.start) == .new)
    }

    @Test("a match names the inquiry that it was found by, and leads to its case when it has been split off")
    func matchOfInquiry() throws {
        let likenesses = ["ada@acme.example", "carl@acme.example", "eve@acme.example"].map {
            Likeness(lead([.email: $0]))
        }
        let keys = [2, 3].map { Sample.key(of: Sample.lead($0)) }
        let known = KnownLead(
            id: "open", state: .waiting, lastAt: Sample.start, rep: nil, likenesses: likenesses, inquiries: keys)
        let likes = try likenesses.map { likeness in
            try #require(DuplicateSettings().matches(of: likeness, among: [known]).first).like
        }
        #expect(likes == [nil, keys[0], keys[1]])
        let byInquiry = try #require(DuplicateSettings().matches(of: likenesses[2], among: [known]).first)
        #expect(byInquiry.splitOff?.known.id == keys[1].caseID && byInquiry.splitOff?.like == nil)
    }

    // MARK: Cases

    private func inquiry(_ number: Int, urgency: String? = nil) -> Inquiry {
        let lead = Sample.lead(number, [.description: "And a second bust."])
        return Inquiry(
            key: Sample.key(of: lead), lead: lead,
            resemblance: Resemblance(score: 100, reasons: ["the same e-mail address"]), urgency: urgency)
    }

    private func told(_ transition: Transition) -> Set<String> {
        Set(transition.deliveries.map { "\($0.kind.rawValue) \($0.person)" })
    }

    @Test("whoever holds the case is told, and nothing begins anew")
    func holders() throws {
        var tracked = TrackedCase()
        let deadline = tracked.current.nextDeadline
        #expect(told(try tracked.decide(.inquire(inquiry(2)), at: Sample.start)) == ["inquiry dana"])
        #expect(tracked.current.nextDeadline == deadline)
        #expect(tracked.current.lead == Sample.lead())
        try tracked.decide(.claim(by: "lee"), at: Sample.start)
        #expect(told(try tracked.decide(.inquire(inquiry(3)), at: Sample.start)) == ["inquiry lee"])
        try tracked.decide(.assign(rep: "billy", by: "lee", note: nil), at: Sample.start)
        let last = try tracked.decide(.inquire(inquiry(4)), at: Sample.start)
        #expect(told(last) == ["inquiry billy"])
        #expect(last.cancels.isEmpty)
        #expect(
            last.deliveries.first?.remark
                == "Known by the same e-mail address, 100 of 100. They write: And a second bust.")
        #expect(tracked.current.inquiries.map(\.key) == [2, 3, 4].map { Sample.key(of: Sample.lead($0)) })
    }

    @Test("an inquiry may raise the urgency; what it was is kept")
    func urgency() throws {
        var tracked = TrackedCase(lead: Sample.lead(1, [.urgency: "low"]))
        try tracked.decide(.inquire(inquiry(2, urgency: "high")), at: Sample.start)
        try tracked.decide(.inquire(inquiry(3, urgency: "high")), at: Sample.start)
        #expect(tracked.current.lead[.urgency] == "high")
        #expect(tracked.current.lead.others[.urgency]?.map(\.text) == ["low"])
        #expect(tracked.current.lead.values[.urgency]?.provenance.basis == "a repeat inquiry")
    }

    @Test(
        "an inquiry lowers no urgency, and raises what can be compared",
        arguments: [
            ("critical", "high", false), ("Urgent", "HIGH", false), ("high", "high", false), ("hoch", "high", false),
            ("high", "low", false), ("before Friday", "high", false), ("before Friday", "vip", true),
            ("low", "high", true), ("Warm", "high", true), ("normal", "vip", true), ("critical", "vip", true),
            (nil, "low", true),
        ])
    func urgencies(has: String?, given: String, raises: Bool) throws {
        var tracked = TrackedCase(lead: Sample.lead(1, has.map { [.urgency: $0] } ?? [:]))
        try tracked.decide(.inquire(inquiry(2, urgency: given)), at: Sample.start)
        #expect(tracked.current.lead[.urgency] == (raises ? given : has))
        #expect(tracked.current.lead.others[.urgency] == nil || raises)
    }

    @Test("an inquiry joins once, not a closed case, and leaves once")
    func refusals() throws {
        var tracked = TrackedCase()
        try tracked.decide(.inquire(inquiry(2)), at: Sample.start)
        #expect(throws: Refusal.alreadyRecorded) { try tracked.decide(.inquire(inquiry(2)), at: Sample.start) }
        #expect(throws: Refusal.alreadyRecorded) { try tracked.decide(.inquire(inquiry(1)), at: Sample.start) }
        let key = inquiry(2).key
        #expect(try tracked.decide(.separate(key), at: Sample.start).deliveries.isEmpty)
        #expect(tracked.current.inquiries.isEmpty)
        #expect(throws: Refusal.noSuchInquiry) {
            try tracked.decide(.inquire(inquiry(3), like: key), at: Sample.start)
        }
        #expect(throws: Refusal.noSuchInquiry) { try tracked.decide(.separate(key), at: Sample.start) }
        try tracked.decide(.reject(reason: .spam, by: "dana", note: nil), at: Sample.start)
        #expect(throws: Refusal.self) { try tracked.decide(.inquire(inquiry(5)), at: Sample.start) }
    }

    @Test("a lead that follows an earlier case prefers its rep, with the reason")
    func former() {
        var lead = Sample.lead(9)
        let match = DuplicateMatch(
            known: known("abcdefgh", .closed, ago: Self.hour, rep: "jane"),
            resemblance: Resemblance(score: 95, reasons: ["the same phone number", "the same name"]))
        lead.note(former: match)
        #expect(lead[.formerCase] == "abcdefgh")
        #expect(
            lead.values[.formerRep]?.provenance.words
                == "duplicates, by the same phone number, the same name, 95 % sure")
        let rulebook = Sample.rulebook()
        let before = rulebook.ranking(for: Sample.lead(9), at: Sample.start) { _ in Workload() }
        let after = rulebook.ranking(for: lead, at: Sample.start) { _ in Workload() }
        func line(_ ranking: Ranking, _ rep: PersonID) -> RankedFactor? {
            ranking.entries.first { $0.person == rep }?.factors.first { $0.name == "acquaintance" }
        }
        #expect(line(before, "jane") == nil)
        #expect(line(after, "jane")?.sentence == "had their earlier case")
        #expect(line(after, "billy")?.score == 0)
        #expect(after.entries.first?.person == "jane")
    }
}
