// The dispatcher against scripted channels and a store in memory: what a reload, a resume or a failing store may do to a
// message in hand.

import LeadCore
import LeadTestKit
import Logging
import Synchronization
import Testing

@testable import LeadEngine

@Suite("Dispatcher", .timeLimit(.minutes(1)))
struct DispatcherTests {
    @Test("what is held while its lane is resumed goes out all the same")
    func heldDuringResume() async throws {
        let bench = Bench()
        let (told, goOn) = (Bell(), Bell())
        bench.dispatcher.onFailure { _, _, _ in
            told.ring()
            await goOn.wait()
            return .recorded
        }
        bench.teams.script([.stopped(reason: "HTTP 410")])
        let subject = try await bench.open(1)
        try await bench.run {
            await told.wait()
            #expect(try await bench.dispatcher.resume(nil) == Revived(), "nothing is on record as held yet")
            goOn.ring()
            _ = try await bench.wait(for: .decide, to: "dana", by: "teams", of: subject.id, in: .sent)
            #expect(bench.teams.sent.count == 2)
        }
    }

    @Test("what is held while its lane is resumed goes out though the store fails to release it at first")
    func heldDuringResumeAndFault() async throws {
        let bench = Bench()
        let (told, goOn) = (Bell(), Bell())
        bench.dispatcher.onFailure { _, _, _ in
            told.ring()
            await goOn.wait()
            return .recorded
        }
        bench.teams.script([.stopped(reason: "HTTP 410")])
        let subject = try await bench.open(1)
        try await bench.run {
            await told.wait()
            #expect(try await bench.dispatcher.resume(nil) == Revived(), "nothing is on record as held yet")
            bench.store.failRevive(1)
            goOn.ring()
            try await bench.passBackOffs(untilSent: "teams", about: subject.id)
            #expect(bench.store.failures == 1)
            #expect(!bench.dispatcher.state.withLock { $0.isBehind })
        }
    }

