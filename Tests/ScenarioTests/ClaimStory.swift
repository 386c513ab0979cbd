// "Mine to decide": a claim lets reminders rest, but never the fallback; it expires, or is given back.

import LeadCore
import LeadTestKit
import Testing

@Suite("A claim", .timeLimit(.minutes(5)))
struct ClaimStory {
    @Test("a claim lets reminders rest until it expires; then what had rested comes once")
    func expires() async throws {
        try await House.open { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.pass(.seconds(840))
            try await house.decide(.claim(by: "dana"), on: ada)
            try await house.pass(.milliseconds(899_999))
            try await house.expectSilence()
            try await house.pass(.milliseconds(1))
            // Fourteen minutes and fifteen more: the reminder of the fifteenth minute comes now.
            try await house.expect(.remind, to: "dana", by: "mail", "teams")
            try await house.pass(.seconds(60))
            try await house.expect(.escalate, to: "lee", by: "mail", "slack")
            try await house.expectSilence()
            #expect(
                try await house.story(of: ada) == [
                    "opened", "notified dana", "claimed by dana", "claim of dana expired", "reminded dana",
                    "notified lee",
                ])
            try await house.decide(.assign(rep: "jane", by: "lee", note: nil), on: ada)
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
            try await house.expect(.settled, to: "lee", by: "mail", "slack")
        }
    }

    @Test("the fallback person gets the lead at its time, claim or no claim")
    func fallback() async throws {
        try await House.open { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            for _ in 0..<5 {
                try await house.pass(.seconds(719))
                try await house.decide(.claim(by: "dana"), on: ada)
            }
            try await house.expectSilence()
            try await house.pass(.seconds(4))
            try await house.expectSilence()
            try await house.pass(.seconds(1))
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
            let file = try await house.file(ada)
            #expect(file.history.last?.at == Sample.start + .seconds(3600))
            try await house.pass(.seconds(7200))
        }
    }

    @Test("another manager waits for the claim's end, or for its release, which brings what had rested at once")
    func release() async throws {
        let plan = HousePlan { $0.hasPages = true }
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            let asked = try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await Browser.open(house) { browser in
                let page = try await browser.open(asked.path)
                try await house.pass(.seconds(600))
                let claimed = try await browser.press("claim", on: page)
                #expect(claimed.status == 200)

                let early = try await house.decide(.assign(rep: "jane", by: "lee", note: nil), on: ada)
                guard case .refused(.claimedByAnother(let claim), _) = early else {
                    Issue.record("not held off: \(early)")
                    return
                }
                #expect(claim.by == "dana")
                #expect(claim.until == Sample.start + .seconds(1500))

                try await house.pass(.seconds(600))
                try await house.expectSilence()
                #expect(try await browser.press("release", on: claimed).status == 200)
            }
            try await house.expect(.remind, to: "dana", by: "mail", "teams")
            try await house.decide(.assign(rep: "jane", by: "lee", note: nil), on: ada)
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
            #expect(
                try await house.story(of: ada) == [
                    "opened", "notified dana", "claimed by dana", "released by dana", "reminded dana",
                    "assigned to jane",
                ])
        }
    }
}
