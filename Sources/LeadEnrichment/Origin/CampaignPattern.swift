// Names of campaigns as the configuration has them: a `*` stands for any letters. Pure. Used by the enricher `sources`.

/// A campaign's name, or that of several.
struct CampaignPattern: Sendable {
    /// What stands between the `*`, in lower case.
    private let parts: [String]

    init(_ text: String) {
        parts = text.lowercased().split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    }

    /// `text` is in lower case.
    func matches(_ text: String) -> Bool {
        guard let first = parts.first, let last = parts.last, parts.count > 1 else { return parts.first == text }
        guard text.hasPrefix(first) else { return false }
        var rest = text.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}
