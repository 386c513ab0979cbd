// The patterns by which libphonenumber describes numbers, matched without a regular expression engine: they have digits,
// `[..]`, `\d`, groups, `|` and counts, and nothing else. Pure. Used by the numbering plans.

/// At most sixteen decimal digits.
struct Digits: Equatable, Sendable {
    /// Four bits a digit, the first one lowest.
    private var packed: UInt64 = 0
    private(set) var count = 0

    static let most = 16

    /// The digit at `place`, which is below `most`.
    subscript(place: Int) -> UInt16 { UInt16(truncatingIfNeeded: packed >> UInt64(4 * place)) & 15 }

    /// The number that they are.
    var number: Int { (0..<count).reduce(0) { $0 * 10 + Int(self[$1]) } }

    /// There must be room for one more.
    mutating func append(_ digit: UInt8) {
        packed |= UInt64(digit) << UInt64(4 * count)
        count += 1
    }

    func dropFirst(_ number: Int) -> Digits {
        var rest = self
        rest.packed = number < Self.most ? packed >> UInt64(4 * number) : 0
        rest.count = max(0, count - number)
        return rest
    }

    func starts(with other: Digits) -> Bool {
        guard other.count <= count else { return false }
        return other.count == 0 || (packed ^ other.packed) << UInt64(4 * (Self.most - other.count)) == 0
    }
}

extension Digits {
    /// Nil when `text` has anything but digits, or too many.
    init?(_ text: String) {
        guard text.utf8.count <= Self.most else { return nil }
        for byte in text.utf8 {
            guard (0x30...0x39).contains(byte) else { return nil }
            append(byte - 0x30)
        }
    }
}

/// A pattern of digits.
///
/// Instead of trying one way after the other it follows all at once: which places of the number can be reached is a set of
/// at most seventeen bits, and every part of the pattern makes one set of another.
struct DigitPattern: Sendable {
    /// A part, with how often it stands in a row.
    private struct Part: Sendable {
        /// Bits of the digits that fit; 0 for a group, whose branches follow.
        var digits: UInt16 = 0
        var least: UInt8 = 1
        var most: UInt8 = 1
        /// Of a group or branch: the part after its last one.
        var end: UInt16 = 0
    }

    private var parts: [Part] = []

    /// Nil when `text` has something that isn't known here.
    init?(_ text: String) {
        var bytes = Array(text.utf8)[...]
        guard readGroup(&bytes), bytes.isEmpty else { return nil }
    }

    /// True when the whole of `digits` is so.
    func matches(_ digits: Digits) -> Bool { ends(in: digits) & (1 << UInt32(digits.count)) != 0 }

    /// True when `digits` begin so.
    func begins(_ digits: Digits) -> Bool { ends(in: digits) != 0 }

    // MARK: Matching

    /// Where the pattern can end when it begins at the beginning, a bit each.
    private func ends(in digits: Digits) -> UInt32 {
        parts.withUnsafeBufferPointer { parts in Self.run(parts, 0, parts.count, digits, from: 1) }
    }

    /// The places that the parts from `start` up to `end` reach from `places`.
    private static func run(
        _ parts: UnsafeBufferPointer<Part>, _ start: Int, _ end: Int, _ digits: Digits, from places: UInt32
    ) -> UInt32 {
        var places = places
        var index = start
        while index < end, places != 0 {
            let part = parts[index]
            var reached = part.least == 0 ? places : 0
            var count: UInt8 = 0
            while count < part.most, places != 0 {
                places =
                    part.digits != 0
                    ? step(part.digits, digits, from: places) : branch(parts, index, digits, from: places)
                count += 1
                if count >= part.least { reached |= places }
            }
            places = reached
            index = part.digits != 0 ? index + 1 : Int(part.end)
        }
        return places
    }

    private static func branch(
        _ parts: UnsafeBufferPointer<Part>, _ group: Int, _ digits: Digits, from places: UInt32
    ) -> UInt32 {
        var reached: UInt32 = 0
        var index = group + 1
        while index < Int(parts[group].end) {
            let end = Int(parts[index].end)
            reached |= run(parts, index + 1, end, digits, from: places)
            index = end
        }
        return reached
    }

