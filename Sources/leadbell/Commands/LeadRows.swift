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
    var valuesByName: [String: Value] { Dictionary(uniqueKeysWithValues: values.map { ($0.key.text, $0.value) }) }

    /// What others said, by name; nil when all agree.
    var othersByName: [String: [Value]]? {
        others.isEmpty ? nil : Dictionary(uniqueKeysWithValues: others.map { ($0.key.text, $0.value) })
    }
}
