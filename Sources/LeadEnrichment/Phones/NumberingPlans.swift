// All numbering plans, and the reading of numbers by them: what nearly everybody writes, digits with the usual marks between
// them. It gives what libphonenumber gives, some fifty times faster, since that runs two dozen regular expressions for a
// number; whatever isn't plain is left to the library. Used by the enricher `phones`.

import CPhone

/// The numbering plans of the world.
struct NumberingPlans: Sendable {
    /// A number of a plan.
    struct Number: Equatable {
        var e164: String
        /// ISO 3166-1 alpha-2.
        var region: String
        var kind: cphone_kind
    }

    /// What a text says by the plans.
    enum Answer: Equatable {
        case number(Number)
        /// A number by its form, but of no range that is given out.
        case invalid
    }

    /// The library's; made once, at the first use.
    static let standard = NumberingPlans()

    private let byRegion: [String: NumberingPlan]
    /// By the calling code, those that share it in the order in which they are asked; none where one can't be read.
    private let byCallingCode: [[NumberingPlan]]

    private static let callingCodes = 1000

    private init() {
        let builder = Builder()
        cphone_plans(
            { plan, context in
                guard let plan, let context else { return }
                Unmanaged<Builder>.fromOpaque(context).takeUnretainedValue().add(plan.pointee)
            }, Unmanaged.passUnretained(builder).toOpaque())
        (byRegion, byCallingCode) = (builder.byRegion, builder.byCallingCode)
    }

    /// Collects the plans.
    private final class Builder {
        var byRegion: [String: NumberingPlan] = [:]
        var byCallingCode = [[NumberingPlan]](repeating: [], count: NumberingPlans.callingCodes)
        private var unreadable: Set<Int> = []

        func add(_ plan: cphone_plan) {
            let code = Int(plan.calling_code)
            // Numbers of the whole world are few.
            guard byCallingCode.indices.contains(code), !unreadable.contains(code),
                String(cString: plan.region) != "001"
            else { return }
            do throws(NumberingPlan.Unreadable) {
                let read = try NumberingPlan(plan)
                byRegion[read.region] = read
                byCallingCode[code].insert(read, at: plan.is_main ? 0 : byCallingCode[code].count)
            } catch {
                for plan in byCallingCode[code] { byRegion[plan.region] = nil }
                byCallingCode[code] = []
                unreadable.insert(code)
            }
        }
    }

    /// The number that `text` is in `region`, two capital letters; nil when that is for the library to say.
    func read(_ text: String, region: String) -> Answer? {
        guard let written = WrittenNumber(text) else { return nil }
        if written.isInternational { return readInternational(written.digits) }
        guard let plan = byRegion[region], !plan.mayGoAbroad(written.digits) else { return nil }
        if written.digits.starts(with: plan.callingCode) {
            guard let rest = plan.withoutCallingCode(written.digits) else { return nil }
            return read(rest, ofCallingCode: plan.callingCode)
        }
        return read(written.digits, dialledIn: plan)
    }

    /// A calling code has one to three digits, the first of which is no zero, and none begins like another.
    private func readInternational(_ digits: Digits) -> Answer? {
        var code = 0
        if digits[0] == 0 { return nil }
        for length in 1...3 {
            code = code * 10 + Int(digits[length - 1])
            guard let plan = byCallingCode[code].first else { continue }
            return read(digits.dropFirst(length), ofCallingCode: plan.callingCode)
        }
        return nil
    }

    private func read(_ digits: Digits, ofCallingCode code: Digits) -> Answer? {
        byCallingCode[code.number].first.flatMap { read(digits, dialledIn: $0) }
    }

    private func read(_ digits: Digits, dialledIn plan: NumberingPlan) -> Answer? {
        guard let national = plan.withoutNationalPrefix(digits) else { return nil }
        // Too short without the prefix, it keeps it; what else is of no length is for the library.
        if national != digits, !plan.hasNumbers(asLongAs: national) { return nil }
        guard (Self.shortest...Self.longest).contains(national.count) else { return nil }
        let sharing = byCallingCode[plan.callingCode.number]
        let owner =
            sharing.count == 1
            ? sharing.first.flatMap { $0.kind(of: national) == nil ? nil : $0 }
            : sharing.first { $0.leadingDigits?.begins(national) ?? ($0.kind(of: national) != nil) }
        guard let owner else { return .invalid }
        return .number(
            Number(
                e164: Self.e164(plan.callingCode, national), region: owner.region,
                kind: owner.kind(of: national) ?? cphone_unknown))
    }

    /// What the library itself calls too short, and by how much it is too long, it may say.
    private static let shortest = 4
    private static let longest = 13

    private static func e164(_ callingCode: Digits, _ national: Digits) -> String {
        String(unsafeUninitializedCapacity: 1 + callingCode.count + national.count) { bytes in
            bytes[0] = UInt8(ascii: "+")
            for place in 0..<callingCode.count { bytes[1 + place] = 0x30 + UInt8(callingCode[place]) }
            let start = 1 + callingCode.count
            for place in 0..<national.count { bytes[start + place] = 0x30 + UInt8(national[place]) }
            return start + national.count
        }
    }
}

/// A telephone number as somebody wrote it: digits, with spaces and the usual marks between them and perhaps a `+` before.
struct WrittenNumber: Equatable {
    let isInternational: Bool
    let digits: Digits

    /// Nil for anything else.
    init?(_ text: String) {
        var digits = Digits()
        var isInternational = false
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39:
                guard digits.count < Digits.most else { return nil }
                digits.append(byte - 0x30)
            case UInt8(ascii: "+"):
                guard digits.count == 0, !isInternational else { return nil }
                isInternational = true
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "."),
                UInt8(ascii: "/"):
                continue
            default: return nil
            }
        }
        guard digits.count >= Self.fewest else { return nil }
        self.isInternational = isInternational
        self.digits = digits
    }

    /// Fewer may be no number at all.
    private static let fewest = 7
}
