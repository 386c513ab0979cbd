// Nobody waits for a manager whom no channel can tell: once every way to them is down the lead goes on at once, and what waits
// for them arrives when a way is open again. A way that fails once, or one of two, is no reason.

import LeadCore
import LeadTestKit
import Testing

@Suite("A manager out of reach", .timeLimit(.minutes(5)))
struct OutOfReachStory {
    /// The channels take nothing.
    private func breakDown(_ channels: ChannelID..., in house: House) throws {
        for channel in channels {
            try house.channel(channel).answer { _, _ in .unavailable(reason: "HTTP 503", retryAfter: nil) }
        }
    }

    private func mend(_ channels: ChannelID..., in house: House) throws {
        for channel in channels { try house.channel(channel).answer { _, _ in .sent(detail: "taken") } }
    }

    @Test("when the relay and the chat are both down the next manager is asked at once, and what waits arrives later")
    func bothDown() async throws {
        try await House.open { house in
            try breakDown("mail", "teams", in: house)
            let ada = try await house.drop(lead: 1)
            // Four failures of each are no proof yet.
            try await house.pass(.seconds(30))
            try await house.expectSilence()
            #expect(try await house.story(of: ada) == ["opened", "notified dana"])
            try await house.pass(.seconds(60))
            let alarm = try await house.expect(.alarm, to: "lee", by: "slack")
            #expect(alarm.briefing.sentences.joined().contains("No channel reached Dana Whitfield"))
            try await house.expect(.escalate, to: "lee", by: "slack")
            #expect(
                try await house.story(of: ada) == [
                    "opened", "notified dana", "dana out of reach", "skipped 1", "notified lee",
                ])
            let waiting = try await house.file(ada).deliveries.filter { $0.delivery.person == "dana" }
            #expect(waiting.count == 2 && waiting.allSatisfy { [.deferred, .pending].contains($0.state) })

            try mend("mail", "teams", in: house)
            try await house.pass(.seconds(900))
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.expect(.escalate, to: "lee", by: "mail")
            try await house.expect(.alarm, to: "lee", by: "mail")
            try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: ada)
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
            try await house.expect(.settled, to: "lee", by: "mail", "slack")
        }
    }

    @Test("a lead that comes while everything is known to be down waits for nobody, and the operators hear once")
    func known() async throws {
        try await House.open { house in
            try breakDown("mail", "teams", in: house)
            try await house.drop(lead: 1)
            try await house.pass(.seconds(90))
            try await house.expect(.escalate, to: "lee", by: "slack")
            try await house.expect(.alarm, to: "lee", by: "slack")
            try await house.waitForRest("mail", "teams/dana")
            let bea = try await house.drop(lead: 2)
            try await house.expect(.escalate, to: "lee", by: "slack", about: bea)
            try await house.expectSilence()
            #expect(
                try await house.story(of: bea) == [
                    "opened", "notified dana", "dana out of reach", "skipped 1", "notified lee",
                ])
            house.journal.readAll()
        }
    }

    @Test(
        "mail that refuses the person and a chat that is down are no way either, whichever is known first",
        arguments: [
            true, false,
        ])
    func refusedAndDown(isMailFirst: Bool) async throws {
        try await House.open { house in
            try breakDown("teams", in: house)
            let refusal = DeliveryOutcome.failed(reason: "550 5.1.1 no such person")
            let later = DeliveryOutcome.deferred(reason: "451 4.3.0 later", retryAfter: .seconds(90))
            try house.channel("mail").answer { sent, count in
                guard sent.address.revealed.hasPrefix("dana") else { return .sent(detail: "taken") }
                return isMailFirst || count > 1 ? refusal : later
            }
            let ada = try await house.drop(lead: 1)
            try await house.pass(.seconds(isMailFirst ? 50 : 85))
            #expect(try await house.story(of: ada).last?.contains("notified lee") != true)
            try await house.pass(.seconds(30))
            try await house.expect(.escalate, to: "lee", by: "mail", "slack")
            let story = try await house.story(of: ada)
            #expect(story.contains("dana not reached by mail") && story.contains("dana out of reach"))
            house.journal.readAll()
        }
    }

    @Test("one way of two is enough, and the mail says that the chat takes nothing")
    func oneOfTwo() async throws {
        try await House.open { house in
            try breakDown("teams", in: house)
            let ada = try await house.drop(lead: 1)
            let first = try await house.expect(.decide, to: "dana", by: "mail")
            let silence = "teams takes no messages for you at the moment, so rely on this mail."
            #expect(!first.briefing.sentences.contains(silence), "it isn't known yet")
            try await house.pass(.seconds(899))
            try await house.expectSilence()
            try await house.pass(.seconds(1))
            let reminder = try await house.expect(.remind, to: "dana", by: "mail")
            #expect(reminder.briefing.sentences.contains(silence))
            #expect(try await house.story(of: ada) == ["opened", "notified dana", "reminded dana"])
            house.journal.readAll()
        }
    }

    @Test("who has had one question isn't out of reach when the next can't come")
    func askedBefore() async throws {
        try await House.open { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.settle()
            try breakDown("mail", "teams", in: house)
            try await house.pass(.seconds(1799))
            #expect(try await house.story(of: ada) == ["opened", "notified dana", "reminded dana"])
            try await house.expectSilence()
            try mend("mail", "teams", in: house)
            try await house.pass(.seconds(1))
            house.journal.readAll()
        }
    }

    @Test("a single failure of each way is no proof")
    func flapping() async throws {
        try await House.open { house in
            for channel in ["mail", "teams"] as [ChannelID] {
                try house.channel(channel).script(
                    Array(repeating: .unavailable(reason: "HTTP 503", retryAfter: nil), count: 3))
            }
            let ada = try await house.drop(lead: 1)
            try await house.pass(.seconds(60))
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            #expect(try await house.story(of: ada) == ["opened", "notified dana"])
        }
    }

    @Test("when everything is down for a while nobody gets the lead for it, and it is asked about once a way is open")
    func everythingDown() async throws {
        try await House.open(HousePlan { $0.rulebook = Cast.rulebook(people: Cast.mailOnly) }) { house in
            try breakDown("mail", in: house)
            let ada = try await house.drop(lead: 1)
            try await house.pass(.seconds(240))
            #expect(
                try await house.story(of: ada) == [
                    "opened", "notified dana", "dana out of reach", "skipped 1", "notified lee", "lee out of reach",
                ])
            try mend("mail", in: house)
            try await house.pass(.seconds(600))
            try await house.expect(.decide, to: "dana", by: "mail")
            try await house.expect(.escalate, to: "lee", by: "mail")
            try await house.decide(.assign(rep: "billy", by: "dana", note: nil), on: ada)
            try await house.expect(.assigned, to: "billy", by: "mail")
            try await house.settle()
            house.journal.readAll()
        }
    }

    @Test("when everything stays down the lead has its owner in time, and not before")
    func downToTheEnd() async throws {
        try await House.open(HousePlan { $0.rulebook = Cast.rulebook(people: Cast.mailOnly) }) { house in
            try breakDown("mail", in: house)
            let ada = try await house.drop(lead: 1)
            try await house.pass(.seconds(3599))
            #expect(try await house.file(ada).subject.state == .waiting)
            try await house.pass(.seconds(1))
            #expect(try await house.file(ada).subject.assignment?.mode == .fallback)
            try mend("mail", in: house)
            try await house.pass(.seconds(900))
            try await house.expect(.assigned, to: "jane", by: "mail")
            house.journal.readAll()
        }
    }

    @Test("a store that fails meanwhile is asked again")
    func storeFails() async throws {
        try await House.open { house in
            try breakDown("mail", "teams", in: house)
            let ada = try await house.drop(lead: 1)
            try await house.pass(.seconds(50))
            house.clock.advance(by: .seconds(5))
            try house.run.store.setOutage(StoreFailure(.locked, "the database is locked"))
            try await house.pass(.seconds(10))
            try house.run.store.setOutage(nil)
            try await house.pass(.seconds(60))
            try await house.expect(.escalate, to: "lee", by: "slack", about: ada)
            try mend("mail", "teams", in: house)
            house.journal.readAll()
            try await house.pass(.seconds(900))
            house.journal.readAll()
        }
    }
}

extension House {
    /// Lets time pass until none of the lanes is about to find out whether it is well.
    fileprivate func waitForRest(_ lanes: LaneID...) async throws {
        for _ in 1...120 {
            let resting = Set(try run.engine.lanes().filter { $0.opensAt != nil || isPaused($0) }.map(\.id))
            if lanes.allSatisfy(resting.contains) { return }
            try await pass(.seconds(1))
        }
        throw StoryFault(description: "the lanes never rest at the same time")
    }

    private func isPaused(_ status: LaneStatus) -> Bool {
        if case .open(let pause, _) = status.lane.breaker { pause.until > clock.now() } else { false }
    }
}
