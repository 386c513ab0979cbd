// Slack in stories: the bot's channel with a workspace behind it, and the people who press there.

import Curl
import Foundation
import LeadCore
import LeadNotify
import LeadTestKit
import PeerKit

/// Slack as the story meets it: its API, and people who press.
struct Workspace {
    static let secret = "the signing secret of the app"
        .replacing(" ", with: "-")
    let peer: Peer
    let client: HTTPClient
    let channel: any Channel

    init(isBrief: Bool = false) throws {
        peer = try Peer.slack()
        client = try HTTPClient(maximumConnectionsPerHost: 16)
        let options: [String: OptionValue] = [
            "addresses": .text("loopback"), "plain_http": .flag(true), "api": .text(peer.url("/api")),
            "token": .secret(Secret(Peer.slackToken)), "signing_secret": .secret(Secret(Self.secret)),
            "detail": .text(isBrief ? "brief" : "full"),
        ]
        guard let kind = ChannelKind.all.first(where: { $0.name == "slack-bot" }) else {
            throw StoryFault(description: "there is no kind slack-bot")
        }
        channel = try kind.make(
            "bot", OptionValues(options), ChannelEnvironment(httpClient: client, hostName: "leads.example.com"))
    }

    /// Opens a house that writes by mail and by the bot, with the rulebook that `rulebook` makes of its channels, and closes
    /// it after `story`. Slack takes each answer to a press.
    static func tell(
        limits: [RateLimit] = [], changeLimits: [RateLimit] = [], isBrief: Bool = false,
        rulebook: ([ChannelSettings]) -> Rulebook,
        _ story: (House, Workspace) async throws -> Void, change: (inout HousePlan) -> Void = { _ in }
    ) async throws {
        let workspace = try Workspace(isBrief: isBrief)
        let bot = ChannelSettings(
            id: "bot", kind: "slack-bot", isShared: false, isMail: false, concurrency: 1, limits: limits,
            changeLimits: changeLimits, isEditable: true)
        let plan = HousePlan {
            $0.rulebook = rulebook([Sample.channels[0], bot])
            $0.channels = [ScriptedChannel(id: "mail"), workspace.channel]
            $0.hasPages = true
            change(&$0)
        }
        do {
            try await House.open(plan) { house in try await story(house, workspace) }
            let refused = try workspace.peer.slackRefusals().filter { $0.hasPrefix("response ") }
            guard refused.isEmpty else { throw StoryFault(description: "Slack takes no answer: \(refused)") }
        } catch {
            await workspace.client.shutdown()
            throw error
        }
        await workspace.client.shutdown()
    }

    func posts() throws -> [SlackPost] { try peer.slackPosts() }

    /// The messages, once all of them are as `isWanted` says.
    func posts(
        _ house: House, _ what: String, _ isWanted: (SlackPost) throws -> Bool
    ) async throws -> [SlackPost] {
        try await house.waitFor("the messages \(what)") { try posts().allSatisfy(isWanted) }
        return try posts()
    }

    /// What was said last to somebody who pressed, once more is said than before.
    func nextAnswer(_ house: House) async throws -> SlackPost {
        let known = house.journal.look(\.answersRead)
        try await house.waitFor("an answer to a press") { try peer.slackAnswers().count > known }
        house.journal.amend { $0.answersRead += 1 }
        return try peer.slackAnswers()[known]
    }

    func sign(
        _ action: String, _ value: String? = nil, in post: SlackPost, by user: String, at now: Timestamp,
        secret: String = secret, isPrompt: Bool = false, trigger: String = "1.2.3"
    ) throws -> SlackPostedPress {
        try SlackPostedPress(
            try post.element(action, value), in: post, by: user, replyTo: peer.url("/response/\(UUID())"),
            secret: secret, at: now.milliseconds / 1000, isPrompt: isPrompt, trigger: trigger)
    }

    /// Somebody presses; what the door answers.
    func press(
        _ action: String, _ value: String? = nil, in post: SlackPost, by user: String, _ house: House,
        isPrompt: Bool = false
    ) async throws -> Int {
        // No two presses are of one second, or they'd be the same.
        try await house.pass(.seconds(1))
        let trigger = UUID().uuidString
        try await order("/trigger?id=\(trigger)")
        let press = try sign(
            action, value, in: post, by: user, at: house.clock.now(), isPrompt: isPrompt, trigger: trigger)
        return try await self.post(press, house)
    }

    func post(_ press: SlackPostedPress, _ house: House, path: String = "/chat/bot") async throws -> Int {
        try await exchange(press, house, path: path).status
    }

    private func exchange(
        _ press: SlackPostedPress, _ house: House, path: String = "/chat/bot"
    ) async throws -> HTTPResponse {
        guard let port = try house.run.site?.port else { throw StoryFault(description: "no site is open") }
        let request = HTTPRequest(
            method: .post, url: "http://127.0.0.1:\(port)\(path)", headers: press.headers, body: press.body,
            addresses: .includingLoopback, allowPlainHTTP: true)
        return try await client.send(request).get()
    }

    /// Somebody presses what opens a modal; the modal.
    func open(_ action: String, in post: SlackPost, by user: String, _ house: House) async throws -> SlackView {
        let known = try peer.slackViews().count
        let status = try await press(action, in: post, by: user, house)
        guard status == 200 else { throw StoryFault(description: "\(action) was answered with \(status)") }
        try await house.waitFor("a modal") { try peer.slackViews().count > known }
        return try peer.slackViews()[known]
    }

    /// Somebody submits a modal; what it was answered with, which Slack has taken.
    func submit(
        _ view: SlackView, _ choice: String, note: String? = nil, by user: String, _ house: House
    ) async throws -> Submission {
        try await submit(try sign(view, choice, note: note, by: user, at: house.clock.now()), house)
    }

    func sign(
        _ view: SlackView, _ choice: String, note: String? = nil, by user: String, at now: Timestamp,
        secret: String = secret
    ) throws -> SlackPostedPress {
        try SlackPostedPress(
            view, choosing: choice, note: note, by: user, secret: secret, at: now.milliseconds / 1000,
            click: UUID().uuidString)
    }

    func submit(_ press: SlackPostedPress, _ house: House) async throws -> Submission {
        let response = try await exchange(press, house)
        if response.status == 200 { try await order("/submitted", response.body) }
        return Submission(status: response.status, body: Data(response.body))
    }

    /// What a modal was answered with.
    struct Submission: Sendable {
        let status: Int
        let body: Data

        /// The modal closes.
        var isClosed: Bool { status == 200 && body.isEmpty }

        private var members: [String: Any] {
            get throws { try JSONSerialization.jsonObject(with: body) as? [String: Any] ?? [:] }
        }

        /// What the modal shows instead.
        var view: SlackView? {
            get throws {
                try (members["view"] as? [String: Any]).map {
                    SlackView(json: try JSONSerialization.data(withJSONObject: $0))
                }
            }
        }

        /// What it says beside its fields.
        var errors: [String: String]? { get throws { try members["errors"] as? [String: String] } }
    }

    /// The next calls end so.
    func script(_ query: String) async throws { try await order("/script?\(query)") }

    func order(_ path: String, _ body: [UInt8] = []) async throws {
        let request = HTTPRequest(
            method: .post, url: peer.url(path), body: body, addresses: .includingLoopback, allowPlainHTTP: true)
        guard try await client.send(request).get().status == 200 else {
            throw StoryFault(description: "the workspace doesn’t take \(path)")
        }
    }
}
