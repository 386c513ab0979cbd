// The web form: only what its own page posts, by someone who took the time to fill it in, is a lead at once; what looks like a
// program's is asked again, and never lost.

import Foundation
import LeadCore
import LeadSpool
import LeadTestKit
import Testing

@testable import LeadWeb

@Suite("Web forms", .timeLimit(.minutes(1)))
struct FormRoutesTests {
    private static let form = SourceDoor.Form(
        title: "Ask us <anything>", fields: [.name, .email, .description], required: [.name, .email],
        minimumTime: .seconds(3), limits: [RateLimit(4, per: .seconds(60))], thanks: "https://www.example.com/thanks")

    private func ticket(_ site: IntakeSite) async throws -> String {
        let page = try await site.site.send("GET", "/f/form")
        #expect(page.status == 200)
        return try #require(page.field("ticket"))
    }

    private func body(_ fields: [(String, String)]) -> String {
        fields.map { "\($0)=\(RunningSite.escape($1))" }.joined(separator: "&")
    }

    @Test("a good post is one lead however often it is sent, and leads to the configured page only")
    func good() async throws {
        try await IntakeSite.run(form: Self.form) { site in
            let ticket = try await ticket(site)
            site.site.clock.advance(by: .seconds(5))
            let post = body([
                ("ticket", ticket), ("name", "Ada King"), ("email", "ada@acme.example"),
                ("description", "A\r\nB & c=d"),
                ("source", "mine"), ("retURL", "https://evil.example"), ("fax_number", ""),
            ])
            for _ in 0..<3 {
                let answer = try await site.site.send("POST", "/f/form", body: post)
                #expect(answer.status == 303)
                #expect(answer.headers["location"] == "https://www.example.com/thanks")
            }
            let leads = try site.leads(of: "form")
            #expect(Set(leads.map(\.key)).count == 1)
            #expect(leads[0].lead[.description] == "A\nB & c=d")
            #expect(leads[0].lead.values.count == 4 && leads[0].lead[.source] == "form")
        }
    }

    @Test("what is no form, or too long, is refused or asked for anew, takes nothing, and leaves the ticket good")
    func faulty() async throws {
        try await IntakeSite.run(form: Self.form) { site in
            let ticket = try await ticket(site)
            site.site.clock.advance(by: .seconds(5))
            let good = [("ticket", ticket), ("name", "Ada King"), ("email", "ada@acme.example")]
            let long = body(good + [("description", String(repeating: "x", count: 33_000))])
            let huge = body(good + [("description", String(repeating: "x", count: 2_000_000))])
            for (text, status) in [("name=%4", 400), ("name=%FF%FE", 400), (long, 422), (huge, 413)] {
                #expect(try await site.site.send("POST", "/f/form", body: text).status == status, "\(text.prefix(40))")
            }
            let typed = try await site.site.send("POST", "/f/form", headers: ["Content-Type: text/plain"])
            #expect(typed.status == 415)
            #expect(try site.leads(of: "form").isEmpty)
            // What nobody can see is left out of a text.
            let fields = good.map { ($0.0, $0.0 == "name" ? "Ada\u{0} King" : $0.1) }
            #expect(try await site.site.send("POST", "/f/form", body: body(fields)).status == 303)
            #expect(try site.leads(of: "form").map { $0.lead[.name] } == ["Ada King"])
        }
    }

