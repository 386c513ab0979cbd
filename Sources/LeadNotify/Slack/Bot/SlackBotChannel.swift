// Slack by an app of one's own with a bot token. It posts to a member or a channel, knows its messages again, and changes
// them when the case has moved on; with a signing secret people choose in the message itself. Never throws: whatever happens
// is an outcome.

import Curl
import LeadCore

/// What a bot is configured with.
struct SlackBotSettings: Sendable {
    let http: WebhookSettings
    let token: Secret
    let signature: SlackSignature?
    private let signingSecret: Secret?
    private let base: String

    static let options: [OptionSpec] =
        [
            OptionSpec(
                "token", .secret, isRequired: true,
                help: "A reference to the app's bot token, which begins with xoxb- and has the scope chat:write."),
            OptionSpec(
                "signing_secret", .secret,
                help: "A reference to the app's signing secret; without it messages have links instead of buttons."),
            OptionSpec("api", .text, help: "The base of the Web API; https://slack.com/api unless told."),
            OptionSpec(
                "change_rate", .rate,
                help: "How many changes to messages the workspace takes from the app in a time, or none; "
                    + "\(ChannelKind.slackBotChangeLimits.words) unless told."),
        ] + WebhookSettings.transport + [RateOption.spec(default: ChannelKind.slackBotLimits)]

    init(_ options: OptionValues) throws(OptionFlaw) {
        http = try WebhookSettings(options)
        guard let token = options.secret("token") else { throw OptionFlaw("A bot needs a token.") }
        guard token.revealed.hasPrefix("xoxb-"), token.revealed.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw OptionFlaw(
                option: "token",
                "The token is no bot token; copy the Bot User OAuth Token, which begins with xoxb-, from OAuth & Permissions."
            )
        }
        self.token = token
        signingSecret = options.secret("signing_secret")
        if let secret = signingSecret?.revealed, secret.utf8.count < 16 || secret.contains(where: \.isWhitespace) {
            throw OptionFlaw(
                option: "signing_secret",
                "That is no signing secret; copy it from the app's Basic Information, under App Credentials.")
        }
        signature = signingSecret.map(SlackSignature.init)
        let base = options.text("api") ?? "https://slack.com/api"
        guard WebhookSettings.complaint(about: base) == nil else {
            throw OptionFlaw(option: "api", "Write the base of the API as a URL, such as https://slack.com/api.")
        }
        self.base = base.hasSuffix("/") ? base : base + "/"
    }

    /// A call of `method`, which is given up after the configured time, or `limit` where that is shorter.
    func call(_ method: String, _ body: [UInt8], within limit: Duration? = nil) -> HTTPRequest {
        var request = http.post(WebhookMessage(body: body, address: Secret(base + method)))
        if let limit { request.timeouts.total = min(limit, request.timeouts.total) }
        // An answer repeats the message or the view, escaped.
        request.maximumResponseBytes = 1 << 20
        request.headers.append(("Authorization", "Bearer \(token.revealed)"))
        return request
    }

    /// What may not be repeated.
    var secrets: [Secret] { [token, Secret(base)] + [signingSecret].compactMap(\.self) + http.secrets }
}

/// Posts and changes messages as a bot.
struct SlackBotChannel: EditableChannel {
    let id: ChannelID
    let client: HTTPClient
    let settings: SlackBotSettings

    private static let sight = "Slack has posted it in the conversation: whoever is in it sees it."

    var takesChoices: Bool { settings.signature != nil }

    func post(_ briefing: Briefing, to address: Secret) async -> Posting {
        let body = Self.message(shown(briefing), to: address)
        return posting(await client.send(settings.call("chat.postMessage", body)), body, briefing)
    }

    func change(_ handle: String, to briefing: Briefing) async -> CopyChange {
        guard let body = Self.change(of: handle, to: shown(briefing)) else { return .gone }
        switch reading(await client.send(settings.call("chat.update", body)), body, briefing) {
        case .failure(let failure): return .outcome(failure.outcome)
        case .success((.posted, _)), .success((.ok, _)): return .outcome(.sent(detail: "ok"))
        case .success((.refused(let word), _)) where SlackAPI.goneWords.contains(word): return .gone
        case .success((.refused(let word), _)) where SlackAPI.fixedWords.contains(word): return .fixed(reason: word)
        case .success((let reading, let response)): return .outcome(outcome(reading, response, body, briefing))
        }
    }

