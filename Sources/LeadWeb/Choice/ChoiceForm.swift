// What a page's form sends, as untrusted text. Only reading happens here; `Choice` says what it means.

import Foundation
import LeadCore

/// The fields of a form on one of our pages.
struct ChoiceForm: Sendable, Equatable {
    var action = ""
    var rep = ""
    /// A rep's name that was typed instead.
    var find = ""
    var from = ""
    /// A manager.
    var to = ""
    var reason = ""
    var note = ""
    var nonce = ""
    var confirmed = ""

    /// What is read of a typed name, in characters.
    private static let longestName = 200

    /// A form with nothing in it.
    init() {}

    /// A choice in the fields of a form.
    init(_ fields: FormFields) {
        action = fields["action"]
        rep = fields["rep"]
        find = String(fields.plain("find").prefix(Self.longestName))
        from = fields["from"]
        to = fields["to"]
        reason = fields["reason"]
        note = fields.plain("note")
        nonce = fields["nonce"]
        confirmed = fields["confirmed"]
    }
}
