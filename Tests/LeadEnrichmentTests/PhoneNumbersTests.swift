// Phone numbers as people write them, and what nobody can dial.

import LeadCore
import LeadTestKit
import Testing

@testable import LeadEnrichment

@Suite("PhoneNumbers")
struct PhoneNumbersTests {
    private func enriched(_ given: [FieldName: String], country: String = "") async -> Lead {
        let chain = EnrichmentChain(
            enrichers: [PhoneNumbers(name: "phones", country: country)], budget: .zero, clock: ScriptedClock())
        return await chain.enrich(Lead(given: given))
    }

    @Test(
        "a number is known as the world dials it, with its country",
        arguments: [
            ("+1 312 555 0100", "", "+13125550100", "US"), ("(312) 555-0147", "US", "+13125550147", "US"),
            ("312.555.0147", "US", "+13125550147", "US"), ("1-312-555-0147", "US", "+13125550147", "US"),
            ("+1 416 555 0123", "US", "+14165550123", "CA"), ("011 49 30 901820", "US", "+4930901820", "DE"),
            ("030 901820", "DE", "+4930901820", "DE"), ("+49 (0)89 636-48018", "", "+498963648018", "DE"),
            ("0049 89 63648018", "DE", "+498963648018", "DE"), ("tel:+49-89-636-48018", "", "+498963648018", "DE"),
            ("020 7946 0018", "GB", "+442079460018", "GB"), ("+44 (0) 7400 123456", "", "+447400123456", "GB"),
            ("01 23 45 67 89", "FR", "+33123456789", "FR"), ("06 12 34 56 78", "FR", "+33612345678", "FR"),
            ("02 1234 5678", "IT", "+390212345678", "IT"), ("612 34 56 78", "ES", "+34612345678", "ES"),
            ("044 668 18 00", "CH", "+41446681800", "CH"), ("+43 1 5123456", "", "+4315123456", "AT"),
            ("\u{FF0B}1 \u{FF13}\u{FF11}\u{FF12} 555 0100", "", "+13125550100", "US"),
            ("+7 495 123-45-67", "", "+74951234567", "RU"), ("+55 11 96123-4567", "", "+5511961234567", "BR"),
            ("0412 345 678", "AU", "+61412345678", "AU"),
        ])
    func read(text: String, country: String, number: String, owner: String) async {
        let lead = await enriched([.phone: text], country: country)
        #expect(lead[.phoneE164] == number)
        #expect(lead[.phoneCountry] == owner)
        #expect(lead[.phone] == text, "what the person wrote stays")
        #expect(lead.gaps.isEmpty)
    }

    @Test("the lead's own country goes before the configuration's, and is no guess")
    func country() async {
        let own = await enriched([.phone: "020 7946 0018", .countryCode: "GB"], country: "US")
        #expect(own[.phoneE164] == "+442079460018")
        #expect(own.values[.phoneE164]?.provenance == Provenance(origin: "phones", basis: "phone"))
        let guessed = await enriched([.phone: "312 555 0147"], country: "US")
        #expect(guessed.values[.phoneE164]?.provenance.confidence == 80)
        let plain = await enriched([.phone: "+1 312 555 0147"], country: "US")
        #expect(plain.values[.phoneE164]?.provenance.confidence == nil)
    }

    @Test("an extension is kept apart, and what the number is for is known")
    func details() async {
        let lead = await enriched([.phone: "+1 312 555 0100 ext. 12"])
        #expect(lead[.phoneE164] == "+13125550100")
        #expect(lead[.phoneExtension] == "12")
        #expect(await enriched([.phone: "+447400123456"])[.phoneKind] == "mobile")
        #expect(await enriched([.phone: "+1 800 253 0000"])[.phoneKind] == "toll-free")
        #expect(await enriched([.phone: "+800 1234 5678"])[.phoneCountry] == nil, "a number of the whole world")
    }

    @Test(
        "what is no number is noted and fills nothing",
        arguments: [
            ("call me", "the phone number is none"), ("-", "the phone number is none"),
            ("12", "the phone number has no country code, and the lead names no country"),
            ("+1 312", "the phone number is one that nobody can have"),
            ("312 555 0147", "the phone number has no country code, and the lead names no country"),
            ("+999 123 456 789", "the phone number has no country code, and the lead names no country"),
            ("+49 1", "the phone number is none"), ("+1 999 999 9999", "the phone number is one that nobody can have"),
            (String(repeating: "1", count: 1_000_000), "the phone number is none"),
            ("+1 312 555 0100\u{0}", "the phone number is none"),
        ])
    func wrong(text: String, gap: String) async {
        let lead = await enriched([.phone: text])
        #expect(lead[.phoneE164] == nil)
        #expect(lead.gaps.map(\.enricher) == ["phones"])
        if text.last != "\u{0}" { #expect(lead.gaps.map(\.reason) == [gap]) }
        #expect(lead[.phone] == text)
    }

    @Test("random texts never stop it")
    func random() async {
        var generator = SeededGenerator(seed: 11)
        let alphabet = Array("0123456789+-() ./xext;=*#ſ٣ａé\u{0}\u{202E}")
        for _ in 0..<3000 {
            let length = Int.random(in: 0...70, using: &generator)
            let text = String((0..<length).compactMap { _ in alphabet.randomElement(using: &generator) })
            let lead = await enriched([.phone: text], country: "DE")
            if let number = lead[.phoneE164] {
                #expect(number.hasPrefix("+") && number.dropFirst().allSatisfy(\.isNumber))
            }
        }
    }

    @Test("the configuration's country is a code, or refused")
    func option() throws {
        #expect(
            throws: OptionFlaw(option: "country", "Write the country's code in two capital letters, such as US or DE.")
        ) {
            try PhoneNumbers.kind.make("phones", OptionValues(["country": .text("Germany")]), nil)
        }
        #expect(try PhoneNumbers.kind.make("desk", OptionValues(["country": .text("DE")]), nil).name == "desk")
    }
}
