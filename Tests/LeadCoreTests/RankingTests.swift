// The order of reps: who comes first, who is out and why, what to think of, and what is kept of it.

import Foundation
import LeadCore
import LeadTestKit
import Testing

@Suite("Ranking")
struct RankingTests {
    private typealias Profile = Person.RepProfile
    private let mortgage: [FieldName: String] = [
        .projectType: "mortgage", .countryCode: "US", .stateCode: "IL", .language: "es", .value: "120000",
    ]

    @Test("the weighted mean of what the factors say decides, and weights are the configuration's")
    func weights() {
        let skilled = RankingCast.rep(
            "skilled", Profile(skills: [Skill("mortgage", level: 5)], capacity: 4),
            Workload(openCount: 3, openWeight: 3))
        let free = RankingCast.rep("free", Profile(skills: ["wealth"], capacity: 4))
        let even = RankingCast.rank(
            mortgage, [free, skilled], settings: RankingCast.only(["skills": 3, "capacity": 1]))
        #expect(even.order == ["skilled", "free"])
        #expect(even.entries.map(\.score) == [0.8125, 0.25])
        let other = RankingCast.rank(
            mortgage, [free, skilled], settings: RankingCast.only(["skills": 1, "capacity": 4]))
        #expect(other.order == ["free", "skilled"])
        #expect(other.entries.map(\.score) == [0.8, 0.4])
        #expect(other.entries[0].factors.map(\.name) == ["skills", "capacity"])
    }

    @Test("equal scores go by the longest rest, then by the order of the configuration")
    func ties() {
        func rested(_ id: PersonID, _ hours: Int64?) -> Candidate {
            RankingCast.rep(id, Profile(), Workload(lastAssignedAt: hours.map { Sample.start - RankingCast.hours($0) }))
        }
        let reps = [rested("a", 1), rested("b", 5), rested("c", nil), rested("d", 5), rested("e", nil)]
        let ranking = RankingCast.rank([:], reps, settings: RankingCast.only(["presence": 1]))
        #expect(ranking.order == ["c", "e", "b", "d", "a"])
    }

    @Test("with every factor silent the score is nothing, and nobody is no ranking")
    func silence() {
        let ranking = RankingCast.rank([:], [RankingCast.rep("a")], settings: RankingCast.only(["skills": 1]))
        #expect(ranking.entries.map(\.score) == [0])
        #expect(ranking.entries[0].factors.isEmpty)
        #expect(RankingCast.rank([:], []).entries.isEmpty)
        #expect(RankingCast.rank([:], []).best == nil)
    }

    @Test(
        "a line on a rep has what counts most for them of the first two sides that speak for them, of equals the first")
    func summary() {
        let fields = mortgage.merging([.owner: "own", .city: "Chicago"]) { $1 }
        let reps = [
            RankingCast.rep(
                "own", Profile(skills: [Skill("mortgage", level: 5)], capacity: 4),
                Workload(openCount: 3, openWeight: 3)),
            RankingCast.rep("skilled", Profile(skills: [Skill("mortgage", level: 2)], capacity: 4)),
            RankingCast.rep("full", Profile(capacity: 1), Workload(openCount: 1, openWeight: 1)),
        ]
        let settings = [
            RankingSettings(), RankingCast.only(["capacity": 1, "rest": 1]), RankingCast.only(["skills": 1]),
            RankingSettings(weights: ["skills": 5, "presence": 4]),
        ]
        for settings in settings {
            for rep in RankingCast.rank(fields, reps, settings: settings).entries {
                let heaviest = RankingSide.allCases.compactMap { side in
                    rep.factors.filter { $0.side == side && $0.score > 0 }.max { $0.weight < $1.weight }
                }
                #expect(rep.summary == heaviest.prefix(2).compactMap(\.sentence).joined(separator: "; "))
            }
        }
        let standard = RankingCast.rank(fields, reps)
        #expect(standard.rep("own")?.summary.hasPrefix(standard.rep("own")?.factor("owner")?.sentence ?? "?") == true)
        #expect(standard.rep("full")?.summary.isEmpty == false)
    }

    // MARK: Who is out

