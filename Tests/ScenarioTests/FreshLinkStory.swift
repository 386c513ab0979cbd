// A link has expired: its person asks for a fresh one and gets it by mail, at most one in five minutes, while everybody
// sees the same page whatever they ask.

import LeadCore
import LeadTestKit
import Testing

@Suite("A fresh link", .timeLimit(.minutes(5)))
struct FreshLinkStory {
    @Test("the person of an expired link gets a fresh one by mail, at most one in five minutes")
    func freshLink() async throws {
        let plan = HousePlan {
            $0.hasPages = true
            $0.rulebook = Cast.rulebook(
                policy: Sample.policy([(.zero, .notify(.manager)), (.seconds(864_000), .assign("jane"))]),
                choice: ChoiceSettings(linkLifetime: .seconds(3600)))
            $0.sweep = .seconds(86_400)
        }
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            let asked = try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await Browser.open(house) { browser in
                try await house.pass(.milliseconds(3_599_999))
                #expect(try await browser.open(asked.path).status == 200)
                try await house.pass(.milliseconds(1))
                let closed = try await browser.open(asked.path)
                #expect(closed.status == 404)
                #expect(!closed.text.contains("Ada"), "an expired link shows nothing of the lead")

                // A thousand clicks make one mail.
                for _ in 0..<50 {
                    let answer = try await browser.post("renew", on: closed)
                    #expect(answer.status == 200)
                    #expect(!answer.text.contains("Ada"))
                }
                let fresh = try await house.expect(.freshLink, to: "dana", by: "mail")
                try await house.expectSilence()
                let page = try await browser.open(fresh.path)
                #expect(page.status == 200)

                try await house.pass(.milliseconds(299_999))
                _ = try await browser.post("renew", on: closed)
                try await house.expectSilence()
                try await house.pass(.milliseconds(1))
                _ = try await browser.post("renew", on: closed)
                try await house.expect(.freshLink, to: "dana", by: "mail")

                // The fresh link does what the first one did.
                #expect(try await browser.press("assign", on: page, ["rep": "billy"]).status == 200)
            }
            try await house.expect(.assigned, to: "billy", by: "mail", "slack")
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
            #expect(try await house.file(ada).subject.assignment?.rep == "billy")
        }
    }

    @Test("who was never told of the lead gets no link, and forged links get none, on the same page")
    func strangers() async throws {
        let plan = HousePlan { $0.hasPages = true }
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            let asked = try await house.expect(.decide, to: "dana", by: "mail", "teams")
            let past = house.clock.now() - .seconds(60)
            let keys = house.keys.now
            let lees = keys.token(for: Link(caseID: ada, person: "lee", purpose: .decide, expires: past))
            let noCase = keys.token(for: Link(caseID: "nonesuch", person: "dana", purpose: .decide, expires: past))
            let foreign = Sample.keys(seed: 8)
            let forged = foreign.token(for: Link(caseID: ada, person: "dana", purpose: .decide, expires: past))
            try await Browser.open(house) { browser in
                var texts: Set<String> = []
                for token in [lees, noCase, forged, "nonsense", String(asked.path.dropFirst(3).dropLast())] {
                    let closed = try await browser.open("/l/\(token)")
                    #expect(closed.status == 404)
                    texts.insert(try await browser.post("renew", on: closed).text)
                }
                #expect(texts.count == 1, "every answer is the same")
            }
            try await house.expectSilence()
        }
    }
}
