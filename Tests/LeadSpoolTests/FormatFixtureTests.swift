// Files as other programs write them, beside what is read from them. `LEADBELL_UPDATE_GOLDEN=1` writes the latter anew; then
// read the difference.

import Foundation
import LeadCore
import Testing

@testable import LeadSpool

enum FormatFixture {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { RecordFormat.of($0) != nil && !$0.hasSuffix(".expected") }.sorted()
    }

    static func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: name))) }

    /// Leads and faults as lines to compare.
    static func shown(_ content: FileContent) -> String {
        var lines: [String] = []
        for record in content.records {
            lines.append(record.key.text.hasPrefix("sha256:") ? "lead" : "lead \(record.key.text)")
            for (field, value) in record.lead.shown {
                lines.append("  \(field.text): " + value.text.replacing("\r", with: "\\r").replacing("\n", with: "\\n"))
            }
        }
        for (bytes, fault) in content.rejected {
            let place = [fault.line, fault.column].compactMap { $0.map(String.init) }.joined(separator: ":")
            lines.append("bad \(place) \(fault.what)")
            let text = String(decoding: bytes.prefix(60), as: UTF8.self)
            let plain = text.replacing("\0", with: "\\0").replacing("\r", with: "\\r")
            lines.append("  " + plain.replacing("\n", with: "\\n"))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

@Suite("Files of other programs")
struct FormatFixtureTests {
    @Test("each is read as expected", arguments: try FormatFixture.names())
    func read(name: String) throws {
        let shown = FormatFixture.shown(RecordFormat.read(name: name, bytes: try FormatFixture.bytes(name)))
        let expected = FormatFixture.folder.appending(path: name + ".expected")
        if ProcessInfo.processInfo.environment["LEADBELL_UPDATE_GOLDEN"] == "1" {
            try Data(shown.utf8).write(to: expected)
        }
        #expect(shown == String(decoding: try Data(contentsOf: expected), as: UTF8.self))
    }

    @Test("rows are the same leads with any delimiter, in any encoding and with either line end")
    func layouts() throws {
        let keys = { (name: String) in
            RecordFormat.read(name: name, bytes: try FormatFixture.bytes(name)).records.map(\.key)
        }
        let expected = try keys("comma.csv")
        #expect(expected.count == 2)
        for name in ["semicolon-latin1.csv", "tab-utf16le.tsv", "utf16be-no-mark.csv", "mark.csv"] {
            #expect(try keys(name) == expected, "\(name)")
        }
    }

    @Test("rows are the same leads whatever the portions in which they are read", arguments: [64, 100, 333, 1000])
    func portions(bytes: Int) throws {
        for name in try FormatFixture.names() where RecordFormat.of(name)?.size == .rows {
            let file = try FormatFixture.bytes(name)
            let whole = CSVReader.content(of: file, by: ReadingRules())
            guard !whole.records.isEmpty, name != "bad-rows.csv" else { continue }
            // A portion must hold a row; the widest has some 250 bytes when it is UTF-16.
            var reader = CSVReader(size: file.count, bounds: .init(records: 1, bytes: bytes + 400))
            var content = FileContent()
            var portions = 0
            while !reader.isAtEnd {
                content.join(
                    try reader.portion(of: { offset, most in Array(file[offset...].prefix(most)) }, by: ReadingRules()))
                portions += 1
                try #require(portions < 100)
            }
            #expect(content.records == whole.records, "\(name)")
            #expect(portions > 1 || whole.records.count == 1)
        }
    }
}