    @Test("outcomes that come in while others are being recorded wait for the next turn, which keeps its distance")
    func pace() async throws {
        let bench = Bench()
        for number in 1...200 { try await bench.open(number) }
        bench.teams.hold()
        let turns = 20
        bench.store.whileSettling {
            guard bench.store.settlings.count < turns else { return bench.teams.release() }
            while bench.dispatcher.state.withLock({ $0.unrecorded == 0 }), !Task.isCancelled {
                bench.teams.releaseOne()
                await Task.yield()
            }
        }
        try await bench.run {
            try await bench.until("all messages to be on record") {
                bench.teams.sent.count == 200 && bench.dispatcher.state.withLock { $0.isIdle }
            }
        }
        let instants = bench.store.settlings.prefix(turns)
        let (first, last) = (try #require(instants.first), try #require(instants.last))
        #expect(instants.count == turns)
        // A turn's record may begin a little late, and so be nearer to the next one than the turns are.
        #expect(Dispatcher.recordPace * (turns - 2) <= last - first, "\(turns) in \(last - first)")
    }

    @Test("what a lane held goes out after a reload though the store fails to release it at first")
    func heldDuringReloadAndFault() async throws {
        let bench = Bench()
        bench.teams.script([.stopped(reason: "HTTP 410")])
        let subject = try await bench.open(1)
        try await bench.run {
            _ = try await bench.wait(for: .decide, to: "dana", by: "teams", of: subject.id, in: .held)
            bench.store.failRevive(1)
            bench.dispatcher.adopt(bench.dispatcher.outfit.now)
            try await bench.passBackOffs(untilSent: "teams", about: subject.id)
            #expect(bench.store.failures == 1)
        }
    }

    @Test("of a channel that the configuration has no more the operators hear once, and not before it is on record")
    func flawToldOnce() async throws {
        let bench = Bench()
        let told = Mutex<[Bool]>([])
        bench.dispatcher.onFailure { _, _, isNews in
            told.withLock { told in
                told.append(isNews)
                return isNews && told.count(where: \.self) == 1 ? .notYet : .recorded
            }
        }
        bench.dispatcher.adopt(Bench.outfit([bench.mail]))
        for number in 1...3 { try await bench.open(number) }
        try await bench.run {
            try await bench.until("the operators to be told") {
                bench.clock.advance(by: Dispatcher.backOff)
                for _ in 0..<200 { await Task.yield() }
                return told.withLock { $0.count } >= 4
            }
            let news = told.withLock { $0 }
            #expect(news.count == 4, "what wasn't put on record is tried again")
            #expect(news.count(where: \.self) == 2)
        }
    }

    @Test("what a slow rate leaves in the store is taken up when its time has come")
    func slowRate() async throws {
        let bench = Bench()
        let slow = ChannelSettings(
            id: "teams", kind: "teams", isShared: false, isMail: false, concurrency: 1,
            limits: [RateLimit(3, per: .seconds(3600))])
        bench.dispatcher.adopt(
            Bench.outfit([bench.mail, bench.teams], rulebook: Sample.rulebook(channels: [Sample.channels[0], slow])))
        // The lane is known, and has rested since.
        let first = try await bench.open(9)
        try await bench.run {
            _ = try await bench.wait(for: .decide, to: "dana", by: "teams", of: first.id, in: .sent)
            bench.clock.advance(by: .seconds(7200))
            bench.teams.hold()
            for number in 1...8 { try await bench.open(number) }
            bench.dispatcher.bell.ring()
            // The loop goes to sleep while the lane has enough in hand.
            try await bench.until("two messages") { bench.teams.sent.count >= 2 }
            for _ in 0..<200 { await Task.yield() }
            bench.teams.release()
            try await bench.until("the other messages") {
                bench.clock.advance(by: .seconds(60))
                for _ in 0..<100 { await Task.yield() }
                return bench.teams.sent.count >= 9
            }
            #expect(bench.teams.sent.count == 9)
        }
    }

    @Test("an attempt on a former configuration neither stops nor rests the lane of the present one")
    func formerOutfit() async throws {
        let bench = Bench()
        let losses = Mutex(0)
        bench.dispatcher.onFailure { _, _, _ in
            losses.withLock { $0 += 1 }
            return .recorded
        }
        bench.teams.hold()
        bench.teams.script([.stopped(reason: "HTTP 410 at the old address")])
        let first = try await bench.open(1)
        try await bench.run {
            try await bench.until("a message") { !bench.teams.sent.isEmpty }
            let fresh = ScriptedChannel(id: "teams")
            bench.dispatcher.adopt(Bench.outfit([fresh, bench.mail]))
            bench.teams.release()
            let record = try await bench.wait(for: .decide, to: "dana", by: "teams", of: first.id, in: .sent)
            #expect(record.attempts == 2, "the old address was tried, and then the new one")
            #expect(fresh.sent.count == 1)
            let lane = try #require(bench.dispatcher.lanes().first { $0.id == "teams/dana" }?.lane)
            #expect(lane.stop == nil && lane.breaker == .closed(failures: 0) && lane.lastTrouble == nil)
            #expect(losses.withLock { $0 } == 0)
        }
    }

    @Test("a former configuration's channels are closed when the last message by them has ended, and not before")
    func tenure() async throws {
        let bench = Bench()
        let old = ScriptedChannel(id: "mail")
        let over = Bell()
        bench.dispatcher.adopt(
            Bench.outfit(
                [old, bench.teams],
                whenOver: {
                    await old.close()
                    over.ring()
                }))
        old.hold()
        let subject = try await bench.open(1)
        try await bench.run {
            try await bench.until("a mail") { !old.sent.isEmpty }
            bench.dispatcher.adopt(Bench.outfit([bench.mail, bench.teams]))
            for _ in 0..<1000 { await Task.yield() }
            #expect(!old.isClosed, "a mail is under way on it")
            old.release()
            await over.wait()
            #expect(old.isClosed)
            _ = try await bench.wait(for: .decide, to: "dana", by: "mail", of: subject.id, in: .sent)
        }
    }

    @Test("nobody is told of a lead that they have no more, however long the message has waited")
    func notMeant() async throws {
        let bench = Bench()
        var subject = try await bench.open(1)
        subject = try await bench.decide(.assign(rep: "billy", by: "dana", note: nil), on: subject)
        // A run that ended with the message in its hands: the undo could not cancel it.
        let lease = Lease(owner: "former", until: bench.clock.now() + .seconds(300))
        let taken = try await bench.store.take(at: bench.clock.now(), lease: lease, quota: LaneQuota(usual: 100))
        #expect(taken.contains { $0.delivery.kind == .assigned })
        subject = try await bench.decide(.undo(by: "dana"), on: subject)
        try await bench.store.reclaim(except: "me", at: bench.clock.now())
        try await bench.run {
            let record = try await bench.wait(for: .assigned, to: "billy", by: "mail", of: subject.id, in: .cancelled)
            #expect(record.detail == "the choice was taken back")
            _ = try await bench.wait(for: .withdrawn, to: "billy", by: "mail", of: subject.id, in: .sent)
            #expect(!bench.mail.sent.contains { $0.briefing.kind == .assigned })
        }
    }

    @Test("what was handed back isn't handed back again when the next part of the record fails")
    func handedBackOnce() async throws {
        let bench = Bench()
        let down = DeliveryOutcome.unavailable(reason: "down", retryAfter: .seconds(600))
        bench.teams.answer { _, _ in down }
        bench.mail.answer { _, _ in .unavailable(reason: "down", retryAfter: .seconds(900)) }
        for number in 1...12 { try await bench.open(number) }
        bench.store.failHandBack(2)
        try await bench.run {
            try await bench.until("the first part and the failure") {
                !bench.store.handedBack.isEmpty && bench.store.failures > 0
            }
            // The loop tries again after a while.
            try await bench.until("the other part") {
                try await bench.passTime(.seconds(1))
                return Set(bench.store.handedBack.map(\.delivery.lane)).count == 2
            }
            let ids = bench.store.handedBack.map { "\($0.delivery.id) \($0.attempt)" }
            #expect(Set(ids).count == ids.count, "each once: its row may be in other hands by then")
        }
    }

    @Test("what is recorded while the store gives it anew, since its lease ran out, isn't sent a second time")
    func takenMeanwhile() async throws {
        let bench = Bench()
        let subject = try await bench.open(1)
        bench.store.failSettling(true)
        try await bench.run {
            try await bench.until("both to be out and unrecorded") {
                bench.teams.sent.count == 1 && bench.mail.sent.count == 1
                    && bench.dispatcher.state.withLock { $0.isBehind }
            }
            bench.store.cross()
            bench.store.failSettling(false)
            try await bench.passTime(Dispatcher.leaseTime + Dispatcher.backOff)
            try await bench.until("the outcomes to be let go of") {
                bench.dispatcher.state.withLock { $0.holding.isEmpty }
            }
            bench.store.letTake()
            for channel: ChannelID in ["teams", "mail"] {
                _ = try await bench.wait(for: .decide, to: "dana", by: channel, of: subject.id, in: .sent)
            }
            #expect(bench.teams.sent.count == 1 && bench.mail.sent.count == 1)
        }
    }

    @Test("what is taken up again while its end is being recorded is recorded under its new lease at once")
    func takenUpWhileRecorded() async throws {
        let bench = Bench()
        let subject = try await bench.open(1)
        // So that no other outcome comes in meanwhile.
        bench.mail.hold()
        bench.store.whileSettling {
            guard bench.store.settlings.count == 1 else { return }
            bench.clock.advance(by: Dispatcher.leaseTime)
            bench.dispatcher.bell.ring()
            while !bench.dispatcher.state.withLock({ $0.holding.values.allSatisfy { $0.attempt == 2 } }),
                !Task.isCancelled
            {
                await Task.yield()
            }
        }
        try await bench.run {
            _ = try await bench.wait(for: .decide, to: "dana", by: "teams", of: subject.id, in: .sent)
            #expect(bench.teams.sent.count == 1)
            bench.mail.release()
        }
    }

    // MARK: Copies

    /// A bench whose Dana is told of a lead in a chat three times.
    func chat(changeLimits: [RateLimit] = []) async throws -> (Bench, ScriptedChat, LeadCase) {
        let bench = Bench()
        let chat = ScriptedChat(id: "teams")
        let settings = ChannelSettings(
            id: "teams", kind: "slack-bot", isShared: false, isMail: false, concurrency: 1,
            changeLimits: changeLimits, isEditable: true)
        let policy = Sample.policy([
            (.zero, .notify(.manager)), (.seconds(60), .remind(.manager)), (.seconds(120), .remind(.manager)),
            (.seconds(36_000), .assign("jane")),
        ])
        bench.rulebook.replace(
            with: Sample.rulebook(
                channels: [Sample.channels[0], settings, Sample.channels[2]], policies: ["standard": policy]))
        bench.dispatcher.adopt(Bench.outfit([chat, bench.mail], rulebook: bench.rulebook.now))
        var subject = try await bench.open(1)
        for _ in 1...2 {
            bench.clock.advance(by: .seconds(60))
            subject = try await bench.decide(.deadlinePassed, on: subject)
        }
        return (bench, chat, subject)
    }

    @Test("a lane that rests has its backlog left in the store, and a probe takes one of it")
    func backlog() async throws {
        let bench = Bench()
        bench.teams.answer { _, _ in .unavailable(reason: "HTTP 503", retryAfter: nil) }
        for number in 1...300 { try await bench.open(number) }
        try await bench.run {
            try await bench.until("all mails") { bench.mail.sent.count == 300 }
            // Five failures open the breaker, and each of its pauses is followed by one probe.
            try await bench.until("twenty probes") {
                try await bench.passTime(.seconds(5))
                return bench.teams.sent.count >= 25
            }
            let probes = bench.teams.sent.count
            let taken = bench.store.taken.count { $0.delivery.channel == "teams" }
            #expect(taken <= 2 * 300 + 4 * probes, "\(taken) were taken up for \(probes) probes")
        }
    }
}

/// A chat that takes everything, and whose changes end as the test says.
final class ScriptedChat: EditableChannel {
    private struct State {
        var posts = 0
        var changes: [String] = []
        var script: [CopyChange] = []
        var isHeld = false
        var last: Briefing?
    }

