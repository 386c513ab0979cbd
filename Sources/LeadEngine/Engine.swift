// The daemon without its surroundings: three ways in and one way out around the store. The program hands in the adapters
// and runs it; stories run it with a manual clock.

import LeadCore
import Logging

/// The loops and the desk.
public struct Engine: Sendable, HealthSource {
    /// What the engine works with.
    public struct Parts: Sendable {
        public let store: any CaseStore
        public let absences: any AbsenceStore
        /// Finds who has asked before; nil where nobody is looked for.
        public let likenesses: (any LikenessStore)?
        public let source: any LeadSource
        public let clock: any TimeSource
        public let instance: InstanceID
        public let enrich: @Sendable (Lead) async -> EnrichedLead
        /// What can be known of a lead without waiting for anybody.
        public let complete: @Sendable (Lead) async -> Lead
        /// Whether enrichment may have to wait for somebody.
        public let enrichmentWaits: @Sendable () -> Bool
        /// Whether posts wait to be durable, which go before what is worked off.
        public let isPressed: @Sendable () -> Bool
        /// Asks again what a former run was not answered; nil when nobody is asked again.
        public let secondAsking: @Sendable (_ isStart: Bool) -> SecondAsking?
        /// What operators are to be told of enrichers.
        public let refusals: Refusals
        /// A number in 0..<1 that spreads retries.
        public let random: @Sendable () -> Double
        public let log: Logger
        /// Whether what surrounds the engine (the spool's folders) is well.
        public let surroundings: @Sendable () -> [HealthCheck]
        /// Puts away what a rush has left; nil where nothing is done about it.
        public let whenAtRest: (@Sendable () -> Void)?

        /// The parts of an engine.
        public init(
            store: any CaseStore & AbsenceStore, likenesses: (any LikenessStore)? = nil, source: any LeadSource,
            clock: any TimeSource,
            instance: InstanceID, log: Logger,
            random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
            surroundings: @escaping @Sendable () -> [HealthCheck] = { [] },
            enrichmentWaits: @escaping @Sendable () -> Bool = { false },
            isPressed: @escaping @Sendable () -> Bool = { false },
            secondAsking: @escaping @Sendable (_ isStart: Bool) -> SecondAsking? = { _ in nil },
            refusals: Refusals = Refusals(),
            whenAtRest: (@Sendable () -> Void)? = nil,
            complete: @escaping @Sendable (Lead) async -> Lead = { $0 },
            enrich: @escaping @Sendable (Lead) async -> EnrichedLead
        ) {
            self.store = store
            self.likenesses = likenesses
            absences = store
            self.source = source
            self.clock = clock
            self.instance = instance
            self.enrich = enrich
            self.complete = complete
            self.secondAsking = secondAsking
            self.refusals = refusals
            self.enrichmentWaits = enrichmentWaits
            self.isPressed = isPressed
            self.random = random
            self.log = log
            self.surroundings = surroundings
            self.whenAtRest = whenAtRest
        }
    }

    private let parts: Parts
    private let rulebook: Current<Rulebook>
    private let dispatcher: Dispatcher
    private let intake: Intake
    private let escalator: Escalator
    private let absenceWatch: AbsenceWatch
    private let ledger: CaseLedger
    private let turns: TurnBook
    /// Who is away; commands and pages change it.
    public let presence: PresenceBook

    /// What pages and the command line use.
    public var desk: any Desk { CaseDesk(ledger: ledger, log: parts.log) }

    /// Finds leads that are known already.
    public var finder: any LeadFinder {
        CaseFinder(
            likenesses: parts.likenesses, rulebook: rulebook, clock: parts.clock, complete: parts.complete)
    }

    /// An engine that decides by `rulebook`, signs by `keys` and sends through `channels`; `whenOver` is called when the last
    /// message by these has ended, after a reload.
    public init(
        _ parts: Parts, rulebook: Current<Rulebook>, keys: LinkKeys, channels: [any Channel],
        whenOver: @escaping @Sendable () async -> Void = {}
    ) {
        self.parts = parts
        self.rulebook = rulebook
        let reps = RepBook(store: parts.store, clock: parts.clock, settings: rulebook.now.ranking)
        presence = PresenceBook(store: parts.absences, clock: parts.clock, rulebook: rulebook)
        dispatcher = Dispatcher(
            store: parts.store, clock: parts.clock, instance: parts.instance,
            outfit: Current(
                Self.outfit(rulebook.now, keys, channels, Self.ranker(rulebook, reps, parts.clock), whenOver)),
            random: parts.random,
            pulse: Pulse(name: "dispatch"), log: parts.log)
        let alarm = DeadlineAlarm()
        turns = TurnBook(store: parts.store)
        ledger = CaseLedger(
            store: parts.store, clock: parts.clock, rulebook: rulebook, reps: reps, turns: turns, log: parts.log,
            dispatcher: dispatcher, alarm: alarm,
            lull: parts.whenAtRest.map { Lull(clock: parts.clock, action: $0) })
        intake = Intake(
            source: parts.source, enrich: parts.enrich, waits: parts.enrichmentWaits, isPressed: parts.isPressed,
            secondAsking: parts.secondAsking,
            reception: Reception(
                ledger: ledger, likenesses: parts.likenesses, refusals: parts.refusals, log: parts.log),
            clock: parts.clock, pulse: Pulse(name: "intake"), log: parts.log)
        escalator = Escalator(
            ledger: ledger, alarm: alarm, pulse: Pulse(name: "escalation"), log: parts.log)
        absenceWatch = AbsenceWatch(ledger: ledger, presence: presence, log: parts.log)
    }

