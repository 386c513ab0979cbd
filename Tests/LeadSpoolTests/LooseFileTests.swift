// Files that commands are given: read in portions, and as the spool would read them.

import Foundation
import LeadCore
import Testing

@testable import LeadSpool

@Suite("Files that lie anywhere", .timeLimit(.minutes(1)))
struct LooseFileTests {
    let test: TestSpool

    init() throws { test = try TestSpool() }

    private func file(_ name: String, _ text: String) throws -> String {
        let path = "\(test.path)/\(name)"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test("rows come in portions of bounded size, twice if wanted, and are copied whole")
    func rows() throws {
        let text =
            "name,description\n"
            + (0..<9000).map { "Ada \($0),\(String(repeating: "x", count: 300))\n" }.joined() + "bad\n"
        let path = try file("a.csv", text)
        var file = try LooseFile(at: path, named: "a.csv", by: SpoolSettings(directory: test.path))
        for _ in 0..<2 {
            var names: [String?] = []
            var lines: [Int?] = []
            while let content = try file.next(by: ReadingRules()) {
                #expect(content.records.count <= 500)
                names += content.records.map { $0.lead[.name] }
                lines += content.rejected.map(\.fault.line)
            }
            #expect(names == (0..<9000).map { "Ada \($0)" } && lines == [9002])
            file.rewind()
        }
        let stored = try SpoolDirectory(test.path).submit(name: "a.csv", file: file)
        #expect(try test.text("\(test.incoming)/\(stored)") == text)
    }

    @Test("other kinds come whole, an empty file of rows is one fault, and one without a kind is told so")
    func others() throws {
        let settings = SpoolSettings(directory: test.path)
        for (name, records, faults) in [("a.ndjson", 2, 1), ("b.csv", 0, 1), ("c.txt", 0, 1)] {
            let text = name == "a.ndjson" ? "{\"name\":\"A\"}\nno\n{\"name\":\"B\"}\n" : "name\n"
            var file = try LooseFile(at: try file(name, text), named: name, by: settings)
            let content = try #require(try file.next(by: ReadingRules()))
            #expect(content.records.count == records && content.rejected.count == faults, "\(name)")
            #expect(try file.next(by: ReadingRules()) == nil)
        }
    }

    @Test("what is too large, or isn't there, says so")
    func faults() throws {
        let settings = SpoolSettings(directory: test.path, maximumFileBytes: 10, maximumRowsBytes: 20)
        for name in ["a.json", "a.csv"] {
            let path = try file(name, String(repeating: "x", count: 21))
            #expect(throws: LooseFileFault.tooLarge) { try LooseFile(at: path, named: name, by: settings) }
        }
        #expect(throws: LooseFileFault.self) { try LooseFile(at: "/nowhere/a.csv", named: "a.csv", by: settings) }
        #expect(throws: LooseFileFault.self) { try LooseFile(at: test.path, named: "a.csv", by: settings) }
    }
}
