// What the address of a landing page tells of how the visitor came: the few names behind its `?` that anybody looks at,
// found in one pass. Pure. Used by the enricher `sources`.

import LeadCore

/// The telling part of a landing page's address.
struct LandingQuery {
    /// What can stand there.
    enum Name: Int, CaseIterable {
        case campaign, source, medium
        /// The marks of advertisers' clicks.
        case gclid, gclID, gbraid, wbraid, msclkid, liFatID, fbclid

        var text: String {
            switch self {
            case .campaign: "utm_campaign"
            case .source: "utm_source"
            case .medium: "utm_medium"
            case .gclid: "gclid"
            case .gclID: "gcl_id"
            case .gbraid: "gbraid"
            case .wbraid: "wbraid"
            case .msclkid: "msclkid"
            case .liFatID: "li_fat_id"
            case .fbclid: "fbclid"
            }
        }
    }

    private var values = [Substring?](repeating: nil, count: Name.allCases.count)

    /// Nothing.
    init() {}

    /// What `address` says; of a name that stands there more than once the last.
    init(_ address: String) {
        guard address.utf8.count <= Self.longest, let mark = address.utf8.firstIndex(of: UInt8(ascii: "?")) else {
            return
        }
        let query = address.utf8[mark...].dropFirst().prefix { $0 != UInt8(ascii: "#") }
        for pair in query.split(separator: UInt8(ascii: "&")) {
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let value = pair[equals...].dropFirst()
            guard !value.isEmpty, let name = Self.names.find(lowering: pair[..<equals]) else { continue }
            values[name] = Substring(value)
        }
    }

    private static let longest = 4096
    private static let names = WordTable(
        Dictionary(uniqueKeysWithValues: Name.allCases.map { ($0.text, $0.rawValue) }))

    func has(_ name: Name) -> Bool { values[name.rawValue] != nil }

    /// The value of `name`, with what is escaped in it.
    subscript(name: Name) -> String? {
        values[name.rawValue].map { raw in
            guard raw.utf8.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "%") }) else {
                return String(raw)
            }
            // What isn't the encoding is better than nothing.
            return FormEncoding.text(raw)
                ?? String(String.UnicodeScalarView(raw.unicodeScalars.map { $0 == "+" ? " " : $0 }))
        }
    }
}
