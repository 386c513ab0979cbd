// A person's own page, through the real server: what it shows, what its buttons do, and whom it refuses.

import LeadCore
import Testing

@testable import LeadWeb

@Suite("A person's own page", .timeLimit(.minutes(2)))
struct PersonRoutesTests {
    private static func token(_ person: PersonID = "dana", expires: Timestamp = Fixture.start + .seconds(86_400))
        -> String
    {
        Fixture.keys.token(for: .own(person, expires: expires))
    }

    private static func nonce(_ site: RunningSite, age: Duration = .seconds(5)) -> String {
        site.nonce(.own("dana", expires: Fixture.start + .seconds(86_400)), age: age)
    }

    private static func post(
        _ site: RunningSite, _ fields: [(String, String)], token: String = token(), headers: [String] = [],
        userAgent: String = RunningSite.phone
    ) async throws -> Answer {
        let body = fields.map { "\($0)=\(RunningSite.escape($1))" }.joined(separator: "&")
        return try await site.send("POST", "/p/\(token)", headers: headers, body: body, userAgent: userAgent)
    }

    private static let leave = [("action", "away"), ("from", "2026-12-24T13:00"), ("until", "2027-01-02T09:00")]

    @Test("shows when one is away, on one's own clock; looking changes nothing")
    func shows() async throws {
        try await RunningSite.run { site in
            let empty = try await site.send("GET", "/p/\(Self.token())")
            #expect(empty.status == 200 && empty.body.contains("No absence is known."))
            #expect(empty.headers["cache-control"] == "no-store")
            #expect(!empty.body.contains("value=\"dana\""))
            let done = try await Self.post(
                site, Self.leave + [("substitute", "lee"), ("nonce", Self.nonce(site))])
            #expect(done.status == 303 && done.headers["location"] == "?done=away")
            let absence = try #require(site.rulebook.now.absences.first)
            #expect(absence.person == "dana" && absence.substitute == "lee")
            #expect(CivilTime(absence.from).rfc3339 == "2026-12-24T19:00:00Z")
            let page = try await site.send("GET", "/p/\(Self.token())?done=away")
            #expect(page.body.contains("Noted. While you are away, leads go to others."))
            #expect(page.body.contains("Thu 24 Dec 13:00 – Sat 2 Jan 09:00"))
            #expect(page.body.contains("Lee Park stands in"))
            try expectGolden(page.body.replacing(try #require(page.field("nonce")), with: "NONCE"), "person")
            let back = try await Self.post(site, [("action", "back"), ("nonce", Self.nonce(site))])
            #expect(back.status == 303 && site.rulebook.now.absences.isEmpty)
            let again = try await Self.post(site, [("action", "back"), ("nonce", Self.nonce(site))])
            #expect(again.status == 422 && again.body.contains("ended where they are written"))
        }
    }

    @Test("what can't be noted is told, and what was entered is kept")
    func flaws() async throws {
        try await RunningSite.run { site in
            for (from, until, substitute, words) in [
                ("2026-12-24T13:00", "", "", "date and time"), ("soon", "2027-01-02T09:00", "", "date and time"),
                ("2027-01-03T13:00", "2027-01-02T09:00", "", "The absence ends before it begins"),
                ("2020-01-03T13:00", "2020-01-04T09:00", "", "is over already"),
                ("", "2027-01-02T09:00", "dana", "stand in for themselves"),
                ("", "2027-01-02T09:00", "nobody", "there is no person nobody"),
                ("<b>", "2027-01-02T09:00", "", "&lt;b&gt;"),
            ] {
                let answer = try await Self.post(
                    site,
                    [
                        ("action", "away"), ("from", from), ("until", until), ("substitute", substitute),
                        ("nonce", Self.nonce(site)),
                    ])
                #expect(answer.status == 422, "\(from) \(until)")
                #expect(answer.body.lowercased().contains(words.lowercased()), "\(from) \(until)")
            }
            #expect(site.rulebook.now.absences.isEmpty)
            let kept = try await Self.post(
                site, [("action", "away"), ("from", "2026-12-24T13:00"), ("until", ""), ("nonce", Self.nonce(site))])
            #expect(kept.body.contains("value=\"2026-12-24T13:00\""))
            let nothing = try await Self.post(site, [("nonce", Self.nonce(site))])
            #expect(nothing.status == 422)
        }
    }

    @Test(
        "robots, haste, other sites, foreign and expired links, a lead's link and people who have left change nothing")
    func refused() async throws {
        try await RunningSite.run { site in
            let hasty = try await Self.post(site, Self.leave + [("nonce", Self.nonce(site, age: .zero))])
            #expect(hasty.status == 422 && hasty.body.contains("press it once more"))
            let robot = try await Self.post(
                site, Self.leave + [("nonce", Self.nonce(site))], userAgent: "Slackbot-LinkExpanding 1.0")
            #expect(robot.status == 422)
            let stale = try await Self.post(site, Self.leave + [("nonce", "x.y")])
            #expect(stale.status == 422 && stale.body.contains("open for too long"))
            let foreign = try await Self.post(
                site, Self.leave + [("nonce", Self.nonce(site))], headers: ["Sec-Fetch-Site: cross-site"])
            #expect(foreign.status == 403)
            let early = Self.token(expires: Fixture.start - .seconds(60))
            for token in [early, Self.token("nobody"), Fixture.token(), "k1.x"] {
                #expect(try await site.send("GET", "/p/\(token)").status == 404)
                #expect(
                    try await Self.post(site, Self.leave + [("nonce", Self.nonce(site))], token: token).status == 404)
            }
            // The own page's link opens no lead.
            #expect(try await site.send("GET", "/l/\(Self.token())").status == 404)
            let other = try await site.post([("action", "claim"), ("nonce", Self.nonce(site))], token: Self.token())
            #expect(other.status == 404)
            let large = try await Self.post(site, [("action", String(repeating: "x", count: 100_000))])
            #expect(large.status == 413)
            #expect(site.rulebook.now.absences.isEmpty)
        }
    }

    @Test("a store that fails is told, and nothing is lost of what was entered")
    func storeFails() async throws {
        try await RunningSite.run { site in
            site.absences.fail(with: StoreFailure(.unavailable, "the disk is full"))
            let answer = try await Self.post(site, Self.leave + [("nonce", Self.nonce(site))])
            #expect(answer.status == 422 && answer.body.contains("could not be recorded just now"))
            #expect(answer.body.contains("value=\"2026-12-24T13:00\""))
            site.absences.fail(with: nil)
            #expect(try await Self.post(site, Self.leave + [("nonce", Self.nonce(site))]).status == 303)
        }
    }
}
