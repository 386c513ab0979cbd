// Leads and what is read off them: names, money, the intake key.

import Foundation
import LeadCore
import LeadTestKit
import Testing

@Suite("Lead")
struct LeadTests {
    @Test("white space around values goes, and what is empty then isn't given")
    func trims() {
        let lead = Lead(given: [.name: " \t\u{A0}Ada \n Byron\r\n", .company: " \u{2003}\n", .email: ""])
        #expect(lead[.name] == "Ada \n Byron")
        #expect(lead.values.count == 1)
    }

    @Test("filling never changes a value that is there")
    func fill() {
        var lead = Lead(given: [.city: "Chicago"])
        lead.fill(.city, "Boston", Provenance(origin: "firms"))
        lead.fill(.state, "  ", Provenance(origin: "firms"))
        lead.fill(.country, " US ", Provenance(origin: "firms", basis: "domain a.example"))
        lead.fill(.country, "CA", Provenance(origin: "other"))
        #expect(lead[.city] == "Chicago")
        #expect(lead[.state] == nil)
        #expect(lead.values[.country] == Lead.Value("US", Provenance(origin: "firms", basis: "domain a.example")))
        #expect(lead.values[.country]?.provenance.words == "firms, by domain a.example")
        #expect(Provenance.given.words == "given")
    }

    @Test("the name is the full one, else its parts that are known")
    func personName() {
        #expect(Lead(given: [.name: "Ada", .firstName: "X"]).personName == "Ada")
        #expect(Lead(given: [.firstName: "Ada", .lastName: "Byron"]).personName == "Ada Byron")
        #expect(Lead(given: [.lastName: "Byron"]).personName == "Byron")
        #expect(Lead(given: [:]).personName == nil)
    }

    @Test("the subject is the most specific one")
    func subject() {
        #expect(Lead(given: [.campaign: "c", .product: "p", .projectType: "t"]).subject == "t")
        #expect(Lead(given: [.campaign: "c", .product: "p"]).subject == "p")
        #expect(Lead(given: [.campaign: "c"]).subject == "c")
        #expect(Lead(given: [:]).subject == nil)
    }

    @Test("the place prefers codes")
    func place() {
        let lead = Lead(given: [.city: "Chicago", .state: "Illinois", .stateCode: "IL", .country: "United States"])
        #expect(lead.place == "Chicago, IL, United States")
        #expect(Lead(given: [.countryCode: "US"]).place == "US")
        #expect(Lead(given: [:]).place == nil)
    }

    @Test("a lead is reachable by e-mail or phone")
    func reachable() {
        #expect(Lead(given: [.email: "a@b.example"]).isReachable)
        #expect(Lead(given: [.phone: "1"]).isReachable)
        #expect(!Lead(given: [.name: "Ada"]).isReachable)
    }

    @Test("values are shown in the known order, then the others by name")
    func shown() {
        let lead = Lead(given: ["zeta": "1", .email: "2", "alpha": "3", .name: "4", .country: "5"])
        #expect(lead.shown.map(\.field) == [.name, .email, .country, "alpha", "zeta"])
        #expect(FieldName("favourite_colour").label == "Favourite colour")
        #expect(FieldName.company.label == "Firm")
        #expect(FieldName("").label.isEmpty)
    }

    @Test("coding keeps values, provenance and gaps, with field names as keys")
    func coding() throws {
        var lead = Lead(given: [.name: "Ada", "odd \u{1F98A} name": "x\u{0}y"])
        lead.fill(.industry, "Stone", Provenance(origin: "firms", basis: "name Acme"))
        lead.note(Lead.Gap(enricher: "slow", reason: "took longer than 3 s"))
        let data = try JSONEncoder().encode(lead)
        #expect(try JSONDecoder().decode(Lead.self, from: data) == lead)
        let plain = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let values = try #require(plain["values"] as? [String: Any])
        #expect(values["industry"] != nil)
    }
}

