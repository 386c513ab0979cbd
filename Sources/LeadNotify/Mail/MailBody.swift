// The text of one part of a mail while it is laid out: lines of bytes, one after the other, so that no line is a string of
// its own. Pure; used by MailText, MailHTML and, for what stands before the parts, MailMessage.

/// Lines, each ended by a line feed.
struct MailBody {
    /// UTF-8.
    private(set) var bytes: [UInt8] = []

    /// Nothing yet, with room for so many bytes.
    init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// Adds what was written in the source.
    mutating func put(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Adds `text`, which holds no line feed.
    mutating func put(_ text: some StringProtocol) { bytes.append(contentsOf: text.utf8) }

    /// Adds `count` spaces.
    mutating func space(_ count: Int) { for _ in 0..<count { bytes.append(0x20) } }

    /// Adds `text` as it stands between tags and in quoted attributes.
    mutating func put(escaped text: some StringProtocol) {
        if text.utf8.withContiguousStorageIfAvailable({ put(escaped: $0) }) == nil {
            Array(text.utf8).withUnsafeBufferPointer { put(escaped: $0) }
        }
    }

    /// What needs no escape goes in one piece.
    private mutating func put(escaped text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for (index, byte) in text.enumerated() {
            guard let reference = Self.reference(to: byte) else { continue }
            bytes.append(contentsOf: text[start..<index])
            put(reference)
            start = index + 1
        }
        bytes.append(contentsOf: text[start...])
    }

    private static func reference(to byte: UInt8) -> StaticString? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        default: nil
        }
    }

    /// Begins anew in the same room.
    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Ends the line.
    mutating func end() { bytes.append(0x0A) }

    /// Adds a whole line.
    mutating func line(_ text: StaticString) {
        put(text)
        end()
    }

    /// Adds a whole line.
    mutating func line(_ text: some StringProtocol) {
        put(text)
        end()
    }

    /// The lines as strings.
    var lines: [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map(String.init)
    }
}
