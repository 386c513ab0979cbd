// The store fails: leads stay in the spool, the daemon says so, works as little as it must, loses nothing and sends nothing
// twice, and goes on by itself once the store is well again.

import Foundation
import LeadCore
import LeadTestKit
import Testing

@Suite("Store trouble", .timeLimit(.minutes(5)))
struct StoreTroubleStory {
    static let outage = StoreFailure(.unavailable, "the disk is full")

    @Test("while the store fails, files stay and readiness says why; once it is well they are taken")
    func outage() async throws {
        try await House.open { house in
            let store = try house.run.store
            store.setOutage(Self.outage)
            for number in 1...5 { try await house.drop(lead: number) }
            try await house.settle()
            #expect(try house.names(in: house.incoming).count == 5)
            var checks = try await house.run.engine.readiness()
            #expect(checks.contains { $0.name == "intake" && !$0.isWell && $0.detail.contains("disk is full") })

            // News without leads doesn't hide the trouble.
            #expect(mkdir("\(house.incoming)/folder", 0o700) == 0)
            try await house.pass(.seconds(700))
            checks = try await house.run.engine.readiness()
            #expect(checks.allSatisfy { !$0.isWell }, "\(checks)")
            #expect(try await house.run.engine.liveness().allSatisfy(\.isWell))
            #expect(rmdir("\(house.incoming)/folder") == 0)

            store.setOutage(nil)
            try await house.pass(.seconds(30))
            for _ in 1...5 { try await house.expect(.decide, to: "dana", by: "mail", "teams") }
            try await house.expectSilence()
            #expect(try await house.run.engine.readiness().allSatisfy(\.isWell))
        }
    }

    @Test("a store that fails is asked ever more rarely, not in a hot loop")
    func noHotLoop() async throws {
        try await House.open { house in
            let store = try house.run.store
            store.setOutage(Self.outage)
            try await house.drop(lead: 1)
            try await house.settle()
            let first = house.journal.look { $0.commits.count }
            for _ in 0..<20 { try await house.settle() }
            #expect(house.journal.look { $0.commits.count } == first, "without time nothing is tried")

            try await house.pass(.seconds(60))
            let minute = house.journal.look { $0.commits.count } - first
            #expect((4...8).contains(minute), "\(minute) attempts in the first minute")
            try await house.pass(.seconds(600))
            let later = house.journal.look { $0.commits.count } - first - minute
            #expect((15...30).contains(later), "\(later) attempts in the next ten minutes")
            store.setOutage(nil)
            try await house.pass(.seconds(30))
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
        }
    }

    @Test("a message that is out when the store fails is recorded later and not sent again")
    func unrecorded() async throws {
        try await House.open { house in
            try house.hold("mail")
            try house.hold("teams")
            let ada = try await house.drop(lead: 1)
            try await house.waitFor("both to begin") { house.journal.look { $0.underWay.count } == 2 }
            try await house.settle()
            try house.run.store.setOutage(Self.outage)
            try house.release("mail")
            try house.release("teams")
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            // Longer than the leases last.
            try await house.pass(.seconds(600))
            try house.run.store.setOutage(nil)
            try await house.pass(.seconds(10))
            try await house.expectSilence()
            #expect(house.journal.now.letters.count == 2)
            #expect(try await house.file(ada).deliveries.allSatisfy { $0.state == .sent && $0.attempts <= 2 })
        }
    }

    @Test("a message that fails for good while the store fails alarms the operator once the store is well")
    func alarmSurvives() async throws {
        try await House.open { house in
            try house.hold("teams")
            try house.channel("teams").answer { _, _ in .failed(reason: "HTTP 410") }
            try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail")
            try await house.settle()
            try house.run.store.setOutage(Self.outage)
            try house.release("teams")
            try await house.pass(.seconds(20))
            try house.run.store.setOutage(nil)
            try await house.pass(.seconds(20))
            try await house.expect(.alarm, to: "lee", by: "mail", "slack")
            try await house.expect(.remind, to: "dana", by: "mail")
        }
    }

    @Test("escalation goes on when the store is well again, each step once")
    func escalation() async throws {
        try await House.open { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.pass(.seconds(890))
            try house.run.store.setOutage(Self.outage)
            try await house.pass(.seconds(60))
            try await house.expectSilence()
            try house.run.store.setOutage(nil)
            try await house.pass(.seconds(5))
            try await house.expect(.remind, to: "dana", by: "mail", "teams")
            #expect(try await house.story(of: ada) == ["opened", "notified dana", "reminded dana"])
        }
    }

    @Test("one case that can't be read delays no other")
    func poison() async throws {
        try await House.open { house in
            let poisoned = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: poisoned)
            let ada = try await house.drop(lead: 2)
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: ada)
            try house.run.store.setPoisoned([poisoned])
            try await house.pass(.seconds(900))
            try await house.expect(.remind, to: "dana", by: "mail", "teams", about: ada)
            let checks = try await house.run.engine.readiness()
            #expect(checks.contains { $0.name == "escalation" && !$0.isWell })
            let later = try await house.drop(lead: 3)
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: later)
            try await house.pass(.seconds(930))
            try await house.expect(.escalate, to: "lee", by: "mail", "slack", about: ada)
            try await house.expect(.remind, to: "dana", by: "mail", "teams", about: later)

            // Once it can be read again, its time has come long ago.
            try house.run.store.setPoisoned([])
            try await house.pass(.seconds(5))
            try await house.expect(.escalate, to: "lee", by: "mail", "slack", about: poisoned)
        }
    }

    @Test(
        "on a full disk leads stay in the spool; with space again they are taken",
        .enabled(if: SmallDisk.isAvailable, "mounting a small file system takes root"))
    func fullDisk() async throws {
        let disk = try SmallDisk(kilobytes: 2048)
        let plan = HousePlan { $0.storeFolder = disk.path }
        try await House.open(plan) { house in
            try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
            try await house.settle()
            try disk.fill(leaving: 64)
            var number = 1
            while try await house.run.engine.readiness().allSatisfy(\.isWell) {
                number += 1
                try #require(number < 200, "the disk never fills")
                try await house.drop(lead: number, [.description: String(repeating: "marble ", count: 2000)])
                try await house.waitFor("lead \(number) to be tried") { house.journal.look { $0.openBatches } == 0 }
            }
            let stored = try await house.cases().count
            #expect(try house.names(in: house.incoming).count == number - stored)
            let detail = try await house.run.engine.readiness().filter { !$0.isWell }.map(\.detail)
            #expect(detail.contains { $0.contains("full") }, "\(detail)")
            try await house.pass(.seconds(120))

            try disk.empty()
            try await house.pass(.seconds(60))
            #expect(try await house.cases().count == number)
            for _ in 2...number { try await house.expect(.decide, to: "dana", by: "mail", "teams") }
        }
    }
}
