// An API that is down all day: every lead goes out in its time with a gap, the API is asked now and then and not for every
// lead, and once it is back the next lead has its answer. Over a real HTTP server.

import Curl
import Foundation
import LeadCore
import LeadEnrichment
import LeadTestKit
import PeerKit
import Testing

@Suite("An API that is down all day", .timeLimit(.minutes(5)))
struct DeadInterfaceStory {
    @Test("leads go out, the API is left alone in between, and its first good answer is taken")
    func downAllDay() async throws {
        let peer = try Peer.http()
        let client = try HTTPClient()
        let folder = TemporaryDirectory()
        let isBack = folder.file("back")
        let answer = #"{"owner":"lee@example.com"}"#.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let options = OptionValues([
            "url": .text(peer.url("/status/503?until=\(isBack)&body=\(answer)&firm={company}")),
            "plain_http": .flag(true),
            "addresses": .text("loopback"), "fields": .pairs([NamedValue("owner", "owner")]),
            "failures": .integer(3), "pause": .duration(.seconds(60)),
        ])
        let kind = try #require(EnricherKind.all.first { $0.name == "http" })
        let plan = HousePlan {
            $0.lookups = { outside in [try kind.make("crm", options, outside)] }
            $0.client = client
            // Everyone is asked once, and nobody chases: the story is about the leads' way in.
            $0.rulebook = Sample.rulebook(policies: [
                "standard": Sample.policy([
                    (.zero, .notify(.manager)), (.seconds(864_000), .assign("jane")),
                ])
            ])
        }
        try await House.open(plan) { house in
            var asked: [Int] = []
            for number in 1...48 {
                let id = try await house.drop(lead: number, [.company: "Firm \(number)"])
                try await house.expect(.decide, to: "dana", by: "mail", "teams", about: id)
                let gaps = try await house.file(id).subject.lead.gaps
                #expect(gaps.map(\.enricher) == ["crm"])
                asked.append(try peer.requests().count)
                try await house.pass(.seconds(1800))
            }
            // Three failures, then one attempt whenever its pause is over: half an hour is beyond the longest pause.
            #expect(asked.last == 48)
            // A storm of leads while it is down asks it once and not a hundred times.
            let before = try peer.requests().count
            let texts = try (101...200).map { try House.text(Sample.lead($0, [.company: "Firm \($0)"])) }
            try await house.drop("storm.ndjson", texts.joined(separator: "\n"))
            for _ in 101...200 { try await house.expect(.decide, to: "dana", by: "mail", "teams") }
            #expect(try peer.requests().count <= before + 8)
            // The next lead after it is back and its pause is over has its answer, and so has each after that.
            #expect(FileManager.default.createFile(atPath: isBack, contents: nil))
            try await house.pass(.seconds(1800))
            for number in 301...303 {
                let id = try await house.drop(lead: number, [.company: "Firm \(number)"])
                try await house.expect(.decide, to: "dana", by: "mail", "teams", about: id)
                let lead = try await house.file(id).subject.lead
                #expect(lead[.owner] == "lee@example.com" && lead.gaps.isEmpty)
            }
            try await house.expectSilence()
        }
        await client.shutdown()
    }

    @Test("the account's owner is asked first, by what the CRM knows of the firm")
    func owner() async throws {
        let peer = try Peer.http()
        let client = try HTTPClient()
        let json = #"{"records":[{"Owner":{"Email":"lee@example.com"}}]}"#
        let escaped = json.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let options = OptionValues([
            "url": .text(peer.url("/json?body=\(escaped)&firm={web_domain}")), "plain_http": .flag(true),
            "addresses": .text("loopback"),
            "fields": .pairs([NamedValue("owner", "records[0].Owner.Email")]),
        ])
        let kind = try #require(EnricherKind.all.first { $0.name == "http" })
        let plan = HousePlan {
            $0.lookups = { outside in [try kind.make("crm", options, outside)] }
            $0.client = client
            $0.rulebook = Sample.rulebook(routes: [
                Route(managers: ["dana"], policy: "standard", ownerFirst: true)
            ])
        }
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "lee", by: "mail", "slack")
            let value = try await house.file(ada).subject.lead.values[.owner]
            #expect(value?.text == "lee@example.com")
            #expect(value?.provenance.basis == "web_domain acme.example")
            try await house.expectSilence()
        }
        await client.shutdown()
    }
}
