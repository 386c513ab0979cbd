// What must hold of a bad file whatever its format: its bytes first, then the file that holds them, in a real spool.

import Foundation
import Glibc
import LeadCore
import Testing

@testable import LeadSpool

@Suite("Bad bytes in every format")
struct EveryFormatTests {
    private typealias Person = EveryFormat.Person
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private func people(_ content: FileContent) -> [EveryFormat.Person] { content.records.map { Person($0.lead) } }

    @Test("a record is read as it was written, and rubbish is a fault", arguments: EveryFormat.all)
    func good(_ format: EveryFormat) {
        let whole = format.read(format.bytes(Person()))
        #expect(people(whole) == [Person()] && whole.rejected.isEmpty)
        let bad = format.read(Array(format.bad.utf8))
        #expect(bad.records.isEmpty && bad.rejected.count == 1)
        #expect(format.read([]).rejected.count == 1)
    }

    @Test(
        "cut at each byte, a record is whole, cut in its last text, or a fault, and never another",
        arguments: EveryFormat.all)
    func truncated(_ format: EveryFormat) {
        let bytes = format.bytes(Person())
        for length in 0..<bytes.count {
            let content = format.read(Array(bytes[..<length]))
            #expect(content.records.count + content.rejected.count >= 1, "cut at \(length)")
            #expect(content.records.count <= 1)
            for person in people(content) {
                #expect(["json", "ndjson", "vcf"].allSatisfy { $0 != format.ending } || person == Person())
                #expect(Person().name.hasPrefix(person.name) || person.name.isEmpty, "cut at \(length)")
                #expect(Person().email.hasPrefix(person.email), "cut at \(length)")
                // What of a mail has no label yet is its text.
                let isText = String(decoding: bytes, as: UTF8.self).contains(person.note)
                #expect(isText || Person().note.hasPrefix(person.note), "cut at \(length)")
            }
        }
    }

    @Test(
        "doubled, a file of many records is the same leads under the same keys, one of a single record no second lead",
        arguments: EveryFormat.all)
    func doubled(_ format: EveryFormat) {
        let bytes = format.bytes(Person())
        let once = format.read(bytes).records.map(\.key)
        let twice = format.read(bytes + bytes)
        if format.holdsMany {
            #expect(twice.records.map(\.key).filter { $0 == once[0] }.count == 2)
            #expect(twice.records.count + twice.rejected.count <= 3)
        } else {
            #expect(twice.records.count + twice.rejected.count == 1)
        }
    }

    @Test("a mark of UTF-8 in front, or several, changes nothing", arguments: EveryFormat.all)
    func mark(_ format: EveryFormat) {
        let bytes = format.bytes(Person())
        #expect(format.read(Self.mark + bytes).records == format.read(bytes).records)
        let alone = format.read(Self.mark)
        #expect(alone.records.isEmpty && alone.rejected.count == 1)
    }

    @Test(
        "letters of Windows-1252 are read where no encoding is said, and a fault where it must be UTF-8",
        arguments: EveryFormat.all)
    func western(_ format: EveryFormat) {
        let person = Person(name: "Zoë Müller", note: "größer")
        #expect(people(format.read(format.bytes(person))) == [person])
        let bytes = format.text(person).unicodeScalars.map { UInt8($0.value) }
        let content = format.read(bytes)
        if format.guessesEncoding {
            #expect(people(content) == [person])
        } else {
            #expect(content.records.isEmpty && content.rejected.map(\.fault.what) == ["not UTF-8"])
        }
    }

    @Test("UTF-16 and UTF-32 are read or a fault, and never letters with zeros between", arguments: EveryFormat.all)
    func wide(_ format: EveryFormat) {
        for encoding in [String.Encoding.utf16, .utf16LittleEndian, .utf16BigEndian, .utf32, .utf32LittleEndian] {
            guard let data = format.text(Person()).data(using: encoding) else { continue }
            let content = format.read(Array(data))
            #expect(content.records.isEmpty || people(content) == [Person()], "\(encoding)")
        }
    }

