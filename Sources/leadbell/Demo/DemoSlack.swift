// The demo's stand-in for Slack: the API by which the bot posts and changes messages, with their buttons and lists working,
// and opens modals, which are pages of their own here. A press, or a form that was filled in, goes to the daemon's own door for
// presses, signed as Slack signs it, so the demo shows the way that is real. Only the demo serves these routes.

import Crypto
import Curl
import Foundation
import Hummingbird
import LeadCore

/// The conversations of the demo's bot.
struct DemoSlack: Sendable {
    let inbox: DemoInbox
    let clock: any TimeSource
    /// The daemon's own address.
    let base: String
    /// By which presses are signed.
    let signingSecret: String
    let client: HTTPClient
    let forms = DemoForms()

    /// The channel's name in the demo's configuration.
    private static let channel = "bot"
    private static let longestBody = 256 << 10

    func add(to router: Router<BasicRequestContext>) {
        router.post("/inbox/slack-api/chat.postMessage") { request, _ in try await post(request) }
        router.post("/inbox/slack-api/chat.update") { request, _ in try await change(request) }
        router.post("/inbox/slack-api/views.open") { request, _ in try await open(request) }
        router.post("/inbox/slack-reply/{member}/{trigger}") { request, context in
            try await whisper(
                request, to: context.parameters.get("member") ?? "", context.parameters.get("trigger") ?? "")
        }
        router.post("/inbox/slack-press") { request, _ in try await press(request) }
        router.get("/inbox/slack-form/{trigger}") { _, context in
            guard let form = await forms[context.parameters.get("trigger") ?? ""] else { return Self.toInbox }
            return InboxRoutes.page(InboxPage.alone(try form.page))
        }
        router.post("/inbox/slack-form/{trigger}") { request, context in
            try await submit(request, context.parameters.get("trigger") ?? "")
        }
    }

    // MARK: What the bot says

    private func post(_ request: Request) async throws -> Response {
        let body = try await body(of: request)
        guard let address = try Self.members(body)["channel"] as? String else {
            return Self.refusal("channel_not_found")
        }
        let time = "\(clock.now().milliseconds / 1000).\(String(format: "%06d", await inbox.messages.count))"
        let handle = SlackHandle(conversation: "D\(address.dropFirst())", time: time, member: address)
        guard let message = try message(body, handle) else { return Self.refusal("no_text") }
        await inbox.add(message)
        return try Self.answer(["ok": true, "channel": handle.conversation, "ts": handle.time])
    }

    private func change(_ request: Request) async throws -> Response {
        let body = try await body(of: request)
        let members = try Self.members(body)
        let name = "\(members["channel"] as? String ?? "") \(members["ts"] as? String ?? "")"
        guard let handle = await inbox.messages.compactMap(\.handle).first(where: { $0.name == name }) else {
            return Self.refusal("message_not_found")
        }
        guard let message = try message(body, handle) else { return Self.refusal("no_text") }
        await inbox.change(message)
        return try Self.answer(["ok": true, "channel": handle.conversation, "ts": handle.time])
    }

    /// What only the one who pressed is told.
    private func whisper(_ request: Request, to member: String, _ trigger: String) async throws -> Response {
        let time = "\(clock.now().milliseconds)"
        let handle = SlackHandle(conversation: SlackHandle.whisper, time: time, member: member)
        if let message = try message(try await body(of: request), handle) { await inbox.add(message) }
        await forms.settle(trigger)
        return Response(status: .ok)
    }

    /// A modal for the one who pressed.
    private func open(_ request: Request) async throws -> Response {
        let members = try Self.members(try await body(of: request))
        guard let trigger = members["trigger_id"] as? String, let view = members["view"] as? [String: Any],
            await forms.open(trigger, try JSONSerialization.data(withJSONObject: view))
        else { return Self.refusal("expired_trigger_id") }
        return try Self.answer(["ok": true])
    }

    private func message(_ body: Data, _ handle: SlackHandle) throws -> InboxMessage? {
        guard let reading = try ChatReading.slack(body, pressable: handle.text) else { return nil }
        return InboxMessage(
            kind: .slackBot, recipient: handle.member, receivedAt: clock.now(), reading: reading, handle: handle)
    }

    // MARK: What people press

