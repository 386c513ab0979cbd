// What happens when, as long as nobody chooses. The fallback person is the last step, not a special case.

/// Ordered steps, the last of which gives the lead an owner.
public struct EscalationPolicy: Sendable, Equatable {
    /// Whom a step addresses.
    public enum Audience: Sendable, Equatable {
        /// The route's first manager.
        case manager
        /// The route's next manager who has not been asked yet.
        case nextManager
        /// People by name.
        case people([PersonID])
        /// Everyone who has been asked so far.
        case asked
    }

    /// What a step does.
    public enum Action: Sendable, Equatable {
        /// Ask the audience to choose.
        case notify(Audience)
        /// Remind the audience.
        case remind(Audience)
        /// Warn the audience that the lead is about to be given away, and mark the case.
        case warn(Audience)
        /// Give the lead to a person.
        case assign(PersonID)
        /// Give the lead to the first in the ranking who is on duty and has room; to this person when there is none.
        case assignBest(lastResort: PersonID)

        /// Who gets the lead by it in the end; nil when it gives nobody anything.
        var owner: PersonID? {
            switch self {
            case .assign(let person), .assignBest(let person): person
            case .notify, .remind, .warn: nil
            }
        }

        var assigns: Bool { owner != nil }
    }

    /// An action at a time after the case was opened.
    public struct Step: Sendable, Equatable {
        /// Time since the case was opened: working time of the policy's calendar, if it has one.
        public let after: Duration
        /// What happens then.
        public let action: Action
        /// True when the step is left out for good if a manager has claimed the lead at that time; otherwise it waits for
        /// the claim's end.
        public let onlyUnclaimed: Bool
        /// How far apart its repetitions are, and how often it happens in all; nil for once.
        public let repetition: Repetition?

        /// A step.
        public init(after: Duration, action: Action, onlyUnclaimed: Bool = false, repetition: Repetition? = nil) {
            self.after = after
            self.action = action
            self.onlyUnclaimed = onlyUnclaimed
            self.repetition = repetition
        }

        fileprivate var lastAfter: Duration {
            repetition.map { after + $0.interval * ($0.times - 1) } ?? after
        }

        fileprivate var each: [Step] {
            (0..<(repetition?.times ?? 1)).map { turn in
                Step(
                    after: after + (repetition?.interval ?? .zero) * turn, action: action, onlyUnclaimed: onlyUnclaimed)
            }
        }
    }

    /// How a step is repeated.
    public struct Repetition: Sendable, Equatable {
        /// From one time to the next.
        public let interval: Duration
        /// How often in all; at least 1.
        public let times: Int

        /// `times` in all, `interval` apart.
        public init(interval: Duration, times: Int) {
            self.interval = interval
            self.times = max(1, times)
        }
    }

    /// In which time the steps count.
    public enum Clock: Sendable, Equatable {
        /// Around the clock.
        case always
        /// In the working time of an office.
        case office(WorkCalendar)
        /// In the working time of the manager who is asked first.
        case addressed
    }

    /// What happens when a lead comes while none of its managers works.
    public enum OffDuty: String, Sendable, CaseIterable {
        /// The steps begin when the first of them works again.
        case wait
        /// Somebody else who may choose and works is asked; if nobody works at all, the managers are asked as they are.
        case next
    }

    /// Why a list of steps is no policy.
    public enum Flaw: Error, Sendable, Equatable {
        case empty
        case endsWithoutOwner
        case assignsBeforeTheEnd(step: Int)
        case goesBackInTime(step: Int)
        /// Its repetitions go on when the lead has its owner.
        case repeatsBeyondTheEnd(step: Int)
        case asksNobody
    }

    /// In order of time, each repetition by itself; the last one assigns.
    public let steps: [Step]
    /// In which time they count.
    public let clock: Clock
    /// What happens when nobody works.
    public let offDuty: OffDuty
    /// Who gets the lead when the person for whom it is meant is away, nobody stands in for them, and nobody in the ranking
    /// is on duty and has room; nil when that is the person for whom it was meant, or whom the last step names.
    public let lastResort: PersonID?
    /// By how much a manager may put off the steps that are left, once; nil when they may not.
    public let moreTime: Duration?
    /// Within which time of its clock a lead shall have its owner, as was promised; nil when nothing was.
    public let target: Duration?
    /// Within which time of its clock the rep is to take the first action, once they have the lead; nil when that is left to
    /// them.
    public let firstAction: Duration?
    /// Whether its messages break quiet hours.
    public let wakes: Bool
    /// What the rep is to do with the lead, step by step, in the admin's words.
    public let playbook: [String]

