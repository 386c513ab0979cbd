// What the form on a person's own page sends, and what it means. Pure.

import Foundation
import LeadCore

/// The fields of the form, as untrusted text.
struct AbsenceForm: Sendable, Equatable {
    /// What the person wants.
    enum Wish: Equatable {
        case away(Absence)
        case back
        /// What is wrong with it.
        case flawed(String)
    }

    var action = ""
    var from = ""
    var until = ""
    var substitute = ""
    var nonce = ""

    /// A form with nothing in it.
    init() {}

    init(_ fields: FormFields) {
        action = fields["action"]
        from = String(fields.plain("from").prefix(40))
        until = String(fields.plain("until").prefix(40))
        substitute = fields["substitute"]
        nonce = fields["nonce"]
    }

    /// What `person` wants, on their own clock.
    func wish(of person: PersonID, by rulebook: Rulebook, now: Timestamp) -> Wish {
        guard action == "away" else { return action == "back" ? .back : .flawed("Nothing was chosen.") }
        let zone = rulebook.person(person)?.timeZone ?? .gmt
        let begins = from.isEmpty ? now : Timestamp(text: from, in: zone)
        guard let begins, let ends = Timestamp(text: until, in: zone) else {
            return .flawed("Please say from when and until when you are away, with date and time.")
        }
        let absence = Absence(
            person: person, from: begins, until: ends, substitute: substitute.nonEmpty.map { PersonID($0) })
        if let complaint = absence.complaint(by: rulebook, now: now) {
            return .flawed("\(complaint.prefix(1).uppercased())\(complaint.dropFirst()).")
        }
        return .away(absence)
    }
}
