// The daemon dies, at any moment and without warning, and another run takes over what it left: nothing is lost, nothing
// that was recorded is done again, and time has passed in between.

import LeadCore
import LeadTestKit
import Testing

@Suite("Restart", .timeLimit(.minutes(5)))
struct RestartStory {
    @Test(
        "at whatever moment the daemon dies: one case, and its message goes once, or twice if that can't be known",
        arguments: Moment.allCases)
    func anyMoment(_ moment: Moment) async throws {
        // What was sent and not recorded goes again; so may what was under way while the file was being removed.
        let isAmbiguous = [.afterSending, .beforeRecording, .beforeRemoval, .afterRemoval].contains(moment)
        let plan = HousePlan {
            $0.rulebook = Cast.rulebook(people: Cast.mailOnly)
            $0.copies = isAmbiguous ? 2 : 1
        }
        try await House.open(plan) { house in
            try house.run.life.end(at: moment)
            let ada = try await house.drop(lead: 1)
            try await house.awaitDeath()

            try await house.start()
            try await house.expect(.decide, to: "dana", by: "mail", about: ada)
            try await house.expectSilence()
            #expect(try await house.story(of: ada) == ["opened", "notified dana"])

            // Everything after it goes its way.
            try await house.pass(.seconds(900))
            try await house.expect(.remind, to: "dana", by: "mail")
            try await house.pass(.seconds(900))
            try await house.expect(.escalate, to: "lee", by: "mail")
        }
    }

    @Test(
        "the daemon dies at each moment of the fallback assignment, and everybody is told once it runs again",
        arguments: [Moment.beforeCommit, .afterCommit, .beforeSending])
    func duringFallback(_ moment: Moment) async throws {
        try await House.open { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.pass(.seconds(1800))
            try await house.expect(.remind, to: "dana", by: "mail", "teams")
            try await house.expect(.escalate, to: "lee", by: "mail", "slack")
            try await house.pass(.milliseconds(1_799_999))

            try house.run.life.end(at: moment)
            house.clock.advance(by: .milliseconds(1))
            try await house.awaitDeath()
            try await house.start()
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
            try await house.expect(.settled, to: "lee", by: "mail", "slack")
            try await house.pass(.seconds(7200))
            #expect(
                try await house.story(of: ada)
                    == ["opened", "notified dana", "reminded dana", "notified lee", "assigned to jane"])
        }
    }

    @Test("messages that a dead run held are taken over at once; those it had recorded are not sent again")
    func takeOver() async throws {
        let plan = HousePlan { $0.copies = 2 }
        try await House.open(plan) { house in
            try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.settle()

            try house.hold("teams")
            var ids: [CaseID] = []
            for number in 2...9 { ids.append(try await house.drop(lead: number)) }
            for id in ids { try await house.expect(.decide, to: "dana", by: "mail", about: id) }
            try await house.settle()
            await house.kill()

            // Two were under way and may have arrived; six had not begun. Their leases would last five minutes more.
            try await house.start()
            for id in ids { try await house.expect(.decide, to: "dana", by: "teams", about: id) }
            try await house.expectSilence()
            let copies = Dictionary(grouping: house.journal.now.letters, by: \.delivery).mapValues(\.count)
            #expect(copies.values.filter { $0 == 2 }.count == 2)
            #expect(copies.values.filter { $0 == 1 }.count == 16)
        }
    }

    @Test("a message that waits for its next attempt waits on through a restart")
    func backOff() async throws {
        try await House.open { house in
            try house.channel("teams").script([.deferred(reason: "HTTP 429", retryAfter: .seconds(600))])
            try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail")
            try await house.settle()
            await house.kill()
            house.clock.advance(by: .seconds(300))
            try await house.start()
            try await house.pass(.seconds(299))
            try await house.expectSilence()
            try await house.pass(.seconds(1))
            try await house.expect(.decide, to: "dana", by: "teams")
        }
    }

    @Test("steps whose time passed while the daemon was down collapse to the one that is due now")
    func collapsed() async throws {
        try await House.open { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.pass(.seconds(600))
            await house.kill()
            house.clock.advance(by: .seconds(1800))

            try await house.start()
            try await house.expect(.escalate, to: "lee", by: "mail", "slack")
            try await house.expectSilence()
            #expect(try await house.story(of: ada) == ["opened", "notified dana", "skipped 1", "notified lee"])
            try await house.pass(.seconds(1200))
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
            try await house.expect(.settled, to: "lee", by: "mail", "slack")
        }
    }

    @Test("when all of the deadlines passed while the daemon was down, the lead has its owner and nobody is asked")
    func allPassed() async throws {
        try await House.open { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.settle()
            await house.kill()
            house.clock.advance(by: .seconds(86_400))
            try await house.start()
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
            try await house.expectSilence()
            #expect(
                try await house.story(of: ada)
                    == ["opened", "notified dana", "skipped 1", "skipped 2", "assigned to jane"])
        }
    }

    @Test("leads that came while the daemon was down are taken in when it starts")
    func whileDown() async throws {
        try await House.open { house in
            await house.kill()
            for number in 1...5 {
                try house.place("lead-\(number).json", Array(try House.text(Sample.lead(number)).utf8))
            }
            try await house.start()
            for _ in 1...5 { try await house.expect(.decide, to: "dana", by: "mail", "teams") }
        }
    }

    @Test("many lives: the daemon dies again and again at moments by the dice, and each lead is handled once")
    func manyLives() async throws {
        var dice = SeededGenerator(seed: 20_261_123)
        let plan = HousePlan { $0.copies = 50 }
        try await House.open(plan) { house in
            var ids: [CaseID] = []
            for number in 1...40 {
                let moment = Moment.allCases.randomElement(using: &dice) ?? .afterCommit
                try house.run.life.end(at: moment, count: Int.random(in: 1...6, using: &dice))
                ids.append(try await house.drop(lead: number))
                // Less than a lease's margin: what is in hand then is sent in this life, unless it ends.
                house.clock.advance(by: .seconds(Int64.random(in: 1...140, using: &dice)))
                if Bool.random(using: &dice) { try await house.settleOrDie() }
                await house.kill()
                try await house.start()
            }
            try await house.pass(.seconds(7200))
            for id in ids {
                try await house.expect(.decide, to: "dana", by: "mail", "teams", about: id)
                try await house.expect(.assigned, to: "jane", by: "mail", about: id)
            }
            #expect(try await house.cases().count == 40)
            #expect(try await house.cases().allSatisfy { $0.rep == "jane" })
            for letter in house.journal.unread { #expect([.remind, .escalate, .settled].contains(letter.kind)) }
            house.journal.readAll()
        }
    }
}
