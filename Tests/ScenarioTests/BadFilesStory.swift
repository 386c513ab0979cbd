// Whatever lies in the spool: good leads are taken, once; what can't be taken lies in failed/ with its reason; and no bad
// file keeps a good one waiting.

import Foundation
import LeadCore
import LeadTestKit
import Testing

@Suite("Bad files", .timeLimit(.minutes(5)))
struct BadFilesStory {
    /// A file that can't be taken, and a word that must stand in its reason.
    struct BadFile: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let word: String

        init(_ name: String, _ text: String, _ word: String) { self.init(name, Array(text.utf8), word) }

        init(_ name: String, _ bytes: [UInt8], _ word: String) {
            self.name = name
            self.bytes = bytes
            self.word = word
        }

        var testDescription: String { name }
    }

    static let files = [
        BadFile("malformed.json", #"{"name": "Ada Byron", "email": }"#, "JSON"),
        BadFile("empty.json", "", "empty"),
        BadFile("truncated.json", #"{"id":"L-7","name":"Ada By"#, "JSON"),
        BadFile("utf8.json", Array(#"{"name":""#.utf8) + [0xC3, 0x28, 0xFF] + Array(#""}"#.utf8), "UTF-8"),
        BadFile("deep.json", String(repeating: "[", count: 200_000) + String(repeating: "]", count: 200_000), "deep"),
        BadFile("huge.json", [UInt8](repeating: 0x20, count: 1_048_577), "bytes"),
        BadFile("nothing.json", "{}", "field"),
        BadFile("foreign.exe", "MZ", "extension"),
    ]

    @Test("a file that can't be read lies in failed/ with its reason, byte for byte", arguments: files)
    func quarantined(_ file: BadFile) async throws {
        try await House.open { house in
            try await house.drop(file.name, file.bytes)
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: ada)
            try await house.expectSilence()
            #expect(try house.names(in: house.failed) == [file.name, "\(file.name).reason.json"])
            let kept = try Data(contentsOf: URL(filePath: "\(house.failed)/\(file.name)"))
            #expect(Array(kept) == file.bytes)
            let reason = try String(contentsOfFile: "\(house.failed)/\(file.name).reason.json", encoding: .utf8)
            #expect(reason.contains(file.word), "\(reason)")
            #expect(reason.contains("remedy"))
            #expect(try await house.cases().count == 1)
        }
    }

    @Test("all bad files at once keep no good one waiting")
    func together() async throws {
        try await House.open { house in
            for file in Self.files { try house.place(file.name, file.bytes) }
            for number in 1...20 { try await house.drop(lead: number) }
            for _ in 1...20 { try await house.expect(.decide, to: "dana", by: "mail", "teams") }
            try await house.settle()
            #expect(try house.names(in: house.failed).count == 2 * Self.files.count)
            #expect(try await house.cases().count == 20)
        }
    }

    @Test("the same file a hundred times, and under a hundred names, is one lead")
    func duplicates() async throws {
        try await House.open { house in
            let text = try House.text(Sample.lead(1))
            for _ in 1...100 {
                try await house.drop("lead.json", text)
                try await house.waitFor("the file to go") { try house.names(in: house.incoming).isEmpty }
            }
            for number in 1...100 { try house.place("copy-\(number).json", Array(text.utf8)) }
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.waitFor("the copies to go") { try house.names(in: house.incoming).isEmpty }
            try await house.expectSilence()
            #expect(try await house.cases().count == 1)
            #expect(try house.names(in: house.failed).isEmpty)
        }
    }

    @Test("a file cut off at any byte is no lead and no part of one")
    func cutOff() async throws {
        try await House.open { house in
            let bytes = Array(try House.text(Sample.lead(1)).utf8)
            for count in 0..<bytes.count { try house.place("cut-\(count).json", Array(bytes[..<count])) }
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: ada)
            try await house.waitFor("the spool to be empty") { try house.names(in: house.incoming).isEmpty }
            try await house.expectSilence()
            #expect(try await house.cases().count == 1)
            #expect(try house.names(in: house.failed).count == 2 * bytes.count)
        }
    }

    @Test("links, pipes and directories are not read; what they lead to stays untouched")
    func notFiles() async throws {
        let plan = HousePlan { $0.remains = ["folder.json"] }
        try await House.open(plan) { house in
            let secret = house.folder.file("secret.json")
            try House.text(Sample.lead(9)).write(toFile: secret, atomically: true, encoding: .utf8)
            #expect(symlink(secret, "\(house.incoming)/link.json") == 0)
            #expect(mkfifo("\(house.incoming)/pipe.json", 0o600) == 0)
            #expect(mkdir("\(house.incoming)/folder.json", 0o700) == 0)
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: ada)
            try await house.pass(.seconds(1200))
            try await house.expect(.remind, to: "dana", by: "mail", "teams")
            #expect(
                try house.names(in: house.failed)
                    == ["link.json", "link.json.reason.json", "pipe.json", "pipe.json.reason.json"])
            #expect(FileManager.default.fileExists(atPath: secret))
            #expect(try await house.cases().count == 1)
            let log = house.journal.now.log.filter { $0.contains("folder.json") }
            #expect(log.count == 1, "the directory is told of once: \(log)")
        }
    }

    @Test("of a file of many records the good ones become leads and the bad ones lie in failed/, each with its reason")
    func someBad() async throws {
        try await House.open { house in
            var lines: [String] = []
            for number in 1...100 {
                lines.append(try House.text(Sample.lead(number)))
                if number % 10 == 0 { lines.append(#"{"id":"bad-\#(number)","name":"#) }
            }
            try await house.drop("many.ndjson", lines.joined(separator: "\n") + "\n")
            for _ in 1...100 { try await house.expect(.decide, to: "dana", by: "mail", "teams") }
            try await house.expectSilence()
            #expect(try await house.cases().count == 100)
            #expect(try house.names(in: house.failed) == ["many.ndjson", "many.ndjson.reason.json"])
            let kept = try String(contentsOfFile: "\(house.failed)/many.ndjson", encoding: .utf8)
            #expect(kept.split(separator: "\n").count == 10)
            let commits = house.journal.now.commits.filter { $0.results.contains(.applied) }
            #expect(commits.count == 1, "one file, one transaction")
        }
    }

    @Test("a file that is still being written is left alone until its writer is done")
    func halfWritten() async throws {
        let plan = HousePlan { $0.sweep = .milliseconds(500) }
        try await House.open(plan) { house in
            let text = Array(try House.text(Sample.lead(1)).utf8)
            let file = open("\(house.incoming)/slow.json", O_WRONLY | O_CREAT | O_EXCL, 0o600)
            try #require(file >= 0)
            // A writer who takes a second and a half for every twenty bytes, and says when it is done.
            for start in stride(from: 0, to: text.count, by: 20) {
                let part = Array(text[start..<min(start + 20, text.count)])
                #expect(write(file, part, part.count) == part.count)
                let instant = house.clock.now()
                let changed = timespec(
                    tv_sec: Int(instant.milliseconds / 1000), tv_nsec: Int(instant.milliseconds % 1000) * 1_000_000)
                #expect(futimens(file, [changed, changed]) == 0)
                try await house.pass(.milliseconds(1500))
            }
            try await house.expectSilence()
            close(file)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            #expect(try house.names(in: house.failed).isEmpty)
        }
    }
}
