// What must hold of every ranking: better is never worse, the order in which reps are told is no matter, and in the long
// run everyone has their share and no more than their caps.

import Foundation
import LeadTestKit
import Testing

@testable import LeadCore

@Suite("Properties of the ranking")
struct RankingPropertyTests {
    /// A rep whose parts can be changed.
    private struct Draft {
        var skills: [Skill]
        var languages: [String]
        var regions: [String]
        var products: [String]
        var seniority: Int?
        var capacity: Int?
        var weight: Double
        var load: Workload
        var duty: Duty

        init(_ random: inout SeededGenerator) {
            func some(_ texts: [String]) -> [String] {
                texts.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
            }
            skills = some(["mortgage", "museum", "wealth", "tile"]).map {
                Skill($0, level: Int.random(in: 1...4, using: &random))
            }
            languages = some(["en", "es", "pl"])
            regions = some(["US", "US-IL", "US-WI", "CA"])
            products = some(["tile", "slab"])
            seniority = Bool.random(using: &random) ? nil : Int.random(in: 1...5, using: &random)
            capacity = Bool.random(using: &random) ? nil : Int.random(in: 1...12, using: &random)
            weight = Double(Int.random(in: 1...8, using: &random)) / 2
            let open = Int.random(in: 0...12, using: &random)
            let count = Int.random(in: 0...20, using: &random)
            load = Workload(
                openCount: open, openWeight: Double(open) * 0.75, windowCount: count,
                windowValue: Double(count) * Double(Int.random(in: 1...1000, using: &random)),
                lastAssignedAt: Bool.random(using: &random)
                    ? nil : Sample.start - .seconds(Int64.random(in: 0...50_000, using: &random)))
            let next = Sample.start + .seconds(Int64.random(in: 0...100_000, using: &random))
            duty =
                switch Int.random(in: 0..<4, using: &random) {
                case 0: .off(next: next)
                case 1: .away(until: next, substitute: nil)
                default: .on(until: nil)
                }
        }

        func candidate(_ id: String) -> Candidate {
            RankingCast.rep(
                PersonID(id),
                Person.RepProfile(
                    skills: skills, languages: languages, regions: regions, products: products, seniority: seniority,
                    capacity: capacity, hardCap: 11, weight: weight), load, duty: duty)
        }

        /// Better by one factor, and the same by all others.
        mutating func improve(_ factor: String, asked: Int) {
            switch factor {
            case "skills":
                let level = skills.first { $0.name == "mortgage" }?.level ?? 2
                skills = skills.filter { $0.name != "mortgage" } + [Skill("mortgage", level: level + 1)]
            // The lead says whose it is.
            case "owner": break
            case "specialism": products.append("tile")
            case "region": regions.append("US-IL")
            case "language": languages.append("es")
            case "seniority": seniority = asked
            case "capacity":
                load.openCount /= 2
                load.openWeight /= 2
            case "presence": duty = .on(until: nil)
            case "fairness":
                load.windowCount /= 2
                load.windowValue /= 2
            default: load.lastAssignedAt = nil
            }
        }
    }

    /// Acquaintance is no quality that grows: it is one rep's or another's.
    private static let growing = RankingFactors.names.filter { $0 != "acquaintance" }

    @Test("a factor says something of every rep or of none", arguments: RankingFactors.names)
    func sameForAll(factor: String) throws {
        let factor = try #require(RankingFactors.all.first { $0.name == factor })
        var random = SeededGenerator(seed: 77)
        var said = 0
        let parts: [(FieldName, String)] = [
            (.projectType, "mortgage"), (.industry, "museum"), (.product, "tile"), (.campaign, "spring"),
            (.countryCode, "US"), (.stateCode, "IL"), (.language, "es"), (.complexity, "3"), (.owner, "rep-1"),
        ]
        for _ in 0..<400 {
            let fields = parts.filter { _ in Bool.random(using: &random) }
            var lead = Lead(given: Dictionary(uniqueKeysWithValues: fields))
            // Only an earlier case says who had it; a form can't.
            if Bool.random(using: &random) { lead.fill(.formerRep, "rep-0", Provenance(origin: Lead.duplicates)) }
            let candidates = (0..<Int.random(in: 2...6, using: &random)).map { Draft(&random).candidate("rep-\($0)") }
            let context = RankingContext(
                lead: lead, candidates: candidates, settings: RankingSettings(), now: Sample.start, zone: .gmt)
            let scores = candidates.map { factor.score($0, context) }
            #expect(Set(scores.map { $0 == nil }).count == 1, "\(fields) \(scores)")
            if scores[0] != nil { said += 1 }
        }
        #expect(said > 0)
    }

