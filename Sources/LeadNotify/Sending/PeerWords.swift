// What a peer said, made fit for a reason that is stored, logged and shown: short, printable, and without secrets,
// addresses or the lead's data. A peer may repeat what it was sent, so whatever stood in the message or is part of
// the address is left out, and so is everything that looks like a link or a mail address. Pure; used by all channels,
// and only when there is something to report.

import Foundation
import LeadCore

/// Quotes a peer's words without what must not be repeated.
struct PeerWords {
    private let secrets: [SecretParts]
    private let briefing: Briefing?
    /// What was sent.
    private let message: [UInt8]

    /// The longest quotation, in characters.
    private static let longest = 200
    /// How much of an answer is looked at, in bytes.
    private static let mostBytes = 8_192
    /// This many characters in a row that stood in the message are a repetition.
    private static let echo = 13

    /// Words about `briefing`, sent as `message`; none of `secrets` is repeated.
    init(secrets: [SecretParts], briefing: Briefing, message: [UInt8]) {
        self.secrets = secrets
        self.briefing = briefing
        self.message = message
    }

    /// Words about `briefing`, sent as `message`; none of `secrets` nor any longer part of them is repeated.
    init(secrets: [Secret], briefing: Briefing, message: [UInt8]) {
        self.init(secrets: [SecretParts(secrets)], briefing: briefing, message: message)
    }

    /// Words about nothing in particular; none of `secrets` nor any longer part of them is repeated.
    init(secrets: [Secret]) {
        self.secrets = [SecretParts(secrets)]
        briefing = nil
        message = []
    }

    /// The printable rest of `words`; nil when nothing is left to quote.
    func quote(_ words: [UInt8]) -> String? {
        var text = String(decoding: words.prefix(Self.mostBytes), as: UTF8.self)
        if words.count > Self.mostBytes {
            // The last word may be the first half of a secret.
            while let last = text.last, !last.isWhitespace { text.removeLast() }
        }
        let scalars = Array(Self.spaced(Self.withoutTags(text)).unicodeScalars)
        let folded = scalars.map(Self.folded)
        var isHidden = [Bool](repeating: false, count: scalars.count)
        hideLinksAndAddresses(scalars, &isHidden)
        let pairs = Pairs(folded)
        for secret in secrets {
            for part in secret.parts where pairs.mayHold(part) {
                Self.hide(part, in: folded, wholeWords: false, &isHidden)
            }
        }
        hideLeadWords(in: folded, pairs, &isHidden)
        hideEchoes(folded, &isHidden)
        return Self.assembled(scalars, isHidden)
    }

    private static func assembled(_ scalars: [Unicode.Scalar], _ isHidden: [Bool]) -> String? {
        var rest = String.UnicodeScalarView()
        var hasWords = false
        for (scalar, hidden) in zip(scalars, isHidden) {
            if !hidden {
                rest.append(scalar)
                if !hasWords { hasWords = isLetterOrNumber(scalar) }
            } else if rest.last != "…" {
                rest.append("…")
            }
        }
        return hasWords ? CleanText.line(String(rest), atMost: longest) : nil
    }
}

extension PeerWords {
    /// The pairs of neighbours in an answer: most answers are short, and nearly nothing of a lead or a secret can stand in
    /// them.
    private struct Pairs {
        private var bits = [UInt64](repeating: 0, count: 64)

        init(_ folded: [UInt32]) {
            for (left, right) in zip(folded, folded.dropFirst()) {
                let place = Self.place(left, right)
                bits[place >> 6] |= 1 << UInt64(place & 63)
            }
        }

        /// False when a text that begins so can't stand in the answer.
        func mayHold(_ left: UInt32, _ right: UInt32) -> Bool {
            let place = Self.place(left, right)
            return bits[place >> 6] >> UInt64(place & 63) & 1 == 1
        }

        /// The same; of a single character it doesn't tell.
        func mayHold(_ text: [UInt32]) -> Bool { text.count < 2 || mayHold(text[0], text[1]) }

