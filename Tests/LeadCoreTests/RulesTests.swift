// Routes, policies and the rulebook, and that secrets stay unprinted.

import Foundation
import LeadCore
import LeadTestKit
import Testing

@Suite("Condition and Route")
struct RouteTests {
    private let lead = Lead(given: [.projectType: "Fine-Art", .country: "US"])

    @Test("a condition compares without regard to case and an unknown field meets none")
    func condition() {
        #expect(Condition(field: .projectType, accepted: ["restoration", "fine-art"]).holds(for: lead))
        #expect(!Condition(field: .projectType, accepted: ["fine"]).holds(for: lead))
        #expect(!Condition(field: .projectType, accepted: []).holds(for: lead))
        #expect(!Condition(field: .city, accepted: [""]).holds(for: lead))
        let accented = Condition(field: .city, accepted: ["Z\u{FC}rich"])
        #expect(accented.holds(for: Lead(given: [.city: "ZU\u{308}RICH"])))
    }

    @Test("a route takes what meets all its conditions, and says why in the lead's own words")
    func route() {
        let both = Route(
            conditions: [
                Condition(field: .projectType, accepted: ["fine-art"]), Condition(field: .country, accepted: ["us"]),
            ], managers: ["dana"], policy: "standard")
        #expect(both.takes(lead))
        #expect(!both.takes(Lead(given: [.projectType: "fine-art"])))
        #expect(both.reason(for: lead) == "project type is Fine-Art and country is US")
        let last = Route(managers: ["lee"], policy: "standard")
        #expect(last.takes(Lead(given: [:])))
        #expect(last.reason(for: lead) == "no other route applies")
    }

    @Test("the first route that takes the lead is its route")
    func order() {
        let rulebook = Sample.rulebook()
        #expect(rulebook.route(for: lead)?.managers == ["dana", "lee"])
        #expect(rulebook.route(for: Lead(given: [:]))?.managers == ["lee"])
        #expect(Sample.rulebook(routes: []).route(for: lead) == nil)
    }
}

@Suite("Rulebook")
struct RulebookTests {
    @Test("people are found by id, and a name that is gone is its id")
    func people() {
        let rulebook = Sample.rulebook()
        #expect(rulebook.person("dana")?.name == "Dana Whitfield")
        #expect(rulebook.person("gone") == nil)
        #expect(rulebook.name("gone") == "gone")
        #expect(rulebook.reps.map(\.id) == ["billy", "jane"])
    }

    @Test("a relay is one lane, and each webhook its own")
    func lanes() {
        let rulebook = Sample.rulebook()
        #expect(rulebook.channels["mail"]?.lane(for: "dana") == "mail")
        #expect(rulebook.channels["teams"]?.lane(for: "dana") == "teams/dana")
    }

    @Test("the record's page is the lead's own on the CRM's host, else the site's pattern with the id escaped")
    func recordURL() {
        let rulebook = Sample.rulebook()
        func page(_ own: String, _ id: String = "2") -> String? {
            rulebook.recordURL(of: Lead(given: [.recordURL: own, .id: id]))
        }
        #expect(page("https://CRM.example.com/other/1") == "https://CRM.example.com/other/1")
        for foreign in [
            "https://evil.example/1", "https://crm.example.com@evil.example/",
            "https://crm.example.com:x@evil.example/",
            "https://crm.example.com.evil.example/", "https://crm.example.com\\@evil.example/", "javascript:alert(1)",
            "//crm.example.com/1", "crm.example.com", "file://crm.example.com/etc/passwd", "https://",
        ] {
            #expect(page(foreign) == "https://crm.example.com/lead/2", "\(foreign)")
        }
        #expect(page("-", "a/b?c d\u{E9}") == "https://crm.example.com/lead/a%2Fb%3Fc%20d%C3%A9")
        #expect(rulebook.recordURL(of: Lead(given: [:])) == nil)
    }

    @Test("options are read by their type alone")
    func options() {
        let values = OptionValues([
            "a": .text("x"), "b": .secret(Secret("y")), "c": .integer(3), "d": .duration(.seconds(4)), "e": .flag(true),
        ])
        #expect(values.text("a") == "x")
        #expect(values.secret("b")?.revealed == "y")
        #expect(values.integer("c") == 3)
        #expect(values.duration("d") == .seconds(4))
        #expect(values.flag("e") == true)
        #expect(values.text("b") == nil)
        #expect(values.integer("a") == nil)
        #expect(values.flag("none") == nil)
    }
}

@Suite("EscalationPolicy")
struct EscalationPolicyTests {
    typealias Step = EscalationPolicy.Step

    private func steps(_ steps: [(Int, EscalationPolicy.Action)]) -> [Step] {
        steps.map { Step(after: .seconds($0.0), action: $0.1) }
    }

