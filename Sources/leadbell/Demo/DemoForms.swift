// The modals of the demo's Slack, each a page with a form: who may fill it in, what it shows, and what Slack would tell of it.
// Without scripts, as all of the inbox.

import Foundation
import LeadCore

/// A modal that stands open.
struct DemoForm: Sendable {
    /// Who sees it, and submits.
    let member: String
    /// The view, as JSON.
    var view: Data
    /// What is wrong with what was filled in, by the ids of blocks.
    var errors: [String: String] = [:]

    /// What the page shows.
    var page: String {
        get throws { try ChatReading.slackView(view, errors: errors) }
    }

    /// The view as Slack posts it with `fields`.
    func submission(of fields: [String: String]) throws -> [String: Any] {
        var members = try ChatReading.object(view) ?? [:]
        var values: [String: Any] = [:]
        for block in members["blocks"] as? [[String: Any]] ?? [] {
            guard let id = block["block_id"] as? String, let element = block["element"] as? [String: Any],
                let action = element["action_id"] as? String, let value = fields[id]?.nonEmpty
            else { continue }
            let isText = element["type"] as? String == "plain_text_input"
            values[id] = [action: isText ? ["value": value] : ["selected_option": ["value": value]]]
        }
        members["state"] = ["values": values]
        return members
    }
}

/// The modals by the triggers that opened them.
actor DemoForms {
    /// Until a press has come to something.
    private var pressed: [String: (member: String, bell: Bell)] = [:]
    private var forms: [String: DemoForm] = [:]

    subscript(trigger: String) -> DemoForm? { forms[trigger] }

    /// A member has pressed, which may open a modal.
    func press(_ trigger: String, by member: String) { pressed[trigger] = (member, Bell()) }

    /// Opens a modal; false where nobody has pressed.
    func open(_ trigger: String, _ view: Data) -> Bool {
        guard let press = pressed[trigger] else { return false }
        forms[trigger] = DemoForm(member: press.member, view: view)
        settle(trigger)
        return true
    }

    /// Something else came of a press.
    func settle(_ trigger: String) { pressed[trigger]?.bell.ring() }

    /// Whether a modal has opened, waiting for it until `deadline` unless something else comes of the press.
    func isOpen(_ trigger: String, by deadline: Timestamp, _ clock: any TimeSource) async -> Bool {
        if let press = pressed[trigger] { await clock.wait(until: deadline, or: press.bell) }
        pressed[trigger] = nil
        return forms[trigger] != nil
    }

    /// Shows what a submission was answered with; false where that closes the modal.
    func answer(_ trigger: String, _ body: Data) throws -> Bool {
        guard !body.isEmpty, let members = try ChatReading.object(body) else {
            forms[trigger] = nil
            return false
        }
        forms[trigger]?.errors = members["errors"] as? [String: String] ?? [:]
        if let view = members["view"] as? [String: Any] {
            forms[trigger]?.view = try JSONSerialization.data(withJSONObject: view)
        }
        return true
    }
}
