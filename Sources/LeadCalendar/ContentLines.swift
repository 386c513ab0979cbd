// The content lines of a file (RFC 5545, section 3.1): unfolded, in UTF-8, split into name, parameters and value. Fails
// at the first line that has no such shape.

/// A property as it stands in the file.
struct ContentLine: Equatable {
    struct Parameter: Equatable {
        let name: String
        let value: String
    }

    /// Where it begins, 1-based.
    let number: Int
    /// In capitals.
    let name: String
    let parameters: [Parameter]
    let value: String

    func parameter(_ name: String) -> String? { parameters.first { $0.name == name }?.value }
}

/// The lines of a file, one after the other.
struct ContentLines {
    private let bytes: [UInt8]
    private var place = 0
    private var number = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    }

    /// The next line that isn't blank, or nil at the end.
    mutating func next() throws(ICalendarFlaw) -> ContentLine? {
        while place < bytes.count {
            let line = unfolded()
            guard !line.bytes.allSatisfy({ $0 == 32 || $0 == 9 }) else { continue }
            return try Self.split(line.bytes, number: line.number)
        }
        return nil
    }

    private mutating func unfolded() -> (bytes: [UInt8], number: Int) {
        var line = Array(physical())
        let first = number
        // Folds may fall within a character, so they go before the bytes are read as text.
        while place < bytes.count, bytes[place] == 32 || bytes[place] == 9 { line += physical().dropFirst() }
        return (line, first)
    }

    private mutating func physical() -> ArraySlice<UInt8> {
        number += 1
        let end = bytes[place...].firstIndex(of: 10) ?? bytes.count
        let line = bytes[place..<end]
        place = min(end + 1, bytes.count)
        return line.last == 13 ? line.dropLast() : line
    }

    private static func split(_ bytes: [UInt8], number: Int) throws(ICalendarFlaw) -> ContentLine {
        guard !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil else {
            throw ICalendarFlaw(.notText, line: number)
        }
        let broken = ICalendarFlaw(.brokenLine, line: number)
        var rest = bytes[...]
        let name = rest.prefix(while: isNameByte)
        rest = rest.dropFirst(name.count)
        guard !name.isEmpty else { throw broken }
        var parameters: [ContentLine.Parameter] = []
        while rest.first == semicolon {
            rest = rest.dropFirst()
            let name = rest.prefix(while: isNameByte)
            rest = rest.dropFirst(name.count)
            guard !name.isEmpty, rest.popFirst() == equals else { throw broken }
            var value: [UInt8] = []
            var isQuoted = false
            while let byte = rest.first, isQuoted || (byte != semicolon && byte != colon) {
                if byte == quote { isQuoted.toggle() } else { value.append(byte) }
                rest = rest.dropFirst()
            }
            guard !isQuoted else { throw broken }
            parameters.append(.init(name: text(name).uppercased(), value: text(value[...])))
        }
        guard rest.popFirst() == colon else { throw broken }
        return ContentLine(
            number: number, name: text(name).uppercased(), parameters: parameters, value: text(rest))
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, 45, 95, 46: true
        default: false
        }
    }

    private static let semicolon = UInt8(ascii: ";")
    private static let colon = UInt8(ascii: ":")
    private static let equals = UInt8(ascii: "=")
    private static let quote = UInt8(ascii: "\"")
}

extension String {
    /// A TEXT value (RFC 5545, section 3.3.11) as a name on one line: trimmed, no control characters, 200 at most.
    init(calendarText value: String) {
        var scalars = String.UnicodeScalarView()
        var isEscaped = false
        // A character may be any number of scalars: what is kept is bounded as well.
        for scalar in value.unicodeScalars.prefix(4000) {
            if scalar == "\\", !isEscaped {
                isEscaped = true
                continue
            }
            let isBreak = isEscaped ? scalar == "n" || scalar == "N" : scalar == "\t"
            isEscaped = false
            switch scalar.properties.generalCategory {
            case _ where isBreak, .spaceSeparator, .lineSeparator, .paragraphSeparator:
                if scalars.last != " " { scalars.append(" ") }
            // Joiners hold emoji and several scripts together.
            case .format where scalar == "\u{200C}" || scalar == "\u{200D}": scalars.append(scalar)
            case .control, .format, .surrogate, .unassigned: continue
            default: scalars.append(scalar)
            }
        }
        let trimmed = scalars.first == " " ? String(scalars).dropFirst() : String(scalars)[...]
        let kept = trimmed.prefix(200)
        self = String(kept.last == " " ? kept.dropLast() : kept)
    }
}
