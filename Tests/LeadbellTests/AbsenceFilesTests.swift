// Calendar files of absences while the daemon runs: real files, the kernel's events, and a clock that the test moves.

import Foundation
import LeadConfiguration
import LeadCore
import LeadEngine
import LeadTestKit
import Logging
import Synchronization
import Testing

@testable import leadbell

@Suite("Files of absences", .timeLimit(.minutes(1)))
struct AbsenceFilesTests {
    private let folder = TemporaryDirectory()
    private let clock = ManualClock()
    private let rulebook = Current(Sample.rulebook())
    private let lines = LogLines()

    private var file: AbsenceFile {
        AbsenceFile(person: "dana", path: folder.file("dana.ics"), zone: .gmt, substitute: "lee")
    }

    private func files() -> AbsenceFiles {
        AbsenceFiles(
            presence: PresenceBook(store: MemoryCaseStore(), clock: clock, rulebook: rulebook), clock: clock,
            log: lines.logger)
    }

    /// Runs `story` while the files are followed.
    private func follow(_ files: AbsenceFiles, _ story: () async throws -> Void) async throws {
        files.adopt([file])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await files.run() }
            defer { group.cancelAll() }
            try await story()
        }
    }

    private static func calendar(_ days: String...) -> String {
        let events = days.map { "BEGIN:VEVENT\nDTSTART;VALUE=DATE:\($0)\nEND:VEVENT\n" }.joined()
        return "BEGIN:VCALENDAR\n\(events)END:VCALENDAR\n"
    }

    private func write(_ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: file.path))
    }

    /// Puts a new version in the file's place, as programs do that mean it well.
    private func replace(_ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: folder.file("new.tmp")))
        #expect(rename(folder.file("new.tmp"), file.path) == 0)
    }

    /// Beginnings of the absences in force.
    private var days: [String] { rulebook.now.absences.map { String(CivilTime($0.from).rfc3339.prefix(10)) } }

    /// Returns once the loop waits until `deadline`.
    private func waits(until deadline: Timestamp) async {
        while true {
            let mark = clock.parkings
            if clock.earliestDeadline == deadline { return }
            await clock.parked(after: mark)
        }
    }

    @Test("a file is read at the start and when it is replaced or written, and what the log tells is in force")
    func changes() async throws {
        try write(Self.calendar("20261201"))
        let files = files()
        try await follow(files) {
            #expect(days == ["2026-12-01"])
            #expect(rulebook.now.absences.map(\.substitute) == ["lee"])
            try replace(Self.calendar("20261202", "20261203"))
            await lines.wait(for: "absences: 2")
            #expect(days == ["2026-12-02", "2026-12-03"])
            try write(Self.calendar())
            await lines.wait(for: "absences: 0")
            #expect(days == [])
            // The same again is no news.
            try write(Self.calendar())
            try replace(Self.calendar("20261204"))
            await lines.wait(for: "absences: 1")
            #expect(lines.all.count == 3)
        }
    }

    @Test("a broken file keeps the last good absences, is told once, when it has settled; mended it is read")
    func broken() async throws {
        try write(Self.calendar("20261201"))
        let files = files()
        try await follow(files) {
            for _ in 0..<2 {
                try replace("BEGIN:VCALENDAR\nBEGIN:VEVENT\n")
                await waits(until: clock.now() + .seconds(2))
                clock.advance(by: .seconds(2))
                await waits(until: Sample.start + .seconds(30 * 86_400))
            }
            #expect(days == ["2026-12-01"])
            #expect(
                lines.all == [
                    "warning a calendar file of absences can't be used file: \(file.path), "
                        + "kept: the last good ones, person: dana, "
                        + "reason: the file ends before its END:VCALENDAR: it is incomplete; "
                        + "mend the file, or export the calendar anew"
                ])
            try replace(Self.calendar("20261201"))
            await lines.wait(for: "absences: 1")
            #expect(days == ["2026-12-01"])
        }
    }

    @Test("a file that is written in two goes is not told of, and read when it is whole")
    func unfinished() async throws {
        try write(Self.calendar("20261201"))
        let files = files()
        try await follow(files) {
            let text = Self.calendar("20261202")
            try write(String(text.prefix(30)))
            await waits(until: clock.now() + .seconds(2))
            clock.advance(by: .seconds(1))
            try write(text)
            await lines.wait(for: "absences: 1")
            #expect(days == ["2026-12-02"])
            #expect(lines.all.count == 1)
        }
    }

    @Test("a file that is removed keeps its absences until a reload, which lets them go")
    func removed() async throws {
        try write(Self.calendar("20261201"))
        let files = files()
        try await follow(files) {
            #expect(unlink(file.path) == 0)
            await waits(until: clock.now() + .seconds(2))
            clock.advance(by: .seconds(2))
            await lines.wait(for: "it does not exist")
            #expect(days == ["2026-12-01"])
            files.adopt([file])
            #expect(days == [])
            try write(Self.calendar("20261202"))
            await lines.wait(for: "absences: 1")
            #expect(days == ["2026-12-02"])
        }
    }

    @Test("a reload keeps what a broken file said, with the new substitute, and drops files that are no longer named")
    func reload() async throws {
        try write(Self.calendar("20261201"))
        let files = files()
        files.adopt([file])
        try write("nothing")
        files.adopt([AbsenceFile(person: "dana", path: file.path, zone: .gmt, substitute: "jane")])
        #expect(days == ["2026-12-01"])
        #expect(rulebook.now.absences.map(\.substitute) == ["jane"])
        files.adopt([])
        #expect(days == [])
        // Another person's file is another file, though it lies at the same place.
        files.adopt([AbsenceFile(person: "lee", path: file.path, zone: .gmt)])
        #expect(days == [])
    }

    @Test("absences in configuration and store stay beside those of files")
    func beside() async throws {
        try write(Self.calendar("20261201"))
        let store = MemoryCaseStore()
        let presence = PresenceBook(store: store, clock: clock, rulebook: rulebook)
        try await presence.record(
            Absence(person: "lee", from: Sample.start, until: Sample.start + .seconds(60), substitute: nil))
        let files = AbsenceFiles(presence: presence, clock: clock, log: lines.logger)
        files.adopt([file])
        #expect(rulebook.now.absences.map(\.person) == ["lee", "dana"])
        try await presence.load()
        #expect(rulebook.now.absences.map(\.person) == ["lee", "dana"])
        files.adopt([])
        #expect(rulebook.now.absences.map(\.person) == ["lee"])
    }

    @Test("recurring absences are worked out anew every month, without a change of the file")
    func renewal() async throws {
        try write(
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261201\nRRULE:FREQ=YEARLY\n"
                + "END:VEVENT\nEND:VCALENDAR\n")
        let files = files()
        try await follow(files) {
            #expect(days == ["2026-12-01", "2027-12-01"])
            let renewal = clock.now() + .seconds(30 * 86_400)
            await waits(until: renewal)
            clock.advance(by: .seconds(30 * 86_400))
            await waits(until: renewal + .seconds(30 * 86_400))
            #expect(days == ["2026-12-01", "2027-12-01", "2028-12-01"])
        }
    }

    @Test("a folder that is not there is told, with what to do")
    func folderless() async throws {
        let files = files()
        files.adopt([AbsenceFile(person: "dana", path: "/nowhere/dana.ics", zone: .gmt)])
        let task = Task { await files.run() }
        await lines.wait(for: "reload once their folder is there")
        task.cancel()
        await task.value
        #expect(lines.all[0].contains("kept: none"))
    }
}

/// A log that a test reads and waits for.
private final class LogLines: Sendable {
    private struct Handler: LogHandler {
        let lines: LogLines
        var logLevel = Logger.Level.debug
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let facts = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
            lines.add("\(event.level) \(event.message) \(facts.joined(separator: ", "))")
        }
    }

    private let state = Mutex<[String]>([])
    private let bell = Bell()

    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }
    var all: [String] { state.withLock { $0 } }

    private func add(_ line: String) {
        state.withLock { $0.append(line) }
        bell.ring()
    }

    /// Returns once a line contains `text`.
    func wait(for text: String) async {
        while !all.contains(where: { $0.contains(text) }) { await bell.wait() }
    }
}
