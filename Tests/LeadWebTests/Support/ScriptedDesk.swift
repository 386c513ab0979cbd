// A desk that decides with the real `LeadCase` and keeps cases in memory; it can be told to fail as a store does.

import LeadCore

@testable import LeadWeb

/// Cases in memory behind the real decider.
actor ScriptedDesk: Desk {
    private var cases: [CaseID: StoredCase] = [:]
    private let rulebook: Current<Rulebook>
    private let clock: any TimeSource
    private var failure: StoreFailure?
    private(set) var commands: [CaseCommand] = []
    private(set) var visits: [Visit] = []
    /// At which priorities it was looked at.
    private(set) var priorities: [TaskPriority] = []
    /// Rings when what is asked may go on; nil where nothing is held up.
    private var hold: Bell?

    init(_ stored: [StoredCase], rulebook: Current<Rulebook>, clock: any TimeSource) {
        for one in stored { cases[one.subject.id] = one }
        self.rulebook = rulebook
        self.clock = clock
    }

    func fail(with failure: StoreFailure?) { self.failure = failure }

    /// Holds up whoever asks, as a store does that hangs, until the bell rings.
    func holdUp(until bell: Bell?) { hold = bell }

    func stored(_ id: CaseID) -> StoredCase? { cases[id] }

    func view(_ id: CaseID, for reader: PersonID?) async throws(StoreFailure) -> CaseView? {
        if let priority = Task.basePriority { priorities.append(priority) }
        await hold?.wait()
        if let failure { throw failure }
        guard let stored = cases[id] else { return nil }
        return CaseView(
            file: stored.view(rulebook: rulebook.now).file, rulebook: rulebook.now, now: clock.now(), reader: reader,
            loads: { Fixture.loads[$0] ?? Workload() })
    }

    nonisolated func recent(_ id: CaseID, for reader: PersonID?) -> CaseView? { nil }

    func note(_ visit: Visit, of id: CaseID) async { visits.append(visit) }

    func split(_ inquiry: IntakeKey, from id: CaseID) async throws(StoreFailure) -> Decision { .notFound }

    func decide(
        _ command: CaseCommand, on id: CaseID, seen view: CaseView?, through entrance: Entrance?
    ) async throws(StoreFailure) -> Decision {
        await hold?.wait()
        if let failure { throw failure }
        commands.append(command)
        guard var stored = cases[id] else { return .notFound }
        let now = clock.now()
        let ranking = rulebook.now.ranking(
            for: stored.subject.lead, at: now, loads: { Fixture.loads[$0] ?? Workload() })
        do throws(Refusal) {
            try stored.decide(command.grounded { $0.judged(by: ranking) }, now: now, rulebook: rulebook.now)
        } catch {
            return .refused(error, stored.subject)
        }
        cases[id] = stored
        return .done(stored.subject)
    }
}

/// A daemon whose checks the test sets.
struct ScriptedHealth: HealthSource {
    var isWell = true

    func liveness() async -> [HealthCheck] { [HealthCheck(name: "dispatch", isWell: isWell, detail: "idle")] }
    func readiness() async -> [HealthCheck] { [HealthCheck(name: "store", isWell: isWell, detail: "open")] }
}
