// The door of a chat: who presses, what it does, what they are told, and what is refused. The door itself is scripted here;
// Slack's own is tried in its room, and both together in a story.

import Foundation
import LeadCore
import Testing

@testable import LeadWeb

@Suite("A chat's door", .timeLimit(.minutes(2)))
struct ChatRoutesTests {
    /// Dana, Lee and Billy are in the chat.
    static let rulebook = rulebook()

    static func rulebook(in language: Language? = nil) -> Rulebook {
        let book = Fixture.rulebook
        let people =
            book.people.map { person in
                Person(
                    id: person.id, name: person.name, isManager: person.isManager, rep: person.rep,
                    timeZone: person.timeZone, reach: person.reach, slackID: "U-\(person.id)", language: language)
            } + [Person(id: "kim", name: "Kim Hale", isManager: true, slackID: "U-kim", language: language)]
        return Rulebook(
            site: book.site, people: people, channels: Array(book.channels.values), routes: book.routes,
            policies: book.policies, choice: book.choice, phrases: PhraseBook(language: language ?? .english))
    }

    static let lead = Fixture.opened().subject.id

    /// Posts a press and gives the status.
    func press(
        _ site: RunningSite, _ action: String, _ value: String, by user: String = "U-dana",
        stamp: String = UUID().uuidString, round: Int = 1, prompt: String = "", reading: String = "",
        path: String = "/chat/bot"
    ) async throws -> Int {
        let fields = ["action": action, "value": value, "user": user, "stamp": stamp, "prompt": prompt]
        return try await post(site, fields, round: round, reading: reading, path: path).status
    }

    /// Posts a press.
    func post(
        _ site: RunningSite, _ fields: [String: String], round: Int = 1, reading: String = "",
        path: String = "/chat/bot"
    ) async throws -> Answer {
        let fields = fields.merging(["target": "\(Self.lead).\(round)"]) { $1 }
        let body = fields.map { "\($0)=\($1.replacing(" ", with: "+"))" }.joined(separator: "&")
        return try await site.exchange(
            Array(
                """
                POST \(path) HTTP/1.1\r
                Host: leads.example.com\r
                Content-Type: application/x-www-form-urlencoded\r
                X-Reading: \(reading)\r
                Content-Length: \(body.utf8.count)\r
                Connection: close\r
                \r
                \(body)
                """.utf8))
    }

    func open(
        _ cases: [StoredCase] = [Fixture.opened()], rulebook: Rulebook = rulebook,
        _ body: @escaping @Sendable (RunningSite, ScriptedDoor) async throws -> Void
    ) async throws {
        let door = ScriptedDoor()
        try await RunningSite.run(cases, rulebook: rulebook, chats: [door.id: door]) { site in
            try await body(site, door)
        }
    }

    @Test("those who aren't known, may not choose or weren't asked are told so, and nothing changes")
    func strangers() async throws {
        try await open { (site, door) async throws in
            for (user, words) in [
                ("U-9", "slack_id: U-9"), ("U-billy", "may not choose"), ("U-kim", "not asked about this lead"),
            ] {
                #expect(try await press(site, "claim", "claim", by: user) == 200)
                #expect(await door.next()?.text.contains(words) == true)
            }
            #expect(await site.desk.commands.isEmpty)
        }
    }

    @Test("a manager who is named by the lead's route may choose, with whatever the buttons say")
    func commands() async throws {
        for (action, value, command) in [
            ("claim", "claim", CaseCommand.claim(by: "lee")),
            ("assign", "omar", .assign(rep: "omar", by: "lee", note: nil)),
        ] {
            try await open { (site, door) async throws in
                #expect(try await press(site, action, value, by: "U-lee") == 200)
                // A question of a stranger's is answered after what came before.
                #expect(try await press(site, "claim", "claim", by: "U-9") == 200)
                _ = await door.next()
                while await site.desk.commands.isEmpty { await Task.yield() }
                #expect(await site.desk.commands == [command])
            }
        }
    }

    @Test("a rep who is none any more, a lead that is gone, an older round")
    func stale() async throws {
        try await open { (site, door) async throws in
            #expect(try await press(site, "assign", "nobody") == 200)
            #expect(await door.next()?.text == Phrases.english.answers.unknownRep())
            #expect(try await press(site, "claim", "claim", round: 2) == 200)
            #expect(await door.next()?.text == Phrases.english.answers.olderRound())
        }
        try await open([]) { (site, door) async throws in
            #expect(try await press(site, "claim", "claim") == 200)
            #expect(await door.next()?.text == Phrases.english.answers.unknownLead())
        }
    }

