// Thousands of seeds without a broken promise, and the proof that broken promises would be found. A failure prints its
// seed and story; `LEADBELL_SIM_SEEDS` sets how many seeds are lived through.

import Foundation
import LeadCore
import Testing

@Suite("Simulation")
struct SimulationTests {
    private static var seeds: UInt64 {
        ProcessInfo.processInfo.environment["LEADBELL_SIM_SEEDS"].flatMap(UInt64.init) ?? 10_000
    }

    /// Seeds of one task; a multiple keeps the tasks few and the cores busy.
    private static let chunk: UInt64 = 250

    @Test("no seed breaks a promise, whatever crashes, jumps and is lost")
    func promises() async {
        let failures = await withTaskGroup(of: [(UInt64, Violation)].self) { group in
            for start in stride(from: 0, to: Self.seeds, by: UInt64.Stride(Self.chunk)) {
                let end = min(start + Self.chunk, Self.seeds)
                group.addTask { Self.broken(in: start..<end, bug: nil, limit: 1) }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        for (seed, violation) in failures.sorted(by: { $0.0 < $1.0 }).prefix(3) { Self.report(seed, violation, nil) }
    }

    @Test("each planted bug is found within six hundred seeds", arguments: PlantedBug.allCases)
    func plantedBugs(bug: PlantedBug) {
        let found = Self.broken(in: 0..<600, bug: bug, limit: 1)
        guard let (seed, violation) = found.first else {
            Issue.record("\(bug) is not found")
            return
        }
        #expect(bug.breaks.contains(violation.invariant), "\(bug) at seed \(seed): \(violation)")
    }

    @Test("a seed always lives through the same story")
    func deterministic() {
        for seed in 0..<20 as Range<UInt64> { #expect(Self.story(seed, nil) == Self.story(seed, nil)) }
    }

    @Test("the stories are rich enough to mean something")
    func coverage() throws {
        var crashes = 0
        var states: [LeadCase.StateName: Int] = [:]
        var events: Set<String> = []
        var rowStates: Set<DeliveryState> = []
        var duplicates = 0
        var (cases, joined, left) = (0, 0, 0)
        for seed in 0..<300 as Range<UInt64> {
            let simulation = Simulation(seed: seed)
            try simulation.run()
            crashes += simulation.crashes
            for stored in simulation.store.cases {
                states[stored.current.stateName, default: 0] += 1
                let own = Set(stored.history.map { String("\($0.event)".prefix { $0 != "(" }) })
                events.formUnion(own)
                cases += 1
                if own.contains("inquired") { joined += 1 }
                if own.contains("separated") { left += 1 }
            }
            rowStates.formUnion(simulation.store.rows.map(\.state))
            duplicates += simulation.witness.received.values.count { $0 > 1 }
        }
        #expect(crashes > 300)
        #expect(states.count == 3)
        #expect(events.count == 25, "\(events.sorted())")
        #expect(rowStates == [.sent, .failed, .cancelled])
        // Copies are what at least once costs; without any the crashes would come at harmless moments only.
        #expect(duplicates > 0)
        #expect(joined * 10 > cases, "\(joined) of \(cases) cases are joined")
        #expect(left * 5 > joined, "\(left) of \(joined) lose an inquiry again")
    }

    private static func broken(in seeds: Range<UInt64>, bug: PlantedBug?, limit: Int) -> [(UInt64, Violation)] {
        var found: [(UInt64, Violation)] = []
        for seed in seeds {
            let simulation = Simulation(seed: seed, bug: bug)
            do throws(Violation) {
                try simulation.run()
            } catch {
                found.append((seed, error))
                if found.count == limit { break }
            }
        }
        return found
    }

    private static func story(_ seed: UInt64, _ bug: PlantedBug?) -> [String] {
        let simulation = Simulation(seed: seed, bug: bug, isTraced: true)
        do throws(Violation) {
            try simulation.run()
        } catch {
            simulation.trace.append("\(error.invariant): \(error.what)")
        }
        return simulation.trace
    }

    private static func report(_ seed: UInt64, _ violation: Violation, _ bug: PlantedBug?) {
        let story = story(seed, bug).joined(separator: "\n")
        Issue.record("seed \(seed) breaks \(violation.invariant): \(violation.what)\n\(story)")
    }
}
