// A lead of Facebook's lead ads, from the webhook's post, which has ids alone, to the message with the person's name: the
// answers are asked for over a real HTTP server. And what becomes of it when they don't come.

import Curl
import Foundation
import LeadCore
import LeadEnrichment
import LeadTestKit
import LeadWeb
import PeerKit
import Testing

@Suite("Lead ads", .timeLimit(.minutes(5)))
struct LeadAdsStory {
    /// A house that Facebook posts to, and that asks `peer` for the answers.
    private static func tell(
        asking peer: Peer, token: String = "good", _ more: String = "",
        _ story: @escaping (House, Facebook) async throws -> Void
    ) async throws {
        let client = try HTTPClient()
        let options = OptionValues([
            "url": .text(peer.url("/graph/{leadgen_id}?fields=field_data,campaign_name\(more)")),
            "query": .secrets([NamedValue("access_token", Secret(token))]),
            "mapping": .mapping(FieldMapping(preset: FieldMapping.facebookPreset)), "retry": .duration(.seconds(3600)),
            "plain_http": .flag(true), "addresses": .text("loopback"),
        ])
        let works = OptionValues([
            "field": .text("project_type"), "of": .texts(["what_do_you_need?"]),
            "words": .wordLists([WordList("relief work", [.init("reliefs")])]),
        ])
        let kinds = [
            ("http", "facebook", options), ("phones", "phones", OptionValues([:])), ("keywords", "works", works),
        ]
        let plan = HousePlan {
            $0.lookups = { outside in
                try kinds.map { kind, name, options in
                    try #require(EnricherKind.all.first { $0.name == kind }).make(name, options, outside)
                }
            }
            $0.client = client
            $0.hasPages = true
            $0.doors = [
                SourceDoor(
                    name: "ads",
                    facebook: .init(
                        verifyToken: Secret(FacebookPost.verifyToken), appSecret: Secret(FacebookPost.secret)))
            ]
            $0.mapping = FieldMapping(preset: FieldMapping.facebookPreset)
            let routes = [Route(managers: ["dana"], policy: "standard")]
            $0.rulebook = Sample.rulebook(
                routes: routes,
                policies: [
                    "standard": Sample.policy([
                        (.zero, .notify(.manager)), (.seconds(864_000), .assign("jane")),
                    ])
                ])
        }
        let result: Result<Void, any Error>
        do {
            try await House.open(plan) { house in
                let port = try #require(try house.run.site?.port)
                try await story(house, Facebook(port: port, client: client))
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        try result.get()
    }

    /// Posts as Facebook does.
    private struct Facebook: Sendable {
        let port: Int
        let client: HTTPClient

        /// Tells of the leads with these ids, in an entry each, and gives the status of the answer.
        func tell(of ids: String..., secret: String = FacebookPost.secret) async throws -> Int {
            let body = FacebookPost.body(ids.map { FacebookPost.lead($0) })
            let signature = FacebookPost.signature(body, secret: secret)
            let request = HTTPRequest(
                method: .post, url: "http://127.0.0.1:\(port)/v1/facebook/ads",
                headers: [("Content-Type", "application/json"), ("X-Hub-Signature-256", signature)],
                body: Array(body.utf8), addresses: .includingLoopback, allowPlainHTTP: true)
            return try await client.send(request).get().status
        }
    }

    private static func id(_ leadgen: String) -> CaseID { IntakeKey(text: "id:ads:\(leadgen)").caseID }

    @Test("a signed post is a lead, and the message about it has the person's name; posted again it is the same one")
    func fromWebhookToMessage() async throws {
        let peer = try Peer.http()
        try await Self.tell(asking: peer) { house, facebook in
            #expect(try await facebook.tell(of: "901") == 200)
            let letter = try await house.expect(.decide, to: "dana", by: "mail", "teams", about: Self.id("901"))
            #expect(letter.briefing.headline.contains("Ada King"))
            let lead = try await house.file(Self.id("901")).subject.lead
            #expect(lead[.email] == "ada901@acme.example" && lead[.phone] == "+13125550100" && lead[.source] == "ads")
            #expect(lead[.createdAt] == "2026-11-23T14:59:00Z" && lead[.campaign] == "Spring" && lead.gaps.isEmpty)
            #expect(lead["what_do_you_need?"] == "Reliefs, A bust")
            #expect(lead.values[.name]?.provenance.origin == "facebook")
            try await Browser.open(house) { browser in
                let page = try await browser.open(letter.path)
                #expect(page.text.contains("Ada King") && page.text.contains("added by facebook"))
            }
            // Facebook posts again what it has had no answer to in time, joined otherwise.
            #expect(try await facebook.tell(of: "901", "902") == 200)
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: Self.id("902"))
            #expect(try await facebook.tell(of: "902") == 200)
            #expect(try await facebook.tell(of: "903", secret: "another app's") == 403)
            try await house.expectSilence()
            #expect(try await house.cases().count == 2)
            // Answers are kept, so a lead that comes again is not asked about again.
            #expect(try peer.requests().map(\.path) == ["/graph/901", "/graph/902"])
        }
    }

    @Test("while Graph is down leads go out without their answers, which come to the open case when it is back")
    func down() async throws {
        let peer = try Peer.http()
        try await Self.tell(asking: peer, "&fail=2") { house, facebook in
            #expect(try await facebook.tell(of: "901") == 200)
            let letter = try await house.expect(.decide, to: "dana", by: "mail", "teams", about: Self.id("901"))
            #expect(!letter.briefing.headline.contains("Ada King"))
            #expect(try await house.file(Self.id("901")).subject.lead.gaps.map(\.reason) == ["failed (HTTP 500)"])
            // It is asked again after 30 s, in vain, and a minute later.
            try await house.waitFor("the wait for the second question") {
                house.clock.earliestDeadline == Sample.start + .seconds(30)
            }
            try await house.pass(.seconds(30))
            try await house.waitFor("the second question") { try peer.requests().count == 2 }
            try await house.waitFor("the wait for the third") {
                house.clock.earliestDeadline == Sample.start + .seconds(90)
            }
            try await house.pass(.seconds(60))
            try await house.waitFor(Self.id("901"), "the answers to come to the case") {
                $0.subject.lead[.name] == "Ada King"
            }
            let file = try await house.file(Self.id("901"))
            #expect(file.subject.lead[.email] == "ada901@acme.example" && file.subject.lead.gaps.isEmpty)
            // Those who compute from memory look at the lead once more, in the same entry.
            let learnt = Sample.start + .seconds(90)
            let expected: [(FieldName, String, Provenance)] = [
                (.phoneE164, "+13125550100", Provenance(origin: "phones", basis: "phone", at: learnt)),
                (.emailDomain, "acme.example", Provenance(origin: "normalise", basis: "e-mail", at: learnt)),
                (
                    .industry, "Museums and galleries",
                    Provenance(origin: "firms", basis: "domain acme.example", at: learnt)
                ),
                (
                    .projectType, "relief work",
                    Provenance(origin: "works", basis: "the word reliefs", confidence: 50, at: learnt)
                ),
            ]
            for (field, text, provenance) in expected {
                #expect(file.subject.lead.values[field] == Lead.Value(text, provenance))
            }
            #expect(file.history.count == 3)
            #expect(
                try await house.story(of: Self.id("901")) == ["opened", "notified dana", "late answer of facebook"])
            try await Browser.open(house) { browser in
                let page = try await browser.open(letter.path)
                #expect(page.text.contains("Ada King"))
                #expect(page.text.contains("added by phones, by phone, Mon 23 Nov"))
                #expect(page.text.contains("From the lead as it is now came: "))
            }
            try await house.expectSilence()
        }
    }

