// The texts of all languages that messages are written in, with what an administrator has put in their place. Part of the
// rulebook, so a reload replaces it whole.

/// Texts by language and channel.
public struct PhraseBook: Sendable, Equatable {
    /// What messages are written in for who has no language of their own.
    public let language: Language
    /// One for each language; they are a few, so that to look through them is the fastest.
    private let languages: [Phrases]
    /// Those channels that have texts of their own, with them.
    private let channels: [(id: ChannelID, languages: [Phrases])]
    /// Those of `language`.
    private let standard: Phrases

    /// The shipped texts, with `templates` in their place: by language, by channel where one is named, and by name.
    public init(
        language: Language = .english, templates: [Language: [ChannelID?: [String: Template]]] = [:]
    ) {
        var languages: [Phrases] = []
        var channels: [ChannelID: [Phrases]] = [:]
        let further = templates.keys.filter { !Language.shipped.contains($0) }.sorted { $0.code < $1.code }
        for language in Language.shipped + further {
            let common = templates[language]?[nil] ?? [:]
            let shipped = common.isEmpty ? Phrases.shipped.first { $0.language == language } : nil
            languages.append(shipped ?? .make(language, common))
            for case (let channel?, let own) in templates[language] ?? [:] {
                channels[channel, default: []].append(.make(language, common.merging(own) { $1 }))
            }
        }
        self.language = language
        self.languages = languages
        self.channels = channels.map { ($0.key, $0.value) }.sorted { $0.id < $1.id }
        standard = languages.first { $0.language == language } ?? .english
    }

    /// A book of nothing but `phrases`.
    public init(only phrases: Phrases) {
        language = phrases.language
        languages = [phrases]
        channels = []
        standard = phrases
    }

    /// The shipped texts alone.
    public static let shipped = PhraseBook()

    /// The texts of `language` on `channel`; English ones where nobody has written any in it.
    public func phrases(_ language: Language, on channel: ChannelID? = nil) -> Phrases {
        if !channels.isEmpty, let own = channels.first(where: { $0.id == channel }),
            let phrases = own.languages.first(where: { $0.language == language })
        {
            return phrases
        }
        if language == self.language { return standard }
        return languages.first { $0.language == language } ?? .english
    }

    /// The languages that there are texts in, by code.
    public var known: [Language] { languages.map(\.language).sorted { $0.code < $1.code } }

    /// Whether there are texts in `language` that reach `channel`, or every channel; else it has English ones.
    public func has(_ language: Language, on channel: ChannelID? = nil) -> Bool {
        Language.shipped.contains(language) || !phrases(language, on: channel).own.isEmpty
    }

    public static func == (left: PhraseBook, right: PhraseBook) -> Bool {
        left.language == right.language && left.languages == right.languages
            && left.channels.elementsEqual(right.channels) { $0.id == $1.id && $0.languages == $1.languages }
    }
}
