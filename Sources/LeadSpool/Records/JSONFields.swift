// One JSON object as a lead's fields.

import LeadCore

/// The fields of one JSON object: texts as they are, lists of texts with commas between, an object within the object as
/// `outer.inner`. Null counts as not given.
enum JSONFields {
    /// The values by field; a field that is too long, nested too deeply, or without a name is a flaw.
    static func read(_ object: [JSONTree.Member]) throws(FieldFlaw) -> [FieldName: String] {
        var fields = FieldCollection()
        for member in object {
            if case .object(let inner) = member.value {
                for part in inner { try keep(part, under: member.name, in: &fields) }
            } else {
                try keep(member, under: nil, in: &fields)
            }
        }
        return fields.values
    }

    private static func keep(
        _ member: JSONTree.Member, under outer: String?, in fields: inout FieldCollection
    ) throws(FieldFlaw) {
        switch member.value {
        case .nothing: return
        case .text(let text): try fields.keep(text, as: member.name, under: outer)
        case .list(let items):
            let texts = items.filter { $0 != .nothing }.map(\.text)
            let known = texts.compactMap(\.self)
            guard known.count == texts.count else { throw tooDeep(member.name) }
            try fields.keep(known.joined(separator: ", "), as: member.name, under: outer)
        case .object: throw tooDeep(member.name)
        }
    }

    private static func tooDeep(_ spelling: String) -> FieldFlaw {
        FieldFlaw(
            what: "\(FieldCollection.shown(spelling)) holds objects or lists within each other",
            remedy: "Give it as a text, a list of texts, or one object of texts.")
    }
}
