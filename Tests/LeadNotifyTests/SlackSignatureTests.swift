// Whom a press is believed: the documented example, and everything that is forged, old or altered. What is replayed is
// refused by the door itself, which remembers.

import Foundation
import LeadTestKit
import PeerKit
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("Slack's signature") struct SlackSignatureTests {
    private let secret = SlackBotMessageTests.signingSecret
    private var signature: SlackSignature { SlackSignature(secret: Secret(secret)) }
    private let now = Timestamp(milliseconds: 1_531_420_618_000)

    @Test("The documented example is genuine")
    func example() {
        // docs.slack.dev/authentication/verifying-requests-from-slack
        let body =
            "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&"
            + "channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&"
            + "response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
            + "96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
        let code = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
        let verdict = signature.verdict(on: Array(body.utf8), signature: code, timestamp: "1531420618", at: now)
        #expect(verdict == .genuine(at: now, code: String(code.dropFirst(3))))
    }

    private func verdict(
        _ change: (inout SlackPostedPress) -> Void = { _ in }, secret: String? = nil, at instant: Timestamp? = nil
    ) -> SlackSignature.Verdict {
        var press = SlackPostedPress(
            body: Array("payload=%7B%7D".utf8), secret: secret ?? self.secret, at: 1_531_420_618)
        change(&press)
        return signature.verdict(
            on: press.body, signature: press.signature, timestamp: press.timestamp, at: instant ?? now)
    }

    @Test("However its digits are spelt, a signature is the same one, and so is its press's stamp")
    func spelling() async throws {
        func loud(_ signature: String) -> String { "v0=" + signature.dropFirst(3).uppercased() }
        #expect(verdict { $0.signature = loud($0.signature) } == verdict())
        let peer = try Peer.slack()
        let channel = try SlackBotMessageTests.channel(peer)
        let payload = payload(["block_id": "7zq4m0c2d9xk1b5r.1", "action_id": "claim", "value": "claim"])
        let posted = try SlackPostedPress(payload: payload, secret: secret, at: 1_531_420_618)
        let stamps = [posted.signature, loud(posted.signature)].map { signature -> String? in
            let headers = ["x-slack-signature": signature, "x-slack-request-timestamp": posted.timestamp]
            let reading = channel.read(posted.body, header: { headers[$0] }, at: now)
            return if case .press(let press) = reading { press.stamp } else { nil }
        }
        #expect(stamps[0] != nil && stamps[0] == stamps[1])
    }

    @Test("Forged: another secret, another code, another version, another case, none")
    func forged() {
        #expect(verdict().signed == now)
        #expect(verdict(secret: "another secret of another app") == .forged)
        #expect(verdict { $0.signature = "v0=" + String(repeating: "0", count: 64) } == .forged)
        #expect(verdict { $0.signature = "v1=" + $0.signature.dropFirst(3) } == .forged)
        #expect(verdict { $0.signature = String($0.signature.dropLast()) } == .forged)
        #expect(verdict { $0.signature += "00" } == .forged)
        #expect(verdict { $0.signature = "" } == .forged)
        #expect(signature.verdict(on: [], signature: nil, timestamp: "1", at: now) == .forged)
        #expect(signature.verdict(on: [], signature: "v0=", timestamp: nil, at: now) == .forged)
    }

    @Test("Wrong body: a byte changed, added or taken away, or the time")
    func wrongBody() {
        #expect(verdict { $0.body[9] ^= 1 } == .forged)
        #expect(verdict { $0.body.append(0x20) } == .forged)
        #expect(verdict { $0.body.removeLast() } == .forged)
        #expect(verdict { $0.timestamp = "1531420619" } == .forged)
        for text in ["01531420618", "+1531420618", "1531420618 ", "-1", "1e9", "99999999999999999999"] {
            #expect(verdict { $0.timestamp = text } == .forged)
        }
    }

    @Test("Old: more than five minutes ago, or ahead")
    func old() {
        #expect(verdict(at: now + .seconds(300)).signed == now)
        #expect(verdict(at: now + .seconds(301)) == .old)
        #expect(verdict(at: now - .seconds(300)).signed == now)
        #expect(verdict(at: now - .seconds(301)) == .old)
    }

    // MARK: What was pressed

    private func read(_ payload: [String: Any]) throws -> ChatReading {
        let press = try SlackPostedPress(payload: payload, secret: secret, at: 1_531_420_618)
        return SlackPress.read(press.body, stamp: press.signature, at: now)
    }

    private func payload(_ action: [String: Any]) -> [String: Any] {
        [
            "type": "block_actions", "user": ["id": "U012AB3CD"], "response_url": "https://hooks.slack.com/actions/x",
            "trigger_id": "1.2.3", "actions": [action], "container": ["type": "message", "is_ephemeral": false],
        ]
    }

    @Test("Every button and list entry of a message is read back as what it stands for")
    func roundTrip() throws {
        let target = ChatTarget(caseID: "7zq4m0c2d9xk1b5r", round: 3)
        let actions: [ChatAction] = [
            .assign("billy"), .confirm("billy", warnings: "0123abcd"), .claim, .release, .open(.pass), .open(.reject),
        ]
        for action in actions {
            let button: [String: Any] = [
                "block_id": "\(target.text).more", "action_id": action.name, "value": action.value,
            ]
            let entry: [String: Any] = [
                "block_id": target.text, "action_id": action.name, "selected_option": ["value": action.value],
            ]
            for pressed in [button, entry] {
                guard case .press(let press) = try read(payload(pressed)) else {
                    Issue.record("\(action) isn't read")
                    continue
                }
                #expect(press.action == action && press.target == target && press.account == "U012AB3CD")
                #expect(press.replyTo == Secret("https://hooks.slack.com/actions/x") && press.origin == .message)
                #expect(press.trigger == Secret("1.2.3"))
            }
        }
    }

    @Test("What no button of ours carries is nothing, and what Slack doesn't post is unreadable")
    func strange() throws {
        let target = "7zq4m0c2d9xk1b5r.1.more"
        for action: [String: Any] in [
            ["block_id": target, "action_id": "close", "value": "x"],
            ["block_id": "x", "action_id": "claim", "value": "claim"], ["block_id": target, "action_id": "assign"],
            ["block_id": "a.0.b", "action_id": "claim", "value": "claim"], ["action_id": "claim", "value": "claim"],
            ["block_id": target, "action_id": "assign", "value": String(repeating: "x", count: 500)],
            ["block_id": target, "action_id": "confirm", "value": "billy"],
        ] {
            #expect(try read(payload(action)) == .nothing)
        }
        #expect(try read(["type": "view_closed"]) == .nothing)
        for payload: [String: Any] in [
            [:], ["type": "block_actions"], ["type": "block_actions", "user": ["id": "U012AB3CD"], "actions": []],
            ["type": "block_actions", "user": ["id": "<@U1>"], "actions": [["block_id": target]]],
        ] {
            #expect(try read(payload) == .unreadable)
        }
        for body in ["", "payload=", "payload=%7", "payload=%zz", "payload=nonsense", "other=%7B%7D", "{}"] {
            #expect(SlackPress.read(Array(body.utf8), stamp: "", at: now) == .unreadable)
        }
    }
}

extension SlackSignature.Verdict {
    /// When it was signed, if it is genuine.
    fileprivate var signed: Timestamp? { if case .genuine(let at, _) = self { at } else { nil } }
}
