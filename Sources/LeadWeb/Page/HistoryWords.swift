// What happened to a case, in words: its history and the messages that were sent about it.

import LeadCore

/// One line of the history.
struct HistoryLine: Sendable, Equatable {
    let at: String
    let machineTime: String
    let sentence: String
    let remark: String?
}

/// One message that was sent or is to be.
struct MessageLine: Sendable, Equatable {
    let what: String
    let person: String
    let channel: String
    let at: String
    let machineTime: String
    let stateWords: String
    let tone: String
    let detail: String?
}

/// Tells a case's story to one reader.
struct HistoryWords {
    let rulebook: Rulebook
    let reader: PersonID

    /// An instant in the reader's zone, without the zone's name.
    func time(_ instant: Timestamp) -> String {
        CivilTime(instant, in: rulebook.person(reader)?.timeZone ?? .gmt).words
    }

    /// The zone in which `time` is: "America/Chicago", or "UTC".
    var zone: String {
        let name = rulebook.person(reader)?.timeZone.identifier ?? "GMT"
        return name == "GMT" ? "UTC" : name
    }

    /// The history, oldest first.
    func lines(_ history: [HistoryEntry]) -> [HistoryLine] {
        history.map { entry in
            let (sentence, remark) = words(entry.event)
            return HistoryLine(
                at: time(entry.at), machineTime: CivilTime(entry.at).rfc3339, sentence: sentence, remark: remark)
        }
    }

    /// The messages, oldest first.
    func lines(_ records: [DeliveryRecord]) -> [MessageLine] {
        records.map { record in
            MessageLine(
                what: Self.words(record.delivery.kind), person: name(record.delivery.person),
                channel: record.delivery.channel.text, at: time(record.changedAt),
                machineTime: CivilTime(record.changedAt).rfc3339, stateWords: words(record), tone: Self.tone(record.state),
                detail: record.detail)
        }
    }

    private func name(_ person: PersonID) -> String { rulebook.name(person) }

    private func names(_ people: [PersonID]) -> String {
        let names = people.map(name)
        guard let last = names.last, names.count > 1 else { return names.first ?? "Nobody" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }

    private func words(_ event: CaseEvent) -> (String, remark: String?) {
        switch event {
        case .opened(let opening): ("The lead came in; \(opening.reason).", nil)
        case .notified(_, let people): ("\(names(people)) \(Self.was(people)) asked to choose.", nil)
        case .reminded(_, let people): ("\(names(people)) \(Self.was(people)) reminded.", nil)
        case .skipped: ("A step was skipped, because a later one was due too.", nil)
        case .claimed(let claim): ("\(name(claim.by)) said “mine to decide”, until \(time(claim.until)).", nil)
        case .claimExpired(let person): ("\(name(person)) had not decided by then; anyone may again.", nil)
        case .released(let person): ("\(name(person)) left the decision to anyone again.", nil)
        case .assigned(let assignment): (words(assignment), assignment.note)
        case .reassigned(let assignment, let from):
            ("\(giver(assignment)) took the lead from \(name(from)) to \(name(assignment.rep)).", assignment.note)
        case .rejected(let closing): ("\(name(closing.by)) rejected the lead: \(closing.reason.words).", closing.note)
        case .started(let person): ("\(name(person)) started.", nil)
        case .closed(let closing): ("\(name(closing.by)) closed the lead: \(closing.reason.words).", closing.note)
        case .linkRenewed(let person): ("\(name(person)) asked for a fresh link.", nil)
        case .deliveryFailed(_, let person, let channel, let reason):
            ("\(name(person)) was not reached by \(channel).", reason)
        }
    }

    private func words(_ assignment: Assignment) -> String {
        switch assignment.mode {
        case .chosen: "\(giver(assignment)) gave the lead to \(name(assignment.rep))."
        case .fallback: "Nobody chose in time, so \(name(assignment.rep)) got the lead."
        case .automatic: "By rule, \(name(assignment.rep)) got the lead."
        }
    }

    private func giver(_ assignment: Assignment) -> String {
        if case .person(let id) = assignment.by { name(id) } else { "A rule" }
    }

    private static func was(_ people: [PersonID]) -> String { people.count > 1 ? "were" : "was" }

    private static func words(_ kind: MessageKind) -> String {
        switch kind {
        case .decide: "Request to choose"
        case .remind: "Reminder"
        case .escalate: "Request to choose, as nobody had"
        case .assigned: "The lead itself"
        case .withdrawn: "Word that someone else has it"
        case .settled: "Word that it is settled"
        case .freshLink: "Fresh link"
        case .alarm: "Alarm: a message wasn’t delivered"
        }
    }

    private func words(_ record: DeliveryRecord) -> String {
        switch record.state {
        case .pending: "waiting"
        case .sending: "being sent"
        case .sent: "sent"
        case .deferred: record.nextAttempt.map { "next try \(time($0))" } ?? "will be tried again"
        case .failed: "not delivered"
        case .cancelled: "no longer needed"
        }
    }

    private static func tone(_ state: DeliveryState) -> String {
        switch state {
        case .sent: "good"
        case .failed: "bad"
        case .deferred: "warn"
        case .pending, .sending, .cancelled: "idle"
        }
    }
}
