// Messages that are changed once they stand in a chat, and digests: what the dispatcher makes of their several ends.

import LeadCore
import LeadTestKit
import Logging
import Synchronization
import Testing

@testable import LeadEngine

extension DispatcherTests {
    @Test(
        "what a peer says of itself at one copy isn't asked again at the others; what it says of one copy is",
        arguments: [
            (CopyChange.outcome(.unavailable(reason: "HTTP 429", retryAfter: .seconds(7))), 1),
            (.outcome(.unavailable(reason: "HTTP 503", retryAfter: nil)), 1),
            (.outcome(.unknown(reason: "timed out")), 1), (.outcome(.stopped(reason: "invalid_auth")), 1),
            (.outcome(.deferred(reason: "not now", retryAfter: nil)), 3), (.outcome(.failed(reason: "too long")), 3),
            (.gone, 3), (.fixed(reason: "edit_window_closed"), 3), (.outcome(.sent(detail: "ok")), 3),
        ])
    func copies(_ end: CopyChange, _ calls: Int) async throws {
        let (bench, chat, subject) = try await chat()
        try await bench.run {
            try await bench.until("three posts") { chat.posts == 3 }
            chat.script([end])
            _ = try await bench.decide(.assign(rep: "billy", by: "dana", note: nil), on: subject)
            bench.dispatcher.bell.ring()
            try await bench.until("the changes") { chat.changes.count >= calls }
            for _ in 0..<500 { await Task.yield() }
            #expect(chat.changes == Array(["1", "2", "3"].prefix(calls)))
        }
    }

    @Test("after a rest that the peer asked for, every copy is changed, in order")
    func copiesAfterRest() async throws {
        let (bench, chat, subject) = try await chat()
        try await bench.run {
            try await bench.until("three posts") { chat.posts == 3 }
            chat.script([.outcome(.sent(detail: "ok")), .outcome(.unavailable(reason: "429", retryAfter: .seconds(7)))])
            _ = try await bench.decide(.assign(rep: "billy", by: "dana", note: nil), on: subject)
            bench.dispatcher.bell.ring()
            try await bench.until("two changes") { chat.changes.count == 2 }
            try await bench.passTime(.seconds(6))
            #expect(chat.changes == ["1", "2"], "it asked for seven seconds")
            try await bench.passTime(.seconds(1))
            let record = try await bench.wait(for: .update, to: "dana", by: "teams", of: subject.id, in: .sent)
            #expect(chat.changes == ["1", "2", "1", "2", "3"])
            #expect(record.attempts == 2 && record.detail == "3 changed")
        }
    }

    @Test("of copies with several ends the one decides that is to be tried again, then one that failed")
    func mixedEnds() async throws {
        for (ends, state, detail) in [
            (
                [CopyChange.gone, .outcome(.sent(detail: "ok")), .gone], DeliveryState.sent,
                "1 changed, 2 removed by somebody"
            ),
            ([.outcome(.failed(reason: "too long")), .outcome(.sent(detail: "ok")), .gone], .failed, "too long"),
            (
                [
                    .outcome(.failed(reason: "too long")), .outcome(.deferred(reason: "not now", retryAfter: nil)),
                    .gone,
                ],
                .deferred, "not now"
            ),
        ] {
            let (bench, chat, subject) = try await chat()
            try await bench.run {
                try await bench.until("three posts") { chat.posts == 3 }
                chat.script(ends)
                _ = try await bench.decide(.assign(rep: "billy", by: "dana", note: nil), on: subject)
                bench.dispatcher.bell.ring()
                let record = try await bench.wait(for: .update, to: "dana", by: "teams", of: subject.id, in: state)
                #expect(record.detail == detail)
            }
        }
    }

    @Test("however many changes wait in the store, what is new goes at once, and they at their rate, to the last")
    func manyChanges() async throws {
        let (bench, chat, _) = try await chat(changeLimits: [RateLimit(45, per: .seconds(60))])
        var subjects: [LeadCase] = []
        for number in 2...601 { subjects.append(try await bench.open(number)) }
        try await bench.run {
            try await bench.until("all posts") { chat.posts == 603 }
            for subject in subjects {
                _ = try await bench.decide(.reject(reason: .spam, by: "dana", note: nil), on: subject)
            }
            bench.dispatcher.bell.ring()
            try await bench.until("as many changes as may go") { chat.changes.count == 45 }
            _ = try await bench.open(602)
            bench.dispatcher.bell.ring()
            try await bench.until("the new lead") { chat.posts == 604 }
            #expect(chat.changes.count == 45)
            for minute in 2...14 {
                try await bench.passTime(.seconds(60))
                try await bench.until("this minute's changes") { chat.changes.count == min(600, 45 * minute) }
            }
        }
    }

