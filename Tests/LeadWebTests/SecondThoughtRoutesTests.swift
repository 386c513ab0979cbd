// Warnings, confirmations and second thoughts on the page: the real server on loopback, the real decider behind it.

import LeadCore
import Testing

@testable import LeadWeb

@Suite("Warnings and second thoughts on the page", .timeLimit(.minutes(2)))
struct SecondThoughtRoutesTests {
    private let caseID = Fixture.link().caseID

    @Test("A rep against whom something speaks is given the lead after one page that names it")
    func warning() async throws {
        try await RunningSite.run { site in
            let page = try await site.get()
            #expect(page.body.contains("at capacity: 5 of 5"))
            site.clock.advance(by: .seconds(3))
            let asked = try await site.post([
                ("action", "assign"), ("rep", "omar"), ("note", "He knows them."),
                ("nonce", try #require(page.field("nonce"))),
            ])
            #expect(asked.status == 200)
            #expect(asked.body.contains("Give the lead to Omar Haddad?") && asked.body.contains("at capacity: 5 of 5"))
            #expect(!asked.body.contains("Programs that check mail"))
            #expect(await site.desk.stored(caseID)?.subject.assignment == nil)
            site.clock.advance(by: .seconds(3))
            let done = try await site.post([
                ("action", "assign"), ("rep", "omar"), ("note", "He knows them."), ("confirmed", "1"),
                ("nonce", try #require(asked.field("nonce"))),
            ])
            #expect(done.status == 303)
            let assignment = try #require(await site.desk.stored(caseID)?.subject.assignment)
            #expect(assignment.rep == "omar" && assignment.note == "He knows them.")
            #expect(assignment.seen?.warnings == ["at capacity: 5 of 5"])
            let history = try await site.get().body
            #expect(history.contains("Dana Whitfield gave the lead to Omar Haddad, knowing: at capacity: 5 of 5."))
        }
    }

    @Test("A robot's confirming page names what speaks against the rep too, and then one confirmation is enough")
    func robotsWarning() async throws {
        try await RunningSite.run { site in
            let asked = try await site.post(
                [("action", "assign"), ("rep", "omar"), ("nonce", site.nonce())], userAgent: "curl/8")
            #expect(asked.body.contains("at capacity: 5 of 5") && asked.body.contains("Programs that check mail"))
            site.clock.advance(by: .seconds(3))
            let done = try await site.post(
                [
                    ("action", "assign"), ("rep", "omar"), ("confirmed", "1"),
                    ("nonce", try #require(asked.field("nonce"))),
                ], userAgent: "curl/8")
            #expect(done.status == 303)
        }
    }

    @Test("A confirmation holds for what the page named: without that page's memory the warning is named again")
    func forgotten() async throws {
        try await RunningSite.run { site in
            var form = ChoiceForm()
            form.action = "assign"
            form.rep = "omar"
            let view = try #require(await site.desk.view(caseID, for: "dana"))
            let choice = try Choice(form, through: Fixture.link(), view: view)
            // As from a page that a former run made, or that named nothing.
            let nonce = site.nonce(Fixture.link().confirming(choice))
            let fields = [("action", "assign"), ("rep", "omar"), ("confirmed", "1")]
            let again = try await site.post(fields + [("nonce", nonce)])
            #expect(again.status == 200 && again.body.contains("at capacity: 5 of 5"))
            #expect(await site.desk.stored(caseID)?.subject.assignment == nil)
            site.clock.advance(by: .seconds(3))
            let done = try await site.post(fields + [("nonce", try #require(again.field("nonce")))])
            #expect(done.status == 303)
        }
    }

    @Test("The ranking that the chooser saw is kept, not the one at the time of the click")
    func seen() async throws {
        try await RunningSite.run { site in
            let nonce = try #require(try await site.get().field("nonce"))
            let before = try #require(await site.desk.view(caseID, for: "dana")).ranking
            site.clock.advance(by: .seconds(3_600))
            let later = try #require(await site.desk.view(caseID, for: "dana")).ranking
            let scores = { (ranking: Ranking) in ranking.entries.map(\.score) }
            #expect(scores(before) != scores(later))
            #expect(try await site.post([("action", "assign"), ("rep", "billy"), ("nonce", nonce)]).status == 303)
            let kept = try #require(await site.desk.stored(caseID)?.subject.assignment?.seen)
            #expect(kept.places.map(\.score) == scores(before))
        }
    }

    @Test("A link from a message shows its rep first and chooses nobody")
    func first() async throws {
        try await RunningSite.run { site in
            func order(_ body: String) -> [String] {
                body.split(separator: "name=\"rep\" value=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
            }
            #expect(order(try await site.get().body) == ["billy", "jane", "omar"])
            let page = try await site.get(query: "?rep=omar").body
            #expect(order(page) == ["omar", "billy", "jane"])
            #expect(!page.replacing(Stylesheet.text, with: "").contains("checked"))
            #expect(order(try await site.get(query: "?rep=nobody").body) == ["billy", "jane", "omar"])
        }
    }

    @Test("The choice is passed on with a comment, and the page says so")
    func pass() async throws {
        try await RunningSite.run { site in
            let none = try await site.post([("action", "pass"), ("nonce", site.nonce())])
            #expect(none.status == 422 && none.body.contains("Choose who shall decide instead of you."))
            let nonce = site.nonce()
            for _ in 0..<2 {
                let answer = try await site.post([
                    ("action", "pass"), ("to", "lee"), ("note", "You know them."), ("nonce", nonce),
                ])
                #expect(answer.headers["location"] == "?done=passed")
            }
            let page = try await site.get(query: "?done=passed").body
            #expect(page.contains("Done. Lee Park is being asked to choose."))
            #expect(
                page.contains("Dana Whitfield passed the choice on to Lee Park.") && page.contains("You know them."))
        }
    }

    @Test("More time can be asked for where the policy has some, once")
    func postpone() async throws {
        let base = Fixture.rulebook
        let steps = try #require(base.policies["standard"]).steps
        let policy = try EscalationPolicy(steps: steps, moreTime: .seconds(1_800))
        let rulebook = Rulebook(
            site: base.site, people: base.people, channels: Array(base.channels.values), routes: base.routes,
            policies: ["standard": policy])
        try await RunningSite.run([Fixture.opened(rulebook: rulebook)], rulebook: rulebook) { site in
            #expect(try await site.get().body.contains("30 min more"))
            let answer = try await site.post([("action", "postpone"), ("nonce", site.nonce())])
            #expect(answer.headers["location"] == "?done=postponed")
            let page = try await site.get(query: "?done=postponed").body
            #expect(page.contains("Done. The deadline is later now") && !page.contains("value=\"postpone\""))
            #expect(page.contains("Choose by Mon 23 Nov 11:10 (America/Chicago), with the time for which Dana"))
        }
        try await RunningSite.run { site in
            let answer = try await site.post([("action", "postpone"), ("nonce", site.nonce())])
            #expect(answer.status == 409 && answer.body.contains("There is no more time to be had."))
        }
    }

    @Test("A choice is undone within the time, and not after it")
    func undo() async throws {
        try await RunningSite.run { site in
            _ = try await site.post([("action", "assign"), ("rep", "billy"), ("nonce", site.nonce())])
            let page = try await site.get().body
            #expect(page.contains("you can take the choice back") && page.contains("value=\"undo\""))
            let answer = try await site.post([("action", "undo"), ("nonce", site.nonce())])
            #expect(answer.headers["location"] == "?done=undone")
            #expect(try await site.get(query: "?done=undone").body.contains("Done. Nobody has the lead now"))
            #expect(await site.desk.stored(caseID)?.subject.assignment == nil)
            _ = try await site.post([("action", "assign"), ("rep", "billy"), ("nonce", site.nonce())])
            let late = site.nonce(age: .seconds(600))
            #expect(!(try await site.get().body.contains("value=\"undo\"")))
            let refused = try await site.post([("action", "undo"), ("nonce", late)])
            #expect(refused.status == 409 && refused.body.contains("It is too late to take that back."))
        }
    }
}
