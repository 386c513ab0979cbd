// Mail through a relay, or through one of several when those before it take nothing; an address is a mail address. What the relay's answer means stands here too.

import Curl
import LeadCore
import Synchronization

/// Hands mails to the first relay that takes them.
struct MailChannel: Channel {
    let id: ChannelID
    private let settings: RelaySettings
    /// One for each relay, each with connections of its own.
    private let senders: [SMTPSender]
    private let order: RelayBook
    private let host: String
    /// What a relay may repeat of the login dialogue.
    private let secrets: SecretParts
    private let now: @Sendable () -> Timestamp

    /// A channel by `options`; `hostName` is this host's.
    init(
        id: ChannelID, options: OptionValues, hostName: String, now: @escaping @Sendable () -> Timestamp
    ) throws(OptionFlaw) {
        self.id = id
        self.now = now
        host = Self.hostName(hostName)
        settings = try RelaySettings(options, greeting: host)
        let logins = settings.relays.compactMap(\.credentials).filter { !$0.password.isEmpty }
        secrets = SecretParts(
            logins.flatMap { login in
                [Secret(login.password), Secret(Base64.string("\0\(login.username)\0\(login.password)".utf8))]
            })
        order = RelayBook(count: settings.relays.count)
        var senders: [SMTPSender] = []
        for (place, relay) in settings.relays.enumerated() {
            do {
                senders.append(try SMTPSender(relay: relay))
            } catch {
                throw OptionFlaw(option: place == 0 ? "relay" : "fallback", error.message)
            }
        }
        self.senders = senders
    }

    func send(_ briefing: Briefing, to address: Secret) async -> DeliveryOutcome {
        await send(briefing, to: address, nil)
    }

    func rehearse(_ briefing: Briefing, to address: Secret) async -> Exchange {
        let transcript = SMTPTranscript()
        let outcome = await send(briefing, to: address, transcript)
        return Exchange(
            outcome: outcome, lines: transcript.lines,
            sight:
                "The relay has taken the mail over. Whether it reaches the mailbox, or its spam folder, is not known "
                + "here: look into the mailbox, and into the relay's log when nothing is there.")
    }

    private func send(
        _ briefing: Briefing, to address: Secret, _ transcript: SMTPTranscript?
    ) async -> DeliveryOutcome {
        guard let recipient = Mailbox(name: briefing.reader, address: address.revealed) else {
            return .failed(reason: "the person's mail address can't be used: \(Self.addressForm)")
        }
        let envelope: SMTPEnvelope
        do {
            envelope = try SMTPEnvelope(sender: settings.sender.address, recipient: recipient.address)
        } catch {
            return .failed(reason: "the mail addresses can't be used: \(Self.addressForm)")
        }
        let mail = MailMessage(sender: settings.sender, recipient: recipient, host: host).bytes(
            for: settings.detail == .brief ? briefing.brief : briefing)
        var first: DeliveryOutcome?
        for place in order.places(at: now()) {
            let outcome = await hand(mail, in: envelope, to: place, transcript) { words, token in
                PeerWords(secrets: token + [address], and: secrets, briefing: briefing, message: mail).quote(words)
            }
            guard outcome.isRelays else {
                order.answered(place)
                return place == 0 ? outcome : outcome.told(by: place)
            }
            order.failed(place, at: now())
            // A relay that is down may come back; one that wants another configuration doesn't stop the others.
            if case .stopped = first ?? outcome { first = outcome } else { first = first ?? outcome }
        }
        return first ?? .failed(reason: "there is no relay")
    }

    /// Offers a mail to one relay.
    private func hand(
        _ mail: [UInt8], in envelope: SMTPEnvelope, to place: Int, _ transcript: SMTPTranscript?,
        quote: ([UInt8], [Secret]) -> String?
    ) async -> DeliveryOutcome {
        var token: Secret?
        if settings.relays[place].logsInByToken, let file = settings.token {
            do throws(AccessToken.Flaw) {
                token = try file.read()
            } catch {
                return .unavailable(reason: error.sentence, retryAfter: nil)
            }
        }
        let outcome = await senders[place].send(
            envelope, message: mail, transcript: transcript, token: token?.revealed)
        // Whoever renews the token will do so again.
        if token != nil, case .failed(let failure) = outcome, failure.kind == .loginRefused {
            let reason = "the relay refused the access token; it is read anew for the next attempt"
            return .unavailable(reason: reason, retryAfter: nil)
        }
        return MailAnswer.outcome(of: outcome) { quote($0, token.map { [$0] } ?? []) }
    }

    func close() async { for sender in senders { await sender.shutdown() } }

    /// What is wrong with `address` as a person's mail address.
    static func complaint(about address: String) -> String? {
        Mailbox.isAddress(address) ? nil : "A mail address is \(addressForm)."
    }

