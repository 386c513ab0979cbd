// The small kinds: what their answers mean, and golden files of what they post.

import Curl
import Foundation
import LeadTestKit
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("Small kinds") struct SmallKindTests {
    private func verbatim(_ words: [UInt8]) -> String? { String(decoding: words, as: UTF8.self) }

    @Test("Messages are the files'", arguments: [MessageKind.decide, .assigned, .alarm])
    func golden(_ kind: MessageKind) throws {
        let briefing = try Fixture.briefing(kind)
        #expect(
            try Golden.matches(indented(GoogleChatCard.body(for: briefing)), "\(kind.rawValue).google-chat.json"))
        #expect(
            try Golden.matches(indented(MattermostMessage.body(for: briefing)), "\(kind.rawValue).mattermost.json"))
        let push = NtfyMessage(briefing)
        let address = push.address(Secret("https://ntfy.example/topic")).revealed
        #expect(try Golden.matches(Array(address.utf8) + [0x0A] + push.body, "\(kind.rawValue).ntfy.txt"))
    }

    @Test(
        "Google Chat: a posted message has a name",
        arguments: [
            ("{\"name\":\"spaces/A/messages/B\"}", OutcomeKind.sent), ("{}", .failed), ("", .failed), ("ok", .failed),
            ("{\"error\":{\"code\":429,\"message\":\"slow\"}}", .unavailable),
            ("{\"error\":{\"code\":404,\"message\":\"gone\"}}", .stopped), ("{\"error\":\"no\"}", .failed),
        ])
    func googleChat(body: String, expected: OutcomeKind) {
        let response = HTTPResponse(status: 200, body: Array(body.utf8))
        #expect(GoogleChatAnswer.outcome(of: response, quote: verbatim).kind == expected)
    }

    @Test(
        "Mattermost says ok, Rocket.Chat success",
        arguments: [
            (200, "ok", OutcomeKind.sent), (200, "ok\n", .sent), (200, "{\"success\":true}", .sent),
            (201, "ok", .failed),
            (200, "{\"success\":false,\"error\":\"x\"}", .failed), (200, "<html>login</html>", .failed),
        ])
    func mattermost(status: Int, body: String, expected: OutcomeKind) {
        let response = HTTPResponse(status: status, body: Array(body.utf8))
        #expect(MattermostAnswer.outcome(of: response, quote: verbatim).kind == expected)
    }

    @Test(
        "ntfy: a message that was taken has an id",
        arguments: [
            ("{\"id\":\"x\",\"event\":\"message\"}", OutcomeKind.sent), ("{\"error\":\"x\",\"id\":\"y\"}", .failed),
            ("ok", .failed), ("", .failed),
        ])
    func ntfy(body: String, expected: OutcomeKind) {
        let response = HTTPResponse(status: 200, body: Array(body.utf8))
        #expect(NtfyAnswer.outcome(of: response, quote: verbatim).kind == expected)
    }

    @Test("long texts are cut to what each takes")
    func limits() throws {
        let briefing = Fixture.briefing(filledWith: String(repeating: "long \"text\" & more ", count: 9000), facts: 40)
        #expect(GoogleChatCard.body(for: briefing).count < 32_000)
        #expect(MattermostMessage.body(for: briefing).count < 16_000)
        #expect(NtfyMessage(briefing).body.count <= 4_096)
    }
}
