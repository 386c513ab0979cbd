// Messages of a lead as commands print them: to whom, by what, when, what came of it, and when its reader first acted.

import LeadCore

/// One message, for programs.
struct MessageReport: Encodable {
    let id: String
    let to: String
    let channel: String
    let kind: String
    let state: String
    let attempts: Int
    let changed: String
    let opened: String?
    let detail: String?

    /// The messages of `file`, oldest first.
    static func all(of file: CaseFile) -> [MessageReport] {
        file.deliveries.map { record in
            MessageReport(
                id: record.delivery.id.text, to: record.delivery.person.text,
                channel: record.delivery.channel.text, kind: record.delivery.kind.rawValue,
                state: record.state.rawValue, attempts: record.attempts,
                changed: CivilTime(record.changedAt).rfc3339,
                opened: file.opened(record).map { CivilTime($0).rfc3339 }, detail: record.detail)
        }
    }
}

/// Messages as rows of a table.
enum MessageRows {
    static let header = ["TO", "BY", "MESSAGE", "STATE", "TRIES", "AT", "OPENED", "DETAIL"]

    /// The messages of `file`, oldest first.
    static func all(of file: CaseFile, _ rulebook: Rulebook) -> [[String]] {
        file.deliveries.map { record in
            [
                rulebook.name(record.delivery.person), record.delivery.channel.text,
                record.delivery.kind.rawValue, record.state.rawValue, "\(record.attempts)",
                CivilTime(record.changedAt).rfc3339,
                file.opened(record).map { CivilTime($0).rfc3339 } ?? "–", record.detail ?? "",
            ]
        }
    }
}
