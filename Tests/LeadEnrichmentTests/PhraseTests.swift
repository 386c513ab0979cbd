// What people say of time and money, and how they came: phrases, amounts, campaigns, referrers, lists of domains.

import Foundation
import LeadCore
import LeadTestKit
import Testing

@testable import LeadEnrichment

@Suite("UrgencyPhrases")
struct UrgencyPhrasesTests {
    private func urgency(_ text: String, high: [String] = [], low: [String] = []) async -> Enrichment.Finding? {
        let enricher = UrgencyPhrases(name: "urgency", sources: [.description], high: high, low: low)
        return await enricher.enrich(Lead(given: [.description: text])).findings.first
    }

    @Test(
        "urgent is urgent in six languages",
        arguments: [
            "We need this ASAP!", "It's urgent.", "Please answer as soon as possible", "This is time-critical",
            "Wir brauchen das dringend", "So schnell wie möglich, bitte", "C’est très urgent",
            "Lo necesitamos cuanto antes",
            "Ci serve il prima possibile", "Graag zo snel mogelijk",
        ])
    func high(text: String) async {
        #expect(await urgency(text)?.text == "high")
    }

    @Test(
        "and what has time has time",
        arguments: [
            "There is no rush.", "It’s not urgent", "Just looking, thanks", "Es eilt nicht, hat Zeit", "Keine Eile",
            "Ce n’est pas urgent", "Non è urgente", "Geen haast",
        ])
    func low(text: String) async {
        #expect(await urgency(text)?.text == "low")
    }

    @Test(
        "neither, or both, gives nothing",
        arguments: ["A marble bust", "urgently? no rush", "Not really urgent", "Nothing urgent", "ASAPH is our firm"])
    func nothing(text: String) async {
        #expect(await urgency(text) == nil)
    }

    @Test("the configuration's phrases count too, and the phrase is the reason")
    func own() async {
        let finding = await urgency("We open before Easter, hurry", high: ["before easter"])
        #expect(finding == .init(.urgency, "high", basis: "the words before easter", confidence: 80))
        let given = Lead(given: [.description: "asap", .urgency: "normal"])
        #expect(await UrgencyPhrases(name: "u", sources: [.description]).enrich(given) == Enrichment())
    }
}

@Suite("BudgetPhrases")
struct BudgetPhrasesTests {
    private func found(_ text: String, _ more: [FieldName: String] = [:]) async -> [FieldName: String] {
        let enricher = BudgetPhrases(name: "budget", sources: [.description])
        let lead = Lead(given: more.merging([.description: text]) { $1 })
        return Dictionary(uniqueKeysWithValues: await enricher.enrich(lead).findings.map { ($0.field, $0.text) })
    }

    @Test(
        "an amount is read however it is written",
        arguments: [
            ("Our budget is $12,500.", "12500", nil), ("about 12.500 € for it", "12500", "EUR"),
            ("£20k max", "20000", "GBP"), ("US$ 1.5m in all", "1500000", "USD"), ("12 500 euros", "12500", "EUR"),
            ("EUR 12.500,50", "12500.50", "EUR"), ("12,500.50 EUR", "12500.50", "EUR"), ("CHF 8'000.–", "8000", "CHF"),
            ("between 10,000 and 15,000 EUR", "10000", "EUR"), ("€10-15k", "10000", "EUR"),
            ("10–15k €", "10000", "EUR"),
            ("10k to 15k USD", "10000", "USD"), ("Budget: 5000", "5000", nil), ("a budget of around 30k", "30000", nil),
            ("1,5 Mio. Euro", "1500000", "EUR"), ("Budget von 20 tausend", "20000", nil), ("0.5m EUR", "500000", "EUR"),
            ("up to 5 000 €", "5000", "EUR"), ("2 million dollars", "2000000", nil),
        ] as [(String, String, String?)])
    func amount(text: String, value: String, currency: String?) async {
        let found = await found(text)
        #expect(found[.value] == value)
        #expect(found[.currency] == currency)
    }

    @Test(
        "numbers that are no money are left alone",
        arguments: [
            "9 metres of worktop", "in 2027", "call 312 555 0100", "30 mm slabs, 12 of them", "budget in 2 weeks",
            "our budget is tight. 2027 will be better", "1.5.3 EUR", "12,34,56 $", "0 €", "k €", "at 10:30", "€",
            "from 100 to 200 guests", "iPhone 15k", String(repeating: "9", count: 40) + " EUR",
        ])
    func none(text: String) async {
        #expect(await found(text) == [:])
    }

    @Test("a dollar is one of the lead's country, and a value that is given stays")
    func circumstances() async {
        #expect(await found("$5,000", [.countryCode: "CA"])[.currency] == "CAD")
        #expect(await found("$5,000", [.countryCode: "DE"])[.currency] == nil)
        #expect(await found("$5,000", [.value: "100"]) == [:])
    }

    @Test("random texts never stop it, and what it reads is a number")
    func random() async {
        var generator = SeededGenerator(seed: 5)
        let alphabet = Array("0123456789.,'  -–k€$£mUSbudget to\u{A0}é")
        for _ in 0..<5000 {
            let text = String((0..<40).compactMap { _ in alphabet.randomElement(using: &generator) })
            guard let value = await found(text)[.value] else { continue }
            #expect(Money(amount: value, currency: nil) != nil, "\(text) → \(value)")
        }
    }
}

