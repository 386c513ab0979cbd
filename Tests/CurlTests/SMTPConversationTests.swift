// The reading of a relay's replies and what they mean with each of libcurl's codes; no relay.

import CCurl
import Testing

@testable import Curl

@Suite("SMTP conversation")
struct SMTPConversationTests {
    /// A conversation with these replies; `MAIL` stands for the moment at which the mail begins.
    private func conversation(
        _ steps: [String], needsLogin: Bool = false, fresh: Bool = true, taken: Int = 0
    ) -> SMTPConversation {
        var conversation = SMTPConversation(needsLogin: needsLogin, messageBytes: 10)
        conversation.openedConnection = fresh
        for step in steps {
            if step == "MAIL" {
                _ = conversation.begin()
            } else {
                conversation.receive(Array((step + "\r\n").utf8))
            }
        }
        conversation.bytesTaken = taken
        return conversation
    }

    private let upToData = ["220 hi", "250-peer", "250 SIZE", "MAIL", "250 2.1.0 ok", "250 2.1.5 ok", "354 go"]

    @Test("a reply is read over several lines, with its enhanced code, printable and short")
    func reply() {
        let long = String(repeating: "z", count: 300)
        let read = conversation(["MAIL", "550-5.7.1 first", "550-5.7.1 \u{1}\u{7}second\u{202E}", "550 5.7.1 \(long)"])
            .reply
        #expect(read?.code == 550)
        #expect(read?.enhanced == "5.7.1")
        #expect(read?.text.hasPrefix("first ??second? zzz") == true)
        #expect(read?.text.count == 200)
    }

    @Test("a reply without end takes no more memory than one that is quoted, and its last line counts")
    func endless() {
        let lines = (0..<100_000).map { "550-5.7.\($0 % 900) " + String(repeating: "z", count: 2_000) }
        let read = conversation(["MAIL"] + lines + ["451 at last"])
        #expect(read.reply?.code == 451)
        #expect(read.reply?.enhanced == "5.7.0")
        #expect(read.reply?.text == String(repeating: "z", count: 200))
        #expect(read.linesInHand <= 100)
    }

    @Test(
        "only what has the form of an enhanced code is taken for one",
        arguments: [
            ("250 2.0.0 queued", "2.0.0", "queued"), ("250 queued", nil, "queued"), ("250 1.2.3 x", nil, "1.2.3 x"),
            ("250 2.0 x", nil, "2.0 x"), ("250 5.1234.1 x", nil, "5.1234.1 x"), ("250", nil, ""), ("250 ", nil, ""),
            ("250 2.0.0", "2.0.0", ""), ("250 a\u{2028}b\u{B}c", nil, "a?b?c"),
        ] as [(String, String?, String)])
    func enhanced(_ line: String, _ enhanced: String?, _ text: String) {
        let reply = conversation(["MAIL", line]).reply
        #expect(reply == SMTPReply(code: 250, enhanced: enhanced, text: text))
    }

    @Test("lines that are no reply are passed over", arguments: ["", "hello", "25", "2x0 hi", "\u{FF}\u{FE}"])
    func nonsense(_ line: String) {
        #expect(conversation(["MAIL", line]).reply == nil)
    }

