// Finding a rep by a typed name, in the form and by itself.

import LeadCore
import Testing

@testable import LeadWeb

@Suite("Searching a rep")
struct RepSearchTests {
    private let search = RepSearch([
        Person(id: "billy", name: "Billy Moss"), Person(id: "zoe", name: "Zoë Blum"),
        Person(id: "sam-1", name: "Sam Lee"), Person(id: "sam-2", name: "Sam Lee"),
        Person(id: "mo", name: "Mo Ali"), Person(id: "moss", name: "Ann Bird"),
    ])

    @Test(
        "a name is found whole, by parts, by id, without accents and case; two of a name are told apart",
        arguments: [
            ("Billy Moss", ["billy"]), ("billy", ["billy"]), ("  zoe blum ", ["zoe"]), ("ZOË", ["zoe"]),
            ("sam lee", ["sam-1", "sam-2"]), ("Sam Lee (sam-2)", ["sam-2"]), ("lee sam", ["sam-1", "sam-2"]),
            ("mo", ["mo"]), ("moss", ["moss"]), ("moss bil", ["billy"]), ("nobody", []), ("", []), (" ", []),
        ])
    func matches(typed: String, expected: [PersonID]) { #expect(search.matches(typed) == expected) }

    @Test("every name that is offered stands for one person")
    func offered() {
        #expect(search.names.count == 6)
        for name in search.names { #expect(search.matches(name).count == 1) }
    }

    /// A firm with `count` reps beside its managers.
    static func firm(_ count: Int) -> Rulebook {
        let base = Fixture.rulebook
        let reps = (0..<count).map { number in
            Person(
                id: PersonID("rep\(number)"), name: "Rep Number \(number)",
                rep: .init(skills: [Skill("fine-art", level: 1 + number % 5)], licences: number == 7 ? [] : ["art"]))
        }
        return Rulebook(
            site: base.site, people: base.people.filter { $0.rep == nil } + reps, channels: Array(base.channels.values),
            routes: base.routes, policies: base.policies,
            ranking: RankingSettings(rules: [HardRule(.all([]), needs: .licence("art"))]))
    }

    @Test("a long list offers a search; what is typed chooses, and what is unclear comes first in the list")
    func form() async throws {
        let rulebook = Self.firm(30)
        let stored = Fixture.opened(rulebook: rulebook)
        try await RunningSite.run([stored], rulebook: rulebook) { site in
            let page = try await site.get().body
            #expect(page.contains("<datalist id=\"names\">") && page.contains("name=\"find\""))
            #expect(!page.contains(" required>\n        <span class=\"repname\""))
            #expect(page.contains("19 more"))
            #expect(page.contains("1 who can’t have it") && page.contains("no licence art"))
            func post(_ find: String, rep: String = "") async throws -> Answer {
                try await site.post([
                    ("action", "assign"), ("find", find), ("rep", rep), ("nonce", site.nonce()),
                ])
            }
            let nobody = try await post("Smith")
            #expect(nobody.status == 422 && nobody.body.contains("There is no rep called “Smith”"))
            let several = try await post("number 1")
            #expect(several.status == 422 && several.body.contains("fits 12 reps"))
            #expect(several.body.contains("value=\"number 1\""))
            let shown = several.body.split(separator: "name=\"rep\" value=\"").dropFirst().prefix(12)
            #expect(shown.allSatisfy { $0.prefix { $0 != "\"" }.contains("1") })
            let excluded = try await post("Rep Number 7")
            #expect(excluded.status == 422)
            let two = try await post("Rep Number 12", rep: "rep3")
            #expect(
                two.status == 422 && two.body.contains("You chose Rep Number 3 in the list and typed Rep Number 12"))
            #expect(await site.desk.commands.isEmpty)
            #expect(try await post("rep number 12").status == 303)
            #expect(await site.desk.stored(stored.subject.id)?.subject.assignment?.rep == "rep12")
        }
    }

    @Test("what pages showed is kept within a bound, the oldest given up first")
    func kept() {
        let rankings = SeenRankings(capacity: 100)
        let ranking = SeenRanking(
            Self.firm(9).ranking(for: Fixture.lead, at: Fixture.start) { _ in Workload() })
        for number in 0..<50 { rankings.keep(ranking, under: "\(number)") }
        #expect(rankings.ranking(under: "39") == nil)
        for number in 40..<50 { #expect(rankings.ranking(under: "\(number)") == ranking) }
    }
}