    func rehearse(_ briefing: Briefing, to address: Secret) async -> Exchange {
        let body = Self.message(shown(briefing), to: address)
        let request = settings.call("chat.postMessage", body)
        let answer = await client.send(request)
        return Exchange(
            outcome: posting(answer, body, briefing).outcome,
            lines: WebhookDialogue.lines(request, answer, hiding: settings.secrets), sight: Self.sight)
    }

    /// Nothing of its own to end: requests and connections are the shared client's.
    func close() async {}

    private func shown(_ briefing: Briefing) -> Briefing {
        settings.http.detail == .brief ? briefing.brief : briefing
    }

    // MARK: Bodies

    /// A new message.
    static func message(_ briefing: Briefing, to address: Secret) -> [UInt8] {
        JSONText(capacity: 8_192) { json in
            json.member("channel", address.revealed)
            json.member("mrkdwn", false)
            json.member("unfurl_links", false)
            json.member("unfurl_media", false)
            SlackMessage.members(for: briefing, &json)
        }.bytes
    }

    /// What names a message in a conversation.
    static func handle(channel: String, time: String) -> String { "\(channel) \(time)" }

    /// A message in the place of the one called `handle`; nil when that isn't a handle of ours.
    static func change(of handle: String, to briefing: Briefing) -> [UInt8]? {
        let parts = handle.split(separator: " ")
        guard parts.count == 2 else { return nil }
        return JSONText(capacity: 8_192) { json in
            json.member("channel", String(parts[0]))
            json.member("ts", String(parts[1]))
            // Unlike a new message, a change has names and addresses in its text found unless told otherwise.
            json.member("parse", "none")
            json.member("link_names", false)
            SlackMessage.members(for: briefing, &json)
        }.bytes
    }

    // MARK: Answers

    private func posting(
        _ answer: Result<HTTPResponse, TransferFailure>, _ body: [UInt8], _ briefing: Briefing
    ) -> Posting {
        switch reading(answer, body, briefing) {
        case .failure(let failure): Posting(failure.outcome)
        case .success((.posted(let channel, let time), _)):
            Posting(.sent(detail: "ok"), handle: Self.handle(channel: channel, time: time))
        case .success((let reading, let response)): Posting(outcome(reading, response, body, briefing))
        }
    }

    /// What the API says, or the outcome where it doesn't come to that.
    private func reading(
        _ answer: Result<HTTPResponse, TransferFailure>, _ body: [UInt8], _ briefing: Briefing
    ) -> Result<(SlackAPI.Reading, HTTPResponse), BotFailure> {
        switch answer {
        case .failure(let failure): .failure(BotFailure(WebhookAnswer.outcome(of: failure, from: SlackAPI.peer)))
        case .success(let response) where response.status == 200: .success((SlackAPI.read(response.body), response))
        case .success(let response):
            .failure(
                BotFailure(
                    WebhookAnswer.refusal(
                        status: response.status, retryAfter: response.retryAfter,
                        words: quote(response.body, body, briefing), from: SlackAPI.peer)))
        }
    }

    private func outcome(
        _ reading: SlackAPI.Reading, _ response: HTTPResponse, _ body: [UInt8], _ briefing: Briefing
    ) -> DeliveryOutcome {
        switch reading {
        case .posted: return .sent(detail: "ok")
        // It was taken; without its name it can't be changed.
        case .ok: return .sent(detail: "ok, without the message's time")
        case .refused(let word): return SlackAPI.outcome(of: word, retryAfter: response.retryAfter)
        case .other:
            let words = quote(response.body, body, briefing).map { ": \($0)" } ?? ""
            return .failed(reason: "HTTP \(response.status) from Slack, but not an answer of its API\(words)")
        }
    }

    private func quote(_ words: [UInt8], _ body: [UInt8], _ briefing: Briefing) -> String? {
        guard !words.isEmpty else { return nil }
        return PeerWords(secrets: settings.secrets, briefing: briefing, message: body).quote(words)
    }
}

/// An outcome that there is no answer behind. Host and token are the channel's, so a fault of theirs is too.
private struct BotFailure: Error {
    let outcome: DeliveryOutcome

    init(_ outcome: DeliveryOutcome) {
        if case .stopped(let reason, _) = outcome {
            self.outcome = .stopped(reason: reason, scope: .channel)
        } else {
            self.outcome = outcome
        }
    }
}

