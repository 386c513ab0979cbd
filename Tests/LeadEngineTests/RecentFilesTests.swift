// Which cases need not be read again, because they were just looked at.

import LeadCore
import LeadTestKit
import Testing

@testable import LeadEngine

@Suite("Cases that were just looked at")
struct RecentFilesTests {
    private func file(_ number: Int) -> CaseFile {
        CaseFile(subject: Sample.opening(Sample.lead(number)).result, history: [], deliveries: [])
    }

    @Test("a case is known until something is decided on it")
    func forgotten() {
        let recent = RecentFiles()
        let first = file(1)
        let id = first.subject.id
        #expect(recent.file(id) == nil)
        recent.keep(first)
        recent.keep(file(2))
        #expect(recent.file(id)?.subject == first.subject)
        recent.forget(id)
        #expect(recent.file(id) == nil)
        #expect(recent.file(file(2).subject.id) != nil)
    }

    @Test("only the last ones are known, however many are looked at, and none that was forgotten comes back")
    func bounded() {
        let recent = RecentFiles()
        let files = (0..<600).map(file)
        for file in files { recent.keep(file) }
        let known = files.filter { recent.file($0.subject.id) != nil }
        #expect((1...256).contains(known.count))
        #expect(recent.file(files[599].subject.id) != nil)
        for file in files { recent.forget(file.subject.id) }
        #expect(files.allSatisfy { recent.file($0.subject.id) == nil })
    }

    @Test("the desk decides by what was just looked at, and by what is there where that is old")
    func desk() async throws {
        let store = MemoryCaseStore()
        let clock = ManualClock()
        let desk = try await Engine.desk(on: store, rulebook: Current(Sample.rulebook()), clock: clock)
        let opening = Sample.opening(at: clock.now())
        #expect(await store.apply([opening], lease: nil) == [.applied])
        let id = opening.result.id
        #expect(desk.recent(id, for: "dana") == nil)
        let view = try #require(try await desk.view(id, for: "dana"))
        #expect(desk.recent(id, for: "dana")?.file.subject == view.file.subject)
        // Somebody else, by another way: what was looked at is old, and nobody here has heard of it.
        let other = try opening.result.decide(
            .assign(rep: "billy", by: "dana", note: nil), now: clock.now(), rulebook: Sample.rulebook())
        #expect(await store.apply([other], lease: nil) == [.applied])
        let recent = try #require(desk.recent(id, for: "dana"))
        let command = CaseCommand.assign(rep: "jane", by: "dana", note: nil)
        guard case .refused(.alreadyAssigned, _) = try await desk.decide(command, on: id, seen: recent, through: nil)
        else {
            Issue.record("an old view was decided by")
            return
        }
        let now = try #require(try await desk.view(id, for: "dana")).file.subject
        #expect(now.assignment?.rep == "billy")
        guard case .done = try await desk.decide(.undo(by: "dana"), on: id) else {
            Issue.record("not undone")
            return
        }
        #expect(desk.recent(id, for: "dana") == nil)
    }
}
