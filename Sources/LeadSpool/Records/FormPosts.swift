// Form posts as a handler saves them: `application/x-www-form-urlencoded`, one post a line (the encoding itself knows no
// line ends). A name that is given twice has both values; `contact[email]` is `contact.email`.

import LeadCore

/// Reads form posts.
enum FormPosts {
    /// The leads of a file of posts.
    static func content(of file: [UInt8], by rules: ReadingRules) -> FileContent {
        var content = FileContent()
        var count = 0
        for line in RecordText.lines(of: file) where !line.isBlank {
            count += 1
            guard count <= rules.mostRecords else { return .faulty(file, .tooManyRecords(rules.mostRecords)) }
            switch record(of: line.bytes, line: line.line).flatMap({ rules.record($0, line: line.line) }) {
            case .success(let record): content.records.append(record)
            case .failure(let flaw): content.reject(line.bytes, flaw.fault)
            }
        }
        return count == 0 ? .faulty(file, .emptyPost) : content
    }

    /// What one post says.
    static func record(of post: ArraySlice<UInt8>, line: Int) -> Result<RawRecord, RecordFlaw> {
        var record = RawRecord()
        var start = post.startIndex
        var count = 0
        for pair in post.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
            start = pair.startIndex
            guard !pair.isEmpty else { continue }
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let value = equals == pair.endIndex ? pair[equals...] : pair[pair.index(after: equals)...]
            count += 1
            guard count <= FieldCollection.most else {
                let fault = IntakeFault(
                    what: "more than \(FieldCollection.most) fields", line: line, remedy: "Post one lead at a time.")
                return .failure(RecordFlaw(fault: fault))
            }
            guard let name = decoded(pair[..<equals]), let text = decoded(value) else {
                let fault = IntakeFault(
                    what: "a percent sign without two hexadecimal digits", line: line,
                    column: start - post.startIndex + 1,
                    remedy: "Encode the form as application/x-www-form-urlencoded.")
                return .failure(RecordFlaw(fault: fault))
            }
            guard !name.unicodeScalars.contains("\0"), !text.unicodeScalars.contains("\0") else {
                let fault = IntakeFault(
                    what: "a zero byte within a value", line: line, column: start - post.startIndex + 1,
                    remedy: "Have the form's handler refuse such posts.")
                return .failure(RecordFlaw(fault: fault))
            }
            if name == requestField {
                record.identity = text
            } else {
                let name = plain(name)
                record.append(name, text, field: FieldNaming.label(name))
            }
        }
        return .success(record)
    }

    /// Under which name the interface for programs keeps the key of a request beside the fields.
    static let requestField = "@request"

    private static func decoded(_ text: ArraySlice<UInt8>) -> String? {
        FormEncoding.bytes(text).flatMap { TextEncoding.assumed.text($0[...]) }
    }

    /// `contact[email]` as `contact.email`, `interests[]` as `interests`.
    private static func plain(_ name: String) -> String {
        guard name.hasSuffix("]"), let bracket = name.firstIndex(of: "["), bracket > name.startIndex else {
            return name
        }
        let keys = name[bracket...].split { $0 == "[" || $0 == "]" }
        return ([name[..<bracket]] + keys).joined(separator: ".")
    }
}

extension IntakeFault {
    fileprivate static let emptyPost = IntakeFault(
        what: "the file is empty", remedy: "Write the post's body, under another name first, and rename it in.")
}
