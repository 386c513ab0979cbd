// Words of problems: what may be repeated from the file, lists in words, and the name that was probably meant.

/// How problems word what they found.
enum Wording {
    /// `'text'` when the text looks like a name; nil for anything that could be a secret in the wrong place.
    static func quoted(_ text: String) -> String? { isName(text) ? "'\(text)'" : nil }

    /// `a, b or c`.
    static func alternatives(_ names: [String]) -> String { list(names, "or") }

    /// `a, b and c`.
    static func list(_ names: [String], _ word: String = "and") -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " \(word) " + last
    }

    /// A sentence as it stands after a semicolon: without its capital and its full stop; `CSV` stays as it is.
    static func clause(_ sentence: String) -> String {
        let body = sentence.hasSuffix(".") ? sentence.dropLast() : sentence[...]
        let isAbbreviation = body.dropFirst().first?.isUppercase ?? false
        return isAbbreviation ? String(body) : body.prefix(1).lowercased() + body.dropFirst()
    }

    /// "did you mean 'policy'?", or "use when, managers or policy"; nil when there is nothing to offer.
    static func suggestion(for text: String, among names: [String]) -> String? {
        if let nearest = nearest(to: text, among: names) { return "did you mean '\(nearest)'?" }
        guard !names.isEmpty, names.count <= 16 else { return nil }
        return "use \(alternatives(names))"
    }

    /// The name that `text` is probably a slip of, nil when none is near.
    static func nearest(to text: String, among names: [String]) -> String? {
        let allowance = max(1, min(3, text.count / 3))
        let candidates = names.compactMap { name -> (name: String, distance: Int)? in
            guard text.count <= 64, abs(name.count - text.count) <= allowance else { return nil }
            let distance = distance(Array(text.lowercased()), Array(name.lowercased()))
            return distance <= allowance ? (name, distance) : nil
        }
        return candidates.min { $0.distance < $1.distance }?.name
    }

    private static func isName(_ text: String) -> Bool {
        (1...32).contains(text.unicodeScalars.count)
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789-_.".unicodeScalars.contains(scalar))
            }
    }

    /// Edits that turn one text into the other: insert, delete, replace, swap two neighbours.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
                var best = min(last[column + 1] + 1, current[column] + 1, replaced)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