    @Test("caps and absence exclude, with the reason; the excluded come last in the order of the configuration")
    func exclusions() {
        let full = Profile(hardCap: 12, perDay: 5, perWeek: 20)
        let until = Sample.start + RankingCast.hours(7 * 24 + 9)
        let reps = [
            RankingCast.rep("away", full, duty: .away(until: until, substitute: "fine")),
            RankingCast.rep("open", full, Workload(openCount: 12)),
            RankingCast.rep("day", full, Workload(assignedLastDay: 5)),
            RankingCast.rep("week", full, Workload(assignedLastWeek: 21)),
            RankingCast.rep("single", Profile(hardCap: 1), Workload(openCount: 1)),
            RankingCast.rep("fine", full, Workload(openCount: 11, assignedLastDay: 4, assignedLastWeek: 19)),
        ]
        let ranking = RankingCast.rank([:], reps)
        #expect(ranking.order == ["fine", "away", "open", "day", "week", "single"])
        #expect(
            ranking.entries.map(\.exclusion) == [
                nil, "away until Tue 1 Dec", "has 12 open leads, the cap is 12",
                "was given 5 leads within 24 hours, the cap is 5", "was given 21 leads within 7 days, the cap is 20",
                "has 1 open lead, the cap is 1",
            ])
        #expect(ranking.best?.person == "fine")
    }

    @Test("a rule keeps a lead from those who lack what it needs, and leaves other leads alone")
    func rules() {
        let rules = [
            HardRule(
                .all([.field(.projectType, .isOneOf(["mortgage"])), .field(.stateCode, .isOneOf(["IL"]))]),
                needs: .licence("IL-Mortgage")),
            HardRule(.field(.language, .isOneOf(["es"])), needs: .skill("spanish")),
        ]
        let settings = RankingSettings(rules: rules)
        let reps = [
            RankingCast.rep("none"), RankingCast.rep("half", Profile(licences: ["il-mortgage"])),
            RankingCast.rep("whole", Profile(skills: [Skill("Spanish", level: 1)], licences: ["il-mortgage"])),
        ]
        let ranking = RankingCast.rank(mortgage, reps, settings: settings)
        #expect(ranking.order == ["whole", "none", "half"])
        #expect(
            ranking.entries.map(\.exclusion) == [
                nil,
                "no licence IL-Mortgage, which is needed because project type is mortgage and state code is IL",
                "no skill spanish, which is needed because language is es",
            ])
        #expect(RankingCast.rank([:], reps, settings: settings).entries.allSatisfy { $0.exclusion == nil })
    }

    @Test("nobody but who is on duty and below the soft cap is taken without a person's choice")
    func best() {
        let reps = [
            RankingCast.rep("off", duty: .off(next: Sample.start + .seconds(60))),
            RankingCast.rep("full", Profile(capacity: 2), Workload(openCount: 2, openWeight: 2)),
            RankingCast.rep("heavy", Profile(capacity: 2), Workload(openCount: 1, openWeight: 2.5)),
        ]
        #expect(RankingCast.rank([:], reps).best == nil)
        let ready = RankingCast.rep(
            "ready", Profile(capacity: 9), Workload(openCount: 8, openWeight: 8, lastAssignedAt: Sample.start))
        let ranking = RankingCast.rank([:], reps + [ready])
        #expect(ranking.best?.person == "ready")
        #expect(ranking.order.first != "ready")
        #expect(ranking.entries.map(\.isReady).count { $0 } == 1)
    }

    // MARK: What to think of

    @Test("a rep whose field is another is warned of when somebody else's it is")
    func fieldWarning() {
        func warnings(_ profile: Person.RepProfile, _ fields: [FieldName: String], beside other: Person.RepProfile)
            -> [String]?
        {
            RankingCast.rank(fields, [RankingCast.rep("jane", profile), RankingCast.rep("other", other)]).rep("jane")?
                .warnings
        }
        let wealth = Profile(skills: ["wealth"], campaigns: ["autumn"])
        let broker = Profile(skills: ["mortgage"], products: ["tile"])
        #expect(
            warnings(wealth, [.projectType: "Mortgage"], beside: broker) == [
                "Mortgage lead, specialises in wealth and autumn"
            ])
        #expect(warnings(wealth, [.projectType: "Mortgage"], beside: Profile()) == [])
        #expect(warnings(Profile(), [.projectType: "mortgage"], beside: broker) == [])
        #expect(warnings(wealth, [.projectType: "mortgage", .industry: "wealth"], beside: broker) == [])
        #expect(
            warnings(Profile(products: ["slab"]), [.product: "tile"], beside: broker) == [
                "tile lead, specialises in slab"
            ])
        #expect(
            warnings(Profile(products: ["Tile"]), [.projectType: "mortgage", .product: "tile"], beside: broker) == [])
        #expect(warnings(wealth, [.campaign: "autumn", .projectType: "mortgage"], beside: broker) == [])
    }

    @Test("a foreign language, too little seniority and a full desk are warned of")
    func otherWarnings() {
        let settings = RankingCast.only(["rest": 1])
        func warnings(_ profile: Person.RepProfile, load: Double = 0) -> [String] {
            let rep = RankingCast.rep("jane", profile, Workload(openCount: 1, openWeight: load))
            return RankingCast.rank(mortgage, [rep], settings: settings).entries[0].warnings
        }
        #expect(warnings(Profile(languages: ["en", "pl"])) == ["the lead's language is es, speaks en and pl"])
        #expect(warnings(Profile(languages: ["ES"])) == [])
        #expect(warnings(Profile(seniority: 2)) == ["the lead asks for seniority 4, has 2"])
        #expect(warnings(Profile(seniority: 3)) == [])
        #expect(warnings(Profile(capacity: 8), load: 9) == ["over capacity: 9 of 8"])
        #expect(warnings(Profile(capacity: 8), load: 8) == ["at capacity: 8 of 8"])
        #expect(warnings(Profile(capacity: 8), load: 7.9) == [])
        #expect(
            warnings(Profile(languages: ["en"], seniority: 1, capacity: 2), load: 2.5) == [
                "the lead's language is es, speaks en", "the lead asks for seniority 4, has 1",
                "over capacity: 2.5 of 2",
            ])
    }

    // MARK: What is told

    @Test("a rep's place is written with everything that it says")
    func coding() throws {
        let profile = Profile(languages: ["en"], capacity: 8)
        let rep = RankingCast.rep("jane", profile, Workload(openCount: 3, openWeight: 3))
        let ranking = RankingCast.rank(mortgage, [rep], settings: RankingCast.only(["capacity": 3]))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(
            String(decoding: try encoder.encode(ranking.entries), as: UTF8.self) == """
                [{"factors":[{"name":"capacity","score":0.625,"sentence":"3 of 8 open leads","side":"room","weight":3}],\
                "isReady":true,"person":"jane","score":0.625,"warnings":["the lead's language is es, speaks en"]}]
                """)
    }

    @Test("those beyond the explained have scores and warnings without sentences")
    func explained() {
        let reps = (1...3).map { RankingCast.rep(PersonID("rep-\($0)"), Profile(seniority: 1)) }
        let ranking = Ranking.make(
            for: Lead(given: mortgage), candidates: reps, settings: RankingSettings(), now: Sample.start, zone: .gmt,
            explained: 1)
        #expect(ranking.entries[0].factors.allSatisfy { $0.sentence != nil })
        #expect(ranking.entries[1...].allSatisfy { rep in rep.factors.allSatisfy { $0.sentence == nil } })
        #expect(ranking.entries.allSatisfy { $0.warnings.count == 1 && $0.factors.count == 4 })
    }

    @Test("with a limit the same reps come first, and nothing is told of the others or of the team")
    func limited() {
        let reps = (0..<9).map { (number: Int) in
            RankingCast.rep(PersonID("rep\(number)"), .init(capacity: number))
        }
        let whole = Ranking.make(
            for: Lead(given: [:]), candidates: reps, settings: RankingSettings(), now: Sample.start, zone: .gmt)
        let few = Ranking.make(
            for: Lead(given: [:]), candidates: reps, settings: RankingSettings(), now: Sample.start, zone: .gmt,
            limit: 3)
        #expect(few.entries == Array(whole.entries.prefix(3)) && few.facts.isEmpty)
    }

    @Test("a rulebook's index gives the same candidates in the order of the configuration, and no one but reps")
    func index() {
        let people = Sample.people
        let candidates = Sample.rulebook(people: people).repIndex.candidates { person in
            (workload: Workload(openCount: person.rep?.capacity ?? 0), duty: .on(until: nil))
        }
        #expect(candidates.map(\.person) == people.filter { $0.rep != nil })
        #expect(candidates.map(\.workload.openCount) == [8, 12])
        let single = people.filter { $0.rep != nil }.map { person in
            Candidate(person: person, workload: Workload(openCount: person.rep?.capacity ?? 0))
        }
        #expect(RankingCast.rank(mortgage, candidates) == RankingCast.rank(mortgage, single))
    }
}
