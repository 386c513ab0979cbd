// The tables of countries and states against the system's own data.

import Foundation
import Testing

@testable import LeadEnrichment

@Suite("CountryTable")
struct CountryTableTests {
    @Test("every ISO 3166-1 country is there once, with both codes")
    func pairs() {
        #expect(CountryTable.pairs.count == 249)
        #expect(Set(CountryTable.pairs.map(\.alpha2)).count == 249)
        #expect(Set(CountryTable.pairs.map(\.alpha3)).count == 249)
        for pair in CountryTable.pairs {
            #expect(CountryTable.standard.code(for: pair.alpha2) == pair.alpha2)
            #expect(CountryTable.standard.code(for: pair.alpha3.lowercased()) == pair.alpha2)
        }
    }

    @Test("every country's English name means its code")
    func englishNames() {
        let english = Locale(identifier: "en")
        for pair in CountryTable.pairs {
            guard let name = english.localizedString(forRegionCode: pair.alpha2) else { continue }
            #expect(CountryTable.standard.code(for: name) == pair.alpha2, "\(name)")
        }
    }

    @Test("the codes are those of the system's own list, where it has one")
    func systemList() throws {
        let path = "/usr/share/zoneinfo/iso3166.tab"
        guard FileManager.default.fileExists(atPath: path) else { return }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        let codes = lines.filter { !$0.hasPrefix("#") }.map { String($0.prefix(2)) }
        #expect(Set(codes) == Set(CountryTable.pairs.map(\.alpha2)))
    }

    @Test("US states' names that are countries' too stand for none without a country")
    func ambiguousStates() {
        #expect(SubdivisionTable.standard.codeOfStateName("Georgia") == nil)
        #expect(SubdivisionTable.standard.codeOfStateName("New York") == "NY")
    }
}
