// Postal codes: what a file says of them, what stands against it, and files that are none.

import LeadCore
import LeadTestKit
import Testing

@testable import LeadEnrichment

@Suite("PostalPlaces")
struct PostalPlacesTests {
    private static let file = """
        # country, code, place, state, its code
        US\t60601\tChicago\tIllinois\tIL\tCook\t031\t\t\t41.88\t-87.62\t4
        US\t42223\tFort Campbell\tKentucky\tKY
        US\t42223\tFort Campbell\tTennessee\tTN
        US\t60714\tNiles\tIllinois\tIL
        US\t60714\tGolf\tIllinois\tIL
        DE\t10115\tBerlin\tBerlin\tBE
        DE\t80331\tMünchen\tBayern\tBY
        GB\tSW1A\tWestminster\tEngland\tENG
        CA\tM5V\tToronto\tOntario\tON
        NL\t1012\tAmsterdam\tNoord-Holland\t07
        MC\t98000\tMonaco

        """

    private func places(_ text: String = file, country: String? = nil) throws -> PostalPlaces {
        try PostalPlaces(name: "places", text: text, country: country)
    }

    private func enriched(_ given: [FieldName: String], country: String? = nil) async throws -> Lead {
        let chain = EnrichmentChain(
            enrichers: [try places(country: country)], budget: .zero, clock: ScriptedClock())
        return await chain.enrich(Lead(given: given))
    }

    @Test(
        "a code gives its place and state",
        arguments: [
            ("US", "60601", "Chicago", "IL"), ("US", "60601-1234", "Chicago", "IL"), ("DE", "80331", "München", "BY"),
            ("GB", "SW1A 1AA", "Westminster", "ENG"), ("GB", "sw1a1aa", "Westminster", "ENG"),
            ("CA", "M5V 3L9", "Toronto", "ON"), ("CA", "m5v3l9", "Toronto", "ON"), ("NL", "1012 AB", "Amsterdam", "07"),
            ("NL", "1012AB", "Amsterdam", "07"),
        ])
    func found(country: String, code: String, city: String, state: String) async throws {
        let lead = try await enriched([.countryCode: country, .postalCode: code])
        #expect(lead[.city] == city)
        #expect(lead[.stateCode] == state)
        #expect(lead.values[.city]?.provenance == Provenance(origin: "places", basis: "postal code \(code)"))
    }

    @Test("a code of several places fills only what they share")
    func ambiguous() async throws {
        let niles = try await enriched([.countryCode: "US", .postalCode: "60714"])
        #expect(niles[.city] == nil)
        #expect(niles[.state] == "Illinois")
        let fort = try await enriched([.countryCode: "US", .postalCode: "42223"])
        #expect(fort[.city] == "Fort Campbell")
        #expect(fort[.stateCode] == nil)
    }

    @Test("without a country the configured one is taken, and with an unknown one none")
    func country() async throws {
        #expect(try await enriched([.postalCode: "10115"])[.city] == nil)
        #expect(try await enriched([.postalCode: "10115"], country: "DE")[.city] == "Berlin")
        #expect(try await enriched([.postalCode: "10115", .country: "Allemagne"])[.city] == "Berlin")
        #expect(try await enriched([.postalCode: "10115", .country: "Atlantis"], country: "DE")[.city] == nil)
        #expect(try await enriched([.postalCode: "99999", .countryCode: "DE"])[.city] == nil)
        #expect(try await enriched([.postalCode: "98000", .countryCode: "MC"]).others.isEmpty)
    }

    @Test("a place that is another than the lead's is kept beside it and fills no gap")
    func conflict() async throws {
        let lead = try await enriched([.countryCode: "US", .postalCode: "60601", .city: "Boston"])
        #expect(lead[.city] == "Boston")
        #expect(lead.others[.city]?.map(\.text) == ["Chicago"])
        #expect(lead[.state] == nil)
        let fine = try await enriched([
            .countryCode: "DE", .postalCode: "80331", .city: "MUNCHEN", .stateCode: "by", .state: "Bavaria",
        ])
        #expect(fine.others.isEmpty)
        let mixed = try await enriched([.countryCode: "US", .postalCode: "60714", .city: "Golf"])
        #expect(mixed[.stateCode] == "IL")
        #expect(mixed.others.isEmpty)
    }

    @Test(
        "a file that is wrong anywhere is refused with its line",
        arguments: [
            ("US\t60601\tChicago\n60602 Chicago\n", "Line 2"), ("USA\t60601\tChicago\n", "Line 1"),
            ("US\t\tChicago\n", "Line 1"), ("US\t60601\t \n", "Line 1"), ("\n# nothing\n", "holds no postal codes"),
        ])
    func wrong(text: String, words: String) {
        let flaw = #expect(throws: OptionFlaw.self) { try places(text) }
        #expect(flaw?.option == "file")
        #expect(flaw?.sentence.contains(words) == true)
    }

    @Test("the kind reads its file, and says what is wrong with one")
    func kind() throws {
        let folder = TemporaryDirectory()
        let path = folder.file("codes.txt")
        try ("\u{FEFF}" + Self.file.replacing("\n", with: "\r\n")).write(
            toFile: path, atomically: true, encoding: .utf8)
        #expect(try PostalPlaces.kind.make("places", OptionValues(["file": .text(path)]), nil).isImmediate)
        #expect(throws: OptionFlaw.self) {
            try PostalPlaces.kind.make("places", OptionValues(["file": .text(folder.file("none"))]), nil)
        }
    }
}