    /// A desk directly on a store, for when no daemon runs: messages wait in the outbox for its next start.
    public static func desk(
        on store: any CaseStore, rulebook: Current<Rulebook>, clock: any TimeSource
    ) async throws(StoreFailure) -> any Desk {
        let reps = RepBook(store: store, clock: clock, settings: rulebook.now.ranking)
        try await reps.rebuild()
        let silent = Logger(label: "leadbell") { _ in SwiftLogNoOpLogHandler() }
        let turns = TurnBook(store: store)
        try await turns.load()
        let ledger = CaseLedger(
            store: store, clock: clock, rulebook: rulebook, reps: reps, turns: turns, log: silent)
        return CaseDesk(ledger: ledger, log: silent)
    }

    /// What each rep has to do by what `store` knows at `now`, for commands that only look.
    public static func loads(
        in store: any CaseStore, clock: any TimeSource, settings: RankingSettings, at now: Timestamp
    ) async throws(StoreFailure) -> @Sendable (PersonID) -> Workload {
        let reps = RepBook(store: store, clock: clock, settings: settings)
        try await reps.rebuild()
        return reps.loads(at: now)
    }

    /// Replaces rules, keys and channels. Messages under way end on the old ones; `whenOver` is called when the last message
    /// by the new ones has ended, after a further reload.
    public func reload(
        rulebook new: Rulebook, keys: LinkKeys, channels: [any Channel],
        whenOver: @escaping @Sendable () async -> Void = {}
    ) {
        let old = rulebook.now
        presence.configure(new)
        findAlike(by: new)
        let isRepGone = old.people.contains { new.person($0.id) == nil }
        if isRepGone || ledger.reps.differs(from: new.ranking) {
            Task {
                do throws(StoreFailure) {
                    try await takeOver(from: try await ledger.reps.rebuild(by: new.ranking))
                } catch {
                    parts.log.error("loads are still counted as before", metadata: ["reason": "\(error)"])
                }
            }
        }
        let ranker = Self.ranker(rulebook, ledger.reps, parts.clock)
        dispatcher.adopt(Self.outfit(new, keys, channels, ranker, whenOver))
        // Whoever could not be asked before may be now.
        Task { await intake.reception.askAgain(parts.secondAsking(false)) }
    }

    /// Every lane that was used in this run, in no order.
    public func lanes() -> [LaneStatus] { dispatcher.lanes() }

    /// What somebody should mend of channels whose messages go out all the same.
    public func complaints() -> [ChannelID: String] { dispatcher.complaints() }

    /// Tries stopped and resting lanes of `channels` (all, when nil) again, with the messages that were held for them, and
    /// what such channels go on without.
    public func resume(_ channels: Set<ChannelID>?) async throws(StoreFailure) -> Revived {
        try await dispatcher.resume(channels)
    }

    /// Tries undelivered messages again.
    public func retry(_ which: Revival) async throws(StoreFailure) -> Revived {
        let revived = try await parts.store.revive(which, at: parts.clock.now())
        dispatcher.bell.ring()
        return revived
    }

    /// Lets open cases that nobody has yet go by the rules as they are now; answers how many that changed.
    public func replan() async throws(StoreFailure) -> Int {
        var count = 0
        for open in try await parts.store.list(states: [.waiting, .claimed], limit: .max) {
            do throws(StoreFailure) {
                guard case .done(let subject) = try await ledger.decide(.replan, on: open.id) else { continue }
                count += 1
                parts.log.notice(
                    "planned anew by the present rules",
                    metadata: ["lead": "\(subject.id)", "owner by": "\(CivilTime(subject.ownerBy).rfc3339)"])
            } catch  where error.code == .damaged {
                // One case that can't be read delays no other.
                parts.log.error(
                    "a lead can't be planned anew", metadata: ["lead": "\(open.id)", "reason": "\(error)"])
            }
        }
        return count
    }

    /// Has the index of who has asked before held current, or not.
    private func findAlike(by rulebook: Rulebook) {
        guard rulebook.duplicates != nil else {
            parts.likenesses?.forgetAlike()
            return
        }
        Task {
            do throws(StoreFailure) {
                try await parts.likenesses?.findAlike()
            } catch {
                parts.log.error("who has asked before isn't known yet", metadata: ["reason": "\(error)"])
            }
        }
    }

