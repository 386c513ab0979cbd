// The texts of all languages that messages are written in, with what an administrator has put in their place. Part of the
// rulebook, so a reload replaces it whole.

/// Texts by language and channel.
public struct PhraseBook: Sendable, Equatable {
    /// What messages are written in for who has no language of their own.
    public let language: Language
    private let languages: [Language: Phrases]
    /// Those channels that have texts of their own.
    private let channels: [ChannelID: [Language: Phrases]]

    /// The shipped texts, with `templates` in their place: by language, by channel where one is named, and by name.
    public init(
        language: Language = .english, templates: [Language: [ChannelID?: [String: Template]]] = [:]
    ) {
        self.language = language
        var languages: [Language: Phrases] = [:]
        var channels: [ChannelID: [Language: Phrases]] = [:]
        for language in Language.shipped + templates.keys.filter({ !Language.shipped.contains($0) }) {
            let common = templates[language]?[nil] ?? [:]
            languages[language] = common.isEmpty ? Self.shippedPhrases[language] : nil
            languages[language] = languages[language] ?? .make(language, common)
            for case (let channel?, let own) in templates[language] ?? [:] {
                channels[channel, default: [:]][language] = .make(language, common.merging(own) { $1 })
            }
        }
        self.languages = languages
        self.channels = channels
    }

    /// The shipped texts alone.
    public static let shipped = PhraseBook()
    private static let shippedPhrases: [Language: Phrases] = [.english: .english, .german: .make(.german)]

    /// The texts of `language` on `channel`; English ones where nobody has written any in it.
    public func phrases(_ language: Language, on channel: ChannelID? = nil) -> Phrases {
        if !channels.isEmpty, let channel, let own = channels[channel]?[language] { return own }
        return languages[language] ?? .english
    }

    /// The languages that there are texts in, by code.
    public var known: [Language] { languages.keys.sorted { $0.code < $1.code } }
}
