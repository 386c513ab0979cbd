// Reads a file of comma-separated values portion by portion, so that a million rows take no more memory than some
// hundred. It is a value: a portion whose leads could not be stored is read again from the reader as it was. A row that
// is none is kept with its line and the reason, and the rows after it are read all the same.

import LeadCore

/// Where a reader is in its file.
struct CSVReader: Sendable {
    /// Gives `most` bytes from `offset` on, fewer at the end.
    typealias Source = (_ offset: Int, _ most: Int) throws(SystemFailure) -> [UInt8]

    /// What a portion may hold.
    struct Bounds {
        /// Two commits of intake. What a lead takes in memory, from here to its message, is some twenty times its row.
        var records = 500
        /// A row must fit in so many bytes.
        var bytes = 1_048_576
        /// So many bytes are read for a portion, or `bytes` where no row ends in them.
        var usual = 131_072
    }

    private struct Column {
        let name: String
        let field: FieldName
    }

    private let size: Int
    private let bounds: Bounds
    private var offset = 0
    private var line = 1
    private var encoding = TextEncoding.assumed
    private var delimiter = UInt8(ascii: ",")
    private var columns: [Column] = []
    private var preamble: [UInt8] = []
    /// True within a line that is too long to be a row.
    private var isSkipping = false

    /// True when what was read held no whole row and more of the file may.
    private var wantsMore = false

    /// True when nothing is left.
    private(set) var isAtEnd = false
    /// How many bytes have been read.
    var done: Int { offset }

    /// A reader at the beginning of a file of `size` bytes.
    init(size: Int, bounds: Bounds = Bounds()) {
        self.size = size
        self.bounds = bounds
    }

    /// The next records; `content.preamble` is what bad rows need before them to be read again.
    mutating func portion(of source: Source, by rules: ReadingRules) throws(SystemFailure) -> FileContent {
        // Long rows are rare, and room for them would be a large part of what a portion takes.
        let before = self
        let usual = max(bounds.usual, offset == 0 ? TextEncoding.telling : 0)
        let content = try read(min(usual, bounds.bytes), of: source, by: rules)
        guard wantsMore else { return content }
        self = before
        return try read(bounds.bytes, of: source, by: rules)
    }

    /// The records in the next `most` bytes.
    private mutating func read(
        _ most: Int, of source: Source, by rules: ReadingRules
    ) throws(SystemFailure) -> FileContent {
        var content = FileContent()
        let raw = try source(offset, min(most, size - offset))
        let isLast = offset + raw.count >= size || raw.isEmpty
        let isWhole = isLast || most >= bounds.bytes
        wantsMore = false
        var start = 0
        if offset == 0 {
            let (encoding, mark) = TextEncoding.of(raw)
            self.encoding = encoding
            start = mark
        }
        let bytes = encoding.keepsASCII ? raw : Array(encoding.text(raw[start...]).utf8)
        let base = encoding.keepsASCII ? 0 : start
        var at = encoding.keepsASCII ? start : 0
        if columns.isEmpty {
            switch head(bytes, &at, isLast: isLast, rules) {
            case .success: break
            case .failure(let flaw):
                isAtEnd = true
                wantsMore = !isWhole
                return .faulty([], flaw.fault)
            }
        }
        content.preamble = preamble
        take(bytes, &at, isLast: isLast, isWhole: isWhole, rules, &content)
        offset += base + consumed(bytes, at)
        if isLast, at >= bytes.count {
            isAtEnd = true
            offset = size
        }
        return content
    }

    /// The records of a whole file.
    static func content(of file: [UInt8], by rules: ReadingRules) -> FileContent {
        var reader = CSVReader(size: file.count)
        var content = FileContent()
        while !reader.isAtEnd {
            let portion: FileContent
            do throws(SystemFailure) {
                portion = try reader.portion(of: { offset, most in Array(file[offset...].prefix(most)) }, by: rules)
            } catch {
                return .faulty(file, IntakeFault(what: "\(error)", remedy: "Read the file again."))
            }
            content.join(portion)
        }
        // What is wrong with the file as a whole comes without bytes.
        guard !content.records.isEmpty || !content.rejected.isEmpty else { return .faulty(file, .noRows) }
        if content.records.isEmpty, content.rejected.count == 1, content.rejected[0].bytes.isEmpty {
            return .faulty(file, content.rejected[0].fault)
        }
        return content
    }

