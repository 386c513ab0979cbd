// Each factor by itself: what it makes of a rep, in numbers and in words.

import Foundation
import LeadTestKit
import Testing

@testable import LeadCore

@Suite("The ranking's factors")
struct RankingFactorsTests {
    private typealias Profile = Person.RepProfile

    /// What `factor` says of a rep, beside another who has one of everything.
    private static func line(
        _ factor: String, _ fields: [FieldName: String] = [:], _ profile: Person.RepProfile = Profile(),
        _ workload: Workload = Workload(), duty: Duty = .on(until: nil), zone: TimeZone = .gmt,
        settings: RankingSettings = RankingSettings()
    ) -> RankedFactor? {
        let other = RankingCast.rep(
            "other",
            Profile(
                skills: ["mortgage", "museum"], languages: ["en", "es"], regions: ["US-IL"], products: ["tile"],
                campaigns: ["spring"], seniority: 3))
        let jane = RankingCast.rep("jane", profile, workload, duty: duty)
        return RankingCast.rank(fields, [other, jane], settings: settings, zone: zone).rep("jane")?.factor(factor)
    }

    private static func expect(_ line: RankedFactor?, _ score: Double?, _ sentence: String?) {
        #expect(line?.sentence == sentence)
        switch (line?.score, score) {
        case (let found?, let score?): #expect(abs(found - score) < 1e-9, "\(found), \(sentence ?? "")")
        case (let found, let score): #expect(found == score)
        }
    }