    @Test("a zero anywhere, as a byte or however it is written, is in no lead", arguments: EveryFormat.all)
    func zeros(_ format: EveryFormat) {
        let bytes = format.bytes(Person())
        var files: [[UInt8]] = (0...bytes.count).map { Array(bytes[..<$0]) + [0] + Array(bytes[$0...]) }
        let text = format.text(Person(note: "aXb"))
        for zero in ["\\u0000", "%00", "=00", "&#0;", "&#x0;", "\\0", "\0"] {
            files.append(Array(text.replacing("X", with: zero).utf8))
        }
        let soft = "From: a@acme.example\nContent-Transfer-Encoding: quoted-printable\n\n"
        files.append(Array((soft + "Message: a=00b\n").utf8))
        files.append(Array(("Content-Type: text/html\n" + soft + "<p>Message: a&#0;b</p>\n").utf8))
        files.append(Array("Subject: =?utf-8?Q?a=00b?=\nFrom: a@acme.example\n\nMessage: c\n".utf8))
        files.append(Array("BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE:a=00b\nEND:VCARD\n".utf8))
        for file in files {
            for record in format.read(file).records {
                for (field, value) in record.lead.values {
                    let isClean = !field.text.utf8.contains(0) && !value.text.utf8.contains(0)
                    #expect(isClean, "\(field.text) of \(String(decoding: file, as: UTF8.self).debugDescription)")
                }
            }
        }
    }

    @Test("formulas are texts like any other", arguments: EveryFormat.all)
    func formulas(_ format: EveryFormat) {
        for formula in ["=1+1", "=cmd|'/C calc'!A0", "@SUM(A1:A9)", "+1", "-2+3", "=HYPERLINK(\"https://x.example\")"] {
            let person = Person(note: formula)
            #expect(people(format.read(format.bytes(person))) == [person], "\(formula)")
        }
    }
}

@Suite("Bad files in every format", .timeLimit(.minutes(2)))
struct EveryFileTests {
    private typealias Person = EveryFormat.Person
    let test: TestSpool

    init() throws { test = try TestSpool() }

    /// Takes in what comes until the folder is empty, and gives its leads' keys.
    @discardableResult
    private func takeAll(at most: Int = 20) async throws -> [IntakeKey] {
        var keys: [IntakeKey] = []
        var rounds = 0
        while try !FileManager.default.contentsOfDirectory(atPath: test.incoming).isEmpty {
            keys += try await test.takeIn().flatMap(\.records).map(\.key)
            rounds += 1
            try #require(rounds < most, "the folder doesn't become empty")
        }
        return keys
    }

    private func key(_ format: EveryFormat, _ person: EveryFormat.Person) throws -> IntakeKey {
        try #require(format.read(format.bytes(person)).records.first).key
    }

    @Test("ten gigabytes of nothing are moved aside unread", arguments: EveryFormat.all)
    func sparse(_ format: EveryFormat) async throws {
        try test.write("a." + format.ending, format.text(Person()))
        #expect(truncate("\(test.incoming)/a.\(format.ending)", 10_000_000_000) == 0)
        var taken = Duration.zero
        let growth = try await Memory.growth {
            taken = try await ContinuousClock().measure { _ = try await takeAll() }
        }
        #expect(taken < .seconds(5))
        #expect(growth < Memory.mostForBadInput, "\(growth) bytes")
        #expect(try test.reason(of: "a." + format.ending).what.contains("10000000000 bytes"))
    }

