// The enricher `places`: what a file of postal codes says of the lead's place. It computes from memory and can't fail
// once it is made. Stands after `normalise`, which finds the country.

import Foundation
import LeadCore

/// Looks the lead's postal code up in a file that is read once.
///
/// The file is as GeoNames publishes them, or a shorter one of its kind: lines of fields that are parted by tabs, country
/// code, postal code, place, state, the state's code; more fields don't matter. A code that isn't in the file is looked up
/// by its leading part, as British and Canadian lists have only that.
///
/// `city` is filled when the code has one place, `state` and `state_code` when all of its places are in one. What the lead
/// gives of its place must be the file's too: else the file's word is kept beside the lead's, and no gap is filled.
public struct PostalPlaces: LocalEnricher {
    public let name: String

    struct Place: Equatable {
        let city: String
        let state: String
        let stateCode: String
    }

    /// Places by `US 60601`.
    private let byCode: [String: [Int32]]
    private let places: [Place]
    private let country: String?
    private let countries = CountryTable.standard

    static let kind = EnricherKind(
        name: "places",
        options: [
            OptionSpec(
                "file", .file, isRequired: true,
                help:
                    "Lines of country code, postal code, place, state and its code, parted by tabs, as GeoNames has them."
            ),
            OptionSpec("country", .text, help: "The code of the country of leads that name none, such as US or DE."),
        ]
    ) { name, values throws(OptionFlaw) in
        guard let path = values.text("file") else { throw OptionFlaw(option: "file", "Name the file of postal codes.") }
        return try PostalPlaces(
            name: name, text: try TextFile.read(path, option: "file"), country: try CountryOption.read(values))
    }

    init(name: String, text: String, country: String?) throws(OptionFlaw) {
        var byCode: [String: [Int32]] = [:]
        var places: [Place] = []
        var known: [String: Int32] = [:]
        var number = 0
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
            let fields = line.split(separator: UInt8(ascii: "\t"), maxSplits: 5, omittingEmptySubsequences: false)
                .prefix(5).map { String(Substring($0)).trimmed }
            guard fields.count >= 3, fields[0].utf8.count == 2, !fields[1].isEmpty, !fields[2].isEmpty else {
                throw OptionFlaw(
                    option: "file",
                    "Line \(number) of the file has no country code, postal code and place, parted by tabs.")
            }
            let state = fields.count > 3 ? fields[3] : ""
            let code = fields.count > 4 ? fields[4] : ""
            let key = "\(fields[2])\t\(state)\t\(code)"
            let index = known[key] ?? Int32(places.count)
            if known[key] == nil {
                known[key] = index
                places.append(Place(city: fields[2], state: state, stateCode: code))
            }
            let place = Self.key(fields[0].uppercased(), fields[1])
            if byCode[place]?.contains(index) != true { byCode[place, default: []].append(index) }
        }
        guard !places.isEmpty else { throw OptionFlaw(option: "file", "The file holds no postal codes.") }
        self.name = name
        self.byCode = byCode
        self.places = places
        self.country = country
    }

    func enrich(_ lead: Lead, _ texts: inout LeadTexts) -> Enrichment {
        guard let code = lead[.postalCode], code.utf8.count <= 16, let country = country(of: lead) else {
            return Enrichment()
        }
        let found = lookUp(code, in: country)
        guard !found.isEmpty else { return Enrichment() }
        let basis = "postal code \(code)"
        let place = found[0]
        var findings: [Enrichment.Finding] = []
        let agrees = Self.agrees(lead, with: found)
        func add(_ field: FieldName, _ text: String) {
            // Where the two disagree, only what stands against the lead's own words is worth keeping.
            if !text.isEmpty, agrees || lead[field] != nil { findings.append(.init(field, text, basis: basis)) }
        }
        if found.allSatisfy({ $0.city == place.city }), !(agrees && lead[.city] != nil) { add(.city, place.city) }
        if found.allSatisfy({ $0.stateCode == place.stateCode }) {
            if !(agrees && lead[.state] != nil) { add(.state, place.state) }
            add(.stateCode, place.stateCode)
        }
        return Enrichment(findings: findings)
    }

    private func country(of lead: Lead) -> String? {
        if let code = lead[.countryCode] { return code }
        if let text = lead[.country] { return countries.code(for: text) }
        return country
    }

    /// The places of `code`; of its leading part when the file has nothing for the whole.
    private func lookUp(_ code: String, in country: String) -> [Place] {
        let key = Self.key(country, code)
        if let exact = byCode[key] { return exact.map { places[Int($0)] } }
        // 60601-1234, SW1A 1AA, 1012 AB: the part before the gap is the district.
        if let gap = code.firstIndex(where: { " -".contains($0) }),
            let found = byCode[Self.key(country, String(code[..<gap]))]
        {
            return found.map { places[Int($0)] }
        }
        let suffix = Self.suffixes[country] ?? 0
        guard suffix > 0, key.utf8.count > suffix + 3 else { return [] }
        return (byCode[String(key.dropLast(suffix))] ?? []).map { places[Int($0)] }
    }

    /// How many letters the part has that lists leave out, where people write it without a gap.
    private static let suffixes = ["GB": 3, "CA": 3, "IE": 4, "NL": 2, "MT": 4]

    private static func key(_ country: String, _ code: String) -> String {
        guard code.utf8.allSatisfy({ $0 < 0x80 }) else {
            return "\(country) \(code.filter { $0.isLetter || $0.isNumber }.uppercased())"
        }
        var key = Array(country.utf8)
        key.append(UInt8(ascii: " "))
        for byte in code.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A: key.append(byte)
            case 0x61...0x7A: key.append(byte - 0x20)
            default: break
            }
        }
        return String(decoding: key, as: UTF8.self)
    }

    private static func agrees(_ lead: Lead, with found: [Place]) -> Bool {
        let city = lead[.city].map(TextKey.fold)
        let state = lead[.state].map(TextKey.fold)
        let code = lead[.stateCode]?.uppercased()
        return found.contains { place in
            (city == nil || city == TextKey.fold(place.city))
                && (code.map { $0 == place.stateCode.uppercased() }
                    ?? state.map { $0 == TextKey.fold(place.state) || $0 == TextKey.fold(place.stateCode) } ?? true)
        }
    }
}