    private func press(_ request: Request) async throws -> Response {
        guard Self.isOwn(request), let form = Self.form(try await body(of: request)),
            let handle = form["message"].flatMap(SlackHandle.init)
        else { return Response(status: .badRequest) }
        let trigger = UUID().uuidString
        let action = form["action"] ?? ""
        let opens = if case .open = ChatAction(name: action, value: form["value"] ?? "") { true } else { false }
        if opens { await forms.press(trigger, by: handle.member) }
        let answer = try await post([
            "type": "block_actions", "user": ["id": handle.member], "trigger_id": trigger,
            "container": [
                "channel_id": handle.conversation, "message_ts": handle.time, "is_ephemeral": handle.isWhisper,
            ],
            "response_url": "\(base)/inbox/slack-reply/\(handle.member)/\(trigger)",
            "actions": [["block_id": form["block"] ?? "", "action_id": action, "value": form["value"] ?? ""]],
        ])
        guard answer.status == 200 else { return Response(status: .badGateway) }
        if opens, await forms.isOpen(trigger, by: clock.now() + .seconds(3), clock) {
            return Response(status: .seeOther, headers: [.location: "/inbox/slack-form/\(trigger)"])
        }
        return Self.toInbox
    }

    /// Somebody has filled in a modal.
    private func submit(_ request: Request, _ trigger: String) async throws -> Response {
        guard Self.isOwn(request), let fields = Self.form(try await body(of: request)) else {
            return Response(status: .badRequest)
        }
        guard let form = await forms[trigger] else { return Self.toInbox }
        let answer = try await post([
            "type": "view_submission", "user": ["id": form.member], "trigger_id": UUID().uuidString,
            "view": try form.submission(of: fields),
        ])
        guard answer.status == 200 else { return Response(status: .badGateway) }
        guard try await forms.answer(trigger, Data(answer.body)) else { return Self.toInbox }
        return Response(status: .seeOther, headers: [.location: "/inbox/slack-form/\(trigger)"])
    }

    private static let toInbox = Response(status: .seeOther, headers: [.location: "/inbox"])

    /// What Slack tells the daemon, signed.
    private func post(_ payload: [String: Any]) async throws -> Curl.HTTPResponse {
        let payload = try JSONSerialization.data(withJSONObject: payload)
        let text = String(decoding: payload, as: UTF8.self)
        let body = Array("payload=\(text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")".utf8)
        var press = Curl.HTTPRequest(method: .post, url: "\(base)/chat/\(Self.channel)")
        press.body = body
        press.addresses = .includingLoopback
        press.allowPlainHTTP = true
        press.headers = [("Content-Type", "application/x-www-form-urlencoded")] + signature(of: body)
        return try await client.send(press).get()
    }

    /// As Slack signs: over the version, the time and the body.
    private func signature(of body: [UInt8]) -> [(name: String, value: String)] {
        let time = "\(clock.now().milliseconds / 1000)"
        var code = HMAC<SHA256>(key: SymmetricKey(data: Array(signingSecret.utf8)))
        code.update(data: Array("v0:\(time):".utf8))
        code.update(data: body)
        let hex = code.finalize().map { String(format: "%02x", $0) }.joined()
        return [("X-Slack-Request-Timestamp", time), ("X-Slack-Signature", "v0=\(hex)")]
    }

    // MARK: Parts

    /// Whether a page of the demo sent it.
    private static func isOwn(_ request: Request) -> Bool {
        request.headers[.init("Sec-Fetch-Site") ?? .origin].map { $0 == "same-origin" } ?? true
    }

    private func body(of request: Request) async throws -> Data {
        Data(try await request.body.collect(upTo: Self.longestBody).readableBytesView)
    }

    private static func members(_ body: Data) throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: body) as? [String: Any] ?? [:]
    }

    private static func form(_ body: Data) -> [String: String]? {
        var components = URLComponents()
        components.percentEncodedQuery = String(decoding: body, as: UTF8.self).replacing("+", with: "%20")
        guard let items = components.queryItems else { return nil }
        return Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
    }

    private static func refusal(_ word: String) -> Response {
        json("{\"ok\":false,\"error\":\"\(word)\"}")
    }

    private static func answer(_ members: [String: Any]) throws -> Response {
        json(String(decoding: try JSONSerialization.data(withJSONObject: members), as: UTF8.self))
    }

    private static func json(_ text: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

/// What names a message of the demo's bot.
struct SlackHandle: Sendable, Equatable {
    let conversation: String
    let time: String
    /// Who reads it, and presses.
    let member: String

    /// The conversation of what only one person sees.
    static let whisper = "whisper"

    var isWhisper: Bool { conversation == Self.whisper }

    /// By which the bot changes it.
    var name: String { "\(conversation) \(time)" }

    /// All of it.
    var text: String { "\(name) \(member)" }

    init(conversation: String, time: String, member: String) {
        self.conversation = conversation
        self.time = time
        self.member = member
    }

    init?(_ text: String) {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 3 else { return nil }
        self.init(conversation: parts[0], time: parts[1], member: parts[2])
    }
}
