// Leads that are typed in: by the person whose link it is and nobody else, once, into the spool, and not where somebody has
// the matter already.

import Foundation
import LeadCore
import LeadSpool
import Synchronization
import Testing

@testable import LeadWeb

/// Knows the fixture's lead by its number.
final class ScriptedFinder: LeadFinder {
    let asked = Mutex<[Lead]>([])
    let failure = Mutex<StoreFailure?>(nil)
    let score: Int

    init(score: Int = 95) { self.score = score }

    func alike(_ lead: Lead) async throws(StoreFailure) -> [DuplicateMatch] {
        asked.withLock { $0.append(lead) }
        if let failure = failure.withLock({ $0 }) { throw failure }
        guard lead[.phone] == Fixture.lead[.phone] else { return [] }
        let known = { (id: CaseID) in
            KnownLead(id: id, state: .waiting, lastAt: Fixture.start, rep: nil, likenesses: [])
        }
        let why = Resemblance(score: score, reasons: ["the same phone number", "a similar name"])
        return [Fixture.key(Fixture.lead).caseID, "0000000000000000"].map {
            DuplicateMatch(known: known($0), resemblance: why)
        }
    }
}

@Suite("Leads that are typed in", .timeLimit(.minutes(1)))
struct EntryRoutesTests {
    private func path(_ site: IntakeSite, person: PersonID = "dana") -> String {
        "/p/" + Fixture.keys.token(for: .own(person, expires: site.site.clock.now() + .seconds(86_400)))
    }

    private func body(_ fields: [(String, String)], action: String = "lead") -> String {
        (fields + [("action", action)]).map { "\($0)=\(RunningSite.escape($1))" }.joined(separator: "&")
    }

    /// The page's nonce, when enough time has passed for a person to have read it.
    private func nonce(_ site: IntakeSite, _ path: String) async throws -> String {
        let nonce = try #require(try await site.site.send("GET", path).field("nonce"))
        site.site.clock.advance(by: .seconds(30))
        return nonce
    }

    private static let call = [("source", "referral"), ("name", "Ada King"), ("phone", "+1 312 555 0100")]

