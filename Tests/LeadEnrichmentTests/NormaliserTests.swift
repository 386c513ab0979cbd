// What follows from a lead's own words, for ordinary, odd and random ones.

import LeadCore
import LeadEnrichment
import LeadTestKit
import Testing

@Suite("Normaliser")
struct NormaliserTests {
    private func normalised(_ given: [FieldName: String]) async -> Lead {
        let chain = EnrichmentChain(enrichers: [Normaliser()], budget: .zero, clock: ScriptedClock())
        return await chain.enrich(Lead(given: given))
    }

    @Test(
        "the domain of a valid e-mail address is known in lower case",
        arguments: [
            ("ada@acme.example", "acme.example"), ("Ada.Byron+x@ACME.Example", "acme.example"),
            ("o'neil@a-b.co.uk", "a-b.co.uk"), ("ada@1and1.com", "1and1.com"), ("  ada@acme.example ", "acme.example"),
            ("ada@b\u{FC}cher.example", "b\u{FC}cher.example"), ("\u{E4}da@acme.example", "acme.example"),
            ("ada@xn--bcher-kva.example", "xn--bcher-kva.example"), ("a@b.co", "b.co"),
        ])
    func emailDomain(email: String, domain: String) async {
        let lead = await normalised([.email: email])
        #expect(lead[.emailDomain] == domain)
        #expect(lead.gaps.isEmpty)
    }

    @Test(
        "an address that is none is noted and gives no domain",
        arguments: [
            "ada", "@acme.example", "ada@", "ada@acme", "ada@acme.", "ada@.example", "ada@acme..example",
            "a b@acme.example", "ada@ac me.example", "ada@-acme.example", "ada@acme-.example", "ada@10.0.0.1",
            "Ada <ada@acme.example>", "ada@@acme.example", ".ada@acme.example", "ada.@acme.example",
            "a..da@acme.example", "ada@acme.example\r\nBcc: all@acme.example", "ada@acme.\u{200B}example",
            "ada@acme.example\u{0}", "\"ada\"@acme.example", "ada@[10.0.0.1]", "ada@acme_x.example",
            "ada@" + String(repeating: "a", count: 64) + ".example",
            String(repeating: "a", count: 65) + "@acme.example",
            "ada@" + String(repeating: "abcdefg.", count: 40) + "example",
        ])
    func invalidEmail(email: String) async {
        let lead = await normalised([.email: email])
        #expect(lead[.emailDomain] == nil)
        #expect(lead[.freeMail] == nil)
        #expect(lead.gaps == [Lead.Gap(enricher: "normalise", reason: "the e-mail address is not valid")])
        #expect(lead[.email] != nil)
    }

    @Test(
        "the domain of a web site is known however it is written",
        arguments: [
            ("https://www.acme.example/about?x=1#y", "acme.example"), ("acme.example", "acme.example"),
            ("WWW.Acme.Example", "acme.example"), ("http://acme.example:8080", "acme.example"),
            ("acme.example:8080/x", "acme.example"), ("//acme.example/x", "acme.example"),
            ("http:/acme.example", "acme.example"), ("https://user:pass@shop.acme.example/", "shop.acme.example"),
            ("acme.example.", "acme.example"), ("https://b\u{FC}cher.example/", "b\u{FC}cher.example"),
            ("HTTPS://WWW.B\u{DC}CHER.EXAMPLE", "b\u{FC}cher.example"), ("acme.example/a@b.example", "acme.example"),
            ("www.www.example", "www.example"), ("mailto:ada@acme.example", "acme.example"),
            ("acme.example (closed)", "acme.example"),
        ])
    func webDomain(website: String, domain: String) async {
        let lead = await normalised([.website: website])
        #expect(lead[.webDomain] == domain)
        #expect(lead.values[.webDomain]?.provenance == Provenance(origin: "normalise", basis: "web site"))
    }

    @Test(
        "what is no web address, or a page on a public host, gives no domain",
        arguments: [
            "none", "n/a", "http://", "https://localhost/", "http://10.0.0.1/", "http://[::1]/", "javascript:alert(1)",
            "mailto:ada", "-", "http://a b.example/", "https://www.facebook.com/acme",
            "linkedin.com/company/acme", "https://acme.wixsite.com/home", "https://x.com/acme", "https://acme..example",
        ])
    func noWebDomain(website: String) async {
        #expect(await normalised([.website: website])[.webDomain] == nil)
    }