    @Test(
        "a post without a ticket, with another form's, one that is too quick or fills the hidden field is asked again")
    func doubtful() async throws {
        try await IntakeSite.run(form: Self.form) { site in
            let fields = [("name", "Ada"), ("email", "a@x.example")]
            let quick = try await ticket(site)
            let foreign = Fixture.keys.ticket(for: "other", issued: site.site.clock.now(), serial: 1)
            for ticket in ["", quick, foreign, quick + "x"] {
                let answer = try await site.site.send("POST", "/f/form", body: body(fields + [("ticket", ticket)]))
                #expect(answer.status == 422)
                #expect(answer.body.contains("value=\"Ada\""))
            }
            site.site.clock.advance(by: .seconds(10))
            let trapped = body(fields + [("ticket", quick), ("fax_number", "1")])
            let again = try await site.site.send("POST", "/f/form", body: trapped)
            #expect(again.status == 422)
            #expect(try site.leads(of: "form").isEmpty)
            // A person presses the button once more.
            site.site.clock.advance(by: .seconds(4))
            let second = body(fields + [("ticket", try #require(again.field("ticket")))])
            #expect(try await site.site.send("POST", "/f/form", body: second).status == 303)
            #expect(try site.leads(of: "form").count == 1)
        }
    }

    @Test("what is needed is asked for, other sites can't post, and texts are shown as texts")
    func refused() async throws {
        try await IntakeSite.run(form: Self.form) { site in
            let ticket = try await ticket(site)
            site.site.clock.advance(by: .seconds(5))
            let post = body([("ticket", ticket), ("name", "<script>alert(1)</script>")])
            let answer = try await site.site.send("POST", "/f/form", body: post)
            #expect(answer.status == 422 && answer.body.contains("Please fill in: E-mail."))
            #expect(answer.body.contains("&lt;script&gt;") && !answer.body.contains("<script>"))
            let foreign = try await site.site.send(
                "POST", "/f/form", headers: ["Origin: https://evil.example"], body: post)
            #expect(foreign.status == 403)
            #expect(try await site.site.send("GET", "/f/crm").status == 404)
            #expect(try site.leads(of: "form").isEmpty)
        }
    }

    @Test("the page's policy lets its form lead to the origin of the page of thanks, and nowhere else")
    func policy() async throws {
        for (thanks, origins) in [
            ("https://www.example.com/thanks?a=1", " https://www.example.com"), (nil, ""),
            ("http://Example.COM:8080", " http://example.com:8080"),
            ("https://example.com?a=/", " https://example.com"),
        ] {
            let form = SourceDoor.Form(
                title: "A", fields: [.name], required: [], minimumTime: .zero, limits: [], thanks: thanks)
            try await IntakeSite.run(form: form) { site in
                for answer in [
                    try await site.site.send("GET", "/f/form"),
                    try await site.site.send("POST", "/f/form", body: "a=b"),
                ] {
                    let policy = try #require(answer.headers["content-security-policy"])
                    #expect(policy.contains("; form-action 'self'\(origins); "), "\(policy)")
                    #expect(policy.hasPrefix("default-src 'none'; ") && policy.hasSuffix("frame-ancestors 'none'"))
                }
            }
        }
    }

    @Test(
        "a page of the firm's site may post the form: it is looked over once, or brings a ticket; others may do neither"
    )
    func elsewhere() async throws {
        let form = SourceDoor.Form(
            title: "A", fields: [.name], required: [.name], minimumTime: .seconds(3), limits: [], thanks: nil,
            origins: ["https://www.example.com"])
        try await IntakeSite.run(form: form) { site in
            let headers = ["Origin: https://www.example.com", "Sec-Fetch-Site: cross-site"]
            let first = try await site.site.send("POST", "/f/form", headers: headers, body: "name=Ada")
            #expect(first.status == 200 && first.body.contains("value=\"Ada\"") && first.body.contains("look it over"))
            #expect(try site.leads(of: "form").isEmpty)
            site.site.clock.advance(by: .seconds(4))
            let again = body([("name", "Ada"), ("ticket", try #require(first.field("ticket")))])
            #expect(try await site.site.send("POST", "/f/form", body: again).status == 303)

            let fetched = try await site.site.send("GET", "/f/form/ticket", headers: headers)
            #expect(fetched.status == 200)
            #expect(fetched.headers["access-control-allow-origin"] == "https://www.example.com")
            #expect(fetched.headers["vary"] == "Origin")
            let eve = body([("name", "Eve"), ("ticket", fetched.body)])
            #expect(try await site.site.send("POST", "/f/form", headers: headers, body: eve).status == 422, "too quick")
            let trapped = body([("name", "Eve"), ("ticket", fetched.body), ("fax_number", "1")])
            site.site.clock.advance(by: .seconds(4))
            #expect(try await site.site.send("POST", "/f/form", headers: headers, body: trapped).status == 422)
            #expect(try await site.site.send("POST", "/f/form", headers: headers, body: eve).status == 303)
            let second = body([("name", "Bea"), ("ticket", fetched.body)])
            #expect(try await site.site.send("POST", "/f/form", headers: headers, body: second).status == 422, "spent")
            #expect(Set(try site.leads(of: "form").map { $0.lead[.name] }) == ["Ada", "Eve"])

            for foreign in ["https://evil.example", "https://www.example.com.evil.example", "null"] {
                let headers = ["Origin: \(foreign)", "Sec-Fetch-Site: cross-site"]
                #expect(try await site.site.send("POST", "/f/form", headers: headers, body: again).status == 403)
                let answer = try await site.site.send("GET", "/f/form/ticket", headers: headers)
                #expect(answer.status == 403 && answer.headers["access-control-allow-origin"] == nil)
            }
            #expect(try await site.site.send("GET", "/f/form/ticket").status == 403)
        }
        try await IntakeSite.run(form: Self.form) { site in
            let answer = try await site.site.send("GET", "/f/form/ticket")
            #expect(answer.status == 404)
        }
    }

    private func post(_ site: IntakeSite, _ ticket: String, _ name: String) async throws -> Answer {
        let fields = [("ticket", ticket), ("name", name), ("email", "a@x.example")]
        return try await site.site.send("POST", "/f/form", body: body(fields))
    }

    @Test("a ticket is good for one post and for the same one again; another asks for the button once more")
    func once() async throws {
        try await IntakeSite.run(form: Self.form) { site in
            let ticket = try await ticket(site)
            #expect(try await self.ticket(site) != ticket, "two people at one instant have two tickets")
            site.site.clock.advance(by: .seconds(5))
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<3 { group.addTask { try await post(site, ticket, "Ada").status } }
                for try await status in group { #expect(status == 303) }
            }
            let files = try site.leads(of: "form").count
            for _ in 0..<50 { #expect(try await post(site, ticket, "Ada").status == 303) }
            #expect(try site.leads(of: "form").count == files, "what is stored is not stored again")
            let other = try await post(site, ticket, "Eve")
            #expect(other.status == 422 && other.body.contains("sent this form already"))
            #expect(other.body.contains("value=\"Eve\""))
            #expect(Set(try site.leads(of: "form").map(\.key)).count == 1)
            site.site.clock.advance(by: .seconds(5))
            #expect(try await post(site, try #require(other.field("ticket")), "Eve").status == 303)
            #expect(Set(try site.leads(of: "form").map(\.key)).count == 2)
        }
    }

    @Test("more posts than the form's rate are asked to come again, with what was filled in, and then are taken")
    func rate() async throws {
        try await IntakeSite.run(form: Self.form) { site in
            var tickets: [String] = []
            for _ in 0..<5 { tickets.append(try await ticket(site)) }
            site.site.clock.advance(by: .seconds(5))
            for number in 0..<4 { #expect(try await post(site, tickets[number], "\(number)").status == 303) }
            let answer = try await post(site, tickets[4], "Last")
            #expect(answer.status == 429 && answer.headers["retry-after"] == "15")
            #expect(answer.body.contains("value=\"Last\"") && answer.field("ticket") == tickets[4])
            #expect(try site.leads(of: "form").count == 4)
            site.site.clock.advance(by: .seconds(15))
            #expect(try await post(site, try #require(answer.field("ticket")), "Last").status == 303)
            #expect(try site.leads(of: "form").count == 5)
        }
    }

    @Test("a post that could not be stored keeps its ticket, so that it stays the same post")
    func unstored() async throws {
        try await IntakeSite.run(form: Self.form) { site in
            let ticket = try await ticket(site)
            site.site.clock.advance(by: .seconds(5))
            let incoming = site.folder + "/form/incoming"
            try FileManager.default.moveItem(atPath: incoming, toPath: incoming + ".away")
            let answer = try await post(site, ticket, "Ada")
            #expect(answer.status == 503 && answer.field("ticket") == ticket)
            try FileManager.default.moveItem(atPath: incoming + ".away", toPath: incoming)
            #expect(try await post(site, try #require(answer.field("ticket")), "Ada King").status == 303)
            #expect(try site.leads(of: "form").count == 1)
        }
    }
}
