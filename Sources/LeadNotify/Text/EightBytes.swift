// Eight bytes of a text that are looked at together, for texts of which every byte is looked at. Pure; used by CleanText and
// QuotedPrintable.

/// Eight neighbouring bytes.
struct EightBytes {
    private let word: UInt64

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits = ones << 7

    /// The bytes of `text` that begin at `offset`, where at least eight are left.
    init(in text: UnsafeRawBufferPointer, at offset: Int) {
        word = UInt64(littleEndian: text.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Whether each is a printable character of ASCII or a space. A subtraction has to borrow for the lowest byte that isn't, and
    /// so sets its highest bit; of those above it nothing is told.
    var arePrintable: Bool {
        (word | ((word &- Self.ones &* 0x20) & ~word)) & Self.highBits == 0 && !contains(0x7F)
    }

    /// Whether one of them is `byte`; by such a borrowing too.
    func contains(_ byte: UInt8) -> Bool {
        let difference = word ^ (Self.ones &* UInt64(byte))
        return (difference &- Self.ones) & ~difference & Self.highBits != 0
    }

    /// The highest bit of each byte that is a space, and no other bits. The first byte's is the lowest. An addition within each
    /// byte, which carries nothing, tells of every one.
    var spaces: UInt64 {
        let difference = word ^ (Self.ones &* 0x20)
        return ~(((difference & ~Self.highBits) &+ ~Self.highBits) | difference) & Self.highBits
    }
}
