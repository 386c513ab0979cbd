// The same person asks again: while their case is open the inquiry joins it and its holder is told; once it is closed a new
// case follows the old one and prefers its rep; a wrong merge is split.

import LeadCore
import LeadTestKit
import Testing

@Suite("A repeat inquiry", .timeLimit(.minutes(5)))
struct RepeatInquiryStory {
    private let plan = HousePlan {
        $0.rulebook = Sample.rulebook(duplicates: DuplicateSettings(urgency: "high"))
        $0.hasPages = true
    }

    private static let again: [FieldName: String] = [
        .email: "Ada+again@acme.example", .description: "Is the bust ready? We need two now.",
    ]

    @Test("it joins the open case and tells its holder; reminders and deadlines stay as they were")
    func joins() async throws {
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            let letter = try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.pass(.seconds(600))
            try await house.drop(lead: 2, Self.again)
            try await house.expect(.inquiry, to: "dana", by: "mail", "teams", about: ada)
            #expect(try await house.cases().count == 1)
            #expect(try await house.file(ada).subject.lead[.urgency] == "high")
            try await Browser.open(house) { browser in
                let page = try await browser.open(letter.path)
                #expect(page.text.contains("The same person or firm asked again (the same e-mail address, 100 of 100)"))
                #expect(page.text.contains("Is the bust ready?"))
            }
            try await house.pass(.seconds(299))
            try await house.expectSilence()
            try await house.pass(.seconds(1))
            try await house.expect(.remind, to: "dana", by: "mail", "teams")

            try await house.decide(.assign(rep: "billy", by: "dana", note: nil), on: ada)
            try await house.expect(.assigned, to: "billy", by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
            try await house.drop(lead: 3, Self.again)
            try await house.expect(.inquiry, to: "billy", by: "mail", about: ada)
            try await house.expectSilence()
            // The same file again, also after a restart, is nothing new.
            try await house.stop()
            try await house.start()
            try await house.drop(lead: 3, Self.again)
            try await house.expectSilence()
            #expect(
                try await house.story(of: ada) == [
                    "opened", "notified dana", "asked again", "reminded dana", "assigned to billy", "asked again",
                ])
        }
    }

    @Test("a case that can't be read keeps nobody's next lead out")
    func damaged() async throws {
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: ada)
            try house.run.store.setPoisoned([ada])
            let second = try await house.drop(lead: 2, Self.again)
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: second)
            try house.run.store.setPoisoned([])
            #expect(try await house.cases().count == 2)
        }
    }

    @Test("twenty at once from one person are one case, whoever comes first")
    func storm() async throws {
        try await House.open(plan) { house in
            let texts = try (1...20).map { try House.text(Sample.lead($0)) }
            try await house.drop("many.ndjson", texts.joined(separator: "\n"))
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            for _ in 2...20 { try await house.expect(.inquiry, to: "dana", by: "mail", "teams") }
            #expect(try await house.cases().count == 1)
            try await house.expectSilence()
        }
    }

    @Test("after the case was closed a new one follows it and prefers the rep who had it")
    func follows() async throws {
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: ada)
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
            try await house.decide(.start(by: "jane"), on: ada)
            try await house.decide(.close(by: "jane", note: nil), on: ada)
            try await house.pass(.seconds(86_400))
            let next = try await house.drop(lead: 2, Self.again)
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: next)
            let lead = try await house.file(next).subject.lead
            #expect(lead[.formerCase] == ada.text)
            #expect(lead[.formerRep] == "jane")
            let view = try await house.run.engine.desk.view(next, for: "dana")
            #expect(view?.ranking.entries.first?.person == "jane")
            try await house.expectSilence()
        }
    }

    @Test("beyond the window the same person's lead is a case of its own, though the first is open")
    func window() async throws {
        let plan = HousePlan {
            $0.rulebook = Sample.rulebook(duplicates: DuplicateSettings(window: .seconds(86_400)))
        }
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: ada)
            try await house.pass(.seconds(86_399))
            try await house.drop(lead: 2, Self.again)
            try await house.expect(.inquiry, to: "jane", by: "mail", about: ada)
            // It counts from the last word.
            try await house.pass(.seconds(86_399))
            try await house.drop(lead: 3, Self.again)
            try await house.expect(.inquiry, to: "jane", by: "mail", about: ada)
            try await house.pass(.seconds(86_401))
            let next = try await house.drop(lead: 4, Self.again)
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: next)
            #expect(try await house.cases().count == 2)
            #expect(try await house.file(ada).subject.inquiries.count == 2)
            house.journal.readAll()
        }
    }

    @Test("without an address and a number a person is known by name and firm, and not by one of them")
    func namesAndFirms() async throws {
        func who(_ name: String, _ firm: String) -> [FieldName: String] {
            [.email: "", .phone: "", .name: name, .company: firm]
        }
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1, who("Dr. Ada Müller", "Acme Arts GmbH"))
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: ada)
            try await house.drop(lead: 2, who("Ada Mueller", "ACME Arts"))
            try await house.expect(.inquiry, to: "dana", by: "mail", "teams", about: ada)
            for (number, person) in [(3, who("Ada Mueller", "Stone & Sons")), (4, who("Eve Stone", "Acme Arts"))] {
                let other = try await house.drop(lead: number, person)
                try await house.expect(.decide, to: "dana", by: "mail", "teams", about: other)
            }
            #expect(try await house.cases().count == 3)
            try await house.expectSilence()
        }
    }

    @Test("a wrong merge is split: the inquiry becomes a case, and its managers are asked")
    func split() async throws {
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            let other = try await house.drop(lead: 2, Self.again)
            try await house.expect(.inquiry, to: "dana", by: "mail", "teams")
            let key = Sample.key(of: Sample.lead(2))
            guard case .done = try await house.run.engine.desk.split(key, from: ada) else {
                Issue.record("it was not split")
                return
            }
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: other)
            #expect(try await house.file(ada).subject.inquiries.isEmpty)
            #expect(try await house.file(other).subject.lead[.description] == "Is the bust ready? We need two now.")
            // The file once more is still the same lead.
            try await house.drop(lead: 2, Self.again)
            try await house.expectSilence()
            #expect(try await house.cases().count == 2)
        }
    }

    @Test("who is like an inquiry that is split off at that moment joins the case that it becomes")
    func splitMeanwhile() async throws {
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            let second: [FieldName: String] = [.email: "second@elsewhere.example"]
            let other = try await house.drop(lead: 2, second)
            try await house.expect(.inquiry, to: "dana", by: "mail", "teams", about: ada)
            try house.run.index.interrupt {
                do {
                    _ = try await house.run.engine.desk.split(Sample.key(of: Sample.lead(2)), from: ada)
                } catch {
                    Issue.record(error)
                }
            }
            try await house.drop(
                lead: 3, second.merging([.name: "Eve Stone", .phone: "", .company: "Stone & Sons"]) { $1 })
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: other)
            try await house.expect(.inquiry, to: "dana", by: "mail", "teams", about: other)
            #expect(try await house.file(ada).subject.inquiries.isEmpty)
            #expect(try await house.file(other).subject.inquiries.map(\.key) == [Sample.key(of: Sample.lead(3))])
            try await house.expectSilence()
        }
    }

    @Test("one that is split off goes to the manager whose turn it is, and takes the turn")
    func splitInTurn() async throws {
        let plan = HousePlan {
            $0.rulebook = Sample.rulebook(
                routes: [Route(managers: ["dana", "lee"], policy: "standard", ask: .inTurn)],
                duplicates: DuplicateSettings())
        }
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: ada)
            #expect(try await house.file(ada).subject.opening.turn == "dana")
            let other = try await house.drop(lead: 2, Self.again)
            try await house.expect(.inquiry, to: "dana", by: "mail", "teams")
            guard case .done = try await house.run.engine.desk.split(Sample.key(of: Sample.lead(2)), from: ada) else {
                Issue.record("it was not split")
                return
            }
            #expect(try await house.file(other).subject.opening.turn == "lee")
            try await house.expect(.decide, to: "lee", by: "mail", "slack", about: other)
            let third = try await house.drop(
                lead: 3,
                [.email: "eve@stone.example", .name: "Eve Stone", .phone: "+1 312 555 0199", .company: "Stone & Sons"])
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: third)
        }
    }
}