    @Test(
        "names with line ends, control characters and ways out of the folder are names and no more",
        arguments: EveryFormat.all)
    func names(_ format: EveryFormat) async throws {
        let stems = [
            "a\nb", "a..%2F..%2Fx", "a....", "\u{1B}[2J", "-rf *", "$(id)", String(repeating: "\n", count: 240),
            "a\u{202E}b",
        ]
        for (number, stem) in stems.enumerated() {
            let person = Person(name: "Person \(number)")
            try test.write(Array("\(stem)g.\(format.ending)".utf8), format.bytes(person))
            try test.write(Array("\(stem)b.\(format.ending)".utf8), Array(format.bad.utf8))
        }
        let keys = try await takeAll()
        #expect(Set(keys) == Set(try stems.indices.map { try key(format, Person(name: "Person \($0)")) }))
        let kept = try test.names(in: test.failed)
        #expect(kept.count == 2 * stems.count)
        #expect(
            kept.allSatisfy {
                $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != "\u{202E}" }
            })
        #expect(try test.names(in: test.path) == ["failed", "incoming"])
    }

    @Test(
        "what is written to a file after it was read, and before it is removed, is not lost", arguments: EveryFormat.all
    )
    func grows(_ format: EveryFormat) async throws {
        let name = "a." + format.ending
        let (ada, bea) = (Person(), Person(name: "Bea", email: "bea@acme.example"))
        try test.write(name, format.text(ada))
        let first = try await test.next()
        #expect(first.flatMap(\.records).map(\.key) == [try key(format, ada)])
        try test.write(name, format.holdsMany ? format.text(ada, bea) : format.text(bea))
        await test.spool.retire(first)
        test.time.advance(by: .seconds(60))
        #expect(try await takeAll().contains(try key(format, bea)))
        #expect(try test.names(in: test.failed).isEmpty)
    }

    @Test("a file that vanishes before it is read or removed is nobody's trouble", arguments: EveryFormat.all)
    func vanishes(_ format: EveryFormat) async throws {
        let path = "\(test.incoming)/a.\(format.ending)"
        try test.write("a." + format.ending, format.text(Person()))
        let files = try await test.next()
        #expect(unlink(path) == 0)
        await test.spool.retire(files)
        try test.write("a." + format.ending, format.text(Person()))
        #expect(unlink(path) == 0)
        try test.write("b.json", lead(1))
        #expect(try await takeAll() == [IntakeKey(text: "id:test:1")])
        #expect(await test.spool.notices().isEmpty)
        #expect(test.spool.check().isWell)
    }

    @Test(
        "a folder that is replaced by a link while a file is in hand loses none and removes none",
        arguments: EveryFormat.all)
    func link(_ format: EveryFormat) async throws {
        let name = "a." + format.ending
        let (ada, bea) = (Person(), Person(name: "Bea"))
        try test.write(name, format.text(ada))
        let given = try await test.next()
        let elsewhere = test.path + "/elsewhere"
        #expect(mkdir(elsewhere, 0o700) == 0)
        #expect(rename(test.incoming, test.path + "/former") == 0)
        #expect(symlink(elsewhere, test.incoming) == 0)
        try test.write(name, format.text(bea))
        await test.spool.retire(given)
        #expect(try test.names(in: elsewhere) == [name])
        #expect(try await takeAll() == [try key(format, bea)])
    }

    @Test(
        "on a full disk a bad file stays where it is, and goes to failed/ with its reason when there is room",
        .enabled(if: Mounts.arePermitted, "mounting a small file system takes root"))
    func fullDisk() async throws {
        try await Mounts.withMemory("2m", onFullDisk)
    }

    private func onFullDisk(_ point: String) async throws {
        let test = try TestSpool(base: point)
        for format in EveryFormat.all { try test.write("bad." + format.ending, format.bad) }
        #expect(FileManager.default.createFile(atPath: test.path + "/ballast", contents: nil))
        let ballast = try #require(FileHandle(forWritingAtPath: test.path + "/ballast"))
        #expect(throws: (any Error).self) {
            while true { try ballast.write(contentsOf: Data(count: 4096)) }
        }
        var tried = 0
        while tried < EveryFormat.all.count { tried += try await test.takeIn().count }
        let bad = EveryFormat.all.map { "bad." + $0.ending }.sorted()
        #expect(try test.names(in: test.incoming) == bad)
        #expect(try test.names(in: test.failed).isEmpty)
        let troubled = await test.spool.notices().compactMap {
            if case .trouble(let name, _) = $0 { name } else { nil }
        }
        #expect(Set(troubled) == Set(bad))
        try ballast.truncate(atOffset: 0)
        test.time.advance(by: .seconds(60))
        var rounds = 0
        while try !test.names(in: test.incoming).isEmpty {
            try await test.takeIn()
            test.time.advance(by: .seconds(60))
            rounds += 1
            try #require(rounds < 40)
        }
        for format in EveryFormat.all {
            #expect(try test.text("\(test.failed)/bad.\(format.ending)") == format.bad)
            #expect(!(try test.reason(of: "bad." + format.ending).what.isEmpty))
        }
    }

    @Test(
        "a file that may not be read is told as such, and nothing of it is",
        .enabled(if: geteuid() != 0 || Nobody.canBeGiven, "the root of a name space of its own may read everything"),
        arguments: EveryFormat.all)
    func forbidden(_ format: EveryFormat) throws {
        let name = "a." + format.ending
        try test.write(name, format.text(Person()))
        #expect(
            chmod("\(test.incoming)/\(name)", 0) == 0 && chmod(test.path, 0o755) == 0
                && chmod(test.incoming, 0o755) == 0)
        let folder = try Directory(at: test.incoming)
        let file = try #require(FileName(name.utf8))
        let (look, opening) = Nobody.acts {
            (
                FileLook.at(file, in: folder, most: 1000) { _ in false },
                FileLook.open(file, in: folder, most: 1000) { _ in false }
            )
        }
        guard case .unreadable(let failure, .some) = look, case .look(.unreadable) = opening else {
            Issue.record("\(look)")
            return
        }
        #expect(failure.description == "could not open it: Permission denied")
    }
}
