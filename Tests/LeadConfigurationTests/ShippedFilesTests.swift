// The files that an installation begins with: the sample configuration, and the unit with its sandbox.

import Foundation
import LeadConfiguration
import LeadCore
import LeadTestKit
import Testing

@Suite struct ShippedFilesTests {
    private static let sample = Samples.root.appending(path: "config/leadbell.yaml").path

    private static let secrets = Samples.secrets(files: [
        "/credentials/link-key": file(String(repeating: "canary", count: 8)),
        "/credentials/smtp-password": file("canary"),
        "/credentials/teams-dana": file("https://canary.example/dana"),
        "/credentials/slack-lee": file("https://canary.example/lee"),
    ])

    private static func file(_ text: String) -> FileReading {
        .read(bytes: Array((text + "\n").utf8), isOpenToOthers: false)
    }

    private static func load(_ text: String) -> ConfigurationLoader.Outcome {
        ConfigurationLoader.load(text: text, path: sample, kinds: Samples.kinds, secrets: secrets, now: Samples.now)
    }

    @Test("the sample is good and gives no warning")
    func sampleIsGood() throws {
        let outcome = ConfigurationLoader.load(
            path: Self.sample, kinds: Samples.kinds, secrets: Self.secrets, now: Samples.now)
        #expect(Samples.lines(outcome) == [])
        let configuration = try outcome.get().configuration
        #expect(configuration.rulebook.people.count == 5)
        #expect(configuration.rulebook.routes.count == 3)
        #expect(configuration.enrichers.map(\.kind) == ["normalise", "phones", "firms"])
        #expect(configuration.enrichers[2].options.text("file")?.hasSuffix("/config/firms.csv") == true)
    }

    @Test("no change of the sample, however silly, brings the reader down or a secret out")
    func mutations() throws {
        let original = try String(contentsOfFile: Self.sample, encoding: .utf8)
        var random = SeededGenerator(state: 20_261_123)
        var refused = 0
        for round in 0..<2000 {
            var text = original
            for _ in 0...Int.random(in: 0...3, using: &random) { text = Self.mutated(text, &random) }
            let outcome = Self.load(text)
            switch outcome {
            case .success(let loaded):
                let book = loaded.configuration.rulebook
                #expect(book.routes.last?.conditions.isEmpty == true, "round \(round)")
                #expect(book.routes.allSatisfy { book.policies[$0.policy] != nil && !$0.managers.isEmpty })
            case .failure(let found):
                refused += 1
                #expect(found.problems.contains { $0.severity == .error }, "round \(round)")
                let lines = text.count(where: \.isNewline) + 1
                #expect(found.problems.allSatisfy { (1...lines).contains($0.line) && $0.column >= 1 }, "\(round)")
            }
            #expect(!Samples.lines(outcome).joined().contains("canary"), "round \(round)")
        }
        #expect(refused > 500)
    }

    /// `text` with one thing wrong: a line, a character, or its end.
    private static func mutated(_ text: String, _ random: inout SeededGenerator) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let index = Int.random(in: lines.indices, using: &random)
        switch Int.random(in: 0..<7, using: &random) {
        case 0: lines.remove(at: index)
        case 1: lines.insert(lines[index], at: index)
        case 2: lines.swapAt(index, Int.random(in: lines.indices, using: &random))
        case 3: lines = lines[..<index] + [String(lines[index].prefix(Int.random(in: 0...40, using: &random)))]
        default: lines[index] = scratched(lines[index], &random)
        }
        return lines.joined(separator: "\n")
    }

    /// `line` with a character more, less or other.
    private static func scratched(_ line: String, _ random: inout SeededGenerator) -> String {
        let strange: [Character] = ["{", "}", "[", "]", ":", "-", "&", "*", "\t", "'", "\"", "#", "\0", "é", "0", "?"]
        var characters = Array(line)
        let place = Int.random(in: 0...characters.count, using: &random)
        if Bool.random(using: &random), place < characters.count { characters.remove(at: place) }
        if Bool.random(using: &random), let character = strange.randomElement(using: &random) {
            characters.insert(character, at: min(place, characters.count))
        }
        return String(characters)
    }

    // MARK: systemd

    private static let unit = Samples.root.appending(path: "systemd/leadbell.service").path
    private static let analyzer = "/usr/bin/systemd-analyze"
    private static var hasAnalyzer: Bool { FileManager.default.isExecutableFile(atPath: analyzer) }

    @Test("the unit's exposure is at most 1.1", .enabled(if: hasAnalyzer))
    func exposure() throws {
        let result = try ProgramRun(
            Self.analyzer, ["security", "--offline=true", "--threshold=11", "--no-pager", Self.unit])
        #expect(result.status == 0, "\(result.output.suffix(200))")
    }

    @Test("systemd understands every line of the unit", .enabled(if: hasAnalyzer))
    func verified() throws {
        // The program need not be installed where the tests run.
        let text = try String(contentsOfFile: Self.unit, encoding: .utf8)
            .replacing("/usr/bin/leadbell", with: "/bin/true")
        try Samples.withFolder { folder in
            let copy = folder.appending(path: "leadbell.service")
            try text.write(to: copy, atomically: true, encoding: .utf8)
            let result = try ProgramRun(Self.analyzer, ["verify", "--man=no", "--generators=no", copy.path])
            #expect(result.output == "")
            #expect(result.status == 0)
        }
    }
}

/// A generator whose numbers are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
