// What whoever has pressed is answered: for them alone, and as Slack takes it.

import Curl
import Foundation
import LeadTestKit
import PeerKit
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("Slack's answers to presses") struct SlackReplyTests {
    private let target = ChatTarget(caseID: "7zq4m0c2d9xk1b5r", round: 1)

    private func press(_ replyTo: String) -> ChatPress {
        ChatPress(
            stamp: "", at: Sample.start, account: "U012AB3CD", target: target, action: .assign("billy"),
            replyTo: Secret(replyTo))
    }

    @Test("An answer is for one person, and carries the button that confirms")
    func answer() async throws {
        let peer = try Peer.slack()
        let channel = try SlackBotMessageTests.channel(peer)
        let warning = ChatAnswer(
            "Before Billy Moss gets the lead: <full> & away.", about: target, in: .english,
            confirmation: ChatAnswer.Confirmation(
                .confirm("billy", warnings: "00ff"), "Give it to Billy Moss all the same"))
        #expect(await channel.answer(warning, to: press(peer.url("/response/1"))).kind == .sent)
        let answer = try #require(try peer.slackAnswers().first)
        #expect(answer.text == "Before Billy Moss gets the lead: &lt;full&gt; &amp; away.")
        let button = try answer.element("confirm")
        #expect(button.value == "billy 00ff" && button.blockID.hasPrefix("7zq4m0c2d9xk1b5r.1."))
    }

    @Test("However long an answer is, and whatever stands in it, Slack takes it, and no word of it has an effect")
    func hostile() async throws {
        let peer = try Peer.slack()
        let channel = try SlackBotMessageTests.channel(peer)
        func answer(_ words: String) -> ChatAnswer {
            ChatAnswer(
                "Refused: \(words)", about: target, in: .english,
                link: "https://leads.example.com/l/" + String(repeating: "t", count: 1_900),
                confirmation: ChatAnswer.Confirmation(.confirm("billy", warnings: "00ff"), "Give it to \(words)"))
        }
        let harmless = try MessageEffects.slack(SlackReply.body(for: answer("x"), replacing: false))
        let pieces = SampleLead.marks + SampleLead.controls + ["x", "&", "漢", "👩🏽‍🚀"]
        for (number, piece) in pieces.enumerated() {
            let answer = answer(String(repeating: piece, count: 6_000 / piece.utf8.count + 1))
            let outcome = await channel.answer(answer, to: press(peer.url("/response/\(number)")))
            #expect(outcome == .sent(detail: "ok"), "\(piece.debugDescription)")
            let effects = try MessageEffects.slack(SlackReply.body(for: answer, replacing: false))
            #expect(effects == harmless, "\(piece.debugDescription)")
        }
        #expect(try peer.slackRefusals() == [])
    }

    private func post(_ path: String, _ body: String = "", to peer: Peer) async throws -> Int {
        let client = try Peers.environment.get().httpClient
        let request = HTTPRequest(
            method: .post, url: peer.url(path), body: Array(body.utf8), addresses: .includingLoopback,
            allowPlainHTTP: true)
        return try await client.send(request).get().status
    }

    @Test("A workspace takes five answers to a press, within half an hour")
    func responseLimits() async throws {
        let peer = try Peer.slack()
        let channel = try SlackBotMessageTests.channel(peer)
        func answer(_ name: String) async -> DeliveryOutcome {
            await channel.answer(
                ChatAnswer("Lee Park decides.", about: target, in: .english), to: press(peer.url("/response/\(name)")))
        }
        for _ in 1...5 { #expect(await answer("often") == .sent(detail: "ok")) }
        #expect(await answer("often") == .stopped(reason: "HTTP 404 from Slack"))
        #expect(await answer("late") == .sent(detail: "ok"))
        #expect(try await post("/age?minutes=31", to: peer) == 200)
        #expect(await answer("late") == .stopped(reason: "HTTP 404 from Slack"))
        #expect(try peer.slackRefusals() == ["response used_url", "response expired_url"])
    }

    @Test("A workspace takes no answer with members or blocks that Slack doesn't know")
    func responseMembers() async throws {
        let peer = try Peer.slack()
        let start = #"{"response_type":"ephemeral","replace_original":false,"text":"Lee Park decides.""#
        let button = #"{"type":"button","action_id":"a","text":{"type":"plain_text","text":"a"}}"#
        let title = #"{"type":"plain_text","text":"Sure?"}"#
        let unsure = #"\#(button.dropLast()),"confirm":{"title":\#(title),"text":\#(title),"confirm":\#(title)}}"#
        let blocks = [
            (#"{"type":"section"}"#, "has neither text nor fields"),
            (#"{"type":"section","text":{"type":"plain_text","text":""}}"#, ".text has 0 characters"),
            (#"{"type":"actions","elements":[{"type":"button","action_id":"a"}]}"#, ".elements[0] lacks text"),
            (#"{"type":"actions","elements":[\#(button),\#(button)]}"#, "has an action_id twice"),
            (#"{"type":"actions","elements":[\#(unsure)]}"#, ".elements[0].confirm lacks deny"),
            (#"{"type":"marquee"}"#, "is of no known type"),
        ].map { block, flaw in
            (#","blocks":[\#(block)]}"#, "invalid_blocks: blocks[0]" + (flaw.first == "." ? flaw : " \(flaw)"))
        }
        let members = [
            (#","channel":"C012AB3CD"}"#, "invalid_payload: channel"),
            (#","response_type":"all"}"#, "invalid_payload: response_type"),
            (#","thread_ts":1}"#, "invalid_payload: thread_ts"), (",", "invalid_payload"),
        ]
        for (rest, error) in blocks + members {
            #expect(try await post("/response/bad", start + rest, to: peer) == 400)
            #expect(try peer.slackRefusals().last == "response \(error)")
        }
        #expect(try await post("/response/good", start + #","thread_ts":"1700000001.000001"}"#, to: peer) == 200)
        #expect(try await post("/response/good", #"{"delete_original":true}"#, to: peer) == 200)
    }
}
