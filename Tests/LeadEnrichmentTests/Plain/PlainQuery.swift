// The reading of addresses written for its reader. What the enricher's is held against.

import Foundation

/// What is behind the `?` of an address.
enum PlainQuery {
    /// The names, in lower case, and values, with what is escaped in them.
    static func values(_ address: String) -> [String: String] {
        let scalars = Array(address.unicodeScalars)
        guard address.utf8.count <= 4096, let mark = scalars.firstIndex(of: "?") else { return [:] }
        var query: [String: String] = [:]
        for pair in scalars[mark...].dropFirst().prefix(while: { $0 != "#" }).split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(text)
            guard halves.count == 2, !halves[1].isEmpty else { continue }
            let value = halves[1].unicodeScalars.split(separator: "+", omittingEmptySubsequences: false).map(
                String.init
            )
            .joined(separator: " ")
            query[halves[0].lowercased()] = value.removingPercentEncoding ?? value
        }
        return query
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        return text
    }
}
