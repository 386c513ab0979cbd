// Quoted-printable (RFC 2045, 6.7): any text as lines of at most 76 printable ASCII characters, each ended by CR LF.
// Pure; used by MailMessage for both bodies.

import Glibc

enum QuotedPrintable {
    private static let longestLine = 76

    /// Adds the lines of `text`, each ended by a line feed, encoded to `bytes`; no character is split by a soft break.
    static func encode(_ text: [UInt8], into bytes: inout [UInt8]) {
        text.withUnsafeBufferPointer { text in
            // A byte is three at most, and a soft break, of three too, comes after 64 of them at the earliest.
            let most = text.count * 3 + text.count / 21 * 3 + 6
            bytes += [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
                guard let start = buffer.baseAddress, var line = text.baseAddress else { return }
                var encoder = Encoder(end: start)
                let end = line + text.count
                while let lineEnd = memchr(line, 0x0A, end - line)?.assumingMemoryBound(to: UInt8.self) {
                    encoder.add(line: UnsafeBufferPointer(start: line, count: UnsafePointer(lineEnd) - line))
                    line = UnsafePointer(lineEnd) + 1
                }
                count = encoder.end - start
            }
        }
    }

    /// Writes where there is room enough.
    private struct Encoder {
        var end: UnsafeMutablePointer<UInt8>

        mutating func put(_ byte: UInt8) {
            end.pointee = byte
            end += 1
        }

        mutating func put(_ bytes: UnsafeBufferPointer<UInt8>.SubSequence) {
            let rebased = UnsafeBufferPointer(rebasing: bytes)
            guard let start = rebased.baseAddress else { return }
            end.update(from: start, count: rebased.count)
            end += rebased.count
        }

        mutating func add(line: UnsafeBufferPointer<UInt8>) {
            var column = 0
            var start = 0
            while start < line.count {
                // Nearly everything stands for itself, and goes as far as the line does in one piece. One column stays free
                // for the soft break's sign, and the last character is looked at by itself.
                let most = min(start + longestLine - 1 - column, line.count - 1)
                let stop = QuotedPrintable.endOfLiterals(in: line, from: start, to: most)
                put(line[start..<stop])
                column += stop - start
                start = stop
                addCharacter(at: &start, of: line, &column)
            }
            put(0x0D)
            put(0x0A)
        }

        /// Adds the character that begins at `start`, whatever it is, and goes behind it.
        private mutating func addCharacter(
            at start: inout Int, of line: UnsafeBufferPointer<UInt8>, _ column: inout Int
        ) {
            var stop = start + 1
            while stop < line.count, line[stop] & 0xC0 == 0x80 { stop += 1 }
            let isLast = stop == line.count
            let isLiteral = isLiteral(line[start]) && !(isLast && line[start] == 0x20)
            let size = isLiteral ? 1 : (stop - start) * 3
            if column + size > longestLine - (isLast ? 0 : 1) {
                put(0x3D)
                put(0x0D)
                put(0x0A)
                column = 0
            }
            if isLiteral {
                put(line[start])
            } else {
                for byte in line[start..<stop] {
                    put(0x3D)
                    put(digit(byte >> 4))
                    put(digit(byte & 15))
                }
            }
            column += size
            start = stop
        }
    }

    /// Where the bytes end that begin at `start` and stand for themselves, at `most` at the latest; eight are looked at at once.
    private static func endOfLiterals(in line: UnsafeBufferPointer<UInt8>, from start: Int, to most: Int) -> Int {
        let bytes = UnsafeRawBufferPointer(line)
        var stop = start
        while stop + 8 <= most, areLiteral(EightBytes(in: bytes, at: stop)) { stop += 8 }
        while stop < most, isLiteral(line[stop]) { stop += 1 }
        return stop
    }

    private static func areLiteral(_ bytes: EightBytes) -> Bool { bytes.arePrintable && !bytes.contains(0x3D) }

    private static func isLiteral(_ byte: UInt8) -> Bool { (0x20...0x7E).contains(byte) && byte != 0x3D }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
}
