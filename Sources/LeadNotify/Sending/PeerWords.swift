// What a peer said, made fit for a reason that is stored, logged and shown: short, printable, and without secrets,
// addresses or the lead's data. A peer may repeat what it was sent, so whatever stood in the message or is part of
// the address is left out, and so is everything that looks like a link or a mail address. Pure; used by all channels,
// and only when there is something to report.

import Foundation
import LeadCore

/// Quotes a peer's words without what must not be repeated.
struct PeerWords {
    private let secrets: [[UInt32]]
    private let lead: [[UInt32]]
    private let echoes: Set<UInt64>

    /// The longest quotation, in characters.
    private static let longest = 200
    /// How much of an answer is looked at, in bytes.
    private static let mostBytes = 8_192
    /// This many characters in a row that stood in the message are a repetition.
    private static let echo = 13

    /// Words about `briefing`, sent as `message`; none of `secrets` nor any longer part of them is repeated.
    init(secrets: [Secret], briefing: Briefing, message: [UInt8]) {
        self.secrets = Self.parts(of: secrets.map(\.revealed)).map(Self.folded)
        let known = [briefing.reader] + briefing.facts.filter(\.isKnown).map(\.text)
        let words = known.flatMap { text in
            [text] + text.split { !$0.isLetter && !$0.isNumber && $0 != "@" && $0 != "." }.map(String.init)
        }
        lead = Set(words.filter { $0.count >= 4 }).map { Self.folded(CleanText.line($0, atMost: 500)) }
            .sorted { $0.count > $1.count }
        let texts =
            known + briefing.sentences + [
                briefing.headline, briefing.subject, briefing.description ?? "",
            ]
        let sent = [String(decoding: message, as: UTF8.self)] + texts
        echoes = sent.reduce(into: []) { $0.formUnion(Self.windows(of: Self.folded(Self.spaced($1))).map(\.hash)) }
    }

    /// Words about nothing in particular; none of `secrets` nor any longer part of them is repeated.
    init(secrets: [Secret]) {
        self.secrets = Self.parts(of: secrets.map(\.revealed)).map(Self.folded)
        lead = []
        echoes = []
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
        for secret in secrets { Self.hide(secret, in: folded, wholeWords: false, &isHidden) }
        for word in lead { Self.hide(word, in: folded, wholeWords: true, &isHidden) }
        for window in Self.windows(of: folded) where echoes.contains(window.hash) {
            for index in window.start..<window.start + Self.echo { isHidden[index] = true }
        }
        return Self.assembled(scalars, isHidden)
    }

    private static func assembled(_ scalars: [Unicode.Scalar], _ isHidden: [Bool]) -> String? {
        var rest = String.UnicodeScalarView()
        var hasWords = false
        for (scalar, hidden) in zip(scalars, isHidden) {
            if !hidden {
                rest.append(scalar)
                if scalar.properties.isAlphabetic || scalar.properties.numericType != nil { hasWords = true }
            } else if rest.last != "…" {
                rest.append("…")
            }
        }
        return hasWords ? CleanText.line(String(rest), atMost: longest) : nil
    }
}

extension PeerWords {
    /// Whole secrets, and what an address is made of: host, path segments, values; encoded as they are and decoded.
    private static func parts(of secrets: [String]) -> [String] {
        var parts: Set<String> = []
        for secret in secrets {
            let bare = secret.replacing("https://", with: "").replacing("http://", with: "")
            let pieces = bare.split { "/?&=#@;:".contains($0) }.map(String.init)
            for piece in [secret, bare] + pieces {
                parts.insert(piece)
                if let decoded = piece.removingPercentEncoding { parts.insert(decoded) }
                parts.insert(Base64.string(piece.utf8))
            }
        }
        let short = Set(secrets)
        return parts.filter { $0.count >= 6 || (short.contains($0) && !$0.isEmpty) }.sorted { $0.count > $1.count }
    }

    /// Hides runs between spaces, brackets and quotes that hold `://` or `@`.
    private func hideLinksAndAddresses(_ scalars: [Unicode.Scalar], _ isHidden: inout [Bool]) {
        let ends: Set<Unicode.Scalar> = [" ", "<", ">", "(", ")", "[", "]", "\"", "'", ","]
        var start = 0
        while start < scalars.count {
            var end = start
            while end < scalars.count, !ends.contains(scalars[end]) { end += 1 }
            let run = scalars[start..<end]
            let isLink = zip(run, run.dropFirst()).contains { $0 == "/" && $1 == "/" }
            if isLink || run.contains("@") { for index in start..<end { isHidden[index] = true } }
            start = end + 1
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
        return scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    /// The hash of each stretch of `echo` characters; equal hashes count as equal stretches, at worst hiding more.
    private static func windows(of text: [UInt32]) -> [(start: Int, hash: UInt64)] {
        guard text.count >= echo else { return [] }
        let base: UInt64 = 0x1_0000_0001_B3
        let leaving = (1..<echo).reduce(1 as UInt64) { power, _ in power &* base }
        var hash: UInt64 = 0
        var windows: [(start: Int, hash: UInt64)] = []
        windows.reserveCapacity(text.count - echo + 1)
        for (index, value) in text.enumerated() {
            if index >= echo { hash = hash &- UInt64(text[index - echo]) &* leaving }
            hash = hash &* base &+ UInt64(value)
            if index >= echo - 1 { windows.append((start: index - echo + 1, hash: hash)) }
        }
        return windows
    }

    private static func folded(_ text: String) -> [UInt32] { text.unicodeScalars.map(folded) }

    private static func folded(_ scalar: Unicode.Scalar) -> UInt32 {
        if scalar.isASCII { return (65...90).contains(scalar.value) ? scalar.value + 32 : scalar.value }
        let lower = scalar.properties.lowercaseMapping.unicodeScalars
        return lower.count == 1 ? lower[lower.startIndex].value : scalar.value
    }

    /// Controls and white space as single spaces.
    private static func spaced(_ text: String) -> String {
        CleanText.line(text, atMost: text.utf8.count + 2)
    }

    /// An error page without its tags; other text as it is.
    private static func withoutTags(_ text: String) -> String {
        guard text.contains("<html") || text.contains("<HTML") || text.contains("<!DOCTYPE") else { return text }
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
