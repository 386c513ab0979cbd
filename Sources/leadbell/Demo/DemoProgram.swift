// The demo's stand-in for a program that is told of events, as a CRM would be: it believes what is signed as Standard
// Webhooks has it and refuses all else. Only the demo serves this route.

import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import LeadCore

/// Takes events into the demo's inbox.
struct DemoProgram: Sendable {
    let inbox: DemoInbox
    let clock: any TimeSource
    /// The bytes behind `whsec_`.
    let key: SymmetricKey

    /// How far the clocks of both sides may be apart, in seconds.
    private static let longestAgo: Int64 = 300
    private static let longestBody = 64 << 10

    func add(to router: Router<BasicRequestContext>) {
        router.post("/inbox/\(InboxKind.events.name)/{channel}") { request, context in
            let body = Data(try await request.body.collect(upTo: Self.longestBody).readableBytesView)
            let header = { (name: String) in HTTPField.Name(name).flatMap { request.headers[$0] } ?? "" }
            guard
                isSigned(
                    body, id: header("webhook-id"), at: header("webhook-timestamp"), by: header("webhook-signature"))
            else { return Response(status: .unauthorized) }
            guard let reading = try ChatReading.event(body) else { return Response(status: .badRequest) }
            await inbox.add(
                InboxMessage(
                    kind: .events, recipient: context.parameters.get("channel") ?? "", receivedAt: clock.now(),
                    reading: reading))
            return Response(status: .noContent)
        }
    }

    /// Whether one of the signatures holds for the body, its id and a time that is now.
    func isSigned(_ body: Data, id: String, at time: String, by signatures: String) -> Bool {
        guard let seconds = Int64(time), abs(clock.now().milliseconds / 1000 - seconds) <= Self.longestAgo else {
            return false
        }
        let signed = Data("\(id).\(time).".utf8) + body
        return signatures.split(separator: " ").contains { signature in
            guard signature.hasPrefix("v1,"), let code = Data(base64Encoded: String(signature.dropFirst(3))) else {
                return false
            }
            return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed, using: key)
        }
    }
}