extension SlackBotChannel: ChatDoor {
    func read(_ body: [UInt8], header: (String) -> String?, at now: Timestamp) -> ChatReading {
        guard let signature = settings.signature else { return .forged }
        let verdict = signature.verdict(
            on: body, signature: header("x-slack-signature"), timestamp: header("x-slack-request-timestamp"), at: now)
        switch verdict {
        case .forged: return .forged
        case .old: return .old
        case .genuine(let signed, let code): return SlackPress.read(body, stamp: code, at: signed)
        }
    }

    func answer(_ answer: ChatAnswer, to press: ChatPress) async -> DeliveryOutcome {
        guard let address = press.replyTo else { return .failed(reason: "Slack gave no address to answer to") }
        let shown = settings.http.detail == .brief ? answer.brief : answer
        let message = WebhookMessage(
            body: SlackReply.body(for: shown, replacing: press.origin == .prompt), address: address)
        switch await client.send(settings.http.post(message)) {
        case .failure(let failure): return WebhookAnswer.outcome(of: failure, from: SlackAPI.peer)
        case .success(let response) where response.status == 200: return .sent(detail: "ok")
        case .success(let response):
            return WebhookAnswer.refusal(
                status: response.status, retryAfter: response.retryAfter, words: nil, from: SlackAPI.peer)
        }
    }

    func open(_ form: ChatForm, for press: ChatPress) async -> DeliveryOutcome {
        guard let trigger = press.trigger else { return .failed(reason: "Slack gave nothing to open a form by") }
        let shown = settings.http.detail == .brief ? form.brief : form
        let body = SlackForm.opening(shown, for: press, by: trigger)
        switch await client.send(settings.call("views.open", body, within: Self.triggerLife)) {
        case .failure(let failure): return WebhookAnswer.outcome(of: failure, from: SlackAPI.peer)
        case .success(let response) where response.status == 200:
            switch SlackAPI.read(response.body) {
            case .ok, .posted: return .sent(detail: "ok")
            case .refused(let word): return SlackAPI.outcome(of: word, retryAfter: response.retryAfter)
            case .other: return .failed(reason: "HTTP 200 from Slack, but not an answer of its API")
            }
        case .success(let response):
            return WebhookAnswer.refusal(
                status: response.status, retryAfter: response.retryAfter, words: nil, from: SlackAPI.peer)
        }
    }

    func reply(_ answer: ChatAnswer, to press: ChatPress) -> [UInt8] {
        SlackForm.reply(settings.http.detail == .brief ? answer.brief : answer, to: press)
    }

    /// How long Slack takes a trigger for.
    private static let triggerLife: Duration = .seconds(3)
}

extension ChannelKind {
    /// About a message a second in each conversation, with short bursts above it.
    static let slackBotLimits = [RateLimit(3, per: .seconds(3))]

    /// Slack takes about 50 a minute from an app in a workspace (docs.slack.dev/apis/web-api/rate-limits, tier 3). Some are
    /// left for answers.
    static let slackBotChangeLimits = [RateLimit(45, per: .seconds(60))]

    /// Slack by a bot token.
    static let slackBot = ChannelKind(
        name: "slack-bot", isShared: false, isMail: false, options: SlackBotSettings.options, defaultConcurrency: 1,
        defaultLimits: slackBotLimits, defaultChangeLimits: slackBotChangeLimits, isEditable: true,
        takesChoices: { $0.secret("signing_secret") != nil },
        account: SlackAddress.member,
        checkAddress: SlackAddress.complaint,
        check: flaw { (options) throws(OptionFlaw) in _ = try SlackBotSettings(options) },
        rendering: { briefing in
            let address = Secret("U012AB3CD")
            let body = SlackBotChannel.message(briefing, to: address)
            return RenderedMessage(
                bytes: body, flaws: SlackInspection.flaws(WebhookMessage(body: body, address: address), briefing))
        },
        formRendering: { form in
            let body = SlackForm.sample(form)
            return RenderedMessage(bytes: body, flaws: SlackInspection.flaws(inForm: body))
        },
        make: { (id, options, environment) throws(OptionFlaw) -> any Channel in
            SlackBotChannel(id: id, client: environment.httpClient, settings: try SlackBotSettings(options))
        })
}
