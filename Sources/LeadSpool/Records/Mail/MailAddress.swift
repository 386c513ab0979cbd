// Addresses as headers and people write them: `Ada King <ada@acme.example>`, `ada@acme.example (Ada King)`, the address alone.

import LeadCore

/// Reads addresses.
enum MailAddress {
    /// The first address in `raw` and the name that goes with it; nil when there is none.
    static func first(in raw: String) -> (name: String?, address: String)? {
        var isQuoted = false
        var open: String.Index?
        for index in raw.indices {
            if raw[index] == "\"" { isQuoted.toggle() }
            guard !isQuoted else { continue }
            if raw[index] == "<" { open = index }
            if raw[index] == ">", let open {
                let address = String(raw[raw.index(after: open)..<index]).trimmed
                guard isAddress(address) else { return nil }
                // Of a list, what stands before the address after the last comma.
                let before = raw[..<open].split(separator: ",", omittingEmptySubsequences: false).last ?? ""
                let whole = before.contains("\"") ? raw[..<open] : before
                return (name(String(whole)), address)
            }
        }
        let words = raw.split { $0 == "," || $0 == ";" || $0.isWhitespace }
        guard let address = words.first(where: { isAddress(String($0)) }) else { return nil }
        var comment: String?
        if let start = raw.firstIndex(of: "("), let end = raw[start...].firstIndex(of: ")") {
            comment = name(String(raw[raw.index(after: start)..<end]))
        }
        return (comment, String(address))
    }

    /// Whether `text` looks like an address.
    static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".") && !parts[1].hasPrefix(".")
            && !parts[1].hasSuffix(".")
            && text.unicodeScalars.allSatisfy {
                !$0.properties.isWhitespace && $0.properties.generalCategory != .control && !Self.foreign.contains($0)
            }
    }

    private static let foreign = Set("<>(),;:\"[]".unicodeScalars)

    private static func name(_ text: String) -> String? {
        let bare = text.trimmed.filter { $0 != "\"" && $0 != "\\" }
        return EncodedWords.decoded(bare).trimmed.nonBlank
    }
}
