// Slack with a bot: what is pressed there is done by whoever pressed, every copy shows where the lead stands within two
// seconds, whatever has happened to Slack or to the daemon meanwhile, and nobody else's presses do anything.

import Curl
import Foundation
import LeadCore
import LeadNotify
import LeadTestKit
import PeerKit
import Testing

@Suite("Slack with buttons", .timeLimit(.minutes(5)))
struct SlackStory {
    /// Dana is written to, Lee is asked in a room; both have mail too. Billy has room for one lead.
    static let people = [
        person("dana", "Dana Whitfield", slack: "U0DANA0001", at: "U0DANA0001", isManager: true),
        person("lee", "Lee Park", slack: "U0LEE00001", at: "C0MANAGERS", isManager: true),
        Person(
            id: "billy", name: "Billy Moss", rep: Person.RepProfile(skills: ["fine-art"], capacity: 1),
            reach: [Sample.reach("mail", "billy@example.com")], slackID: "U0BILLY001"),
        Sample.people[3],
    ]

    private static func person(
        _ id: PersonID, _ name: String, slack: String, at address: String, isManager: Bool
    ) -> Person {
        Person(
            id: id, name: name, isManager: isManager,
            reach: [Sample.reach("mail", "\(id)@example.com"), Sample.reach("bot", address)], slackID: slack)
    }

    func tell(
        people: [Person] = people, retry: RetryPolicy = RetryPolicy(),
        _ story: (House, Workspace) async throws -> Void, change: (inout HousePlan) -> Void = { _ in },
        digest: () -> DigestRule = { .off }
    ) async throws {
        let digest = digest()
        try await Workspace.tell(
            limits: [RateLimit(3, per: .seconds(3))],
            rulebook: { channels in
                Sample.rulebook(
                    people: people, channels: channels, retry: retry, operators: ["jane"], digest: digest)
            }, story, change: change)
    }

    /// A lead of which Dana and then Lee were told, Dana twice.
    func asked(_ house: House) async throws -> CaseID {
        let ada = try await house.drop(lead: 1)
        try await house.expect(.decide, to: "dana", by: "mail", "bot")
        try await house.pass(.seconds(1800))
        try await house.expect(.remind, to: "dana", by: "mail", "bot")
        try await house.expect(.escalate, to: "lee", by: "mail", "bot")
        return ada
    }

