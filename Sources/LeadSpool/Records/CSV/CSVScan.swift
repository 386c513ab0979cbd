// Cuts one row of comma-separated values (RFC 4180) from bytes, without decoding or copying them: quotes are minded, a
// doubled quote within quotes stands for one, and a row ends with LF, CRLF or CR. Pure; `CSVReader` says what becomes of it.

/// One row as places in the bytes that were scanned.
struct CSVScan {
    /// One value.
    struct Value: Equatable {
        var range: Range<Int>
        /// True when it holds doubled quotes.
        var hasQuotes = false
    }

    /// How a scan ended.
    enum End: Equatable {
        /// A row; the next begins there. `lines` is how many lines it took.
        case row(next: Int, lines: Int)
        /// The bytes end before the row does.
        case unfinished
        /// Not as a row should be, at this place.
        case flawed(String, at: Int)
    }

    /// The values of the row that was scanned last.
    private(set) var values: [Value] = []
    let delimiter: UInt8

    init(delimiter: UInt8) { self.delimiter = delimiter }

    /// A row goes over so many lines at most: where quotation marks went wrong, each line would be searched to the end of
    /// what there is.
    static let mostLines = 1000

    /// Scans the row that begins at `start`; with `isLast`, nothing follows `bytes`.
    mutating func row(in bytes: Span<UInt8>, from start: Int, isLast: Bool) -> End {
        values.removeAll(keepingCapacity: true)
        var at = start
        var lines = 1
        while true {
            // A value begins here.
            var value = Value(range: at..<at)
            if at < bytes.count, bytes[at] == Self.quote {
                at += 1
                let first = at
                quoted: while true {
                    guard at < bytes.count else {
                        return isLast ? .flawed("a quotation mark that is never closed", at: first - 1) : .unfinished
                    }
                    switch bytes[at] {
                    case Self.quote:
                        guard at + 1 < bytes.count || isLast else { return .unfinished }
                        guard at + 1 < bytes.count, bytes[at + 1] == Self.quote else { break quoted }
                        value.hasQuotes = true
                        at += 2
                    case Self.lineFeed:
                        lines += 1
                        at += 1
                        guard lines <= Self.mostLines else { return Self.endless(at: first - 1) }
                    case Self.carriageReturn:
                        if at + 1 >= bytes.count || bytes[at + 1] != Self.lineFeed { lines += 1 }
                        at += 1
                        guard lines <= Self.mostLines else { return Self.endless(at: first - 1) }
                    default: at += 1
                    }
                }
                value.range = first..<at
                at += 1
                // Some programs put a space after it.
                while at < bytes.count, bytes[at] == Self.space, bytes[at] != delimiter { at += 1 }
                if at < bytes.count, bytes[at] != delimiter, bytes[at] != Self.lineFeed,
                    bytes[at] != Self.carriageReturn
                {
                    return .flawed("something follows a closing quotation mark", at: at)
                }
            } else {
                while at < bytes.count {
                    let byte = bytes[at]
                    if byte == delimiter || byte == Self.lineFeed || byte == Self.carriageReturn { break }
                    at += 1
                }
                value.range = value.range.lowerBound..<at
            }
            guard at < bytes.count else {
                guard isLast else { return .unfinished }
                values.append(value)
                return .row(next: at, lines: lines)
            }
            values.append(value)
            switch bytes[at] {
            case delimiter: at += 1
            case Self.carriageReturn:
                guard at + 1 < bytes.count || isLast else { return .unfinished }
                let isPair = at + 1 < bytes.count && bytes[at + 1] == Self.lineFeed
                return .row(next: at + (isPair ? 2 : 1), lines: lines)
            default: return .row(next: at + 1, lines: lines)
            }
        }
    }

    private static func endless(at place: Int) -> End {
        .flawed("a value in quotation marks over more than \(mostLines) lines", at: place)
    }

    /// Where the line that begins at `start` ends, its end included; nil when `bytes` end before.
    static func endOfLine(in bytes: Span<UInt8>, from start: Int) -> Int? {
        var at = start
        while at < bytes.count {
            if bytes[at] == lineFeed { return at + 1 }
            if bytes[at] == carriageReturn {
                guard at + 1 < bytes.count else { return nil }
                return bytes[at + 1] == lineFeed ? at + 2 : at + 1
            }
            at += 1
        }
        return nil
    }

    /// The delimiter of a file whose first row is `bytes`: of those that are used, the one that is there most often.
    static func delimiter(of bytes: ArraySlice<UInt8>) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in bytes {
            if byte == quote { isQuoted.toggle() }
            if !isQuoted { counts[byte, default: 0] += 1 }
        }
        let best = candidates.max { (counts[$0] ?? 0) < (counts[$1] ?? 0) }
        return best.flatMap { counts[$0] == nil ? nil : $0 } ?? candidates[0]
    }

    /// What rows are divided by; in a tie the later one counts, since a comma is in many a text.
    static let candidates = Array(",|;\t".utf8)

    static let quote = UInt8(ascii: "\"")
    static let space = UInt8(ascii: " ")
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
}
