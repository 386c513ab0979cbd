// The enricher `phones`: the lead's phone number as the whole world dials it, by libphonenumber's numbering plans and, for
// what isn't plain, by the library itself. It computes from memory; a text that is no number, or one that nobody can have,
// is noted. Stands after `normalise`, which finds the country.

import CPhone
import LeadCore

/// Reads phone numbers.
///
/// `phone_e164`, `phone_country`, `phone_kind` and, where there is one, `phone_extension` from `phone`. A number without
/// its country's code is one of `country_code`, else of the country in the options. What the lead itself wrote stays.
public struct PhoneNumbers: LocalEnricher {
    public let name: String

    /// Two letters; empty when national numbers of no known country are to be left alone.
    private let country: String

    init(name: String, country: String) {
        self.name = name
        self.country = country
        // Made now, lest the first lead wait for them.
        _ = NumberingPlans.standard
    }

    static let kind = EnricherKind(
        name: "phones",
        options: [
            OptionSpec(
                "country", .text, help: "The code of the country whose numbers have no country code, such as US or DE.")
        ]
    ) { name, values throws(OptionFlaw) in
        PhoneNumbers(name: name, country: try CountryOption.read(values) ?? "")
    }

    func enrich(_ lead: Lead, _ texts: inout LeadTexts) -> Enrichment {
        guard let text = lead[.phone] else { return Enrichment() }
        let own = lead[.countryCode]
        guard text.utf8.count <= Self.longest else { return Enrichment(failure: "the phone number is none") }
        switch Self.read(text, country: own ?? country) {
        case .failure(let flaw): return Enrichment(failure: flaw.rawValue)
        case .success(let number):
            // Reading a national number in the operator's own country is a guess.
            let isGuess = own == nil && !text.utf8.contains(UInt8(ascii: "+"))
            let confidence = isGuess ? 80 : nil
            var findings: [Enrichment.Finding] = []
            func add(_ field: FieldName, _ text: String) {
                if !text.isEmpty { findings.append(.init(field, text, basis: "phone", confidence: confidence)) }
            }
            add(.phoneE164, number.e164)
            add(.phoneCountry, number.country)
            add(.phoneKind, number.kind)
            add(.phoneExtension, number.phoneExtension)
            return Enrichment(findings: findings)
        }
    }

    /// What nobody would read as a number.
    private static let longest = 64

    enum Flaw: String, Error {
        case notANumber = "the phone number is none"
        case noCountry = "the phone number has no country code, and the lead names no country"
        case invalid = "the phone number is one that nobody can have"
    }

    struct Number: Equatable {
        var e164 = ""
        var country = ""
        var kind = ""
        var phoneExtension = ""
    }

    /// The number that `text` is in `country`.
    static func read(_ text: String, country: String) -> Result<Number, Flaw> {
        switch NumberingPlans.standard.read(text, region: country) {
        case .number(let number)?:
            .success(Number(e164: number.e164, country: number.region, kind: words(number.kind)))
        case .invalid?: .failure(.invalid)
        case nil: readByLibrary(text, country: country)
        }
    }

    /// The same, whatever `text` is.
    static func readByLibrary(_ text: String, country: String) -> Result<Number, Flaw> {
        var number = cphone_number()
        var text = text
        let result = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { cphone_read($0.baseAddress, $0.count, country, &number) }
        }
        switch result {
        case cphone_valid:
            return .success(
                Number(
                    e164: string(&number.e164), country: string(&number.region), kind: words(number.kind),
                    phoneExtension: string(&number.extension)))
        case cphone_invalid: return .failure(.invalid)
        case cphone_no_country: return .failure(.noCountry)
        default: return .failure(.notANumber)
        }
    }

    private static func string<Characters>(_ characters: inout Characters) -> String {
        withUnsafeBytes(of: &characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private static func words(_ kind: cphone_kind) -> String {
        switch kind {
        case cphone_fixed: "fixed"
        case cphone_mobile: "mobile"
        case cphone_fixed_or_mobile: "fixed or mobile"
        case cphone_toll_free: "toll-free"
        case cphone_premium: "premium rate"
        case cphone_shared_cost: "shared cost"
        case cphone_voip: "internet"
        case cphone_personal: "personal"
        case cphone_pager: "pager"
        case cphone_company: "firm's"
        case cphone_voicemail: "voice mail"
        default: ""
        }
    }
}

/// `country`: an ISO 3166 code.
enum CountryOption {
    static func read(_ values: OptionValues) throws(OptionFlaw) -> String? {
        guard let text = values.text("country") else { return nil }
        guard CountryTable.pairs.contains(where: { $0.alpha2 == text }) else {
            throw OptionFlaw(option: "country", "Write the country's code in two capital letters, such as US or DE.")
        }
        return text
    }
}
