// Thousands of leads at once, in one file and as single files: every case is open, every message goes out once, few
// transactions carry them, and what the lanes can't hold waits in the outbox.

import LeadCore
import LeadTestKit
import Testing

@Suite("A storm", .timeLimit(.minutes(5)))
struct StormStory {
    @Test("two thousand leads in one file and two thousand single files: all open, all told once, in few transactions")
    func storm() async throws {
        try await House.open { house in
            // The daemon finds them when it starts, so that it doesn't matter how fast they are written.
            try await house.stop()
            let texts = try (1...4000).map { try House.text(Sample.lead($0)) }
            try house.place("storm.ndjson", Array(texts[..<2000].joined(separator: "\n").utf8))
            for number in 2000..<4000 { try house.place("lead-\(number).json", Array(texts[number].utf8)) }
            try await house.start()
            try await house.waitForLetters(8000)
            try await house.settle()
            #expect(try house.names(in: house.incoming).isEmpty)

            let journal = house.journal.now
            #expect(Set(journal.letters.map(\.delivery)).count == 8000)
            #expect(journal.letters.count == 8000)
            let cases = try await house.cases()
            #expect(cases.count == 4000)
            #expect(cases.allSatisfy { $0.state == .waiting })
            let commits = journal.commits.filter { $0.results.contains(.applied) }
            // Batches are of at most 128 files, commits of at most 256 records: 24 where every batch is full.
            #expect(commits.count <= 60, "\(commits.count) transactions for 2001 files")
            house.journal.readAll()
        }
    }

    @Test("leads of one file that a policy gives away at once overload nobody")
    func caps() async throws {
        let reps: [PersonID] = ["billy", "jane"]
        let people =
            Cast.mailOnly.filter { $0.rep == nil }
            + reps.map { id in
                Person(
                    id: id, name: id.text, rep: Person.RepProfile(hardCap: 2),
                    reach: [Sample.reach("mail", "\(id)@example.com")])
            }
        let policy = Sample.policy([(.zero, .notify(.manager)), (.zero, .assignBest(lastResort: "jane"))])
        let plan = HousePlan { $0.rulebook = Cast.rulebook(people: people, policy: policy) }
        try await House.open(plan) { house in
            let leads = (1...4).map { Sample.lead($0) }
            try await house.drop("four.ndjson", try leads.map { try House.text($0) }.joined(separator: "\n"))
            try await house.settle()
            let cases = try await house.cases()
            #expect(cases.count == 4)
            for rep in reps { #expect(cases.count { $0.rep == rep } == 2) }
            house.journal.readAll()
        }
    }

    @Test("what a lane can't hold in hand waits in the outbox, and drains when the lane moves again")
    func overflow() async throws {
        let everyone = EscalationPolicy.Audience.people(["dana", "lee", "max", "kim"])
        let more = ["max", "kim"].map { Person(id: $0, name: $0.text, isManager: true) }
        let people = (Sample.people + more).map { Cast.with($0, "mail") }
        let plan = HousePlan {
            $0.rulebook = Cast.rulebook(
                people: people, policy: Sample.policy([(.zero, .notify(everyone)), (.seconds(3600), .assign("jane"))]),
                channels: [
                    ChannelSettings(id: "mail", kind: "smtp", isShared: true, isMail: true, concurrency: 16)
                ])
        }
        try await House.open(plan) { house in
            let shown = try await house.drop(lead: 0)
            try await house.waitForLetters(4)
            // A lane that has moved lately would have intake wait for it.
            try await house.pass(.seconds(1))
            try house.hold("mail")
            for number in 1...2000 {
                try house.place("lead-\(number).json", Array(try House.text(Sample.lead(number)).utf8))
            }
            try await house.waitFor("all leads to be taken in") { try house.names(in: house.incoming).isEmpty }
            try await house.settle()
            let inHand = house.journal.look { $0.inHand.count }
            #expect(inHand < 8000, "the lane holds all of it")
            #expect(inHand >= 4096)
            #expect(house.journal.now.commits.contains { $0.birth?.full == ["mail"] })

            try await aFullLaneSettles(shown, in: house)

            try house.release("mail")
            // Four of the first lead, five of its settling, and the second attempt of one.
            let count = 8010
            try await house.waitForLetters(count)
            try await house.settle()
            let letters = house.journal.now.letters
            #expect(letters.count == count)
            #expect(Set(letters.map(\.delivery)).count == count - 1, "one took a second attempt")
            #expect(try house.channel("mail").mostInFlight == 32)
            house.journal.readAll()
        }
    }

    /// What tells three managers that the matter is settled goes before all that fills their lane, at the first attempt and,
    /// from the store, at the second.
    private func aFullLaneSettles(_ shown: CaseID, in house: House) async throws {
        let mail = try house.channel("mail")
        try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: shown)
        try await house.settle()
        let before = mail.sent.count
        mail.answer { sent, count in
            sent.briefing.kind == .settled && count == before + 1
                ? .deferred(reason: "busy", retryAfter: nil) : .sent(detail: "taken")
        }
        func next() async throws -> DeliveryID? {
            mail.releaseOne()
            try await house.settle()
            #expect(mail.sent.last?.briefing.kind == .settled)
            return mail.sent.last?.briefing.deliveryID
        }
        let first = try await next()
        _ = try await next()
        _ = try await next()
        // The end of the first one, which began after 32 others.
        for _ in 0..<40 { mail.releaseOne() }
        try await house.settle()
        try await house.pass(.seconds(60))
        #expect(try await next() == first)
    }

    @Test("a storm of deadlines: a thousand leads fall due at once, and each gets its owner once")
    func deadlines() async throws {
        let plan = HousePlan { $0.rulebook = Cast.rulebook(people: Cast.mailOnly) }
        try await House.open(plan) { house in
            let texts = try (1...1000).map { try House.text(Sample.lead($0)) }
            try await house.drop("storm.ndjson", texts.joined(separator: "\n"))
            try await house.waitForLetters(1000)
            try await house.settle()
            house.clock.advance(by: .seconds(3600))
            try await house.waitForLetters(3000)
            try await house.settle()
            #expect(
                try await house.run.database.given(since: Sample.start).map(\.rep)
                    == Array(repeating: "jane", count: 1000))
            #expect(house.journal.now.letters.count == 3000)
            house.journal.readAll()
        }
    }
}

extension House {
    /// Waits for so many letters; a clock that stands still would let intake wait for room for ever, so it ticks.
    fileprivate func waitForLetters(_ count: Int) async throws {
        try await waitFor("\(count) letters") {
            if clock.earliestDeadline.map({ $0 <= clock.now() + .milliseconds(100) }) == true {
                clock.advance(by: .milliseconds(100))
            }
            return journal.look { $0.letters.count } >= count
        }
    }
}
