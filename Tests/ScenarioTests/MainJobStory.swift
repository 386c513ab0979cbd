// The main job, start to end: a file comes in, the first manager is told at once, chooses on the page, and the rep has the
// lead.

import LeadCore
import LeadStorage
import LeadTestKit
import Testing

@Suite("The main job", .timeLimit(.minutes(5)))
struct MainJobStory {
    @Test("a lead's file becomes messages to the first manager, a choice on the page, and messages to the rep")
    func mainJob() async throws {
        let plan = HousePlan {
            $0.rulebook = Cast.rulebook()
            $0.hasPages = true
        }
        try await House.open(plan) { house in
            try house.hold("mail")
            try house.hold("teams")
            let ada = try await house.drop(lead: 1, [.country: "", .city: ""])

            // Both messages begin at once, out of the one transaction that opened the case.
            try await house.waitFor("mail and chat to begin") { house.journal.look { $0.underWay.count } == 2 }
            let born = try await house.file(ada)
            #expect(born.deliveries.map(\.state) == [.sending, .sending])
            #expect(born.deliveries.map(\.attempts) == [1, 1])
            let commits = house.journal.now.commits
            #expect(commits.count == 1)
            #expect(commits.first?.birth?.lease.owner == "run 1")
            #expect(house.journal.now.taken.isEmpty, "nothing had to be taken from the outbox")
            try house.release("mail")
            try house.release("teams")
            let mail = try await house.expect(.decide, to: "dana", by: "teams", "mail")
            try await house.expectSilence()
            #expect(try house.names(in: house.incoming).isEmpty)

            // What is known of the firm was filled in before anyone was told.
            let lead = try await house.file(ada).subject.lead
            #expect(lead[.industry] == "Museums and galleries")
            #expect(lead.values[.industry]?.provenance.origin == "firms")
            #expect(mail.briefing.facts.contains { $0.label == "Industry" && $0.text == "Museums and galleries" })
            #expect(mail.briefing.facts.contains { $0.label == "Place" && $0.text.contains("Chicago") })

            try await Browser.open(house) { browser in
                let before = try await house.file(ada)
                for _ in 0..<20 { #expect(try await browser.open(mail.path).status == 200) }
                #expect(try await house.file(ada) == before, "looking changes nothing")

                let page = try await browser.open(mail.path)
                #expect(page.text.contains("Museums and galleries"))
                try await house.pass(.seconds(60))
                let done = try await browser.press("assign", on: page, ["rep": "billy", "note": "Call at noon."])
                #expect(done.status == 200)
                #expect(done.text.contains("Billy Moss"))
            }
            let file = try await house.file(ada)
            let opened = file.deliveries.filter { file.opened($0) != nil }.map(\.delivery.channel)
            #expect(opened == ["mail"], "by the link of the mail, and so not of the card")
            let handover = try await house.expect(.assigned, to: "billy", by: "mail", "slack")
            #expect(handover.briefing.sentences.contains("Note: Call at noon."))
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
            try await house.expectSilence()
            #expect(try await house.story(of: ada) == ["opened", "notified dana", "assigned to billy"])

            // The rep's own link reports the first action.
            try await Browser.open(house) { browser in
                let page = try await browser.open(handover.path)
                #expect(page.text.contains("ada@acme.example"))
                try await house.pass(.seconds(60))
                #expect(try await browser.press("start", on: page).status == 200)
            }
            #expect(try await house.file(ada).subject.stateName == .working)
            try await house.pass(.seconds(7200))
        }
    }

    @Test("the file goes only when the lead is durable")
    func commitFirst() async throws {
        let plan = HousePlan { $0.copies = 2 }
        try await House.open(plan) { house in
            try house.run.life.end(at: .beforeCommit)
            try await house.drop(lead: 1)
            try await house.awaitDeath()
            #expect(try house.names(in: house.incoming) == ["lead-1.json"])

            try await house.start()
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.settle()
            #expect(try house.names(in: house.incoming).isEmpty)

            try house.run.life.end(at: .beforeRemoval)
            let second = try await house.drop(lead: 2)
            try await house.awaitDeath()
            #expect(try house.names(in: house.incoming) == ["lead-2.json"])
            let store = try SQLiteCaseStore(path: house.databasePath, access: .reader)
            #expect(try await store.load(second) != nil, "the lead is durable before its file goes")
            try await store.close()

            try await house.start()
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: second)
            try await house.settle()
            #expect(try await house.cases().count == 2)
        }
    }
}