        private static func place(_ left: UInt32, _ right: UInt32) -> Int { Int((left &* 61 &+ right) & 4095) }
    }

    /// What is known of the lead and its reader.
    private var known: [String] {
        guard let briefing else { return [] }
        var known = [briefing.reader]
        known.reserveCapacity(1 + briefing.facts.count)
        for fact in briefing.facts where fact.isKnown { known.append(fact.text) }
        return known
    }

    /// Hides the texts and words of four bytes and more that the lead brought.
    private func hideLeadWords(in text: [UInt32], _ pairs: Pairs, _ isHidden: inout [Bool]) {
        func hide(_ word: some StringProtocol) {
            guard word.utf8.count >= 4 else { return }
            var scalars = word.unicodeScalars.makeIterator()
            guard let first = scalars.next(), let second = scalars.next(),
                pairs.mayHold(Self.folded(first), Self.folded(second))
            else { return }
            Self.hide(Self.folded(word), in: text, wholeWords: true, &isHidden)
        }
        for known in known {
            hide(CleanText.line(known, atMost: 500))
            let isASCII = known.utf8.withContiguousStorageIfAvailable { bytes in
                guard bytes.allSatisfy({ $0 < 0x80 }) else { return false }
                Self.forEachWord(of: bytes) { word in
                    guard word.count >= 4, pairs.mayHold(Self.folded(word[0]), Self.folded(word[1])) else { return }
                    Self.hide(word.map(Self.folded), in: text, wholeWords: true, &isHidden)
                }
                return true
            }
            if isASCII != true {
                for word in known.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "@" && $0 != "." }) {
                    hide(CleanText.line(String(word), atMost: 500))
                }
            }
        }
    }

    private static func forEachWord(
        of text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        var start = 0
        for index in 0...text.count where index == text.count || !isWordByte(text[index]) {
            if index > start { body(UnsafeBufferPointer(rebasing: text[start..<index])) }
            start = index + 1
        }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "@"), UInt8(ascii: "."): true
        default: false
        }
    }

    /// Hides runs between spaces, brackets and quotes that hold `://` or `@`.
    private func hideLinksAndAddresses(_ scalars: [Unicode.Scalar], _ isHidden: inout [Bool]) {
        var start = 0
        while start < scalars.count {
            var end = start
            while end < scalars.count, !Self.endsRun(scalars[end]) { end += 1 }
            let run = scalars[start..<end]
            let isLink = zip(run, run.dropFirst()).contains { $0 == "/" && $1 == "/" }
            if isLink || run.contains("@") { for index in start..<end { isHidden[index] = true } }
            start = end + 1
        }
    }

    private static func endsRun(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "<", ">", "(", ")", "[", "]", "\"", "'", ",": true
        default: false
        }
    }

    private static func hide(_ part: [UInt32], in text: [UInt32], wholeWords: Bool, _ isHidden: inout [Bool]) {
        guard let first = part.first, text.count >= part.count else { return }
        var start = 0
        while start <= text.count - part.count {
            let end = start + part.count
            guard text[start] == first, text[start..<end].elementsEqual(part) else {
                start += 1
                continue
            }
            let isWord = (start == 0 || !isWordPart(text[start - 1])) && (end == text.count || !isWordPart(text[end]))
            if isWord || !wholeWords { for index in start..<end { isHidden[index] = true } }
            start += 1
        }
    }

    private static func isWordPart(_ value: UInt32) -> Bool {
        guard let scalar = Unicode.Scalar(value) else { return false }
        return scalar == "_" || isLetterOrNumber(scalar)
    }

    private static func isLetterOrNumber(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "0"..."9", "A"..."Z", "a"..."z": true
        case "\0"..."\u{7F}": false
        default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
    }

    static func folded(_ text: some StringProtocol) -> [UInt32] { text.unicodeScalars.map(folded) }

    private static func folded(_ scalar: Unicode.Scalar) -> UInt32 {
        if scalar.isASCII { return (65...90).contains(scalar.value) ? scalar.value + 32 : scalar.value }
        let lower = scalar.properties.lowercaseMapping.unicodeScalars
        return lower.count == 1 ? lower[lower.startIndex].value : scalar.value
    }

    private static func folded(_ byte: UInt8) -> UInt32 { UInt32((65...90).contains(byte) ? byte + 32 : byte) }

    /// Controls and white space as single spaces.
    private static func spaced(_ text: String) -> String {
        CleanText.line(text, atMost: text.utf8.count + 2)
    }

    /// An error page without its tags; other text as it is.
    private static func withoutTags(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "<")),
            text.contains("<html") || text.contains("<HTML") || text.contains("<!DOCTYPE")
        else { return text }
        var rest = ""
        var isTag = false
        for character in text {
            if character == "<" { isTag = true }
            if !isTag { rest.append(character) }
            if character == ">" {
                isTag = false
                rest.append(" ")
            }
        }
        return rest
    }
}

