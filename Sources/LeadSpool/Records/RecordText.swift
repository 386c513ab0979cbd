// The bytes of one record with their place in the file, and how they become a record or a fault that says where.

import LeadCore

/// A fault on its way up.
struct RecordFlaw: Error, Equatable {
    let fault: IntakeFault
}

/// A piece of a file, without white space around it.
struct RecordText {
    /// The piece.
    let bytes: ArraySlice<UInt8>
    /// The line of the file on which the piece begins, from 1.
    let line: Int
    /// The column at which it begins, in bytes from 1.
    let column: Int

    /// A whole file as one piece.
    static func whole(_ file: [UInt8]) -> RecordText { RecordText(trimming: unmarked(file), line: 1) }

    /// A file's lines.
    static func lines(of file: [UInt8]) -> some Sequence<RecordText> {
        var rest: ArraySlice<UInt8>? = unmarked(file)
        var next = 1
        return AnyIterator {
            guard let text = rest else { return nil }
            let end = text.firstIndex(of: 0x0A)
            rest = end.map { text[($0 + 1)...] }
            defer { next += 1 }
            return RecordText(trimming: text[..<(end ?? text.endIndex)], line: next)
        }
    }

    /// A JSON text with a space in the place of each line end between its parts. Those within its texts stay: they are
    /// faults, and nobody's to mend.
    static func unwrapped(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var isQuoted = false
        var isEscaped = false
        return text.map { byte in
            if byte == UInt8(ascii: "\""), !isEscaped { isQuoted.toggle() }
            isEscaped = isQuoted && byte == UInt8(ascii: "\\") && !isEscaped
            return !isQuoted && (byte == 0x0A || byte == 0x0D) ? 0x20 : byte
        }
    }

    /// `file` without the byte order mark that some editors put first.
    static func unmarked(_ file: [UInt8]) -> ArraySlice<UInt8> {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        return file.starts(with: mark) ? file[3...] : file[...]
    }

    /// `bytes` without white space around them, which begin on `line`.
    private init(trimming bytes: ArraySlice<UInt8>, line: Int) {
        var rest = bytes
        var firstLine = line
        var lineStart = bytes.startIndex
        while let first = rest.first, JSONScan.isSpace(first) {
            rest.removeFirst()
            if first == 0x0A {
                firstLine += 1
                lineStart = rest.startIndex
            }
        }
        while let last = rest.last, JSONScan.isSpace(last) { rest.removeLast() }
        self.bytes = rest
        self.line = firstLine
        column = rest.startIndex - lineStart + 1
    }

    /// True when nothing but white space is there.
    var isBlank: Bool { bytes.isEmpty }

    /// The record that the piece is.
    func record(by rules: ReadingRules) -> Result<IntakeRecord, RecordFlaw> {
        do throws(RecordFlaw) {
            try checkText()
            do throws(FieldFlaw) {
                guard case .object(let object) = try JSONTree(checked: bytes) else { throw FieldFlaw.noLead }
                let values =
                    rules.mapsPlainly ? try JSONFields.read(object) : try rules.mapped(try JSONPairs(object).record)
                // Posts lose their line ends on the way: by whichever way a record comes, it is the same.
                return .success(try rules.record(values, bytes: Self.unwrapped(bytes)))
            } catch {
                throw flaw(error.what, remedy: error.remedy)
            }
        } catch {
            return .failure(error)
        }
    }

    /// The fields of the object that the piece is, by `mapper`; none when it says nothing.
    func fields(by mapper: FieldMapper) -> Result<[FieldName: String], RecordFlaw> {
        do throws(RecordFlaw) {
            try checkText()
            do throws(FieldFlaw) {
                guard case .object(let object) = try JSONTree(checked: bytes) else { throw FieldFlaw.noLead }
                return .success(try mapper.map(try JSONPairs(object).record).values)
            } catch {
                throw flaw(error.what, remedy: error.remedy)
            }
        } catch {
            return .failure(error)
        }
    }

    private func checkText() throws(RecordFlaw) {
        do throws(Unicode.UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            throw flaw("not UTF-8", at: error.byteOffsets.lowerBound, remedy: "Save the file as UTF-8.")
        }
        do throws(JSONScan.Flaw) {
            try JSONScan.check(bytes.span)
        } catch {
            throw flaw(error)
        }
        guard bytes.first == UInt8(ascii: "{") else {
            throw flaw(
                "not a JSON object", at: 0,
                remedy: "Write one object for each lead, in braces; several in an .ndjson file, one a line.")
        }
    }

    private func flaw(_ flaw: JSONScan.Flaw) -> RecordFlaw {
        switch flaw.problem {
        case .tooDeep:
            self.flaw(
                "nested more than \(JSONScan.deepest) levels deep", at: flaw.offset,
                remedy: "Give each field a text or a list of texts.")
        case .tooManyDigits:
            self.flaw(
                "a number of more than \(JSONScan.mostDigits) digits", at: flaw.offset,
                remedy: "Write the number as a text.")
        case .zero:
            self.flaw(flaw.problem.rawValue, at: flaw.offset, remedy: "Have the producer leave it out.")
        default:
            self.flaw(
                "not valid JSON: \(flaw.problem.rawValue)", at: flaw.offset,
                remedy: "Mend the text there, or have the producer write JSON.")
        }
    }

    /// A flaw at the byte `offset` of the piece, or of the piece as a whole.
    private func flaw(_ what: String, at offset: Int? = nil, remedy: String) -> RecordFlaw {
        guard let offset else { return RecordFlaw(fault: IntakeFault(what: what, line: line, remedy: remedy)) }
        let before = bytes.prefix(offset)
        let breaks = before.count { $0 == 0x0A }
        let column =
            before.lastIndex(of: 0x0A).map { before.endIndex - $0 } ?? self.column + before.count
        return RecordFlaw(fault: IntakeFault(what: what, line: line + breaks, column: column, remedy: remedy))
    }
}
