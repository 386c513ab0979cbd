// Passing a choice on and rejecting a lead in Slack: a button opens a modal, and what was filled in there counts like any other
// press: once, by whoever submitted it, for the message that it was opened in.

import Foundation
import LeadCore
import LeadNotify
import LeadTestKit
import PeerKit
import Testing

@Suite("Slack's modals in stories", .timeLimit(.minutes(5)))
struct SlackFormStory {
    private func tell(_ story: (House, Workspace, CaseID, SlackPost) async throws -> Void) async throws {
        try await SlackStory().tell { house, slack in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "bot")
            try await story(house, slack, ada, try #require(try slack.posts().last))
            house.journal.readAll()
        }
    }

    @Test(
        "a choice is passed on with a note, to somebody who can be asked, and counts for the message that was pressed")
    func pass() async throws {
        try await SlackStory().tell { house, slack in
            let ada = try await SlackStory().asked(house)
            // Not the newest: she was reminded since.
            let post = try #require(try slack.posts().first)
            let before = try await house.story(of: ada)
            let form = try await slack.open("pass", in: post, by: "U0DANA0001", house)
            #expect(try form.choices == ["lee"], "nobody passes on to themselves")
            #expect(try form.text.contains("Acme") && form.title == "Pass the choice on")
            try await house.waitFor("the visit to be on record") {
                let file = try await house.file(ada)
                return file.deliveries.contains { file.opened($0) != nil }
            }
            #expect(try await house.story(of: ada) == before, "a form alone changes nothing")

            let answer = try await slack.submit(form, "lee", note: "You know them.", by: "U0DANA0001", house)
            #expect(answer.isClosed)
            let asked = try await house.expect(.decide, to: "lee", by: "bot")
            #expect(asked.briefing.sentences.contains { $0.contains("You know them.") })
            try await house.expect(.decide, to: "lee", by: "mail")
            let file = try await house.file(ada)
            let passed = try #require(file.history.last { $0.actor == .person(id: "dana") })
            #expect(passed.event == .passedOn(to: "lee", by: "dana", comment: "You know them."))
            let entrance = try #require(passed.entrance)
            let pressed = file.deliveries.first { $0.delivery.entrance == entrance }?.delivery
            #expect(pressed?.channel == "bot" && pressed?.kind == .decide && pressed?.person == "dana")
            #expect(try slack.peer.slackAnswers().isEmpty && slack.peer.slackRefusals().isEmpty)
            house.journal.readAll()
        }
    }

    @Test("a lead is rejected for a reason, once, however often the modal is submitted")
    func reject() async throws {
        try await tell { house, slack, ada, post in
            let form = try await slack.open("reject", in: post, by: "U0DANA0001", house)
            #expect(try form.choices == ["spam", "duplicate", "not_for_us"])
            let twin = try await slack.open("reject", in: post, by: "U0DANA0001", house)
            let press = try slack.sign(form, "not_for_us", note: "A flyer.", by: "U0DANA0001", at: house.clock.now())
            #expect(try await slack.submit(press, house).isClosed)
            #expect(try await slack.submit(press, house).status == 409, "the very same post")
            for view in [form, twin] {
                #expect(try await slack.submit(view, "not_for_us", by: "U0DANA0001", house).isClosed, "as it stands")
            }
            let other = try await slack.submit(twin, "spam", by: "U0DANA0001", house)
            #expect(try other.view?.text.contains("Your choice changed nothing.") == true)
            let file = try await house.file(ada)
            guard case .closed(let closing) = file.subject.state else {
                Issue.record("it isn't closed")
                return
            }
            #expect(closing.reason == .notForUs && closing.note == "A flyer." && closing.by == "dana")
            #expect(file.history.count { $0.actor == .person(id: "dana") } == 1)
            _ = try await slack.posts(house, "to show the end") { $0.text.contains("Rejected:") }
        }
    }

