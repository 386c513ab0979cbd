// Leads that are typed in: by the person whose link it is and nobody else, once, and into the spool.

import Foundation
import LeadCore
import LeadSpool
import Testing

@testable import LeadWeb

@Suite("Leads that are typed in", .timeLimit(.minutes(1)))
struct EntryRoutesTests {
    private func token(_ site: IntakeSite, person: PersonID = "dana", days: Int = 1) -> String {
        Fixture.keys.entryToken(for: person, expires: site.site.clock.now() + .seconds(86_400 * days))
    }

    private func body(_ fields: [(String, String)]) -> String {
        fields.map { "\($0)=\(RunningSite.escape($1))" }.joined(separator: "&")
    }

    @Test("a call is one lead however often the button is pressed, with who took it and how it came")
    func call() async throws {
        try await IntakeSite.run { site in
            let path = "/e/\(token(site))"
            let page = try await site.site.send("GET", path)
            #expect(page.status == 200 && page.body.contains("A new lead, by Dana Whitfield"))
            #expect(!page.body.contains("<script"))
            let post = body([
                ("ticket", try #require(page.field("ticket"))), ("source", "referral"), ("name", "Ada King"),
                ("phone", "+1 312 555 0100"), ("referred_by", "Bea Bolt"), ("entered_by", "Somebody else"), ("id", "7"),
            ])
            let answer = try await site.site.send("POST", path, body: post)
            #expect(answer.status == 303)
            #expect(
                try await site.site.send("POST", path, body: post).headers["location"] == answer.headers["location"])
            let leads = try site.leads(of: "")
            #expect(Set(leads.map(\.key)).count == 1)
            let lead = leads[0].lead
            #expect(lead[.source] == "Referral" && lead["referred_by"] == "Bea Bolt" && lead[.id] == nil)
            #expect(lead["entered_by"] == "Dana Whitfield")
            let location = try #require(answer.headers["location"])
            #expect(location == "?done=\(leads[0].key.caseID)")
            #expect(try await site.site.send("GET", path + location).body.contains("is taken"))
        }
    }

    @Test("what is missing is asked for, and what was typed stays")
    func missing() async throws {
        try await IntakeSite.run { site in
            let path = "/e/\(token(site))"
            let ticket = try #require(try await site.site.send("GET", path).field("ticket"))
            for fields in [
                [("phone", "1"), ("source", "call")], [("name", "Ada"), ("source", "call")],
                [("name", "Ada"), ("phone", "1")],
                [("name", "Ada"), ("phone", "1"), ("source", "spam")],
            ] {
                let answer = try await site.site.send("POST", path, body: body(fields + [("ticket", ticket)]))
                #expect(answer.status == 422)
                #expect(fields.allSatisfy { $0.0 == "source" || answer.body.contains("value=\"\($0.1)\"") })
            }
            let without = body([("name", "Ada"), ("phone", "1"), ("source", "call")])
            #expect(try await site.site.send("POST", path, body: without).status == 422)
            #expect(try site.leads(of: "").isEmpty)
        }
    }

    @Test("nobody gets in with another's, an expired or a changed link, nor with one to a lead, nor from another site")
    func intruders() async throws {
        try await IntakeSite.run { site in
            let good = token(site)
            var bad = [
                token(site, person: "nobody"), token(site, days: 0), "", "x", Fixture.token(),
                LinkKeys([(id: "k1", secret: [UInt8](repeating: 9, count: 32))])?.entryToken(
                    for: "dana", expires: site.site.clock.now() + .seconds(60)) ?? "",
            ]
            for index in stride(from: 0, to: good.utf8.count, by: 3) {
                var bytes = Array(good.utf8)
                bytes[index] ^= 1
                bad.append(String(decoding: bytes, as: UTF8.self))
            }
            for token in bad {
                let escaped = token.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? ""
                #expect(try await site.site.send("GET", "/e/\(escaped)").status == 404, "\(token)")
            }
            let ticket = try #require(try await site.site.send("GET", "/e/\(good)").field("ticket"))
            let post = body([("ticket", ticket), ("source", "call"), ("name", "Ada"), ("phone", "1")])
            let foreign = try await site.site.send(
                "POST", "/e/\(good)", headers: ["Origin: https://evil.example"], body: post)
            #expect(foreign.status == 403)
            // Another person's ticket is none.
            let lee = token(site, person: "lee")
            #expect(try await site.site.send("POST", "/e/\(lee)", body: post).status == 422)
            #expect(try site.leads(of: "").isEmpty)
        }
    }
}