    /// How many steps a playbook has at most, and how long each is, in characters: they stand in every chat's message.
    package static let longestPlaybook = (steps: 6, characters: 200)

    /// Checks that the steps are in order and that the last, and only the last, assigns.
    public init(
        steps: [Step], clock: Clock = .always, offDuty: OffDuty = .next, lastResort: PersonID? = nil,
        moreTime: Duration? = nil, target: Duration? = nil, firstAction: Duration? = nil, wakes: Bool = false,
        playbook: [String] = []
    ) throws(Flaw) {
        guard let last = steps.last else { throw .empty }
        guard last.action.assigns else { throw .endsWithoutOwner }
        for (index, step) in steps.enumerated().dropLast() {
            if step.action.assigns { throw .assignsBeforeTheEnd(step: index) }
            if steps[index + 1].after < step.after { throw .goesBackInTime(step: index + 1) }
            if step.repetition != nil, step.lastAfter >= last.after { throw .repeatsBeyondTheEnd(step: index) }
        }
        guard steps.contains(where: { if case .notify = $0.action { true } else { false } }) else { throw .asksNobody }
        // Of what is due at the same time the earlier in the list comes first.
        let earlier = steps.dropLast().flatMap(\.each).enumerated()
            .sorted { ($0.element.after, $0.offset) < ($1.element.after, $1.offset) }
        self.steps = earlier.map(\.element) + [last]
        self.clock = clock
        self.offDuty = offDuty
        self.lastResort = lastResort
        self.moreTime = moreTime
        self.target = target
        self.firstAction = firstAction
        self.wakes = wakes
        self.playbook = playbook
    }

    /// The policy's steps for one case, with all `managers` in place of the first where they are asked `together`: instants instead of delays, people instead of roles. `time` is that of the policy's
    /// clock; nil is around the clock.
    ///
    /// A `nextManager` when no further manager is left reminds those asked so far instead, so the step is not silent.
    public func plan(
        from start: Timestamp, managers: [PersonID], together: Bool = false, time: WorkingTime? = nil
    ) -> [PlannedStep] {
        let first = together ? managers : Array(managers.prefix(1))
        var asked: [PersonID] = []
        var waiting = managers[...]
        return steps.map { step in
            let action: PlannedStep.Action
            switch step.action {
            case .notify(let audience):
                let people = Self.people(of: audience, first: first, waiting: waiting, asked: asked)
                let fresh = people.filter { !asked.contains($0) }
                asked += fresh
                waiting = waiting.filter { !fresh.contains($0) }[...]
                action = fresh.isEmpty ? .remind(asked) : .notify(fresh)
            case .remind(let audience):
                action = .remind(Self.people(of: audience, first: first, waiting: waiting, asked: asked))
            case .warn(let audience):
                action = .warn(Self.people(of: audience, first: first, waiting: waiting, asked: asked))
            case .assign(let person):
                action = .assign(person)
            case .assignBest(let lastResort):
                action = .assignBest(lastResort)
            }
            let due = time?.deadline(after: step.after, from: start) ?? start + step.after
            return PlannedStep(at: due, action: action, onlyUnclaimed: step.onlyUnclaimed ? true : nil)
        }
    }

    private static func people(
        of audience: Audience, first: [PersonID], waiting: ArraySlice<PersonID>, asked: [PersonID]
    ) -> [PersonID] {
        switch audience {
        case .manager: first
        case .nextManager: Array(waiting.prefix(1))
        case .people(let people): people
        case .asked: asked
        }
    }
}

/// A step of one case.
public struct PlannedStep: Sendable, Equatable, Codable {
    /// What happens, to whom.
    public enum Action: Sendable, Equatable, Codable {
        case notify([PersonID])
        case remind([PersonID])
        case warn([PersonID])
        case assign(PersonID)
        case assignBest(PersonID)

        /// Who gets the lead by it in the end; nil when it gives nobody anything.
        var owner: PersonID? {
            switch self {
            case .assign(let person), .assignBest(let person): person
            case .notify, .remind, .warn: nil
            }
        }

        var assigns: Bool { owner != nil }
    }

    /// When the step is due.
    public let at: Timestamp
    /// What it does.
    public let action: Action
    /// True when it is left out if a manager has claimed the lead at that time.
    public let onlyUnclaimed: Bool?

    /// A step at an instant.
    public init(at: Timestamp, action: Action, onlyUnclaimed: Bool? = nil) {
        self.at = at
        self.action = action
        self.onlyUnclaimed = onlyUnclaimed
    }
}
