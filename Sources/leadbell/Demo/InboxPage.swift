// The demo's inbox as a page, and the webhooks that fill it. Only the demo serves these routes.

import Foundation
import Hummingbird
import LeadCore

/// The inbox's routes.
struct InboxRoutes: Sendable {
    let inbox: DemoInbox
    let clock: any TimeSource
    let names: @Sendable (String) -> String

    private static let longestBody = 256 << 10

    func add(to router: Router<BasicRequestContext>) {
        router.get("/inbox") { _, _ in await page() }
        router.post("/inbox/teams/{person}") { request, context in
            try await keep(.teams, request, context) { try ChatReading.teams($0) } ?? answer(.badRequest, "no card")
        }
        router.post("/inbox/slack/{person}") { request, context in
            try await keep(.slack, request, context) { try ChatReading.slack($0) } ?? answer(.badRequest, "no_text")
        }
    }

    private func keep(
        _ kind: InboxMessage.Kind, _ request: Request, _ context: BasicRequestContext,
        read: (Data) throws -> ChatReading?
    ) async throws -> Response? {
        let body = try await request.body.collect(upTo: Self.longestBody)
        guard let reading = try read(Data(body.readableBytesView)) else { return nil }
        await inbox.add(
            InboxMessage(
                kind: kind, recipient: context.parameters.get("person") ?? "", receivedAt: clock.now(),
                headline: reading.headline ?? "", html: reading.html, link: reading.link))
        return kind == .teams ? Response(status: .accepted) : answer(.ok, "ok")
    }

    private func answer(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    private func page() async -> Response {
        let cards = await inbox.messages.reversed().map(card)
        let body = cards.isEmpty ? "<p>Nothing yet. Messages appear here as they are sent.</p>" : cards.joined()
        let html = """
            <!doctype html><html lang=en><head><meta charset=utf-8><meta http-equiv=refresh content=5>
            <meta name=viewport content="width=device-width, initial-scale=1"><title>Demo inbox</title>
            <style>\(Self.style)</style></head><body><main><h1>Demo inbox</h1>
            <p>Every card, Slack message and mail that leadbell has sent, newest first, as its reader sees it. The links
            work, and so do the bot's buttons. The page refreshes itself.</p>\(body)</main></body></html>
            """
        let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; frame-ancestors 'none'"
        return Response(
            status: .ok,
            headers: [.contentType: "text/html; charset=utf-8", .contentSecurityPolicy: policy],
            body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    private func card(_ message: InboxMessage) -> String {
        let time = CivilTime(message.receivedAt)
        let clock = "\(time.rfc3339.dropFirst(11).prefix(8)) UTC"
        let reader = ChatReading.escape(names(message.recipient))
        let slack = message.handle.map { $0.isWhisper ? "Slack, seen by nobody else" : "Slack bot" } ?? "Slack"
        let kind = message.kind == .mail ? "Mail" : message.kind == .teams ? "Teams" : slack
        let head = "<header><b>\(kind)</b> to \(reader) <time>\(clock)</time></header>"
        switch message.kind {
        case .teams, .slack:
            return "<article class=\(message.kind.rawValue)>\(head)\(message.html)</article>"
        case .mail:
            let subject = "<h2>\(ChatReading.escape(message.headline))</h2>"
            // A frame without scripts, forms or its own origin: a mail can do nothing but be read and followed.
            let frame =
                "<iframe title=\"mail\" sandbox=\"allow-top-navigation-by-user-activation allow-popups\" "
                + "srcdoc=\"\(ChatReading.escape("<base target=_top>" + message.html))\"></iframe>"
            return "<article class=mail>\(head)\(subject)\(frame)</article>"
        }
    }

    private static let style = """
        :root{color-scheme:light dark;font:16px/1.45 system-ui,sans-serif}body{margin:0;background:Canvas;color:CanvasText}
        main{max-width:44rem;margin:0 auto;padding:1rem}article{border:1px solid color-mix(in srgb,CanvasText 20%,Canvas);
        border-left-width:6px;border-radius:8px;padding:.5rem 1rem;margin:1rem 0}article.teams{border-left-color:#5059c9}
        article.slack{border-left-color:#e01e5a}article.mail{border-left-color:#2b7a78}header{font-size:.85rem}
        time{float:right}p{margin:.35rem 0}h2{font-size:1rem;margin:.4rem 0}.row{display:flex;gap:.75rem}
        form{display:inline-block;margin:.2rem .5rem .2rem 0}.row>div:first-child{min-width:7rem;opacity:.75}
        iframe{width:100%;height:26rem;border:0;border-radius:6px;background:#fff}a{display:inline-block;padding:.2rem 0}
        """
}