    @Test("a call is one lead however often the button is pressed, with who took it and how it came")
    func call() async throws {
        try await IntakeSite.run { site in
            let path = path(site)
            let page = try await site.site.send("GET", path)
            #expect(page.status == 200 && page.body.contains("A call, a visit, a referral"))
            let nonce = try await nonce(site, path)
            let post = body(
                Self.call + [
                    ("nonce", nonce), ("project_type", "commercial"), ("description", "A counter in slate,\r\nsoon"),
                    ("referred_by", "Bea Bolt"), ("entered_by", "Somebody else"), ("id", "7"),
                ])
            let answer = try await site.site.send("POST", path, body: post)
            #expect(answer.status == 303)
            #expect(
                try await site.site.send("POST", path, body: post).headers["location"] == answer.headers["location"])
            let leads = try site.leads(of: "")
            #expect(Set(leads.map(\.key)).count == 1)
            let lead = leads[0].lead
            #expect(lead[.source] == "Referral" && lead["referred_by"] == "Bea Bolt" && lead[.id] == nil)
            #expect(lead[.projectType] == "commercial" && lead[.description] == "A counter in slate,\nsoon")
            #expect(lead[.enteredBy] == "Dana Whitfield" && lead[.joins] == nil)
            let location = try #require(answer.headers["location"])
            #expect(location == "?done=taken&lead=\(leads[0].key.caseID)")
            #expect(try await site.site.send("GET", path + location).body.contains("is taken"))
            let forged = try await site.site.send("GET", path + "?done=taken&lead=Call%20+1%20900")
            #expect(forged.body.contains("The lead is taken.") && !forged.body.contains("900"))
        }
    }

    @Test("a lead that could not be stored keeps the page's nonce, so that it stays the same post")
    func unstored() async throws {
        try await IntakeSite.run { site in
            let path = path(site)
            let nonce = try await nonce(site, path)
            let incoming = site.folder + "/main/incoming"
            try FileManager.default.moveItem(atPath: incoming, toPath: incoming + ".away")
            let answer = try await site.site.send("POST", path, body: body(Self.call + [("nonce", nonce)]))
            #expect(answer.status == 503 && answer.body.contains("value=\"Ada King\""))
            let again = try #require(answer.field("nonce"))
            #expect(again == nonce)
            try FileManager.default.moveItem(atPath: incoming + ".away", toPath: incoming)
            let second = try await site.site.send("POST", path, body: body(Self.call + [("nonce", again)]))
            #expect(second.status == 303)
            #expect(try site.leads(of: "").count == 1)
        }
    }

    @Test("what is missing is asked for, and what was typed stays")
    func missing() async throws {
        try await IntakeSite.run { site in
            let path = path(site)
            let nonce = try await nonce(site, path)
            for fields in [
                [("phone", "1"), ("source", "call")], [("name", "Ada"), ("source", "call")],
                [("name", "Ada"), ("phone", "1")],
                [("name", "Ada"), ("phone", "1"), ("source", "spam")],
            ] {
                let answer = try await site.site.send("POST", path, body: body(fields + [("nonce", nonce)]))
                #expect(answer.status == 422)
                #expect(fields.allSatisfy { $0.0 == "source" || answer.body.contains("value=\"\($0.1)\"") })
            }
            let without = body([("name", "Ada"), ("phone", "1"), ("source", "call")])
            #expect(try await site.site.send("POST", path, body: without).status == 422)
            #expect(try site.leads(of: "").isEmpty)
        }
    }

    @Test("who has the matter is shown with no more than tells whether it is the same, and the person decides")
    func known() async throws {
        let finder = ScriptedFinder()
        try await IntakeSite.run(finder: finder) { site in
            let path = path(site)
            let nonce = try await nonce(site, path)
            let number = try #require(Fixture.lead[.phone])
            let fields = [("source", "call"), ("name", "Ada M."), ("phone", number), ("nonce", nonce)]
            let asked = try await site.site.send("POST", path, body: body(fields))
            #expect(asked.status == 200 && asked.body.contains("Is it one of these?"))
            #expect(asked.body.contains("waits for Dana Whitfield since Mon 23 Nov 09:40"))
            #expect(asked.body.contains("the same phone number, a similar name"))
            #expect(asked.body.contains("value=\"Ada M.\"") && asked.field("nonce") == nonce)
            // Nothing of how to reach the person, what they wrote, or what the lead is worth.
            for secret in [Fixture.lead[.email], Fixture.lead[.value], "marble reliefs"].compactMap(\.self) {
                #expect(!asked.body.contains(secret))
            }
            #expect(try site.leads(of: "").isEmpty)
            try expectGolden(asked.body.replacing(nonce, with: "NONCE"), "person-known")

            let id = Fixture.key(Fixture.lead).caseID.text
            let joined = try await site.site.send("POST", path, body: body(fields + [("joins", id)]))
            #expect(joined.status == 303 && joined.headers["location"] == "?done=joined&lead=\(id)")
            #expect(try site.leads(of: "").map { $0.lead[.joins] } == [id])
            let fresh = try await self.nonce(site, path)
            let new = try await site.site.send(
                "POST", path, body: body(fields.dropLast() + [("nonce", fresh), ("joins", "none")]))
            #expect(new.status == 303 && new.headers["location"]?.hasPrefix("?done=taken") == true)
            // A search that fails holds no lead up.
            finder.failure.withLock { $0 = StoreFailure(.unavailable, "the disk is full") }
            let blind = try await self.nonce(site, path)
            let taken = try await site.site.send("POST", path, body: body(fields.dropLast() + [("nonce", blind)]))
            #expect(taken.status == 303)
            #expect(try site.leads(of: "").count == 3)
        }
    }

    @Test("while somebody types the script is told the same, at a person's pace, and only from the page")
    func look() async throws {
        let finder = ScriptedFinder()
        try await IntakeSite.run(finder: finder) { site in
            let path = path(site)
            let page = try await site.site.send("GET", path)
            #expect(page.body.contains("<script src=\"../entry.js\" defer></script>"))
            let policy = try #require(page.headers["content-security-policy"])
            #expect(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"))
            let script = try await site.site.send("GET", "/entry.js")
            #expect(script.status == 200 && script.headers["content-type"] == "text/javascript; charset=utf-8")
            let fields = [("phone", Fixture.lead[.phone] ?? ""), ("nonce", try await nonce(site, path))]
            let found = try await site.site.send("POST", path, body: body(fields, action: "look"))
            #expect(found.status == 200 && found.body.contains("Is it one of these?"))
            #expect(!found.body.contains("<html"))
            let none = try await site.site.send(
                "POST", path, body: body([("phone", "+1 312 555 9999"), fields[1]], action: "look"))
            #expect(none.status == 200 && !none.body.contains("Is it one"))
            var statuses: [Int] = []
            for _ in 1...8 {
                statuses.append(try await site.site.send("POST", path, body: body(fields, action: "look")).status)
            }
            #expect(statuses.contains(429))
            site.site.clock.advance(by: .seconds(5))
            let foreign = try await site.site.send(
                "POST", path, headers: ["Sec-Fetch-Site: cross-site"], body: body(fields, action: "look"))
            #expect(foreign.status == 403)
            let without = try await site.site.send("POST", path, body: body([fields[0]], action: "look"))
            #expect(without.status == 403)
            #expect(finder.asked.withLock { $0 }.allSatisfy { $0[.description] == nil })
            #expect(try site.leads(of: "").isEmpty)
        }
    }

    @Test("nobody types in with another's, an expired or a changed link, nor with one to a lead, nor from another site")
    func intruders() async throws {
        try await IntakeSite.run { site in
            let good = path(site)
            let later = site.site.clock.now() + .seconds(86_400)
            var bad = [
                Fixture.keys.token(for: .own("nobody", expires: later)),
                Fixture.keys.token(for: .own("dana", expires: site.site.clock.now())), "", "x", Fixture.token(),
                Fixture.keys(9).token(for: .own("dana", expires: later)),
            ]
            let token = String(good.dropFirst(3))
            for index in stride(from: 0, to: token.utf8.count, by: 3) {
                var bytes = Array(token.utf8)
                bytes[index] ^= 1
                bad.append(String(decoding: bytes, as: UTF8.self))
            }
            let nonce = try await nonce(site, good)
            for token in bad {
                let escaped = token.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? ""
                #expect(try await site.site.send("GET", "/p/\(escaped)").status == 404, "\(token)")
                let post = body(Self.call + [("nonce", nonce)])
                #expect(try await site.site.send("POST", "/p/\(escaped)", body: post).status == 404, "\(token)")
            }
            let post = body(Self.call + [("nonce", nonce)])
            let foreign = try await site.site.send("POST", good, headers: ["Origin: https://evil.example"], body: post)
            #expect(foreign.status == 403)
            // Another person's nonce is none.
            #expect(try await site.site.send("POST", path(site, person: "lee"), body: post).status == 422)
            #expect(try site.leads(of: "").isEmpty)
        }
    }
}