    @Test("what a run was not answered the next one asks, and leaves alone what is closed or too old")
    func restart() async throws {
        let peer = try Peer.http()
        try await Self.tell(asking: peer, "&fail=1") { house, facebook in
            #expect(try await facebook.tell(of: "901", "902") == 200)
            for id in ["901", "902"] {
                try await house.expect(.decide, to: "dana", by: "mail", "teams", about: Self.id(id))
            }
            try await house.decide(.reject(reason: .spam, by: "dana", note: nil), on: Self.id("902"))
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
            try await house.stop()
            house.clock.advance(by: .seconds(1000))
            try await house.start()
            try await house.waitFor("the wait before it is asked again") {
                house.clock.earliestDeadline == Sample.start + .seconds(1030)
            }
            try await house.pass(.seconds(30))
            try await house.waitFor(Self.id("901"), "the answers to come to the case") {
                $0.subject.lead[.name] == "Ada King" && $0.subject.lead.gaps.isEmpty
            }
            #expect(try await house.file(Self.id("902")).subject.lead[.name] == nil)
            try await house.expectSilence()
            // An hour is as long as it is asked for.
            #expect(
                try await Facebook(port: try #require(try house.run.site?.port), client: facebook.client).tell(
                    of: "903") == 200)
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: Self.id("903"))
            try await house.stop()
            house.clock.advance(by: .seconds(3601))
            try await house.start()
            try await house.settle()
            #expect(try await house.file(Self.id("903")).subject.lead.gaps.count == 1)
            let asked = try peer.requests().map(\.path).sorted()
            #expect(asked == ["/graph/901", "/graph/901", "/graph/902", "/graph/903"])
        }
    }

    @Test("when Graph is slow the lead goes out when its time is over, and the answers come late")
    func slow() async throws {
        let peer = try Peer.http()
        try await Self.tell(asking: peer, "&delay=1500") { house, facebook in
            #expect(try await facebook.tell(of: "901") == 200)
            try await house.waitFor("the question") { try peer.requests().count == 1 }
            try await house.waitFor("the budget to run") {
                house.clock.earliestDeadline == Sample.start + .seconds(3)
            }
            house.clock.advance(by: .seconds(3))
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: Self.id("901"))
            try await house.waitFor(Self.id("901"), "the answers to come to the case") {
                $0.subject.lead[.name] == "Ada King" && $0.subject.lead.gaps.isEmpty
            }
            try await house.expectSilence()
        }
    }

    @Test("of a token that has expired the operators are told once a run, without the token, and each lead has a gap")
    func expired() async throws {
        let peer = try Peer.http()
        let token = "EAABexpired0123456789"
        try await Self.tell(asking: peer, token: token) { house, facebook in
            #expect(try await facebook.tell(of: "901", "902", "903") == 200)
            for id in ["901", "902", "903"] {
                try await house.expect(.decide, to: "dana", by: "mail", "teams", about: Self.id(id))
                let gaps = try await house.file(Self.id(id)).subject.lead.gaps
                #expect(
                    gaps == [
                        .init(enricher: "facebook", reason: "refused the credentials (HTTP 400: OAuthException 190)")
                    ])
            }
            let log = house.journal.look(\.log)
            #expect(log.count { $0.contains("OAuthException 190") } == 1)
            #expect(!log.contains { $0.contains(token) })
            let alarm = try await house.expect(.alarm, to: "lee", by: "mail", "slack")
            #expect(alarm.briefing.headline.hasPrefix("Leads lack what an enricher knows: "))
            let sentence = alarm.briefing.sentences.first ?? ""
            #expect(sentence.hasPrefix("The enricher facebook is refused: refused the credentials (HTTP 400: "))
            #expect(!sentence.contains(token) && alarm.briefing.brief.sentences.first == sentence)
            #expect(alarm.briefing.brief.headline.hasPrefix("Leads lack what an enricher knows: "))
            let story = try await house.story(of: alarm.caseID)
            #expect(story == ["opened", "notified dana", "refused facebook"])
            try await house.expectSilence()
            // The next run finds out by itself, and tells with the first lead that comes.
            try await house.stop()
            try await house.start()
            #expect(
                try await Facebook(port: try #require(try house.run.site?.port), client: facebook.client).tell(
                    of: "904") == 200)
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: Self.id("904"))
            try await house.expect(.alarm, to: "lee", by: "mail", "slack", about: Self.id("904"))
            try await house.expectSilence()
        }
    }
}
