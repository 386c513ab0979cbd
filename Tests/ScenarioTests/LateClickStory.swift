// Choices race: two managers, a manager and the fallback, one finger on a button twice, a thousand at once. One wins, the
// others are told who has the lead; and a lead can be taken back.

import LeadCore
import LeadTestKit
import Testing

@Suite("A late click", .timeLimit(.minutes(5)))
struct LateClickStory {
    @Test("the second manager is told who has the lead, and can take it elsewhere; the former rep hears of it")
    func twoManagers() async throws {
        let plan = HousePlan {
            $0.rulebook = Cast.rulebook()
            $0.hasPages = true
        }
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            let danas = try await house.expect(.decide, to: "dana", by: "teams", "mail")
            try await house.pass(.seconds(1800))
            try await house.expect(.remind, to: "dana", by: "mail", "teams")
            let lees = try await house.expect(.escalate, to: "lee", by: "slack", "mail")
            try await Browser.open(house) { browser in
                let danasPage = try await browser.open(danas.path)
                let leesPage = try await browser.open(lees.path)
                try await house.pass(.seconds(60))
                #expect(try await browser.post("assign", on: danasPage, ["rep": "billy"]).status == 303)
                // The same finger once more, and another finger that means the same.
                #expect(try await browser.post("assign", on: danasPage, ["rep": "billy"]).status == 303)
                let late = try await browser.post("assign", on: leesPage, ["rep": "jane", "note": "She knows them."])
                #expect(late.status == 409)
                #expect(late.text.contains("Billy Moss has the lead since"))
                #expect(late.text.contains("chosen by Dana Whitfield"))
                let file = try await house.file(ada)
                let opened = file.deliveries.filter { $0.delivery.person == "lee" && file.opened($0) != nil }
                #expect(opened.count == 1, "whoever is too late has opened the message")
                #expect(opened.first.flatMap(file.opened) == house.clock.now())
                try await house.expect(.assigned, to: "billy", by: "mail", "slack")
                try await house.expect(.settled, to: "dana", by: "mail", "teams")
                try await house.expect(.settled, to: "lee", by: "mail", "slack")
                try await house.expectSilence()

                try await house.pass(.seconds(60))
                let moved = try await browser.press("reassign", on: late, ["rep": "jane", "from": "billy"])
                #expect(moved.status == 200)
                try await house.expect(.assigned, to: "jane", by: "mail")
                let withdrawal = try await house.expect(.withdrawn, to: "billy", by: "mail", "slack")
                #expect(withdrawal.briefing.link == nil)
                #expect(withdrawal.briefing.sentences.contains { $0.contains("Jane Ortiz has the lead") })
                try await house.expect(.settled, to: "dana", by: "mail", "teams")
                try await house.expect(.settled, to: "lee", by: "mail", "slack")
            }
            #expect(try await house.file(ada).subject.assignment?.rep == "jane")
        }
    }

    @Test("a thousand choices at once make one assignment, and each of the others is told who has the lead")
    func thousand() async throws {
        try await House.open { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            let desk = try house.run.engine.desk
            let (managers, reps): ([PersonID], [PersonID]) = (["dana", "lee"], ["billy", "jane"])
            let decisions = try await withThrowingTaskGroup(of: Decision.self) { group in
                for number in 0..<1000 {
                    group.addTask {
                        try await desk.decide(
                            .assign(rep: reps[number / 2 % 2], by: managers[number % 2], note: nil), on: ada)
                    }
                }
                return try await group.reduce(into: [Decision]()) { $0.append($1) }
            }
            let subject = try await house.file(ada).subject
            let standing = try #require(subject.assignment)
            #expect(decisions.count { if case .done = $0 { true } else { false } } == 1)
            #expect(decisions.count { $0 == .refused(.alreadyAssigned(standing), subject) } == 999)
            try await house.expect(.assigned, to: standing.rep, by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
        }
    }

    @Test("a choice that goes by a view from before another's choice is judged by what there is now")
    func oldView() async throws {
        try await House.open { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            let desk = try house.run.engine.desk
            let before = try #require(try await desk.view(ada, for: "lee"))
            // By this view nobody has the lead yet, so the choice would do.
            try await house.decide(.assign(rep: "billy", by: "dana", note: nil), on: ada)
            let late = try await desk.decide(
                .assign(rep: "jane", by: "lee", note: nil), on: ada, seen: before, through: nil)
            let given = try await house.file(ada).subject
            #expect(late == .refused(.alreadyAssigned(try #require(given.assignment)), given))
            // By this one somebody has it, so taking it would not.
            let settled = try #require(try await desk.view(ada, for: "lee"))
            try await house.decide(.undo(by: "dana"), on: ada)
            let again = try await desk.decide(
                .assign(rep: "jane", by: "lee", note: nil), on: ada, seen: settled, through: nil)
            guard case .done(let subject) = again else {
                Issue.record("\(again)")
                return
            }
            #expect(subject.assignment?.rep == "jane")
            try await house.settle()
            house.journal.readAll()
        }
    }

    @Test("a manager who clicks at the very instant of the fallback: one of the two gives the lead away")
    func managerAndFallback() async throws {
        try await House.open { house in
            for number in 1...25 {
                let id = try await house.drop(lead: number)
                try await house.pass(.milliseconds(3_599_999))
                let desk = try house.run.engine.desk
                async let choice = desk.decide(.assign(rep: "billy", by: "dana", note: nil), on: id)
                house.clock.advance(by: .milliseconds(1))
                let decision = try await choice
                try await house.settle()

                let file = try await house.file(id)
                let assignments = file.history.filter { if case .assigned = $0.event { true } else { false } }
                #expect(assignments.count == 1)
                let rep = file.subject.assignment?.rep
                if case .done = decision { #expect(rep == "billy") } else { #expect(rep == "jane") }
                let told = file.deliveries.filter { $0.delivery.kind == .assigned }
                #expect(told.allSatisfy { $0.delivery.person == rep && $0.state == .sent })
                house.journal.readAll()
            }
        }
    }

    @Test("where the configuration forbids it, an assigned lead stays with its rep")
    func noReassignment() async throws {
        let plan = HousePlan { $0.rulebook = Cast.rulebook(choice: ChoiceSettings(mayReassign: false)) }
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.pass(.seconds(1))
            try await house.decide(.assign(rep: "billy", by: "dana", note: nil), on: ada)
            let second = try await house.decide(.reassign(rep: "jane", from: "billy", by: "lee", note: nil), on: ada)
            guard case .refused(.reassignmentForbidden, _) = second else {
                Issue.record("taken back all the same: \(second)")
                return
            }
            try await house.expect(.assigned, to: "billy", by: "mail", "slack")
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
        }
    }
}
