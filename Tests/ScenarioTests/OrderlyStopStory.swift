// SIGTERM: what is under way ends, what waits is handed back, and the next run sends it, once.

import LeadCore
import LeadTestKit
import Testing

@Suite("An orderly stop", .timeLimit(.minutes(5)))
struct OrderlyStopStory {
    @Test("sends under way end and are recorded; the others are handed back and the next run sends them once")
    func stop() async throws {
        try await House.open { house in
            try house.hold("mail")
            var ids: [CaseID] = []
            for number in 1...20 { ids.append(try await house.drop(lead: number)) }
            for id in ids { try await house.expect(.decide, to: "dana", by: "teams", about: id) }
            try await house.settle()

            let run = try house.run
            run.task.cancel()
            // Eight are under way, two on each connection; twelve wait, and go back to the outbox although the eight still take
            // their time.
            try await house.waitFor("what waits to be handed back") { house.journal.look { $0.inHand.count } == 8 }
            try house.release("mail")
            try await house.stop()
            #expect(house.journal.now.letters.filter { $0.channel == "mail" }.count == 8)

            try await house.start()
            for id in ids { try await house.expect(.decide, to: "dana", by: "mail", about: id) }
            try await house.expectSilence()
            #expect(house.journal.now.letters.count == 40)
        }
    }

    @Test("a stop that a hanging peer holds up ends when its patience does; the message goes with the next run")
    func impatient() async throws {
        let plan = HousePlan { $0.copies = 2 }
        try await House.open(plan) { house in
            try house.hold("mail")
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "teams")
            try await house.settle()
            let run = try house.run
            run.task.cancel()
            try await house.waitFor("the stop to wait") {
                house.clock.earliestDeadline == Sample.start + .seconds(8)
            }
            house.clock.advance(by: .seconds(8))
            try await house.stop()
            run.life.end()
            try house.release("mail")

            try await house.start()
            try await house.expect(.decide, to: "dana", by: "mail", about: ada)
        }
    }

    @Test("files that come while the daemon stops stay for the next run")
    func lateFiles() async throws {
        try await House.open { house in
            try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.stop()
            for number in 2...6 {
                try house.place("lead-\(number).json", Array(try House.text(Sample.lead(number)).utf8))
            }
            #expect(try house.names(in: house.incoming).count == 5)
            try await house.start()
            for _ in 2...6 { try await house.expect(.decide, to: "dana", by: "mail", "teams") }
        }
    }

    @Test("a daemon that is stopped again and again in the middle of its work loses nothing and repeats nothing")
    func again() async throws {
        try await House.open { house in
            var ids: [CaseID] = []
            for number in 1...30 {
                ids.append(try await house.drop(lead: number))
                house.clock.advance(by: .seconds(30))
                try await house.stop()
                try await house.start()
            }
            for id in ids { try await house.expect(.decide, to: "dana", by: "mail", "teams", about: id) }
            try await house.pass(.seconds(7200))
            for id in ids { try await house.expect(.assigned, to: "jane", by: "mail", about: id) }
            house.journal.readAll()
        }
    }
}
