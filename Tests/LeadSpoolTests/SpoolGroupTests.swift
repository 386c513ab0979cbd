// Several spools as one: whose turn it is.

import Foundation
import LeadCore
import LeadTestKit
import Testing

@testable import LeadSpool

@Suite("Spools that take turns")
struct SpoolGroupTests {
    @Test("a file in one is given within two batches, however many there are in the other", arguments: [0, 1])
    func turns(_ crowded: Int) async throws {
        let folder = TemporaryDirectory()
        let settings = ["main", "form"].map { name in
            var own = SpoolSettings(directory: folder.file(name))
            own.source = name == "main" ? nil : name
            return own
        }
        let group = try SpoolGroup(settings, clock: ManualTime())
        defer { group.stop() }
        let count = 5000
        for number in 1...count {
            try lead(number).write(
                toFile: settings[crowded].directory + "/incoming/\(number).json", atomically: false, encoding: .utf8)
        }
        try lead(0).write(
            toFile: settings[1 - crowded].directory + "/incoming/alone.json", atomically: false, encoding: .utf8)
        var names: [String] = []
        for _ in 1...2 {
            let files = try #require(await group.next(limit: 128))
            names += files.map(\.name)
            await group.retire(files)
        }
        #expect(names.contains("alone.json") && names.count > 1, "\(names.count) others came first")
        // The other one goes on, and each file is given once.
        while names.count <= count {
            let files = try #require(await group.next(limit: 128))
            names += files.map(\.name)
            await group.retire(files)
        }
        #expect(Set(names).count == count + 1)
    }

    @Test(
        "a file that comes between the watch and the first look is given at once, however young it is, and after older ones",
        .timeLimit(.minutes(1)))
    func early() async throws {
        let folder = TemporaryDirectory()
        let time = ManualTime()
        func put(_ name: String, at instant: Timestamp) throws {
            let aside = folder.file("aside.json")
            try lead(1).write(toFile: aside, atomically: false, encoding: .utf8)
            let born = Date(timeIntervalSince1970: Double(instant.milliseconds) / 1000)
            try FileManager.default.setAttributes([.modificationDate: born], ofItemAtPath: aside)
            try FileManager.default.moveItem(atPath: aside, toPath: folder.file("main/incoming/" + name))
        }
        let settings = [SpoolSettings(directory: folder.file("main"))]
        try SpoolGroup(settings, clock: time).stop()
        for name in ["b.json", "c.json"] { try put(name, at: time.now() - .seconds(60)) }
        let group = try SpoolGroup(settings, clock: time)
        defer { group.stop() }
        group.beginWatch()
        try put("a.json", at: time.now())
        // The kernel has told of it before the first look.
        let arrivals = try #require(group.spool(of: "")?.arrivals)
        var told: [FileName] = []
        while told.isEmpty {
            await Task.yield()
            told = arrivals.take().names
        }
        arrivals.add(told)
        var names: [String] = []
        while names.count < 3 { names += try #require(await group.next(limit: 128)).map(\.name) }
        #expect(names == ["b.json", "c.json", "a.json"])
    }
}
