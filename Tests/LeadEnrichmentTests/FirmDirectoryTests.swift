// The firm directory: what matches, what is filled, and which files are refused.

import Foundation
import LeadCore
import LeadTestKit
import Testing

@testable import LeadEnrichment

@Suite("FirmDirectory")
struct FirmDirectoryTests {
    private static let header = "domain,name,industry,size,city,state,country\n"
    private static let file =
        header + """
            acme.example,Acme Inc,Architecture,11-50,Chicago,Illinois,United States
            bloom.example,"Bloom, Sons & Co. KG",Gardens,51-200,Berlin,,Germany
            ,Nameless LLC,Stone,1-10,Austin,TX,US
            twin-a.example,Twin GmbH,Tools,1-10,Bonn,,Germany
            twin-b.example,Twin AG,Toys,1-10,Ulm,,Germany
            same-a.example,Same Ltd,Glass,1-10,Leeds,,UK
            same-b.example,Same Limited,Glass,1-10,Leeds,,UK
            clone.example,Clone One,Wood,1-10,Rome,,Italy
            clone.example,Clone Two,Iron,1-10,Rome,,Italy
            gmail.com,Mail Firm,Mail,9999,Mountain View,CA,US
            """

    private func directory(_ text: String = file) throws(FirmFileFlaw) -> FirmDirectory {
        try FirmDirectory(contents: Data(text.utf8))
    }

    private func enriched(_ given: [FieldName: String], with text: String = file) async throws -> Lead {
        let enrichers: [any Enricher] = [Normaliser(), try directory(text)]
        return await EnrichmentChain(enrichers: enrichers, budget: .zero, clock: ScriptedClock())
            .enrich(Lead(given: given))
    }

    @Test("the firm of the web domain gives industry, size and place, with the domain as basis")
    func byWebDomain() async throws {
        let lead = try await enriched([.website: "https://www.acme.example/x", .company: "Bloom"])
        let source = Provenance(origin: "firms", basis: "domain acme.example")
        #expect(lead.values[.industry] == Lead.Value("Architecture", source))
        #expect(lead.values[.companySize] == Lead.Value("11-50", source))
        #expect(lead.values[.city] == Lead.Value("Chicago", source))
        #expect(lead.values[.state] == Lead.Value("Illinois", source))
        #expect(lead.values[.country] == Lead.Value("United States", source))
        #expect(lead.values[.stateCode] == Lead.Value("IL", source))
        #expect(lead.values[.countryCode] == Lead.Value("US", source))
    }

    @Test("the e-mail domain serves when the web site's firm isn't known, but never a public provider's")
    func byEmailDomain() async throws {
        let lead = try await enriched([.website: "elsewhere.example", .email: "ada@acme.example"])
        #expect(lead[.industry] == "Architecture")
        #expect(try await enriched([.email: "ada@gmail.com"])[.industry] == nil)
    }

    @Test("a public provider's e-mail domain counts for nothing even when nobody has marked it")
    func unmarkedFreeMail() async throws {
        let found = try await directory().enrich(Lead(given: [.emailDomain: "gmail.com"]))
        #expect(found.findings.isEmpty)
    }

