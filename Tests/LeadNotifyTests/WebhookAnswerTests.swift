// What webhooks' answers mean: tables of what the vendors' peers say.

import Curl
import LeadTestKit
import Testing

@testable import LeadCore
@testable import LeadNotify

/// An outcome without its words.
enum OutcomeKind: String, Sendable {
    case sent, deferred, unavailable, failed, stopped, unknown
}

extension DeliveryOutcome {
    var kind: OutcomeKind {
        switch self {
        case .sent: .sent
        case .deferred: .deferred
        case .unavailable: .unavailable
        case .stopped: .stopped
        case .failed: .failed
        case .unknown: .unknown
        }
    }

    /// The reason, or the detail.
    var words: String {
        switch self {
        case .sent(let detail): detail
        case .deferred(let reason, _), .unavailable(let reason, _), .failed(let reason), .stopped(let reason, _),
            .unknown(let reason):
            reason
        }
    }
}

@Suite("Webhook answers") struct WebhookAnswerTests {
    private func verbatim(_ words: [UInt8]) -> String? { String(decoding: words, as: UTF8.self) }

    @Test(
        "Teams: a 2xx is sent unless its body tells of an error",
        arguments: [
            (202, "", OutcomeKind.sent), (200, "", .sent), (200, "1", .sent), (200, "{\"status\":\"ok\"}", .sent),
            (200, "{\"error\":null}", .sent), (200, "[]", .sent), (200, "{\"statusCode\":200}", .sent),
            (200, "{\"body\":[{\"text\":\"HTTP error 429 in the lead's own words\"}]}", .sent),
            (
                200,
                "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with "
                    + "ContextId tcid=0,server=BL2,500", .unavailable
            ),
            (200, "Webhook message delivery failed with error: endpoint returned HTTP error 413", .failed),
            (200, "returned HTTP error 503", .unavailable), (200, "Bad payload: some error", .failed),
            (200, "{\"error\":{\"code\":\"InvalidTemplate\",\"message\":\"no\"}}", .failed),
            (202, "{\"error\":{\"code\":429,\"message\":\"slow down\"}}", .unavailable),
            (
                200, "{\"error\":{\"code\":\"TooManyRequests\",\"message\":\"status 429, please wait\"}}", .unavailable
            ),
            (200, "{\"statusCode\":429,\"message\":\"Rate limit is exceeded.\"}", .unavailable),
            (200, "{\"statusCode\":403,\"message\":\"no\"}", .stopped), (200, "{\"error\":\"unknown\"}", .failed),
        ])
    func teams(status: Int, body: String, expected: OutcomeKind) {
        let response = HTTPResponse(status: status, body: Array(body.utf8), retryAfter: .seconds(9))
        let outcome = TeamsAnswer.outcome(of: response, quote: verbatim)
        #expect(outcome.kind == expected)
        if case .unavailable(_, let wait) = outcome { #expect(wait == .seconds(9)) }
    }

    @Test(
        "Slack: nothing but 200 with the word ok is sent",
        arguments: [
            (200, "ok", OutcomeKind.sent), (200, "ok\n", .sent), (200, "OK", .failed), (200, "", .failed),
            (201, "ok", .failed), (202, "ok", .failed), (200, "ok, but", .failed), (200, "no_text", .failed),
            (200, "{\"ok\":true}", .failed), (200, "invalid_payload", .failed),
            (200, "no_service", .stopped),
            (200, "invalid_auth", .stopped), (200, "channel_is_archived\n", .stopped),
            (200, "no_text", .failed),
        ])
    func slack(status: Int, body: String, expected: OutcomeKind) {
        let outcome = SlackAnswer.outcome(of: HTTPResponse(status: status, body: Array(body.utf8)), quote: verbatim)
        #expect(outcome.kind == expected)
        if expected == .failed || expected == .stopped, !body.isEmpty, !body.hasSuffix("\n") {
            #expect(outcome.words.hasSuffix(": \(body)"))
        }
    }

    @Test(
        "Statuses: 408, 425, 429 and 5xx say that the peer can't now, 3xx, 401, 403, 404, 410 that the address is no good",
        arguments: [
            (301, OutcomeKind.stopped), (302, .stopped), (307, .stopped), (400, .failed), (401, .stopped),
            (403, .stopped),
            (404, .stopped), (410, .stopped), (413, .failed), (408, .unavailable), (425, .unavailable),
            (429, .unavailable),
            (500, .unavailable), (502, .unavailable), (503, .unavailable), (504, .unavailable), (599, .unavailable),
            (600, .failed),
        ])
    func statuses(status: Int, expected: OutcomeKind) {
        let outcome = WebhookAnswer.refusal(status: status, retryAfter: .seconds(60), words: "no_service")
        #expect(outcome.kind == expected)
        #expect(outcome.words.hasPrefix("HTTP \(status) from the webhook") && outcome.words.hasSuffix("no_service"))
        if case .unavailable(_, let wait) = outcome { #expect(wait == .seconds(60)) }
    }

    @Test(
        "Lost transfers: what may have arrived is unknown, what can be mended comes later",
        arguments: TransferFailure.Kind.allCases)
    func failures(kind: TransferFailure.Kind) {
        let before = TransferFailure(kind: kind, message: "It broke.").outcome(from: "the relay")
        let after = TransferFailure(kind: kind, mayHaveArrived: true, message: "It broke.").outcome(from: "the relay")
        switch kind {
        case .malformedHeader: #expect(before.kind == .failed)
        case .malformedURL, .malformedRelay, .addressRefused, .loginRefused:
            #expect(before.kind == .stopped)
        default:
            #expect(before.kind == .unavailable)
            #expect(after.kind == .unknown)
        }
        #expect(before.words.contains("It broke."))
    }

    @Test("A status that came before the answer broke off counts")
    func brokenAnswer() {
        func outcome(_ status: Int?) -> OutcomeKind {
            WebhookAnswer.outcome(
                of: TransferFailure(
                    kind: .receiveFailed, stage: .afterRequest, mayHaveArrived: true, status: status, message: "Lost.")
            ).kind
        }
        #expect(outcome(503) == .unavailable)
        #expect(outcome(404) == .stopped)
        #expect(outcome(202) == .unknown)
        #expect(outcome(nil) == .unknown)
    }

    @Test("A busy peer's answer that breaks off keeps how long it asked to be left alone", arguments: [429, 503])
    func brokenRefusal(status: Int) async throws {
        let peer = try Peers.plain.get()
        for specimen in Specimen.webhooks {
            let channel = try Peers.webhook(specimen.kind)
            let url = peer.url("/half-status/\(status)?retry_after=7&\(Peers.token)")
            let outcome = await channel.send(try Fixture.briefing(), to: Secret(url))
            #expect(outcome == .unavailable(reason: "HTTP \(status) from \(specimen.peer)", retryAfter: .seconds(7)))
        }
    }

    @Test("Mail: the relay's replies by their class, without what they repeat")
    func mail() {
        func outcome(_ outcome: SMTPOutcome) -> DeliveryOutcome { MailAnswer.outcome(of: outcome, quote: verbatim) }
        let lost = TransferFailure(kind: .receiveFailed, mayHaveArrived: true, message: "Lost.")
        #expect(
            outcome(.accepted(SMTPReply(code: 250, enhanced: "2.0.0", text: "queued as 1")))
                == .sent(detail: "250 2.0.0 queued as 1"))
        #expect(
            outcome(.refusedForNow(SMTPReply(code: 450))) == .deferred(reason: "the relay said 450", retryAfter: nil))
        #expect(
            outcome(.refused(SMTPReply(code: 550, enhanced: "5.1.1", text: "no such person"), at: .recipient))
                == .failed(reason: "the relay refused the mail: 550 5.1.1 no such person"))
        #expect(outcome(.unknown(lost)).kind == .unknown)
        for kind in [TransferFailure.Kind.authNotOffered, .tlsNotOffered, .certificate] {
            #expect(outcome(.failed(TransferFailure(kind: kind, message: "No."))).kind == .unavailable)
        }
        #expect(
            outcome(.failed(TransferFailure(kind: .loginRefused, status: 535, message: "No."))).kind
                == .stopped)
        let later = TransferFailure(kind: .loginRefused, status: 454, message: "Not now.")
        #expect(outcome(.failed(later)).kind == .unavailable)
    }

    @Test(
        "Mail: what a reply says of the relay, of our configuration, and of this mail alone",
        arguments: [
            (421, nil, OutcomeKind.unavailable), (451, "4.3.0", .unavailable), (450, "4.4.1", .unavailable),
            (450, "4.2.1", .deferred), (451, "4.7.1", .deferred), (452, nil, .deferred),
        ])
    func mailReplies(code: Int, enhanced: String?, expected: OutcomeKind) {
        let outcome = MailAnswer.outcome(
            of: .refusedForNow(SMTPReply(code: code, enhanced: enhanced, text: "no")), quote: verbatim)
        #expect(outcome.kind == expected)
        #expect(outcome.words.hasSuffix("no"))
    }

    @Test(
        "Mail: a refusal of permission is about us while nothing but the sender is known, and about the mail afterwards",
        arguments: [
            // The code, and what it means to the greeting or a login, to the sender, and to all that follows.
            (530, nil, OutcomeKind.stopped, OutcomeKind.stopped, OutcomeKind.failed),
            (535, "5.7.8", .stopped, .stopped, .failed), (550, "5.7.60", .stopped, .stopped, .failed),
            (554, "5.7.0", .stopped, .stopped, .failed), (550, "5.7.133", .stopped, .stopped, .failed),
            (550, "5.7.26", .stopped, .stopped, .failed), (550, "5.7.1", .unavailable, .stopped, .failed),
            (554, "5.7.2", .unavailable, .stopped, .failed), (550, "5.1.1", .unavailable, .failed, .failed),
            (552, "5.3.4", .unavailable, .failed, .failed), (554, "5.3.2", .unavailable, .unavailable, .unavailable),
        ])
    func mailRefusals(_ code: Int, _ enhanced: String?, _ all: OutcomeKind, _ sender: OutcomeKind, _ mail: OutcomeKind)
    {
        let reply = SMTPReply(code: code, enhanced: enhanced, text: "no")
        func kind(_ outcome: SMTPOutcome) -> OutcomeKind { MailAnswer.outcome(of: outcome, quote: verbatim).kind }
        #expect(kind(.unserved(reply)) == all)
        #expect(kind(.refused(reply, at: .sender)) == sender)
        #expect(kind(.refused(reply, at: .recipient)) == mail)
        #expect(kind(.refused(reply, at: .message)) == mail)
    }
}
