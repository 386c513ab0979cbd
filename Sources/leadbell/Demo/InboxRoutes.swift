// The inbox's page and the webhooks that fill it. Only the demo serves these routes.

import Foundation
import Hummingbird
import LeadCore

/// The inbox's routes.
struct InboxRoutes: Sendable {
    let inbox: DemoInbox
    let clock: any TimeSource
    let cast: InboxCast

    private static let longestBody = 256 << 10

    func add(to router: Router<BasicRequestContext>) {
        router.get("/inbox") { request, _ in
            let query = request.uri.queryParameters
            let page = InboxPage(
                messages: await inbox.messages, cast: cast,
                choice: InboxPage.Choice(
                    kind: query["kind"].flatMap(InboxKind.named), member: query["to"].map(String.init),
                    isHeld: query["held"] != nil))
            return Self.page(page.html)
        }
        for kind in InboxKind.all {
            guard let hook = kind.hook else { continue }
            router.post("/inbox/\(kind.name)/{person}") { request, context in
                let answer = try await keep(kind, hook, request, context) ? hook.taken : hook.refused
                return Self.response(answer.status, answer.type, answer.text)
            }
        }
    }

    /// Whether it was a message.
    private func keep(
        _ kind: InboxKind, _ hook: InboxKind.Hook, _ request: Request, _ context: BasicRequestContext
    ) async throws -> Bool {
        let body = try await request.body.collect(upTo: Self.longestBody)
        var query: [String: String] = [:]
        for (name, value) in request.uri.queryParameters { query[String(name)] = String(value) }
        let post = InboxKind.Post(body: Data(body.readableBytesView), query: query)
        guard let reading = try hook.read(post) else { return false }
        await inbox.add(
            InboxMessage(
                kind: kind, recipient: context.parameters.get("person") ?? "", receivedAt: clock.now(),
                reading: reading))
        return true
    }

    /// A page of the inbox.
    static func page(_ html: String) -> Response {
        response(.ok, "text/html; charset=utf-8", html, policy: InboxPage.policy)
    }

    private static func response(
        _ status: HTTPResponse.Status, _ type: String, _ text: String, policy: String? = nil
    ) -> Response {
        var headers: HTTPFields = [.contentType: type]
        if let policy { headers[.contentSecurityPolicy] = policy }
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
