// The enricher `firms`: what a file of known firms says of the lead's firm. It computes from memory and can't fail once
// it is made. Stands after `normalise`, which gives it the domains.

import Foundation
import LeadCore

/// Looks the lead's firm up in a directory that is read once.
///
/// The firm is the one of `web_domain`; else of `email_domain` unless that is a public mail provider's; else of
/// `company`, compared without case, accents, punctuation and legal form, and not if the lead names another country.
/// A domain or name under which the file has different firms matches none.
///
/// `industry` and `company_size` are filled singly. City, state and country with their codes are filled as a set and
/// only if every part of it that the lead gives is the directory's too, so that no place is made of two. Where the lead
/// gives a street or a postal code and no city, no place is filled, because the directory can't confirm it.
public struct FirmDirectory: LocalEnricher {
    public let name: String

    private let firms: [Firm]
    /// Index into `firms`; -1 when the key stands for different firms.
    private let byDomain: [String: Int32]
    private let byName: [String: Int32]
    private let countries = CountryTable.standard
    private let subdivisions = SubdivisionTable.standard

    static let kind = EnricherKind(
        name: "firms",
        options: [
            OptionSpec(
                "file", .file, isRequired: true,
                help: "CSV in UTF-8 with the columns \(FirmFile.columns.joined(separator: ", ")).")
        ]
    ) { name, values throws(OptionFlaw) in
        guard let path = values.text("file") else { throw OptionFlaw(option: "file", "name the firm directory's file") }
        do throws(FirmFileFlaw) {
            return try FirmDirectory(path: path, name: name)
        } catch {
            throw OptionFlaw(option: "file", error.description)
        }
    }

    /// The directory in the file at `path`, read whole.
    public init(path: String, name: String = "firms") throws(FirmFileFlaw) {
        try self.init(contents: FirmFile.bytes(of: path), name: name)
    }

    /// The directory that `contents` are the file of.
    public init(contents: Data, name: String = "firms") throws(FirmFileFlaw) {
        self.name = name
        let builder = Builder()
        try FirmFile.read(contents) { builder.add($1, domain: $0) }
        firms = builder.firms
        byDomain = builder.byDomain
        byName = builder.byName
    }

    /// What the directory knows of the firm of `lead`.
    func enrich(_ lead: Lead, _ texts: inout LeadTexts) -> Enrichment {
        guard let (firm, basis) = match(lead) else { return Enrichment() }
        var findings: [Enrichment.Finding] = [
            .init(.industry, firm.industry, basis: basis), .init(.companySize, firm.size, basis: basis),
        ]
        if agrees(firm, with: lead) {
            findings += place(of: firm).map { .init($0.field, $0.text, basis: basis) }
        }
        return Enrichment(findings: findings)
    }

    private func match(_ lead: Lead) -> (Firm, String)? {
        if let domain = lead[.webDomain], let firm = firm(byDomain[domain]) { return (firm, "domain \(domain)") }
        if let domain = lead[.emailDomain], lead[.freeMail] != "yes", !PublicHosts.isFreeMail(domain),
            let firm = firm(byDomain[domain])
        {
            return (firm, "domain \(domain)")
        }
        guard let company = lead[.company], let firm = firm(byName[FirmName.key(company)]) else { return nil }
        if let given = country(of: lead), let known = countries.code(for: firm.country), given != known { return nil }
        return (firm, "name \(firm.name)")
    }

    private func firm(_ index: Int32?) -> Firm? { index.flatMap { $0 < 0 ? nil : firms[Int($0)] } }

    /// True when nothing that the lead says of its place differs from the firm's, or is beyond the directory.
    private func agrees(_ firm: Firm, with lead: Lead) -> Bool {
        let country = country(of: lead)
        let firmCountry = countries.code(for: firm.country)
        if let country, country != firmCountry { return false }
        if country == nil, let text = lead[.country], !Self.isSame(text, firm.country) { return false }
        if let state = lead[.state] ?? lead[.stateCode] {
            let given = firmCountry.flatMap { subdivisions.code(for: state, in: $0) }
            let known = firmCountry.flatMap { subdivisions.code(for: firm.state, in: $0) }
            guard Self.isSame(state, firm.state) || (given != nil && given == known) else { return false }
        }
        if let city = lead[.city] { return Self.isSame(city, firm.city) }
        return lead[.street] == nil && lead[.postalCode] == nil
    }

    private func country(of lead: Lead) -> String? {
        (lead[.countryCode] ?? lead[.country]).flatMap { countries.code(for: $0) }
    }

    private static func isSame(_ left: String, _ right: String) -> Bool { TextKey.fold(left) == TextKey.fold(right) }

    private func place(of firm: Firm) -> [(field: FieldName, text: String)] {
        let country = countries.code(for: firm.country)
        let state = country.flatMap { subdivisions.code(for: firm.state, in: $0) }
        return [
            (field: .city, text: firm.city), (field: .state, text: firm.state), (field: .country, text: firm.country),
            (field: .stateCode, text: state ?? ""), (field: .countryCode, text: country ?? ""),
        ].filter { !$0.text.isEmpty }
    }
}

/// Collects rows into the directory's indexes.
private final class Builder {
    private(set) var firms: [Firm] = []
    private(set) var byDomain: [String: Int32] = [:]
    private(set) var byName: [String: Int32] = [:]

    func add(_ firm: Firm, domain: String?) {
        let index = Int32(firms.count)
        firms.append(firm)
        if let domain { enter(domain, index, into: &byDomain) }
        let key = FirmName.key(firm.name)
        if !key.isEmpty { enter(key, index, into: &byName) }
    }

    /// A key that is there already stays when it means the same firm, and means none from now on when it doesn't.
    private func enter(_ key: String, _ index: Int32, into table: inout [String: Int32]) {
        guard let other = table[key] else {
            table[key] = index
            return
        }
        if other >= 0, firms[Int(other)] != firms[Int(index)] { table[key] = -1 }
    }
}
