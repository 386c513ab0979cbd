// What must hold at the end of every story, whatever happened in it: the safety rules of RELIABILITY.md as far as one
// house can break them.

import Foundation
import LeadCore
import LeadStorage
import Testing

extension House {
    /// Checks the rules on what the story has left on disk and in the journal.
    func audit() async throws {
        let journal = journal.now
        let letters = Dictionary(grouping: journal.letters.flatMap(\.parts), by: \.caseID)
        let store = try SQLiteCaseStore(path: databasePath, access: .reader)
        for summary in try await store.list(states: Set(LeadCase.StateName.allCases), limit: 100_000) {
            let file = try #require(try await store.file(summary.id))
            auditHistory(file)
            auditMessages(file, letters[summary.id] ?? [])
        }
        try await store.close()
        auditLog(journal.log)
        #expect(try names(in: incoming) == plan.remains.sorted(), "files are left in the spool")
    }

    private func auditHistory(_ file: CaseFile) {
        let subject = file.subject
        let replayed = LeadCase(key: subject.key, lead: subject.arrived, history: file.history)
        #expect(replayed == subject, "replaying the history gives another case")
        var isAssigned = false
        var lastStep = -1
        var isHurried = false
        for entry in file.history {
            switch entry.event {
            case .unreached, .outOfReach: isHurried = true
            default: break
            }
            if entry.event.isUndoing { isAssigned = false }
            if case .step(let index) = entry.actor {
                #expect(index > lastStep, "step \(index) after step \(lastStep)")
                #expect(entry.at >= subject.opening.plan[index].at || isHurried, "step \(index) came early")
                #expect(!isAssigned, "step \(index) came after the assignment")
                lastStep = index
            }
            if case .assigned = entry.event {
                #expect(!isAssigned, "the lead was assigned twice")
                isAssigned = true
            }
        }
    }

    private func auditMessages(_ file: CaseFile, _ letters: [Letter]) {
        let rows = Dictionary(grouping: file.deliveries, by: \.delivery.id)
        for (id, copies) in rows { #expect(copies.count == 1, "\(id) stands twice in the outbox") }
        let isUndone = file.history.contains { $0.event.isUndoing }
        let assignedAt =
            isUndone ? nil : file.history.first { if case .assigned = $0.event { true } else { false } }?.at
        for (id, copies) in Dictionary(grouping: letters.filter(\.arrived), by: \.delivery) {
            #expect(copies.count <= plan.copies, "\(id) was sent \(copies.count) times")
            #expect(rows[id]?.first?.state == .sent, "\(id) arrived but isn't recorded as sent")
        }
        for letter in letters where MessageKind.asking.contains(letter.kind) {
            if let assignedAt { #expect(letter.begun <= assignedAt, "\(letter.words) after the assignment") }
        }
        // An update changes what is there already.
        for record in file.deliveries where record.state == .sent && record.delivery.kind != .update {
            #expect(letters.contains { $0.delivery == record.delivery.id && $0.arrived }, "sent, but never arrived")
        }
    }

    /// No log line holds what a lead says, a link, or an address.
    private func auditLog(_ log: [String]) {
        let secrets = [
            "Ada Byron", "ada@acme", "555 0100", "marble bust", "/l/", "k1.", "teams.example", "@example.com",
        ]
        for line in log {
            for secret in secrets where line.contains(secret) {
                Issue.record("the log tells a secret: \(line)")
            }
        }
    }
}
