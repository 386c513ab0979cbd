// A record of any format but JSON, as its file spells it, and how it becomes a lead with a key. The key is that of the
// same record as a JSON object with its names in order, so that neither the order of columns, nor the delimiter, nor the
// encoding, nor the way in makes another lead of it.

import LeadCore

/// How a source's records are read.
public struct ReadingRules: Sendable {
    /// A file of more records is refused; files that are read in portions may have any number.
    public var mostRecords: Int
    /// What the source's names mean.
    public var mapper: FieldMapper
    /// The source's name, within which its leads' ids count; nil where each lead names its own.
    public var source: String?
    /// What stands for the lead's source where it names none.
    public var label: String?
    /// True where the daemon's own page wrote the record: only then does it say itself where it belongs and who typed it in.
    var believesBelonging = false
    /// Is told what became of the names of each record, in order.
    public var onMapping: (@Sendable ([MappedName]) -> Void)?

    /// Rules; 10,000 records and a lead's own names unless told.
    public init(
        mostRecords: Int = 10_000, mapping: FieldMapping = .canonical, source: String? = nil, label: String? = nil
    ) {
        self.mostRecords = mostRecords
        mapper = FieldMapper(mapping)
        self.source = source
        self.label = label
    }

    /// The record that `raw` is, which begins on `line`.
    func record(_ raw: RawRecord, line: Int) -> Result<IntakeRecord, RecordFlaw> {
        do throws(FieldFlaw) {
            return .success(try record(try values(raw), bytes: raw.canonical))
        } catch {
            return .failure(RecordFlaw(fault: IntakeFault(what: error.what, line: line, remedy: error.remedy)))
        }
    }

    /// The fields of `raw`.
    private func values(_ raw: RawRecord) throws(FieldFlaw) -> [FieldName: String] {
        guard mapsPlainly else { return try mapped(raw) }
        var fields = FieldCollection()
        for pair in raw.pairs { try fields.keep(pair.text, as: pair.name, known: pair.field) }
        return fields.values
    }

    /// True when names are a lead's own and nobody asks what became of them.
    var mapsPlainly: Bool { mapper.isCanonical && onMapping == nil }

    /// The fields of `raw` by the mapping.
    func mapped(_ raw: RawRecord) throws(FieldFlaw) -> [FieldName: String] {
        let (values, fates) = try mapper.map(raw)
        onMapping?(fates)
        return values
    }

    /// The record of these fields, which its file has as `bytes`.
    func record(
        _ values: [FieldName: String], bytes: @autoclosure () -> some Sequence<UInt8>
    ) throws(FieldFlaw) -> IntakeRecord {
        var values = values
        guard values.contains(where: { !$0.value.trimmed.isEmpty }) else { throw .noLead }
        if let label, values[.source] == nil { values[.source] = label }
        if !believesBelonging { Self.disown(&values) }
        let lead = Lead(given: values)
        // With an id the bytes say nothing.
        guard lead[.id] == nil else {
            return IntakeRecord(key: IntakeKey(lead: lead, record: EmptyCollection(), source: source), lead: lead)
        }
        return IntakeRecord(key: IntakeKey(lead: lead, record: bytes(), source: source), lead: lead)
    }
}

extension ReadingRules {
    /// What only somebody of the firm may say of a lead. Whatever else comes in may hold a stranger's words, in any format.
    private static let belonging: [(field: FieldName, claim: FieldName)] = [
        (.joins, "given_joins"), (.enteredBy, "given_entered_by"),
    ]

    /// Keeps such claims as what they are.
    fileprivate static func disown(_ values: inout [FieldName: String]) {
        for (field, claim) in belonging {
            guard let text = values.removeValue(forKey: field) else { continue }
            if values[claim] == nil { values[claim] = text }
        }
    }
}

extension FieldFlaw {
    static let noLead = FieldFlaw(
        what: "holds no lead: no field has a value", remedy: "Give at least a name and an e-mail address.")
}

/// Names and texts as a file has them.
struct RawRecord {
    struct Pair {
        let name: String
        let text: String
        /// The field that the name means, where that has been worked out already.
        var field: FieldName?
    }

    private(set) var pairs: [Pair] = []
    /// What tells the record from one of the same texts: a mail's id.
    var identity: String?

    /// Adds what was given under `name`; nothing where there is nothing but white space.
    mutating func add(_ name: String, _ text: String, field: FieldName? = nil) {
        guard !text.utf8.allSatisfy({ $0 <= 0x20 }) else { return }
        let name = name.utf8.contains(0) ? name.replacing("\0", with: "") : name
        pairs.append(Pair(name: name, text: Self.unix(text), field: field))
    }

    /// `text` with one kind of line end, so that a lead is the same whichever its file has, and without zeros, which what
    /// reads texts to their first one would take for its end.
    private static func unix(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x0D || $0 == 0 }) else { return text }
        return text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").replacing("\0", with: "")
    }

    /// Adds to what was given under `name`, as `x, y`.
    mutating func append(_ name: String, _ text: String, field: FieldName? = nil) {
        guard let place = pairs.firstIndex(where: { $0.name == name }) else { return add(name, text, field: field) }
        guard !text.utf8.allSatisfy({ $0 <= 0x20 }) else { return }
        let whole = pairs[place].text + ", " + Self.unix(text)
        pairs[place] = Pair(name: name, text: whole, field: pairs[place].field)
    }

    /// The same with the text in each place as `read` has it.
    func rewritten(_ read: (_ place: Int, _ text: String) -> String) -> RawRecord {
        var record = self
        for place in pairs.indices {
            let pair = pairs[place]
            record.pairs[place] = Pair(name: pair.name, text: read(place, pair.text), field: pair.field)
        }
        return record
    }

    /// What was given under `name`, whatever the case of its letters.
    func text(_ name: String) -> String? {
        pairs.first { $0.name.lowercased() == name }?.text
    }

    /// The record as a JSON object on one line, its names in order.
    var canonical: [UInt8] {
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        for pair in pairs.sorted(by: { ($0.name, $0.text) < ($1.name, $1.text) }) {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            Self.write(pair.name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            Self.write(pair.text, to: &bytes)
        }
        if let identity {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            bytes += Array("\"@identity\":".utf8)
            Self.write(identity, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20: bytes += Array("\\u00".utf8) + Array(Hex.string([byte]).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