    // MARK: The first row

    private mutating func head(
        _ bytes: [UInt8], _ at: inout Int, isLast: Bool, _ rules: ReadingRules
    ) -> Result<Void, RecordFlaw> {
        let begin = at
        // What Excel understands: `sep=;` before anything else.
        if bytes[at...].prefix(4).elementsEqual("sep=".utf8), at + 5 < bytes.count,
            let end = CSVScan.endOfLine(in: bytes.span, from: at)
        {
            delimiter = bytes[at + 4]
            at = end
            line += 1
        } else {
            while let end = CSVScan.endOfLine(in: bytes.span, from: at), isBlank(bytes[at..<end]) {
                at = end
                line += 1
            }
            let end = CSVScan.endOfLine(in: bytes.span, from: at) ?? bytes.count
            delimiter = CSVScan.delimiter(of: bytes[at..<end])
        }
        guard at < bytes.count else { return .failure(RecordFlaw(fault: .noRows)) }
        var scan = CSVScan(delimiter: delimiter)
        switch scan.row(in: bytes.span, from: at, isLast: isLast) {
        case .row(let next, let lines):
            let names = scan.values.map { text($0, bytes).trimmed }
            if let fault = adopt(names, rules.mapper) { return .failure(RecordFlaw(fault: fault)) }
            at = next
            line += lines
            preamble = (encoding == .utf8 ? [0xEF, 0xBB, 0xBF] : []) + bytes[begin..<next]
            return .success(())
        case .unfinished:
            return .failure(RecordFlaw(fault: Self.fault(.tooLong(bounds.bytes), line: line)))
        case .flawed(let what, let place):
            return .failure(RecordFlaw(fault: Self.fault(.malformed(what), line: line, column: place - at + 1)))
        }
    }

    /// Takes `names` for the columns'; gives what is wrong with them.
    private mutating func adopt(_ names: [String], _ mapper: FieldMapper) -> IntakeFault? {
        guard names.count <= FieldCollection.most else { return Self.fault(.tooManyColumns, line: line) }
        var used: Set<String> = []
        columns = names.enumerated().map { index, name in
            // What has no name, or one that another column has, keeps its values under a name of its own.
            let base = name.isEmpty ? "column_\(index + 1)" : name
            var unique = base
            var number = 2
            while !used.insert(unique).inserted {
                unique = "\(base)_\(number)"
                number += 1
            }
            return Column(name: unique, field: FieldNaming.label(unique))
        }
        guard columns.contains(where: { FieldNaming.isKnown($0.field) || mapper.reads($0.name) }) else {
            columns = []
            return Self.fault(.noHeader, line: line)
        }
        return nil
    }

    // MARK: Rows

    private mutating func take(
        _ bytes: [UInt8], _ at: inout Int, isLast: Bool, isWhole: Bool, _ rules: ReadingRules,
        _ content: inout FileContent
    ) {
        var scan = CSVScan(delimiter: delimiter)
        let begin = at
        var seen = 0
        while at < bytes.count, seen < bounds.records {
            seen += 1
            if isSkipping {
                let end = CSVScan.endOfLine(in: bytes.span, from: at)
                content.reject(bytes[at..<(end ?? bytes.count)], Self.fault(.restOfLine, line: line))
                at = end ?? bytes.count
                isSkipping = end == nil
                if end != nil { line += 1 }
                continue
            }
            switch scan.row(in: bytes.span, from: at, isLast: isLast) {
            case .row(let next, let lines):
                keep(scan.values, bytes[at..<next], bytes, rules, &content)
                at = next
                line += lines
            case .unfinished:
                // The next portion begins with this row, unless it is longer than any portion.
                guard at == begin, offset > 0 else { return }
                wantsMore = !isWhole
                guard isWhole else { return }
                reject(bytes, &at, .tooLong(bounds.bytes), column: nil, &content)
            case .flawed(let what, let place):
                // So that it is kept as one line.
                let isCut = !isLast && CSVScan.endOfLine(in: bytes.span, from: at) == nil
                guard !isCut || (at == begin && isWhole) else {
                    wantsMore = at == begin
                    return
                }
                reject(bytes, &at, .malformed(what), column: place - at + 1, &content)
            }
        }
    }

