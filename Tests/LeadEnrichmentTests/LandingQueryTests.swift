// What landing pages' addresses tell, held against the plain way; and names of campaigns.

import LeadTestKit
import Testing

@testable import LeadEnrichment

@Suite("LandingQuery")
struct LandingQueryTests {
    @Test("an address says what the plain way reads in it")
    func values() {
        let pieces = LandingQuery.Name.allCases.flatMap { [$0.text, $0.text + "=", "&" + $0.text.uppercased() + "="] }
        var texts = HostileTexts(
            SeededGenerator(seed: 8),
            pieces + ["?", "?", "&", "&", "=", "=", "#", "+", "%20", "%C3%A9", "%FF", "%", "google"])
        var found = 0
        for _ in 0..<8000 {
            let address = "https://www.example.com/" + texts.next(12)
            let query = LandingQuery(address)
            // The sign for Kelvin is a small k to Unicode and none in an address.
            let plain = PlainQuery.values(address.replacing("\u{212A}", with: "x"))
            for name in LandingQuery.Name.allCases where !address.contains("\u{212A}") {
                #expect(query[name] == plain[name.text], "\(address.debugDescription)")
                #expect(query.has(name) == (plain[name.text] != nil))
                if plain[name.text] != nil { found += 1 }
            }
        }
        #expect(found > 150)
    }

    @Test("a campaign's name stands for itself, and for others by its stars")
    func campaigns() {
        for (pattern, text, isMatch) in [
            ("spring", "spring", true), ("spring", "springs", false), ("Spring-*", "spring-7", true),
            ("*-fair", "spring-fair", true),
            ("a*b*c", "a-b-b-c", true), ("a*b*c", "a-c-b", false), ("*", "", true), ("aa*aa", "aaa", false),
            ("ä*", "ärger", true),
        ] {
            #expect(CampaignPattern(pattern).matches(text) == isMatch, "\(pattern) \(text)")
        }
    }
}
