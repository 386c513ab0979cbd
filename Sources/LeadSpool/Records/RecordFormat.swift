// The kinds of files that hold leads: one registration line a kind. What the spool accepts, and what it says that it
// accepts, follows from `all`. Reading never fails as a whole: it gives records, and faults for what is none.

import LeadCore

/// What a file's bytes turned out to hold.
public struct FileContent: Sendable {
    /// The good records, in order.
    public internal(set) var records: [IntakeRecord] = []
    /// The bad ones' bytes with what is wrong.
    public internal(set) var rejected: [(bytes: [UInt8], fault: IntakeFault)] = []
    /// What the bad ones need before them to be read again: the names of columns.
    var preamble: [UInt8] = []

    /// A file that holds nothing but a fault.
    static func faulty(_ bytes: [UInt8], _ fault: IntakeFault) -> FileContent {
        FileContent(records: [], rejected: [(bytes: bytes, fault: fault)])
    }
}

/// One kind of file: its extensions and how its bytes become records.
public struct RecordFormat: Sendable {
    /// How large a file of a kind may be; the settings say what each means in bytes.
    public enum Size: Sendable {
        /// One lead, or some thousand.
        case ordinary
        /// A mail with what is attached to it.
        case mail
        /// Any number of rows, which are read portion by portion.
        case rows
    }

    /// Without the dot, lower case; a file's name is compared without regard to case.
    public let extensions: [String]
    /// How large such a file may be.
    public var size = Size.ordinary
    /// True for what only the daemon itself writes: such a file of anyone else is refused.
    var isOwn = false
    /// Gives the records of a file's bytes.
    let read: @Sendable (_ bytes: [UInt8], _ rules: ReadingRules) -> FileContent

    /// Every kind there is.
    public static let all: [RecordFormat] = [.json, .lines, .csv, .form, .mail, .card, .entry]

    /// The extensions of the kinds that producers write, as a person reads them: ".json, .ndjson, .jsonl".
    public static var acceptedExtensions: String {
        all.filter { !$0.isOwn }.flatMap(\.extensions).map { "." + $0 }.joined(separator: ", ")
    }

    /// What a file called `name` with these bytes holds: what the spool makes of it, for whoever wants to know before.
    public static func read(name: String, bytes: [UInt8], rules: ReadingRules = ReadingRules()) -> FileContent {
        guard let format = named(name.utf8) else { return .faulty(bytes, .foreignExtension) }
        return format.read(bytes, rules)
    }

    /// The fields of one JSON object from elsewhere, by the names that `mapping` knows; nil when it is none that can be
    /// read.
    public static func fields(ofObject bytes: [UInt8], by mapping: FieldMapping) -> [FieldName: String]? {
        switch RecordText.whole(bytes).fields(by: FieldMapper(mapping)) {
        case .success(let fields): fields
        case .failure: nil
        }
    }

    /// The kind of a file called `name`; nil when its extension says nothing.
    public static func of(_ name: String) -> RecordFormat? { named(name.utf8) }

    /// The kind of a file whose name is `bytes`.
    static func named(_ bytes: some BidirectionalCollection<UInt8>) -> RecordFormat? {
        all.first { $0.extensions.contains { endsWith(bytes, "." + $0) } }
    }

    private static func endsWith(_ name: some BidirectionalCollection<UInt8>, _ suffix: String) -> Bool {
        var rest = name[...]
        for expected in suffix.utf8.reversed() {
            guard let byte = rest.popLast() else { return false }
            let lower = byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
            if lower != expected { return false }
        }
        return !rest.isEmpty
    }
}

extension RecordFormat {
    /// One object, one lead.
    static let json = RecordFormat(extensions: ["json"]) { bytes, rules in
        let text = RecordText.whole(bytes)
        guard !text.isBlank else { return .faulty(bytes, .emptyFile) }
        switch text.record(by: rules) {
        case .success(let record): return FileContent(records: [record], rejected: [])
        case .failure(let flaw): return .faulty(bytes, flaw.fault)
        }
    }

    /// One object a line, one lead a line; blank lines don't count.
    static let lines = RecordFormat(extensions: ["ndjson", "jsonl"]) { bytes, rules in
        var content = FileContent()
        var count = 0
        for line in RecordText.lines(of: bytes) where !line.isBlank {
            count += 1
            guard count <= rules.mostRecords else { return .faulty(bytes, .tooManyRecords(rules.mostRecords)) }
            switch line.record(by: rules) {
            case .success(let record): content.records.append(record)
            case .failure(let flaw): content.reject(line.bytes, flaw.fault)
            }
        }
        return count == 0 ? .faulty(bytes, .emptyFile) : content
    }
}

extension RecordFormat {
    /// A row of names, then a row for each lead; read in portions.
    static let csv = RecordFormat(extensions: ["csv", "tsv"], size: .rows) { bytes, rules in
        CSVReader.content(of: bytes, by: rules)
    }

    /// What a form's handler saved; one post a line.
    static let form = RecordFormat(extensions: ["form", "urlencoded"]) { bytes, rules in
        FormPosts.content(of: bytes, by: rules)
    }

    /// What a person of the firm typed in on a page of ours.
    static let entry = RecordFormat(extensions: ["entry"], isOwn: true) { bytes, rules in
        var rules = rules
        rules.believesBelonging = true
        return FormPosts.content(of: bytes, by: rules)
    }

    /// A mail: what a form's handler sent, an inquiry, or one that was forwarded.
    static let mail = RecordFormat(extensions: ["eml"], size: .mail) { bytes, rules in
        MailInquiry.content(of: bytes, by: rules)
    }

    /// Business cards, one lead each.
    static let card = RecordFormat(extensions: ["vcf"]) { bytes, rules in
        CardFile.content(of: bytes, by: rules)
    }
}

extension FileContent {
    /// How many bad records are told apart; a file of a million bad lines must not cost a thousand times its size.
    static let mostRejected = 1000

    mutating func reject(_ bytes: ArraySlice<UInt8>, _ fault: IntakeFault) {
        if rejected.count < Self.mostRejected {
            rejected.append((bytes: Array(bytes), fault: fault))
        } else if rejected.count == Self.mostRejected {
            rejected.append((bytes: Array(bytes), fault: .further(from: fault.line)))
        } else {
            rejected[Self.mostRejected].bytes += [0x0A] + bytes
        }
    }

    /// Adds what the next portion of the file holds.
    mutating func join(_ portion: FileContent) {
        records += portion.records
        for (bytes, fault) in portion.rejected { reject(bytes[...], fault) }
        preamble = portion.preamble
    }
}

extension IntakeFault {
    /// Stands for all bad records from `line` on, beyond those that are told apart.
    static func further(from line: Int?) -> IntakeFault {
        IntakeFault(
            what: "this and all further bad records", line: line,
            remedy: "Mend the records that are told apart first, then see what is left.")
    }

    static let emptyFile = IntakeFault(
        what: "the file is empty", remedy: "Write a JSON object, under another name first, and rename it in.")

    static let notOurs = IntakeFault(
        what: "a file of the kind that only the daemon writes, and of another owner",
        remedy: "Name the file by what it holds: \(RecordFormat.acceptedExtensions).")

    static var foreignExtension: IntakeFault {
        IntakeFault(
            what: "the file's extension says nothing of what it holds",
            remedy: "Name the file by what it holds: \(RecordFormat.acceptedExtensions).")
    }

    static func tooManyRecords(_ most: Int) -> IntakeFault {
        IntakeFault(what: "more than \(most) records in one file", remedy: "Split the file.")
    }
}
