// Every command in every state, as one table, and what the refusals carry.

import LeadCore
import LeadTestKit
import Testing

@Suite("LeadCase: every state and command")
struct LeadCaseDecideTests {
    /// Dana and Lee are managers, Billy and Jane reps. Dana holds the claim, Jane has the lead. A word is the state
    /// afterwards, with `!` the refusal in short.
    private static let table = """
        command              | waiting    | claimed    | expired    | assigned   | working    | closed
        claim dana           | claimed    | claimed    | claimed    | !taken     | !taken     | !closed
        claim lee            | claimed    | !theirs    | claimed    | !taken     | !taken     | !closed
        claim billy          | !noManager | !noManager | !noManager | !noManager | !noManager | !noManager
        claim nobody         | !noManager | !noManager | !noManager | !noManager | !noManager | !noManager
        release dana         | !noClaim   | waiting    | waiting    | !taken     | !taken     | !closed
        release lee          | !noClaim   | !noClaim   | !noClaim   | !taken     | !taken     | !closed
        assign dana          | assigned   | assigned   | assigned   | !taken     | !taken     | !closed
        assign lee           | assigned   | !theirs    | assigned   | !taken     | !taken     | !closed
        assign billy         | !noManager | !noManager | !noManager | !noManager | !noManager | !noManager
        assign-to-dana dana  | !noRep     | !noRep     | !noRep     | !taken     | !taken     | !closed
        reassign dana        | !noOwner   | !noOwner   | !noOwner   | assigned   | assigned   | !closed
        reassign billy       | !noManager | !noManager | !noManager | !noManager | !noManager | !noManager
        reassign-late dana   | !noOwner   | !noOwner   | !noOwner   | !taken     | !taken     | !closed
        reassign-same dana   | !noOwner   | !noOwner   | !noOwner   | !sameRep   | !sameRep   | !closed
        reassign-to-lee dana | !noOwner   | !noOwner   | !noOwner   | !noRep     | !noRep     | !closed
        reject dana          | closed     | closed     | closed     | !taken     | !taken     | !closed
        reject lee           | closed     | !theirs    | closed     | !taken     | !taken     | !closed
        reject jane          | !noManager | !noManager | !noManager | !noManager | !noManager | !noManager
        start jane           | !noOwner   | !noOwner   | !noOwner   | working    | !begun     | !closed
        start billy          | !noOwner   | !noOwner   | !noOwner   | !notOwner  | !begun     | !closed
        close jane           | !noOwner   | !noOwner   | !noOwner   | closed     | closed     | !closed
        close dana           | !noOwner   | !noOwner   | !noOwner   | !notOwner  | !notOwner  | !closed
        time -               | !notDue    | !notDue    | waiting    | !notDue    | !notDue    | !notDue
        renew dana           | waiting    | claimed    | claimed    | assigned   | working    | closed
        renew lee            | !noLink    | !noLink    | !noLink    | !noLink    | !noLink    | !noLink
        renew jane           | !noLink    | !noLink    | !noLink    | assigned   | working    | !noLink
        failed -             | waiting    | claimed    | claimed    | assigned   | working    | closed
        failed-again -       | !known     | !known     | !known     | !known     | !known     | !known
        """

    private static var rows: [[String]] {
        table.split(separator: "\n").map { line in line.split(separator: "|").map { $0.trimmingSpaces } }
    }

    @Test("each cell of the table is as it says")
    func cells() throws {
        let rows = Self.rows
        let states = Array(rows[0].dropFirst())
        #expect(rows.count == 29)
        for row in rows.dropFirst() {
            #expect(row.count == states.count + 1)
            for (state, expected) in zip(states, row.dropFirst()) {
                var (tracked, now) = try Self.tracked(in: state)
                let command = Self.command(row[0], on: tracked)
                if row[0].hasPrefix("failed-again"), case .deliveryFailed = command {
                    try tracked.decide(command, at: now)
                }
                let refusal = tracked.refusal(of: command, at: now)
                let outcome = refusal.map { "!\(Self.name($0))" } ?? tracked.current.stateName.rawValue
                if outcome != expected { Issue.record("\(row[0]) when \(state): \(outcome) instead of \(expected)") }
            }
        }
    }

    private static func tracked(in state: String) throws -> (TrackedCase, Timestamp) {
        var tracked = TrackedCase()
        let now = LeadCase.minute(10)
        switch state {
        case "claimed": try tracked.decide(.claim(by: "dana"), at: LeadCase.minute(1))
        case "expired":
            try tracked.decide(.claim(by: "dana"), at: LeadCase.minute(1))
            return (tracked, LeadCase.minute(16))
        case "assigned", "working":
            try tracked.decide(.assign(rep: "jane", by: "dana", note: nil), at: LeadCase.minute(1))
            if state == "working" { try tracked.decide(.start(by: "jane"), at: LeadCase.minute(2)) }
        case "closed": try tracked.decide(.reject(reason: .spam, by: "dana", note: nil), at: LeadCase.minute(1))
        default: break
        }
        return (tracked, now)
    }

