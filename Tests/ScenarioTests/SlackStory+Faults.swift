// Slack that fails, refuses or is told of twice, and a daemon that dies meanwhile.

import Foundation
import LeadCore
import LeadNotify
import LeadTestKit
import PeerKit
import Testing

extension SlackStory {
    @Test(
        "a daemon that dies while it tells of a choice: every copy is known to the next run and shows the end",
        arguments: [Moment.afterCommit, .beforeSending, .afterSending, .beforeRecording, .afterRecording])
    func kill(_ moment: Moment) async throws {
        try await tell { house, slack in
            let ada = try await asked(house)
            try house.run.life.end(at: moment)
            do {
                try await house.decide(.assign(rep: "jane", by: "lee", note: nil), on: ada)
            } catch {
                // Whoever chose may not hear that it is done.
            }
            try await house.awaitDeath()
            try await house.start()
            let posts = try await slack.posts(house, "to be settled") { $0.text.contains("Settled, Jane Ortiz") }
            #expect(posts.count == 3, "none is posted a second time")
            try await house.settle()
            house.journal.readAll()
        } change: {
            // What was sent and isn't on record goes again.
            $0.copies = 2
        }
    }

    @Test(
        "a daemon that dies when Slack has taken a question and before that is on record changes the copy that it knows"
    )
    func killAfterPosting() async throws {
        try await tell { house, slack in
            try house.run.life.end(at: .beforeRecording)
            let ada = try await house.drop(lead: 1)
            try await house.awaitDeath()
            try await house.start()
            try await house.expect(.decide, to: "dana", by: "mail", "bot", about: ada)
            try await house.settle()
            try await house.decide(.assign(rep: "jane", by: "lee", note: nil), on: ada)
            try await house.settle()
            #expect(try slack.posts().last?.text.contains("Settled, Jane Ortiz") == true)
            house.journal.readAll()
        } change: {
            $0.copies = 2
        }
    }

    @Test("two managers on one bot whose token is refused: one alarm, and no call beyond those that were under way")
    func refusedOnce() async throws {
        try await tell { house, slack in
            try await slack.script("method=chat.postMessage&error=token_revoked")
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail")
            let alarm = try await house.expect(.alarm, to: "jane", by: "mail")
            #expect(alarm.briefing.sentences.joined().contains("Slack refused: token_revoked, install the app again"))
            try await house.expect(.remind, to: "dana", by: "mail")
            // The script refuses one call; a second one would be taken.
            try await house.pass(.seconds(1800))
            try await house.expect(.remind, to: "dana", by: "mail")
            let mail = try await house.expect(.escalate, to: "lee", by: "mail")
            #expect(mail.briefing.sentences.contains { $0.contains("bot takes no messages") })
            try await house.expectSilence()
            #expect(try slack.posts().isEmpty, "Lee's lane is stopped too")
            #expect(try await house.story(of: ada).contains("lee not reached by bot"))
            #expect(house.journal.now.log.filter { $0.contains("channel stopped") }.count == 1)

            #expect(try await house.run.engine.resume(["bot"]).pending > 0)
            try await house.pass(.seconds(30))
            try await house.expect(.escalate, to: "lee", by: "bot")
            house.journal.readAll()
        }
    }

    @Test("an address that the bot can't write to stops that person's lane alone")
    func addressRefused() async throws {
        try await tell { house, slack in
            try await slack.script("method=chat.postMessage&error=channel_not_found")
            try await house.drop(lead: 1)
            try await house.expect(.alarm, to: "jane", by: "mail")
            try await house.pass(.seconds(1800))
            try await house.expect(.escalate, to: "lee", by: "mail", "bot")
            house.journal.readAll()
        }
    }

    @Test("a press that comes again after a restart does nothing, though its claim was given back since")
    func replayAfterRestart() async throws {
        try await tell { house, slack in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "bot")
            let post = try slack.posts()[0]
            let genuine = try slack.sign("claim", in: post, by: "U0DANA0001", at: house.clock.now())
            #expect(try await slack.post(genuine, house) == 200)
            try await house.waitFor(ada, "the claim") { $0.subject.stateName == .claimed }
            try await house.decide(.release(by: "dana"), on: ada)
            try await house.pass(.seconds(2))
            try await house.stop()
            try await house.start()
            var loud = genuine
            loud.signature = "v0=" + genuine.signature.dropFirst(3).uppercased()
            for press in [genuine, loud] { #expect(try await slack.post(press, house) == 409) }
            try await house.expectSilence()
            #expect(try await house.file(ada).subject.state == .waiting)
            // One of this run's is taken.
            let copy = try #require(try slack.posts().first)
            #expect(try await slack.press("claim", in: copy, by: "U0DANA0001", house) == 200)
            try await house.waitFor(ada, "the claim") { $0.subject.stateName == .claimed }
            house.journal.readAll()
        }
    }

