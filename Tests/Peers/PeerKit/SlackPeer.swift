// What tests ask of the Slack workspace: the messages as they stand, the modals that were opened, what was refused, and a press
// of a button or a submission as Slack would post it. Only what stands in a message or a modal can be pressed.

import Crypto
import Foundation

/// A message in the workspace as it stands now.
public struct SlackPost: Sendable {
    /// The conversation.
    public let channel: String
    /// What names the message in it.
    public let time: String
    /// What notifications show.
    public let text: String
    /// How often it was changed.
    public let changes: Int
    /// The blocks, as JSON.
    public var blocks: Data

    /// A button, or an entry of a list.
    public struct Element: Sendable {
        public let blockID: String
        public let actionID: String
        public let value: String
        public let label: String
        public let isButton: Bool
    }

    /// Whatever can be pressed.
    public var elements: [Element] {
        get throws {
            let blocks = try JSONSerialization.jsonObject(with: blocks) as? [[String: Any]] ?? []
            return blocks.filter { $0["type"] as? String == "actions" }.flatMap { block -> [Element] in
                let id = block["block_id"] as? String ?? ""
                let elements = block["elements"] as? [[String: Any]] ?? []
                return elements.flatMap { element -> [Element] in
                    let action = element["action_id"] as? String ?? ""
                    let choices = element["options"] as? [[String: Any]] ?? [element]
                    return choices.map { choice in
                        Element(
                            blockID: id, actionID: action, value: choice["value"] as? String ?? "",
                            label: (choice["text"] as? [String: Any])?["text"] as? String ?? "",
                            isButton: element["type"] as? String == "button")
                    }
                }
            }
        }
    }

    /// The element that carries `value` under `action`.
    public func element(_ action: String, _ value: String? = nil) throws -> Element {
        guard let found = try elements.first(where: { $0.actionID == action && (value == nil || $0.value == value) })
        else { throw PeerFault(description: "no live \(action) \(value ?? "") in: \(text)") }
        return found
    }
}

extension Peer {
    /// The token that the workspace takes.
    public static let slackToken = "xoxb-peer"

    /// The messages as they stand, in the order of their posting.
    public func slackPosts() throws -> [SlackPost] {
        var order: [String] = []
        var posts: [String: SlackPost] = [:]
        for entry in try entries() where entry["kind"] as? String == "slack" {
            guard let channel = entry["channel"] as? String, let time = entry["ts"] as? String,
                let text = entry["text"] as? String, let blocks = entry["blocks"]
            else { continue }
            let key = channel + time
            if posts[key] == nil { order.append(key) }
            posts[key] = SlackPost(
                channel: channel, time: time, text: text, changes: posts[key].map { $0.changes + 1 } ?? 0,
                blocks: try JSONSerialization.data(withJSONObject: blocks))
        }
        return order.compactMap { posts[$0] }
    }

    /// The modals, in the order of their opening.
    public func slackViews() throws -> [SlackView] {
        try entries().compactMap { entry in
            guard entry["kind"] as? String == "slack", let view = entry["view"] as? [String: Any] else { return nil }
            return SlackView(json: try JSONSerialization.data(withJSONObject: view))
        }
    }

    /// Calls that the workspace refused: "chat.update message_not_found".
    public func slackRefusals() throws -> [String] {
        try entries().compactMap { entry in
            guard entry["kind"] as? String == "slack", entry["event"] as? String == "refused",
                let method = entry["method"] as? String, let error = entry["error"] as? String
            else { return nil }
            return "\(method) \(error)" + ((entry["why"] as? String)?.isEmpty == false ? ": \(entry["why"] ?? "")" : "")
        }
    }

    /// What was said to those who pressed, each as its text and the buttons in it.
    public func slackAnswers() throws -> [SlackPost] {
        try requests().filter { $0.path.hasPrefix("/response/") }.map { request in
            guard let body = try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any],
                body["response_type"] as? String == "ephemeral", let text = body["text"] as? String
            else { throw PeerFault(description: "that is no answer for one person: \(request.text)") }
            let replaces = body["replace_original"] as? Bool == true
            return SlackPost(
                channel: "", time: request.path, text: text, changes: replaces ? 1 : 0,
                blocks: try JSONSerialization.data(withJSONObject: body["blocks"] ?? []))
        }
    }
}

/// A press of a button as Slack posts it.
public struct SlackPostedPress: Sendable {
    /// The form's body.
    public var body: [UInt8]
    /// `X-Slack-Request-Timestamp`.
    public var timestamp: String
    /// `X-Slack-Signature`.
    public var signature: String

    /// A member's press of `element` in `post`, signed with `secret` at `seconds`; an answer goes to `replyTo`.
    public init(
        _ element: SlackPost.Element, in post: SlackPost, by user: String, replyTo: String, secret: String,
        at seconds: Int64, isPrompt: Bool = false, trigger: String = "1.2.3"
    ) throws {
        var action: [String: Any] = [
            "block_id": element.blockID, "action_id": element.actionID, "action_ts": "\(seconds).1",
            "type": element.isButton ? "button" : "static_select",
        ]
        if element.isButton {
            action["value"] = element.value
        } else {
            action["selected_option"] = [
                "text": ["type": "plain_text", "text": element.label], "value": element.value,
            ]
        }
        try self.init(
            payload: [
                "type": "block_actions", "user": ["id": user, "username": "x"], "api_app_id": "A1",
                "container": [
                    "type": "message", "message_ts": post.time, "channel_id": post.channel, "is_ephemeral": isPrompt,
                ],
                "response_url": replyTo, "actions": [action], "trigger_id": trigger,
                "message": ["text": post.text, "blocks": try JSONSerialization.jsonObject(with: post.blocks)],
            ], secret: secret, at: seconds)
    }

    /// A member submits `view` with what they have chosen and written, signed with `secret` at `seconds`; `click` is another
    /// with each.
    public init(
        _ view: SlackView, choosing choice: String, note: String?, by user: String, secret: String, at seconds: Int64,
        click: String
    ) throws {
        var payload = try view.members
        payload["state"] = ["values": try view.state(choosing: choice, note: note)]
        payload["id"] = "V1"
        try self.init(
            payload: [
                "type": "view_submission", "user": ["id": user, "username": "x"], "api_app_id": "A1", "view": payload,
                "trigger_id": click, "response_urls": [Any](),
            ], secret: secret, at: seconds)
    }

    /// Any payload, signed.
    public init(payload: [String: Any], secret: String, at seconds: Int64) throws {
        let json = String(decoding: try JSONSerialization.data(withJSONObject: payload), as: UTF8.self)
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-_.~")
        let encoded = json.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
        self.init(body: Array("payload=\(encoded)".utf8), secret: secret, at: seconds)
    }

    /// Any body, signed.
    public init(body: [UInt8], secret: String, at seconds: Int64) {
        self.body = body
        timestamp = "\(seconds)"
        let key = SymmetricKey(data: Array(secret.utf8))
        let code = HMAC<SHA256>.authenticationCode(for: Array("v0:\(seconds):".utf8) + body, using: key)
        signature = "v0=" + code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The headers that go with it.
    public var headers: [(name: String, value: String)] {
        [
            ("Content-Type", "application/x-www-form-urlencoded"), ("X-Slack-Request-Timestamp", timestamp),
            ("X-Slack-Signature", signature),
        ]
    }
}