@Suite("LeadSources")
struct LeadSourcesTests {
    private let enricher = LeadSources(
        name: "sources", campaigns: [("spring-*", "Spring fair"), ("brand", "Brand campaign")],
        referrers: ["stone-mag.example": "Stone Magazine"])

    private func source(_ given: [FieldName: String]) async -> String? {
        await enricher.enrich(Lead(given: given)).findings.first?.text
    }

    @Test(
        "where the person came from is known",
        arguments: [
            ([.utmCampaign: "Spring-2027", .utmSource: "google"], "Spring fair"),
            ([.campaign: "brand"], "Brand campaign"),
            ([.utmSource: "google", .utmMedium: "cpc"], "Google Ads"),
            ([.utmSource: "Google", .utmMedium: "organic"], "Google search"),
            (["campaign_id": "brand"], "Brand campaign"), (["gcl_id": "abc"], "Google Ads"),
            (["msclkid": "1", .referrer: "https://www.google.de/"], "Microsoft Ads"),
            ([.utmSource: "google"], "Google"), ([.landingPage: "https://x.example/?gclid=abc#a"], "Google Ads"),
            ([.landingPage: "https://x.example/?utm_source=News%20Letter&utm_medium=email"], "News Letter"),
            ([.landingPage: "https://x.example/?utm_campaign=spring-b"], "Spring fair"),
            ([.referrer: "https://www.google.de/"], "Google search"),
            ([.referrer: "https://www.google.co.uk/"], "Google search"),
            ([.referrer: "https://m.facebook.com/x"], "Facebook"),
            ([.referrer: "https://blog.stone-mag.example/a"], "Stone Magazine"),
            ([.landingPage: "https://x.example/?fbclid=1", .referrer: "https://www.bing.com/"], "Facebook"),
        ] as [([FieldName: String], String)])
    func known(given: [FieldName: String], name: String) async {
        #expect(await source(given) == name)
    }

    @Test(
        "what nobody knows, and what the lead says itself, is left alone",
        arguments: [
            [:], [.referrer: "https://google.example/"], [.referrer: "https://notgoogle.com"], [.referrer: "nonsense"],
            [.utmSource: "newsletter"], [.campaign: "brands"], [.source: "web", .utmSource: "google"],
            [.landingPage: "https://x.example/?"], [.landingPage: "?=&&=a&b"],
            [.referrer: "https://google.com.evil.example"],
        ] as [[FieldName: String]])
    func unknown(given: [FieldName: String]) async {
        #expect(await source(given) == nil)
    }

    @Test("the reason names what it went by")
    func reason() async {
        let found = await enricher.enrich(Lead(given: [.utmSource: "google", .utmMedium: "cpc"])).findings
        #expect(found == [.init(.source, "Google Ads", basis: "utm_source google, utm_medium cpc")])
        #expect(throws: OptionFlaw.self) {
            try LeadSources.kind.make("sources", OptionValues(["referrers": .pairs([NamedValue("no host", "x")])]), nil)
        }
    }
}

@Suite("Domain lists")
struct DomainListTests {
    private let folder = TemporaryDirectory()

    private func normalised(_ email: String, _ options: [String: String] = [:]) async throws -> Lead {
        let normaliser = try Normaliser.kind.make("normalise", OptionValues(options.mapValues { .text($0) }), nil)
        return await EnrichmentChain(enrichers: [normaliser], budget: .zero, clock: ScriptedClock())
            .enrich(Lead(given: [.email: email]))
    }

    private func file(_ text: String) throws -> String {
        let path = folder.file("list.txt")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test("addresses to be thrown away are known, below their domains too, and give no firm")
    func disposable() async throws {
        for email in ["x@mailinator.com", "x@eu.mailinator.com"] {
            let lead = try await normalised(email)
            #expect(lead[.disposableMail] == "yes")
            #expect(lead[.freeMail] == "yes")
            #expect(lead[.webDomain] == nil)
        }
        #expect(try await normalised("x@notmailinator.com")[.disposableMail] == nil)
    }

    @Test("files add to the lists")
    func files() async throws {
        let path = try file("# ours\nthrow.example   # remark\n\nWWW.Away.Example\r\n")
        #expect(try await normalised("x@away.example", ["disposable_mail": path])[.disposableMail] == "yes")
        #expect(try await normalised("x@throw.example", ["free_mail": path])[.freeMail] == "yes")
        #expect(try await normalised("x@other.example", ["free_mail": path])[.freeMail] == "no")
    }

    @Test("a file with anything else is refused with its line")
    func wrong() throws {
        let path = try file("good.example\nnot a domain\n")
        let flaw = #expect(throws: OptionFlaw.self) {
            try Normaliser.kind.make("normalise", OptionValues(["free_mail": .text(path)]), nil)
        }
        #expect(flaw == OptionFlaw(option: "free_mail", "Line 2 of the file is no domain; write one a line."))
    }
}
