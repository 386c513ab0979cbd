// What a case makes of an enricher's late answer: it has the values, nobody is told, and a replay gives the same.

import LeadTestKit
import Testing

@testable import LeadCore

@Suite("Late findings")
struct LateFindingsTests {
    private func findings(
        _ values: [(FieldName, String)], order: [String] = [], following: [LateValue] = [],
        reviews: [String: String?] = [:]
    ) -> LateFindings {
        LateFindings(
            enricher: "crm",
            values: values.map { LateValue($0.0, Lead.Value($0.1, Provenance(origin: "crm", at: Sample.start))) }
                + following,
            reviews: reviews, precedence: Precedence(order))
    }

    private func gapped(_ fields: [FieldName: String] = [:]) -> Lead {
        var lead = Sample.lead(1, fields)
        lead.note(Lead.Gap(enricher: "crm", reason: "took longer than 3 s"))
        return lead
    }

    @Test("an event tells of the lead as its entry left it, whatever was learnt later")
    func events() throws {
        var tracked = TrackedCase(lead: gapped())
        try tracked.decide(.enrich(findings([(.owner, "lee")])), at: Sample.start)
        let file = CaseFile(subject: tracked.current, history: tracked.history, deliveries: [])
        let opened = try #require(EventNotice(sequence: 1, in: file, by: Sample.rulebook()))
        #expect(opened.subject.lead[.owner] == nil)
        #expect(file.subject.lead[.owner] == "lee")
    }

    @Test("values are added and gaps closed, whoever has the lead, and no message is caused")
    func added() throws {
        var tracked = TrackedCase(lead: gapped())
        let transition = try tracked.decide(
            .enrich(findings([(.owner, "lee"), (.industry, "Stone")])), at: Sample.start)
        #expect(transition.deliveries.isEmpty)
        #expect(transition.cancels.isEmpty)
        #expect(transition.entries.map(\.actor) == [.daemon])
        #expect(tracked.current.lead[.owner] == "lee")
        #expect(tracked.current.lead.gaps.isEmpty)
        #expect(tracked.current.nextDeadline == TrackedCase(lead: gapped()).current.nextDeadline)
        try tracked.decide(.assign(rep: "billy", by: "dana", note: nil), at: Sample.start + .seconds(1))
        try tracked.decide(.enrich(findings([(.value, "500")])), at: Sample.start + .seconds(2))
        #expect(tracked.current.lead[.value] == "500")
    }

    @Test("where values disagree the order decides, and the history says which won")
    func order() throws {
        var tracked = TrackedCase(lead: gapped())
        try tracked.decide(.enrich(findings([(.company, "Acme Ltd")])), at: Sample.start)
        #expect(tracked.current.lead[.company] == "Acme Arts")
        #expect(tracked.current.lead.others[.company]?.map(\.text) == ["Acme Ltd"])
        var other = TrackedCase(lead: gapped())
        try other.decide(
            .enrich(findings([(.company, "Acme Ltd")], order: ["crm", "given"])), at: Sample.start)
        #expect(other.current.lead[.company] == "Acme Ltd")
        #expect(other.current.lead.others[.company]?.map(\.text) == ["Acme Arts"])
    }

    @Test("an answer that knows nothing new closes the gap once, and is refused after it")
    func nothingNew() throws {
        var tracked = TrackedCase(lead: gapped())
        let words = HistoryWords(rulebook: Sample.rulebook())
        let transition = try tracked.decide(
            .enrich(findings([(.company, "ACME ARTS")])), at: Sample.start)
        #expect(
            transition.entries.map { words.words($0.event).sentence } == [
                "crm answered late and knew nothing more."
            ])
        #expect(throws: Refusal.alreadyRecorded) {
            try tracked.decide(.enrich(findings([(.company, "acme arts")])), at: Sample.start)
        }
    }

    @Test("what others make of it comes with it in one entry, and what they couldn't do before counts no more")
    func reviews() throws {
        var lead = gapped()
        lead.note(Lead.Gap(enricher: "phones", reason: "the lead names no country"))
        var tracked = TrackedCase(lead: lead)
        let region = LateValue(
            "region", Lead.Value("Midwest", Provenance(origin: "places", basis: "state", at: Sample.start)))
        let transition = try tracked.decide(
            .enrich(
                findings(
                    [(.owner, "lee")], following: [region],
                    reviews: ["phones": nil, "places": "the postal code is none", "keywords": nil])),
            at: Sample.start)
        #expect(transition.deliveries.isEmpty && transition.entries.count == 1)
        #expect(tracked.current.lead.values["region"] == region.value)
        #expect(tracked.current.lead.gaps == [.init(enricher: "places", reason: "the postal code is none")])
        let words = HistoryWords(rulebook: Sample.rulebook()).words(transition.entries[0].event).sentence
        #expect(words == "crm answered late: Owner in the CRM. From the lead as it is now came: Region.")
        // The same once more changes nothing.
        #expect(throws: Refusal.alreadyRecorded) {
            try tracked.decide(
                .enrich(
                    findings([], following: [region], reviews: ["places": "the postal code is none", "phones": nil])),
                at: Sample.start)
        }
    }

    @Test("a case that is closed stays as it was")
    func closed() throws {
        var tracked = TrackedCase(lead: gapped())
        try tracked.decide(.reject(reason: .spam, by: "dana", note: nil), at: Sample.start)
        #expect(throws: Refusal.self) {
            try tracked.decide(.enrich(findings([(.owner, "lee")])), at: Sample.start)
        }
        #expect(tracked.current.lead[.owner] == nil)
    }
}