    @Test(
        "the name serves last, whatever its case, punctuation and legal form",
        arguments: ["ACME", "Acme, Inc.", "acme incorporated", "The Acme Company", "Acm\u{E9}", "ACME GmbH & Co. KG"])
    func byName(company: String) async throws {
        let lead = try await enriched([.company: company])
        #expect(
            lead.values[.industry] == Lead.Value("Architecture", Provenance(origin: "firms", basis: "name Acme Inc")))
    }

    @Test(
        "a name of other words matches nothing", arguments: ["Acme Arts", "Acme Inc Chicago", "Inc", "&", "...", "Co"])
    func otherName(company: String) async throws {
        #expect(try await enriched([.company: company])[.industry] == nil)
    }

    @Test("a name or domain of different firms matches none; one of the same firm twice does")
    func ambiguous() async throws {
        #expect(try await enriched([.company: "Twin"])[.industry] == nil)
        #expect(try await enriched([.website: "twin-b.example"])[.industry] == "Toys")
        #expect(try await enriched([.website: "clone.example"])[.industry] == nil)
        #expect(try await enriched([.website: "same-b.example"])[.industry] == "Glass")
    }

    @Test("rows that say the same under two spellings of a name are different firms")
    func spellings() async throws {
        let text = Self.header + "a.example,One Ltd,Glass,,,,\nb.example,One Ltd,Glass,,,,\n"
        #expect(try await enriched([.company: "One"], with: text)[.industry] == "Glass")
        #expect(try await enriched([.company: "Same"])[.industry] == nil)
    }

    @Test("a name doesn't match a firm in another country than the lead's")
    func nameInOtherCountry() async throws {
        #expect(try await enriched([.company: "Acme", .country: "France"])[.industry] == nil)
        #expect(try await enriched([.company: "Acme", .country: "USA"])[.industry] == "Architecture")
    }

    @Test("a place that the lead gives is completed only where the directory confirms it")
    func consistentPlace() async throws {
        let same = try await enriched([.website: "acme.example", .country: "USA"])
        #expect(same[.city] == "Chicago")
        #expect(same[.country] == "USA")
        let spelt = try await enriched([.website: "acme.example", .state: "IL", .city: "chicago"])
        #expect(spelt[.country] == "United States")
        #expect(spelt[.city] == "chicago")
        for given: [FieldName: String] in [
            [.country: "Canada"], [.city: "Boston"], [.state: "Texas"], [.city: "Chicago", .state: "MA"],
            [.country: "Atlantis"], [.postalCode: "60601"], [.street: "1 Main St"], [.countryCode: "CA"],
        ] {
            let lead = try await enriched(given.merging([.website: "acme.example"]) { $1 })
            #expect(lead[.industry] == "Architecture")
            for field: FieldName in [.city, .state, .country] { #expect(lead[field] == given[field], "\(given)") }
        }
        let silent = try await enriched([.website: "bloom.example", .state: "Bavaria"])
        #expect(silent[.city] == nil)
    }

    @Test("a street beside the directory's own city doesn't keep the rest away")
    func streetAndCity() async throws {
        let lead = try await enriched([.website: "acme.example", .street: "1 Main St", .city: "Chicago"])
        #expect(lead[.state] == "Illinois")
    }

    @Test("given values stay")
    func givenStays() async throws {
        let lead = try await enriched([.website: "acme.example", .industry: "Circus", .companySize: "1"])
        #expect(lead[.industry] == "Circus")
        #expect(lead[.companySize] == "1")
        #expect(lead[.city] == "Chicago")
    }

    @Test("columns may stand in any order among others; quotes, CR LF, a byte order mark and blank lines are read")
    func format() async throws {
        let text =
            "\u{FEFF}Note,COUNTRY, name ,domain,size,state,city,industry\r\n\r\n"
            + "x,US,\"Q \"\"T\"\" Ltd\",https://www.Q.example/,\"1,000\",NY,\"New\r\nYork\",Shoes\r\n,,,,,,,\r\n"
            + "y,US,Z,z.example,,,,"
        let lead = try await enriched([.website: "q.example"], with: text)
        #expect(lead[.industry] == "Shoes")
        #expect(lead[.companySize] == "1,000")
        #expect(lead[.city] == "New\r\nYork")
        #expect(try await enriched([.website: "z.example"], with: text)[.country] == "US")
    }

    @Test("lone carriage returns end lines too")
    func carriageReturns() async throws {
        let text = (Self.header + "a.example,A,Glass,1,,,").replacing("\n", with: "\r")
        #expect(try await enriched([.website: "a.example"], with: text)[.industry] == "Glass")
    }

    @Test(
        "a broken row is named by its line",
        arguments: [
            ("a.example,A,,,,\n", 2, "it has 6 fields instead of 7"),
            ("a.example,A,,,,,\n\n\nb.example,B,,,,,,\n", 5, "it has 8 fields instead of 7"),
            ("a.example,\"A\nB\",,,,,\n,,Glass,,,,\n", 4, "it has neither domain nor name"),
            ("a.example,A,,,,,\nacme,B,,,,,\n", 3, "its domain is not a domain"),
            (
                "a.example,A,,,,,\nb.example,\"B\" C,,,,,\nc.example,C,,,,,\n", 3,
                "text follows a closing quotation mark"
            ),
            ("a.example,A,,,,,\nb.example,\"B,,,,,\nc.example,C,,,,,\n", 3, "a quotation mark is not closed"),
            ("a.example,A,,,,,\nb.example,B,,,,,\"", 3, "a quotation mark is not closed"),
        ])
    func brokenRow(rows: String, line: Int, reason: String) {
        #expect(throws: FirmFileFlaw.brokenRow(line: line, reason: reason)) { try directory(Self.header + rows) }
    }

    @Test("a first line that isn't the header is refused with what it lacks")
    func header() {
        #expect(throws: FirmFileFlaw.missingColumns(["size", "country"])) {
            try directory("domain,name,industry,city,state\na.example,A,,,\n")
        }
        #expect(throws: FirmFileFlaw.missingColumns(FirmFile.columns)) { try directory("") }
        #expect(throws: FirmFileFlaw.repeatedColumn("name")) {
            try directory("domain,name,Name,industry,size,city,state,country\n")
        }
        #expect(throws: FirmFileFlaw.notUTF8) {
            try FirmDirectory(contents: Data(Self.header.utf8) + Data([0xFF, 0x0A]))
        }
    }

    @Test("a header alone is an empty directory")
    func empty() async throws {
        #expect(try await enriched([.website: "acme.example"], with: Self.header)[.industry] == nil)
    }

    @Test("what the configuration names is made by its kind, or refused in a sentence that says what to do")
    func kind() throws {
        let kind = try #require(EnricherKind.all.first { $0.name == "firms" })
        #expect(kind.options.map(\.name) == ["file"])
        #expect(kind.options[0].isRequired)
        let folder = TemporaryDirectory()
        let path = folder.file("firms.csv")
        try Data(Self.file.utf8).write(to: URL(fileURLWithPath: path))
        let made = try kind.make("firms", OptionValues(["file": .text(path)]), nil)
        #expect(made.name == "firms")
        #expect(made.isImmediate)
        let missing = #expect(throws: OptionFlaw.self) {
            try kind.make("firms", OptionValues(["file": .text(folder.file("none.csv"))]), nil)
        }
        #expect(missing == OptionFlaw(option: "file", "the firm directory can't be read: there is no such file"))
        #expect(throws: OptionFlaw.self) { try kind.make("firms", OptionValues(["file": .text(folder.path)]), nil) }
        #expect(throws: OptionFlaw.self) { try kind.make("firms", OptionValues([:]), nil) }
        let plain = try #require(EnricherKind.all.first { $0.name == "normalise" })
        #expect(try plain.make("plain", OptionValues([:]), nil).name == "plain")
    }

    @Test("kinds have names of their own, which their enrichers bear")
    func registry() {
        #expect(
            EnricherKind.all.map(\.name) == [
                "normalise", "phones", "places", "firms", "keywords", "language", "urgency", "budget", "sources",
                "http", "command",
            ])
    }

    @Test("random leads never stop it nor lose a given value")
    func fuzzLeads() async throws {
        let fields: [FieldName] = [
            .webDomain, .emailDomain, .company, .city, .state, .country, .website, .email, .industry, .freeMail,
        ]
        let firms = try directory()
        let chain = EnrichmentChain(enrichers: [firms, Normaliser(), firms], budget: .zero, clock: ScriptedClock())
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            var given: [FieldName: String] = [:]
            for field in fields where Bool.random(using: &random) { given[field] = RandomText.next(using: &random) }
            let before = Lead(given: given)
            let after = await chain.enrich(before)
            for (field, value) in before.values { #expect(after.values[field] == value) }
        }
    }

    @Test("random files are read or refused, never worse")
    func fuzzFiles() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<2000 {
            var text = Bool.random(using: &random) ? Self.header : "domain,name\n"
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                text += RandomText.next(using: &random) + (Bool.random(using: &random) ? "," : "\n")
            }
            do throws(FirmFileFlaw) {
                _ = try directory(text)
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
    }

    @Test("every cut of a file is read or refused, never worse")
    func truncated() {
        let bytes = Data(Self.file.utf8)
        for length in 0...bytes.count {
            do throws(FirmFileFlaw) {
                _ = try FirmDirectory(contents: bytes.prefix(length))
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
    }

    @Test("twenty thousand firms are found")
    func large() async throws {
        var text = Self.header
        for index in 0..<20_000 { text += "firm-\(index).example,Firm \(index) Ltd,Industry \(index % 40),1,,,\n" }
        let firms = try directory(text)
        for index in stride(from: 0, to: 20_000, by: 997) {
            let byDomain = await firms.enrich(Lead(given: [.webDomain: "firm-\(index).example"]))
            #expect(byDomain.findings.first?.text == "Industry \(index % 40)")
            let byName = await firms.enrich(Lead(given: [.company: "FIRM \(index)"]))
            #expect(byName.findings.first?.basis == "name Firm \(index) Ltd")
        }
    }
}
