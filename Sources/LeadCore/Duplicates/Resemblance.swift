// Whether two leads are of the same person or firm, as a number with its reasons. The address comes first, then the number,
// and only where two leads have neither in common the names. Pure.

/// How much two leads resemble each other.
public struct Resemblance: Sendable, Equatable, Codable {
    /// From 0 to 100.
    public let score: Int
    /// Why: "the same e-mail address".
    public let reasons: [String]

    /// A resemblance.
    public init(score: Int, reasons: [String]) {
        self.score = score
        self.reasons = reasons
    }

    /// A resemblance.
    init(score: Int, by reasons: [Reason]) {
        self.init(score: score, reasons: reasons.map(\.rawValue))
    }

    /// What can speak for two leads being the same person's, in the words in which it is kept.
    enum Reason: String, CaseIterable {
        case email = "the same e-mail address"
        case phone = "the same phone number"
        case name = "the same name"
        case firm = "the same firm"
        case similarName = "a similar name"
        case similarFirm = "a similar firm"
        case agencyForSame = "of an agency, for the same firm"
        case agencyForOther = "of an agency, for another firm"
        case agencyForUnknown = "of an agency, for an unknown firm"
        case shared = "which several share"
        case other = "another name and firm"
        case butOther = "but another name and firm"
        case butEither = "but another name or firm"
    }

    /// "the same e-mail address, 100 of 100".
    public var words: String { "\(reasons.joined(separator: ", ")), \(score) of 100" }
}

extension Likeness {
    private typealias Reason = Resemblance.Reason

    /// How much the two resemble each other; nil when nothing speaks for it.
    ///
    /// `agencies` are domains whose people ask for many firms: an address or a number of theirs says nothing unless the
    /// firm is the same.
    public func resemblance(to other: Likeness, agencies: Set<String> = []) -> Resemblance? {
        let (email, phone) = (Self.comparison(email, other.email), Self.comparison(phone, other.phone))
        if email != .same, phone != .same, email == .different || phone == .different { return nil }
        let name = Names.similarity(names, other.names)
        let isAgency = [mailDomain, other.mailDomain].contains { $0.map(agencies.contains) ?? false }
        let firm = firmSimilarity(other, isAgency: isAgency)
        if email == .same { return byAddress(name, firm, isAgency: isAgency) }
        if phone == .same { return byNumber(other, name, firm, isAgency: isAgency) }
        guard let name, let firm, name >= 0.85, firm >= 0.8 else { return nil }
        let score = Int((60 * name + 32 * firm).rounded())
        return Resemblance(score: score, by: [Self.name(name), Self.firm(firm)])
    }

    private enum Comparison { case same, different, unknown }

    /// Where both gave an address, or both a number, and it differs, they are not the same.
    private static func comparison(_ own: String?, _ other: String?) -> Comparison {
        guard let own, let other else { return .unknown }
        return own == other ? .same : .different
    }

    private func byAddress(_ name: Double?, _ firm: Double?, isAgency: Bool) -> Resemblance {
        var reasons: [Reason] = [.email]
        let isOtherName = name.map { $0 < 0.75 } ?? false
        let isOtherFirm = firm.map { $0 < 0.75 } ?? false
        if isAgency {
            if isOtherFirm { return Resemblance(score: 40, by: reasons + [.agencyForOther]) }
            if firm == nil { return Resemblance(score: 60, by: reasons + [.agencyForUnknown]) }
            return Resemblance(score: 90, by: reasons + [.agencyForSame])
        }
        if isShared {
            if isOtherName, isOtherFirm {
                return Resemblance(score: 40, by: reasons + [.shared, .other])
            }
            reasons.append(.shared)
            return Resemblance(score: isOtherName ? 80 : 92, by: reasons)
        }
        if isOtherName, isOtherFirm {
            return Resemblance(score: 60, by: reasons + [.butOther])
        }
        return Resemblance(score: isOtherName ? 85 : 100, by: reasons)
    }

