// What happened to a case, as lines of a page: its history and the messages that were sent about it.

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
    /// When its reader first acted on the case after it, in words; nil when they haven't.
    let opened: String?
    let detail: String?
}

extension HistoryWords {
    /// The history, oldest first.
    func lines(_ history: [HistoryEntry]) -> [HistoryLine] {
        history.map { entry in
            let (sentence, remark) = words(entry.event)
            return HistoryLine(
                at: time(entry.at), machineTime: CivilTime(entry.at).rfc3339, sentence: sentence, remark: remark)
        }
    }

    /// The messages of `file`, oldest first.
    func messageLines(of file: CaseFile) -> [MessageLine] {
        file.deliveries.map { record in
            MessageLine(
                what: Self.words(record.delivery.kind), person: name(record.delivery.person),
                channel: record.delivery.channel.text, at: time(record.changedAt),
                machineTime: CivilTime(record.changedAt).rfc3339, stateWords: words(record),
                tone: Self.tone(record.state), opened: file.opened(record).map(time), detail: record.detail)
        }
    }

    private static func words(_ kind: MessageKind) -> String {
        switch kind {
        case .decide: "Request to choose"
        case .remind: "Reminder"
        case .warn: "Last call"
        case .escalate: "Request to choose, as nobody had"
        case .assigned: "The lead itself"
        case .withdrawn: "Word that someone else has it"
        case .settled: "Word that it is settled"
        case .reopened: "Word that it is open again"
        case .update: "Earlier messages brought up to date"
        case .inquiry: "Word that they asked again"
        case .freshLink: "Fresh link"
        case .alarm: "Alarm: a message wasn’t delivered"
        case .digest: "Digest"
        case .event: "Event"
        case .test: "Test"
        }
    }

    private func words(_ record: DeliveryRecord) -> String {
        switch record.state {
        case .pending: "waiting"
        case .sending: "being sent"
        case .sent: "sent"
        case .deferred: record.nextAttempt.map { "next try \(time($0))" } ?? "will be tried again"
        case .held: "stopped until the configuration is mended"
        case .failed: "not delivered"
        case .unknown: "nobody knows whether it arrived"
        case .cancelled: "no longer needed"
        }
    }

    private static func tone(_ state: DeliveryState) -> String {
        switch state {
        case .sent: "good"
        case .failed, .held, .unknown: "bad"
        case .deferred: "warn"
        case .pending, .sending, .cancelled: "idle"
        }
    }
}
