// A text with places for fields, as `New lead: {{title}}`. It is read once, when the configuration is, and then only put
// together. What comes out is plain text: no template can hold markup, since each channel escapes the whole of it, its
// words and its fields alike.

/// A text's pieces.
public struct Template: Sendable, Equatable {
    private enum Piece: Sendable, Equatable {
        case words(String)
        /// By its place among the text's fields.
        case field(Int)
    }

    private let pieces: [Piece]
    /// The text, where it has no fields.
    private let plain: String?
    /// How many bytes its own words have.
    private let size: Int

    /// The longest that a template may be, in characters.
    public static let longest = 500

    /// Reads `text`, which may hold each of `fields` any number of times; whatever names no field, or isn't closed, is
    /// refused.
    public init(_ text: String, fields: [PhraseField] = []) throws(TemplateFlaw) {
        if let index = text.unicodeScalars.firstIndex(where: Self.isRefused) {
            throw .control(at: Self.offset(of: index, in: text))
        }
        guard text.count <= Self.longest else { throw .tooLong(at: Self.longest) }
        var pieces: [Piece] = []
        var rest = text[...]
        while let open = rest.firstRange(of: "{{") {
            if open.lowerBound > rest.startIndex { pieces.append(.words(String(rest[..<open.lowerBound]))) }
            let offset = Self.offset(of: open.lowerBound, in: text)
            guard let close = rest[open.upperBound...].firstRange(of: "}}") else { throw .unclosed(at: offset) }
            let name = String(rest[open.upperBound..<close.lowerBound]).trimmed
            guard !name.contains("{{") else { throw .unclosed(at: offset) }
            guard let place = fields.firstIndex(where: { $0.name == name }) else {
                throw .unknownField(name, at: offset + 2)
            }
            pieces.append(.field(place))
            rest = rest[close.upperBound...]
        }
        if let stray = rest.firstRange(of: "}}") { throw .unopened(at: Self.offset(of: stray.lowerBound, in: text)) }
        if !rest.isEmpty { pieces.append(.words(String(rest))) }
        self.init(pieces)
    }

    /// A text without fields.
    init(plain text: String) { self.init([.words(text)]) }

    private init(_ pieces: [Piece]) {
        self.pieces = pieces
        var words = ""
        var hasFields = false
        for piece in pieces {
            switch piece {
            case .words(let text): words += text
            case .field: hasFields = true
            }
        }
        plain = hasFields ? nil : words
        size = words.utf8.count
    }

    /// Whether the field at `place` stands in it.
    func mentions(_ place: Int) -> Bool { pieces.contains(.field(place)) }

    /// The text with its fields, by their places.
    func filled(_ first: String, _ second: String, _ third: String, _ fourth: String, _ fifth: String) -> String {
        if let plain { return plain }
        var text = ""
        text.reserveCapacity(
            size + first.utf8.count + second.utf8.count + third.utf8.count + fourth.utf8.count + fifth.utf8.count)
        for piece in pieces {
            switch piece {
            case .words(let words): text += words
            case .field(0): text += first
            case .field(1): text += second
            case .field(2): text += third
            case .field(3): text += fourth
            case .field: text += fifth
            }
        }
        return text
    }

    /// Controls, and characters that turn the text behind them around.
    private static func isRefused(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    private static func offset(of index: String.Index, in text: String) -> Int {
        text.unicodeScalars.distance(from: text.startIndex, to: index)
    }
}

/// Why a text is no template, and where: in Unicode scalars from the text's beginning.
public enum TemplateFlaw: Error, Sendable, Equatable {
    /// `{{` without its `}}`.
    case unclosed(at: Int)
    /// `}}` without its `{{`.
    case unopened(at: Int)
    /// The text has no such field.
    case unknownField(String, at: Int)
    /// A character that may stand in no message.
    case control(at: Int)
    /// More characters than a text may have.
    case tooLong(at: Int)

    /// The place.
    public var offset: Int {
        switch self {
        case .unclosed(let offset), .unopened(let offset), .unknownField(_, let offset), .control(let offset),
            .tooLong(let offset):
            offset
        }
    }
}
