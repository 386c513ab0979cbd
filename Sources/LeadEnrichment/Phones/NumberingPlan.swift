// One region's telephone numbers: how they begin and which of them are for what, as libphonenumber's data has it and by its
// rules (`GetNumberTypeHelper` and `MaybeStripNationalPrefixAndCarrierCode` in its phonenumberutil.cc). Pure.

import CPhone

/// The numbering plan of a region.
struct NumberingPlan: Sendable {
    /// Numbers of one pattern and of certain lengths.
    private struct Range: Sendable {
        let pattern: DigitPattern
        /// A bit each.
        let lengths: UInt32

        func contains(_ number: Digits) -> Bool {
            lengths >> UInt32(number.count) & 1 != 0 && pattern.matches(number)
        }
    }

    /// What is dialled before numbers within the country.
    private struct NationalPrefix: Sendable {
        /// What comes first and is plain; `0` nearly everywhere.
        var digits: Digits?
        /// Numbers that begin so instead become what only the library knows; nil when that may be any.
        var others: DigitPattern?
        var hasOthers = false

        init(_ plan: cphone_plan) {
            let text = String(cString: plan.national_prefix)
            let first = text.prefix { $0 != "|" }
            digits = first.isEmpty ? nil : Digits(String(first))
            let rest = digits == nil ? text[...] : text.dropFirst(first.count + 1)
            hasOthers = !rest.isEmpty
            others = DigitPattern(String(rest))
        }
    }

    /// ISO 3166-1 alpha-2.
    let region: String
    let callingCode: Digits
    /// How all numbers begin, where that is what tells the region's from others.
    let leadingDigits: DigitPattern?
    /// Nil when it isn't known here.
    private let internationalPrefix: DigitPattern?
    private let nationalPrefix: NationalPrefix
    private let general: Range
    private let fixed: Range?
    private let mobile: Range?
    private let isFixedOrMobile: Bool
    /// All other kinds, in the order in which the library asks for them.
    private let special: [(kind: cphone_kind, range: Range)]

    /// What `number`, without its country's code, is for; nil when nobody can have it.
    func kind(of number: Digits) -> cphone_kind? {
        guard general.contains(number) else { return nil }
        if let special = special.first(where: { $0.range.contains(number) }) { return special.kind }
        if let fixed, fixed.contains(number) {
            return isFixedOrMobile || mobile?.contains(number) == true ? cphone_fixed_or_mobile : cphone_fixed
        }
        return !isFixedOrMobile && mobile?.contains(number) == true ? cphone_mobile : nil
    }

    /// True when `number`, as it is dialled within the country, may be one of another country.
    func mayGoAbroad(_ number: Digits) -> Bool { internationalPrefix?.begins(number) ?? true }

    /// The national number that is dialled within the country without the country's code although it begins like it; nil
    /// when that is for the library to say.
    func withoutCallingCode(_ number: Digits) -> Digits? {
        guard let rest = withoutNationalPrefix(number.dropFirst(callingCode.count)) else { return nil }
        return !general.pattern.matches(number) && general.pattern.matches(rest) ? rest : nil
    }

    /// `number` without what is dialled before it within the country; nil when that is for the library to say.
    func withoutNationalPrefix(_ number: Digits) -> Digits? {
        if let digits = nationalPrefix.digits, number.starts(with: digits) {
            let rest = number.dropFirst(digits.count)
            // A number that was one before must be one after, too.
            return general.pattern.matches(number) && !general.pattern.matches(rest) ? number : rest
        }
        return !nationalPrefix.hasOthers || nationalPrefix.others?.begins(number) == false ? number : nil
    }

    /// True when some number has as many digits.
    func hasNumbers(asLongAs number: Digits) -> Bool { general.lengths >> UInt32(number.count) & 1 != 0 }
}

extension NumberingPlan {
    /// A pattern with something that `DigitPattern` doesn't know.
    struct Unreadable: Error {}

    init(_ plan: cphone_plan) throws(Unreadable) {
        guard let callingCode = Digits(String(plan.calling_code)), let general = try Self.range(plan.general) else {
            throw Unreadable()
        }
        region = String(cString: plan.region)
        self.callingCode = callingCode
        self.general = general
        leadingDigits = try Self.pattern(plan.leading_digits)
        internationalPrefix = DigitPattern(String(cString: plan.international_prefix))
        nationalPrefix = NationalPrefix(plan)
        isFixedOrMobile = plan.is_fixed_or_mobile
        let kinds = withUnsafeBytes(of: plan.kinds) { Array($0.bindMemory(to: cphone_range.self)) }
        fixed = try Self.range(kinds[Int(cphone_fixed.rawValue)])
        mobile = try Self.range(kinds[Int(cphone_mobile.rawValue)])
        var special: [(kind: cphone_kind, range: Range)] = []
        for kind in Self.order {
            if let range = try Self.range(kinds[Int(kind.rawValue)]) { special.append((kind, range)) }
        }
        self.special = special
    }

    private static let order = [
        cphone_premium, cphone_toll_free, cphone_shared_cost, cphone_voip, cphone_personal, cphone_pager,
        cphone_company,
        cphone_voicemail,
    ]

    /// Nil when no number is of it.
    private static func range(_ range: cphone_range) throws(Unreadable) -> Range? {
        guard range.lengths != 0, let pattern = try pattern(range.pattern) else { return nil }
        return Range(pattern: pattern, lengths: range.lengths)
    }

    /// Nil when it is empty.
    private static func pattern(_ characters: UnsafePointer<CChar>) throws(Unreadable) -> DigitPattern? {
        let text = String(cString: characters)
        if text.isEmpty { return nil }
        guard let pattern = DigitPattern(text) else { throw Unreadable() }
        return pattern
    }
}
