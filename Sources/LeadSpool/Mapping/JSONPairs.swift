// One JSON object as names and texts for a mapping: objects within it as `outer.inner`, lists of texts with commas between,
// and lists of `{ name, value }`, as some interfaces send their fields, as one name each. The text has passed the strict
// check before, which bounds its depth.

import LeadCore

/// The pairs of one JSON object.
struct JSONPairs {
    private(set) var record = RawRecord()

    init(_ object: [JSONTree.Member]) throws(FieldFlaw) { try add(object, under: "") }

    private mutating func add(_ members: [JSONTree.Member], under outer: String) throws(FieldFlaw) {
        for member in members where member.name != FormPosts.requestField {
            try add(member.value, as: outer + member.name)
        }
    }

    private mutating func add(_ value: JSONTree, as name: String) throws(FieldFlaw) {
        guard record.pairs.count <= FieldCollection.most else {
            throw FieldFlaw(
                what: "more than \(FieldCollection.most) fields", remedy: "Send one lead an object, not many.")
        }
        guard name.utf8.count <= FieldCollection.longestName else { throw FieldCollection.longName }
        switch value {
        case .nothing: return
        case .text(let text): record.add(name, text)
        case .object(let members): try add(members, under: name + ".")
        case .list(let items):
            let texts = items.compactMap(\.text)
            if texts.count == items.count(where: { $0 != .nothing }) {
                return record.add(name, texts.joined(separator: ", "))
            }
            for (index, item) in items.enumerated() {
                if case .object(let members) = item, let (label, value) = Self.labelled(members) {
                    try add(value, as: "\(name).\(label)")
                } else {
                    try add(item, as: "\(name).\(index + 1)")
                }
            }
        }
    }

    /// The name and the value of an object that is nothing but a field.
    private static func labelled(_ members: [JSONTree.Member]) -> (String, JSONTree)? {
        let value = { (name: String) in members.first { $0.name == name }?.value }
        let label = ["column_id", "name", "key", "label"].lazy.compactMap { value($0)?.text }.first
        let content = ["string_value", "value", "values", "answer"].lazy.compactMap(value).first
        guard let label, let content else { return nil }
        return (label, content)
    }
}
