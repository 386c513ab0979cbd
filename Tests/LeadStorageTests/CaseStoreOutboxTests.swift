// What the outbox promises, of every store: leases and fences, and that no question outlives its answer.

import LeadCore
import LeadTestKit
import Testing

@Suite("Every store's outbox")
struct CaseStoreOutboxTests {
    @Test("tells who waits for a question that waits for a lane, and has had none", arguments: StoreKind.allCases)
    func unasked(kind: StoreKind) async throws {
        let bench = try kind.make()
        let ids = [try await bench.open(1).id, try await bench.open(2).id, try await bench.open(3).id]
        func unasked(_ lane: LaneID) async throws -> Set<Int> {
            let found = try await bench.store.unasked(waitingFor: lane)
            #expect(found.allSatisfy { $0.person == "dana" } && Set(found).count == found.count)
            return Set(found.compactMap { one in ids.firstIndex(of: one.caseID).map { $0 + 1 } })
        }
        #expect(try await unasked("teams/dana") == [1, 2, 3])
        #expect(try await unasked("teams/lee") == [])
        // One of the first is under way, of the second one has come, and the third is settled.
        let taken = try await bench.take()
        func leased(_ place: Int, _ channel: ChannelID) -> [LeasedDelivery] {
            taken.filter { $0.delivery.caseID == ids[place] && $0.delivery.channel == channel }
        }
        try await bench.settle(leased(0, "mail"), .tryAgain(at: bench.start + .seconds(5), reason: "451"))
        try await bench.settle(leased(1, "mail"), .sent(detail: "ok"))
        try await bench.decide(.assign(rep: "billy", by: "dana", note: nil), on: ids[2])
        #expect(try await unasked("teams/dana") == [1])
        #expect(try await unasked("mail") == [1])
        try await bench.settle(leased(0, "teams"), .failed(reason: "400"))
        #expect(try await unasked("teams/dana") == [])
        #expect(try await unasked("mail") == [1])
    }

    @Test("records how attempts ended", arguments: StoreKind.allCases)
    func settles(kind: StoreKind) async throws {
        let bench = try kind.make()
        let numbers = Array(1...4)
        for number in numbers { try await bench.open(number) }
        let taken = try await bench.take(full: ["teams/dana"])
        let later = bench.start + .seconds(2)
        let verdicts: [DeliveryVerdict] = [
            .sent(detail: "250 ok"), .failed(reason: "no such user"),
            .tryAgain(at: bench.start + .seconds(9), reason: "busy"), .cancelled(reason: "moved on"),
        ]
        try await bench.store.settle(
            zip(taken, verdicts).map { Settlement(leased: $0, verdict: $1, at: later) })
        var records: [DeliveryRecord] = []
        for leased in taken {
            records += try await bench.records(of: leased.delivery.caseID).filter { $0.delivery == leased.delivery }
        }
        #expect(records.map(\.state) == [.sent, .failed, .deferred, .cancelled])
        #expect(records.map(\.detail) == ["250 ok", "no such user", "busy", "moved on"])
        #expect(records.map(\.nextAttempt) == [nil, nil, bench.start + .seconds(9), nil])
        #expect(records.allSatisfy { $0.changedAt == later && $0.attempts == 1 })
    }

    @Test("tries a deferred message again when its time has come, as the next attempt", arguments: StoreKind.allCases)
    func retries(kind: StoreKind) async throws {
        let bench = try kind.make()
        try await bench.open()
        let next = bench.start + .seconds(5)
        try await bench.settle(try await bench.take(), .tryAgain(at: next, reason: "503"))
        #expect(try await bench.store.nextDelivery(within: .unlimited) == next)
        #expect(try await bench.take(at: next - .milliseconds(1)).isEmpty)
        #expect(try await bench.take(at: next).map(\.attempt) == [2, 2])
    }

