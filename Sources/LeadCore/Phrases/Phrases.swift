// All texts of messages in one language, as one channel has them. Made when the configuration is read; what messages cost
// is putting pieces together. Groups are classes, so that looking into one doesn't copy all that is in it.

/// The texts.
public final class Phrases: Sendable {
    /// In which language.
    public let language: Language
    /// First lines and subjects.
    public let headlines = HeadlinePhrases()
    /// One word above the headline.
    public let headings = HeadingPhrases()
    /// What stands before parts of a message, and on links.
    public let labels = LabelPhrases()
    /// What stands before facts.
    public let facts = FactPhrases()
    /// Why a message was sent, what happened, what is next.
    public let sentences = SentencePhrases()
    /// Several leads in one message.
    public let digests = DigestPhrases()
    /// What people choose from in a chat, and what is asked of them before it is done.
    public let chat = ChatPhrases()
    /// What whoever pressed a button is answered.
    public let answers = AnswerPhrases()
    /// Why a choice changed nothing.
    public let refusals = RefusalPhrases()
    /// Until when, and how that was counted.
    public let deadlines = DeadlinePhrases()
    /// Why this route, and who asks again.
    public let reasons = ReasonPhrases()
    /// Why this rep.
    public let ranking = RankingPhrases()
    /// Names of a lead's fields within sentences.
    public let fields = FieldPhrases()
    /// Lists, numbers, lengths of time, days.
    public let units = UnitPhrases()

    /// Month by month, and day by day from Sunday on.
    let months: [String]
    let weekdays: [String]
    private let templates: [String: Template]

    private init(of shelf: PhraseShelf) {
        language = shelf.language
        templates = shelf.templates
        months = Self.parts(units.months(), 12, else: units.months.english)
        weekdays = Self.parts(units.weekdays(), 7, else: units.weekdays.english)
    }

    /// The texts of `language`, where `templates` by name stand in for shipped ones.
    public static func make(_ language: Language, _ templates: [String: Template] = [:]) -> Phrases {
        let shelf = PhraseShelf(language: language, templates: templates)
        return PhraseShelf.$current.withValue(shelf) { Phrases(of: shelf) }
    }

    /// The shipped English ones: of pages, of commands, and of messages unless told otherwise.
    public static let english = make(.english)
    /// As they are shipped, by language.
    static let shipped = [english, make(.german)]

    /// The names of those texts that aren't shipped, and where each was read.
    public var own: [(name: String, place: String?)] {
        templates.map { ($0.key, $0.value.place) }.sorted { $0.name < $1.name }
    }

    /// The same with the shipped text called `name`.
    public func without(_ name: String) -> Phrases { .make(language, templates.filter { $0.key != name }) }

    /// Every text, group by group.
    public var all: [Phrase] { Mirror(reflecting: self).children.flatMap { Self.phrases(in: $0.value) } }

    private static func phrases(in value: Any) -> [Phrase] {
        switch value {
        case let phrase as Phrase: [phrase]
        case let phrases as [Phrase]: phrases
        case is [String], is [String: Template], is Language: []
        default: Mirror(reflecting: value).children.flatMap { phrases(in: $0.value) }
        }
    }

    /// Words parted by spaces; those of `standard` when there are fewer or more than `count`, which the configuration rules
    /// out.
    private static func parts(_ text: String, _ count: Int, else standard: String) -> [String] {
        let parts = text.split(separator: " ").map(String.init)
        return parts.count == count ? parts : standard.split(separator: " ").map(String.init)
    }
}

extension Phrases: Equatable {
    /// The same language with the same templates.
    public static func == (left: Phrases, right: Phrases) -> Bool {
        left === right || left.language == right.language && left.templates == right.templates
    }
}
