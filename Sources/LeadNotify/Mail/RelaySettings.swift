// The options of a mail channel, read into a relay and a sender. Fails when an option can't be used, with the remedy.

import Curl
import LeadCore

/// A relay and whom mails are from.
struct RelaySettings: Sendable {
    let relay: SMTPRelay
    let sender: Mailbox
    /// How much of a lead is shown.
    let detail: Detail

    /// How many mails are handed over at a time, unless told.
    static let connections = 4

    /// The options, for the reference and for whoever reads the configuration.
    static let options: [OptionSpec] = [
        OptionSpec(
            "relay", .text, isRequired: true,
            help: "The relay: smtp://HOST:587 for STARTTLS, smtps://HOST:465 for TLS from the first byte."),
        OptionSpec(
            "tls", .choice(["required", "none"]),
            help: "required unless told; none is for a relay on this host, without a login."),
        OptionSpec("username", .text, help: "The name to log in with; no login unless told."),
        OptionSpec("password", .secret, help: "The password to log in with."),
        OptionSpec("from", .text, isRequired: true, help: "Whom mails are from: Name <address>, or the address."),
        OptionSpec("ca_file", .file, help: "A PEM file of the only issuers to trust, instead of the system's."),
        AddressOption.spec(default: "private"),
        OptionSpec(
            "connections", .integer(1...16),
            help: "How many mails are handed over at a time; \(connections) unless told."),
        OptionSpec("timeout", .duration, help: "How long one attempt may take; 2m unless told."),
        RateOption.spec(default: []),
        DetailOption.spec,
    ]

    /// Settings by `options`; `greeting` is the name to greet the relay with.
    init(_ options: OptionValues, greeting: String) throws(OptionFlaw) {
        guard let from = options.text("from").flatMap(Mailbox.init) else {
            throw OptionFlaw(option: "from", "Write an address, or Name <address>, such as Leads <leads@example.com>.")
        }
        sender = from
        detail = DetailOption.read(options)
        let target = try RelayURL(options.text("relay") ?? "")
        let addresses = try AddressOption.read(options, default: .includingPrivate)
        relay = SMTPRelay(
            host: target.host, port: target.port, security: try Self.security(options, target),
            credentials: try Self.credentials(options), heloName: greeting,
            trust: TLSTrust(caFile: options.text("ca_file")),
            addresses: AddressPolicy(
                allowLoopback: addresses.allowLoopback || target.isLoopback, allowPrivate: addresses.allowPrivate),
            timeouts: try Self.timeouts(options), connections: options.integer("connections") ?? Self.connections)
    }

    private static func security(
        _ options: OptionValues, _ target: RelayURL
    ) throws(OptionFlaw) -> SMTPRelay.Security {
        switch options.text("tls") {
        case nil, "required": return target.isImplicitTLS ? .implicitTLS : .startTLS
        case "none" where target.isImplicitTLS:
            throw OptionFlaw(option: "tls", "smtps:// is always TLS; leave tls out.")
        case "none" where !target.isLoopback:
            throw OptionFlaw(option: "tls", "Without TLS only a relay on this host is used; write required.")
        case "none" where options.text("username") != nil || options.secret("password") != nil:
            throw OptionFlaw(option: "tls", "A login without TLS would show the password; write required.")
        case "none": return .none
        default: throw OptionFlaw(option: "tls", "Write required or none.")
        }
    }

    private static func credentials(
        _ options: OptionValues
    ) throws(OptionFlaw) -> (username: String, password: String)? {
        switch (options.text("username"), options.secret("password")) {
        case (nil, nil): return nil
        case (let username?, let password?):
            guard isUsable(username) else { throw OptionFlaw(option: "username", "Write the name to log in with.") }
            guard isUsable(password.revealed) else {
                throw OptionFlaw(option: "password", "The password is empty or holds a line end; store it again.")
            }
            return (username, password.revealed)
        case (_?, nil): throw OptionFlaw(option: "password", "A login needs the password too.")
        case (nil, _?): throw OptionFlaw(option: "username", "A login needs the username too.")
        }
    }

    private static func timeouts(_ options: OptionValues) throws(OptionFlaw) -> Timeouts {
        guard let timeout = try TimeoutOption.read(options) else { return .mail }
        let mail = Timeouts.mail
        return Timeouts(connect: min(mail.connect, timeout), total: timeout, reply: min(mail.reply, timeout))
    }

    private static func isUsable(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}

/// `smtp://host:587` or `smtps://host:465`.
private struct RelayURL {
    let host: String
    let port: Int
    let isImplicitTLS: Bool

    var isLoopback: Bool { ["localhost", "127.0.0.1", "::1"].contains(host.lowercased()) }

    init(_ text: String) throws(OptionFlaw) {
        let flaw = OptionFlaw(
            option: "relay", "Write smtp://HOST:587 or smtps://HOST:465, without user name, path or anything else.")
        let scheme = ["smtp://", "smtps://"].first(where: text.hasPrefix)
        guard let scheme else { throw flaw }
        isImplicitTLS = scheme == "smtps://"
        let rest = text.dropFirst(scheme.count)
        var tail: Substring
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { throw flaw }
            host = String(rest[rest.index(after: rest.startIndex)..<end])
            tail = rest[rest.index(after: end)...]
            guard host.utf8.allSatisfy({ Self.isHex($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }) else {
                throw flaw
            }
        } else {
            let name = rest.prefix { $0 != ":" && $0 != "/" }
            host = String(name)
            tail = rest.dropFirst(name.count)
            let marks = Set("-._".utf8)
            guard host.utf8.allSatisfy({ MailHeader.isLetterOrDigit($0) || marks.contains($0) }) else { throw flaw }
        }
        if tail == "/" || tail.hasSuffix("/") { tail = tail.dropLast() }
        if tail.isEmpty {
            port = isImplicitTLS ? 465 : 587
        } else {
            guard tail.first == ":", tail.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }),
                let number = Int(tail.dropFirst()), (1...65_535).contains(number)
            else { throw flaw }
            port = number
        }
        guard !host.isEmpty else { throw flaw }
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }
}