    @Test("a lease that has run out can't record anything once another has the message", arguments: StoreKind.allCases)
    func fencesTheLate(kind: StoreKind) async throws {
        let bench = try kind.make()
        let id = try await bench.open().id
        let late = try await bench.take()
        #expect(try await bench.take(at: Bench.lease.until - .milliseconds(1), Bench.second).isEmpty)
        let current = try await bench.take(at: Bench.lease.until, Bench.second)
        #expect(current.map(\.attempt) == [2, 2])
        try await bench.settle(late, .sent(detail: "late"))
        try await bench.store.handBack(late, at: bench.start)
        #expect(try await bench.records(of: id).allSatisfy { $0.state == .sending && $0.attempts == 2 })
        try await bench.settle(current, .sent(detail: "ok"))
        #expect(try await bench.records(of: id).allSatisfy { $0.state == .sent && $0.detail == "ok" })
    }

    @Test("the same owner's earlier attempt is fenced as well", arguments: StoreKind.allCases)
    func fencesEarlierAttempts(kind: StoreKind) async throws {
        let bench = try kind.make()
        let id = try await bench.open().id
        let first = try await bench.take()
        let renewed = Lease(owner: Bench.lease.owner, until: bench.start + .seconds(600))
        let again = try await bench.take(at: Bench.lease.until, renewed)
        #expect(again.count == 2)
        try await bench.settle(first, .failed(reason: "x"))
        #expect(try await bench.records(of: id).allSatisfy { $0.state == .sending })
    }

    @Test("nobody settles or gives back what another holds", arguments: StoreKind.allCases)
    func fencesStrangers(kind: StoreKind) async throws {
        let bench = try kind.make()
        let id = try await bench.open().id
        let forged = try await bench.take().map {
            LeasedDelivery(delivery: $0.delivery, attempt: $0.attempt, lease: Bench.second)
        }
        try await bench.settle(forged, .sent(detail: "x"))
        try await bench.store.handBack(forged, at: bench.start)
        #expect(try await bench.records(of: id).allSatisfy { $0.state == .sending && $0.attempts == 1 })
    }

    @Test("what is settled stays as it is", arguments: StoreKind.allCases)
    func settlesOnce(kind: StoreKind) async throws {
        let bench = try kind.make()
        let id = try await bench.open().id
        let taken = try await bench.take()
        let sent = taken.map { Settlement(leased: $0, verdict: .sent(detail: "ok"), at: bench.start) }
        let failed = taken.map { Settlement(leased: $0, verdict: .failed(reason: "no"), at: bench.start) }
        try await bench.store.settle(sent + failed)
        try await bench.store.handBack(taken, at: bench.start)
        try await bench.store.reclaim(except: "nobody", at: bench.start)
        #expect(try await bench.records(of: id).allSatisfy { $0.state == .sent && $0.detail == "ok" })
        #expect(try await bench.store.nextDelivery(within: .unlimited) == nil)
    }

    @Test("what is handed back is pending again, and was no attempt", arguments: StoreKind.allCases)
    func handsBack(kind: StoreKind) async throws {
        let bench = try kind.make()
        let id = try await bench.open(lease: Bench.lease).id
        let now = bench.start + .seconds(3)
        let leased = try await bench.records(of: id).map {
            LeasedDelivery(delivery: $0.delivery, attempt: $0.attempts, lease: Bench.lease)
        }
        try await bench.store.handBack(leased, at: now)
        #expect(try await bench.records(of: id).allSatisfy { $0.state == .pending && $0.nextAttempt == now })
        #expect(try await bench.take(at: now, Bench.second).map(\.attempt) == [1, 1])
    }

