// A lead in words: its title, the facts by which one decides, everything else with where it came from, and ways to
// reach the person. What nobody knows is shown as unknown.

import Foundation
import LeadCore

/// A label and a value on a page.
struct Line: Sendable, Equatable {
    let label: String
    let text: String
    /// False when the text merely says that nothing is known.
    let isKnown: Bool
    /// "added by firms, by domain acme.example"; "given", or nil where that goes without saying.
    let origin: String?
    /// A `mailto:` or `tel:` address; nil for mere text.
    let href: String?

    /// A line with the name of whoever added the value; nothing is said of what was given.
    init(_ label: String, _ value: Lead.Value?, text: String? = nil, href: String? = nil) {
        self.label = label
        self.text = text ?? value?.text ?? "unknown"
        isKnown = text != nil || value != nil
        origin = value.flatMap { $0.provenance == .given ? nil : "added by \($0.provenance.origin)" }
        self.href = href
    }

    /// A line that says in full where the value came from and, when it was learnt later, when; with what others said.
    init(_ label: String, explaining value: Lead.Value, others: [Lead.Value], time: (Timestamp) -> String) {
        self.label = label
        text = value.text
        isKnown = true
        let own = Self.origin(of: value, time)
        let rest = others.map { "; “\($0.text)” is \(Self.origin(of: $0, time))" }
        origin = own + rest.joined()
        href = nil
    }

    private static func origin(of value: Lead.Value, _ time: (Timestamp) -> String) -> String {
        guard value.provenance != .given else { return value.provenance.words }
        return "added by \(value.provenance.words)" + (value.provenance.at.map { ", \(time($0))" } ?? "")
    }
}

/// A lead as pages show it.
struct LeadWords {
    private let lead: Lead

    init(_ lead: Lead) { self.lead = lead }

    /// "fine-art for Acme Arts", as messages have it.
    var title: String {
        let whom = (lead[.company] ?? lead.personName).map { "for \($0)" }
        return [lead.subject ?? "a lead", whom].compactMap(\.self).joined(separator: " ")
    }

    /// What one decides by: the same facts as in the messages.
    var facts: [Line] {
        let who = [lead.personName, lead[.title]].compactMap(\.self).joined(separator: ", ").nonEmpty
        return [
            Line("Who", lead.values[.name] ?? lead.values[.lastName] ?? lead.values[.firstName], text: who),
            Line("For what", lead.values[.projectType] ?? lead.values[.product] ?? lead.values[.campaign]),
            Line("Firm", lead.values[.company]),
            Line("Industry", lead.values[.industry]),
            Line("Source", lead.values[.source]),
            Line("Place", placeValue, text: lead.place),
            Line("Urgency", lead.values[.urgency]),
            Line("Value", lead.values[.value], text: lead.money?.words),
        ]
    }

    /// Every value with where it came from, in the order of the lead; "given" is said here.
    func details(_ time: (Timestamp) -> String) -> [Line] {
        lead.shown.filter { $0.field != .description || lead.others[$0.field] != nil }.map { field, value in
            Line(field.label, explaining: value, others: lead.others[field] ?? [], time: time)
        }
    }

    /// "firms: took longer than 3 s".
    var gaps: [String] { lead.gaps.map { "\($0.enricher): \($0.reason)" } }

    /// E-mail and phone as links that a phone acts upon, unknown where they are missing.
    var contacts: [Line] {
        [
            Line("E-mail", lead.values[.email], href: lead[.email].flatMap(Self.mailto)),
            Line("Phone", lead.values[.phone], href: lead[.phone].flatMap(Self.tel)),
        ]
    }

    /// Says where the place came from only when no part of it was given.
    private var placeValue: Lead.Value? {
        let parts = [
            lead.values[.city], lead.values[.stateCode] ?? lead.values[.state],
            lead.values[.countryCode] ?? lead.values[.country],
        ].compactMap(\.self)
        return parts.first { $0.provenance == .given } ?? parts.first
    }

    /// A `mailto:` address; nil when the text isn't a plain address, so that no header slips in.
    static func mailto(_ address: String) -> String? {
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: ".!#$*+-/=^_`{|}~@'"))
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }),
            address.unicodeScalars.allSatisfy(allowed.contains),
            let escaped = address.addingPercentEncoding(withAllowedCharacters: Self.mailSafe)
        else { return nil }
        return "mailto:\(escaped)"
    }

    private static let mailSafe = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_~@+")

    /// A `tel:` address; nil when the text has other letters than a number's. An extension is left to be dialled.
    static func tel(_ number: String) -> String? {
        let dialled = number.prefix { $0.isASCII && ($0.isNumber || "+-. ()/".contains($0)) }
        let digits = dialled.filter(\.isNumber)
        let rest = number.dropFirst(dialled.count).lowercased()
        guard (5...20).contains(digits.count), rest.isEmpty || rest.hasPrefix("x") || rest.hasPrefix("ext") else {
            return nil
        }
        return "tel:\(dialled.hasPrefix("+") ? "+" : "")\(digits)"
    }
}

/// The lead's page in the CRM.
struct RecordLink: Sendable, Equatable {
    let url: String
    /// Shown, so that one sees where the link leads.
    let host: String

    /// A link to `url`; nil when it isn't an address on the web.
    init?(_ url: String?) {
        guard let url, let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty,
            parts.scheme == "https" || parts.scheme == "http", parts.user == nil
        else { return nil }
        self.url = url
        self.host = host
    }
}
