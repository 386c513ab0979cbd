// A lead's values on the command line: what it has, and beneath it what others said instead.

import LeadCore

extension Lead {
    /// Rows of field, origin and value; a field that is in brackets has another value that wins.
    var rows: [[String]] {
        shown.flatMap { field, value in
            [[field.text, value.provenance.words, value.text]]
                + (others[field] ?? []).map { ["(\(field.text))", $0.provenance.words, $0.text] }
        }
    }

    /// The values by name, for JSON.
    var valuesByName: [String: ReportedValue] {
        Dictionary(uniqueKeysWithValues: values.map { ($0.key.text, ReportedValue($0.value)) })
    }

    /// What others said, by name; nil when all agree.
    var othersByName: [String: [ReportedValue]]? {
        others.isEmpty
            ? nil : Dictionary(uniqueKeysWithValues: others.map { ($0.key.text, $0.value.map(ReportedValue.init)) })
    }
}

/// A value as reports in JSON have it: always with where it came from.
struct ReportedValue: Encodable {
    let text: String
    let provenance: Provenance

    init(_ value: Lead.Value) {
        text = value.text
        provenance = value.provenance
    }
}