    @Test("a firm's own host that merely ends like a public one is its own")
    func similarHost() async {
        #expect(await normalised([.website: "https://acmex.com"])[.webDomain] == "acmex.com")
    }

    @Test("without a web site the e-mail domain stands for it, unless it is a public provider's")
    func webDomainFromEmail() async {
        let own = await normalised([.email: "ada@acme.example", .website: "facebook.com/acme"])
        #expect(own[.webDomain] == "acme.example")
        #expect(own.values[.webDomain]?.provenance.basis == "e-mail domain")
        #expect(own[.freeMail] == "no")
        let free = await normalised([.email: "ada@GMail.com"])
        #expect(free[.freeMail] == "yes")
        #expect(free[.emailDomain] == "gmail.com")
        #expect(free[.webDomain] == nil)
    }

    @Test("public mail providers are known", arguments: ["gmail.com", "gmx.de", "yahoo.co.uk", "proton.me", "qq.com"])
    func freeMail(domain: String) async {
        #expect(await normalised([.email: "ada@\(domain)"])[.freeMail] == "yes")
    }

    @Test(
        "a country's code follows from its name in several languages, its codes and usual short forms",
        arguments: [
            ("United States", "US"), ("USA", "US"), ("U.S.", "US"), ("u.s.a.", "US"), ("us", "US"),
            ("The United States of America", "US"), ("America", "US"), ("UK", "GB"), ("England", "GB"),
            ("Great Britain", "GB"), ("GBR", "GB"), ("Deutschland", "DE"), ("Germany", "DE"), ("Allemagne", "DE"),
            ("deu", "DE"), ("Schweiz", "CH"), ("Suisse", "CH"), ("Espa\u{F1}a", "ES"), ("espana", "ES"),
            ("\u{D6}sterreich", "AT"), ("O\u{308}sterreich", "AT"), ("C\u{F4}te d\u{2019}Ivoire", "CI"),
            ("Cote d'Ivoire", "CI"), ("Ivory Coast", "CI"), ("Trinidad and Tobago", "TT"), ("TRINIDAD & TOBAGO", "TT"),
            ("St. Lucia", "LC"), ("Saint Lucia", "LC"), ("South Korea", "KR"), ("Republic of Korea", "KR"),
            ("Russia", "RU"), ("Vietnam", "VN"), ("Viet Nam", "VN"), ("Turkey", "TR"), ("T\u{FC}rkiye", "TR"),
            ("Czech Republic", "CZ"), ("Czechia", "CZ"), ("The Netherlands", "NL"), ("Holland", "NL"),
            ("UAE", "AE"), ("Hong Kong", "HK"), ("Georgia", "GE"), ("Mexico", "MX"), ("M\u{E9}xico", "MX"),
            ("Canada", "CA"), ("ca", "CA"), ("Polska", "PL"), ("Niger", "NE"), ("Nigeria", "NG"), ("Sverige", "SE"),
            ("Danmark", "DK"), ("Norge", "NO"), ("Suomi", "FI"), ("Brasil", "BR"), ("Myanmar", "MM"),
        ])
    func countryCode(country: String, code: String) async {
        #expect(await normalised([.country: country])[.countryCode] == code)
    }

    @Test("what is no country has no code", arguments: ["Atlantis", "XX", "Europe", "Congo", "1", "...", "Korea town"])
    func noCountryCode(country: String) async {
        #expect(await normalised([.country: country])[.countryCode] == nil)
    }

    @Test(
        "a state's code follows from its name or code in the lead's country",
        arguments: [
            ("US", "Illinois", "IL"), ("USA", "il", "IL"), ("United States", "US-IL", "IL"), ("US", "Ill", nil),
            ("US", "Washington, D.C.", "DC"), ("US", "Georgia", "GA"), ("US", "new  york", "NY"),
            ("Canada", "Qu\u{E9}bec", "QC"), ("CA", "ON", "ON"), ("Australia", "New South Wales", "NSW"),
            ("AU", "wa", "WA"), ("US", "wa", "WA"), ("Canada", "Illinois", nil), ("Germany", "Bayern", nil),
            ("Atlantis", "Illinois", nil),
        ] as [(String, String, String?)])
    func stateCode(country: String, state: String, code: String?) async {
        #expect(await normalised([.country: country, .state: state])[.stateCode] == code)
    }

