// Mail through a relay, or through one of several when those before it take nothing; an address is a mail address. What the
// relay's answer means stands here too. Never throws: whatever happens is an outcome.

import Curl
import LeadCore

/// Hands mails to the first relay that takes them.
struct MailChannel: Channel {
    let id: ChannelID
    private let settings: RelaySettings
    /// One for each relay, each with connections of its own.
    private let senders: [SMTPSender]
    private let relays: RelayBook
    private let host: String
    /// What a relay may repeat of the login dialogue.
    private let secrets: SecretParts
    private let addresses = KnownSecrets()
    private let now: @Sendable () -> Timestamp
    private let report: @Sendable (ChannelNews) -> Void

    /// A channel by `options`.
    init(id: ChannelID, options: OptionValues, environment: ChannelEnvironment) throws(OptionFlaw) {
        self.id = id
        now = environment.now
        report = environment.report
        host = Self.hostName(environment.hostName)
        settings = try RelaySettings(
            options, greeting: SMTPRelay.addressLiteral(of: environment.hostName) ?? host)
        let logins = settings.relays.compactMap(\.credentials).filter { !$0.password.isEmpty }
        secrets = SecretParts(
            logins.flatMap { login in
                [Secret(login.password), Secret(Base64.string("\0\(login.username)\0\(login.password)".utf8))]
            })
        relays = RelayBook(count: settings.relays.count)
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
        for place in relays.places(at: now()) {
            let outcome = await hand(mail, in: envelope, to: place, transcript) { words, token in
                let hidden = [addresses.parts(of: address), secrets] + (token.isEmpty ? [] : [SecretParts(token)])
                return PeerWords(secrets: hidden, briefing: briefing, message: mail).quote(words)
            }
            switch outcome {
            case .sent, .deferred, .failed, .unknown:
                relays.answered(place)
                return place == 0 ? outcome : outcome.told(by: place)
            case .unavailable(let reason, _):
                if relays.failed(place, reason: reason, at: now()) { tell(of: place, reason, isLasting: false) }
            case .stopped(let reason, _):
                if relays.stopped(place, reason: reason) { tell(of: place, reason, isLasting: true) }
            }
            // A relay that is down may come back; one that wants another configuration doesn't stop the others.
            if case .stopped = first ?? outcome { first = outcome } else { first = first ?? outcome }
        }
        return first ?? .stopped(reason: relays.stop ?? "there is no relay")
    }

    /// The others go on without the relay at `place`, and nobody would miss it: so somebody is told.
    private func tell(of place: Int, _ reason: String, isLasting: Bool) {
        guard senders.count > 1 else { return }
        let complaint = RelayBook.complaint(about: place, reason, isLasting: isLasting)
        report(ChannelNews(channel: id, complaint: complaint, isLasting: isLasting))
    }

    var complaint: String? { relays.complaint }

    var fault: String? { relays.fault }

    func resume() { relays.resume() }

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

    /// `name` where it can stand in a message id and, unless it is an address, in a greeting; else a name that can.
    private static func hostName(_ name: String) -> String {
        Mailbox.isAddress("a@\(name)") ? name : "localhost"
    }
}

extension DeliveryOutcome {
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
        case .refused(let reply, let stage):
            refusal(reply, at: stage, reason: "the relay refused the mail: \(words(of: reply, quote))")
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

    /// While a relay knows only whom a mail is from, what it says of permission is about us. Once it knows the recipient or
    /// the message it is about these, whatever its code: a mailbox may take mail from its own firm alone (5.7.133), or want
    /// signatures that the next one doesn't (5.7.26).
    private static func refusal(_ reply: SMTPReply, at stage: SMTPStage, reason: String) -> DeliveryOutcome {
        if reply.enhanced == "5.3.2" { return .unavailable(reason: reason, retryAfter: nil) }
        return stage == .sender && isOfPermission(reply) ? .stopped(reason: reason) : .failed(reason: reason)
    }

    /// What is said before any mail is the relay's state, which another may not have, or our configuration. By 5.7.1 and 5.7.2
    /// some speak of our address at the moment, which heals by itself.
    private static func refusal(ofAllBy reply: SMTPReply, reason: String) -> DeliveryOutcome {
        let isState = ["5.7.1", "5.7.2"].contains(reply.enhanced) || !isOfPermission(reply)
        return isState ? .unavailable(reason: reason, retryAfter: nil) : .stopped(reason: reason)
    }

    /// 530 to 538 (RFC 4954) and 5.7 (RFC 3463) speak of logins and of what is permitted.
    private static func isOfPermission(_ reply: SMTPReply) -> Bool {
        (530...538).contains(reply.code) || reply.enhanced?.hasPrefix("5.7.") == true
    }

    /// "550 5.1.1 user unknown".
    private static func words(of reply: SMTPReply, _ quote: ([UInt8]) -> String?) -> String {
        let text = reply.text.isEmpty ? nil : quote(Array(reply.text.utf8))
        return ["\(reply.code)", reply.enhanced, text].compactMap(\.self).joined(separator: " ")
    }
}

extension ChannelKind {
    /// Mail through an SMTP relay; for each of its connections a second mail is at hand when the first one is through.
    static let smtp = ChannelKind(
        name: "smtp", isShared: true, isMail: true, options: RelaySettings.options,
        defaultConcurrency: 2 * RelaySettings.connections, defaultLimits: [], checkAddress: MailChannel.complaint,
        check: flaw { (options) throws(OptionFlaw) in _ = try RelaySettings(options, greeting: "localhost") },
        rendering: MailInspection.render,
        make: { (id, options, environment) throws(OptionFlaw) -> any Channel in
            try MailChannel(id: id, options: options, environment: environment)
        })
}
