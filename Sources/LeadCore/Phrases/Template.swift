// A text with places for fields, as `New lead: {{title}}`. It is read once, when the configuration is, and then only put
// together. What comes out is plain text: no template can hold markup, since each channel escapes the whole of it, its
// words and its fields alike.

/// A text's own words, and where its fields stand among them.
public struct Template: Sendable, Equatable {
    /// A field, by its place among the text's fields, and how many bytes of the text's own words stand before it.
    private struct Gap: Sendable, Equatable {
        let field: Int
        let offset: Int
    }

    /// The text's own words, without the fields.
    private let words: [UInt8]
    /// In their order.
    private let gaps: [Gap]
    /// The text, where it has no fields.
    private let plain: String?
    /// The file and the line that it was read from; nil for shipped texts.
    public var place: String?

    /// The longest that a template may be, in characters.
    public static let longest = 500

    /// Reads `text`, which may hold each of `fields` any number of times; whatever names no field, or isn't closed, is
    /// refused.
    public init(_ text: String, fields: [PhraseField] = []) throws(TemplateFlaw) {
        if let index = text.unicodeScalars.firstIndex(where: Self.isRefused) {
            throw .control(at: Self.offset(of: index, in: text))
        }
        guard text.count <= Self.longest else { throw .tooLong(at: Self.longest) }
        var words: [UInt8] = []
        var gaps: [Gap] = []
        var rest = text[...]
        while let open = rest.firstRange(of: "{{") {
            if let stray = rest[..<open.lowerBound].firstRange(of: "}}") {
                throw .unopened(at: Self.offset(of: stray.lowerBound, in: text))
            }
            words += rest[..<open.lowerBound].utf8
            let offset = Self.offset(of: open.lowerBound, in: text)
            guard let close = rest[open.upperBound...].firstRange(of: "}}") else { throw .unclosed(at: offset) }
            let name = String(rest[open.upperBound..<close.lowerBound]).trimmed
            guard !name.contains("{{") else { throw .unclosed(at: offset) }
            guard let place = fields.firstIndex(where: { $0.name == name }) else {
                throw .unknownField(name, at: offset + 2)
            }
            gaps.append(Gap(field: place, offset: words.count))
            rest = rest[close.upperBound...]
        }
        if let stray = rest.firstRange(of: "}}") { throw .unopened(at: Self.offset(of: stray.lowerBound, in: text)) }
        self.words = words + rest.utf8
        self.gaps = gaps
        plain = gaps.isEmpty ? text : nil
    }

    /// A text without fields.
    init(plain text: String) {
        words = Array(text.utf8)
        gaps = []
        plain = text
    }

    /// The same text, wherever it was read.
    public static func == (left: Template, right: Template) -> Bool {
        left.words == right.words && left.gaps == right.gaps
    }

    /// Whether the field at `place` stands in it.
    func mentions(_ place: Int) -> Bool { gaps.contains { $0.field == place } }

    /// The text with its fields, by their places. A full stop behind a field that ends with one is left out: "until Mon 30
    /// Nov." ends its sentence itself. Every message has several of these, so the bytes are copied once, into the text itself.
    func filled(_ first: String, _ second: String, _ third: String, _ fourth: String, _ fifth: String) -> String {
        if let plain { return plain }
        /// Without a list, which would be an allocation.
        func field(_ place: Int) -> String {
            switch place {
            case 0: first
            case 1: second
            case 2: third
            case 3: fourth
            default: fifth
            }
        }
        let size = gaps.reduce(words.count) { $0 + field($1.field).utf8.count }
        return String(unsafeUninitializedCapacity: size) { buffer in
            let whole = UnsafeMutableRawBufferPointer(buffer)
            let stop = UInt8(ascii: ".")
            var count = 0
            func write(_ bytes: UnsafeRawBufferPointer) {
                UnsafeMutableRawBufferPointer(rebasing: whole[count...]).copyMemory(from: bytes)
                count += bytes.count
            }
            func write(_ words: Slice<UnsafeRawBufferPointer>) {
                let isDouble = count > 0 && whole[count - 1] == stop && words.first == stop
                write(UnsafeRawBufferPointer(rebasing: isDouble ? words.dropFirst() : words))
            }
            words.withUnsafeBytes { words in
                var start = 0
                for gap in gaps {
                    write(words[start..<gap.offset])
                    start = gap.offset
                    var text = field(gap.field)
                    text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
                }
                write(words[start...])
            }
            return count
        }
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
