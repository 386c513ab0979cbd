// Mail through one relay; an address is a mail address. What the relay's answer means stands here too.

import Curl
import LeadCore

/// Hands mails to a relay.
struct MailChannel: Channel {
    let id: ChannelID
    private let settings: RelaySettings
    private let sender: SMTPSender
    private let host: String
    private let secrets: [Secret]

    /// A channel by `options`; `hostName` is this host's.
    init(id: ChannelID, options: OptionValues, hostName: String) throws(OptionFlaw) {
        self.id = id
        host = Self.hostName(hostName)
        settings = try RelaySettings(options, greeting: host)
        if let login = settings.relay.credentials {
            // What a relay may repeat of the login dialogue.
            let plain = Base64.string("\0\(login.username)\0\(login.password)".utf8)
            secrets = [Secret(login.password), Secret(plain)]
        } else {
            secrets = []
        }
        do {
            sender = try SMTPSender(relay: settings.relay)
        } catch {
            throw OptionFlaw(option: "relay", error.message)
        }
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
        let outcome = await sender.send(envelope, message: mail, transcript: transcript)
        return MailAnswer.outcome(of: outcome) { words in
            PeerWords(secrets: secrets + [address], briefing: briefing, message: mail).quote(words)
        }
    }

    func close() async { await sender.shutdown() }

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

enum MailAnswer {
    /// The delivery's outcome; `quote` makes the relay's words fit to be repeated.
    static func outcome(of outcome: SMTPOutcome, quote: ([UInt8]) -> String?) -> DeliveryOutcome {
        switch outcome {
        case .accepted(let reply): .sent(detail: words(of: reply, quote))
        case .refusedForNow(let reply):
            refusal(for: reply, reason: "the relay said \(words(of: reply, quote))")
        case .refused(let reply):
            refusal(reply, reason: "the relay refused the mail: \(words(of: reply, quote))")
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
            try MailChannel(id: id, options: options, hostName: environment.hostName)
        })
}
