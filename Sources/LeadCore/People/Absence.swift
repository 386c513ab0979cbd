// Who is not there, from when until when, and who stands in for them. Absences come from the configuration, from commands
// and pages, and from calendar files; here it doesn't matter which.

/// A time in which a person is away.
public struct Absence: Sendable, Hashable, Codable {
    /// Who is away.
    public let person: PersonID
    /// From then.
    public let from: Timestamp
    /// Until then.
    public let until: Timestamp
    /// Who stands in; nil when nobody does by name.
    public let substitute: PersonID?

    /// An absence.
    public init(person: PersonID, from: Timestamp, until: Timestamp, substitute: PersonID? = nil) {
        self.person = person
        self.from = from
        self.until = until
        self.substitute = substitute
    }
}

extension Rulebook {
    /// Whether `person` works at `now`: within their hours, if they have any, and not away.
    ///
    /// Absences that meet or overlap are one; the substitute is the one of the absence that holds at `now`.
    public func duty(of person: PersonID, at now: Timestamp) -> Duty {
        let absences = absences(of: person).filter { $0.until > now }
        if let present = absences.first(where: { $0.from <= now }) {
            return .away(until: Self.end(of: absences, from: now), substitute: present.substitute)
        }
        let nextAbsence = absences.first?.from
        guard let hours = self.person(person)?.hours else { return .on(until: nextAbsence) }
        let opening = hours.opening(notBefore: now)
        if opening.lowerBound == now {
            return .on(until: nextAbsence.map { min($0, opening.upperBound) } ?? opening.upperBound)
        }
        return .off(next: Self.opening(of: hours, notBefore: opening.lowerBound, absences))
    }

    /// The end of the unbroken absence at `start`.
    private static func end(of absences: [Absence], from start: Timestamp) -> Timestamp {
        absences.reduce(start) { end, absence in absence.from <= end ? max(end, absence.until) : end }
    }

    /// The first working instant that no absence covers.
    private static func opening(
        of hours: WorkCalendar, notBefore start: Timestamp, _ absences: [Absence]
    ) -> Timestamp {
        var next = start
        // Each turn passes an absence, so there are no more turns than absences.
        while let absence = absences.first(where: { $0.from <= next && next < $0.until }) {
            next = hours.opening(notBefore: absence.until).lowerBound
        }
        return next
    }

    /// The time in which the deadlines of a lead under `policy` count when `addressed` is asked first; nil is around the
    /// clock.
    func time(of policy: EscalationPolicy, addressed: PersonID?) -> WorkingTime? {
        switch policy.clock {
        case .always: return nil
        case .office(let hours): return WorkingTime(hours)
        case .addressed:
            guard let person = addressed.flatMap(person) else { return nil }
            let away = absences(of: person.id).map { $0.from..<max($0.from, $0.until) }
            if let hours = person.hours { return WorkingTime(hours, except: away) }
            return away.isEmpty ? nil : WorkingTime(.always(in: person.timeZone), except: away)
        }
    }

    /// By when `rep`, who gets a lead at `now`, is to have taken the first action, by `policy`; nil when it promises nothing.
    /// Where the policy counts in somebody's hours, those are the rep's.
    func firstAction(of rep: PersonID, by policy: EscalationPolicy, from now: Timestamp) -> Timestamp? {
        policy.firstAction.map { time(of: policy, addressed: rep)?.deadline(after: $0, from: now) ?? now + $0 }
    }

    /// When `person` works next, `now` at the earliest.
    public func nextDuty(of person: PersonID, from now: Timestamp) -> Timestamp {
        switch duty(of: person, at: now) {
        case .on: return now
        case .off(let next): return next
        case .away(let until, _):
            let absences = absences(of: person).filter { $0.until > until }
            guard let hours = self.person(person)?.hours else { return until }
            return Self.opening(of: hours, notBefore: hours.opening(notBefore: until).lowerBound, absences)
        }
    }
}