    let id: ChannelID
    let takesChoices = true
    private let state = Mutex(State())
    private let released = Bell()

    init(id: ChannelID) { self.id = id }

    /// The next changes end like this, in order; after that they succeed.
    func script(_ ends: [CopyChange]) { state.withLock { $0.script = ends } }

    /// Messages begin to be posted, and aren't until `release`.
    func hold() { state.withLock { $0.isHeld = true } }
    func release() {
        state.withLock { $0.isHeld = false }
        released.ring()
    }

    /// How many messages were posted, or are being.
    var posts: Int { state.withLock { $0.posts } }
    /// The one that was posted last.
    var last: Briefing? { state.withLock { $0.last } }
    /// The handles of what was to be changed, in order.
    var changes: [String] { state.withLock { $0.changes } }

    func post(_ briefing: Briefing, to address: Secret) async -> Posting {
        let number = state.withLock { state in
            state.posts += 1
            state.last = briefing
            return state.posts
        }
        while state.withLock({ $0.isHeld }) { await released.wait() }
        return Posting(.sent(detail: "ok"), handle: "\(number)")
    }

    func change(_ handle: String, to briefing: Briefing) async -> CopyChange {
        state.withLock { state in
            state.changes.append(handle)
            return state.script.isEmpty ? .outcome(.sent(detail: "ok")) : state.script.removeFirst()
        }
    }

    func close() async {}
}