    private func byNumber(_ other: Likeness, _ name: Double?, _ firm: Double?, isAgency: Bool) -> Resemblance {
        let reasons: [Reason] = [.phone]
        let isOtherExtension =
            phoneExtension != nil && other.phoneExtension != nil && phoneExtension != other.phoneExtension
        if let name, name >= 0.8, !isOtherExtension, !isAgency || (firm ?? 1) >= 0.75 {
            return Resemblance(score: 95, by: reasons + [Self.name(name)])
        }
        if let firm, firm >= 0.85 {
            // A switchboard: the firm asks again, whoever it is that calls.
            return Resemblance(score: isOtherExtension ? 76 : 80, by: reasons + [Self.firm(firm)])
        }
        if name == nil, firm == nil { return Resemblance(score: 80, by: reasons) }
        return Resemblance(score: name == nil ? 60 : 45, by: reasons + [.butEither])
    }

    private func firmSimilarity(_ other: Likeness, isAgency: Bool) -> Double? {
        let byName: Double? =
            if let firm, let theirs = other.firm { Firms.similarity(firm, theirs) } else { nil }
        // An agency's domain is not that of the firm it asks for.
        guard !isAgency, let domain, domain == other.domain else { return byName }
        return 1
    }

    private static func name(_ similarity: Double) -> Reason { similarity >= 0.995 ? .name : .similarName }

    private static func firm(_ similarity: Double) -> Reason { similarity >= 0.995 ? .firm : .similarFirm }
}

/// Names of persons.
enum Names {
    /// From 0 to 1; nil when one of them is unknown. Their order doesn't matter, and an initial stands for a name.
    static func similarity(_ left: [String], _ right: [String]) -> Double? {
        guard !left.isEmpty, !right.isEmpty else { return nil }
        let (short, long) = left.count <= right.count ? (left, right) : (right, left)
        var free = Array(long.indices)
        var sum = 0.0
        var hasWhole = false
        // Whole names find their counterparts before initials do.
        for name in short.sorted(by: { $0.count > $1.count }) {
            let best = free.map { (place: $0, value: alike(name, long[$0])) }.max { $0.value < $1.value }
            guard let best, best.value > 0 else { continue }
            free.removeAll { $0 == best.place }
            sum += best.value
            if best.value >= 0.9, name.count > 1, long[best.place].count > 1 { hasWhole = true }
        }
        guard hasWhole else { return min(0.6, sum / Double(short.count)) }
        let extra = Double(long.count - short.count)
        // One name alone is many people's.
        let single = short.count == 1 && long.count > 1 ? 0.8 : 1
        return max(0, sum / Double(short.count) - 0.02 * extra) * single
    }

    private static func alike(_ left: String, _ right: String) -> Double {
        if left == right { return 1 }
        if left.count == 1 || right.count == 1 { return left.first == right.first ? 0.88 : 0 }
        if let group = nicknames[left], group == nicknames[right] { return 0.95 }
        // Anna and Hanna are two people, and not one in a hurry.
        if neighbours.contains(left), neighbours.contains(right) { return 0 }
        let similarity = Jaro.winkler(left, right)
        return similarity >= 0.88 ? similarity : 0
    }

    /// Given names that look like others which are as usual; spellings of one name stand here once.
    private static let neighbours: Set<String> = Set(
        """
        anna hanna johanna joanna marianna maria marie mario marian marion julia julie julian juliane christian christine
        christina christoph daniel daniela michael michaela andrea andreas martin martina simon simone jan jana jane janina
        erik erika robert roberta stefan stefanie paul paula pauline eva laura lara lena lea elena helena mark marco
        carl carla carlo carlos alexander alexandra manuel manuela gabriel gabriele patrick patricia philip
        philippa nicola nicolas nicole dana diana ina tina nina gina marina maren karen karin sara tara sandra sandro kim tim
        tom jon joan joanne john jean jim tim dan dana don ron rob bob ben len ken greta gerda gerd gert ernst erna
        franz franziska frank franka otto ottilie georg georgia josef josefa josefine louis louise emil emilia
        oliver olivia valentin valentina viktor viktoria adrian adriana fabian fabienne florian floriane marcel
        marcella
        """.split { $0.isWhitespace }.map { Likeness.flatten($0) })