    @Test("the relay's acceptance counts, whatever happens to the connection afterwards")
    func accepted() {
        let conversation = conversation(upToData + ["250 2.0.0 queued as X"], taken: 10)
        for code in [CURLE_OK, CURLE_RECV_ERROR, CURLE_OPERATION_TIMEDOUT, CURLE_ABORTED_BY_CALLBACK] {
            #expect(
                conversation.outcome(code: code)
                    == .accepted(SMTPReply(code: 250, enhanced: "2.0.0", text: "queued as X")))
        }
    }

    @Test("a loss after the whole message is unknown, a loss within it is not")
    func unknown() throws {
        for code in [CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_OPERATION_TIMEDOUT, CURLE_SSL_CONNECT_ERROR] {
            guard case .unknown(let failure) = conversation(upToData, taken: 10).outcome(code: code) else {
                Issue.record("not unknown: \(code)")
                continue
            }
            #expect(failure.mayHaveArrived)
            #expect(failure.stage == .afterRequest)
            #expect(failure.status == 354)
            guard case .failed(let failure) = conversation(upToData, taken: 9).outcome(code: code) else {
                Issue.record("not failed: \(code)")
                continue
            }
            #expect(!failure.mayHaveArrived)
            #expect(failure.stage == .afterRequest)
        }
    }

    @Test("what the relay says after a refusal is not its word about the mail")
    func afterRefusal() {
        let refused = SMTPOutcome.refused(SMTPReply(code: 550, enhanced: "5.1.1", text: "nobody"), at: .recipient)
        for farewell in ["221 bye", "421 bye", "500 what?", "250 ok"] {
            let conversation = conversation(["220 hi", "250 peer", "MAIL", "250 ok", "550 5.1.1 nobody", farewell])
            #expect(conversation.outcome(code: CURLE_SEND_ERROR) == refused)
            #expect(conversation.outcome(code: CURLE_OPERATION_TIMEDOUT) == refused)
        }
    }

    @Test("a refusal for good tells what the relay had been told by then")
    func stages() {
        let opened = ["220 hi", "250 peer", "MAIL"]
        for (steps, stage) in [
            ([], SMTPStage.sender), (["250 ok"], .recipient), (["250 ok", "250 ok"], .message),
            (["250 ok", "250 ok", "354 go"], .message),
        ] {
            let outcome = conversation(opened + steps + ["550 no"]).outcome(code: CURLE_SEND_ERROR)
            #expect(outcome == .refused(SMTPReply(code: 550, text: "no"), at: stage))
        }
    }

    @Test("half a reply to the message leaves it unknown")
    func halfReply() {
        guard case .unknown = conversation(upToData + ["250-2.0.0 queued"], taken: 10).outcome(code: CURLE_RECV_ERROR)
        else {
            Issue.record("not unknown")
            return
        }
    }

    @Test("a refusal is told from a connection that breaks after an older refusal")
    func refusals() {
        let refused = SMTPReply(code: 502, text: "no")
        for steps in [["220 hi", "502 no"], ["220 hi", "502 no", "221 bye"]] {
            #expect(conversation(steps).outcome(code: CURLE_REMOTE_ACCESS_DENIED) == .unserved(refused))
        }
        guard case .failed(let failure) = conversation(["220 hi", "502 no"]).outcome(code: CURLE_OPERATION_TIMEDOUT)
        else {
            Issue.record("not failed")
            return
        }
        #expect(failure.kind == .timedOut)
        #expect(failure.status == 502)
    }

    @Test("with credentials a fresh connection without a login carries no mail")
    func login() {
        var without = conversation(["220 hi", "250-peer", "250 SIZE"], needsLogin: true)
        #expect(without.begin() == .stop)
        guard case .failed(let failure) = without.outcome(code: CURLE_ABORTED_BY_CALLBACK) else {
            Issue.record("not failed")
            return
        }
        #expect(failure.kind == .authNotOffered)
        var with = conversation(["220 hi", "250-peer", "250 AUTH PLAIN", "334 ", "235 2.7.0 ok"], needsLogin: true)
        #expect(with.begin() == .goOn)
        var kept = conversation([], needsLogin: true, fresh: false)
        #expect(kept.begin() == .goOn)
    }

    @Test("a kept connection that is dead is replaced, one on which the relay had its word is not")
    func replacement() {
        func calls(_ steps: [String], _ code: CURLcode, fresh: Bool = false) -> Bool {
            conversation(steps, fresh: fresh).calls(forFreshConnectionAfter: code)
        }
        #expect(calls(["MAIL"], CURLE_SEND_ERROR))
        #expect(calls(["MAIL"], CURLE_RECV_ERROR))
        #expect(calls(["MAIL", "421 4.4.2 idle"], CURLE_SEND_ERROR))
        #expect(calls(["MAIL", "250 ok"], CURLE_RECV_ERROR))
        #expect(!calls(["MAIL", "550 no"], CURLE_SEND_ERROR))
        #expect(!calls(["MAIL", "450 no"], CURLE_SEND_ERROR))
        #expect(!calls(["MAIL"], CURLE_OPERATION_TIMEDOUT))
        #expect(!calls(["MAIL"], CURLE_SEND_ERROR, fresh: true))
        #expect(!calls(["MAIL", "250 ok", "250 ok", "354 go"], CURLE_RECV_ERROR))
    }
}
