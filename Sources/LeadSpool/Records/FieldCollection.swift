// The fields of one record while they are read, whatever the format: within their limits, under one spelling each, and the
// same ones whatever the order in which they come.

import LeadCore

/// Why a record's fields are no lead's.
struct FieldFlaw: Error, Equatable {
    /// What is wrong; holds no value.
    let what: String
    /// How to mend it.
    let remedy: String
}

/// Fields that are being collected.
struct FieldCollection {
    /// The values by field.
    private(set) var values: [FieldName: String] = [:]
    /// How a field was spelled that two names could mean.
    private var spellings: [FieldName: String] = [:]

    /// The longest value, in bytes.
    static let longest = 32 * 1024
    /// The longest name, in bytes, that of the object around it included: each field of a record has one, so a long one
    /// would be there a thousand times.
    static let longestName = 512
    /// How many fields a record may have.
    static let most = 1000

    init() { values.reserveCapacity(16) }

    /// Keeps `text` as the field that `spelling` means (`known`, where that has been worked out), `outer.spelling` within
    /// an object of that name.
    mutating func keep(
        _ text: String, as spelling: String, under outer: String? = nil, known: FieldName? = nil
    ) throws(FieldFlaw) {
        guard spelling.utf8.count + (outer?.utf8.count ?? 0) <= Self.longestName else { throw Self.longName }
        guard text.utf8.count <= Self.longest else {
            throw FieldFlaw(
                what: "the value of \(Self.shown(spelling)) is longer than 32 KiB", remedy: "Shorten the value.")
        }
        // The key of a request is no field of the lead that came with it.
        guard spelling != FormPosts.requestField || outer != nil else { return }
        // An empty value must not stand in the way of another spelling that has one.
        guard !text.utf8.allSatisfy({ $0 <= 0x20 }) else { return }
        var field = known ?? FieldNaming.field(spelling)
        guard !field.text.isEmpty else {
            throw FieldFlaw(what: "a field has no name", remedy: "Give each field a name.")
        }
        if let outer { field = FieldName(FieldNaming.field(outer).text + "." + field.text) }
        let whole = outer.map { $0 + "." + spelling } ?? spelling
        if field.text == whole {
            spellings[field] = nil
        } else if values[field] != nil {
            // Decoders may give names in no order, and the same file must be the same lead each time.
            guard let former = spellings[field], whole < former else { return }
            spellings[field] = whole
        } else {
            spellings[field] = whole
        }
        values[field] = text
        guard values.count <= Self.most else {
            throw FieldFlaw(what: "more than \(Self.most) fields", remedy: "Send one lead an object, not many.")
        }
    }

    static let longName = FieldFlaw(
        what: "a field's name is longer than \(longestName) bytes", remedy: "Shorten the name.")

    /// A field's name as it may stand in a log line.
    static func shown(_ spelling: String) -> String {
        let name = FieldNaming.field(spelling).text
        return name.count > 40 ? "\(name.prefix(40))…" : name
    }
}