    private static let nicknames: [String: Int] = {
        let groups = [
            "robert bob rob bobby", "william bill will billy", "richard rick dick rich",
            "elizabeth liz beth lisa betty",
            "michal mike michael michel", "thomas tom tommy", "james jim jimmy", "john jack johnny jon jonathan",
            "margaret maggie peggy", "katherine kate kathy catherine kat", "alexander alex sasha", "christopher chris",
            "daniel dan danny", "matthew matt", "anthony tony", "edward ed ted eddie", "joseph joe josef sepp",
            "nicholas nick", "samuel sam", "benjamin ben", "andrew andy drew", "steven steve stephen",
            "johannes hannes hans",
            "susanne susi", "friedrich fritz", "heinrich heinz",
        ]
        var byName: [String: Int] = [:]
        for (number, group) in groups.enumerated() {
            for name in group.split(separator: " ") { byName[Likeness.flatten(name)] = number }
        }
        return byName
    }()
}

/// Names of firms.
enum Firms {
    /// From 0 to 1.
    static func similarity(_ own: FirmWords, _ other: FirmWords) -> Double {
        if own.all == other.all { return 1 }
        // Few words, so that sets of them would cost more than they save.
        let isWithin = own.distinctive.allSatisfy(other.distinctive.contains)
        let isAround = other.distinctive.allSatisfy(own.distinctive.contains)
        if isWithin, isAround { return 0.98 }
        let part = isWithin ? own.distinctive : isAround ? other.distinctive : []
        if part.contains(where: { $0.utf8.count >= 4 }) { return 0.9 }
        if isAcronym(own.all, other.all) || isAcronym(other.all, own.all) { return 0.85 }
        let joined = Jaro.winkler(own.distinctive.joined(), other.distinctive.joined())
        return joined >= 0.92 ? joined : joined * 0.6
    }

    /// BMW and Bayerische Motoren Werke.
    private static func isAcronym(_ short: [String], _ long: [String]) -> Bool {
        guard short.count == 1, let word = short.first, word.count >= 3, long.count == word.count else { return false }
        return word == String(long.compactMap(\.first))
    }
}

/// Jaro's similarity with Winkler's bonus for a common beginning.
enum Jaro {
    static func winkler(_ left: String, _ right: String) -> Double {
        let (a, b) = (Array(left.utf8.prefix(64)), Array(right.utf8.prefix(64)))
        guard !a.isEmpty, !b.isEmpty else { return 0 }
        let reach = max(0, max(a.count, b.count) / 2 - 1)
        var usedA = [Bool](repeating: false, count: a.count)
        var usedB = [Bool](repeating: false, count: b.count)
        var matches = 0
        for i in a.indices {
            let from = max(0, i - reach)
            let to = min(b.count - 1, i + reach)
            guard from <= to else { continue }
            for j in from...to where !usedB[j] && a[i] == b[j] {
                usedA[i] = true
                usedB[j] = true
                matches += 1
                break
            }
        }
        guard matches > 0 else { return 0 }
        var transposed = 0
        var j = 0
        for i in a.indices where usedA[i] {
            while !usedB[j] { j += 1 }
            if a[i] != b[j] { transposed += 1 }
            j += 1
        }
        let m = Double(matches)
        let jaro = (m / Double(a.count) + m / Double(b.count) + (m - Double(transposed / 2)) / m) / 3
        let prefix = zip(a, b).prefix(4).prefix { $0 == $1 }.count
        return jaro + Double(prefix) * 0.1 * (1 - jaro)
    }
}