    @Test(
        "what waits for a digest was no attempt, is taken up at its time, and keeps its digest's name",
        arguments: StoreKind.allCases)
    func holds(kind: StoreKind) async throws {
        let bench = try kind.make()
        let id = try await bench.open(lease: Bench.lease).id
        let leased = try await bench.records(of: id).map {
            LeasedDelivery(delivery: $0.delivery, attempt: $0.attempts, lease: Bench.lease)
        }
        let until = bench.start + .seconds(120)
        let held = leased.map { HeldDelivery(leased: $0, until: until, digest: "dana.1", reason: "waits") }
        try await bench.store.hold(held, at: bench.start)
        try await bench.store.hold(held, at: bench.start + .seconds(1))
        #expect(
            try await bench.records(of: id).allSatisfy {
                $0.state == .pending && $0.nextAttempt == until && $0.attempts == 0 && $0.detail == "waits"
            })
        #expect(try await bench.take(at: until - .milliseconds(1), Bench.second).isEmpty)
        #expect(try await bench.store.nextDelivery(within: .unlimited) == until)
        let taken = try await bench.take(at: until, Bench.second)
        #expect(taken.map(\.attempt) == [1, 1] && taken.allSatisfy { $0.digest == "dana.1" })
        try await bench.settle(taken, .tryAgain(at: until + .seconds(5), reason: "450"))
        #expect(try await bench.take(at: until + .seconds(5)).allSatisfy { $0.digest == "dana.1" && $0.attempt == 2 })
    }

    @Test(
        "held messages are taken up again when their lane is released, others stay",
        arguments: StoreKind.allCases)
    func releases(kind: StoreKind) async throws {
        let bench = try kind.make()
        let id = try await bench.open().id
        try await bench.settle(try await bench.take(), .held(reason: "HTTP 410"))
        #expect(try await bench.store.nextDelivery(within: .unlimited) == nil, "held is not due")
        #expect(
            try await bench.store.queues() == [
                "mail": LaneQueue(held: 1), "teams/dana": LaneQueue(held: 1),
            ])
        #expect(
            try await bench.store.revive(.held(lanes: ["mail", "slack/lee"]), at: bench.start)
                == Revived(pending: 1))
        #expect(
            try await bench.states(of: id) == ["decide dana mail": .pending, "decide dana teams": .held])
        #expect(try await bench.take().map(\.attempt) == [2])
        #expect(try await bench.store.revive(.held(lanes: nil), at: bench.start) == Revived(pending: 1))
    }

    @Test(
        "undelivered messages are listed, newest first, and tried again on request",
        arguments: StoreKind.allCases)
    func retriesUndelivered(kind: StoreKind) async throws {
        let bench = try kind.make()
        for number in 1...3 { try await bench.open(number) }
        let taken = try await bench.take(full: ["teams/dana"])
        let verdicts: [DeliveryVerdict] = [
            .failed(reason: "no such user"), .unknown(reason: "lost"), .held(reason: "5.7.8"),
        ]
        for (leased, verdict) in zip(taken, verdicts) { try await bench.settle([leased], verdict) }
        let listed = try await bench.store.undelivered(limit: 10)
        #expect(listed.map(\.state) == [.held, .unknown, .failed])
        #expect(listed.map(\.detail) == ["5.7.8", "lost", "no such user"])
        #expect(try await bench.store.undelivered(limit: 1).map(\.state) == [.held])
        let failed = taken[0].delivery.id
        #expect(
            try await bench.store.revive(.messages([failed, "nobody.1.decide.x.y"]), at: bench.start)
                .pending == 1)
        #expect(try await bench.store.revive(.messages([failed]), at: bench.start) == Revived())
        #expect(try await bench.store.revive(.held(lanes: nil), at: bench.start).pending == 1)
        #expect(try await bench.store.revive(.all, at: bench.start).pending == 1)
        #expect(try await bench.take(full: ["teams/dana"]).map(\.attempt) == [2, 2, 2])
    }

    @Test(
        "a question that waits for a mended configuration is cancelled with its answer",
        arguments: StoreKind.allCases)
    func heldQuestions(kind: StoreKind) async throws {
        let bench = try kind.make()
        let id = try await bench.open().id
        let taken = try await bench.take()
        try await bench.settle([taken[0]], .held(reason: "HTTP 410"))
        try await bench.settle([taken[1]], .failed(reason: "HTTP 400"))
        try await bench.decide(.assign(rep: "billy", by: "dana", note: nil), on: id)
        let states = try await bench.records(of: id).prefix(2).map(\.state)
        #expect(states == [.cancelled, .failed])
        #expect(try await bench.store.revive(.all, at: bench.start) == Revived(cancelled: 1))
    }

    @Test("reclaiming ends everyone's leases but the owner's own", arguments: StoreKind.allCases)
    func reclaims(kind: StoreKind) async throws {
        let bench = try kind.make()
        let lost = try await bench.open(1, lease: Bench.lease).id
        let own = try await bench.open(2, lease: Bench.second).id
        let now = bench.start + .seconds(1)
        try await bench.store.reclaim(except: Bench.second.owner, at: now)
        #expect(
            try await bench.records(of: lost).allSatisfy {
                $0.state == .pending && $0.nextAttempt == now && $0.attempts == 1
            })
        #expect(try await bench.records(of: own).allSatisfy { $0.state == .sending })
        #expect(try await bench.take(at: now, Bench.second).allSatisfy { $0.attempt == 2 })
    }

    @Test("a question that failed for now isn't asked again once there is an answer", arguments: StoreKind.allCases)
    func dropsAnsweredQuestions(kind: StoreKind) async throws {
        let bench = try kind.make()
        let id = try await bench.open(lease: Bench.lease).id
        let leased = try await bench.records(of: id).map {
            LeasedDelivery(delivery: $0.delivery, attempt: $0.attempts, lease: Bench.lease)
        }
        try await bench.decide(.assign(rep: "billy", by: "dana", note: nil), on: id)
        #expect(try await bench.records(of: id).prefix(2).map(\.state) == [.sending, .sending])
        try await bench.settle([leased[0]], .tryAgain(at: bench.start + .seconds(5), reason: "503"))
        try await bench.store.settle([Settlement(leased: leased[1], verdict: .sent(detail: "ok"), at: bench.start)])
        #expect(try await bench.records(of: id).prefix(2).map(\.state) == [.cancelled, .sent])
    }

    @Test("news that failed for now is tried again after the answer", arguments: StoreKind.allCases)
    func keepsNews(kind: StoreKind) async throws {
        let bench = try kind.make()
        let id = try await bench.open().id
        try await bench.decide(.assign(rep: "billy", by: "dana", note: nil), on: id)
        let news = try await bench.take()
        #expect(news.map(\.delivery.kind).contains(.assigned))
        try await bench.settle(news, .tryAgain(at: bench.start + .seconds(5), reason: "503"))
        let states = try await bench.states(of: id)
        #expect(states["assigned billy mail"] == .deferred)
        #expect(states["settled dana mail"] == .deferred)
    }

    @Test("no way back revives an answered question", arguments: StoreKind.allCases, ["take", "handBack", "reclaim"])
    func revivesNoQuestion(kind: StoreKind, way: String) async throws {
        let bench = try kind.make()
        let id = try await bench.open(lease: Bench.lease).id
        let leased = try await bench.records(of: id).map {
            LeasedDelivery(delivery: $0.delivery, attempt: $0.attempts, lease: Bench.lease)
        }
        try await bench.decide(.reject(reason: .spam, by: "dana", note: nil), on: id, lease: Bench.second)
        let now = Bench.lease.until
        switch way {
        case "take": #expect(try await bench.take(at: now, Bench.second, limit: 1).isEmpty)
        case "handBack": try await bench.store.handBack(leased, at: now)
        default: try await bench.store.reclaim(except: Bench.second.owner, at: now)
        }
        let states = try await bench.states(of: id)
        #expect(states["decide dana mail"] == .cancelled)
        #expect(states["decide dana teams"] == .cancelled)
        #expect(states["settled dana mail"] == .sending)
    }
}
