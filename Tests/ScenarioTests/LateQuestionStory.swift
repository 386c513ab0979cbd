// An enricher that can't be asked before another has answered: when that answers late, this one is asked then, once, over a
// real HTTP server, and what it says comes to the open case without a message.

import Curl
import LeadCore
import LeadEnrichment
import LeadTestKit
import PeerKit
import Testing

@Suite("A late question", .timeLimit(.minutes(5)))
struct LateQuestionStory {
    /// Asks by the domain of the e-mail, which only the answer of `forms` brings; fails so many times.
    private static func plan(
        asking peer: Peer, crmFails times: Int, crmRetries: Duration, _ client: HTTPClient, takes path: String
    ) -> HousePlan {
        let reachable: [String: OptionValue] = [
            "plain_http": .flag(true), "addresses": .text("loopback"), "retry": .duration(.seconds(3600)),
            "query": .secrets([NamedValue("access_token", Secret("good"))]),
        ]
        let kinds: [(name: String, options: [String: OptionValue])] = [
            (
                "crm",
                [
                    "url": .text(peer.url("/graph/{email_domain}?fail=\(times)")),
                    "fields": .pairs([NamedValue("territory", path)]), "retry": .duration(crmRetries),
                ]
            ),
            (
                "forms",
                [
                    "url": .text(peer.url("/graph/{form_id}?fail=1")),
                    "mapping": .mapping(FieldMapping(preset: FieldMapping.facebookPreset)),
                ]
            ),
        ]
        return HousePlan {
            $0.lookups = { outside in
                let http = try #require(EnricherKind.all.first { $0.name == "http" })
                return try kinds.map { kind in
                    try http.make(kind.name, OptionValues(reachable.merging(kind.options) { $1 }), outside)
                }
            }
            $0.client = client
            $0.hasPages = true
            $0.rulebook = Sample.rulebook(
                routes: [Route(managers: ["dana"], policy: "standard")],
                policies: [
                    "standard": Sample.policy([(.zero, .notify(.manager)), (.seconds(864_000), .assign("jane"))])
                ])
        }
    }

    /// Tells of a lead without an e-mail, which has gone out when `forms` is asked for the second time, after 30 s.
    private static func tell(
        crmFails times: Int, _ story: @escaping (House, Peer, CaseID, Letter) async throws -> Void
    ) async throws {
        try await open(crmFails: times) { house, peer, ada, letter in
            #expect(try await house.file(ada).subject.lead.gaps.map(\.enricher) == ["forms"])
            #expect(try peer.requests().map(\.path) == ["/graph/7"])
            try await pass(30, in: house, from: 0)
            try await story(house, peer, ada, letter)
        }
    }

    /// Opens a house with the enrichers of `plan`, and gives it a lead without an e-mail.
    private static func open(
        crmFails times: Int, crmRetries: Duration = .seconds(3600), takes path: String = "campaign_name",
        _ story: @escaping (House, Peer, CaseID, Letter) async throws -> Void
    ) async throws {
        let peer = try Peer.http()
        let client = try HTTPClient()
        let result: Result<Void, any Error>
        do {
            let plan = plan(asking: peer, crmFails: times, crmRetries: crmRetries, client, takes: path)
            try await House.open(plan) { house in
                let ada = try await house.drop(lead: 1, [.email: "", .company: "", "form_id": "7"])
                let letter = try await house.expect(.decide, to: "dana", by: "mail", "teams")
                try await story(house, peer, ada, letter)
                try await house.expectSilence()
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        try result.get()
    }

    private static func pass(_ seconds: Int, in house: House, from start: Int) async throws {
        try await wait(for: seconds, in: house, from: start)
        try await house.pass(.seconds(seconds))
    }

    private static func wait(for seconds: Int, in house: House, from start: Int) async throws {
        try await house.waitFor("the wait before somebody is asked again") {
            house.clock.earliestDeadline == Sample.start + .seconds(start + seconds)
        }
    }

    @Test("whoever lacked a value is asked once it has come, and never again")
    func asked() async throws {
        try await Self.tell(crmFails: 0) { house, peer, ada, letter in
            try await house.waitFor(ada, "the second answer") { $0.subject.lead["territory"] != nil }
            let lead = try await house.file(ada).subject.lead
            let learnt = Sample.start + .seconds(30)
            #expect(
                lead.values["territory"]
                    == Lead.Value(
                        "Spring", Provenance(origin: "crm", basis: "email_domain acme.example", at: learnt)))
            #expect(lead.gaps.isEmpty)
            #expect(
                try await house.story(of: ada)
                    == ["opened", "notified dana", "late answer of forms", "late answer of crm"])
            #expect(try peer.requests().map(\.path) == ["/graph/7", "/graph/7", "/graph/acme.example"])
            try await Browser.open(house) { browser in
                let page = try await browser.open(letter.path)
                #expect(page.text.contains("added by crm, by email_domain acme.example, Mon 23 Nov"))
            }
            // The next lead has what the question needs.
            try await house.drop(lead: 2, [.email: "bo@other.example"])
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            #expect(try peer.requests().map(\.path).last == "/graph/other.example")
        }
    }

