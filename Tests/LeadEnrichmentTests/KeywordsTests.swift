// Labels by weighted words: what counts, what is the reason, and when it is better to say nothing.

import LeadCore
import LeadTestKit
import Testing

@testable import LeadEnrichment

@Suite("Keywords")
struct KeywordsTests {
    private static let lists = [
        WordList(
            "Museums and galleries",
            [
                .init("museum", weight: 3), .init("art gallery", weight: 3), .init("sculpt*", weight: 2),
                .init("kunst"),
                .init("*ausstellung", weight: 2),
            ]),
        WordList("Construction", [.init("contractor", weight: 3), .init("facade", weight: 2), .init("kitchen")]),
        WordList("Hotels", [.init("hotel", weight: 3), .init("lobby"), .init("*hotel*")]),
        WordList("Spam", [.init("backlinks", weight: 5), .init("museum", weight: -5)]),
    ]

    private func enriched(_ description: String, threshold: Int = 2, more: [FieldName: String] = [:]) async -> Lead {
        let keywords = Keywords(
            name: "industries", field: .industry, sources: [.description, .company], lists: Self.lists,
            threshold: threshold)
        let chain = EnrichmentChain(enrichers: [keywords], budget: .zero, clock: ScriptedClock())
        return await chain.enrich(Lead(given: more.merging([.description: description]) { $1 }))
    }

    @Test(
        "the label whose words weigh most is filled",
        arguments: [
            ("A marble plinth for the Museum of Stone.", "Museums and galleries"),
            ("We run an ART-GALLERY downtown", "Museums and galleries"),
            ("Für unsere Dauerausstellung", "Museums and galleries"),
            ("Sculptures, and more sculpting", "Museums and galleries"),
            ("FAÇADE cladding, as a contractor", "Construction"),
            ("Für das Parkhotel am See, Lobby und Bar", "Hotels"),
            ("museum backlinks, cheap", "Museums and galleries"),
        ])
    func filled(text: String, label: String) async {
        #expect(await enriched(text)[.industry] == label)
    }

    @Test(
        "too little, or as much for another, fills nothing",
        arguments: [
            "a kitchen", "museums everywhere", "the museum by our contractor", "", "art and a gallery", "hot elevator",
        ])
    func nothing(text: String) async {
        let lead = await enriched(text)
        #expect(lead[.industry] == nil)
        #expect(lead.gaps.isEmpty)
    }

    @Test("the words that stood there are the reason, each once, and the lead is how sure it is")
    func reason() async {
        let lead = await enriched("Sculptures for the museum; the MUSEUM needs a kitchen.")
        let value = Lead.Value(
            "Museums and galleries",
            Provenance(origin: "industries", basis: "the words sculptures, museum", confidence: 83))
        #expect(lead.values[.industry] == value)
        #expect(value.provenance.words == "industries, by the words sculptures, museum, 83 % sure")
    }

    @Test("what the lead says stays, and the finding is kept beside it")
    func given() async {
        let lead = await enriched("for the museum", more: [.industry: "Charity"])
        #expect(lead[.industry] == "Charity")
        #expect(lead.others[.industry]?.map(\.text) == ["Museums and galleries"])
    }

    @Test("words are looked for where the configuration says, and never in the field that is filled")
    func sources() async throws {
        let values = OptionValues([
            "field": .text("project_type"), "of": .texts(["product", "project_type"]),
            "words": .wordLists([WordList("fine-art", [.init("bust")])]),
        ])
        let keywords = try Keywords.kind.make("keywords", values, nil)
        #expect(await keywords.enrich(Lead(given: [.product: "A bust"])).findings.map(\.text) == ["fine-art"])
        #expect(await keywords.enrich(Lead(given: [.description: "A bust"])).findings.isEmpty)
        #expect(await keywords.enrich(Lead(given: [.projectType: "A bust"])).findings.isEmpty)
    }

    @Test(
        "fields that aren't an enricher's and words without letters are refused",
        arguments: ["id", "created_at", "Id", "", "a b"])
    func refused(field: String) {
        let lists = OptionValue.wordLists([WordList("x", [.init("word")])])
        #expect(throws: OptionFlaw.self) {
            try Keywords.kind.make("keywords", OptionValues(["field": .text(field), "words": lists]), nil)
        }
        #expect(throws: OptionFlaw(option: "words", "A word has neither letter nor digit.")) {
            try Keywords.kind.make(
                "keywords",
                OptionValues(["field": .text("industry"), "words": .wordLists([WordList("x", [.init("*")])])]), nil)
        }
    }

    @Test("a text of ten megabytes costs little and changes nothing")
    func large() async {
        let lead = await enriched("museum " + String(repeating: "stone ", count: 2_000_000))
        #expect(lead[.industry] == "Museums and galleries")
    }
}
