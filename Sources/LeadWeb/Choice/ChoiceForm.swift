// What a page's form sends, as untrusted text. Only reading happens here; `Choice` says what it means.

import Foundation
import LeadCore

/// The fields of a form on one of our pages.
struct ChoiceForm: Sendable, Equatable {
    var action = ""
    var rep = ""
    /// A rep's name that was typed instead.
    var find = ""
    var from = ""
    /// A manager.
    var to = ""
    var reason = ""
    var note = ""
    var nonce = ""
    var confirmed = ""

    /// What is read of a typed name, in characters.
    private static let longestName = 200

    /// A form with nothing in it.
    init() {}

    /// Reads `application/x-www-form-urlencoded` text; nil when it isn't that. Of a repeated field the first counts.
    ///
    /// Hummingbird's decoder isn't used: it builds nested values from brackets in names, as deep as a stranger likes.
    init?(urlEncoded body: String) {
        var fields: [String: String] = [:]
        for pair in body.split(separator: "&", maxSplits: 64) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let texts = parts.map { $0.replacing("+", with: " ").removingPercentEncoding }
            guard let name = texts.first, let name else { return nil }
            guard let value = texts.count > 1 ? texts[1] : "" else { return nil }
            if fields[name] == nil { fields[name] = value }
        }
        action = fields["action"] ?? ""
        rep = fields["rep"] ?? ""
        find = String(Self.plain(fields["find"] ?? "").prefix(Self.longestName))
        from = fields["from"] ?? ""
        to = fields["to"] ?? ""
        reason = fields["reason"] ?? ""
        note = Self.plain(fields["note"] ?? "")
        nonce = fields["nonce"] ?? ""
        confirmed = fields["confirmed"] ?? ""
    }

    /// Line ends as one character, and no control characters that could disturb a terminal or a mail.
    static func plain(_ text: String) -> String {
        let lines = text.unicodeScalars.split(separator: "\r", omittingEmptySubsequences: false)
        var kept = String.UnicodeScalarView()
        for (index, part) in lines.enumerated() {
            if index > 0, part.first != "\n" { kept.append("\n") }
            kept.append(
                contentsOf: part.filter { $0 == "\n" || $0 == "\t" || $0.properties.generalCategory != .control })
        }
        return String(kept)
    }
}
