// What differs between two configurations, as an administrator names it: for the log and for the answer to a reload. Pure.

import LeadCore

extension Configuration {
    /// What of this is not as it was in `former`, in the order of the file: "people: dana, sam (new), lee (gone)". Values are
    /// not told, since some are secrets.
    public func changes(since former: Configuration) -> [String] {
        let new = rulebook
        let old = former.rulebook
        var changes: [String?] = [
            new.site == old.site ? nil : "site",
            linkKeys == former.linkKeys ? nil : "secrets.link_keys",
            new.choice == old.choice ? nil : "choice",
            new.retry == old.retry ? nil : "delivery",
            new.digest == old.digest ? nil : "digest",
            Self.differences(
                "channels", channels.map { ($0.id.text, Channel($0, new)) },
                former.channels.map { ($0.id.text, Channel($0, old)) }),
            Self.differences("people", Self.people(self), Self.people(former)),
            Self.differences("policies", Self.named(new.policies), Self.named(old.policies)),
            Self.differences("routes", Self.numbered(new.routes), Self.numbered(old.routes)),
            new.operators == old.operators ? nil : "operators",
            new.ranking == old.ranking ? nil : "ranking",
            new.phrases == old.phrases ? nil : "messages",
        ]
        if enrichers != former.enrichers || enrichmentBudget != former.enrichmentBudget
            || precedence != former.precedence
        {
            changes.append("enrichment")
        }
        return changes.compactMap(\.self)
    }

    private struct Channel: Equatable {
        let kind: String
        let options: OptionValues
        let settings: ChannelSettings?

        init(_ channel: (id: ChannelID, kind: String, options: OptionValues), _ rulebook: Rulebook) {
            kind = channel.kind
            options = channel.options
            settings = rulebook.channels[channel.id]
        }
    }

    private struct Someone: Equatable {
        let person: Person
        let absences: [Absence]
        let files: [AbsenceFile]
    }

    private static func people(_ configuration: Configuration) -> [(String, Someone)] {
        configuration.rulebook.people.map { person in
            (
                person.id.text,
                Someone(
                    person: person, absences: configuration.rulebook.absences.filter { $0.person == person.id },
                    files: configuration.absenceFiles.filter { $0.person == person.id })
            )
        }
    }

    private static func named<Value>(_ values: [String: Value]) -> [(String, Value)] {
        values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func numbered<Value>(_ values: [Value]) -> [(String, Value)] {
        values.enumerated().map { ("\($0.offset + 1)", $0.element) }
    }

    /// "routes: 2, 3 (new)"; nil when they are the same.
    private static func differences<Value: Equatable>(
        _ what: String, _ new: [(String, Value)], _ old: [(String, Value)]
    ) -> String? {
        let before = Dictionary(old, uniquingKeysWith: { first, _ in first })
        let now = Set(new.map(\.0))
        var parts = new.compactMap { name, value -> String? in
            guard let former = before[name] else { return "\(name) (new)" }
            return former == value ? nil : name
        }
        parts += old.filter { !now.contains($0.0) }.map { "\($0.0) (gone)" }
        if parts.isEmpty, new.map(\.0) != old.map(\.0) { return "\(what): their order" }
        return parts.isEmpty ? nil : "\(what): \(parts.joined(separator: ", "))"
    }
}
