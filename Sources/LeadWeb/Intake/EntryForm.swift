// What a person of the firm types in of a lead that came by a call, by a visit or by word of mouth. Pure.

import LeadCore

/// The fields of the form, as untrusted text.
struct EntryForm: Sendable, Equatable {
    /// How a lead may have come.
    struct Way: Sendable, Equatable {
        let value: String
        let label: String
        var isChosen = false
    }

    static let ways = [
        Way(value: "call", label: "Phone call"), Way(value: "referral", label: "Referral"),
        Way(value: "visit", label: "Visit"), Way(value: "other", label: "Typed in"),
    ]
    static let fields: [FieldName] = [
        .name, .company, .phone, .email, .projectType, .product, .value, .urgency, "referred_by", .city, .description,
    ]
    /// What leads are found by.
    static let telling: [FieldName] = [.name, .company, .phone, .email]

    private var values: [FieldName: String] = [:]
    private var way = ""
    /// The case that it belongs to, as the person has said: an id, `none`, or nothing.
    private(set) var joins = ""
    private(set) var nonce = ""

    /// A form with nothing in it.
    init() {}

    init(_ fields: FormFields) {
        for field in Self.fields { values[field] = String(fields.plain(field.text).prefix(10_000)) }
        way = fields["source"]
        joins = String(fields.plain("joins").prefix(40))
        nonce = fields["nonce"]
    }

    /// What stands in `field`.
    subscript(field: FieldName) -> String { values[field] ?? "" }

    /// The ways, with the one that was chosen.
    var ways: [Way] {
        Self.ways.map { Way(value: $0.value, label: $0.label, isChosen: $0.value == way) }
    }

    /// What is missing; nil when nothing is.
    var complaint: String? {
        let names = Set(given.map(\.field))
        if names.isDisjoint(with: [.name, .company]) { return "Please give at least a name or a firm." }
        if names.isDisjoint(with: [.email, .phone, .description]) {
            return "Please give a phone number or an e-mail address, or say in the description how to reach them."
        }
        if ways.allSatisfy({ !$0.isChosen }) { return "Please choose how the lead came." }
        return nil
    }

    /// The fields that have something in them.
    private var given: [(field: FieldName, text: String)] {
        Self.fields.map { ($0, self[$0]) }.filter { !$0.text.trimmed.isEmpty }
    }

    /// As much of the lead as leads are found by.
    var sketch: Lead {
        Lead(given: Dictionary(uniqueKeysWithValues: Self.telling.map { ($0, self[$0]) }))
    }

    /// The post that puts the lead into the spool, as `person` typed it in. The page's nonce makes two presses of the button
    /// one lead, and tomorrow's same words another.
    func post(by person: String) -> LeadPost {
        var pairs = given.map { ($0.field.text, $0.text) }
        if let chosen = ways.first(where: \.isChosen) { pairs.append((FieldName.source.text, chosen.label)) }
        pairs.append((FieldName.enteredBy.text, person))
        if !joins.isEmpty { pairs.append((FieldName.joins.text, joins)) }
        let body = pairs.map { "\(FormRoutes.encoded($0))=\(FormRoutes.encoded($1))" }.joined(separator: "&")
        return LeadPost(source: "", format: .entry, body: Array(body.utf8), request: nonce)
    }
}