    private static func command(_ text: String, on tracked: TrackedCase) -> CaseCommand {
        let words = text.split(separator: " ").map(String.init)
        let person = PersonID(words[1])
        return switch words[0] {
        case "claim": .claim(by: person)
        case "release": .release(by: person)
        case "assign": .assign(rep: "billy", by: person, note: nil)
        case "assign-to-dana": .assign(rep: "dana", by: person, note: nil)
        case "reassign": .reassign(rep: "billy", from: "jane", by: person, note: nil)
        case "reassign-late": .reassign(rep: "jane", from: "billy", by: person, note: nil)
        case "reassign-same": .reassign(rep: "jane", from: "jane", by: person, note: nil)
        case "reassign-to-lee": .reassign(rep: "lee", from: "jane", by: person, note: nil)
        case "reject": .reject(reason: .notForUs, by: person, note: nil)
        case "start": .start(by: person)
        case "close": .close(by: person, note: nil)
        case "renew": .renewLink(person: person)
        case "failed", "failed-again": .deliveryFailed(tracked.deliveries[0], reason: "no such user")
        default: .deadlinePassed
        }
    }

    private static func name(_ refusal: Refusal) -> String {
        switch refusal {
        case .alreadyAssigned: "taken"
        case .claimedByAnother: "theirs"
        case .closed: "closed"
        case .notAssigned: "noOwner"
        case .notClaimed: "noClaim"
        case .notAManager: "noManager"
        case .notARep: "noRep"
        case .excluded: "excluded"
        case .unconfirmed: "unconfirmed"
        case .cantBeAsked: "unasked"
        case .noMoreTime: "noTime"
        case .cantBeUndone: "tooLate"
        case .notTheOwner: "notOwner"
        case .reassignmentForbidden: "forbidden"
        case .sameRep: "sameRep"
        case .alreadyStarted: "begun"
        case .notDue: "notDue"
        case .noFreshLink: "noLink"
        case .nothingToChange: "same"
        case .alreadyRecorded: "known"
        case .noSuchInquiry: "noInquiry"
        }
    }

    // MARK: What refusals carry

    @Test("a refusal says who has the lead, by whom and since when")
    func alreadyAssigned() throws {
        var tracked = TrackedCase()
        try tracked.decide(.assign(rep: "jane", by: "dana", note: "  by June "), at: LeadCase.minute(1))
        let standing = Assignment(
            rep: "jane", by: .person(id: "dana"), mode: .chosen, at: LeadCase.minute(1), note: "by June")
        let again = CaseCommand.assign(rep: "billy", by: "lee", note: nil)
        #expect(tracked.refusal(of: again, at: LeadCase.minute(2)) == .alreadyAssigned(standing))
        let late = CaseCommand.reassign(rep: "billy", from: "billy", by: "lee", note: nil)
        #expect(tracked.refusal(of: late, at: LeadCase.minute(2)) == .alreadyAssigned(standing))
    }

    @Test("a refusal says whose claim it is and until when")
    func claimedByAnother() throws {
        var tracked = TrackedCase()
        try tracked.decide(.claim(by: "dana"), at: LeadCase.minute(1))
        let claim = Claim(by: "dana", at: LeadCase.minute(1), until: LeadCase.minute(16))
        #expect(tracked.refusal(of: .claim(by: "lee"), at: LeadCase.minute(15.99)) == .claimedByAnother(claim))
        #expect(tracked.refusal(of: .claim(by: "lee"), at: LeadCase.minute(16)) == nil)
    }

    @Test("a refusal says how the case ended, since when the rep works, and what is due when")
    func others() throws {
        var tracked = TrackedCase()
        #expect(tracked.refusal(of: .deadlinePassed, at: LeadCase.minute(14.99)) == .notDue(LeadCase.minute(15)))
        try tracked.decide(.assign(rep: "jane", by: "dana", note: nil), at: LeadCase.minute(1))
        #expect(tracked.refusal(of: .deadlinePassed, at: LeadCase.minute(99_999)) == .notDue(nil))
        #expect(tracked.refusal(of: .start(by: "billy"), at: LeadCase.minute(2)) == .notTheOwner("billy"))
        try tracked.decide(.start(by: "jane"), at: LeadCase.minute(3))
        #expect(tracked.refusal(of: .start(by: "jane"), at: LeadCase.minute(4)) == .alreadyStarted(LeadCase.minute(3)))
        try tracked.decide(.close(by: "jane", note: " sold "), at: LeadCase.minute(5))
        let closing = Closing(reason: .done, by: "jane", at: LeadCase.minute(5), note: "sold")
        #expect(tracked.refusal(of: .close(by: "jane", note: nil), at: LeadCase.minute(6)) == .closed(closing))
    }

    @Test("where the configuration forbids it no lead is taken back")
    func reassignmentForbidden() throws {
        var tracked = TrackedCase(rulebook: Sample.rulebook(choice: ChoiceSettings(mayReassign: false)))
        try tracked.decide(.assign(rep: "jane", by: "dana", note: nil), at: LeadCase.minute(1))
        let command = CaseCommand.reassign(rep: "billy", from: "jane", by: "dana", note: nil)
        #expect(tracked.refusal(of: command, at: LeadCase.minute(2)) == .reassignmentForbidden)
    }

    @Test("a lead that is worked on may still go to another, who begins anew")
    func reassignWorking() throws {
        var tracked = TrackedCase()
        try tracked.decide(.assign(rep: "jane", by: "dana", note: nil), at: LeadCase.minute(1))
        try tracked.decide(.start(by: "jane"), at: LeadCase.minute(2))
        try tracked.decide(.reassign(rep: "billy", from: "jane", by: "lee", note: " "), at: LeadCase.minute(3))
        #expect(
            tracked.current.assignment
                == Assignment(rep: "billy", by: .person(id: "lee"), mode: .chosen, at: LeadCase.minute(3)))
        try tracked.decide(.start(by: "billy"), at: LeadCase.minute(4))
        #expect(tracked.current.stateName == .working)
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
