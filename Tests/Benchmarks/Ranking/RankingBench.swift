// Ranks the reps of a large and a small firm for one lead after another, as the page and the messages do, and prints the
// nanoseconds of each ranking as JSON. Used by rows.py.

import Foundation
import LeadCore

/// A firm with its reps' loads held current.
private struct Firm {
    private let index: RepIndex
    private var book: WorkloadBook
    private let now = Timestamp(milliseconds: 1_795_446_000_000)
    private static let skills = ["tile", "slab", "fine-art", "restoration", "facades", "commercial"]
    private static let states = ["IL", "IN", "WI", "MI", "OH", "NY"]

    init(reps count: Int) {
        book = WorkloadBook(window: .seconds(30 * 86_400))
        let reps = (0..<count).map { number in
            Person(
                id: PersonID("rep\(number)"), name: "Rep Number \(number)",
                rep: Person.RepProfile(
                    skills: [Skill(Self.skills[number % 6], level: 1 + number % 5), Skill(Self.skills[number % 4])],
                    languages: number.isMultiple(of: 3) ? ["en", "es"] : ["en"],
                    regions: ["US-\(Self.states[number % 6])"], products: number.isMultiple(of: 4) ? ["marble"] : [],
                    seniority: 1 + number % 5, capacity: 8, hardCap: 20, perWeek: 30))
        }
        index = RepIndex(reps)
        for lead in 0..<(count * 6) {
            book.assigned(
                case: CaseID("case\(lead)"), rep: PersonID("rep\(lead * 7 % count)"),
                at: now - .seconds(Int64(lead) * 60), value: Decimal(lead % 90 * 1_000), weight: 1)
        }
    }

    /// The first of the ranking for the lead with this number, and how much there is to read of those whom a page shows
    /// with their reasons.
    mutating func best(for number: Int) -> Shown {
        let lead = Lead(given: [
            .projectType: Self.skills[number % 6], .product: "marble", .countryCode: "US",
            .stateCode: Self.states[number % 5], .language: "es", .value: "\(number % 600)000", .currency: "USD",
        ])
        let candidates = index.candidates { person in (book.workload(of: person.id, at: now), .on(until: nil)) }
        let ranking = Ranking.make(for: lead, candidates: candidates, settings: RankingSettings(), now: now, zone: .gmt)
        var length = 0
        for rep in ranking.entries.prefix(40) {
            for factor in rep.factors { length += factor.sentence?.utf8.count ?? 0 }
            for warning in rep.warnings { length += warning.utf8.count }
        }
        return Shown(best: ranking.best?.person, length: length)
    }
}

/// What is read of a ranking.
private struct Shown: Hashable {
    let best: PersonID?
    /// Of sentences and warnings, in bytes.
    let length: Int
}

@main
private enum RankingBench {
    static func main() throws {
        let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 200
        var found: [String: [Int64]] = [:]
        for count in [50, 500] {
            var firm = Firm(reps: count)
            var shown: Set<Shown> = []
            let clock = ContinuousClock()
            found["\(count)"] = (0..<rounds + 20).map { number in
                let time = clock.measure { shown.insert(firm.best(for: number)) }
                return time.components.seconds * 1_000_000_000 + time.components.attoseconds / 1_000_000_000
            }.suffix(rounds)
            // A ranking that ranked nothing, or always alike, would be no measure.
            guard shown.allSatisfy({ $0.best != nil && $0.length > 0 }), Set(shown.map(\.best)).count > 1 else {
                throw CocoaError(.featureUnsupported)
            }
        }
        let data = try JSONEncoder().encode(found)
        FileHandle.standardOutput.write(data)
    }
}
