// What the reader must know of channels and enrichers, as data: their rooms are not imported here. The program fills
// this from its registries.

import LeadCore

/// One kind of channel or enricher.
public struct KindDescription: Sendable {
    /// The text after `kind:`.
    public var name: String
    /// The keys beside `kind`.
    public var options: [OptionSpec]
    /// For channels: true when all people share one destination.
    public var isShared: Bool
    /// For channels: true when messages are mails.
    public var isMail: Bool
    /// For channels: how many messages may be under way to one destination unless an option `concurrency`, or
    /// half as many `connections`, says otherwise.
    public var defaultConcurrency: Int
    /// For channels: how many messages one destination takes in a time unless an option `rate` says otherwise.
    public var defaultLimits: [RateLimit]
    /// For channels: how many changes to messages all destinations together take in a time unless an option `change_rate`
    /// says otherwise.
    public var defaultChangeLimits: [RateLimit]
    /// For channels: true when it takes the events of all cases, those of an option `events`, and reaches no person.
    public var takesEvents: Bool
    /// For channels: pauses between attempts in place of those of `delivery`.
    public var schedule: [Duration]
    /// For channels: how many leads one message can show.
    public var digestSize: Int
    /// For channels: true when messages can be changed after they were sent.
    public var isEditable: Bool
    /// For channels: whether people can choose in messages themselves, given the options.
    public var takesChoices: @Sendable (OptionValues) -> Bool
    /// For channels: the account that acts for the person at an address; nil where there is none.
    public var account: @Sendable (String) -> String?
    /// For channels: what is wrong with a person's address, as a sentence; nil when it is good.
    public var checkAddress: @Sendable (String) -> String?
    /// What is wrong with options that are each of the right type, taken together; nil when nothing is.
    public var checkOptions: @Sendable (OptionValues) -> OptionFlaw?

    /// A kind; enrichers need a name and options only.
    public init(
        name: String, options: [OptionSpec], isShared: Bool = false, isMail: Bool = false,
        defaultConcurrency: Int = 1, defaultLimits: [RateLimit] = [],
        defaultChangeLimits: [RateLimit] = [], takesEvents: Bool = false,
        schedule: [Duration] = [], digestSize: Int = 25, isEditable: Bool = false,
        takesChoices: @escaping @Sendable (OptionValues) -> Bool = { _ in false },
        account: @escaping @Sendable (String) -> String? = { _ in nil },
        checkAddress: @escaping @Sendable (String) -> String? = { _ in nil },
        checkOptions: @escaping @Sendable (OptionValues) -> OptionFlaw? = { _ in nil }
    ) {
        self.name = name
        self.options = options
        self.isShared = isShared
        self.isMail = isMail
        self.defaultConcurrency = defaultConcurrency
        self.defaultLimits = defaultLimits
        self.defaultChangeLimits = defaultChangeLimits
        self.takesEvents = takesEvents
        self.schedule = schedule
        self.digestSize = digestSize
        self.isEditable = isEditable
        self.takesChoices = takesChoices
        self.account = account
        self.checkAddress = checkAddress
        self.checkOptions = checkOptions
    }
}

/// All kinds that a configuration can name.
public struct Kinds: Sendable {
    /// Ways out.
    public var channels: [KindDescription]
    /// What can add to a lead.
    public var enrichers: [KindDescription]
    /// The names of the presets of mappings.
    public var mappings: [String]

    /// The kinds that the program has.
    public init(
        channels: [KindDescription], enrichers: [KindDescription], mappings: [String] = ["canonical", "salesforce"]
    ) {
        self.channels = channels
        self.enrichers = enrichers
        self.mappings = mappings
    }
}