    @Test("a claim, a choice and its undoing in Slack show on every copy at once, and presses of others do nothing")
    func settledEverywhere() async throws {
        try await tell { house, slack in
            let ada = try await asked(house)
            var posts = try slack.posts()
            #expect(posts.map(\.channel) == ["D0DANA0001", "D0DANA0001", "C0MANAGERS"])
            #expect(try posts[0].elements.filter { $0.actionID == "assign" }.map(\.value) == ["billy", "jane"])
            #expect(Set(try posts[0].elements.map(\.actionID)) == ["assign", "claim", "pass", "reject"])
            // In the room a link would choose in Lee's name, whoever opened it.
            let linked = posts.map { String(decoding: $0.blocks, as: UTF8.self).contains("leads.example.com") }
            #expect(linked == [true, true, false])

            // Who isn't known, may not choose, or wasn't asked, is told so, and nothing changes.
            for (user, words) in [("U0STRANGER", "slack_id: U0STRANGER"), ("U0BILLY001", "may not choose")] {
                #expect(try await slack.press("claim", in: posts[0], by: user, house) == 200)
                #expect(try await slack.nextAnswer(house).text.contains(words))
            }
            #expect(try await house.story(of: ada) == ["opened", "notified dana", "reminded dana", "notified lee"])

            // Lee claims in the room: Dana's copies have no live button, the room's has all but the claim.
            #expect(try await slack.press("claim", in: posts[2], by: "U0LEE00001", house) == 200)
            posts = try await slack.posts(house, "to show the claim") { $0.text.contains("Lee Park decides") }
            #expect(try posts[0].elements.isEmpty && posts[1].elements.isEmpty)
            #expect(Set(try posts[2].elements.map(\.actionID)) == ["assign", "release", "pass", "reject"])

            // Lee chooses.
            let before = posts[2]
            #expect(try await slack.press("assign", "billy", in: posts[2], by: "U0LEE00001", house) == 200)
            try await house.expect(.assigned, to: "billy", by: "mail")
            for person: PersonID in ["dana", "lee"] { try await house.expect(.settled, to: person, by: "mail") }
            posts = try await slack.posts(house, "to show who has it") {
                $0.text.contains("Settled, Billy Moss has it")
            }
            #expect(posts.count == 3, "nothing new was posted")
            for post in posts {
                #expect(
                    try post.elements.isEmpty && post.text.contains("Billy Moss has the lead since Mon 23 Nov 15:30"))
            }
            try await house.expectSilence()

            // A late press on a copy that was on a slow screen.
            #expect(try await slack.press("assign", "jane", in: before, by: "U0DANA0001", house) == 200)
            let late = try await slack.nextAnswer(house)
            #expect(late.text.contains("Someone was faster. Billy Moss has the lead"))
            #expect(late.text.contains("https://leads.example.com/l/"))

            // Undone on the page: open again on every copy, with a message beside that is noticed.
            try await house.decide(.undo(by: "lee"), on: ada)
            try await house.expect(.withdrawn, to: "billy", by: "mail")
            try await house.expect(.reopened, to: "dana", by: "mail")
            try await house.expect(.reopened, to: "lee", by: "mail")
            // After three changes within three seconds what is new waits for its rate.
            try await house.pass(.seconds(1))
            try await house.expect(.reopened, to: "dana", by: "bot")
            posts = try await slack.posts(house, "to be live again") { try !$0.elements.isEmpty }
            #expect(posts.count == 4)
            #expect(try await slack.press("assign", "jane", in: before, by: "U0DANA0001", house) == 200)
            #expect(try await slack.nextAnswer(house).text.contains("taken back since this message was written"))

            // Rejected in Slack.
            let form = try await slack.open("reject", in: posts[3], by: "U0DANA0001", house)
            #expect(try await slack.submit(form, "spam", by: "U0DANA0001", house).isClosed)
            for person: PersonID in ["dana", "lee"] { try await house.expect(.settled, to: person, by: "mail") }
            posts = try await slack.posts(house, "to show the end") { $0.text.contains("Rejected:") }
            #expect(try posts.allSatisfy { try $0.elements.isEmpty })
            // Each press opened the message that it was in, and none beside it.
            let file = try await house.file(ada)
            let opened = file.deliveries.filter { file.opened($0) != nil }.map(\.delivery)
            #expect(
                Set(opened.map { "\($0.kind) \($0.person) \($0.channel)" }) == [
                    "escalate lee bot", "reopened dana bot",
                ])
            #expect(try slack.peer.slackRefusals().isEmpty)
        }
    }

    @Test("a choice on the page shows in Slack without the clock moving; passing on asks the other there")
    func fromThePage() async throws {
        try await tell { house, slack in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "bot")
            let post = try slack.posts()[0]
            #expect(try await opened(ada, house) == ["dana": false])
            let form = try await slack.open("pass", in: post, by: "U0DANA0001", house)
            #expect(try await slack.submit(form, "lee", by: "U0DANA0001", house).isClosed)
            try await house.expect(.decide, to: "lee", by: "mail", "bot")
            #expect(try await opened(ada, house) == ["dana": true, "lee": false], "whoever presses has read it")
            #expect(
                try await opened(ada, house, by: "mail") == ["dana": false, "lee": false], "of the mail it says nothing"
            )
            _ = try await slack.posts(house, "to show the pass") {
                $0.channel != "D0DANA0001" || $0.text.contains("Dana Whitfield has passed the choice on to Lee Park")
            }
            let slow = try #require(try slack.posts().last)
            let decided = house.clock.now()
            let begun = ContinuousClock.now
            try await house.decide(.assign(rep: "jane", by: "lee", note: nil), on: ada)
            let posts = try await slack.posts(house, "to be settled") { $0.text.contains("Settled, Jane Ortiz has it") }
            #expect(ContinuousClock.now - begun < .seconds(2) && house.clock.now() == decided)
            #expect(posts.count == 2)
            // Too late, on a slow screen: that it was opened is known all the same.
            #expect(try await slack.press("claim", in: slow, by: "U0LEE00001", house) == 200)
            #expect(try await slack.nextAnswer(house).text.contains("Jane Ortiz has the lead"))
            #expect(try await opened(ada, house) == ["dana": true, "lee": true])
            house.journal.readAll()
        }
    }

    @Test("who chooses by a message to somebody else, in a room, has opened none of their own by that")
    func inTheRoom() async throws {
        try await tell { house, slack in
            let ada = try await asked(house)
            let room = try #require(try slack.posts().last)
            #expect(room.channel == "C0MANAGERS")
            #expect(try await slack.press("claim", in: room, by: "U0DANA0001", house) == 200)
            _ = try await slack.posts(house, "to show the claim") { $0.text.contains("Dana Whitfield decides") }
            let file = try await house.file(ada)
            #expect(file.history.last?.actor == .person(id: "dana") && file.history.last?.entrance == nil)
            #expect(!file.deliveries.contains { file.opened($0) != nil })
            house.journal.readAll()
        }
    }

    /// Whether who was asked over a channel has opened the message there.
    func opened(_ id: CaseID, _ house: House, by channel: ChannelID = "bot") async throws -> [PersonID: Bool] {
        let file = try await house.file(id)
        let asked = file.deliveries.filter { $0.delivery.channel == channel && $0.delivery.kind == .decide }
        return Dictionary(asked.map { ($0.delivery.person, file.opened($0) != nil) }) { first, _ in first }
    }

    @Test("a rep with a warning is asked about once more, and only what was read is confirmed")
    func warning() async throws {
        try await tell { house, slack in
            let first = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "bot")
            try await house.decide(.assign(rep: "billy", by: "dana", note: nil), on: first)
            let second = try await house.drop(lead: 2)
            try await house.expect(.decide, to: "dana", by: "mail", "bot", about: second)
            let post = try #require(try slack.posts().last)
            #expect(try await slack.press("assign", "billy", in: post, by: "U0DANA0001", house) == 200)
            let question = try await slack.nextAnswer(house)
            #expect(question.text.contains("Before Billy Moss gets the lead: at capacity"))
            #expect(try await house.file(second).subject.assignment == nil)
            #expect(
                try await slack.press("confirm", in: question, by: "U0DANA0001", house, isPrompt: true) == 200)
            let done = try await slack.nextAnswer(house)
            #expect(done.text == "Done. Billy Moss has the lead and is being told." && done.changes == 1)
            #expect(try await house.file(second).subject.assignment?.rep == "billy")
            house.journal.readAll()
        }
    }

    @Test("forged, old, replayed and altered presses are refused, and change nothing")
    func signatures() async throws {
        try await tell { house, slack in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "bot")
            let post = try slack.posts()[0]
            try await house.settle()
            let before = try await house.file(ada)
            let genuine = try slack.sign("claim", in: post, by: "U0DANA0001", at: house.clock.now())
            var altered = genuine
            altered.body = Array(String(decoding: genuine.body, as: UTF8.self).replacing("claim", with: "cla1m").utf8)
            var bare = genuine
            bare.signature = ""
            let forged = try slack.sign(
                "claim", in: post, by: "U0DANA0001", at: house.clock.now(), secret: "another app's secret")
            let old = try slack.sign("claim", in: post, by: "U0DANA0001", at: house.clock.now() - .seconds(301))
            for (press, status) in [(altered, 401), (bare, 401), (forged, 401), (old, 401)] {
                #expect(try await slack.post(press, house) == status)
            }
            try await house.expectSilence()
            #expect(try await house.file(ada) == before)

            #expect(try await slack.post(genuine, house) == 200)
            try await house.waitFor(ada, "the claim") { $0.subject.stateName == .claimed }
            try await house.decide(.release(by: "dana"), on: ada)
            #expect(try await slack.post(genuine, house) == 409)
            try await house.expectSilence()
            #expect(try await house.file(ada).subject.state == .waiting)
            #expect(try await slack.post(genuine, house, path: "/chat/mail") == 404)
            #expect(try slack.peer.slackAnswers().isEmpty)
        }
    }

    @Test(
        "a lead that was told in a digest is followed by a message that says how it ended, which changes from then on")
    func toldInDigest() async throws {
        try await tell { house, slack in
            for number in 1...8 {
                try await house.drop(lead: number)
                try await house.pass(.seconds(3))
            }
            for _ in 1...5 { try await house.expect(.decide, to: "dana", by: "mail", "bot") }
            try await house.pass(.seconds(120))
            let digest = try await house.expect(.digest, to: "dana", by: "bot")
            try await house.expect(.digest, to: "dana", by: "mail")
            let told = try #require(digest.briefing.digest?.first?.caseID)
            let count = try slack.posts().count
            try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: told)
            try await house.expect(.update, to: "dana", by: "bot", about: told)
            try await house.settle()
            var posts = try slack.posts()
            #expect(posts.count == count + 1 && posts[count].text.contains("Settled, Jane Ortiz has it"))
            try await house.decide(.reassign(rep: "billy", from: "jane", by: "dana", note: nil), on: told)
            try await house.pass(.seconds(2))
            posts = try slack.posts()
            #expect(posts.count == count + 1 && posts[count].text.contains("Settled, Billy Moss has it"))
            house.journal.readAll()
        } digest: {
            .on(DigestPolicy())
        }
    }

    @Test("at night a copy is changed at once, and what can only be followed by a message waits for the morning")
    func quietHours() async throws {
        let nights = try WorkCalendar(
            timeZone: .gmt, hours: (0..<7).map { WorkCalendar.Span(weekday: $0, opens: 21 * 60, closes: 31 * 60) })
        let people = Self.people.map { $0.id == "dana" ? $0.with(quiet: ["bot": nights]) : $0 }
        try await tell(people: people) { house, slack in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "bot")
            try await house.settle()
            // Slack may have posted the second one; by which name nobody knows.
            try await slack.script("method=chat.postMessage&error=fatal_error")
            let bea = try await house.drop(lead: 2)
            try await house.expect(.decide, to: "dana", by: "mail")
            try await house.settle()
            // From 20:59:58 to 21:00:00, when her quiet hours begin.
            try await house.pass(.seconds(2))
            for id in [ada, bea] { try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: id) }
            try await house.pass(.seconds(3))
            #expect(try slack.posts().map { $0.text.contains("Settled, Jane Ortiz has it") } == [true])
            try await house.pass(.seconds(10 * 3600 - 60))
            #expect(try slack.posts().count == 1)
            try await house.pass(.seconds(3600))
            #expect(try slack.posts().map { $0.text.contains("Settled, Jane Ortiz has it") } == [true, true])
            house.journal.readAll()
        } change: {
            $0.start = Sample.start + .seconds(6 * 3600 - 2)
        }
    }

}