    @Test("who comes late is told who has the lead, and where more can be done")
    func late() async throws {
        let settled = try Fixture.opened().after(
            .assign(rep: "jane", by: "lee", note: nil, choosing: Choosing()), minutes: 1)
        try await open([settled]) { (site, door) async throws in
            #expect(try await press(site, "assign", "billy") == 200)
            let answer = try #require(await door.next())
            #expect(answer.text.contains("Someone was faster. Jane Ortiz has the lead"))
            #expect(answer.link?.contains("/l/") == true)
        }
    }

    @Test("a warning is named and asked about; the answer to an older question is no confirmation")
    func warning() async throws {
        try await open { (site, door) async throws in
            #expect(try await press(site, "assign", "omar") == 200)
            let question = try #require(await door.next())
            #expect(question.text.hasPrefix("Before Omar Haddad gets the lead: "))
            let confirmation = try #require(question.confirmation)
            #expect(confirmation.label == "Give it to Omar Haddad all the same")
            #expect(try await press(site, "confirm", "omar 00000000", prompt: "yes") == 200)
            #expect(await door.next() == question)
            #expect(try await press(site, "confirm", confirmation.action.value, prompt: "yes") == 200)
            #expect(await door.next()?.text == "Done. Omar Haddad has the lead and is being told.")
            #expect(await site.desk.stored(Self.lead)?.subject.assignment?.rep == "omar")
            // Twice is once.
            #expect(try await press(site, "confirm", confirmation.action.value, prompt: "yes") == 200)
            #expect(await door.next()?.text == "Done. Omar Haddad has the lead and is being told.")
        }
    }

    @Test("whoever reads German is answered in German: what they may not, what came too late, what to think of")
    func german() async throws {
        let german = Self.rulebook(in: .german)
        try await open(rulebook: german) { (site, door) async throws in
            for (user, words) in [
                ("U-9", "leadbell kennt Sie nicht. Bitten Sie die zuständige Person, in Ihrem Eintrag slack_id: U-9"),
                ("U-billy", "Sie sind nicht berechtigt, Leads zuzuteilen. Es wurde nichts geändert."),
                ("U-kim", "Sie wurden zu diesem Lead nicht gefragt. Es wurde nichts geändert."),
            ] {
                #expect(try await press(site, "claim", "claim", by: user) == 200)
                #expect(await door.next()?.text.hasPrefix(words) == true)
            }
            #expect(try await press(site, "assign", "omar") == 200)
            let question = try #require(await door.next())
            #expect(question.text == "Bevor Omar Haddad den Lead erhält: ausgelastet: 5 von 5.")
            let confirmation = try #require(question.confirmation)
            #expect(confirmation.label == "Trotzdem Omar Haddad zuteilen")
            #expect(try await press(site, "confirm", confirmation.action.value, prompt: "yes") == 200)
            #expect(await door.next()?.text == "Erledigt. Omar Haddad hat den Lead und wird benachrichtigt.")
        }
        let settled = try Fixture.opened().after(
            .assign(rep: "jane", by: "lee", note: nil, choosing: Choosing()), minutes: 1)
        try await open([settled], rulebook: german) { (site, door) async throws in
            #expect(try await press(site, "assign", "billy") == 200)
            let answer = try #require(await door.next())
            #expect(answer.text.hasPrefix("Jemand war schneller. Jane Ortiz hat den Lead seit Mo., 23. Nov., "))
            #expect(answer.text.hasSuffix(", zugeteilt von Lee Park. Ihre Entscheidung hat nichts geändert."))
            #expect(answer.link != nil && answer.phrases.labels.open() == "Lead öffnen")
        }
    }

    @Test("a rep whom something keeps from the lead: German readers are told in German what it is")
    func exclusion() {
        let people = Self.rulebook(in: .german).people.map { person in
            person.id == "billy"
                ? Person(id: "billy", name: "Billy Moss", rep: Person.RepProfile(skills: ["fine-art"], hardCap: 3))
                : person
        }
        let book = Fixture.rulebook
        let rulebook = Rulebook(
            site: book.site, people: people, channels: Array(book.channels.values), routes: book.routes,
            policies: book.policies, choice: book.choice)
        let view = CaseView(
            file: Fixture.opened().view().file, rulebook: rulebook, now: Fixture.start, reader: "dana"
        ) { _ in Workload(openCount: 3, openWeight: 3) }
        let english = Refusal.excluded("billy", "has 3 open leads, the cap is 3")
        #expect(view.ranking.entry(of: "billy")?.exclusion == "has 3 open leads, the cap is 3")
        #expect(view.refusal(english, in: .english) == english)
        let german = PhraseBook.shipped.phrases(.german)
        #expect(view.refusal(english, in: german) == .excluded("billy", "bereits 3 offene Leads, Obergrenze 3"))
        // What came up since the view was put together is better told in English than not at all.
        let late = Refusal.unconfirmed("billy", ["of another hour"])
        #expect(view.refusal(late, in: german) == late)
    }

