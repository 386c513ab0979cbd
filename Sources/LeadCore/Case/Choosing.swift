// What a choice rests on besides the names in it: the ranking that the chooser saw, and the one that holds at the moment of
// deciding, by which hard rules and warnings are judged.

/// Which warnings a chooser was told of and didn't mind.
public enum Acknowledgement: Sendable, Equatable {
    /// Whatever there may be.
    case ofEverything
    /// These; none for somebody who was told nothing.
    case of([String])

    func covers(_ warnings: [String]) -> Bool {
        switch self {
        case .ofEverything: true
        case .of(let known): warnings.allSatisfy(known.contains)
        }
    }
}

/// The rankings behind a choice, and which of its warnings were read.
public struct Choosing: Sendable, Equatable {
    /// What the chooser saw; kept with the assignment.
    public let seen: SeenRanking?
    /// As it is when the choice is decided on; nil where nobody has asked for it, and then nothing is judged by it.
    public let current: Ranking?
    /// What the chooser was told and chose all the same.
    public let confirmed: Acknowledgement

    /// A choice's grounds.
    public init(seen: SeenRanking? = nil, current: Ranking? = nil, confirmed: Acknowledgement = .of([])) {
        self.seen = seen
        self.current = current
        self.confirmed = confirmed
    }

    /// The same, judged by `ranking`.
    public func judged(by ranking: Ranking) -> Choosing {
        Choosing(seen: seen, current: ranking, confirmed: confirmed)
    }
}

/// A ranking as somebody saw it, without its reasons. With an assignment only the first few and the chosen one are kept.
public struct SeenRanking: Sendable, Equatable, Codable {
    /// A rep's place in it.
    public struct Place: Sendable, Equatable, Codable {
        /// Who.
        public let person: PersonID
        /// From 1.
        public let place: Int
        /// From 0 to 1.
        public let score: Double
    }

    /// By place.
    public let places: [Place]
    /// How many reps there were.
    public let count: Int
    /// What spoke against the chosen one when the choice was made; on a page that asks once more, what it names.
    public let warnings: [String]

    /// How many of the best are kept.
    private static let kept = 5

    private init(places: [Place], count: Int, warnings: [String]) {
        self.places = places
        self.count = count
        self.warnings = warnings
    }

    /// All of `ranking`.
    public init(_ ranking: Ranking) {
        let places = ranking.entries.enumerated().map { index, entry in
            Place(person: entry.person, place: index + 1, score: entry.score)
        }
        self.init(places: places, count: places.count, warnings: [])
    }

    /// The same on a page that names `warnings`.
    public func naming(_ warnings: [String]) -> SeenRanking {
        SeenRanking(places: places, count: count, warnings: warnings)
    }

    /// What of it belongs to the choice of `rep`, against whom `warnings` spoke.
    func keeping(_ rep: PersonID, warnings: [String]) -> SeenRanking {
        SeenRanking(
            places: places.filter { $0.place <= Self.kept || $0.person == rep }, count: count, warnings: warnings)
    }
}

extension Ranking {
    /// The place of `person`; nil when they are no rep.
    public func entry(of person: PersonID) -> RankedRep? { entries.first { $0.person == person } }
}

extension Rulebook {
    /// The reps for `lead` at `now`; `loads` tells what each has to do. Times in it are in the zone of `reader`,
    /// and it is written in `phrases`.
    public func ranking(
        for lead: Lead, at now: Timestamp, reader: PersonID? = nil, limit: Int? = nil,
        phrases: Phrases = .english, loads: (PersonID) -> Workload
    ) -> Ranking {
        let candidates = repIndex.candidates { person in
            (workload: loads(person.id), duty: duty(of: person.id, at: now))
        }
        return Ranking.make(
            for: lead, candidates: candidates, settings: ranking, now: now,
            zone: reader.flatMap(person)?.timeZone ?? .gmt, limit: limit, phrases: phrases)
    }
}
