// The watch over single files, with a real folder and the kernel's own events.

import Foundation
import Glibc
import LeadCore
import LeadTestKit
import Testing

@testable import LeadSpool

@Suite("Watch over files", .timeLimit(.minutes(1)))
struct FileWatchTests {
    private let folder = TemporaryDirectory()
    private let bell = Bell()

    private func write(_ name: String, _ text: String = "x") throws {
        try Data(text.utf8).write(to: URL(filePath: folder.file(name)))
    }

    /// The news of the next ring.
    private func news(_ watch: FileWatch) async -> FileWatch.News {
        await bell.wait()
        return watch.take()
    }

    @Test("a file that is written, replaced, removed or moved away is told, once, and no other file is")
    func changes() async throws {
        try write("a.ics")
        let watch = FileWatch([folder.file("a.ics"), folder.file("b.ics")], bell: bell)
        try write("c.ics")
        try write("b.ics")
        #expect(await news(watch).changed == [folder.file("b.ics")])
        try write("c.tmp")
        #expect(rename(folder.file("c.tmp"), folder.file("a.ics")) == 0)
        #expect(await news(watch).changed == [folder.file("a.ics")])
        #expect(unlink(folder.file("b.ics")) == 0)
        #expect(await news(watch).changed == [folder.file("b.ics")])
        #expect(rename(folder.file("a.ics"), folder.file("c.ics")) == 0)
        let last = await news(watch)
        #expect(last.changed == [folder.file("a.ics")] && last.flaws == [])
        #expect(watch.take() == FileWatch.News())
        watch.stop()
    }

    @Test("a file is known by the path that was given, in whichever folder, also when its name begins with a dot")
    func paths() async throws {
        let other = TemporaryDirectory()
        let hidden = other.path + "//.a.ics"
        let watch = FileWatch([folder.file("a.ics"), hidden, "\(folder.path)/"], bell: bell)
        try Data().write(to: URL(filePath: hidden))
        #expect(await news(watch).changed == [hidden])
        try write("a.ics")
        #expect(await news(watch).changed == [folder.file("a.ics")])
        watch.stop()
    }

    @Test("a folder that isn't there is told once; the others are watched")
    func missingFolder() async throws {
        let watch = FileWatch(["/nowhere/a.ics", folder.file("a.ics")], bell: bell)
        let first = await news(watch)
        #expect(first.flaws == ["/nowhere: could not watch the directory: No such file or directory"])
        #expect(first.changed == [])
        try write("a.ics")
        let second = await news(watch)
        #expect(second.flaws == [] && second.changed == [folder.file("a.ics")])
        watch.stop()
    }

    @Test("a folder that is moved away is told, and its files count as changed")
    func movedFolder() async throws {
        let inner = folder.file("calendars")
        #expect(mkdir(inner, 0o700) == 0)
        let watch = FileWatch(["\(inner)/a.ics"], bell: bell)
        #expect(rename(inner, folder.file("elsewhere")) == 0)
        let news = await news(watch)
        #expect(news.flaws == ["\(inner): the directory was removed, moved or unmounted"])
        #expect(news.changed == ["\(inner)/a.ics"])
        watch.stop()
    }
}