@Suite("Money")
struct MoneyTests {
    @Test(
        "amounts are read as forms and CRMs write them",
        arguments: [
            ("12500", "12,500"), ("12,500.00", "12,500"), ("$12,500", "12,500"), ("12 500", "12,500"),
            ("1'234'567.89", "1,234,567.89"), ("12_500", "12,500"), ("0", "0"), ("-5", "-5"), ("-1250", "-1,250"),
            (".5", "0.5"), ("5.", "5"), (" $ 99.95 ", "99.95"), ("999", "999"), ("1000", "1,000"), ("007", "7"),
            ("12345678901234567890123456789012345678", "12,345,678,901,234,567,890,123,456,789,012,345,678"),
            ("12\u{A0}500", "12,500"), ("12\u{202F}500", "12,500"),
        ])
    func reads(text: String, words: String) { #expect(Money(amount: text, currency: nil)?.words == words) }

    @Test(
        "what is no amount, or could be misread by a factor, is none",
        arguments: [
            "", "-", ".", "$", "abc", "1e5", "NaN", "inf", "0x10", "12,50", "1,5", "12.500,00", "1.2.3", "--5", "5-",
            "1,2345", ",500", "1234,567", "12,,500", "12500 USD", "10k", "\u{661}\u{662}", "5 -3", "\u{BD}", "1 2",
            String(repeating: "9", count: 39), String(repeating: "9", count: 4000),
        ])
    func refuses(text: String) { #expect(Money(amount: text, currency: nil) == nil) }

    @Test("the currency is the lead's in upper case, else what a sign stands for")
    func currency() {
        #expect(Money(amount: "5", currency: "usd")?.words == "5 USD")
        #expect(Money(amount: "\u{20AC}5", currency: nil)?.words == "5 EUR")
        #expect(Money(amount: "5 \u{A3}", currency: nil)?.currency == "GBP")
        #expect(Money(amount: "\u{20AC}5", currency: "chf")?.currency == "CHF")
        #expect(Money(amount: "$5", currency: nil)?.currency == nil)
        #expect(Lead(given: [.value: "12,500", .currency: "EUR"]).money?.words == "12,500 EUR")
        #expect(Lead(given: [.value: "a lot"]).money == nil)
    }

    @Test("an amount is a decimal, not a binary fraction")
    func exact() { #expect(Money(amount: "0.1", currency: nil)?.amount == Decimal(1) / Decimal(10)) }
}

@Suite("IntakeKey")
struct IntakeKeyTests {
    private func key(_ given: [FieldName: String], _ record: String = "") -> IntakeKey {
        IntakeKey(lead: Lead(given: given), record: Array(record.utf8))
    }

    @Test("a lead with an external id is keyed by source and id, whatever its bytes")
    func external() {
        #expect(key([.id: "7", .source: "web"], "x").text == "id:web:7")
        #expect(key([.id: "7", .source: "web"], "x") == key([.id: "7", .source: "web", .name: "Ada"], "y"))
        #expect(key([.id: "7"]).text == "id::7")
        #expect(key([.id: "7", .source: "web"]) != key([.id: "7", .source: "fair"]))
    }

    @Test("without one it is keyed by the record's bytes")
    func content() {
        #expect(
            key([.name: "Ada"], "abc").text
                == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(key([.name: "Ada"], "abc") == key([.name: "Eve"], "abc"))
        #expect(key([.name: "Ada"], "abc") != key([.name: "Ada"], "abd"))
    }

    @Test("colons in source and id never make two leads one")
    func colons() {
        #expect(key([.id: "b:c", .source: "a"]) != key([.id: "c", .source: "a:b"]))
        #expect(key([.id: "c", .source: "a%3Ab"]) != key([.id: "c", .source: "a:b"]))
        #expect(key([.id: "x:y", .source: "web"]).text == "id:web:x:y")
    }

    @Test("the case's id is sixteen characters of Crockford's base 32, always the same")
    func caseID() {
        #expect(IntakeKey(text: "id:web:7").caseID == IntakeKey(text: "id:web:7").caseID)
        var ids: Set<CaseID> = []
        let alphabet = Set("0123456789abcdefghjkmnpqrstvwxyz")
        for number in 0..<5000 {
            let id = IntakeKey(text: "id:web:\(number)").caseID
            #expect(id.text.count == 16)
            if !id.text.allSatisfy(alphabet.contains) { Issue.record("\(id)") }
            ids.insert(id)
        }
        #expect(ids.count == 5000)
        // SHA-256 of "" begins e3b0c44298fc1c149afb; its 80 bits in groups of five.
        #expect(IntakeKey(text: "").caseID == "werc8gmrzge196qv")
    }

    @Test("bytes and hexadecimal digits are two spellings of one thing")
    func hex() {
        #expect(Hex.string([0, 15, 160, 255]) == "000fa0ff")
        #expect(Hex.bytes("000fA0Ff") == [0, 15, 160, 255])
        #expect(Hex.bytes("") == [])
        for text in ["0", "0g", "g0", "0x", " 00", "\u{660}\u{660}"] { #expect(Hex.bytes(text) == nil) }
    }
}

@Suite("Identifier")
struct IdentifierTests {
    @Test("an identifier prints, orders and codes as its text")
    func text() throws {
        let id: PersonID = "dana"
        #expect("\(id)" == "dana")
        #expect(id < "lee")
        let data = try JSONEncoder().encode([id])
        #expect(String(decoding: data, as: UTF8.self) == "[\"dana\"]")
        #expect(try JSONDecoder().decode([PersonID].self, from: data) == [id])
    }
}
