// Answers that are taken whole, by a mapping, as Facebook's Graph API gives a lead's; and what an operator hears of an API.

import Curl
import LeadCore
import LeadTestKit
import PeerKit
import Testing

@testable import LeadEnrichment

extension HTTPLookupTests {
    /// What asks the peer as Facebook's Graph API is asked.
    private func graph(
        _ peer: Peer, token: String = "good", _ more: String = "", _ options: [String: OptionValue] = [:]
    ) throws -> HTTPLookup {
        let standard: [String: OptionValue] = [
            "mapping": .mapping(FieldMapping(preset: FieldMapping.facebookPreset)),
            "query": .secrets([NamedValue("access_token", Secret(token))]),
        ]
        return try lookup(
            peer.url("/graph/{leadgen_id}?fields=field_data\(more)"),
            ["fields": .pairs([])].merging(standard) { $1 }.merging(options) { $1 })
    }

    private func told(_ id: String) -> Lead { Lead(given: [.id: id, "leadgen_id": id, "form_id": "222"]) }

    @Test("with a mapping all of the answer is taken, by the names that a source of its kind has")
    func mapped() async throws {
        let peer = try Peer.http()
        let enricher = try graph(peer)
        let chain = EnrichmentChain(
            enrichers: [enricher, PhoneNumbers(name: "phones", country: "US")], budget: .seconds(30), clock: clock)
        let enriched = await chain.enrich(told("77"))
        let expected: [FieldName: String] = [
            .id: "77", "leadgen_id": "77", "form_id": "222", .name: "Ada King", .email: "ada77@acme.example",
            .phone: "+13125550100", .campaign: "Spring", .utmSource: "ig", "what_do_you_need?": "Reliefs, A bust",
        ]
        #expect(enriched.values.mapValues(\.text).merging(expected) { $1 } == enriched.values.mapValues(\.text))
        // What makes it this lead is its own, and those who come after it see what came.
        #expect(enriched[.createdAt] == nil && enriched["phone_e164"] == "+13125550100")
        #expect(enriched.values[.name]?.provenance.origin == "crm")
        #expect(enriched.values[.name]?.provenance.basis == "leadgen_id 77")
        // A lead of another source has no such id.
        #expect(await enricher.enrich(lead) == Enrichment())
        // The answer was kept, and is as whole from there.
        #expect(await enricher.enrich(told("77")).findings.count == 8)
        let requests = try peer.requests()
        #expect(requests.count == 1 && requests[0].query == "fields=field_data&access_token=good")
    }

    @Test("a path goes before the mapping, and an answer that is no object is none")
    func pathAndMapping() async throws {
        let peer = try Peer.http()
        let first = try graph(peer, "", ["fields": .pairs([NamedValue("name", "campaign_name")])])
        #expect(await first.enrich(told("1")).findings.first?.text == "Spring")
        for (json, reason) in [
            ("[1]", "answered with something that the mapping can't read"),
            (#"{"a":\#(String(repeating: "[", count: 60))1\#(String(repeating: "]", count: 60))}"#, nil),
            ("{}", nil),
        ] {
            let odd = try lookup(
                peer.url(Self.json(json)), ["fields": .pairs([]), "mapping": .mapping(.canonical)])
            let found = await odd.enrich(lead)
            #expect(found.failure == reason && found.findings.count <= 1)
        }
        let long = #"{"a":"\#(String(repeating: "x", count: 5000))","b":"y"}"#
        let cut = try lookup(peer.url(Self.json(long)), ["fields": .pairs([]), "mapping": .mapping(.canonical)])
        let found = await cut.enrich(lead)
        #expect(found.findings.map(\.text) == ["y"] && found.failure == "answered with a value that can't be kept")
    }

    @Test("a token that is refused is told once, with the API's code and without the token, and that it answers again")
    func expired() async throws {
        let peer = try Peer.http()
        let token = "EAABsbCS1iHgBAExpiredTokenThatNobodyMaySee"
        let enricher = try graph(peer, token: token, "", ["retry": .duration(.seconds(3600))])
        let reason = "refused the credentials (HTTP 400: OAuthException 190)"
        for number in 0..<3 {
            let found = await enricher.enrich(told("\(number)"))
            #expect(found == Enrichment(failure: reason, retryFor: .seconds(3600)))
        }
        #expect(news.all == [.refused(enricher: "crm", reason: reason)])
        #expect(!"\(news.all)".contains(token))
    }

    @Test(
        "an API's codes are told, and its sentences are not",
        arguments: [
            (
                #"{"error":{"message":"No Ada King here","type":"GraphMethodException","code":100}}"#,
                "refused the question (HTTP 400: GraphMethodException 100)"
            ),
            (
                #"{"error":"invalid_token","error_description":"for Ada"}"#,
                "refused the credentials (HTTP 400: invalid_token)"
            ),
            (
                #"[{"errorCode":"INVALID_SESSION_ID","message":"Ada"}]"#,
                "refused the credentials (HTTP 400: INVALID_SESSION_ID)"
            ),
            (#"{"error":"Ada King is unknown"}"#, "refused the question (HTTP 400)"),
            (#"{"code":"ada@acme.example","type":7}"#, "refused the question (HTTP 400: 7)"),
            ("no JSON", "refused the question (HTTP 400)"), ("", "refused the question (HTTP 400)"),
        ])
    func codes(body: String, sentence: String) async throws {
        let enricher = try lookup(
            try Self.plain.get().url("/status/400?body=\(Escaping.url(body))&domain={web_domain}"))
        #expect(await enricher.enrich(lead).failure == sentence)
    }

    @Test("one that fails for a while and answers again is told once each; what fails for good is not asked again")
    func newsOfFailures() async throws {
        let peer = try Peer.http()
        let enricher = try graph(peer, "&fail=2", ["failures": .integer(2), "retry": .duration(.seconds(600))])
        for _ in 0..<2 {
            #expect(
                await enricher.enrich(told("5")) == Enrichment(failure: "failed (HTTP 500)", retryFor: .seconds(600)))
        }
        #expect(await enricher.enrich(told("6")).retryFor == .seconds(600))
        clock.advance(by: .seconds(30))
        #expect(await enricher.enrich(told("5")).findings.count == 8)
        #expect(
            news.all == [
                .leftAlone(enricher: "crm", reason: "failed (HTTP 500)"), .answersAgain(enricher: "crm"),
            ])
        let unknown = await enricher.enrich(told("404"))
        #expect(
            unknown == Enrichment(failure: "failed (HTTP 500)", retryFor: .seconds(600))
                || unknown.failure == "refused the question (HTTP 400: GraphMethodException 100)")
    }
}
