// Every decoder and mapping against files that are damaged in every way: cut at each byte, doubled, in other encodings, with
// zeros, nested without end, and mutated at random. Short by default; LEADBELL_FUZZ_ROUNDS=1000000 makes it long, and
// LEADBELL_FUZZ_SEED another one. A file that ever failed belongs into Fixtures/Corpus.

import Foundation
import LeadCore
import Testing

@testable import LeadSpool

@Suite("Decoders and whatever they are given", .timeLimit(.minutes(60)))
struct DecoderFuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let rounds = environment["LEADBELL_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 3000
    private static let seed = environment["LEADBELL_FUZZ_SEED"].flatMap { UInt64($0) } ?? 20_261_127

    /// Good and bad files of every format, by name.
    private static func corpus() throws -> [(name: String, bytes: [UInt8])] {
        var files: [(name: String, bytes: [UInt8])] = []
        for folder in ["", "Mappings/", "Corpus/"] {
            let path = FormatFixture.folder.path + "/" + folder
            for name in try FileManager.default.contentsOfDirectory(atPath: path).sorted()
            where RecordFormat.of(name) != nil && !name.hasSuffix(".expected") {
                files.append((name, Array(try Data(contentsOf: URL(filePath: path + name)))))
            }
        }
        return files
    }

    /// What must hold whatever a file holds.
    @discardableResult
    private func check(
        _ name: String, _ bytes: [UInt8], by rules: ReadingRules = ReadingRules(), _ note: @autoclosure () -> String
    ) -> FileContent {
        let content = RecordFormat.read(name: name, bytes: bytes, rules: rules)
        #expect(content.records.count + content.rejected.count >= 1, "\(name): \(note())")
        for record in content.records {
            #expect(!record.lead.values.isEmpty && !record.key.text.isEmpty)
            for (field, value) in record.lead.values {
                #expect(!field.text.isEmpty && !value.text.isEmpty && value.text.utf8.count <= 33 * 1024)
                #expect(!field.text.utf8.contains(0) && !value.text.utf8.contains(0), "\(name): \(note())")
            }
        }
        for (_, fault) in content.rejected {
            #expect(!fault.what.isEmpty && !fault.remedy.isEmpty)
            #expect(fault.line ?? 1 >= 1 && fault.column ?? 1 >= 1)
        }
        return content
    }

    // MARK: Systematic

    @Test("cut at each byte, a file gives no lead that the whole one doesn't, its last row or text aside")
    func truncated() throws {
        for (name, bytes) in try Self.corpus() {
            let whole = Set(check(name, bytes, "whole").records.map(\.key))
            for length in 0..<bytes.count {
                let content = check(name, Array(bytes[..<length]), "cut at \(length)")
                let strange = content.records.filter { !whole.contains($0.key) }
                switch name.split(separator: ".").last {
                // What says where it ends is whole or none.
                case "json", "ndjson", "vcf": #expect(strange.isEmpty, "\(name) cut at \(length)")
                default: #expect(strange.count <= 1, "\(name) cut at \(length)")
                }
            }
        }
    }

    @Test("of a mail with parts, nothing is a lead until its last part is there")
    func cutMail() throws {
        let bytes = try FormatFixture.bytes("inquiry.eml")
        let end = try #require(String(decoding: bytes, as: UTF8.self).utf8.count > 0 ? bytes.count - 6 : nil)
        let head = String(decoding: bytes, as: UTF8.self).range(of: "boundary=outer")
        let start = try #require(head.map { String(decoding: bytes, as: UTF8.self)[..<$0.upperBound].utf8.count })
        for length in (start + 3)..<end where length % 7 == 0 {
            #expect(
                RecordFormat.read(name: "a.eml", bytes: Array(bytes[..<length])).records.isEmpty, "cut at \(length)")
        }
    }

    @Test("doubled, a file of many records gives the same leads, one of a single record a fault or the same")
    func doubled() throws {
        for (name, bytes) in try Self.corpus() {
            let once = Set(check(name, bytes, "once").records.map(\.key))
            let twice = Set(check(name, bytes + bytes, "twice").records.map(\.key))
            if ["csv", "tsv", "vcf", "ndjson"].contains(name.split(separator: ".").last), !name.contains("utf16") {
                #expect(twice.isSuperset(of: once), "\(name)")
                // A byte order mark in the middle makes one row of it another.
                #expect(twice.count <= once.count + 1, "\(name)")
            }
        }
    }

    @Test("in each encoding, with each mark and with zeros, a file ends as leads or as faults")
    func encodings() throws {
        for (name, bytes) in try Self.corpus() {
            let text = TextEncoding.text(of: bytes)
            for encoding in [String.Encoding.utf8, .utf16, .utf16LittleEndian, .utf16BigEndian, .utf32, .isoLatin1] {
                guard let data = text.data(using: encoding, allowLossyConversion: true) else { continue }
                for mark: [UInt8] in [[], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF]] {
                    check(name, mark + Array(data), "\(encoding) \(mark)")
                }
            }
            for place in stride(from: 0, to: bytes.count, by: 13) {
                check(name, Array(bytes[..<place]) + [0] + Array(bytes[place...]), "a zero at \(place)")
            }
            check(name, [UInt8](repeating: 0, count: 4096), "zeros")
            check(name, bytes + [UInt8](repeating: 0, count: 4096), "zeros after it")
        }
    }

    /// A file of a million of `piece`, between `head` and `tail`, or of as many as the limit of its kind lets in. What nests
    /// fits a million times, but for JSON's objects (210,000), cards (87,000), parts of mails (546,000), and mails in mails
    /// (873,000).
    private static func deep(_ name: String, _ piece: String, after head: String = "", before tail: String = "") -> (
        name: String, bytes: [UInt8]
    ) {
        let limit = SpoolSettings(directory: "").limit(RecordFormat.of(name))
        let count = min(1_000_000, (limit - head.utf8.count - tail.utf8.count) / piece.utf8.count)
        return (name, Array((head + String(repeating: piece, count: count) + tail).utf8))
    }

    @Test("nesting a million deep is a fault or a text, and takes neither time nor memory to speak of")
    func deep() async throws {
        let page = "Content-Type: text/html\n\n"
        let card = "BEGIN:VCARD\n"
        let files: [(name: String, bytes: [UInt8])] = [
            Self.deep("a.json", "[", after: "{\"a\":"), Self.deep("a.json", "{\"a\":"),
            Self.deep("a.ndjson", "[", after: "{\"a\":"), Self.deep("a.ndjson", "{\"a\":"),
            Self.deep("a.csv", "\"", after: "name\n"), Self.deep("a.csv", "\"a\n", after: "name\n"),
            Self.deep("a.csv", ",", after: "name"),
            Self.deep("a.form", "[", after: "a", before: "]=1"), Self.deep("a.form", "a=1&"),
            Self.deep("a.entry", "[", after: "a", before: "]=1"),
            ("a.form", Array((0..<125_000).map { "a\($0)=1" }.joined(separator: "&").utf8)),
            Self.deep("a.vcf", card), Self.deep("a.vcf", ";", after: card + "N"),
            Self.deep("a.vcf", "a.", after: card), Self.deep("a.vcf", "a=\n", after: card + "NOTE;QUOTED-PRINTABLE:"),
            Self.deep("a.eml", "Content-Type: multipart/mixed; boundary=b\n\n--b\n"),
            Self.deep("a.eml", "Content-Type: message/rfc822\n\n"),
            Self.deep("a.eml", "<table><tr><td>", after: page), Self.deep("a.eml", "<div>", after: page),
            Self.deep("a.eml", "<!--", after: page), Self.deep("a.eml", "&#x", after: page),
            ("a.eml", Array(("Subject: " + String(repeating: "=?utf-8?Q?", count: 100_000) + "\n\nx").utf8)),
            Self.deep("a.eml", "<\"", after: "From: ", before: "\n\nx"),
            Self.deep("a.eml", "(", after: "From: ", before: "\n\nx"),
            Self.deep("a.eml", "Name:\n", after: "A: b\n\n"),
        ]
        let clock = ContinuousClock()
        for (name, bytes) in files {
            let start = String(decoding: bytes.prefix(40), as: UTF8.self)
            var taken = Duration.zero
            let growth = try await Memory.growth { taken = clock.measure { check(name, bytes, start) } }
            // A second or so without optimisation; anything that grows with the square takes minutes.
            #expect(taken < .seconds(20), "\(name) \(start) took \(taken)")
            #expect(growth < Memory.mostForBadInput, "\(name) \(start) took \(growth) bytes")
        }
        for preset in MappingPreset.all {
            let rules = ReadingRules(mapping: FieldMapping(preset: preset.name))
            let content = RecordFormat.read(name: "a.json", bytes: files[0].bytes, rules: rules)
            #expect(content.records.isEmpty)
        }
    }

    // MARK: Random

    @Test("mutated at random, a file ends as leads or as faults, by every mapping")
    func mutated() async throws {
        let growth = try await Memory.growth { try mutate(try Self.corpus()) }
        #expect(growth < Memory.mostForBadInput, "\(growth) bytes")
    }

    private func mutate(_ corpus: [(name: String, bytes: [UInt8])]) throws {
        var dice = Dice(seed: Self.seed)
        let pieces = [
            "\"", ",", ";", "\t", "\n", "\r", "\r\n", "=", "&", "%", "%00", "[", "]", "{", "}", ":", "\\", "=?", "?=",
            "--", "<", ">",
            "&#", "\u{FEFF}", "\0", "=3D", "=\n", "BEGIN:VCARD\n", "END:VCARD\n", "Content-Type: ", "boundary=", "@",
            "|", "é", "🗿", "00N",
        ].map { Array($0.utf8) }
        for round in 0..<Self.rounds {
            guard var (name, bytes) = corpus.randomElement(using: &dice) else { return }
            if Int.random(in: 0..<8, using: &dice) == 0, let other = corpus.randomElement(using: &dice) {
                name = other.name
            }
            for _ in 0..<Int.random(in: 1...6, using: &dice) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &dice)
                switch Int.random(in: 0..<7, using: &dice) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &dice)
                case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
                case 2: bytes.insert(contentsOf: pieces.randomElement(using: &dice) ?? [], at: place)
                case 3: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &dice)))
                case 4: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 60)], at: place)
                case 5: bytes.removeLast(Int.random(in: 0...min(bytes.count, 50), using: &dice))
                default:
                    if let other = corpus.randomElement(using: &dice)?.bytes, !other.isEmpty {
                        let start = Int.random(in: 0..<other.count, using: &dice)
                        bytes.insert(contentsOf: other[start..<min(other.count, start + 80)], at: place)
                    }
                }
            }
            check(name, bytes, "round \(round) of seed \(Self.seed)")
            let mapping = Self.mapping(&dice)
            check(
                name, bytes, by: ReadingRules(mapping: mapping, source: "s", label: "S"),
                "round \(round) of seed \(Self.seed) by \(mapping)")
        }
    }

    /// A preset with rules of every kind, over names that the corpus has.
    private static func mapping(_ dice: inout Dice) -> FieldMapping {
        let names = [
            "name", "Name", "first_name", "LastName", "email", "Email", "Phone number", "message", "description",
            "city",
            "field_data.email", "properties.email.value", "00N5f00000Xyz12", "_", "é", "none",
        ]
        let fields: [FieldName] = [.id, .name, .email, .city, .description, .source, "own"]
        let some = { (dice: inout Dice) in
            Array(names.shuffled(using: &dice).prefix(Int.random(in: 1...3, using: &dice)))
        }
        let dividers = [" ", ", ", "@", "e", "\n"]
        let rules = (0..<Int.random(in: 0...4, using: &dice)).map { _ in
            let named = some(&dice)
            let divider = dividers.randomElement(using: &dice) ?? " "
            let parts: [FieldMapping.Part] = [.number(1), .number(3), .last, .rest]
            let values: [FieldMapping.Value] = [
                .first(named), .join(named, with: divider), .constant("a constant"),
                .part(of: named[0], at: divider, parts.randomElement(using: &dice) ?? .last),
            ]
            return FieldMapping.Rule(
                fields.randomElement(using: &dice) ?? .name, values.randomElement(using: &dice) ?? .first(named),
                translations: Bool.random(using: &dice) ? [:] : ["Ada King": "Ada", "": "nobody"],
                otherwise: Int.random(in: 0..<4, using: &dice) == 0 ? "something else" : nil)
        }
        var mapping = FieldMapping(
            preset: MappingPreset.all.randomElement(using: &dice)?.name ?? "canonical", rules: rules,
            ignored: Bool.random(using: &dice) ? [] : some(&dice))
        mapping.keepsRest = Int.random(in: 0..<4, using: &dice) > 0
        return mapping
    }

    @Test("rows read in small portions are the same rows, whatever the file")
    func portions() throws {
        let corpus = try Self.corpus().filter { RecordFormat.of($0.name)?.size == .rows }
        var dice = Dice(seed: Self.seed)
        for round in 0..<(Self.rounds / 10) {
            guard var bytes = corpus.randomElement(using: &dice)?.bytes else { return }
            for _ in 0..<Int.random(in: 0...3, using: &dice) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
            }
            let file = bytes
            let whole = CSVReader.content(of: file, by: ReadingRules())
            let usual = Int.random(in: 16...400, using: &dice)
            var reader = CSVReader(size: file.count, bounds: .init(records: 2, bytes: 8192, usual: usual))
            var parts = FileContent()
            var count = 0
            while !reader.isAtEnd {
                parts.join(
                    try reader.portion(of: { offset, most in Array(file[offset...].prefix(most)) }, by: ReadingRules()))
                count += 1
                try #require(count < 1000, "round \(round) never ends")
            }
            #expect(parts.records == whole.records, "round \(round)")
            // A file without a record is kept as it is.
            guard !whole.records.isEmpty else { continue }
            #expect(parts.rejected.map(\.bytes) == whole.rejected.map(\.bytes), "round \(round)")
        }
    }
}