    /// Keeps the line at `at` as bad. Only that line: where a quotation mark went wrong, the lines after it are rows.
    private mutating func reject(
        _ bytes: [UInt8], _ at: inout Int, _ flaw: RowFlaw, column: Int?, _ content: inout FileContent
    ) {
        let end = CSVScan.endOfLine(in: bytes.span, from: at)
        let row = bytes[at..<(end ?? bytes.count)]
        let place = column.flatMap { $0 <= row.count ? $0 : nil }
        content.reject(Self.withoutEnd(row), Self.fault(flaw, line: line, column: place))
        at = end ?? bytes.count
        if end == nil { isSkipping = true } else { line += 1 }
    }

    private func keep(
        _ values: [CSVScan.Value], _ row: ArraySlice<UInt8>, _ bytes: [UInt8], _ rules: ReadingRules,
        _ content: inout FileContent
    ) {
        guard values.contains(where: { !isBlank(bytes[$0.range]) }) else { return }
        let bytesOfRow = Self.withoutEnd(row)
        let extra = values.dropFirst(columns.count)
        guard values.count >= columns.count, extra.allSatisfy({ isBlank(bytes[$0.range]) }) else {
            return content.reject(
                bytesOfRow, Self.fault(.wrongCount(values.count, columns.count), line: line))
        }
        guard !row.contains(0) else { return content.reject(bytesOfRow, Self.fault(.zero, line: line)) }
        if encoding == .utf8, String(validating: row, as: UTF8.self) == nil {
            return content.reject(bytesOfRow, Self.fault(.notUTF8, line: line))
        }
        let texts = values.prefix(columns.count).map { text($0, bytes) }
        // Exports that were put together have their names again in between.
        guard !zip(columns, texts).allSatisfy({ $0.name == $1.trimmed }) else { return }
        var raw = RawRecord()
        for (column, text) in zip(columns, texts) { raw.add(column.name, text, field: column.field) }
        switch rules.record(raw, line: line) {
        case .success(let record): content.records.append(record)
        case .failure(let flaw): content.reject(bytesOfRow, flaw.fault)
        }
    }

    // MARK: Text

    private func text(_ value: CSVScan.Value, _ bytes: [UInt8]) -> String {
        var slice = bytes[value.range]
        if value.hasQuotes {
            var kept: [UInt8] = []
            kept.reserveCapacity(slice.count)
            var isSecond = false
            for byte in slice {
                isSecond = byte == CSVScan.quote && !isSecond
                if !isSecond { kept.append(byte) }
            }
            slice = kept[...]
        }
        // What was UTF-16 is UTF-8 by now.
        return encoding.keepsASCII ? encoding.text(slice) : String(decoding: slice, as: UTF8.self)
    }

    private func isBlank(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.allSatisfy { $0 <= 0x20 } }

    private static func withoutEnd(_ row: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var row = row
        while let last = row.last, last == CSVScan.lineFeed || last == CSVScan.carriageReturn { row.removeLast() }
        return row
    }

    /// How many of the file's bytes the first `count` of `bytes` were.
    private func consumed(_ bytes: [UInt8], _ count: Int) -> Int {
        guard !encoding.keepsASCII else { return count }
        // Two bytes a unit; a character beyond the first 65,536 has two units and four bytes of UTF-8.
        return bytes[..<count].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : $1 >= 0xF0 ? 4 : 2) }
    }
}
