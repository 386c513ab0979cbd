// Takes in what a person typed: looks first whether somebody has the matter already, and then puts it into the spool like any
// other lead.

import LeadCore
import Logging

/// The desk at which leads are typed in.
struct EntryDesk: Sendable {
    let inbox: any LeadInbox
    let finder: (any LeadFinder)?
    let desk: any Desk
    let logger: Logger

    /// What became of a form.
    enum Outcome {
        /// It is a new lead.
        case taken(CaseID)
        /// It goes to that lead.
        case joined(CaseID)
        /// Somebody has the matter already, perhaps.
        case known([KnownLine])
        /// It has a flaw, which the sentence tells.
        case flawed(String)
        /// It could not be stored.
        case unavailable
    }

    /// Takes `form`, which `person` filled in.
    func take(_ form: EntryForm, by person: Person, _ words: HistoryWords) async -> Outcome {
        if let complaint = form.complaint { return .flawed(complaint) }
        if form.joins.isEmpty {
            let known = await find(form, words)
            guard known.isEmpty else { return .known(known) }
        }
        switch await inbox.take(form.post(by: person.name)) {
        case .taken(let keys):
            logger.info("a lead was typed in", metadata: ["lead": "\(keys[0].caseID)", "person": "\(person.id)"])
            let isNew = form.joins.isEmpty || form.joins == Lead.joinsNone
            return isNew ? .taken(keys[0].caseID) : .joined(CaseID(form.joins))
        case .faulty, .tooLarge: return .flawed("That could not be read. Please shorten what you wrote.")
        case .unavailable(let reason):
            logger.error("a lead that was typed in could not be stored", metadata: ["reason": "\(reason)"])
            return .unavailable
        }
    }

    /// Who has asked before, as far as the form tells. A search that fails holds no lead up.
    func find(_ form: EntryForm, _ words: HistoryWords) async -> [KnownLine] {
        guard let finder else { return [] }
        do throws(StoreFailure) {
            var lines: [KnownLine] = []
            for match in try await finder.alike(form.sketch) {
                guard let view = try await desk.view(match.known.id, for: nil) else { continue }
                lines.append(KnownLine(view, match.resemblance, words))
            }
            return lines
        } catch {
            logger.warning("known leads could not be looked for", metadata: ["reason": "\(error)"])
            return []
        }
    }
}

/// A lead that is known already: as much as tells whether it is the one, and nothing of how to reach the person.
struct KnownLine: Sendable, Equatable {
    let id: String
    let title: String
    /// "Ada Marsh"; nil when the lead has no name.
    let name: String?
    /// "Jane Ortiz has it since Mon 23 Nov 09:40".
    let holder: String
    /// "the same phone number, a similar name".
    let reason: String
    let isOpen: Bool

    init(_ view: CaseView, _ resemblance: Resemblance, _ words: HistoryWords) {
        let subject = view.file.subject
        id = subject.id.text
        title = LeadWords(subject.lead).title
        name = subject.lead.personName
        reason = resemblance.reasons.joined(separator: ", ")
        let who = { (person: PersonID) in view.rulebook.name(person) }
        var isOpen = true
        switch subject.state {
        case .waiting:
            let asked = subject.told.isEmpty ? subject.opening.managers : subject.told
            holder = "waits for \(asked.map(who).joined(separator: ", ")) since \(words.time(subject.openedAt))"
        case .claimed(let claim): holder = "\(who(claim.by)) decides; it came on \(words.time(subject.openedAt))"
        case .assigned(let assignment): holder = "\(who(assignment.rep)) has it since \(words.time(assignment.at))"
        case .working(let assignment, _):
            holder = "\(who(assignment.rep)) has been at work on it since \(words.time(assignment.at))"
        case .closed:
            isOpen = false
            let last = view.file.lastRep.map { "\(who($0)) had it; " } ?? ""
            holder = "\(last)it is closed, and a new lead will follow it"
        }
        self.isOpen = isOpen
    }
}
