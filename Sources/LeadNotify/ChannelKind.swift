// The kinds of channel that a configuration can name. Whoever reads a configuration knows kinds through this list
// alone: a new kind is a folder beside this file and one line in `all`.

import Curl
import Foundation
import LeadCore

/// What channels get from the program.
public struct ChannelEnvironment: Sendable {
    /// Sends the requests of all webhook channels; the program shuts it down after the channels are closed.
    public let httpClient: HTTPClient
    /// This host's name: the right side of mails' ids, and the name to greet relays with.
    public let hostName: String
    /// The clock, for signatures that hold the time.
    public let now: @Sendable () -> Timestamp
    /// Told of what the log should tell, though messages go out all the same.
    public let report: @Sendable (ChannelNews) -> Void

    /// What channels get.
    public init(
        httpClient: HTTPClient, hostName: String,
        now: @escaping @Sendable () -> Timestamp = {
            Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        },
        report: @escaping @Sendable (ChannelNews) -> Void = { _ in }
    ) {
        self.httpClient = httpClient
        self.hostName = hostName
        self.now = now
        self.report = report
    }
}

/// Something that is wrong with a channel whose messages go out all the same.
public struct ChannelNews: Sendable, Equatable {
    /// The channel.
    public let channel: ChannelID
    /// What is wrong, in a sentence without secrets.
    public let complaint: String
    /// Whether only somebody's mending ends it.
    public let isLasting: Bool
}

/// A kind of channel: its options, and how a channel is made of them.
public struct ChannelKind: Sendable {
    /// `kind` in the configuration.
    public let name: String
    /// True when all people share one destination (a relay); false when each address is a destination of its own.
    public let isShared: Bool
    /// True when a message on such a channel is a mail.
    public let isMail: Bool
    /// What can be configured.
    public let options: [OptionSpec]
    /// How many messages may be under way to one destination, unless `concurrency` (or `connections`) says otherwise.
    public let defaultConcurrency: Int
    /// How many messages one destination takes in a time, unless `rate` says otherwise.
    public let defaultLimits: [RateLimit]
    /// How many changes to messages all destinations together take in a time, unless `change_rate` says otherwise.
    public var defaultChangeLimits: [RateLimit] = []
    /// True when such a channel takes the events of all cases, and reaches no person.
    public var takesEvents = false
    /// Pauses between attempts in place of those of `delivery`; after the last one a message is failed.
    public var schedule: [Duration] = []
    /// How many leads one message can show, each with its link.
    public var digestSize = 25
    /// True when messages can be changed after they were sent; then one goes to a destination at a time.
    public var isEditable = false
    /// Whether people can choose in messages themselves, given the options.
    public var takesChoices: @Sendable (_ options: OptionValues) -> Bool = { _ in false }
    /// The account that acts for the person at an address; nil where the address is a room, or there are no accounts.
    public var account: @Sendable (_ address: String) -> String? = { _ in nil }
    /// What is wrong with an address, nil when nothing is; the complaint repeats no part of the address.
    public let checkAddress: @Sendable (_ address: String) -> String?
    /// What is wrong with options that are each of their type; nil when a channel can be made of them.
    public let check: @Sendable (OptionValues) -> OptionFlaw?
    /// A message as it would be sent, looked at; nil for kinds that write to programs.
    var rendering: (@Sendable (Briefing) -> RenderedMessage)?
    /// A form as it would be opened, looked at; nil for kinds that open none.
    var formRendering: (@Sendable (ChatForm) -> RenderedMessage)?
    /// Makes the channel called by the id, or says which option stands in the way.
    public let make: @Sendable (ChannelID, OptionValues, ChannelEnvironment) throws(OptionFlaw) -> any Channel

    /// All kinds.
    public static let all: [ChannelKind] = [
        .teams,
        .slack,
        .slackBot,
        .smtp,
        .events,
        .googleChat,
        .mattermost,
        .rocketChat,
        .ntfy,
    ]
}

extension ChannelKind {
    /// What `attempt` throws, as a value.
    static func flaw(
        _ attempt: @escaping @Sendable (OptionValues) throws(OptionFlaw) -> Void
    ) -> @Sendable (OptionValues) -> OptionFlaw? {
        { options in
            do throws(OptionFlaw) {
                try attempt(options)
                return nil
            } catch {
                return error
            }
        }
    }

    /// A kind whose messages are posted to webhooks in its own manner.
    static func webhook(
        _ name: String, concurrency: Int, limits: [RateLimit], manner: WebhookManner, digestSize: Int = 25
    ) -> ChannelKind {
        ChannelKind(
            name: name, isShared: false, isMail: false,
            options: WebhookSettings.options(concurrency: concurrency) + [
                RateOption.spec(default: limits)
            ],
            defaultConcurrency: concurrency, defaultLimits: limits, digestSize: digestSize,
            checkAddress: WebhookSettings.complaint,
            check: flaw { (options) throws(OptionFlaw) in _ = try WebhookSettings(options) },
            rendering: { briefing in
                let message = manner.message(briefing, Secret("https://webhook.example/x"))
                return RenderedMessage(bytes: message.body, flaws: manner.inspect(message, briefing))
            },
            make: { (id, options, environment) throws(OptionFlaw) -> any Channel in
                WebhookChannel(
                    id: id, client: environment.httpClient, settings: try WebhookSettings(options), manner: manner)
            })
    }
}
