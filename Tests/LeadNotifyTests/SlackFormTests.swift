// Forms as Slack's modals: compared whole with files, held to Slack's limits by a workspace that checks every block, and read
// back as what was filled in.

import Curl
import Foundation
import LeadTestKit
import PeerKit
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("Slack's modals") struct SlackFormTests {
    private let target = ChatTarget(caseID: "7zq4m0c2d9xk1b5r", round: 1)
    private let secret = SlackBotMessageTests.signingSecret

    private func press(
        _ kind: ChatForm.Kind = .pass, trigger: String? = "1.2.3", replyTo: String = "https://hooks.slack.com/actions/x"
    ) -> ChatPress {
        ChatPress(
            stamp: "", at: Sample.start, account: "U012AB3CD", target: target, action: .open(kind),
            replyTo: Secret(replyTo), handle: "D012AB3CD 1700000001.000001", trigger: trigger.map { Secret($0) })
    }

    private func form(_ kind: ChatForm.Kind, in language: Language = .english) throws -> ChatForm {
        let people = Sample.people.map { person in
            Person(
                id: person.id, name: person.name, isManager: person.isManager, rep: person.rep, reach: person.reach,
                language: language)
        }
        let rulebook = Sample.rulebook(people: people, phrases: PhraseBook(language: language))
        let lead = SampleLead.plain.lead
        let opened = LeadCase.open(lead, key: Sample.key(of: lead), now: Sample.start, rulebook: rulebook)
        return BriefingWriter(rulebook: rulebook, keys: Sample.keys).form(
            kind, for: "dana", by: "slack", about: opened.result)
    }

    private func opening(_ form: ChatForm) -> [UInt8] {
        SlackForm.opening(form, for: press(form.kind), by: Secret("1.2.3"))
    }

    private func order(_ path: String, to peer: Peer) async throws {
        let client = try Peers.environment.get().httpClient
        let request = HTTPRequest(
            method: .post, url: peer.url(path), addresses: .includingLoopback, allowPlainHTTP: true)
        #expect(try await client.send(request).get().status == 200)
    }

    // MARK: What is shown

    @Test("Each form is the file's", arguments: ChatForm.Kind.allCases, Language.shipped)
    func golden(_ kind: ChatForm.Kind, _ language: Language) throws {
        let form = try form(kind, in: language)
        #expect(try Golden.matches(indented(opening(form)), "forms/\(language)/\(kind).json"))
        let brief = opening(form.brief)
        #expect(try Golden.matches(indented(brief), "forms/\(language)/\(kind).brief.json"))
        #expect(!String(decoding: brief, as: UTF8.self).contains("fine-art"))
    }

    @Test("What a form shows in the end, and beside a field, is the file's", arguments: Language.shipped)
    func answers(_ language: Language) throws {
        let phrases = PhraseBook.shipped.phrases(language)
        let settled = ChatAnswer(
            phrases.refusals.faster("Billy Moss …"), about: target, in: phrases,
            link: "https://leads.example.com/l/t")
        let body = SlackForm.reply(settled, to: press(.reject))
        #expect(try Golden.matches(indented(body), "forms/\(language)/settled.json"))
        let mend = ChatAnswer(phrases.answers.noteTooLong("2000"), about: target, in: phrases, field: .note)
        #expect(
            try Golden.matches(indented(SlackForm.reply(mend, to: press())), "forms/\(language)/note_too_long.json"))
    }

    @Test("However long and hostile its parts are, a workspace takes a form, and no word of it has an effect")
    func hostile() async throws {
        let peer = try Peer.slack()
        let channel = try SlackBotMessageTests.channel(peer)
        func form(_ words: String) -> ChatForm {
            let choices = (0..<150).map { number in
                ChatOffer.Choice(id: "p\(number)" + String(repeating: "x", count: 60), name: words)
            }
            return ChatForm(.pass, about: target, title: words, bareTitle: words, choices: choices, in: .english)
        }
        func answer(_ words: String) -> ChatAnswer { ChatAnswer("Refused: \(words)", about: target, in: .english) }
        let harmless = try MessageEffects.slack(opening(form("x")))
        let harmlessReply = try MessageEffects.slack(SlackForm.reply(answer("x"), to: press()))
        let reply = peer.url("/response/" + String(repeating: "r", count: 1_900))
        let pieces = SampleLead.marks + SampleLead.controls + ["x", "&", "漢", "👩🏽‍🚀"]
        for (number, piece) in pieces.enumerated() {
            let words = String(repeating: piece, count: 6_000 / piece.utf8.count + 1)
            try await order("/trigger?id=\(number)", to: peer)
            let outcome = await channel.open(form(words), for: press(trigger: "\(number)", replyTo: reply))
            #expect(outcome == .sent(detail: "ok"), "\(piece.debugDescription)")
            #expect(try MessageEffects.slack(opening(form(words))).isSubset(of: harmless), "\(piece.debugDescription)")
            let effects = try MessageEffects.slack(SlackForm.reply(answer(words), to: press()))
            #expect(effects == harmlessReply, "\(piece.debugDescription)")
        }
        #expect(try peer.slackRefusals() == [])
    }

    // MARK: What comes of opening

    @Test("A trigger opens one form, within three seconds")
    func triggers() async throws {
        let peer = try Peer.slack()
        let channel = try SlackBotMessageTests.channel(peer)
        let form = try form(.pass)
        func open(_ trigger: String?) async -> DeliveryOutcome {
            await channel.open(form, for: press(trigger: trigger))
        }
        try await order("/trigger?id=1.2.3", to: peer)
        try await order("/trigger?id=4.5.6&seconds=4", to: peer)
        #expect(await open("1.2.3") == .sent(detail: "ok"))
        #expect(await open("1.2.3") == .failed(reason: "Slack refused: exchanged_trigger_id"))
        #expect(await open("4.5.6") == .failed(reason: "Slack refused: expired_trigger_id"))
        #expect(await open("unknown") == .failed(reason: "Slack refused: invalid_trigger_id"))
        #expect(await open(nil).failure != nil)
        let stranger = try SlackBotMessageTests.channel(peer, ["token": .secret(Secret("xoxb-another"))])
        let refused = await stranger.open(form, for: press())
        #expect(refused == .stopped(reason: "Slack refused: invalid_auth, check the bot token", scope: .channel))
        #expect(try peer.slackViews().count == 1)
    }

    @Test("Slack that is silent is waited for as long as a trigger lives, though messages have more time")
    func silent() async throws {
        let silent = try SilentPeer.accepting()
        let channel = try SlackBotMessageTests.channel(
            Peer.slack(), ["api": .text("http://127.0.0.1:\(silent.port)/api"), "timeout": .duration(.seconds(60))])
        let begun = ContinuousClock.now
        let outcome = await channel.open(try form(.pass), for: press())
        #expect(ContinuousClock.now - begun < .seconds(30))
        let reason = try #require(outcome.failure)
        #expect(!reason.contains("xoxb") && !reason.contains("1.2.3"), "\(reason)")
    }

    @Test("A workspace takes no view that Slack wouldn't take")
    func views() async throws {
        let peer = try Peer.slack()
        let title = #""title":{"type":"plain_text","text":"Pass"}"#
        let label = #""label":{"type":"plain_text","text":"Who?"}"#
        let option = #"{"text":{"type":"plain_text","text":"Lee"},"value":"lee"}"#
        func input(_ element: String) -> String { #"{"type":"input",\#(label),"element":\#(element)}"# }
        func view(_ rest: String) -> String { #"{"type":"modal",\#(title),\#(rest)}"# }
        let radio = #"{"type":"radio_buttons","action_id":"a","options":[\#(option)]}"#
        let many = (0..<11).map { option.replacing("\"lee\"", with: "\"lee\($0)\"") }.joined(separator: ",")
        let flaws = [
            (#"{"type":"home",\#(title),"blocks":[]}"#, "view.type"),
            (#"{"type":"modal","blocks":[]}"#, "view lacks title"),
            (
                #"{"type":"modal","title":{"type":"plain_text","text":"\#(String(repeating: "x", count: 25))"},"blocks":[]}"#,
                "view.title has 25 characters"
            ),
            (#"{"type":"modal","title":{"type":"mrkdwn","text":"*x*"},"blocks":[]}"#, "view.title is mrkdwn"),
            (view(#""blocks":[\#(input(radio))]"#), "view asks and has no submit"),
            (
                view(#""private_metadata":"\#(String(repeating: "x", count: 3_001))","blocks":[]"#),
                "view.private_metadata is too long"
            ),
            (
                view(#""callback_id":"\#(String(repeating: "x", count: 256))","blocks":[]"#),
                "view.callback_id is too long"
            ),
            (view(#""color":"red","blocks":[]"#), "view has an unknown color"),
            (
                view(#""blocks":[\#(input(radio.replacing(option, with: many)))]"#),
                "blocks[0].element has 11 options"
            ),
            (
                view(#""blocks":[\#(input(#"{"type":"plain_text_input","action_id":"a","max_length":3001}"#))]"#),
                "blocks[0].element.max_length"
            ),
        ]
        let client = try Peers.environment.get().httpClient
        for (number, (view, flaw)) in flaws.enumerated() {
            try await order("/trigger?id=\(number)", to: peer)
            let request = HTTPRequest(
                method: .post, url: peer.url("/api/views.open"),
                headers: [("Authorization", "Bearer \(Peer.slackToken)"), ("Content-Type", "application/json")],
                body: Array(#"{"trigger_id":"\#(number)","view":\#(view)}"#.utf8), addresses: .includingLoopback,
                allowPlainHTTP: true)
            #expect(try await client.send(request).get().status == 200)
            #expect(try peer.slackRefusals().last == "views.open invalid_arguments: \(flaw)")
        }
    }

    // MARK: What comes back

    private func read(_ payload: [String: Any]) throws -> ChatReading {
        let post = try SlackPostedPress(payload: payload, secret: secret, at: 1_531_420_618)
        return SlackPress.read(post.body, stamp: post.signature, at: Sample.start)
    }

    @Test("What was filled in is read back as a press of that message's, by whoever submitted it")
    func roundTrip() async throws {
        let peer = try Peer.slack()
        let channel = try SlackBotMessageTests.channel(peer)
        let actions: [ChatAction] = [
            .pass("lee", comment: "You know\nthem."), .pass("lee", comment: nil), .reject(.spam, note: nil),
            .reject(.notForUs, note: "*No* <!channel>"),
        ]
        for (number, action) in actions.enumerated() {
            try await order("/trigger?id=\(number)", to: peer)
            let kind = try #require(ChatForm.Kind(rawValue: action.name))
            let form = try form(kind)
            let opened = await channel.open(form, for: press(kind, trigger: "\(number)"))
            #expect(opened == .sent(detail: "ok"))
            let view = try #require(try peer.slackViews().last)
            let post = try SlackPostedPress(
                view, choosing: action.value, note: action.note, by: "U012AB3CD", secret: secret, at: 1_531_420_618,
                click: "1")
            let headers = [
                "x-slack-signature": post.signature, "x-slack-request-timestamp": post.timestamp,
            ]
            let now = Timestamp(milliseconds: 1_531_420_618_000)
            guard case .press(let read) = channel.read(post.body, header: { headers[$0] }, at: now) else {
                Issue.record("\(action) isn't read")
                continue
            }
            #expect(read.action == action && read.target == form.target && read.account == "U012AB3CD")
            #expect(read.origin == .form && read.handle == "D012AB3CD 1700000001.000001")
            #expect(read.replyTo == Secret("https://hooks.slack.com/actions/x"))
            var altered = post
            altered.body = Array(String(decoding: post.body, as: UTF8.self).replacing(".1%5C", with: ".2%5C").utf8)
            #expect(altered.body != post.body)
            #expect(channel.read(altered.body, header: { headers[$0] }, at: now) == .forged)
        }
    }

    @Test("Modals of others are nothing to us, and what Slack wouldn't post is unreadable")
    func strange() throws {
        func payload(_ callback: String, _ metadata: String, _ values: [String: Any]) -> [String: Any] {
            [
                "type": "view_submission", "user": ["id": "U012AB3CD"],
                "view": ["callback_id": callback, "private_metadata": metadata, "state": ["values": values]],
            ]
        }
        let metadata = #"{"target":"7zq4m0c2d9xk1b5r.1"}"#
        let spam = ["choice": ["choice": ["selected_option": ["value": "spam"]]]]
        #expect(try read(payload("survey", metadata, spam)) == .nothing)
        guard case .press = try read(payload("reject", metadata, spam)) else {
            Issue.record("a form without a note isn't read")
            return
        }
        for strange in [
            payload("reject", "", spam), payload("reject", #"{"target":"x"}"#, spam), payload("reject", metadata, [:]),
            payload("reject", metadata, ["choice": ["choice": ["selected_option": ["value": "done"]]]]),
            payload("pass", metadata, ["choice": ["choice": ["selected_option": ["value": ""]]]]),
            ["type": "view_submission", "user": ["id": "U012AB3CD"]],
            ["type": "view_submission", "user": ["id": "<@U1>"], "view": ["callback_id": "pass"]],
        ] {
            #expect(try read(strange) == .unreadable)
        }
    }
}