    @Test("when it fails then, the lead says so, and it is asked again as long as its options say")
    func failed() async throws {
        try await Self.tell(crmFails: 1) { house, peer, ada, letter in
            try await house.waitFor(ada, "the failure to come to the case") {
                $0.subject.lead.gaps == [Lead.Gap(enricher: "crm", reason: "failed (HTTP 500)")]
            }
            try await Browser.open(house) { browser in
                let page = try await browser.open(letter.path)
                #expect(page.text.contains("crm was asked late and failed (HTTP 500)."))
            }
            try await Self.pass(60, in: house, from: 30)
            try await house.waitFor(ada, "the answer") { $0.subject.lead["territory"] == "Spring" }
            #expect(try await house.file(ada).subject.lead.gaps.isEmpty)
            #expect(try peer.requests().map(\.path).count { $0 == "/graph/acme.example" } == 2)
        }
    }

    @Test("the next run asks whoever lacked a value too")
    func restart() async throws {
        try await Self.tell(crmFails: 0) { house, peer, ada, _ in
            try await house.waitFor(ada, "the second answer") { $0.subject.lead["territory"] != nil }
            let bo = try await house.drop(lead: 2, [.email: "", .company: "", "form_id": "8"])
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.stop()
            try await house.start()
            try await Self.pass(30, in: house, from: 30)
            try await house.waitFor(bo, "both answers") { $0.subject.lead["territory"] != nil }
            // What is known of the domain is kept.
            #expect(try peer.requests().map(\.path).suffix(2) == ["/graph/8", "/graph/8"])
        }
    }

    /// Tells of a lead without an e-mail to which `crm`, asked once, is the second to be asked; the daemon dies before the
    /// answer of `forms` is taken further, or stops once both have answered.
    private static func tellOfEnd(
        dies: Bool, takes path: String = "campaign_name",
        _ story: @escaping (House, Peer, CaseID) async throws -> Void
    ) async throws {
        try await open(crmFails: 0, crmRetries: .zero, takes: path) { house, peer, ada, _ in
            try await house.settle()
            try await wait(for: 30, in: house, from: 0)
            if dies {
                try house.run.life.end(at: .afterCommit)
                house.clock.advance(by: .seconds(30))
                try await house.awaitDeath()
            } else {
                try await house.pass(.seconds(30))
                try await house.waitFor(ada, "both answers") { $0.subject.lead.gaps.isEmpty }
                try await house.stop()
            }
            try await house.start()
            try await story(house, peer, ada)
        }
    }

    @Test("when the daemon dies between the answer that brought the value and the question, the next run asks it")
    func owed() async throws {
        try await Self.tellOfEnd(dies: true) { house, peer, ada in
            try await house.waitFor(ada, "the answer to the question that was owed") {
                $0.subject.lead["territory"] == "Spring" && $0.subject.lead.gaps.isEmpty
            }
            #expect(
                try await house.story(of: ada)
                    == ["opened", "notified dana", "late answer of forms", "late answer of crm"])
            #expect(try peer.requests().map(\.path).contains("/graph/acme.example"))
            let asked = try peer.requests().count
            try await house.stop()
            try await house.start()
            try await house.settle()
            #expect(try peer.requests().count == asked)
        }
    }

    @Test("whoever was asked then and found nothing is not asked by the next run")
    func nothingFound() async throws {
        try await Self.tellOfEnd(dies: false, takes: "no.such.name") { house, peer, ada in
            try await house.settle()
            #expect(
                try await house.story(of: ada)
                    == ["opened", "notified dana", "late answer of forms", "late answer of crm"])
            #expect(try peer.requests().map(\.path) == ["/graph/7", "/graph/7", "/graph/acme.example"])
        }
    }
}
