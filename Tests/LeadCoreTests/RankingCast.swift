// Reps and rankings for the tests of the ranking.

import Foundation
import LeadCore
import LeadTestKit

enum RankingCast {
    /// A rep called like the id with a capital.
    static func rep(
        _ id: PersonID, _ profile: Person.RepProfile = Person.RepProfile(), _ workload: Workload = Workload(),
        duty: Duty = .on(until: nil)
    ) -> Candidate {
        let name = id.text.prefix(1).uppercased() + id.text.dropFirst()
        return Candidate(person: Person(id: id, name: name, rep: profile), workload: workload, duty: duty)
    }

    /// The ranking for a lead with these fields, in UTC.
    static func rank(
        _ fields: [FieldName: String] = [:], _ candidates: [Candidate], settings: RankingSettings = RankingSettings(),
        zone: TimeZone = .gmt
    ) -> Ranking {
        Ranking.make(
            for: Lead(given: fields), candidates: candidates, settings: settings, now: Sample.start, zone: zone)
    }

    /// Settings by which these factors alone count, each with its weight.
    static func only(_ weights: [String: Double], rules: [HardRule] = []) -> RankingSettings {
        let off = Dictionary(uniqueKeysWithValues: RankingFactors.names.map { ($0, 0.0) })
        return RankingSettings(weights: off.merging(weights) { $1 }, rules: rules)
    }

    static func hours(_ count: Int64) -> Duration { .seconds(count * 3600) }
}

extension Ranking {
    func rep(_ id: PersonID) -> RankedRep? { entries.first { $0.person == id } }

    var order: [PersonID] { entries.map(\.person) }
}

extension RankedRep {
    func factor(_ name: String) -> RankedFactor? { factors.first { $0.name == name } }
}
