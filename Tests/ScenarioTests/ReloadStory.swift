// A new configuration, without a restart: new leads go by it, open ones keep their plan, and nobody who has left is given
// a lead.

import LeadCore
import LeadTestKit
import Testing

@Suite("Reload", .timeLimit(.minutes(5)))
struct ReloadStory {
    private static let nina = Person(
        id: "nina", name: "Nina Roe", isManager: true, reach: [Sample.reach("mail", "nina@example.com")])

    @Test("a new manager and a new policy are for new leads; open ones keep their plan")
    func newRules() async throws {
        try await House.open { house in
            let old = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: old)
            let quick = Sample.policy([(.zero, .notify(.manager)), (.seconds(300), .assign("billy"))])
            try house.reload(
                Cast.rulebook(
                    people: Cast.people + [Self.nina], routes: [Route(managers: ["nina"], policy: "standard")],
                    policy: quick))
            let new = try await house.drop(lead: 2)
            try await house.expect(.decide, to: "nina", by: "mail", about: new)

            try await house.pass(.seconds(300))
            try await house.expect(.assigned, to: "billy", by: "mail", "slack", about: new)
            try await house.expect(.settled, to: "nina", by: "mail", about: new)
            try await house.pass(.seconds(600))
            try await house.expect(.remind, to: "dana", by: "mail", "teams", about: old)
            try await house.pass(.seconds(900))
            try await house.expect(.escalate, to: "lee", by: "mail", "slack", about: old)
            try await house.pass(.seconds(1800))
            try await house.expect(.assigned, to: "jane", by: "mail", about: old)
            try await house.expect(.settled, to: "dana", by: "mail", "teams", about: old)
            try await house.expect(.settled, to: "lee", by: "mail", "slack", about: old)
        }
    }

    @Test("open leads that are planned anew go by the new policy, and their histories tell")
    func planAnew() async throws {
        try await House.open { house in
            let old = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: old)
            let quick = Sample.policy([(.zero, .notify(.manager)), (.seconds(300), .assign("billy"))])
            try house.reload(Cast.rulebook(policy: quick))
            #expect(try await house.run.engine.replan() == 1)
            #expect(try await house.story(of: old) == ["opened", "notified dana", "replanned by standard"])
            try await house.pass(.seconds(300))
            try await house.expect(.assigned, to: "billy", by: "mail", "slack", about: old)
            try await house.expect(.settled, to: "dana", by: "mail", "teams", about: old)
            #expect(try await house.run.engine.replan() == 0)
        }
    }

    @Test("when the planned fallback person has left, the lead goes to whom the policy names now")
    func fallbackLeft() async throws {
        try await House.open { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            let policy = Sample.policy([(.zero, .notify(.manager)), (.seconds(60), .assign("billy"))])
            try house.reload(Cast.rulebook(people: Cast.people.filter { $0.id != "jane" }, policy: policy))
            try await house.pass(.seconds(3600))
            try await house.expect(.remind, to: "dana", by: "mail", "teams")
            try await house.expect(.escalate, to: "lee", by: "mail", "slack")
            try await house.expect(.assigned, to: "billy", by: "mail", "slack", about: ada)
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
            try await house.expect(.settled, to: "lee", by: "mail", "slack")
        }
    }

    @Test("a rep who has left has their leads taken over by the last resort, at a reload and at a start")
    func repLeft() async throws {
        try await House.open { house in
            let first = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: first)
            try await house.decide(.assign(rep: "billy", by: "dana", note: nil), on: first)
            try await house.expect(.assigned, to: "billy", by: "mail", about: first)
            try await house.expect(.settled, to: "dana", by: "mail", "teams", about: first)
            try house.reload(Cast.rulebook(people: Cast.people.filter { $0.id != "billy" }))
            try await house.expect(.assigned, to: "jane", by: "mail", about: first)
            try await house.expect(.settled, to: "dana", by: "mail", "teams", about: first)
            #expect(try await house.story(of: first).last == "reassigned from billy to jane")

            try house.reload(Cast.rulebook())
            let second = try await house.drop(lead: 2)
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: second)
            try await house.decide(.assign(rep: "billy", by: "dana", note: nil), on: second)
            try await house.expect(.assigned, to: "billy", by: "mail", "slack", about: second)
            try await house.expect(.settled, to: "dana", by: "mail", "teams", about: second)
            try await house.stop()
            house.rulebook.replace(with: Cast.rulebook(people: Cast.people.filter { $0.id != "billy" }))
            try await house.start()
            try await house.expect(.assigned, to: "jane", by: "mail", about: second)
            try await house.expect(.settled, to: "dana", by: "mail", "teams", about: second)
        }
    }

    @Test("a manager who has left while a message to them waits: it fails, and the operator hears of it")
    func managerLeft() async throws {
        try await House.open { house in
            try house.channel("mail").script([.deferred(reason: "421", retryAfter: .seconds(60))])
            try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "teams")
            try await house.settle()
            try house.reload(Cast.rulebook(people: Cast.people.filter { $0.id != "dana" }))
            try await house.pass(.seconds(60))
            let alarm = try await house.expect(.alarm, to: "lee", by: "mail", "slack")
            #expect(alarm.briefing.sentences.joined().contains("dana was not reached by mail"))
        }
    }

    @Test("channels are replaced: what is under way ends on the old one, what comes goes by the new one")
    func channelsReplaced() async throws {
        try await House.open { house in
            let former = try house.channel("mail")
            try house.hold("mail")
            try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "teams")
            try await house.settle()
            let fresh = ScriptedChannel(id: "mail")
            let teams = try house.channel("teams")
            let slack = try house.channel("slack")
            try house.reload(house.rulebook.now, channels: [fresh, teams, slack])
            let second = try await house.drop(lead: 2)
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: second)
            #expect(fresh.sent.count == 1)
            former.release()
            try await house.expect(.decide, to: "dana", by: "mail")
            #expect(former.sent.count == 1)
            #expect(fresh.sent.count == 1)
        }
    }

    @Test("a channel that is no longer configured fails its waiting messages, and the operator hears of it once")
    func channelGone() async throws {
        try await House.open { house in
            try house.channel("teams").answer { _, _ in .deferred(reason: "HTTP 503", retryAfter: .seconds(60)) }
            for number in 1...5 { try await house.drop(lead: number) }
            for _ in 1...5 { try await house.expect(.decide, to: "dana", by: "mail") }
            try await house.settle()
            let channels = Sample.channels.filter { $0.id != "teams" }
            let people = Cast.people.map { $0.id == "dana" ? Cast.with($0, "mail") : $0 }
            try house.reload(
                Cast.rulebook(people: people, channels: channels),
                channels: [try house.channel("mail"), try house.channel("slack")])
            try await house.pass(.seconds(60))
            let alarm = try await house.expect(.alarm, to: "lee", by: "mail", "slack")
            #expect(alarm.briefing.sentences.joined().contains("no channel teams any more"))
            try await house.expectSilence()
        }
    }
}
