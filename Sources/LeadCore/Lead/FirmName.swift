// Firms' names as keys: without case, accents, punctuation and legal form, so that "Acme, Inc." is "ACME". Used by the
// firm directory.

/// Folds firms' names.
package enum FirmName {
    /// The key of a firm's name; empty when the name has neither letter nor digit.
    ///
    /// Legal forms go from the end only, and never the whole name. Forms that are everyday words too (the Italian SpA)
    /// stay, lest a spa become an industrial group.
    package static func key(_ name: String) -> String {
        let folded = TextKey.fold(name)
        var rest = folded[...]
        while let gap = rest.lastGap {
            if legalForms.contains(rest[gap...].dropFirst()) {
                rest = rest[..<gap]
            } else if rest.hasSuffix(" sp z oo") {
                rest = rest.dropLast(8)
            } else {
                break
            }
            if rest.hasSuffix(" and") { rest = rest.dropLast(4) }
        }
        return String(rest)
    }

    private static let legalForms = Set(
        """
        inc incorporated corp corporation co company llc llp lp pllc pc plc ltd limited pty pte
        gmbh ag kg kgaa ug ohg gbr mbh ev eg se sa sas sarl eurl snc srl srls sl slu sca bv nv vof cv
        ab oy oyj aps as asa kft zrt sro doo ooo kk bhd sdn pvt private
        """.split { $0.isWhitespace })
}

extension Substring {
    /// The last space.
    fileprivate var lastGap: Index? { utf8.lastIndex(of: UInt8(ascii: " ")) }
}
