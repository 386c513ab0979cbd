// What must not work: links that were altered or belong to others, forms without their page, forms from other sites,
// robots, and markup in a lead.

import Foundation
import LeadCore
import Testing

@testable import LeadWeb

@Suite("Intrusion", .timeLimit(.minutes(2)))
struct IntrusionTests {
    private let caseID = Fixture.link().caseID

    private func version(_ site: RunningSite) async -> Int? { await site.desk.stored(caseID)?.subject.version }

    @Test("Each bit of a link flipped opens nothing and assigns nothing")
    func flippedBits() async throws {
        try await RunningSite.run { site in
            let genuine = Array(Fixture.token().utf8)
            let nonce = site.nonce()
            let refusal = try await site.get("foreign").body
            let body = "action=assign&rep=billy&nonce=\(nonce)"
            for index in genuine.indices {
                for bit in 0..<8 {
                    var altered = genuine
                    altered[index] ^= 1 << UInt8(bit)
                    for method in ["GET", "POST"] {
                        var bytes = Array("\(method) /l/".utf8) + altered
                        bytes += Array(
                            (" HTTP/1.1\r\nHost: x\r\nConnection: close\r\nUser-Agent: \(RunningSite.phone)\r\n"
                                + "Content-Type: application/x-www-form-urlencoded\r\n"
                                + "Content-Length: \(body.utf8.count)\r\n\r\n" + body).utf8)
                        let answer = try await site.exchange(bytes)
                        #expect([400, 404].contains(answer.status), "bit \(bit) of byte \(index)")
                        if answer.status == 404 { #expect(answer.body == refusal) }
                        #expect(!answer.body.contains("Acme"))
                    }
                }
            }
            #expect(await site.desk.commands.isEmpty)
        }
    }

    @Test("Links of another case, of nobody, of another key, expired by a second: the same page, byte for byte")
    func refusedLinks() async throws {
        try await RunningSite.run { site in
            let now = Fixture.start
            let refused = [
                Fixture.token(Fixture.link(case: "0000000000000000")),
                Fixture.token(Fixture.link(expires: now - .seconds(1))), Fixture.token(Fixture.link(expires: now)),
                Fixture.keys(8).token(for: Fixture.link()), "x", "k1.a.b.c.d.e", String(repeating: "a", count: 4000),
                "%3Cscript%3E",
            ]
            let pages = try await withThrowingTaskGroup(of: Answer.self) { tasks in
                for token in refused { tasks.addTask { try await site.get(token) } }
                tasks.addTask { try await site.send("GET", "/wp-login.php") }
                tasks.addTask { try await site.send("PUT", "/l/\(Fixture.token())") }
                tasks.addTask { try await site.send("POST", "/somewhere", body: "action=renew") }
                for token in refused {
                    tasks.addTask { try await site.post([("action", "assign"), ("rep", "billy")], token: token) }
                }
                return try await tasks.reduce(into: [Answer]()) { $0.append($1) }
            }
            #expect(pages.allSatisfy { $0.status == 404 })
            #expect(Set(pages.map(\.body)).count == 1)
            #expect(Set(pages.map(\.headers)).count == 1)
            #expect(await site.desk.commands.isEmpty)
        }
    }

    @Test("A rep's link can't choose, a manager's can't start, another person's link can't act for the owner")
    func otherPersons() async throws {
        let assigned = try Fixture.opened().after(.assign(rep: "billy", by: "dana", note: nil), minutes: 0)
        try await RunningSite.run([assigned]) { site in
            let before = await version(site)
            let attempts: [(Link, [(String, String)])] = [
                (Fixture.link("billy", .follow), [("action", "reassign"), ("rep", "jane"), ("from", "billy")]),
                (Fixture.link("dana", .decide), [("action", "start")]),
                (Fixture.link("jane", .follow), [("action", "start")]),
                (Fixture.link("jane", .follow), [("action", "close")]),
                (Fixture.link("jane", .decide), [("action", "reassign"), ("rep", "jane"), ("from", "billy")]),
            ]
            for (link, fields) in attempts {
                let answer = try await site.post(fields + [("nonce", site.nonce(link))], token: Fixture.token(link))
                #expect(answer.status == 403, "\(link.person) \(fields)")
            }
            #expect(await version(site) == before)
        }
    }

    @Test("A POST without this link's nonce changes nothing")
    func nonces() async throws {
        try await RunningSite.run { site in
            let foreign = site.nonce(Fixture.link("lee"))
            for nonce in ["", "x", foreign] {
                let answer = try await site.post([("action", "assign"), ("rep", "billy"), ("nonce", nonce)])
                #expect(answer.status == 403)
                #expect(answer.body.contains("nothing was changed"))
            }
            let old = site.nonce(age: LinkKeys.nonceLifetime)
            #expect(try await site.post([("action", "assign"), ("rep", "billy"), ("nonce", old)]).status == 403)
            #expect(await site.desk.commands.isEmpty)
        }
    }

    @Test("A form from another site is refused; one from our own page, without a referrer, is not")
    func crossOrigin() async throws {
        try await RunningSite.run { site in
            let fields = [("action", "assign"), ("rep", "billy"), ("nonce", site.nonce())]
            let foreign = [
                ["Origin: https://evil.example"], ["Sec-Fetch-Site: cross-site"],
                ["Origin: null", "Sec-Fetch-Site: cross-site"], ["Origin: null", "Sec-Fetch-Site: same-site"],
                ["Origin: http://127.0.0.1:\(site.port)", "Origin: https://evil.example"],
            ]
            for headers in foreign {
                #expect(try await site.post(fields, headers: headers).status == 403, "\(headers)")
            }
            #expect(await site.desk.commands.isEmpty)
            let own = try await site.post(fields, headers: ["Origin: null", "Sec-Fetch-Site: same-origin"])
            #expect(own.status == 303)
        }
    }

    @Test("A robot, or a click within a second, gets one more page, whose own button works after a second")
    func robots() async throws {
        try await RunningSite.run { site in
            let fields = [("action", "assign"), ("rep", "billy"), ("note", "hi <x>")]
            let hasty = try await site.post(fields + [("nonce", site.nonce(age: .milliseconds(999)))])
            let robot = try await site.post(fields + [("nonce", site.nonce())], userAgent: "Slackbot 1.0")
            for page in [hasty, robot] {
                #expect(page.status == 200)
                #expect(page.body.contains("Give the lead to Billy Moss?"))
                #expect(page.field("confirmed") == "1" && page.field("rep") == "billy")
                #expect(page.field("note") == "hi &lt;x&gt;")
            }
            #expect(await site.desk.commands.isEmpty)
            let nonce = try #require(robot.field("nonce"))
            let confirmed = fields + [("confirmed", "1"), ("nonce", nonce)]
            let tooSoon = try await site.post(confirmed, userAgent: "Slackbot 1.0")
            #expect(tooSoon.status == 200 && tooSoon.body.contains("Give the lead to Billy Moss?"))
            site.clock.advance(by: .seconds(1))
            #expect(try await site.post(confirmed, userAgent: "Slackbot 1.0").status == 303)
            #expect(await site.desk.stored(caseID)?.subject.assignment?.rep == "billy")
        }
    }

    @Test("Whoever asks for a fresh link gets the same answer; only the person it was for gets a mail, once in a while")
    func renewal() async throws {
        try await RunningSite.run { site in
            let expired = Fixture.token(Fixture.link(expires: Fixture.start - .seconds(1)))
            let strangers = Fixture.token(Fixture.link("omar", expires: Fixture.start - .seconds(1)))
            var pages: Set<String> = []
            for token in [expired, expired, strangers, "foreign", Fixture.token()] {
                let answer = try await site.post([("action", "renew")], token: token)
                #expect(answer.status == 200)
                pages.insert(answer.body)
            }
            #expect(pages.count == 1)
            #expect(pages.first?.contains("If that link was genuine, a fresh one is on its way") == true)
            let sent = await site.desk.stored(caseID)?.deliveries.filter { $0.delivery.kind == .freshLink } ?? []
            #expect(sent.map(\.delivery.person) == ["dana"])
            let foreign = try await site.post(
                [("action", "renew")], token: expired, headers: ["Sec-Fetch-Site: cross-site"])
            #expect(foreign.status == 403)
        }
    }

    @Test("Hostile text in every field is inert")
    func hostile() async throws {
        let payloads = [
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' autofocus onfocus=alert(1) x='",
            "</textarea></title></style><svg onload=alert(1)>", "\u{600}<script>x</script>",
            "\"\u{301} onmouseover=alert(1) \u{301}\"", "{{{nonce}}}{{#lead}}", "<\u{338}b>", "&lt;i&gt;",
        ]
        let fields: [FieldName] = [
            .name, .title, .company, .email, .phone, .industry, .source, .city, .urgency, .value, .projectType,
            .description, "odd_<b>_field",
        ]
        for payload in payloads {
            var lead = Lead(given: Dictionary(uniqueKeysWithValues: fields.map { ($0, payload + $0.text) }))
            lead.fill(.website, payload, Provenance(origin: payload, basis: payload))
            lead.fill(.recordURL, "https://crm.example/\(payload)", .given)
            lead.note(Lead.Gap(enricher: payload, reason: payload))
            var stored = Fixture.opened(lead)
            let now = Fixture.start
            try stored.decide(.assign(rep: "billy", by: "lee", note: payload), now: now, rulebook: Fixture.rulebook)
            let id = stored.subject.id
            let delivery = try #require(stored.deliveries.first?.delivery)
            try stored.decide(.deliveryFailed(delivery, reason: payload), now: now, rulebook: Fixture.rulebook)
            try await RunningSite.run([stored]) { site in
                for link in [Fixture.link("lee", case: id), Fixture.link("billy", .follow, case: id)] {
                    let page = try await site.get(Fixture.token(link))
                    #expect(page.status == 200)
                    let body = page.body.replacing(Stylesheet.text, with: "")
                    #expect(Set(Markup.elements(of: body)).isSubset(of: Markup.ours), "\(payload)")
                    #expect(Set(Markup.attributes(of: body)).isSubset(of: Markup.oursWithin), "\(payload)")
                }
                let link = Fixture.link("lee", case: id)
                let again = try await site.post(
                    [("action", "reassign"), ("from", payload), ("note", payload), ("nonce", site.nonce(link))],
                    token: Fixture.token(link))
                let confirm = try await site.post(
                    [
                        ("action", "reassign"), ("rep", "jane"), ("from", payload), ("note", payload),
                        ("nonce", site.nonce(link, age: .zero)),
                    ], token: Fixture.token(link))
                for page in [again, confirm] {
                    let body = page.body.replacing(Stylesheet.text, with: "")
                    #expect(Set(Markup.elements(of: body)).isSubset(of: Markup.ours), "\(payload)")
                    #expect(Set(Markup.attributes(of: body)).isSubset(of: Markup.oursWithin), "\(payload)")
                }
            }
        }
    }
}
