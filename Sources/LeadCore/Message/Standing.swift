// Where a case stands, as a message shows it that is kept up to date. Pure.

/// Where a case stands, in words.
public struct Standing: Sendable, Equatable {
    /// The states that a message tells apart; names in them are people's.
    public enum Mark: Sendable, Equatable {
        case open
        case claimed(by: String)
        case settled(owner: String)
        case rejected
        case done(owner: String)
    }

    /// The state.
    public let mark: Mark
    /// Who, since when and by whom; last what they wrote.
    public let sentences: [String]

    /// A state with its sentences.
    public init(_ mark: Mark, _ sentences: [String] = []) {
        self.mark = mark
        self.sentences = sentences
    }

    /// The first sentence, which holds no words of a person; nil where nobody decides or has the lead.
    public var sentence: String? { sentences.first }

    /// The same without words of a person.
    var bare: Standing { Standing(mark, Array(sentences.prefix(1))) }

    /// "Settled, Billy Moss has it: fine-art for Acme Arts".
    func headline(_ title: String, in phrases: Phrases) -> String { phrases.headlines.standing(mark, title) }
}
