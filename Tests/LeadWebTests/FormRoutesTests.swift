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
        minimumTime: .seconds(3), thanks: "https://www.example.com/thanks")

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

    @Test(
        "a post without a ticket, with another form's, one that is too quick or fills the hidden field is asked again")
    func doubtful() async throws {
        try await IntakeSite.run(form: Self.form) { site in
            let fields = [("name", "Ada"), ("email", "a@x.example")]
            let quick = try await ticket(site)
            let foreign = Fixture.keys.ticket(for: "other", issued: site.site.clock.now())
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
}
