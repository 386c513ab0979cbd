// Messages of a bot: compared whole with files, full and brief, with what can be chosen in them; and held to Slack's limits
// by a workspace that checks every block.

import Curl
import Foundation
import LeadTestKit
import PeerKit
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("Slack bot's messages") struct SlackBotMessageTests {
    static let offer = ChatOffer(
        target: ChatTarget(caseID: "7zq4m0c2d9xk1b5r", round: 1),
        reps: [
            ChatOffer.Choice(id: "billy", name: "Billy Moss", hint: "fine-art; knows María López; 3 of 8 leads"),
            ChatOffer.Choice(id: "jane", name: "Jane Ortiz", hint: "2 open"),
        ],
        mayClaim: true, mayRelease: false, mayPass: true)

    private func message(_ kind: MessageKind, _ change: (inout Briefing) -> Void) throws -> Briefing {
        var briefing = try Fixture.briefing(kind)
        change(&briefing)
        return briefing
    }

    private func golden(_ briefing: Briefing, _ name: String) throws {
        let full = SlackBotChannel.message(briefing, to: Secret("U012AB3CD"))
        #expect(try Golden.matches(indented(full), "\(name).slack-bot.json"))
        let brief = SlackBotChannel.message(briefing.brief, to: Secret("U012AB3CD"))
        #expect(try Golden.matches(indented(brief), "\(name).brief.slack-bot.json"))
        for word in ["María", "López", "maria@", "0188", "marble", "lobby", "Curator"] {
            #expect(!String(decoding: brief, as: UTF8.self).contains(word))
        }
    }

    @Test("A question, with the reps to choose from and the buttons, is the file's")
    func question() throws { try golden(try message(.decide) { $0.offer = Self.offer }, "decide") }

    @Test("A message in which somebody decides shows who and since when")
    func claimed() throws {
        try golden(
            try message(.update) {
                $0.standing = Standing(
                    .claimed(by: "Lee Park"), ["Lee Park said “mine to decide” at 09:50; that holds until 10:05."])
                $0.offer = ChatOffer(
                    target: Self.offer.target, reps: Self.offer.reps, mayClaim: false, mayRelease: true, mayPass: true)
            }, "claimed")
    }

    @Test("A settled message shows who has it, since when, and has no live button")
    func settled() throws {
        let settled = try message(.update) {
            $0.standing = Standing(.settled(owner: "Billy Moss"), [$0.sentences[0], "Note: María is the aunt."])
        }
        try golden(settled, "settled")
        for body in [settled, settled.brief].map({ SlackBotChannel.message($0, to: Secret("U1")) }) {
            let text = String(decoding: body, as: UTF8.self)
            #expect(text.contains("Billy Moss has the lead since") && !text.contains("\"actions\""))
        }
    }

    @Test(
        "A workspace takes every message, however long and hostile its parts are",
        arguments: ["x", "&", "漢", "😀", "👩🏽‍🚀", "word ", "\n", "<!channel>", "\0", "\u{202E}"])
    func limits(_ piece: String) async throws {
        let peer = try Peer.slack()
        let channel = try Self.channel(peer)
        let long = String(repeating: piece, count: 6_000 / piece.utf8.count + 1)
        let many = (0..<150).map { number in
            ChatOffer.Choice(id: "p\(number)" + String(repeating: "x", count: 60), name: long, hint: long)
        }
        for (facts, sentences) in [(8, 2), (500, 500), (0, 0)] {
            let link = "https://leads.example.com/l/" + String(repeating: "t", count: 1_900)
            var briefing = Fixture.briefing(filledWith: long, facts: facts, sentences: sentences, link: link)
            briefing.offer = ChatOffer(
                target: Self.offer.target, reps: many, mayClaim: true, mayRelease: true, mayPass: true)
            let posting = await channel.post(briefing, to: Secret("C012AB3CD"))
            #expect(posting.outcome == .sent(detail: "ok"))
            #expect(try peer.slackRefusals() == [])
            let handle = try #require(posting.handle)
            #expect(await channel.change(handle, to: briefing.brief) == .outcome(.sent(detail: "ok")))
        }
    }

    /// A bot of the workspace.
    static func channel(_ peer: Peer, _ options: [String: OptionValue] = [:]) throws -> SlackBotChannel {
        let base: [String: OptionValue] = [
            "addresses": .text("loopback"), "plain_http": .flag(true), "api": .text(peer.url("/api")),
            "token": .secret(Secret(Peer.slackToken)), "signing_secret": .secret(Secret(signingSecret)),
        ]
        let settings = try SlackBotSettings(OptionValues(base.merging(options) { $1 }))
        return SlackBotChannel(id: "slack", client: try Peers.environment.get().httpClient, settings: settings)
    }

    static let signingSecret = "8f742231b10e8888abcd99yyyzzz85a5"
}
