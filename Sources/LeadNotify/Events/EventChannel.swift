// Events of cases to one endpoint, signed, by Standard Webhooks. It has an address of its own and reaches no person.

import Curl
import Foundation
import LeadCore

/// Posts events to an endpoint.
struct EventChannel: Channel {
    let id: ChannelID
    private let client: HTTPClient
    private let settings: WebhookSettings
    private let url: Secret
    private let signature: EventSignature
    private let now: @Sendable () -> Timestamp

    /// Pauses between attempts, spread over their upper halves; after the last one the event is failed.
    static let schedule: [Duration] = [
        .seconds(5), .seconds(300), .seconds(1800), .seconds(7200), .seconds(18_000), .seconds(36_000),
        .seconds(50_400), .seconds(72_000), .seconds(86_400),
    ]

    static let options: [OptionSpec] =
        [
            OptionSpec("url", .secret, isRequired: true, help: "A reference to the endpoint's URL."),
            OptionSpec(
                "secret", .secret, isRequired: true,
                help: "A reference to the secret that signs: whsec_ and at least 24 bytes in base64."),
            OptionSpec(
                "previous_secret", .secret, help: "The secret before, which signs too until all have the new one."),
            OptionSpec(
                "events", .choices(EventName.allCases.map(\.rawValue)),
                help: "Which events are posted; all unless told."),
        ] + WebhookSettings.options(concurrency: 4) + [RateOption.spec(default: [])]

    init(id: ChannelID, options: OptionValues, environment: ChannelEnvironment) throws(OptionFlaw) {
        self.id = id
        client = environment.httpClient
        now = environment.now
        (settings, url, signature) = try Self.read(options)
    }

    /// What `options` give, or what is wrong with them.
    static func read(_ options: OptionValues) throws(OptionFlaw) -> (WebhookSettings, Secret, EventSignature) {
        let settings = try WebhookSettings(options)
        guard let url = options.secret("url"), let secret = options.secret("secret") else {
            throw OptionFlaw("A webhook needs a url and a secret.")
        }
        if let complaint = WebhookSettings.complaint(about: url.revealed) {
            throw OptionFlaw(option: "url", complaint)
        }
        return (settings, url, try EventSignature(secret: secret, previous: options.secret("previous_secret")))
    }

    func send(_ briefing: Briefing, to _: Secret) async -> DeliveryOutcome {
        let body = body(of: briefing)
        return outcome(of: await client.send(request(briefing, body)), body, briefing)
    }

    func rehearse(_ briefing: Briefing, to _: Secret) async -> Exchange {
        let body = body(of: briefing)
        let request = request(briefing, body)
        let answer = await client.send(request)
        return Exchange(
            outcome: outcome(of: answer, body, briefing),
            lines: WebhookDialogue.lines(request, answer, hiding: [url] + settings.secrets),
            sight: "The endpoint has taken the event over; it reaches no person.")
    }

    /// Nothing of its own to end: requests and connections are the shared client's.
    func close() async {}

    private func request(_ briefing: Briefing, _ body: [UInt8]) -> HTTPRequest {
        var request = settings.post(WebhookMessage(body: body, address: url))
        // The id is the same at every attempt and has no dots.
        let id = briefing.deliveryID.text.replacing(".", with: "_")
        request.headers += signature.headers(id: id, at: now(), body: body)
        return request
    }

    private func body(of briefing: Briefing) -> [UInt8] {
        if let event = briefing.event {
            return EventBody.bytes(for: event, recordURL: briefing.recordURL, detail: settings.detail)
        }
        let test: JSON = [
            "type": "test", "timestamp": .text(CivilTime(briefing.createdAt).rfc3339),
            "data": ["text": .text(briefing.headline)],
        ]
        return test.bytes
    }

    /// 2xx is a success. 410 says that the endpoint is gone, a redirect, 401, 403 and 404 that it is not what we were told;
    /// everything else is tried again by the schedule.
    private func outcome(
        of answer: Result<HTTPResponse, TransferFailure>, _ body: [UInt8], _ briefing: Briefing
    ) -> DeliveryOutcome {
        switch answer {
        case .success(let response) where (200..<300).contains(response.status):
            return .sent(detail: "HTTP \(response.status)")
        case .success(let response):
            let words = PeerWords(secrets: [url] + settings.secrets, briefing: briefing, message: body)
            return later(
                WebhookAnswer.refusal(
                    status: response.status, retryAfter: response.retryAfter,
                    words: response.body.isEmpty ? nil : words.quote(response.body)))
        case .failure(let failure): return later(WebhookAnswer.outcome(of: failure))
        }
    }

    private func later(_ outcome: DeliveryOutcome) -> DeliveryOutcome {
        if case .failed(let reason) = outcome { .deferred(reason: reason, retryAfter: nil) } else { outcome }
    }
}

extension ChannelKind {
    /// Signed events for programs.
    static let events = ChannelKind(
        name: "webhook", isShared: true, isMail: false, options: EventChannel.options, defaultConcurrency: 4,
        defaultLimits: [], takesEvents: true, schedule: EventChannel.schedule,
        checkAddress: { _ in "A webhook takes the events of all leads and reaches nobody; leave it out of 'reach'." },
        check: flaw { (options) throws(OptionFlaw) in _ = try EventChannel.read(options) },
        make: { (id, options, environment) throws(OptionFlaw) -> any Channel in
            try EventChannel(id: id, options: options, environment: environment)
        })
}
