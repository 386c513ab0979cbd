// Text from outside made fit to be shown: no controls, no characters that reorder what stands after them, no endless
// characters, and not longer than its place. Pure; it can't fail. Used by every renderer before any escaping.

/// Cleans and cuts text, always between characters as people see them.
enum CleanText {
    /// What stands where text was cut off.
    static let ellipsis: Character = "…"

    /// `text` as one line of at most `limit` characters; white space, line ends and controls become single spaces.
    static func line(_ text: String, atMost limit: Int) -> String {
        if text.utf8.count < limit, isTidy(text) { return text }
        return lines(text, atMost: limit, lines: 1).first ?? ""
    }

    /// `text` as at most `lines` lines of together at most `limit` characters and four times as many bytes.
    static func lines(_ text: String, atMost limit: Int, lines: Int) -> [String] {
        if text.utf8.count < limit, !text.isEmpty, isTidy(text) { return [text] }
        var page = Page(room: limit - 1, bytes: limit * 4, maximumLines: lines)
        for character in text {
            guard page.add(character) else { break }
        }
        return page.finished()
    }

    /// `text` cut so that its `measure`, which finds no more in a character than it has bytes, is at most `limit`.
    static func cut(_ text: String, to limit: Int, by measure: (Character) -> Int) -> String {
        if text.utf8.count <= limit { return text }
        var room = limit - measure(ellipsis)
        var rest = 0
        var kept = text.endIndex
        for index in text.indices {
            let size = measure(text[index])
            if kept == text.endIndex {
                if size > room { kept = index } else { room -= size }
            }
            if kept != text.endIndex { rest += size }
        }
        guard kept != text.endIndex, rest > room + measure(ellipsis) else { return text }
        var head = text[..<kept]
        while let last = head.last, last.isWhitespace { head.removeLast() }
        return head + String(ellipsis)
    }

    /// Printable ASCII with single spaces inside, which is how most texts are.
    static func isTidy(_ text: some StringProtocol) -> Bool {
        text.utf8.withContiguousStorageIfAvailable { isTidy(UnsafeRawBufferPointer($0)) }
            ?? Array(text.utf8).withUnsafeBytes(isTidy)
    }

    private static func isTidy(_ text: UnsafeRawBufferPointer) -> Bool {
        var isAfterSpace = true
        var index = 0
        while index + 8 <= text.count {
            let bytes = EightBytes(in: text, at: index)
            let spaces = bytes.spaces
            // A bit for each byte that follows a space.
            let afterSpaces = spaces << 8 | (isAfterSpace ? 0x80 : 0)
            guard bytes.arePrintable, spaces & afterSpaces == 0 else { return false }
            isAfterSpace = spaces >> 63 == 1
            index += 8
        }
        for byte in text[index...] {
            guard (0x20...0x7E).contains(byte), byte != 0x20 || !isAfterSpace else { return false }
            isAfterSpace = byte == 0x20
        }
        return !isAfterSpace || text.isEmpty
    }
}

extension CleanText {
    /// What a character is to the page.
    private enum Role {
        case space
        case lineEnd
        case visible(String)
        case nothing
    }

    /// A character of more parts than any emoji has is a stack of marks that would run over its neighbours.
    private static let mostParts = 24

    private static func role(of character: Character) -> Role {
        if let ascii = character.asciiValue {
            switch ascii {
            case 0x0A...0x0D: return .lineEnd
            case 0x21...0x7E: return .visible(String(character))
            default: return .space
            }
        }
        var parts = String.UnicodeScalarView()
        var isSpace = false
        for scalar in character.unicodeScalars {
            switch scalar.value {
            case 0x0A...0x0D, 0x85, 0x2028, 0x2029: return .lineEnd
            case 0x00...0x1F, 0x7F...0x9F: isSpace = true
            // Directional embeddings, overrides and isolates would also reorder the text that follows.
            case 0x202A...0x202E, 0x2066...0x2069: continue
            // Invisible operators, the byte order mark, annotations and non-characters show nothing.
            case 0x2060...0x2065, 0x206A...0x206F, 0xFEFF, 0xFFF9...0xFFFB, 0xFDD0...0xFDEF: continue
            case let value where value & 0xFFFE == 0xFFFE: continue
            default:
                let isMark = scalar.properties.isGraphemeExtend
                if scalar.properties.isWhitespace {
                    isSpace = true
                } else if parts.count < mostParts, !isMark || !parts.isEmpty {
                    // A mark without a base would settle on the character before.
                    parts.append(scalar)
                }
            }
        }
        return isSpace ? .space : parts.isEmpty ? .nothing : .visible(String(parts))
    }

    /// Lines as they fill up.
    private struct Page {
        var room: Int
        var bytes: Int
        let maximumLines: Int
        private var lines: [String] = []
        private var line = ""
        private var gap = false
        private var isCut = false

        init(room: Int, bytes: Int, maximumLines: Int) {
            self.room = room
            self.bytes = bytes
            self.maximumLines = maximumLines
        }

        /// Takes one character; false once the page is full, so that the rest need not be looked at.
        mutating func add(_ character: Character) -> Bool {
            switch CleanText.role(of: character) {
            case .nothing: return true
            case .space: gap = true
            case .lineEnd where maximumLines == 1: gap = true
            case .lineEnd: endLine()
            case .visible(let text):
                let space = gap && !line.isEmpty ? " " : ""
                let needed = space.utf8.count + text.utf8.count
                guard lines.count < maximumLines, room > space.count, bytes >= needed + 3 else {
                    isCut = true
                    return false
                }
                line += space + text
                room -= space.count + 1
                bytes -= needed
                gap = false
            }
            return true
        }

        /// Ends the line; of several empty ones the first stays.
        private mutating func endLine() {
            gap = false
            guard !line.isEmpty || !(lines.last ?? "").isEmpty else { return }
            lines.append(line)
            line = ""
            room -= 1
            bytes -= 1
        }

        func finished() -> [String] {
            var all = lines
            if !line.isEmpty { all.append(line) }
            while let last = all.last, last.isEmpty { all.removeLast() }
            guard isCut else { return all }
            if all.isEmpty { return [String(CleanText.ellipsis)] }
            all[all.count - 1].append(CleanText.ellipsis)
            return all
        }
    }
}
