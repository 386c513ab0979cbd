// One text of messages: its name, its fields, and its words in the shipped languages, all in one place. A text of a new
// message is one more line in a group of `Phrases`; files of an administrator's, the check and the reference follow.

/// A text with its fields, in one language.
public final class Phrase: Sendable {
    /// As files of texts have it: `headline.decide`.
    public let name: String
    /// In the order in which it is called with them.
    public let fields: [PhraseField]
    /// Those that no template may leave out.
    public let required: [PhraseField]
    /// Whether the text may be empty, which takes it out of the message.
    public let mayBeEmpty: Bool
    /// How many words the text must have, parted by spaces; nil where that is free.
    public let wordCount: Int?
    /// How many characters, in UTF-16 units, are shown of it; nil where that depends on its fields.
    public let limit: Int?
    /// As it is shipped in English.
    public let english: String
    /// As it is shipped in German.
    public let german: String
    private let template: Template

    /// A text called `name` by the shelf that is being filled; made where a group of `Phrases` is.
    ///
    /// A shipped text that is no template is shown as it stands; a test rules that out.
    init(
        _ name: String, _ fields: [PhraseField] = [], needs required: [PhraseField] = [], mayBeEmpty: Bool = false,
        wordCount: Int? = nil, upTo limit: Int? = nil, en english: String, de german: String
    ) {
        self.name = name
        self.fields = fields
        self.required = required
        self.mayBeEmpty = mayBeEmpty
        self.wordCount = wordCount
        self.limit = limit
        self.english = english
        self.german = german
        let shelf = PhraseShelf.current
        template = shelf.templates[name] ?? Self.template(shelf.language == .german ? german : english, fields)
    }

    /// The text with its fields, in their order.
    public func callAsFunction(
        _ first: String = "", _ second: String = "", _ third: String = "", _ fourth: String = "", _ fifth: String = ""
    ) -> String {
        template.filled(first, second, third, fourth, fifth)
    }

    /// As it is shipped in `language`; English where it isn't.
    public func shipped(in language: Language) -> String { language == .german ? german : english }

    /// Reads `text` as a template for this text.
    public func template(of text: String) throws(TemplateFlaw) -> Template { try Template(text, fields: fields) }

    /// Which of the required fields `template` leaves out.
    public func missing(in template: Template) -> [PhraseField] {
        required.filter { field in fields.firstIndex(of: field).map { !template.mentions($0) } ?? true }
    }

    private static func template(_ text: String, _ fields: [PhraseField]) -> Template {
        do throws(TemplateFlaw) { return try Template(text, fields: fields) } catch { return Template(plain: text) }
    }
}

/// What phrases are made of: a language, and templates that stand in for shipped ones.
struct PhraseShelf: Sendable {
    let language: Language
    let templates: [String: Template]

    /// The shelf that phrases are being made of. Groups of phrases are made of their declarations alone, so a shelf can't
    /// be handed to each.
    @TaskLocal static var current = PhraseShelf(language: .english, templates: [:])
}