    @Test("a rep who is better by one factor is ranked no lower", arguments: growing)
    func monotonicity(factor: String) {
        var random = SeededGenerator(seed: 1 + UInt64(RankingFactors.names.firstIndex(of: factor) ?? 0))
        var improved = 0
        var risen = 0
        for round in 0..<300 {
            let asked = Int.random(in: 1...5, using: &random)
            var fields: [FieldName: String] = [
                .projectType: "mortgage", .industry: "museum", .product: "tile", .countryCode: "US", .stateCode: "IL",
                .language: "es", .complexity: "\(asked)",
            ]
            var drafts = (0..<Int.random(in: 2...7, using: &random)).map { _ in Draft(&random) }
            let chosen = Int.random(in: drafts.indices, using: &random)
            let id = PersonID("rep-\(chosen)")
            func ranking() -> Ranking {
                RankingCast.rank(fields, drafts.enumerated().map { $1.candidate("rep-\($0)") })
            }
            let before = ranking()
            drafts[chosen].improve(factor, asked: asked)
            if factor == "owner" { fields[.owner] = id.text }
            let after = ranking()
            guard let rank = before.order.firstIndex(of: id), let newRank = after.order.firstIndex(of: id) else {
                Issue.record("the rep is gone")
                return
            }
            #expect(newRank <= rank, "round \(round)")
            let scores = [before, after].map { $0.rep(id)?.factor(factor)?.score ?? 0 }
            #expect(scores[0] <= scores[1], "round \(round)")
            if scores[0] < scores[1] { improved += 1 }
            if newRank < rank { risen += 1 }
        }
        #expect(improved >= 60)
        #expect(risen >= 10)
    }

    @Test("reps with scores of their own are ranked alike in whatever order they come")
    func permutations() {
        var random = SeededGenerator(seed: 99)
        var compared = 0
        for _ in 0..<200 {
            let reps = (0..<8).map { Draft(&random).candidate("rep-\($0)") }
            let fields: [FieldName: String] = [.projectType: "mortgage", .product: "tile", .language: "es"]
            let ranking = RankingCast.rank(fields, reps)
            let ranked = ranking.entries.filter { $0.exclusion == nil }
            guard Set(ranked.map(\.score)).count == ranked.count else { continue }
            compared += 1
            let shuffled = RankingCast.rank(fields, reps.shuffled(using: &random))
            #expect(shuffled.entries.filter { $0.exclusion == nil } == ranked)
        }
        #expect(compared >= 100)
    }

    /// What the simulated team may take.
    struct Caps: Sendable {
        var open: Int
        var day: Int
        var week: Int
        /// Whether the caps leave room for everybody's share.
        var areWide: Bool
    }

    @Test(
        "over ten thousand leads shares follow the weights, and no cap is passed",
        arguments: [
            Caps(open: 60, day: 130, week: 850, areWide: true), Caps(open: 14, day: 40, week: 200, areWide: false),
        ])
    func shares(caps: Caps) {
        var random = SeededGenerator(seed: UInt64(caps.open))
        let weights = [1, 2, 4, 0.5, 2.5]
        let people = weights.enumerated().map { index, weight in
            Person(
                id: PersonID("rep-\(index)"), name: "Rep",
                rep: Person.RepProfile(hardCap: caps.open, perDay: caps.day, perWeek: caps.week, weight: weight))
        }
        let repIndex = RepIndex(people)
        let settings = RankingCast.only(["fairness": 100, "rest": 0.01])
        let lead = Lead(given: [.value: "1000"])
        var book = WorkloadBook(window: .seconds(10 * 86_400))
        var open: [(id: CaseID, rep: PersonID)] = []
        var given: [PersonID: [Timestamp]] = [:]
        var unassigned = 0
        for number in 0..<10_000 {
            let now = Sample.start + .seconds(Int64(number) * 300)
            if open.count > 30 {
                book.closed(case: open.remove(at: Int.random(in: open.indices, using: &random)).id)
            }
            let candidates = repIndex.candidates {
                (workload: book.workload(of: $0.id, at: now), duty: .on(until: nil))
            }
            let ranking = Ranking.make(
                for: lead, candidates: candidates, settings: settings, now: now, zone: .gmt, explained: 0)
            guard let best = ranking.best?.person else {
                unassigned += 1
                continue
            }
            let id = CaseID("case-\(number)")
            book.assigned(case: id, rep: best, at: now, value: 1000, weight: 1)
            open.append((id, best))
            given[best, default: []].append(now)
            // Counted without the book.
            let instants = given[best] ?? []
            #expect(open.count { $0.rep == best } <= caps.open)
            #expect(instants.reversed().prefix { $0 > now - .seconds(86_400) }.count <= caps.day)
            #expect(instants.reversed().prefix { $0 > now - .seconds(604_800) }.count <= caps.week)
        }
        guard caps.areWide else {
            #expect(unassigned > 0)
            return
        }
        #expect(unassigned == 0)
        for (index, weight) in weights.enumerated() {
            let share = 10_000 * weight / weights.reduce(0, +)
            let had = Double(given[PersonID("rep-\(index)")]?.count ?? 0)
            #expect(abs(had - share) <= share * 0.02, "\(index): \(had) of \(share)")
        }
    }
}
