// The kinds of channel as the inbox knows them: what each is called and looks like, how what was posted is read, and how it
// is answered. A new kind of channel is one line in `all` here, and a reading where its form is a new one.

import Foundation
import Hummingbird

/// A kind of channel in the inbox.
struct InboxKind: Sendable, Equatable {
    /// What came to a webhook.
    struct Post {
        let body: Data
        /// The parts of the URL's query.
        let query: [String: String]
    }

    /// A webhook that stands in for the service's own.
    struct Hook: Sendable {
        /// What the service would show; nil for what it would refuse.
        let read: @Sendable (Post) throws -> ChatReading?
        /// As the service answers.
        let taken: Answer
        let refused: Answer
    }

    /// An answer of a webhook.
    struct Answer: Sendable {
        let status: HTTPResponse.Status
        let type: String
        let text: String

        static func plain(_ text: String, _ status: HTTPResponse.Status = .ok) -> Answer {
            Answer(status: status, type: "text/plain; charset=utf-8", text: text)
        }

        static func json(_ text: String, _ status: HTTPResponse.Status = .ok) -> Answer {
            Answer(status: status, type: "application/json", text: text)
        }
    }

    /// As the configuration calls it; in the page's style it is a class.
    let name: String
    let title: String
    /// Of its messages' edges, and behind white letters.
    let colour: String
    /// Nil where a receiver of its own takes the messages in.
    var hook: Hook?
    /// Whether a message is a page of its own, to be shown in a frame.
    var isFramed = false

    static func == (one: InboxKind, other: InboxKind) -> Bool { one.name == other.name }

    /// All kinds, in the order in which people are shown to be reached.
    static let all: [InboxKind] = [
        .mail, .teams, .slack, .slackBot, .googleChat, .mattermost, .rocketChat, .ntfy, .events,
    ]

    /// The kind that the configuration calls `name`.
    static func named(_ name: some StringProtocol) -> InboxKind? { all.first { $0.name == name } }
}

extension InboxKind {
    /// Taken in by `DemoMailServer`.
    static let mail = InboxKind(name: "smtp", title: "Mail", colour: "#5b6770", isFramed: true)
    static let teams = InboxKind(
        name: "teams", title: "Teams", colour: "#5059c9",
        hook: Hook(
            read: { try .teams($0.body) }, taken: .plain("", .accepted), refused: .plain("no card", .badRequest)))
    static let slack = InboxKind(
        name: "slack", title: "Slack", colour: "#c2185b",
        hook: Hook(read: { try .slack($0.body) }, taken: .plain("ok"), refused: .plain("no_text", .badRequest)))
    /// Taken in by `DemoSlack`.
    static let slackBot = InboxKind(name: "slack-bot", title: "Slack bot", colour: "#8e44ad")
    static let googleChat = InboxKind(
        name: "google-chat", title: "Google Chat", colour: "#0b7a3e",
        hook: Hook(
            read: { try .googleChat($0.body) }, taken: .json(#"{"name":"spaces/demo/messages/1"}"#),
            refused: .json(#"{"error":{"code":400,"message":"no card"}}"#, .badRequest)))
    static let mattermost = InboxKind(
        name: "mattermost", title: "Mattermost", colour: "#1e5bb8",
        hook: Hook(
            read: { try .attachments($0.body) }, taken: .plain("ok"), refused: .plain("no text", .badRequest)))
    static let rocketChat = InboxKind(
        name: "rocketchat", title: "Rocket.Chat", colour: "#c63d0f",
        hook: Hook(
            read: { try .attachments($0.body) }, taken: .json(#"{"success":true}"#),
            refused: .json(#"{"success":false}"#, .badRequest)))
    static let ntfy = InboxKind(
        name: "ntfy", title: "ntfy", colour: "#2b7a6b",
        hook: Hook(
            read: { .push($0.body, $0.query) }, taken: .json(#"{"id":"demo","event":"message"}"#),
            refused: .json(#"{"code":40024,"http":400,"error":"no message"}"#, .badRequest)))
    /// Taken in by `DemoProgram`.
    static let events = InboxKind(name: "webhook", title: "Webhook", colour: "#7a5c00")
}