    @Test(
        "without a country only a US state's full name counts, and the country stays unknown",
        arguments: [
            ("Illinois", "IL"), ("illinois", "IL"), ("IL", nil), ("CA", nil), ("Georgia", nil), ("Ontario", nil),
            ("Puerto Rico", nil), ("Victoria", nil),
        ] as [(String, String?)])
    func stateWithoutCountry(state: String, code: String?) async {
        let lead = await normalised([.state: state])
        #expect(lead[.stateCode] == code)
        #expect(lead[.countryCode] == nil)
    }

    @Test("a country code that is given serves the state and stays as it is")
    func givenCountryCode() async {
        let lead = await normalised([.countryCode: "usa", .country: "Canada", .state: "Illinois"])
        #expect(lead[.countryCode] == "usa")
        #expect(lead[.stateCode] == "IL")
    }

    @Test("the source follows from the campaign's marks only when it isn't given")
    func source() async {
        #expect(await normalised([.utmSource: "google", .campaign: "Fall"])[.source] == "google")
        #expect(await normalised([.utmSource: "google"]).values[.source]?.provenance.basis == "utm_source")
        #expect(await normalised([.utmCampaign: "Fall", .campaign: "Autumn"])[.source] == "campaign Fall")
        #expect(await normalised([.campaign: "Fall 26"])[.source] == "campaign Fall 26")
        #expect(await normalised([.campaign: "Fall", .source: "fair"])[.source] == "fair")
        #expect(await normalised([.name: "Ada"])[.source] == nil)
    }

    @Test("a lead without anything to go by stays as it is")
    func nothing() async {
        #expect(await normalised([.name: "Ada"]) == Lead(given: [.name: "Ada"]))
    }

    @Test("random texts never stop it, nor change a given value, and what it derives is well-formed")
    func fuzz() async {
        let fields: [FieldName] = [
            .email, .website, .country, .state, .source, .utmSource, .utmCampaign, .campaign, .company, .countryCode,
            .emailDomain, .webDomain, .freeMail, .stateCode,
        ]
        var random = SeededGenerator(seed: 2026)
        for _ in 0..<3000 {
            var given: [FieldName: String] = [:]
            for field in fields where Bool.random(using: &random) { given[field] = RandomText.next(using: &random) }
            let before = Lead(given: given)
            let after = await normalised(given)
            for (field, value) in before.values { #expect(after.values[field] == value) }
            for (field, value) in after.values where before.values[field] == nil {
                #expect(value.provenance.origin == "normalise")
                switch field {
                case .emailDomain, .webDomain:
                    #expect(value.text == value.text.lowercased())
                    #expect(value.text.contains("."))
                    #expect(
                        !value.text.unicodeScalars.contains { $0.value < 0x2D || "/\\@:<>\"'".contains(Character($0)) })
                case .countryCode: #expect(value.text.utf8.count == 2)
                case .stateCode: #expect((2...3).contains(value.text.utf8.count))
                case .freeMail: #expect(["yes", "no"].contains(value.text))
                case .source: #expect(before[.utmSource] ?? before[.utmCampaign] ?? before[.campaign] != nil)
                default: Issue.record("an unexpected field: \(field)")
                }
            }
        }
    }
}

/// Odd texts: pieces of addresses, controls, marks that join, several scripts.
enum RandomText {
    private static let pieces = [
        "@", ".", "..", "www.", "http://", "https:", "/", "\\", ":", "?", "#", "-", "&", "'", "\u{2019}", "\"", ",",
        " ",
        "\r\n", "\n", "\t", "\u{0}", "\u{FEFF}", "\u{200D}", "\u{301}", "\u{1F469}\u{200D}\u{1F4BB}", "\u{130}",
        "\u{DF}",
        "\u{4E2D}\u{56FD}", "\u{627}", "\u{10FFFF}", "a", "Acme", "example", "com", "gmail.com", "US", "Illinois",
        "GmbH",
        "Inc.", "the ", "St. ", "9", "10.0.0.1", "usa", "%00", "\u{3002}", "\u{FF0E}", "\u{A0}",
    ]

    static func next(using random: inout SeededGenerator) -> String {
        (0..<Int.random(in: 0...8, using: &random)).map { _ in
            pieces[Int.random(in: pieces.indices, using: &random)]
        }.joined()
    }
}
