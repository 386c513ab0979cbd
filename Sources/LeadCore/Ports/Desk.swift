// What pages, Slack and the command line ask of the engine: see a case, decide on it. All choices go this one way.

/// A rep as the chooser sees them.
public struct RepView: Sendable, Equatable {
    /// Who they are.
    public let person: Person
    /// Their place, with reasons.
    public let ranked: RankedRep
    /// What they have to do.
    public let workload: Workload

    /// A rep in a ranking.
    public init(person: Person, ranked: RankedRep, workload: Workload) {
        self.person = person
        self.ranked = ranked
        self.workload = workload
    }
}

/// A case as it stands now, with what is needed to decide on it.
public struct CaseView: Sendable {
    /// The case with history and messages.
    public let file: CaseFile
    /// The reps for this lead, with reasons in the reader's zone.
    public let ranking: Ranking
    /// Who may be given it, in the ranking's order.
    public let reps: [RepView]
    /// Names, zones and settings as of now.
    public let rulebook: Rulebook
    /// When this was put together.
    public let now: Timestamp
    private let reader: PersonID?

    /// A view of a case for `reader`; `loads` tells what each rep has to do.
    public init(
        file: CaseFile, rulebook: Rulebook, now: Timestamp, reader: PersonID? = nil, loads: (PersonID) -> Workload
    ) {
        self.file = file
        self.rulebook = rulebook
        self.now = now
        self.reader = reader
        ranking = rulebook.ranking(for: file.subject.lead, at: now, reader: reader, loads: loads)
        reps = ranking.entries.compactMap { entry in
            rulebook.person(entry.person).map {
                RepView(person: $0, ranked: entry, workload: loads(entry.person))
            }
        }
    }

    /// `refusal`, which was made for everybody, with what it says of a rep in `phrases`. What has come up since this view
    /// was put together stays in English.
    public func refusal(_ refusal: Refusal, in phrases: Phrases) -> Refusal {
        func entries(of rep: PersonID) -> (english: RankedRep, own: RankedRep)? {
            let loads = Dictionary(reps.map { ($0.person.id, $0.workload) }) { first, _ in first }
            let own = rulebook.ranking(for: file.subject.lead, at: now, reader: reader, phrases: phrases) { person in
                loads[person] ?? Workload()
            }
            guard let english = ranking.entry(of: rep), let entry = own.entry(of: rep) else { return nil }
            return (english, entry)
        }
        guard phrases !== Phrases.english else { return refusal }
        switch refusal {
        case .unconfirmed(let rep, let warnings):
            guard let (english, own) = entries(of: rep) else { return refusal }
            let words = Dictionary(zip(english.warnings, own.warnings)) { first, _ in first }
            return .unconfirmed(rep, warnings.map { words[$0] ?? $0 })
        case .excluded(let rep, _):
            guard let exclusion = entries(of: rep)?.own.exclusion else { return refusal }
            return .excluded(rep, exclusion)
        default: return refusal
        }
    }
}

/// What became of a command.
public enum Decision: Sendable, Equatable {
    /// Durable; the case as it is now.
    case done(LeadCase)
    /// Nothing changed; the case as it is.
    case refused(Refusal, LeadCase)
    /// There is no such case.
    case notFound
}

/// The use cases around one case.
public protocol Desk: Sendable {
    /// The case as it stands, for `reader`; nil when there is none.
    func view(_ id: CaseID, for reader: PersonID?) async throws(StoreFailure) -> CaseView?

    /// The case as it was last viewed, for `reader`, where that was lately and nothing was decided since as far as is known
    /// here; nil otherwise. Its messages may have gone on.
    func recent(_ id: CaseID, for reader: PersonID?) -> CaseView?

    /// Somebody came by a message and changed nothing. What they are answered doesn't depend on it: a failure of the store is
    /// logged.
    func note(_ visit: Visit, of id: CaseID) async

    /// Decides and stores; when another was faster, decides again on what is there now. A choice of a rep is judged by the
    /// ranking of that moment. `view` is the case as it was just seen, so that it need not be read and ranked once more;
    /// `entrance` the message that the person came from.
    func decide(
        _ command: CaseCommand, on id: CaseID, seen view: CaseView?, through entrance: Entrance?
    ) async throws(StoreFailure) -> Decision

    /// Makes the inquiry that joined the case called `id` a case of its own, which is answered when it is done.
    func split(_ inquiry: IntakeKey, from id: CaseID) async throws(StoreFailure) -> Decision
}

extension Desk {
    /// Decides on the case called `id` as it stands, and stores.
    public func decide(_ command: CaseCommand, on id: CaseID) async throws(StoreFailure) -> Decision {
        try await decide(command, on: id, seen: nil, through: nil)
    }
}
