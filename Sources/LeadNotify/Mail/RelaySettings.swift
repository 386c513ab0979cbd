// The options of a mail channel, read into a relay and a sender. Fails when an option can't be used, with the remedy.

import Curl
import LeadCore

/// Relays in order, and whom mails are from.
struct RelaySettings: Sendable {
    /// Offered each mail one after the other until one takes it; at least one.
    let relays: [SMTPRelay]
    /// Where the access token is for relays that log in by one.
    let token: AccessToken?
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
        OptionSpec(
            "fallback", .texts,
            help:
                "Further relays, offered a mail in order when those before take nothing; one on this host goes without "
                + "TLS and login when it is smtp://."),
        OptionSpec("username", .text, help: "The name to log in with; no login unless told."),
        OptionSpec("password", .secret, help: "The password to log in with."),
        OptionSpec(
            "token_file", .file,
            help: "In place of a password: a file with an OAuth 2 access token (XOAUTH2), read anew for each mail."),
        OptionSpec(
            "fallback_username", .text, help: "The name to log in with at the further relays; username unless told."),
        OptionSpec("fallback_password", .secret, help: "Its password."),
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
        token = options.text("token_file").map(AccessToken.init)
        let further = options.texts("fallback")
        let timeouts = try Self.timeouts(options, among: 1 + further.count)
        let make = { (target: RelayURL, security: SMTPRelay.Security, login: Login?) throws(OptionFlaw) in
            let addresses = try AddressOption.read(options, default: .includingPrivate)
            return SMTPRelay(
                host: target.host, port: target.port, security: security, credentials: login?.credentials,
                logsInByToken: login?.isByToken ?? false, heloName: greeting,
                trust: TLSTrust(caFile: options.text("ca_file")),
                addresses: AddressPolicy(
                    allowLoopback: addresses.allowLoopback || target.isLoopback, allowPrivate: addresses.allowPrivate),
                timeouts: timeouts, connections: options.integer("connections") ?? Self.connections)
        }
        let target = try RelayURL(options.text("relay") ?? "", option: "relay")
        let login = try Self.login(options)
        var relays = [try make(target, try Self.security(options, target), login)]
        let other = try Self.fallbackLogin(options) ?? login
        for text in further {
            let target = try RelayURL(text, option: "fallback")
            let isBare = target.isLoopback && !target.isImplicitTLS
            relays.append(
                try make(target, isBare ? .none : target.isImplicitTLS ? .implicitTLS : .startTLS, isBare ? nil : other)
            )
        }
        self.relays = relays
    }

    /// How to log in.
    private struct Login {
        let credentials: (username: String, password: String)
        var isByToken = false
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
        case "none"
        where options.text("username") != nil || options.secret("password") != nil || options.text("token_file") != nil:
            throw OptionFlaw(option: "tls", "A login without TLS would show the password; write required.")
        case "none": return .none
        default: throw OptionFlaw(option: "tls", "Write required or none.")
        }
    }

    private static func login(_ options: OptionValues) throws(OptionFlaw) -> Login? {
        guard options.text("token_file") != nil else { return try login(options, "username", "password") }
        guard options.secret("password") == nil else {
            throw OptionFlaw(option: "token_file", "A login is by a password or by a token; leave one of them out.")
        }
        guard let username = options.text("username"), isUsable(username) else {
            throw OptionFlaw(option: "username", "A login by a token needs the username too.")
        }
        return Login(credentials: (username, ""), isByToken: true)
    }

    private static func fallbackLogin(_ options: OptionValues) throws(OptionFlaw) -> Login? {
        let login = try login(options, "fallback_username", "fallback_password")
        guard login == nil || !options.texts("fallback").isEmpty else {
            throw OptionFlaw(
                option: "fallback_username", "There is no fallback to log in at; name one, or leave this out.")
        }
        return login
    }

    private static func login(
        _ options: OptionValues, _ nameOption: String, _ secretOption: String
    ) throws(OptionFlaw) -> Login? {
        switch (options.text(nameOption), options.secret(secretOption)) {
        case (nil, nil): return nil
        case (let username?, let password?):
            guard isUsable(username) else { throw OptionFlaw(option: nameOption, "Write the name to log in with.") }
            guard isUsable(password.revealed) else {
                throw OptionFlaw(option: secretOption, "The password is empty or holds a line end; store it again.")
            }
            return Login(credentials: (username, password.revealed))
        case (_?, nil): throw OptionFlaw(option: secretOption, "A login needs the password too.")
        case (nil, _?): throw OptionFlaw(option: nameOption, "A login needs the username too.")
        }
    }

    /// All relays together have the time of one attempt.
    private static func timeouts(_ options: OptionValues, among count: Int) throws(OptionFlaw) -> Timeouts {
        let mail = Timeouts.mail
        let share = (try TimeoutOption.read(options) ?? mail.total) / count
        return Timeouts(connect: min(mail.connect, share), total: share, reply: min(mail.reply, share))
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

    init(_ text: String, option: String) throws(OptionFlaw) {
        let flaw = OptionFlaw(
            option: option, "Write smtp://HOST:587 or smtps://HOST:465, without user name, path or anything else.")
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
