// Forms in a chat: when one opens and when it would be in vain, what is answered where it can't be opened, and what the post
// of a form that was filled in is answered with.

import Foundation
import LeadCore
import Testing

@testable import LeadWeb

extension ChatRoutesTests {
    /// Posts a form that was filled in.
    private func submit(
        _ site: RunningSite, _ form: String, _ choice: String, note: String = "", by user: String = "U-dana",
        round: Int = 1, stamp: String = UUID().uuidString
    ) async throws -> Answer {
        let fields = ["action": form, "choice": choice, "note": note, "user": user, "stamp": stamp]
        return try await post(site, fields, round: round)
    }

    @Test("a button opens a form with those who can be asked, or the reasons there are, and decides nothing")
    func forms() async throws {
        for (action, ids) in [("pass", ["lee", "kim"]), ("reject", ["spam", "duplicate", "not_for_us"])] {
            try await open { (site, door) async throws in
                #expect(try await press(site, action, action) == 200)
                let form = try #require(await door.nextForm())
                #expect(form.kind.rawValue == action && form.choices.map(\.id) == ids)
                #expect(form.target == ChatTarget(caseID: Self.lead, round: 1))
                #expect(await site.desk.commands.isEmpty)
            }
        }
    }

    @Test("what a form would be refused is said before it opens")
    func inVain() async throws {
        let settled = try Fixture.opened().after(
            .assign(rep: "jane", by: "lee", note: nil, choosing: Choosing()), minutes: 1)
        try await open([settled]) { (site, door) async throws in
            #expect(try await press(site, "reject", "reject") == 200)
            #expect(await door.next()?.text.contains("Someone was faster. Jane Ortiz has the lead") == true)
        }
        let claimed = try Fixture.opened().after(.claim(by: "lee"), minutes: 1)
        try await open([claimed]) { (site, door) async throws in
            #expect(try await press(site, "pass", "pass") == 200)
            #expect(await door.next()?.text.hasPrefix("Lee Park decides until") == true)
            #expect(try await press(site, "pass", "pass", by: "U-lee") == 200)
            #expect(await door.nextForm()?.choices.map(\.id) == ["dana", "kim"])
        }
        try await open { (site, door) async throws in
            for (user, words) in [("U-9", "slack_id: U-9"), ("U-kim", "not asked about this lead")] {
                #expect(try await press(site, "pass", "pass", by: user) == 200)
                #expect(await door.next()?.text.contains(words) == true)
            }
            #expect(try await press(site, "pass", "pass", round: 2) == 200)
            #expect(await door.next()?.text == Phrases.english.answers.olderRound())
        }
    }

    @Test("where the form can't be opened, whoever pressed is told where else they can do it")
    func unopened() async throws {
        try await open { (site, door) async throws in
            door.openForms(with: .failed(reason: "Slack refused: expired_trigger_id"))
            #expect(try await press(site, "pass", "pass") == 200)
            let answer = try #require(await door.next())
            #expect(answer.text == Phrases.english.answers.noForm() && answer.link?.contains("/l/") == true)
        }
    }

    @Test("a form that was filled in closes when it is done, by which the note goes too")
    func submitted() async throws {
        for (form, choice, command) in [
            ("pass", "dana", CaseCommand.pass(to: "dana", by: "lee", comment: "You know them.")),
            ("reject", "spam", .reject(reason: .spam, by: "lee", note: "You know them.")),
        ] {
            try await open { (site, door) async throws in
                let answer = try await submit(site, form, choice, note: "You know them.\u{1B}", by: "U-lee", stamp: "1")
                #expect(answer.status == 200 && answer.body.isEmpty)
                #expect(await site.desk.commands == [command])
                #expect(try await submit(site, form, choice, by: "U-lee", stamp: "1").status == 409)
                #expect(try await submit(site, form, choice, by: "U-lee", stamp: "2").body.isEmpty, "twice is once")
                #expect(await site.desk.stored(Self.lead)?.subject.version == 3)
            }
        }
    }

    @Test("a form that comes to nothing shows why, beside the field that can be mended")
    func refusedForms() async throws {
        try await open { (site, door) async throws in
            for (user, words) in [
                ("U-9", "slack_id: U-9"), ("U-billy", "may not choose"), ("U-kim", "not asked about this lead"),
            ] {
                #expect(try await submit(site, "reject", "spam", by: user).body.contains(words))
            }
            #expect(try await submit(site, "reject", "spam", round: 2).body == Phrases.english.answers.olderRound())
            #expect(try await submit(site, "reject", "done").status == 400)
            let long = try await submit(site, "reject", "spam", note: String(repeating: "x", count: 2_001))
            #expect(long.body == "note: The note is longer than 2000 characters. Please shorten it.")
            let nobody = try await submit(site, "pass", "billy").body
            #expect(nobody == "choice: Billy Moss can’t be asked to choose. Nothing was changed.")
            await site.desk.fail(with: StoreFailure(.unavailable, "no space"))
            let unrecorded = try await submit(site, "reject", "spam", note: "A flyer.").body
            #expect(unrecorded == "choice: \(Phrases.english.answers.notRecorded())", "what was filled in stays there")
        }
        let settled = try Fixture.opened().after(
            .assign(rep: "jane", by: "lee", note: nil, choosing: Choosing()), minutes: 1)
        try await open([settled], rulebook: Self.rulebook(in: .german)) { (site, door) async throws in
            #expect(
                try await submit(site, "pass", "lee").body.hasPrefix("Jemand war schneller. Jane Ortiz hat den Lead"))
        }
    }

    @Test("a form waits no longer than the chat; what came of it after that is said in the chat")
    func slow() async throws {
        let settled = try Fixture.opened().after(
            .assign(rep: "jane", by: "lee", note: nil, choosing: Choosing()), minutes: 1)
        try await open([settled]) { (site, door) async throws in
            let bell = Bell()
            await site.desk.holdUp(until: bell)
            async let answer = submit(site, "reject", "spam")
            while site.clock.waiters == 0 {
                try Task.checkCancellation()
                await Task.yield()
            }
            site.clock.advance(by: .seconds(2))
            #expect(try await answer.body == Phrases.english.answers.slow())
            await site.desk.holdUp(until: nil)
            bell.ring()
            #expect(await door.next()?.text.contains("Someone was faster") == true)
        }
    }
}
