// Programs that listen: they are told of every event of a case, in its order, whatever their endpoint does meanwhile.

import Curl
import Foundation
import LeadCore
import LeadTestKit
import PeerKit
import Testing

@Suite("Events for programs", .timeLimit(.minutes(5)))
struct EventsStory {
    private func plan(_ events: Set<EventName> = Set(EventName.allCases)) -> HousePlan {
        HousePlan {
            let crm = ChannelSettings(
                id: "crm", kind: "webhook", isShared: true, isMail: false, concurrency: 4, events: events,
                retry: RetryPolicy(schedule: [.seconds(5), .seconds(300)]))
            $0.rulebook = Cast.rulebook(channels: Sample.channels + [crm])
            $0.channels = ["mail", "teams", "slack", "crm"].map { ScriptedChannel(id: $0) }
        }
    }

    /// Which events arrived, in order: "2 notified".
    private func events(_ house: House, about id: CaseID) -> [String] {
        house.journal.now.letters.filter { $0.channel == "crm" && $0.arrived && $0.caseID == id }.compactMap { letter in
            letter.briefing.event.map { "\($0.entry.sequence) \($0.name.rawValue)" }
        }
    }

    @Test("every event arrives once and in order, though the endpoint fails at first")
    func order() async throws {
        try await House.open(plan()) { house in
            let down = DeliveryOutcome.unavailable(reason: "HTTP 502", retryAfter: nil)
            try house.channel("crm").script([down])
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.settle()
            try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: ada)
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
            try await house.expectSilence()
            #expect(events(house, about: ada).isEmpty, "nothing overtakes the first")
            try await house.pass(.seconds(5))
            for _ in 1...3 { try await house.expect(.event, to: "crm", by: "crm") }
            #expect(events(house, about: ada) == ["1 opened", "2 notified", "3 assigned"])
            try await house.decide(.start(by: "jane"), on: ada)
            try await house.expect(.event, to: "crm", by: "crm")
            #expect(events(house, about: ada).last == "4 first_action")
        }
    }

    @Test("one case's trouble doesn't hold another's events, a filter leaves events out, and an end lets the next go")
    func filter() async throws {
        try await House.open(plan([.opened, .breached])) { house in
            let bad = DeliveryOutcome.deferred(reason: "HTTP 400", retryAfter: nil)
            let poisoned = Sample.key(of: Sample.lead(1)).caseID
            try house.channel("crm").answer { sent, _ in
                sent.briefing.caseID == poisoned && sent.briefing.event?.name == .opened ? bad : .sent(detail: "ok")
            }
            let ada = try await house.drop(lead: 1)
            let bob = try await house.drop(lead: 2)
            for _ in 1...2 { try await house.expect(.decide, to: "dana", by: "mail", "teams") }
            try await house.expect(.event, to: "crm", by: "crm", about: bob)
            try await house.expectSilence()
            #expect(events(house, about: bob) == ["1 opened"])
            // After the schedule's end the event is failed, which operators hear, and the next may go.
            try await house.pass(.seconds(320))
            try await house.expect(.alarm, to: "lee", by: "mail", "slack")
            try await house.pass(.seconds(3600))
            house.journal.readAll()
            let breached = events(house, about: ada)
            #expect(breached.count == 1 && breached[0].hasSuffix("breached"))
            #expect(events(house, about: bob).count == 2)
        }
    }

    @Test("what is posted over a case's life, and for a team that nobody reaches, is what the schema promises")
    func promised() async throws {
        let endpoint = try Peer.http()
        let client = try HTTPClient()
        let schema = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "config/webhook.schema.json")
        let check = try SchemaCheck(file: schema)
        var plan = plan()
        plan.channels =
            ["mail", "teams", "slack"].map { ScriptedChannel(id: $0) }
            + [ChannelShop.events("crm", client, to: endpoint.url("/ok"))].compactMap(\.self)
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.decide(.claim(by: "dana"), on: ada)
            try await house.decide(.release(by: "dana"), on: ada)
            try await house.decide(.pass(to: "lee", by: "dana", comment: "yours?"), on: ada)
            try await house.decide(.assign(rep: "billy", by: "lee", note: "soon"), on: ada)
            try await house.decide(.undo(by: "lee"), on: ada)
            try await house.decide(.assign(rep: "billy", by: "lee", note: nil), on: ada)
            try await house.decide(.reassign(rep: "jane", from: "billy", by: "lee", note: nil), on: ada)
            try await house.decide(.start(by: "jane"), on: ada)
            try await house.decide(.close(by: "jane", note: "sold"), on: ada)
            let refused = DeliveryOutcome.failed(reason: "550 5.1.1 no such person")
            for channel in ["teams", "slack"] { try house.channel(ChannelID(channel)).answer { _, _ in refused } }
            try house.channel("mail").answer { sent, _ in
                ["dana", "lee"].contains { sent.address.revealed.hasPrefix($0) } ? refused : .sent(detail: "ok")
            }
            try await house.drop(lead: 2)
            try await house.waitFor("the breach to be posted") {
                try endpoint.requests().contains { $0.text.contains("\"lead.breached\"") }
            }
            try await house.waitFor("the close to be posted") {
                try endpoint.requests().contains { $0.text.contains("\"lead.closed\"") }
            }
            try await house.settle()
            house.journal.readAll()
        }
        await client.shutdown()
        let posted = try endpoint.requests()
        #expect(posted.count >= 14)
        for request in posted { #expect(try check.complaints(about: request.body) == [], "\(request.text)") }
        #expect(posted.contains { $0.text.contains("\"mode\":\"unreached\"") })
    }

    @Test("an endpoint that is gone stops with one alarm; a restart loses no event and keeps the order")
    func gone() async throws {
        try await House.open(plan()) { house in
            let crm = try house.channel("crm")
            crm.answer { _, _ in .stopped(reason: "HTTP 410") }
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.expect(.alarm, to: "lee", by: "mail", "slack")
            try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: ada)
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
            try await house.expectSilence()
            #expect(crm.sent.count == 1)
            crm.answer { _, _ in .sent(detail: "ok") }
            try await house.stop()
            try await house.start()
            for _ in 1...3 { try await house.expect(.event, to: "crm", by: "crm") }
            let sequences = events(house, about: ada).compactMap { $0.split(separator: " ").first.flatMap { Int($0) } }
            #expect(sequences == sequences.sorted() && sequences.count == 3)
        }
    }
}
