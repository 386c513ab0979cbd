// Options of the kinds that a configuration can name (channels, enrichers). Each kind declares its options here; the
// program reads and checks them by that declaration alone, so a new kind needs no new reading code.

/// What an option's text must be.
public enum OptionType: Sendable, Equatable {
    case text
    /// A reference to a secret: `env:NAME`, `file:PATH`, `credential:NAME`.
    case secret
    case integer(ClosedRange<Int>)
    case duration
    case flag
    case choice([String])
    /// Some of these, each once.
    case choices([String])
    /// Rates that are all kept, as in `1/s` or `[4/s, 60/30s]`, or `none`.
    case rate
    /// A file; relative to the configuration's folder.
    case file
    /// A list of texts, or a single one.
    case texts
    /// Names of the file's own choice with a text each.
    case pairs
    /// Names of the file's own choice with a reference to a secret each.
    case secrets
    /// Labels with the words that speak for them, each with a weight.
    case wordLists
    /// The name of a preset of mappings, or of one that the file declares.
    case mapping
}

/// One option of a kind.
public struct OptionSpec: Sendable, Equatable {
    /// The key in the configuration.
    public let name: String
    /// What its text must be.
    public let type: OptionType
    /// True when the kind can't do without.
    public let isRequired: Bool
    /// One sentence for the reference.
    public let help: String

    /// An option.
    public init(_ name: String, _ type: OptionType, isRequired: Bool = false, help: String) {
        self.name = name
        self.type = type
        self.isRequired = isRequired
        self.help = help
    }
}

/// An option as it was read.
public enum OptionValue: Sendable, Equatable {
    case text(String)
    case texts([String])
    case secret(Secret)
    case integer(Int)
    case duration(Duration)
    case flag(Bool)
    case rate([RateLimit])
    case pairs([NamedValue<String>])
    case secrets([NamedValue<Secret>])
    case wordLists([WordList])
    case mapping(FieldMapping)
}

/// A name of the file's own choice with its value.
public struct NamedValue<Value: Sendable & Equatable>: Sendable, Equatable {
    public let name: String
    public let value: Value

    /// A name with its value.
    public init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }
}

/// A label and the words that speak for it, or, with a weight below 0, against it.
public struct WordList: Sendable, Equatable {
    /// A word or several in a row; `*` at an end of a word stands for any letters.
    public struct Word: Sendable, Equatable {
        public let text: String
        public let weight: Int

        /// A word with its weight.
        public init(_ text: String, weight: Int = 1) {
            self.text = text
            self.weight = weight
        }
    }

    public let label: String
    public let words: [Word]

    /// A list of words for `label`.
    public init(_ label: String, _ words: [Word]) {
        self.label = label
        self.words = words
    }
}

/// The options of one configured channel or enricher, of the declared types.
public struct OptionValues: Sendable, Equatable {
    private let values: [String: OptionValue]

    /// Options by name.
    public init(_ values: [String: OptionValue]) { self.values = values }

    /// The text, choice or file called `name`; nil when not given.
    public func text(_ name: String) -> String? { if case .text(let text) = values[name] { text } else { nil } }
    /// The choices called `name`; nil when not given.
    public func choices(_ name: String) -> [String]? { if case .texts(let it) = values[name] { it } else { nil } }
    /// The secret called `name`.
    public func secret(_ name: String) -> Secret? { if case .secret(let it) = values[name] { it } else { nil } }
    /// The number called `name`.
    public func integer(_ name: String) -> Int? { if case .integer(let it) = values[name] { it } else { nil } }
    /// The duration called `name`.
    public func duration(_ name: String) -> Duration? {
        if case .duration(let it) = values[name] { it } else { nil }
    }
    /// The rates called `name`; empty for `none`.
    public func rate(_ name: String) -> [RateLimit]? {
        if case .rate(let it) = values[name] { it } else { nil }
    }
    /// The flag called `name`.
    public func flag(_ name: String) -> Bool? { if case .flag(let it) = values[name] { it } else { nil } }
    /// The list called `name`; empty when not given.
    public func texts(_ name: String) -> [String] { if case .texts(let it) = values[name] { it } else { [] } }
    /// The mapping called `name`; nil when not given.
    public func mapping(_ name: String) -> FieldMapping? {
        if case .mapping(let it) = values[name] { it } else { nil }
    }
    /// The names with texts called `name`, in the order of the file.
    public func pairs(_ name: String) -> [NamedValue<String>] {
        if case .pairs(let it) = values[name] { it } else { [] }
    }
    /// The names with secrets called `name`, in the order of the file.
    public func secrets(_ name: String) -> [NamedValue<Secret>] {
        if case .secrets(let it) = values[name] { it } else { [] }
    }
    /// The lists of words called `name`, in the order of the file.
    public func wordLists(_ name: String) -> [WordList] {
        if case .wordLists(let it) = values[name] { it } else { [] }
    }
}

/// Why options don't make a channel or an enricher.
public struct OptionFlaw: Error, Sendable, Equatable {
    /// The option at fault; nil when it is the whole.
    public let option: String?
    /// A plain sentence with the remedy; no secret.
    public let sentence: String

    /// A flaw.
    public init(option: String? = nil, _ sentence: String) {
        self.option = option
        self.sentence = sentence
    }
}