    /// Takes up what a former run left, then runs the loops until the task is cancelled; stops in order: no more files,
    /// then what is under way ends or is handed back within `patience`.
    public func run(patience: Duration = .seconds(8)) async throws(StoreFailure) {
        dispatcher.onFailure { [ledger, log = parts.log] delivery, reason, isNews in
            do throws(StoreFailure) {
                let command = CaseCommand.deliveryFailed(delivery, reason: reason, isNews: isNews)
                _ = try await ledger.decide(command, on: delivery.caseID)
                return .recorded
            } catch {
                log.error(
                    "the failure could not be put on record",
                    metadata: ["lead": "\(delivery.caseID)", "reason": "\(error)"])
                // A case that can't be read never takes it; the log has told.
                return error.code == .damaged ? .recorded : .notYet
            }
        }
        dispatcher.onSilence { [ledger, log = parts.log] addressee, isNews throws(StoreFailure) in
            let command = CaseCommand.unreachable(person: addressee.person, isNews: isNews)
            guard case .done = try await ledger.decide(command, on: addressee.caseID) else { return false }
            log.warning(
                "no channel takes anything to somebody who was asked, so the lead goes on",
                metadata: ["lead": "\(addressee.caseID)", "person": "\(addressee.person)"])
            return true
        }
        dispatcher.onFault { [ledger] id, channel, reason throws(StoreFailure) in
            guard case .done = try await ledger.decide(.channelImpaired(channel, reason: reason), on: id) else {
                return false
            }
            return true
        }
        try await presence.load()
        try await turns.load()
        let held = try await ledger.reps.rebuild()
        try await parts.store.reclaim(except: parts.instance, at: parts.clock.now())
        // The configuration may have been mended since.
        try await parts.store.revive(.held(lanes: nil), at: parts.clock.now())
        try await takeOver(from: held)
        if rulebook.now.duplicates != nil { try await parts.likenesses?.findAlike() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await intake.run() }
            group.addTask { await escalator.run() }
            group.addTask { await absenceWatch.run() }
            group.addTask { await dispatcher.run() }
            if let lull = ledger.lull { group.addTask { await lull.run() } }
            await group.waitForAll()
        }
        // A task of its own: this one is cancelled, and what is under way deserves its time all the same.
        await Task { [dispatcher] in await dispatcher.stop(within: patience) }.value
    }

    /// Gives leads whose rep the configuration no longer has to the policies' last resorts, and lists them in the log.
    private func takeOver(from held: [GivenLead]) async throws(StoreFailure) {
        for lead in held where rulebook.now.person(lead.rep) == nil {
            let facts: Logger.Metadata = ["lead": "\(lead.id)", "person": "\(lead.rep)"]
            let decision: Decision
            do throws(StoreFailure) {
                decision = try await ledger.decide(.ownerGone, on: lead.id)
            } catch  where error.code == .damaged {
                // One case that can't be read delays no other.
                parts.log.error(
                    "the rep is no longer in the configuration and the case can't be read",
                    metadata: facts.merging(["reason": "\(error)"]) { $1 })
                continue
            }
            switch decision {
            case .done(let subject):
                parts.log.notice(
                    "the rep is no longer in the configuration; the lead went to the last resort",
                    metadata: facts.merging(["to": "\(subject.assignment?.rep.text ?? "")"]) { $1 })
            case .refused(let why, _):
                parts.log.warning(
                    "the rep is no longer in the configuration and still has the lead",
                    metadata: facts.merging(["reason": "\(why.name)"]) { $1 })
            case .notFound: break
            }
        }
    }

    /// Whether each loop moves.
    public func liveness() async -> [HealthCheck] {
        let now = parts.clock.now()
        return pulses.map { $0.liveness(now) }
    }

    /// Whether each loop's last step went well, and what surrounds the engine is.
    /// Channels that go on without something are named, and well.
    public func readiness() async -> [HealthCheck] {
        let channels = complaints().sorted { $0.key < $1.key }.map { channel, complaint in
            HealthCheck(name: "channel \(channel)", isWell: true, detail: complaint)
        }
        return pulses.map { $0.readiness() } + parts.surroundings() + channels
    }

    private var pulses: [Pulse] { [intake.pulse, escalator.pulse, dispatcher.pulse] }

    /// Ranks by who is there and what they have to do when a message is written.
    private static func ranker(
        _ rulebook: Current<Rulebook>, _ reps: RepBook, _ clock: any TimeSource
    ) -> BriefingWriter.Ranker {
        { lead, reader, limit, phrases in
            let now = clock.now()
            return rulebook.now.ranking(
                for: lead, at: now, reader: reader, limit: limit, phrases: phrases, loads: reps.loads(at: now))
        }
    }

    private static func outfit(
        _ rulebook: Rulebook, _ keys: LinkKeys, _ channels: [any Channel], _ ranker: @escaping BriefingWriter.Ranker,
        _ whenOver: @escaping @Sendable () async -> Void
    ) -> Dispatcher.Outfit {
        Dispatcher.Outfit(
            rulebook: rulebook, writer: BriefingWriter(rulebook: rulebook, keys: keys, ranker: ranker),
            channels: channels, whenOver: whenOver)
    }
}
