// What a story says: files are dropped, messages are expected, buttons are pressed, cases are looked at.

import Foundation
import LeadCore
import LeadTestKit
import Testing

extension House {
    // MARK: Files

    /// Moves a file into the spool as a producer does, and returns when the daemon has taken it up.
    func drop(_ name: String, _ content: String) async throws { try await drop(name, Array(content.utf8)) }

    func drop(_ name: String, _ bytes: [UInt8]) async throws {
        let before = journal.look { $0.given[name, default: 0] }
        try place(name, bytes)
        let life = try run.life
        try await waitFor("\(name) to be taken up") {
            life.isOver || journal.look { $0.given[name, default: 0] } > before
        }
    }

    /// Moves a file into the spool.
    func place(_ name: String, _ bytes: [UInt8]) throws {
        let aside = folder.file("aside/\(name)")
        try Data(bytes).write(to: URL(filePath: aside))
        // Files are as old as the story's clock has them; the machine's own has nothing to do with it.
        let instant = clock.now() - .seconds(3600)
        let changed = timespec(tv_sec: Int(instant.milliseconds / 1000), tv_nsec: 0)
        guard utimensat(AT_FDCWD, aside, [changed, changed], 0) == 0, rename(aside, "\(incoming)/\(name)") == 0 else {
            throw StoryFault(description: "the file \(name) could not be moved in: \(errno)")
        }
    }

    /// The text of a file with one lead.
    static func text(_ lead: Lead) throws -> String {
        let fields = Dictionary(uniqueKeysWithValues: lead.shown.map { ($0.field.text, $0.value.text) })
        return String(decoding: try JSONEncoder().encode(fields), as: UTF8.self)
    }

    /// Drops the file of lead `number` and gives its case's id.
    @discardableResult
    func drop(lead number: Int, _ fields: [FieldName: String] = [:]) async throws -> CaseID {
        let lead = Sample.lead(number, fields)
        try await drop("lead-\(number).json", try Self.text(lead))
        return Sample.key(of: lead).caseID
    }

    /// The names in one of the spool's directories.
    func names(in directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
    }

    // MARK: Messages

    /// Waits for a message of `kind` to `person` on each of `channels`, which count as mentioned from now on.
    @discardableResult
    func expect(
        _ kind: MessageKind, to person: PersonID, by channels: ChannelID..., about id: CaseID? = nil
    ) async throws -> Letter {
        var found: Letter?
        for channel in channels {
            try await waitFor("\(kind.rawValue) to \(person) by \(channel)") {
                found = journal.take { letter in
                    letter.kind == kind && letter.person == person && letter.channel == channel
                        && (id == nil || letter.caseID == id)
                }
                return found != nil
            }
        }
        guard let found else { throw StoryFault(description: "name a channel") }
        return found
    }

    /// Lets everything happen that is due and expects that no message went out that the story hasn't mentioned.
    func expectSilence(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await settle()
        let left = journal.unread.map(\.words)
        #expect(left.isEmpty, "messages that nobody expected", sourceLocation: sourceLocation)
    }

    // MARK: Cases

    /// The case with its history and its messages, as the store has it.
    func file(_ id: CaseID) async throws -> CaseFile {
        try #require(try await run.database.file(id), "there is no case \(id)")
    }

    /// All cases.
    func cases() async throws -> [CaseSummary] {
        try await run.database.list(states: Set(LeadCase.StateName.allCases), limit: 100_000)
    }

    /// What the case's history says happened, a word or two an entry.
    func story(of id: CaseID) async throws -> [String] { try await file(id).history.map(\.event.words) }

    /// Decides as the pages do.
    @discardableResult
    func decide(_ command: CaseCommand, on id: CaseID) async throws -> Decision {
        try await run.engine.desk.decide(command, on: id)
    }

    /// Waits until the case is as `isWanted` says.
    func waitFor(_ id: CaseID, _ what: String, _ isWanted: (CaseFile) -> Bool) async throws {
        let database = try run.database
        try await waitFor(what) { try await database.file(id).map(isWanted) ?? false }
    }
}

extension CaseEvent {
    /// The event in a word or two.
    var words: String {
        switch self {
        case .opened: "opened"
        case .notified(_, let people): "notified \(people.map(\.text).joined(separator: " "))"
        case .passedOver(_, let who): "passed over \(who.person) for \(who.to)"
        case .warned(_, let people): "warned \(people.map(\.text).joined(separator: " "))"
        case .reminded(_, let people): "reminded \(people.map(\.text).joined(separator: " "))"
        case .skipped(let step): "skipped \(step)"
        case .replanned(let opening, _): "replanned by \(opening.policy)"
        case .claimed(let claim): "claimed by \(claim.by)"
        case .claimExpired(let person): "claim of \(person) expired"
        case .released(let person): "released by \(person)"
        case .assigned(let assignment): "assigned to \(assignment.rep)"
        case .reassigned(let assignment, let former): "reassigned from \(former) to \(assignment.rep)"
        case .passedOn(let other, let person, _): "passed on by \(person) to \(other)"
        case .postponed(let person, _): "postponed by \(person)"
        case .undone(let assignment, _): "choice of \(assignment.rep) undone"
        case .rejected: "rejected"
        case .started: "started"
        case .closed: "closed"
        case .inquired: "asked again"
        case .separated: "split"
        case .enriched(let enricher, _, _): "late answer of \(enricher)"
        case .enricherRefused(let refusal): "refused \(refusal.enricher)"
        case .channelImpaired(let channel, _): "\(channel) impaired"
        case .linkRenewed(let person): "link renewed for \(person)"
        case .deliveryFailed(_, let person, let channel, _): "\(person) not reached by \(channel)"
        case .unreached(let person): "\(person) not reached"
        case .outOfReach(let person): "\(person) out of reach"
        }
    }
}