    @Test("after a restart every copy is still known")
    func restart() async throws {
        try await tell { house, slack in
            let ada = try await asked(house)
            try await house.stop()
            try await house.start()
            try await house.decide(.assign(rep: "jane", by: "lee", note: nil), on: ada)
            try await house.expect(.assigned, to: "jane", by: "mail")
            let posts = try await slack.posts(house, "to be settled") { $0.text.contains("Settled, Jane Ortiz") }
            #expect(posts.count == 3)
            house.journal.readAll()
        }
    }

    @Test("while Slack is down changes wait, and show only the newest when it is back")
    func down() async throws {
        try await tell { house, slack in
            let ada = try await asked(house)
            try await slack.script("method=chat.update&status=503&times=4")
            try await house.decide(.claim(by: "lee"), on: ada)
            try await house.settle()
            try await house.decide(.assign(rep: "billy", by: "lee", note: nil), on: ada)
            try await house.settle()
            try await house.decide(.reassign(rep: "jane", from: "billy", by: "dana", note: nil), on: ada)
            try await house.pass(.seconds(60))
            let posts = try slack.posts()
            #expect(posts.count == 3)
            #expect(posts.allSatisfy { $0.text.contains("Settled, Jane Ortiz has it") })
            #expect(!posts.contains { $0.changes > 2 }, "what was overtaken isn't sent")
            let updates = try await house.file(ada).deliveries.filter { $0.delivery.kind == .update }
            #expect(updates.allSatisfy { $0.state == .sent || $0.state == .cancelled })
            house.journal.readAll()
        }
    }

    @Test(
        "a copy that nobody can name or change is followed by a message that says how it ended; a removed one by nothing"
    )
    func followUps() async throws {
        try await tell { house, slack in
            // Slack says that it may have posted it; before it is tried again, the matter is settled.
            try await slack.script("method=chat.postMessage&error=fatal_error")
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail")
            try await house.settle()
            #expect(try slack.posts().isEmpty)
            try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: ada)
            try await house.expect(.update, to: "dana", by: "bot", about: ada)
            var posts = try slack.posts()
            #expect(posts.count == 1 && posts[0].text.contains("Settled, Jane Ortiz has it"))
            // From then on that one is kept up to date.
            try await house.decide(.reassign(rep: "billy", from: "jane", by: "dana", note: nil), on: ada)
            posts = try await slack.posts(house, "to show Billy") { $0.text.contains("Settled, Billy Moss has it") }
            #expect(posts.count == 1)
            try await house.pass(.seconds(3))
            house.journal.readAll()

            let bob = try await house.drop(lead: 2)
            try await house.expect(.decide, to: "dana", by: "mail", "bot", about: bob)
            try await slack.script("method=chat.update&error=edit_window_closed")
            try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: bob)
            try await house.expect(.update, to: "dana", by: "bot", about: bob)
            #expect(try slack.posts().count == 3)
            try await house.pass(.seconds(3))
            house.journal.readAll()

            let cyd = try await house.drop(lead: 3)
            try await house.expect(.decide, to: "dana", by: "mail", "bot", about: cyd)
            let third = try #require(try slack.posts().last)
            try await slack.order("/remove?channel=\(third.channel)&ts=\(third.time)")
            try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: cyd)
            try await house.settle()
            let update = try await house.file(cyd).deliveries.first { $0.delivery.kind == .update }
            #expect(update?.state == .sent && update?.detail == "1 removed by somebody")
            #expect(try slack.posts().count == 4)
            house.journal.readAll()
        }
    }

    @Test("a token that is refused stops the channel with one alarm, and mail says that Slack takes nothing")
    func refused() async throws {
        try await tell { house, slack in
            try await slack.script("method=chat.postMessage&error=invalid_auth")
            try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail")
            let alarm = try await house.expect(.alarm, to: "jane", by: "mail")
            #expect(alarm.briefing.sentences.joined().contains("Slack refused: invalid_auth, check the bot token"))
            let second = try await house.drop(lead: 2)
            let mail = try await house.expect(.decide, to: "dana", by: "mail", about: second)
            #expect(mail.briefing.sentences.contains { $0.contains("bot takes no messages") })
            house.journal.readAll()
        }
    }
}