    @Test("a modal that is submitted when the lead was settled meanwhile says who has it; so does its button")
    func settled() async throws {
        try await tell { house, slack, ada, post in
            let form = try await slack.open("pass", in: post, by: "U0DANA0001", house)
            try await house.decide(.assign(rep: "jane", by: "lee", note: nil), on: ada)
            let answer = try await slack.submit(form, "lee", by: "U0DANA0001", house)
            let view = try #require(try answer.view)
            #expect(try view.text.contains("Someone was faster. Jane Ortiz has the lead"))
            #expect(try view.text.contains("https://leads.example.com/l/") && view.title == "Pass the choice on")
            #expect(try await slack.press("reject", in: post, by: "U0DANA0001", house) == 200)
            #expect(try await slack.nextAnswer(house).text.contains("Someone was faster. Jane Ortiz has the lead"))
            #expect(try slack.peer.slackViews().count == 1)
            #expect(try await house.file(ada).subject.assignment?.rep == "jane")

            // Taken back meanwhile: the modal is of an older round.
            try await house.decide(.undo(by: "lee"), on: ada)
            let late = try await slack.submit(form, "lee", by: "U0DANA0001", house)
            #expect(try late.view?.text.contains("taken back since this message was written") == true)
            #expect(try await house.file(ada).subject.state == .waiting)
        }
    }

    @Test("forged, old and altered submissions are refused, and change nothing")
    func forged() async throws {
        try await tell { house, slack, ada, post in
            let form = try await slack.open("reject", in: post, by: "U0DANA0001", house)
            let now = house.clock.now()
            let genuine = try slack.sign(form, "spam", by: "U0DANA0001", at: now)
            var altered = genuine
            altered.body = Array(
                String(decoding: genuine.body, as: UTF8.self).replacing("U0DANA0001", with: "U0LEE00001").utf8)
            let forged = try slack.sign(form, "spam", by: "U0DANA0001", at: now, secret: "another app's secret")
            let old = try slack.sign(form, "spam", by: "U0DANA0001", at: now - .seconds(301))
            for press in [altered, forged, old] {
                let answer = try await slack.submit(press, house)
                #expect(answer.status == 401 && answer.body.isEmpty)
            }
            #expect(try await house.file(ada).subject.state == .waiting)
            #expect(try await slack.submit(genuine, house).isClosed)
        }
    }

    @Test("those who aren't known, may not choose or weren't asked are told so, by the button and in a modal")
    func strangers() async throws {
        try await tell { house, slack, ada, post in
            let form = try await slack.open("pass", in: post, by: "U0DANA0001", house)
            let count = try slack.peer.slackViews().count
            for (user, words) in [("U0STRANGER", "slack_id: U0STRANGER"), ("U0BILLY001", "may not choose")] {
                #expect(try await slack.press("pass", in: post, by: user, house) == 200)
                #expect(try await slack.nextAnswer(house).text.contains(words))
                let answer = try await slack.submit(form, "lee", by: user, house)
                #expect(try answer.view?.text.contains(words) == true)
            }
            #expect(try slack.peer.slackViews().count == count)
            #expect(try await house.file(ada).subject.state == .waiting)
        }
    }

    @Test(
        "where Slack opens no modal, whoever pressed is told, with the page that does the same",
        arguments: ["error=expired_trigger_id", "error=invalid_auth", "status=503", "error=fatal_error"])
    func unopened(_ fault: String) async throws {
        try await tell { house, slack, ada, post in
            try await slack.script("method=views.open&\(fault)")
            #expect(try await slack.press("reject", in: post, by: "U0DANA0001", house) == 200)
            let answer = try await slack.nextAnswer(house)
            #expect(answer.text.contains("The form could not be opened just now."))
            let link = try #require(answer.text.firstMatch(of: /https:\/\/leads\.example\.com(\/l\/\S+)/))
            #expect(String(link.1).count > 20)
            let log = house.journal.now.log.filter { $0.contains("A form could not be opened in a chat") }
            #expect(log.count == 1)
            #expect(!log.joined().contains(Peer.slackToken) && !log.joined().contains("/response/"))
            #expect(try await house.file(ada).subject.state == .waiting)
        }
    }

    @Test("a modal outlives the daemon that opened it")
    func restart() async throws {
        try await tell { house, slack, ada, post in
            let form = try await slack.open("reject", in: post, by: "U0DANA0001", house)
            try await house.pass(.seconds(2))
            try await house.stop()
            try await house.start()
            #expect(try await slack.submit(form, "spam", by: "U0DANA0001", house).isClosed)
            guard case .closed = try await house.file(ada).subject.state else {
                Issue.record("it isn't closed")
                return
            }
        }
    }
}