    @Test("a press is answered before anything is done about it, though the store hangs")
    func answeredAtOnce() async throws {
        try await open { (site, door) async throws in
            let bell = Bell()
            await site.desk.holdUp(until: bell)
            let begun = ContinuousClock.now
            #expect(try await press(site, "claim", "claim") == 200)
            #expect(ContinuousClock.now - begun < .seconds(3), "Slack waits no longer")
            #expect(await site.desk.commands.isEmpty)
            await site.desk.holdUp(until: nil)
            bell.ring()
            while await site.desk.commands.isEmpty {
                try Task.checkCancellation()
                await Task.yield()
            }
            #expect(await site.desk.commands == [.claim(by: "dana")])
        }
    }

    @Test("a press for which there was no room is taken when it comes again as it is, and not a third time")
    func noRoom() async throws {
        try await open { (site, door) async throws in
            let bell = Bell()
            await site.desk.holdUp(until: bell)
            for number in 1...256 {
                #expect(try await press(site, "claim", "claim", stamp: "\(number)") == 200)
            }
            #expect(try await press(site, "claim", "claim", stamp: "one more") == 503)
            #expect(try await press(site, "claim", "claim", stamp: "1") == 503)
            await site.desk.holdUp(until: nil)
            /// Posts a press until there is room for it.
            func insist(_ stamp: String) async throws -> Int {
                while true {
                    try Task.checkCancellation()
                    bell.ring()
                    let status = try await press(site, "claim", "claim", stamp: stamp)
                    if status != 503 { return status }
                }
            }
            #expect(try await insist("one more") == 200)
            #expect(try await insist("one more") == 409)
            // A press that is refused gives its place back.
            for _ in 1...300 { #expect(try await press(site, "claim", "claim", stamp: "1") == 409) }
            #expect(try await press(site, "claim", "claim", stamp: "another") == 200)
        }
    }

    @Test("a store that fails: they are told that nothing was changed")
    func outage() async throws {
        try await open { (site, door) async throws in
            await site.desk.fail(with: StoreFailure(.unavailable, "no space"))
            #expect(try await press(site, "claim", "claim") == 200)
            #expect(await door.next()?.text == Phrases.english.answers.notRecorded())
        }
    }

    @Test("forged, old, replayed, unreadable, huge, of another type, by GET, at another door: refused")
    func refused() async throws {
        try await open { (site, door) async throws in
            #expect(try await press(site, "claim", "claim", reading: "forged") == 401)
            #expect(try await press(site, "claim", "claim", reading: "old") == 401)
            #expect(try await press(site, "open", "x", reading: "nothing") == 200)
            #expect(try await press(site, "launch", "x") == 400)
            #expect(try await press(site, "claim", "claim", by: "U-9", stamp: "one") == 200)
            _ = await door.next()
            #expect(try await press(site, "claim", "claim", stamp: "one") == 409)
            #expect(try await press(site, "claim", "claim", path: "/chat/mail") == 404)
            let head = "POST /chat/bot HTTP/1.1\r\nHost: leads.example.com\r\nConnection: close\r\n"
            #expect(
                try await site.exchange(
                    Array((head + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}").utf8)
                ).status == 415)
            let form = "Content-Type: application/x-www-form-urlencoded\r\n"
            #expect(try await site.exchange(Array((head + form + "Content-Length: 600000\r\n\r\n").utf8)).status == 413)
            #expect(
                try await site.exchange(Array("GET /chat/bot HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8))
                    .status == 404)
            #expect(await site.desk.commands.isEmpty)
        }
    }

    @Test("presses are remembered for longer than one may be old")
    func stamps() {
        let start = Fixture.start
        let stamps = PressStamps(since: start)
        func press(_ stamp: String, _ at: Timestamp) -> ChatPress {
            ChatPress(
                stamp: stamp, at: at, account: "U1", target: ChatTarget(caseID: "c", round: 1), action: .claim,
                replyTo: nil)
        }
        #expect(stamps.isFirst(press("first", start), at: start))
        for number in 0..<6_000 { #expect(stamps.isFirst(press("\(number)", start), at: start + .seconds(1))) }
        #expect(!stamps.isFirst(press("first", start), at: start + .seconds(599)))
        // What was signed before this run began may have been acted upon by a former one; chats sign whole seconds.
        #expect(!stamps.isFirst(press("old", start - .seconds(1)), at: start + .seconds(2)))
        let within = PressStamps(since: start + .milliseconds(700))
        #expect(within.isFirst(press("this second's", start), at: start + .seconds(2)))
        #expect(!within.isFirst(press("older", start - .seconds(1)), at: start + .seconds(2)))
        let strayed = PressStamps(since: start + .seconds(3600))
        #expect(strayed.isFirst(press("first", start), at: start), "the clock was set back since")
        let room = PressRoom(most: 1)
        #expect(room.enter() && !room.enter())
        room.leave()
        #expect(room.enter())
    }
}
