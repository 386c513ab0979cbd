// Somebody calls, and while the call is typed in their web form comes, too: it is one matter, whichever comes first. And what
// the person at the page says of where a call belongs is done.

import LeadCore
import LeadTestKit
import LeadWeb
import Synchronization
import Testing

@Suite("A call and a web form of the same person", .timeLimit(.minutes(5)))
struct CallAndFormStory {
    private static let plan = HousePlan {
        $0.rulebook = Sample.rulebook(duplicates: DuplicateSettings())
        $0.hasPages = true
    }

    /// The same with a form on the firm's site.
    private static let planWithForm = HousePlan {
        $0.rulebook = Sample.rulebook(duplicates: DuplicateSettings())
        $0.hasPages = true
        $0.doors = [
            SourceDoor(
                name: "web",
                form: .init(
                    title: "Write to us", fields: [.name, .email, .phone, .company, .projectType], required: [.name],
                    minimumTime: .seconds(3), limits: [], thanks: nil))
        ]
    }

    private static let written = [
        "name": "Ada Byron", "email": "ada@acme.example", "phone": "+1 312 555 0100", "company": "Acme Arts",
        "project_type": "fine-art",
    ]

    private static let call = [
        "source": "call", "name": "A. Byron", "company": "Acme Arts", "phone": "+1 312 555 0100",
        "project_type": "fine-art", "description": "Called: is the bust possible by May?",
    ]

    /// Dana's own page.
    private func page(_ house: House, _ browser: Browser) async throws -> Browser.Page {
        let link = Link.own("dana", expires: house.clock.now() + .seconds(86_400))
        let page = try await browser.open("/p/\(Sample.keys.token(for: link))")
        try await house.pass(.seconds(20))
        return page
    }

    @Test("the form comes while the call is being typed: the page tells of it, and the call joins it")
    func formFirst() async throws {
        try await House.open(Self.plan) { house in
            try await Browser.open(house) { browser in
                let page = try await page(house, browser)
                let ada = try await house.drop(lead: 1)
                try await house.expect(.decide, to: "dana", by: "mail", "teams")
                let known = try await browser.post("lead", on: page, Self.call)
                #expect(known.status == 200 && known.text.contains("Is it one of these?"))
                #expect(known.text.contains("waits for Dana Whitfield"))
                let done = try await browser.press("lead", on: known, Self.call.merging(["joins": ada.text]) { $1 })
                #expect(done.text.contains("whoever has the lead is told"))
                try await house.expect(.inquiry, to: "dana", by: "mail", "teams", about: ada)
                #expect(try await house.cases().count == 1)
                let inquiry = try #require(try await house.file(ada).subject.inquiries.first)
                #expect(inquiry.resemblance.reasons == ["the word of Dana Whitfield"])
                #expect(inquiry.lead[.joins] == nil && inquiry.lead[.enteredBy] == "Dana Whitfield")
                // The button once more is the same call.
                _ = try await browser.post("lead", on: known, Self.call.merging(["joins": ada.text]) { $1 })
                try await house.expectSilence()
                #expect(try await house.file(ada).subject.inquiries.count == 1)
            }
        }
    }

    @Test(
        "both come at the same moment, when neither is durable: the second waits for the first and joins it",
        arguments: [true, false])
    func sameMoment(callIsFirst: Bool) async throws {
        try await House.open(Self.planWithForm) { house in
            try await Browser.open(house) { browser in
                let form = try await browser.open("/f/web")
                let ticket = try #require(form.field("ticket"))
                let page = try await page(house, browser)
                let call: @Sendable () async throws -> Void = {
                    let done = try await browser.press("lead", on: page, Self.call)
                    #expect(done.text.contains("is taken"))
                }
                let letter: @Sendable () async throws -> Void = {
                    let done = try await browser.post("send", on: form, Self.written.merging(["ticket": ticket]) { $1 })
                    #expect(done.status == 303)
                }
                // The page looks before the call goes to the spool, too.
                let looks = callIsFirst ? (first: 2, second: 1) : (first: 1, second: 2)
                let index = try house.run.index
                index.interrupt(after: looks.first) {
                    // Nobody knows of the first by now, and so nobody may look on behalf of the second.
                    let hasty = Look()
                    index.interrupt(after: looks.second) {
                        hasty.end()
                        house.journal.amend { _ in }
                    }
                    await #expect(throws: Never.self) {
                        try await callIsFirst ? letter() : call()
                        try await house.waitFor("both to be taken up") { house.journal.look(\.openBatches) == 2 }
                        let patience = ContinuousClock.now + .seconds(1)
                        try await house.waitFor("a hasty look") {
                            hasty.isOver || ContinuousClock.now > patience
                        }
                    }
                    #expect(!hasty.isOver, "the second was looked for while the first was on its way")
                }
                try await callIsFirst ? call() : letter()
                let first = try await house.expect(.decide, to: "dana", by: "mail", "teams")
                try await house.expect(.inquiry, to: "dana", by: "mail", "teams", about: first.caseID)
                try await house.expectSilence()
                #expect(try await house.cases().map(\.id) == [first.caseID])
                let subject = try await house.file(first.caseID).subject
                #expect(subject.lead[.source] == (callIsFirst ? "Phone call" : "web"))
                #expect(subject.inquiries.map { $0.lead[.source] } == [callIsFirst ? "web" : "Phone call"])
            }
        }
    }

    @Test("a call that is said to be new is new, and one that is said to join a closed case follows it")
    func said() async throws {
        try await House.open(Self.plan) { house in
            try await Browser.open(house) { browser in
                let ada = try await house.drop(lead: 1)
                try await house.expect(.decide, to: "dana", by: "mail", "teams")
                let first = try await page(house, browser)
                let new = try await browser.press("lead", on: first, Self.call.merging(["joins": "none"]) { $1 })
                #expect(new.text.contains("is taken"))
                try await house.expect(.decide, to: "dana", by: "mail", "teams")
                #expect(try await house.cases().count == 2)
                try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: ada)
                try await house.expect(.assigned, to: "jane", by: "mail")
                try await house.expect(.settled, to: "dana", by: "mail", "teams")
                try await house.decide(.close(by: "jane", note: nil), on: ada)
                let second = try await page(house, browser)
                _ = try await browser.press("lead", on: second, Self.call.merging(["joins": ada.text]) { $1 })
                let letter = try await house.expect(.decide, to: "dana", by: "mail", "teams")
                let follower = try await house.file(letter.caseID).subject.lead
                #expect(follower.earlierCase == ada && follower[.formerRep] == "jane" && follower[.joins] == nil)
                // A case that there never was: it is looked for as for any lead.
                let third = try await page(house, browser)
                _ = try await browser.press("lead", on: third, Self.call.merging(["joins": "nonsense"]) { $1 })
                try await house.expect(.inquiry, to: "dana", by: "mail", "teams")
                try await house.expectSilence()
            }
        }
    }
}

/// Whether somebody has looked.
private final class Look: Sendable {
    private let state = Mutex(false)

    var isOver: Bool { state.withLock { $0 } }

    func end() { state.withLock { $0 = true } }
}