    @Test("changes that were none let the next ones go at once")
    func nothingToChange() async throws {
        let (bench, chat, _) = try await chat(changeLimits: [RateLimit(1, per: .seconds(3600))])
        try await bench.run {
            try await bench.until("three posts, so that the lane is known") { chat.posts == 3 }
            let lease = Lease(owner: "former", until: bench.clock.now() + .seconds(300))
            var ids: [CaseID] = []
            for number in 2...5 {
                let opening = Sample.opening(Sample.lead(number), at: bench.clock.now(), rulebook: bench.rulebook.now)
                try #require(await bench.memory.apply([opening], lease: lease) == [.applied])
                try await bench.memory.settle(
                    opening.deliveries.map {
                        Settlement(
                            leased: LeasedDelivery(delivery: $0, attempt: 1, lease: lease),
                            verdict: .failed(reason: "no such channel"), at: bench.clock.now())
                    })
                _ = try await bench.decide(.reject(reason: .spam, by: "dana", note: nil), on: opening.result)
                ids.append(opening.result.id)
            }
            bench.store.delayFiles(untilLooksBy: bench.dispatcher.bell)
            bench.dispatcher.bell.ring()
            for id in ids {
                let record = try await bench.wait(for: .update, to: "dana", by: "teams", of: id, in: .sent)
                #expect(record.detail == "nothing to change")
            }
        }
        #expect(chat.changes == [])
    }

    @Test(
        "after a reload that has a destination go by another name, a change waits for what is still being posted there")
    func underWay() async throws {
        let (bench, chat, subject) = try await chat()
        chat.hold()
        try await bench.run {
            try await bench.until("the first post") { chat.posts == 1 }
            // Kim is reached there too and comes first.
            let kim = Person(
                id: "kim", name: "Kim Ray", isManager: true,
                reach: [Sample.reach("teams", "https://teams.example/dana")])
            let former = bench.rulebook.now
            bench.rulebook.replace(
                with: Sample.rulebook(
                    people: [kim] + Sample.people, channels: Array(former.channels.values), policies: former.policies))
            bench.dispatcher.adopt(
                Bench.outfit([chat, bench.mail], rulebook: bench.rulebook.now))
            _ = try await bench.decide(.assign(rep: "billy", by: "dana", note: nil), on: subject)
            bench.dispatcher.bell.ring()
            let early = try await bench.wait(for: .update, to: "dana", by: "teams", of: subject.id, in: .deferred)
            #expect(early.delivery.lane == "teams/kim" && chat.changes == [])
            chat.release()
            _ = try await bench.wait(for: .decide, to: "dana", by: "teams", of: subject.id, in: .sent)
            try await bench.passTime(.seconds(5))
            let late = try await bench.wait(for: .update, to: "dana", by: "teams", of: subject.id, in: .sent)
            #expect(late.detail == "1 changed" && chat.changes == ["1"])
        }
    }

    @Test("what is posted late shows the lead as it is by then")
    func lateShown() async throws {
        let (bench, chat, _) = try await chat()
        let opening = Sample.opening(Sample.lead(2), at: bench.clock.now(), rulebook: bench.rulebook.now)
        let lease = Lease(owner: "me", until: bench.clock.now() + .seconds(300))
        try #require(await bench.store.apply([opening], lease: lease) == [.applied])
        _ = try await bench.decide(.claim(by: "lee"), on: opening.result)
        let question = try #require(opening.deliveries.first { $0.channel == "teams" })
        bench.dispatcher.accept([
            Dispatcher.Work(
                leased: LeasedDelivery(delivery: question, attempt: 1, lease: lease), subject: opening.result)
        ])
        try await bench.until("the post") { chat.posts == 1 }
        #expect(chat.last?.deliveryID == question.id && chat.last?.offer?.mayRelease == true, "Lee decides")
    }

    @Test("a digest that has no lead to open fails as such, and is no missing address")
    func untoldDigest() async throws {
        let bench = Bench()
        let reasons = Mutex<[String]>([])
        bench.dispatcher.onFailure { _, reason, _ in
            reasons.withLock { $0.append(reason) }
            return .recorded
        }
        for number in 1...2 {
            var subject = try await bench.open(number)
            subject = try await bench.decide(.assign(rep: "billy", by: "dana", note: nil), on: subject)
            _ = try await bench.decide(.undo(by: "dana"), on: subject)
        }
        // They say that somebody no longer has a lead, and so have no link; nothing of ours holds such messages together.
        let lease = Lease(owner: "former", until: bench.clock.now() + .seconds(300))
        let taken = try await bench.memory.take(at: bench.clock.now(), lease: lease, quota: LaneQuota(usual: 100))
        let withdrawn = taken.filter { $0.delivery.kind == .withdrawn && $0.delivery.person == "billy" }
        #expect(withdrawn.count == 2)
        let now = bench.clock.now()
        try await bench.memory.hold(
            withdrawn.map { HeldDelivery(leased: $0, until: now, digest: "together", reason: "waits") }, at: now)
        try await bench.run {
            try await bench.until("both to fail") { reasons.withLock { $0.count } == 2 }
            #expect(reasons.withLock { Set($0) } == ["nothing of what waited can stand in one message"])
        }
    }
}
