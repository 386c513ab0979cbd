// Marks as they are seen by the programs that read our messages: an accent behind a mark makes one character of both for
// people and for Swift, and hides the mark from no parser. Pure. Used by the renderers that escape.

extension String {
    /// With what `stand` gives in the place of each scalar for which it gives something.
    func replacing(scalars stand: (Unicode.Scalar) -> String?) -> String {
        var result = ""
        result.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            if let text = stand(scalar) { result += text } else { result.unicodeScalars.append(scalar) }
        }
        return result
    }
}
