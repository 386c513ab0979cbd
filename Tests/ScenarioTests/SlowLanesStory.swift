// Destinations that take long: what is on its way to them, and what waits for them, is in nobody else's way.

import LeadCore
import LeadTestKit
import Testing

@Suite("Slow destinations", .timeLimit(.minutes(5)))
struct SlowLanesStory {
    private static let slow = (1...50).map { PersonID("slow\($0)") }

    /// Leads of the campaign `crowd` go to fifty managers, all others to one.
    private static func plan(_ channel: TrapChannel) -> HousePlan {
        let people = slow.map { person($0, "dead/\($0)") } + [person("fast", "alive")] + Cast.mailOnly
        let policies = [
            "crowd": Sample.policy([(.zero, .notify(.people(slow))), (.seconds(3600), .assign("jane"))]),
            "standard": Sample.policy([(.zero, .notify(.manager)), (.seconds(3600), .assign("jane"))]),
        ]
        let routes = [
            Route(conditions: [.field(.campaign, .isOneOf(["crowd"]))], managers: slow, policy: "crowd"),
            Route(managers: ["fast"], policy: "standard"),
        ]
        return HousePlan {
            $0.rulebook = Sample.rulebook(people: people, routes: routes, policies: policies)
            $0.channels = [channel, ScriptedChannel(id: "mail"), ScriptedChannel(id: "slack")]
        }
    }

    private static func person(_ id: PersonID, _ address: String) -> Person {
        Person(id: id, name: "Ms \(id)", isManager: true, reach: [Sample.reach("teams", address)])
    }

    @Test(
        "fifty slow destinations delay no fast one: from a lead's file to its message, p99 stays within twice of its own alone"
    )
    func fifty() async throws {
        let trap = TrapChannel(id: "teams")
        try await House.open(Self.plan(trap)) { busy in
            // A house that is cleared away waits for what hangs.
            defer { trap.open() }
            busy.allowHanging("teams")
            // Each slow lane has two messages under way, and eight that wait for them.
            for number in 1...10 { try await busy.drop(lead: number, [.campaign: "crowd"]) }
            try await busy.waitFor("every slow lane to be busy") { busy.journal.look { $0.underWay.count } == 100 }
            try await House.open(Self.plan(TrapChannel(id: "teams"))) { calm in
                var number = 10
                let times = try await PairedTimes.measure(rounds: 7, of: 100) { way in
                    number += 1
                    let house = way == .alone ? calm : busy
                    try await house.drop(lead: number)
                    try await house.expect(.decide, to: "fast", by: "teams")
                }
                let (alone, beside) = (times.quantile(0.99, .alone), times.quantile(0.99, .beside))
                #expect(beside <= alone * 2, "p99 \(beside), alone \(alone)")
            }
            #expect(busy.journal.look { $0.underWay.count } == 100, "nothing slow has ended meanwhile")
            trap.open()
            try await busy.settle()
            busy.journal.readAll()
        }
    }
}