    private static func step(_ fitting: UInt16, _ digits: Digits, from places: UInt32) -> UInt32 {
        var reached: UInt32 = 0
        var rest = places & ((1 << UInt32(digits.count)) - 1)
        while rest != 0 {
            let place = rest.trailingZeroBitCount
            if fitting >> digits[place] & 1 != 0 { reached |= 2 << UInt32(place) }
            rest &= rest - 1
        }
        return reached
    }

    // MARK: Reading

    private static let allDigits: UInt16 = 0x3FF

    /// Reads branches up to a `)` or the end.
    private mutating func readGroup(_ bytes: inout ArraySlice<UInt8>) -> Bool {
        let group = parts.count
        parts.append(Part())
        repeat {
            let branch = parts.count
            parts.append(Part())
            while let byte = bytes.first, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
                guard readPart(&bytes) else { return false }
            }
            guard parts.count < Int(UInt16.max) else { return false }
            parts[branch].end = UInt16(parts.count)
        } while take("|", &bytes)
        parts[group].end = UInt16(parts.count)
        return true
    }

    private mutating func readPart(_ bytes: inout ArraySlice<UInt8>) -> Bool {
        let index = parts.count
        guard let byte = bytes.popFirst() else { return false }
        switch byte {
        case UInt8(ascii: "("):
            if bytes.first == UInt8(ascii: "?") {
                bytes.removeFirst()
                guard take(":", &bytes) else { return false }
            }
            guard readGroup(&bytes), take(")", &bytes) else { return false }
        case UInt8(ascii: "["):
            guard let digits = Self.readClass(&bytes) else { return false }
            parts.append(Part(digits: digits))
        case UInt8(ascii: "\\"):
            guard take("d", &bytes) else { return false }
            parts.append(Part(digits: Self.allDigits))
        case 0x30...0x39: parts.append(Part(digits: 1 << UInt16(byte - 0x30)))
        default: return false
        }
        return readCount(&bytes, of: index)
    }

    /// Digits and ranges of them up to the `]`.
    private static func readClass(_ bytes: inout ArraySlice<UInt8>) -> UInt16? {
        var digits: UInt16 = 0
        while let byte = bytes.popFirst() {
            if byte == UInt8(ascii: "]") { return digits == 0 ? nil : digits }
            guard (0x30...0x39).contains(byte) else { return nil }
            var last = byte
            if bytes.first == UInt8(ascii: "-") {
                bytes.removeFirst()
                guard let end = bytes.popFirst(), end >= byte, end <= 0x39 else { return nil }
                last = end
            }
            for digit in byte...last { digits |= 1 << UInt16(digit - 0x30) }
        }
        return nil
    }

    /// `?`, `{2}` or `{2,5}` behind the part at `index`.
    private mutating func readCount(_ bytes: inout ArraySlice<UInt8>, of index: Int) -> Bool {
        if take("?", &bytes) {
            parts[index].least = 0
        } else if take("{", &bytes) {
            guard let least = Self.readNumber(&bytes) else { return false }
            var most = least
            if take(",", &bytes) {
                guard let number = Self.readNumber(&bytes) else { return false }
                most = number
            }
            guard least <= most, most > 0, take("}", &bytes) else { return false }
            parts[index].least = least
            parts[index].most = most
        }
        // What would mean something else behind a count, or says that there is no end.
        return bytes.first.map { !"?+*{".utf8.contains($0) } ?? true
    }

    private static func readNumber(_ bytes: inout ArraySlice<UInt8>) -> UInt8? {
        var number: UInt8?
        while let byte = bytes.first, (0x30...0x39).contains(byte) {
            guard (number ?? 0) < 10 else { return nil }
            number = (number ?? 0) * 10 + byte - 0x30
            bytes.removeFirst()
        }
        return number
    }

    private func take(_ character: Unicode.Scalar, _ bytes: inout ArraySlice<UInt8>) -> Bool {
        guard bytes.first == UInt8(ascii: character) else { return false }
        bytes.removeFirst()
        return true
    }
}
