import Glibc
import LeadCore
import Testing

@testable import LeadSpool

@Suite("The backlog of names")
struct BacklogTests {
    private let now = Timestamp(milliseconds: 1_000_000)

    private func name(_ text: String) throws -> FileName { try #require(FileName(text.utf8)) }

    @Test("names are taken once each, in the order in which they came")
    func order() throws {
        var backlog = Backlog()
        for text in ["a", "b", "a", "c", "b"] { backlog.arrived(try name(text)) }
        var taken: [String] = []
        while let next = backlog.take() { taken.append(next.name.shown) }
        #expect(taken == ["a", "b", "c"])
        #expect(backlog.isIdle)
    }

    @Test("what is found by a scan isn't known to be closed until it arrives")
    func closed() throws {
        var backlog = Backlog()
        #expect(backlog.found(try name("a")) == .added)
        #expect(backlog.found(try name("b")) == .added)
        backlog.arrived(try name("b"))
        #expect(backlog.take()?.entry.isClosed == false)
        #expect(backlog.take()?.entry.isClosed == true)
    }

    @Test("what arrives while it is in hand is taken again, unless it was only given for good")
    func again() throws {
        var backlog = Backlog()
        let a = try name("a")
        backlog.arrived(a)
        _ = backlog.take()
        backlog.arrived(a)
        backlog.give(a)
        #expect(backlog.take() == nil)
        backlog.forget(a)
        #expect(backlog.take()?.name == a)
        backlog.give(a)
        backlog.forget(a)
        #expect(backlog.take() == nil && backlog.count == 0)
    }

    @Test("a name that can't be dealt with comes again after 1 s, 2 s, 4 s and so on to 30 s")
    func pauses() throws {
        var backlog = Backlog()
        let a = try name("a")
        backlog.arrived(a)
        var now = now
        for seconds in [1, 2, 4, 8, 16, 30, 30] {
            #expect(backlog.take() != nil)
            backlog.pause(a, now: now)
            #expect(backlog.nextDue() == now + .seconds(seconds))
            _ = backlog.wake(now: now + .seconds(seconds) - .milliseconds(1))
            #expect(backlog.take() == nil)
            now = now + .seconds(seconds)
            _ = backlog.wake(now: now)
        }
    }

    @Test("rests end in the order of their ends")
    func rests() throws {
        var backlog = Backlog()
        var dice = Dice(seed: 7)
        let delays = Array(1...200).shuffled(using: &dice)
        for delay in delays {
            let name = try name("\(delay)")
            _ = backlog.found(name)
            _ = backlog.take()
            let stamp = FileStamp(.init())
            backlog.rest(name, until: now + .seconds(delay), seen: Sighting(stamp: stamp, at: now))
        }
        for delay in 1...200 {
            #expect(backlog.nextDue() == now + .seconds(delay))
            _ = backlog.wake(now: now + .seconds(delay))
            #expect(backlog.take()?.name.shown == "\(delay)")
            #expect(backlog.take() == nil)
        }
    }

    @Test("a clock that is set back ends every rest")
    func clockBack() throws {
        var backlog = Backlog()
        let a = try name("a")
        backlog.arrived(a)
        _ = backlog.take()
        #expect(backlog.wake(now: now) == .forward)
        backlog.pause(a, now: now)
        #expect(backlog.wake(now: now - .milliseconds(500)) == .forward)
        #expect(backlog.take() == nil)
        #expect(backlog.wake(now: now - .seconds(31_557_600)) == .back)
        #expect(backlog.take()?.name == a)
    }

    @Test("a scan adds no more names than there is room for")
    func bounded() throws {
        var backlog = Backlog()
        for number in 0..<Backlog.most { #expect(backlog.found(try name("\(number)")) == .added) }
        #expect(backlog.found(try name("more")) == .full)
        #expect(backlog.found(try name("1")) == .added)
        _ = backlog.take()
        backlog.forget(try name("0"))
        #expect(backlog.found(try name("more")) == .added)
    }
}

@Suite("Settling")
struct SettlingTests {
    private let now = Timestamp(milliseconds: 1_000_000)

    private func stamp(_ modified: Timestamp, size: Int = 1) -> FileStamp {
        var status = stat()
        status.st_mtim.tv_sec = Int(modified.milliseconds / 1000)
        status.st_size = size
        return FileStamp(status)
    }

    private func judge(_ stamp: FileStamp, _ former: Sighting? = nil, at instant: Timestamp? = nil) -> Settling {
        Settling.judge(stamp, former: former, now: instant ?? now, settle: .seconds(2))
    }

    @Test("a file that was last changed long enough ago is settled, a younger one will be")
    func age() {
        #expect(judge(stamp(now - .seconds(2))) == .settled)
        let young = stamp(now - .seconds(1))
        #expect(judge(young) == .waiting(until: now + .seconds(1), Sighting(stamp: young, at: now)))
    }

    @Test("a file from the future is settled once it was seen unchanged for long enough")
    func future() {
        let odd = stamp(now + .seconds(3600))
        let seen = Sighting(stamp: odd, at: now)
        #expect(judge(odd) == .waiting(until: now + .seconds(2), seen))
        #expect(judge(odd, seen, at: now + .seconds(1)) == .waiting(until: now + .seconds(2), seen))
        #expect(judge(odd, seen, at: now + .seconds(2)) == .settled)
        let grown = stamp(now + .seconds(3600), size: 2)
        let later = now + .seconds(2)
        #expect(
            judge(grown, seen, at: later) == .waiting(until: later + .seconds(2), Sighting(stamp: grown, at: later)))
    }
}

@Suite("Names of files")
struct FileNameTests {
    @Test(
        "a name is shown so that it forges nothing, and the shown name leads back to it",
        arguments: [
            (Array("lead.json".utf8), "lead.json"), (Array("a\nb.json".utf8), "a%0Ab.json"),
            (Array("Zoë.json".utf8), "Zoë.json"), (Array("100%.json".utf8), "100%25.json"),
            ([0x61, 0xFF, 0x2E], "a%FF."), (Array("\u{1B}[2J".utf8), "%1B[2J"),
            (Array("\u{202E}nosj".utf8), "%E2%80%AEnosj"), (Array("..a".utf8), "..a"),
        ])
    func shown(bytes: [UInt8], shown: String) throws {
        let name = try #require(FileName(bytes))
        #expect(name.shown == shown)
        #expect(FileName(shown: shown) == name)
    }

    @Test("what no directory can hold is no name", arguments: ["", ".", "..", "a/b", "../x", "a\0b"])
    func impossible(text: String) { #expect(FileName(text.utf8) == nil) }

    @Test("two spellings of one text are two names")
    func composed() { #expect(FileName("\u{E9}".utf8) != FileName("e\u{301}".utf8)) }

    @Test(
        "hidden and partial names are unfinished",
        arguments: [
            (".a.json", true), ("a.tmp", true), ("a.json.TMP", true), ("a.part", true), ("a.json", false),
            ("tmp", false), ("part", false),
        ])
    func unfinished(text: String, isUnfinished: Bool) throws {
        #expect(try #require(FileName(text.utf8)).isUnfinished == isUnfinished)
    }
}