    @Test("every factor has a name and a standard weight, and is told of in their order")
    func registry() {
        let fields: [FieldName: String] = [
            .owner: "jane", .projectType: "mortgage", .product: "tile", .countryCode: "US", .language: "en",
            .complexity: "3",
        ]
        let lines = RankingCast.rank(
            fields,
            [
                RankingCast.rep(
                    "jane",
                    Profile(skills: ["mortgage"], languages: ["en"], regions: ["US"], products: ["tile"], seniority: 3),
                    Workload(windowCount: 1))
            ]
        ).entries[0].factors
        // Of those who have asked before there is a test of its own.
        #expect(lines.map(\.name) + ["acquaintance"] == RankingFactors.names)
        #expect(lines.map(\.weight) == [3, 3, 2, 1, 2, 1, 3, 2, 2, 1])
        #expect(
            RankingFactors.names == [
                "owner", "skills", "specialism", "region", "language", "seniority", "capacity", "presence", "fairness",
                "rest", "acquaintance",
            ])
    }

    @Test("owner: whom the CRM names, by id, name or address; nothing when that is nobody or several")
    func owner() {
        Self.expect(Self.line("owner", [.owner: "JANE"]), 1, "owns the lead in the CRM")
        Self.expect(Self.line("owner", [.owner: "other"]), 0, "somebody else owns the lead in the CRM")
        Self.expect(Self.line("owner", [.owner: "nobody"]), nil, nil)
        Self.expect(Self.line("owner"), nil, nil)
        let twins = ["jim", "joe"].map { id in
            Candidate(person: Person(id: PersonID(id), name: "Jo Park", rep: Person.RepProfile()))
        }
        #expect(RankingCast.rank([.owner: "jo park"], twins).rep("jim")?.factor("owner") == nil)
        #expect(RankingCast.rank([.owner: "Joe"], twins).order == ["joe", "jim"])
    }

    @Test(
        "skills: what the lead is about, by level; a second one adds to the first",
        arguments: [
            ([Skill("Mortgage", level: 1)], 0.6, "skilled in mortgage, level 1 of 5"),
            ([Skill("mortgage")], 0.8, "skilled in mortgage, level 3 of 5"),
            ([Skill("mortgage", level: 5)], 1, "skilled in mortgage, level 5 of 5"),
            (["museum", "mortgage"], 0.92, "skilled in mortgage, level 3 of 5; museum, level 3 of 5"),
            ([], 0.5, "no skills listed"),
            (["wealth"], 0, "skilled in wealth, not in mortgage and museum"),
            (["a", "b", "c", "d", "e"], 0, "skilled in a, b, c and 2 more, not in mortgage and museum"),
        ] as [([Skill], Double, String)])
    func skills(skills: [Skill], score: Double, sentence: String) {
        let fields: [FieldName: String] = [.projectType: "mortgage", .product: "slab", .industry: "museum"]
        Self.expect(Self.line("skills", fields, Profile(skills: skills)), score, sentence)
    }

    @Test("skills say nothing of a lead that asks for none, or for what nobody has")
    func noSkills() {
        Self.expect(Self.line("skills", [:], Profile(skills: ["wealth"])), nil, nil)
        Self.expect(Self.line("skills", [.projectType: "pools"], Profile(skills: ["wealth"])), nil, nil)
    }

    @Test(
        "specialism: the rep's own products and campaigns",
        arguments: [
            (["Tile"], [], 0.75, "product tile is their own"),
            (["tile"], ["spring"], 1, "product tile is their own; campaign spring is their own"),
            (["slab"], ["spring"], 0.5, "product slab, not tile; campaign spring is their own"),
            (["slab"], ["autumn", "winter"], 0, "product slab, not tile; campaign autumn and winter, not spring"),
            ([], [], 0.5, "no field of their own"),
        ] as [([String], [String], Double, String)])
    func specialism(products: [String], campaigns: [String], score: Double, sentence: String) {
        let profile = Profile(products: products, campaigns: campaigns)
        Self.expect(Self.line("specialism", [.product: "tile", .utmCampaign: "spring"], profile), score, sentence)
        Self.expect(Self.line("specialism", [:], profile), nil, nil)
    }

    @Test(
        "region: the lead's state, or its country",
        arguments: [
            ("US", "IL", ["us-il"], 1, "works in US-IL"),
            ("US", "IL", ["US"], 0.9, "works in US, the lead is in US-IL"),
            ("US", "IL", ["US-WI", "CA"], 0, "works in US-WI and CA, the lead is in US-IL"),
            ("us", "", ["US"], 0.9, "works in US"),
            ("US", "", ["US-IL"], 0.5, "works in US-IL, the lead is in US"),
            ("US", "IL", [], 0.5, "no regions listed"),
            ("", "IL", ["US-IL"], nil, nil),
            ("Ruritania", "IL", ["US-IL"], nil, nil),
        ] as [(String, String, [String], Double?, String?)])
    func region(country: String, state: String, regions: [String], score: Double?, sentence: String?) {
        let fields: [FieldName: String] = [.country: country, .stateCode: state]
        Self.expect(Self.line("region", fields, Profile(regions: regions)), score, sentence)
    }

    @Test(
        "language: whether the rep speaks it",
        arguments: [
            ("ES", ["en", "es"], 1, "speaks ES"), ("en-US", ["en"], 1, "speaks en-US"),
            ("en", ["en-US"], 0, "speaks en-US, not en"), ("pl", ["en", "es"], 0, "speaks en and es, not pl"),
            ("pl", [], 0.5, "no languages listed"), ("", ["en"], nil, nil),
        ] as [(String, [String], Double?, String?)])
    func language(language: String, own: [String], score: Double?, sentence: String?) {
        Self.expect(Self.line("language", [.language: language], Profile(languages: own)), score, sentence)
    }

    @Test(
        "seniority: up to the lead, and no more than it needs; by complexity, else by value",
        arguments: [
            ("5", "", 5, 1, "seniority 5, the lead asks for 5"), ("5", "", 4, 0.5, "seniority 4, the lead asks for 5"),
            ("5", "", 3, 0, "seniority 3, the lead asks for 5"), ("5", "", 1, 0, "seniority 1, the lead asks for 5"),
            ("1", "9999999", 5, 0.6, "seniority 5, the lead asks for 1"), ("2", "", nil, 0.5, "seniority unknown"),
            ("", "9,999", 1, 1, "seniority 1, the lead asks for 1"),
            ("6", "10000", 2, 1, "seniority 2, the lead asks for 2"),
            ("high", "$50,000", 3, 1, "seniority 3, the lead asks for 3"),
            ("", "499999.99", 4, 1, "seniority 4, the lead asks for 4"),
            ("", "500000", 5, 1, "seniority 5, the lead asks for 5"), ("", "", 5, nil, nil),
        ] as [(String, String, Int?, Double?, String?)])
    func seniority(complexity: String, value: String, own: Int?, score: Double?, sentence: String?) {
        let fields: [FieldName: String] = [.complexity: complexity, .value: value]
        Self.expect(Self.line("seniority", fields, Profile(seniority: own)), score, sentence)
    }

    @Test(
        "capacity: the free share of the soft cap, by what the open leads weigh",
        arguments: [
            (8, nil, 3, 3, 0.625, "3 of 8 open leads"), (8, nil, 0, 0, 1, "0 of 8 open leads"),
            (1, nil, 1, 1, 0, "1 of 1 open lead"), (8, nil, 9, 9, 0, "9 of 8 open leads"),
            (8, nil, 3, 6.04, 0.245, "3 open leads, weighing 6 of 8"),
            (nil, 12, 3, 3, 0.75, "3 of 12 open leads"), (nil, nil, 10, 10, 0.5, "10 open leads"),
            (nil, nil, 0, 0, 1, "no open leads"), (nil, nil, 1, 2.5, 0.8, "1 open lead, weighing 2.5"),
        ] as [(Int?, Int?, Int, Double, Double, String)])
    func capacity(soft: Int?, hard: Int?, count: Int, weight: Double, score: Double, sentence: String) {
        let load = Workload(openCount: count, openWeight: weight)
        Self.expect(Self.line("capacity", [:], Profile(capacity: soft, hardCap: hard), load), score, sentence)
    }

    @Test(
        "presence: there now, or how soon",
        arguments: [
            (.on(until: nil), 1, "on duty"),
            (.on(until: Sample.start + .seconds(9000)), 1, "on duty until Mon 23 Nov 11:30"),
            (.off(next: Sample.start + .seconds(6 * 3600)), 0.75, "off duty until Mon 23 Nov 15:00"),
            (.off(next: Sample.start + .seconds(15 * 3600)), 0.375, "off duty until Tue 24 Nov"),
            (.off(next: Sample.start + .seconds(48 * 3600)), 0, "off duty until Wed 25 Nov 09:00"),
            (.away(until: Sample.start + .seconds(3600), substitute: nil), 0, "away until Mon 23 Nov 10:00"),
        ] as [(Duty, Double, String)])
    func presence(duty: Duty, score: Double, sentence: String) throws {
        let zone = try #require(TimeZone(identifier: "America/Chicago"))
        Self.expect(Self.line("presence", duty: duty, zone: zone), score, sentence)
    }

    @Test(
        "fairness: what is lacking of the rep's share, in number and in value",
        arguments: [
            (1, 0, 0, 20, 0, 1, "0 of 20 leads in 30 days; an even share is 10"),
            (1, 10, 0, 10, 0, 0.5, "10 of 20 leads in 30 days; an even share is 10"),
            (1, 20, 0, 0, 0, 0, "20 of 20 leads in 30 days; an even share is 10"),
            (1, 1, 0, 0, 0, 0, "1 of 1 lead in 30 days; an even share is 0.5"),
            (3, 10, 0, 10, 0, 2.0 / 3, "10 of 20 leads in 30 days; a share by weight is 15"),
            (
                1, 10, 0, 10, 900, 0.75,
                "10 of 20 leads in 30 days; an even share is 10; 0 % of their value, where 50 % is the share"
            ),
            (
                1, 10, 300, 10, 100, 0.375,
                "10 of 20 leads in 30 days; an even share is 10; 75 % of their value, where 50 % is the share"
            ),
            (1, 0, 0, 0, 0, nil, nil),
        ] as [(Double, Int, Double, Int, Double, Double?, String?)])
    func fairness(
        weight: Double, count: Int, value: Double, others: Int, otherValue: Double, score: Double?, sentence: String?
    ) {
        let ranking = RankingCast.rank(
            [
                .projectType: "mortgage"
            ],
            [
                RankingCast.rep("other", Profile(), Workload(windowCount: others, windowValue: otherValue)),
                RankingCast.rep("jane", Profile(weight: weight), Workload(windowCount: count, windowValue: value)),
            ])
        Self.expect(ranking.rep("jane")?.factor("fairness"), score, sentence)
    }

    @Test(
        "rest: how long ago the last lead was",
        arguments: [
            (0, 0, "last lead Mon 23 Nov 15:00"), (8, 0.5, "last lead Mon 23 Nov 07:00"),
            (24, 0.75, "last lead Sun 22 Nov 15:00"), (-5, 0, "last lead Mon 23 Nov 20:00"),
            (nil, 1, "no lead in 30 days"),
        ] as [(Int64?, Double, String)])
    func rest(hours: Int64?, score: Double, sentence: String) {
        let load = Workload(lastAssignedAt: hours.map { Sample.start - RankingCast.hours($0) })
        Self.expect(Self.line("rest", [:], Profile(), load), score, sentence)
    }

    @Test(
        "an open lead weighs by the configured measure",
        arguments: [
            (.count, "9", "1000000", 1), (.value, "9", "100000", 2), (.value, "", "1", 0.1), (.value, "", "", 1),
            (.value, "", "99999999", 10), (.complexity, "3", "", 1), (.complexity, "", "500000", 5.0 / 3),
            (.complexity, "", "", 1),
        ] as [(RankingSettings.Load, String, String, Double)])
    func openWeight(load: RankingSettings.Load, complexity: String, value: String, weight: Double) {
        let lead = Lead(given: [.complexity: complexity, .value: value])
        #expect(abs(RankingSettings(load: load).openWeight(of: lead) - weight) < 1e-9)
    }

    @Test(
        "A lead asks for the seniority of its value, to the cent",
        arguments: [
            ("0", 1), ("1", 2), ("2", 2), ("2.49", 2), ("2.5", 3), ("3", 3), ("2999", 3), ("2999.995", 3), ("3000", 4),
            ("3,000.00", 4), ("3999", 4), ("4000", 5), ("999999999999999", 5), ("99999999999999999999", 5),
        ])
    func seniorityOfValue(value: String, seniority: Int) {
        let settings = RankingSettings(seniorityValues: [1, Decimal(25) / 10, 3000, 4000])
        #expect(settings.complexity(of: Lead(given: [.value: value])) == seniority)
        #expect(settings.complexity(of: Lead(given: [.value: value, .complexity: "4"])) == 4)
    }
}