    @Test(
        "steps that would leave a lead without an owner are no policy",
        arguments: [
            ([], .empty),
            ([(0, .notify(.manager))], .endsWithoutOwner),
            ([(0, .assign("jane")), (60, .notify(.manager))], .endsWithoutOwner),
            ([(0, .notify(.manager)), (5, .assign("jane")), (9, .assign("billy"))], .assignsBeforeTheEnd(step: 1)),
            ([(9, .notify(.manager)), (5, .remind(.manager)), (9, .assign("jane"))], .goesBackInTime(step: 1)),
            ([(0, .notify(.manager)), (9, .remind(.manager)), (5, .assign("jane"))], .goesBackInTime(step: 2)),
            ([(0, .remind(.manager)), (5, .assign("jane"))], .asksNobody),
            ([(5, .assign("jane"))], .asksNobody),
        ] as [([(Int, EscalationPolicy.Action)], EscalationPolicy.Flaw)])
    func flaws(given: [(Int, EscalationPolicy.Action)], flaw: EscalationPolicy.Flaw) {
        #expect(throws: flaw) { try EscalationPolicy(steps: steps(given)) }
    }

    @Test("a plan has instants for delays and people for roles")
    func plan() {
        let start = Sample.start
        #expect(
            Sample.standard.plan(from: start, managers: ["dana", "lee"]) == [
                PlannedStep(at: start, action: .notify(["dana"])),
                PlannedStep(at: start + .seconds(900), action: .remind(["dana"])),
                PlannedStep(at: start + .seconds(1800), action: .notify(["lee"])),
                PlannedStep(at: start + .seconds(3600), action: .assign("jane")),
            ])
    }

    @Test("with a calendar the delays count in its working time, and what is due at once is due at once")
    func workingTime() throws {
        // Open on Tuesdays from 9:00 to 9:20 and on Wednesdays from 9:00.
        let calendar = try WorkCalendar(
            timeZone: .gmt,
            hours: [
                WorkCalendar.Span(weekday: 2, opens: 540, closes: 560),
                WorkCalendar.Span(weekday: 3, opens: 540, closes: 1020),
            ])
        let policy = try EscalationPolicy(steps: Sample.standard.steps, calendar: calendar)
        let times = policy.plan(from: Sample.start, managers: ["dana", "lee"]).map {
            CivilTime($0.at).words
        }
        #expect(times == ["Mon 23 Nov 15:00", "Tue 24 Nov 09:15", "Wed 25 Nov 09:10", "Wed 25 Nov 09:40"])
    }

    @Test("with no further manager those asked so far are reminded instead")
    func noNextManager() throws {
        let policy = try EscalationPolicy(
            steps: steps([
                (0, .notify(.manager)), (1, .notify(.nextManager)), (2, .notify(.nextManager)), (3, .assign("jane")),
            ]))
        let actions = policy.plan(from: Sample.start, managers: ["dana", "lee"]).map(\.action)
        #expect(actions == [.notify(["dana"]), .notify(["lee"]), .remind(["dana", "lee"]), .assign("jane")])
        let single = policy.plan(from: Sample.start, managers: ["lee"]).map(\.action)
        #expect(single == [.notify(["lee"]), .remind(["lee"]), .remind(["lee"]), .assign("jane")])
    }

    @Test("whoever was asked by name isn't the next manager")
    func named() throws {
        let policy = try EscalationPolicy(
            steps: steps([
                (0, .notify(.people(["lee"]))), (1, .notify(.nextManager)), (2, .notify(.people(["lee", "kim"]))),
                (3, .assign("jane")),
            ]))
        let actions = policy.plan(from: Sample.start, managers: ["dana", "lee"]).map(\.action)
        #expect(actions == [.notify(["lee"]), .notify(["dana"]), .notify(["kim"]), .assign("jane")])
    }

    @Test("steps at the same instant are allowed")
    func sameInstant() throws {
        let policy = try EscalationPolicy(steps: steps([(0, .notify(.manager)), (0, .assign("jane"))]))
        #expect(policy.plan(from: Sample.start, managers: []).first?.action == .remind([]))
    }
}

@Suite("Secret")
struct SecretTests {
    private let canary = "s3cr3t-c4n4ry"

    @Test("no way of printing shows the text, alone or inside other values")
    func hidden() {
        let secret = Secret(canary)
        let person = Person(id: "dana", name: "Dana", reach: [Person.Reach(channel: "teams", address: secret)])
        let rulebook = Sample.rulebook(people: [person])
        let options = OptionValues(["password": .secret(secret)])
        let values: [Any] = [secret, person, rulebook, options, [secret], ["k": secret], Optional(secret) as Any]
        for value in values {
            var dumped = ""
            dump(value, to: &dumped)
            var printed = ""
            print(value, to: &printed)
            debugPrint(value, to: &printed)
            let texts = [
                "\(value)", String(describing: value), String(reflecting: value), dumped, printed,
                "\(Mirror(reflecting: value).children.map { "\($0)" })",
            ]
            for text in texts { #expect(!text.contains(canary)) }
        }
        #expect("\(secret)" == "\u{2039}secret\u{203A}")
        #expect(secret.revealed == canary)
    }

    @Test("the keys of links print no key")
    func keys() {
        let text = String(repeating: "K", count: 32)
        let keys = LinkKeys([(id: "k1", secret: Array(text.utf8))])
        var dumped = ""
        dump(keys, to: &dumped)
        for text in [dumped, String(describing: keys), String(reflecting: keys)] {
            #expect(!text.contains("KKK"))
            #expect(!text.contains("75, 75"))
            #expect(!text.contains("75\n"))
        }
    }
}