    private static let addressForm = "name@example.com, in ASCII (a domain with other letters in its xn-- form)"

    /// `name` where it can stand in a greeting and a message id, else a name that can.
    private static func hostName(_ name: String) -> String {
        Mailbox.isAddress("a@\(name)") ? name : "localhost"
    }
}

/// The order of one channel's relays, as its mails find it.
private final class RelayBook: Sendable {
    private let order: Mutex<RelayOrder>

    init(count: Int) { order = Mutex(RelayOrder(count: count)) }

    func places(at now: Timestamp) -> [Int] { order.withLock { $0.places(at: now) } }
    func failed(_ place: Int, at now: Timestamp) { order.withLock { $0.failed(place, at: now) } }
    func answered(_ place: Int) { order.withLock { $0.answered(place) } }
}

extension DeliveryOutcome {
    /// Whether it says something of the relay, and another may take the mail.
    fileprivate var isRelays: Bool {
        switch self {
        case .unavailable, .stopped: true
        case .sent, .deferred, .failed, .unknown: false
        }
    }

    /// The same with which of the relays it was.
    fileprivate func told(by place: Int) -> DeliveryOutcome {
        guard case .sent(let detail) = self else { return self }
        return .sent(detail: "by fallback relay \(place): \(detail)")
    }
}

enum MailAnswer {
    /// The delivery's outcome; `quote` makes the relay's words fit to be repeated.
    static func outcome(of outcome: SMTPOutcome, quote: ([UInt8]) -> String?) -> DeliveryOutcome {
        switch outcome {
        case .accepted(let reply): .sent(detail: words(of: reply, quote))
        case .refusedForNow(let reply):
            refusal(for: reply, reason: "the relay said \(words(of: reply, quote))")
        case .refused(let reply):
            refusal(reply, reason: "the relay refused the mail: \(words(of: reply, quote))")
        case .unserved(let reply):
            refusal(ofAllBy: reply, reason: "the relay takes no mail: \(words(of: reply, quote))")
        case .failed(let failure): failure.outcome(from: "the relay")
        case .unknown(let failure): .unknown(reason: "no full answer from the relay: \(failure.message)")
        }
    }

    /// 421, 4.3 and 4.4 speak of the relay, all other 4xx of this mail.
    private static func refusal(for reply: SMTPReply, reason: String) -> DeliveryOutcome {
        let isRelays =
            reply.code == 421 || ["4.3.", "4.4."].contains { reply.enhanced?.hasPrefix($0) == true }
        return isRelays
            ? .unavailable(reason: reason, retryAfter: nil) : .deferred(reason: reason, retryAfter: nil)
    }

    /// 530 to 538 and 5.7 say that the relay takes no mail of ours as we are configured. 5.7.1 and 5.7.2 are also what a
    /// filter or a mailing list says of a single mail, so they stop nothing.
    private static func refusal(_ reply: SMTPReply, reason: String) -> DeliveryOutcome {
        if let enhanced = reply.enhanced, ["5.7.1", "5.7.2"].contains(enhanced) {
            return .failed(reason: reason)
        }
        if reply.enhanced == "5.3.2" { return .unavailable(reason: reason, retryAfter: nil) }
        let isOurs = (530...538).contains(reply.code) || reply.enhanced?.hasPrefix("5.7.") == true
        return isOurs ? .stopped(reason: reason) : .failed(reason: reason)
    }

    /// What is said before any mail is the relay's state, which another may not have; 5.7 says that it is our configuration.
    private static func refusal(ofAllBy reply: SMTPReply, reason: String) -> DeliveryOutcome {
        if case .stopped = refusal(reply, reason: reason) { return .stopped(reason: reason) }
        return .unavailable(reason: reason, retryAfter: nil)
    }

    /// "550 5.1.1 user unknown".
    private static func words(of reply: SMTPReply, _ quote: ([UInt8]) -> String?) -> String {
        let text = reply.text.isEmpty ? nil : quote(Array(reply.text.utf8))
        return ["\(reply.code)", reply.enhanced, text].compactMap(\.self).joined(separator: " ")
    }
}

extension ChannelKind {
    /// Mail through an SMTP relay.
    static let smtp = ChannelKind(
        name: "smtp", isShared: true, isMail: true, options: RelaySettings.options,
        defaultConcurrency: RelaySettings.connections, defaultLimits: [], checkAddress: MailChannel.complaint,
        check: flaw { (options) throws(OptionFlaw) in _ = try RelaySettings(options, greeting: "localhost") },
        rendering: MailInspection.render,
        make: { (id, options, environment) throws(OptionFlaw) -> any Channel in
            try MailChannel(id: id, options: options, hostName: environment.hostName, now: environment.now)
        })
}
