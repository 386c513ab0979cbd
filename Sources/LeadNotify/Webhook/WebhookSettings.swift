// The options that all webhook channels have, and the request that follows from them. Fails when an option can't be
// used, with the remedy. Used by TeamsChannel and SlackChannel.

import Curl
import LeadCore

/// How messages are posted to webhooks.
struct WebhookSettings: Sendable {
    private let timeouts: Timeouts
    private let trust: TLSTrust
    private let addresses: AddressPolicy
    private let allowsPlainHTTP: Bool
    private let proxy: String?
    /// How much of a lead is shown.
    let detail: Detail

    /// What bodies are as a rule.
    static let json = "application/json; charset=utf-8"

    /// The options, for the reference and for whoever reads the configuration.
    static func options(concurrency: Int) -> [OptionSpec] {
        [
            OptionSpec(
                "concurrency", .integer(1...64),
                help: "How many messages may be under way to one webhook at once; \(concurrency) unless told.")
        ] + transport
    }

    /// Those of them that say how a peer is reached.
    static var transport: [OptionSpec] {
        [
            OptionSpec("timeout", .duration, help: "How long one attempt may take; 15s unless told."),
            OptionSpec("ca_file", .file, help: "A PEM file of the only issuers to trust, instead of the system's."),
            AddressOption.spec(default: "public"),
            OptionSpec("plain_http", .flag, help: "Whether http:// is allowed beside https://; no unless told."),
            OptionSpec("proxy", .text, help: "The URL of an HTTP or SOCKS proxy; none unless told."),
            DetailOption.spec,
        ]
    }

    /// Settings by `options`.
    init(_ options: OptionValues) throws(OptionFlaw) {
        let timeout = try TimeoutOption.read(options) ?? .seconds(15)
        timeouts = Timeouts(connect: min(timeout, .seconds(10)), total: timeout)
        trust = TLSTrust(caFile: options.text("ca_file"))
        addresses = try AddressOption.read(options, default: .publicOnly)
        allowsPlainHTTP = options.flag("plain_http") ?? false
        detail = DetailOption.read(options)
        proxy = options.text("proxy")
        if let proxy, !Self.isProxy(proxy) {
            throw OptionFlaw(option: "proxy", "Write the proxy as a URL, such as http://proxy.example.com:3128.")
        }
    }

    /// The request that posts `message`.
    func post(_ message: WebhookMessage) -> HTTPRequest {
        var request = HTTPRequest(
            method: .post, url: message.address.revealed,
            headers: [("Content-Type", message.type), ("User-Agent", "leadbell")], body: message.body,
            timeouts: timeouts, addresses: addresses, trust: trust, allowPlainHTTP: allowsPlainHTTP, proxy: proxy)
        // A peer that took the message and says much about it has taken it.
        request.cutsLongResponses = true
        return request
    }

    /// What may not be repeated besides the address.
    var secrets: [Secret] { proxy.map { [Secret($0)] } ?? [] }

    /// What is wrong with `address` as a webhook's; nil when nothing is. The complaint doesn't repeat it.
    static func complaint(about address: String) -> String? {
        let lower = address.prefix(8).lowercased()
        guard lower == "https://" || lower.hasPrefix("http://") else {
            return "A webhook's address is its whole URL, which begins with https://."
        }
        guard address.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return "The webhook's URL holds a space, a line end or a letter that no URL has; copy it again."
        }
        let host = address.drop { $0 != ":" }.dropFirst(3).prefix { !"/?#".contains($0) }
        guard !host.isEmpty, host.first != ":" else { return "The webhook's URL names no host; copy it again." }
        return nil
    }

    private static func isProxy(_ text: String) -> Bool {
        let schemes = ["http://", "https://", "socks4://", "socks4a://", "socks5://", "socks5h://"]
        return schemes.contains { text.hasPrefix($0) && text.utf8.count > $0.utf8.count }
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

/// `addresses`: which networks a channel may contact.
enum AddressOption {
    static func spec(default choice: String) -> OptionSpec {
        OptionSpec(
            "addresses", .choice(["public", "private", "loopback"]),
            help: "Which addresses may be contacted: public, private too, or loopback too; \(choice) unless told.")
    }

    static func read(_ options: OptionValues, default policy: AddressPolicy) throws(OptionFlaw) -> AddressPolicy {
        switch options.text("addresses") {
        case nil: return policy
        case "public": return .publicOnly
        case "private": return .includingPrivate
        case "loopback": return .includingLoopback
        default: throw OptionFlaw(option: "addresses", "Write public, private or loopback.")
        }
    }
}

/// `detail`: how much of a lead a channel shows.
enum DetailOption {
    static let spec = OptionSpec(
        "detail", .choice(Detail.allCases.map(\.rawValue)),
        help: "full, or brief for firm, place and link without anything of the person; full unless told.")

    static func read(_ options: OptionValues) -> Detail { options.text("detail").flatMap(Detail.init) ?? .full }
}

/// `rate`: how many messages one destination takes in a time.
enum RateOption {
    static func spec(default limits: [RateLimit]) -> OptionSpec {
        OptionSpec(
            "rate", .rate,
            help:
                "How many messages one destination takes in a time, such as 1/s or [4/s, 60/30s], or none; "
                + "\(limits.words) unless told.")
    }
}

/// `timeout`: how long one attempt may take.
enum TimeoutOption {
    static func read(_ options: OptionValues) throws(OptionFlaw) -> Duration? {
        guard let timeout = options.duration("timeout") else { return nil }
        guard timeout >= .milliseconds(100), timeout <= .seconds(600) else {
            throw OptionFlaw(option: "timeout", "Write a time between 100ms and 10m.")
        }
        return timeout
    }
}