extension PeerWords {
    /// Hides stretches of `text` that stood in what was sent. Mails are long and answers short, and every relay says something
    /// of every mail: so what is sought is the answer's stretches in the mail, which then needs no memory.
    private func hideEchoes(_ text: [UInt32], _ isHidden: inout [Bool]) {
        var starts: [UInt64: [Int]] = [:]
        var stretch = Stretch()
        for (index, value) in text.enumerated() {
            if let hash = stretch.add(value) { starts[hash, default: []].append(index + 1 - Self.echo) }
        }
        guard !starts.isEmpty else { return }
        let sieve = Sieve(starts.keys)
        let texts =
            known + (briefing.map { $0.sentences + [$0.headline, $0.subject, $0.description ?? ""] } ?? [])
        func find(_ hash: UInt64?) {
            guard let hash, sieve.mayHold(hash), let found = starts.removeValue(forKey: hash) else { return }
            for start in found { for index in start..<start + Self.echo { isHidden[index] = true } }
        }
        for sent in texts {
            var stretch = Stretch()
            for value in Self.folded(Self.spaced(sent)) { find(stretch.add(value)) }
        }
        stretch = Stretch()
        guard message.allSatisfy({ $0 < 0x80 }) else {
            for value in Self.folded(Self.spaced(String(decoding: message, as: UTF8.self))) { find(stretch.add(value)) }
            return
        }
        // The same, where a character is a byte.
        var isAfterSpace = true
        for byte in message {
            if byte <= 0x20 || byte == 0x7F {
                if !isAfterSpace { find(stretch.add(0x20)) }
                isAfterSpace = true
            } else {
                find(stretch.add(Self.folded(byte)))
                isAfterSpace = false
            }
        }
    }

    /// Hashes of a text's stretches of `echo` characters, while it is read a character at a time. Equal hashes count as equal
    /// stretches, at worst hiding more.
    private struct Stretch {
        private static let base: UInt64 = 0x1_0000_0001_B3
        private static let leaving = (1..<echo).reduce(1 as UInt64) { power, _ in power &* base }
        private var recent = [UInt32](repeating: 0, count: echo)
        private var slot = 0
        private var count = 0
        private var hash: UInt64 = 0

        /// The hash of the last `echo` characters with `value`; nil while there are fewer.
        mutating func add(_ value: UInt32) -> UInt64? {
            hash = (hash &- UInt64(recent[slot]) &* Self.leaving) &* Self.base &+ UInt64(value)
            recent[slot] = value
            slot = slot + 1 == echo ? 0 : slot + 1
            count += 1
            return count >= echo ? hash : nil
        }
    }

    /// Tells most hashes that aren't among a few by one look at a bit.
    private struct Sieve {
        private var bits = [Bool](repeating: false, count: 4096)

        init(_ hashes: some Sequence<UInt64>) {
            for hash in hashes { bits[Self.place(of: hash)] = true }
        }

        func mayHold(_ hash: UInt64) -> Bool { bits[Self.place(of: hash)] }

        private static func place(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> 20 & 4095) }
    }
}
