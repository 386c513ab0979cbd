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
        #expect(Condition.field(.projectType, .isOneOf(["restoration", "fine-art"])).holds(for: lead))
        #expect(!Condition.field(.projectType, .isOneOf(["fine"])).holds(for: lead))
        #expect(!Condition.field(.projectType, .isOneOf([])).holds(for: lead))
        #expect(!Condition.field(.city, .isOneOf([""])).holds(for: lead))
        let accented = Condition.field(.city, .isOneOf(["Z\u{FC}rich"]))
        #expect(accented.holds(for: Lead(given: [.city: "ZU\u{308}RICH"])))
    }

    private static let rich = Lead(given: [
        .projectType: "Fine-Art", .city: "Chicago", .postalCode: "60614", .value: "$60,000", .currency: "USD",
        .companySize: "250", .description: "Art Museum wing",
    ])

    @Test(
        "a field passes its tests or not",
        arguments: [
            (.city, .isNoneOf(["Boston", "Gary"]), true), (.city, .isNoneOf(["CHICAGO"]), false),
            (.phone, .isNoneOf(["1"]), false), (.phone, .isKnown(false), true), (.city, .isKnown(false), false),
            (.phone, .isKnown(true), false), (.city, .isKnown(true), true),
            (.postalCode, .isLike(["606*"]), true), (.postalCode, .isLike(["*614"]), true),
            (.postalCode, .isLike(["607*", "*"]), true), (.postalCode, .isLike(["60614"]), true),
            (.postalCode, .isLike(["6061"]), false), (.postalCode, .isLike(["0614*"]), false),
            (.postalCode, .isLike(["606*614"]), false), (.postalCode, .isLike(["60*1*4"]), true),
            (.postalCode, .isLike(["*4*1*"]), false), (.postalCode, .isLike(["60614*60614"]), false),
            (.description, .isLike(["*MUSEUM*"]), true), (.phone, .isLike(["*"]), false),
            (.value, .isNumber(atLeast: 60_000, below: nil, currency: nil), true),
            (.value, .isNumber(atLeast: nil, below: 60_000, currency: nil), false),
            (.value, .isNumber(atLeast: 1, below: 60_001, currency: "USD"), true),
            (.value, .isNumber(atLeast: 1, below: nil, currency: "EUR"), false),
            (.companySize, .isNumber(atLeast: 250, below: 251, currency: nil), true),
            (.city, .isNumber(atLeast: nil, below: 1, currency: nil), false),
            (.phone, .isNumber(atLeast: nil, below: 1, currency: nil), false),
        ] as [(FieldName, FieldTest, Bool)])
    func tests(field: FieldName, test: FieldTest, passes: Bool) {
        #expect(Condition.field(field, test).holds(for: Self.rich) == passes)
    }

    @Test("conditions combine, and say why they hold")
    func combinations() {
        let art = Condition.field(.projectType, .isOneOf(["fine-art"]))
        let gary = Condition.field(.city, .isOneOf(["Gary"]))
        let large = Condition.field(.value, .isNumber(atLeast: 50_000, below: nil, currency: "USD"))
        #expect(Condition.any([gary, art]).holds(for: Self.rich))
        #expect(!Condition.any([]).holds(for: Self.rich))
        #expect(Condition.all([]).holds(for: Self.rich))
        #expect(!Condition.all([art, gary]).holds(for: Self.rich))
        #expect(Condition.not(gary).holds(for: Self.rich))
        #expect(Condition.not(gary).holds(for: Lead(given: [:])))
        let route = Route(
            conditions: [
                .any([gary, art]), large, .not(gary), .field(.phone, .isKnown(false)),
                .field(.city, .isNoneOf(["Gary", "Boston"])),
            ], managers: ["dana"], policy: "standard")
        #expect(
            route.reason(for: Self.rich)
                == "project type is Fine-Art and value is 60,000 USD, at least 50,000 USD and it isn't so that city is Gary "
                + "and phone is unknown and city is Chicago, not Gary or Boston")
    }

    @Test("a condition that doesn't hold is told in the reader's language, and so are its numbers")
    func german() {
        let inner = Condition.any([
            .not(.field(.city, .isOneOf(["Gary"]))),
            .field(.value, .isNumber(atLeast: 50_000, below: Decimal(string: "100000.5"), currency: "USD")),
        ])
        #expect(
            Condition.not(inner).reason(for: Self.rich, in: PhraseBook.shipped.phrases(.german))
                == "es trifft nicht zu: es trifft nicht zu: Stadt ist Gary oder Wert ist mindestens 50.000 und unter "
                + "100.000,5 USD")
        #expect(
            Condition.not(inner).words
                == "it isn't so that it isn't so that city is Gary or value is at least 50,000 and below 100,000.5 USD")
    }

    @Test("a route takes what meets all its conditions, and says why in the lead's own words")
    func route() {
        let both = Route(
            conditions: [
                Condition.field(.projectType, .isOneOf(["fine-art"])), Condition.field(.country, .isOneOf(["us"])),
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
        for (channel, lane) in [("mail", "mail"), ("teams", "teams/dana")] as [(ChannelID, LaneID)] {
            #expect(rulebook.channels[channel].map { rulebook.lane(of: $0, for: "dana") } == lane)
        }
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
        let policy = Sample.standard
        let plan = policy.plan(from: Sample.start, managers: ["dana", "lee"], time: WorkingTime(calendar))
        let times = plan.map { CivilTime($0.at).words }
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

    @Test("a step that repeats is as many steps, among the others by their time")
    func repetition() throws {
        let policy = try EscalationPolicy(steps: [
            Step(after: .zero, action: .notify(.manager)),
            Step(
                after: .seconds(10), action: .remind(.asked), onlyUnclaimed: true,
                repetition: EscalationPolicy.Repetition(interval: .seconds(10), times: 3)),
            Step(after: .seconds(15), action: .notify(.nextManager)), Step(after: .seconds(30), action: .warn(.asked)),
            Step(after: .seconds(31), action: .assign("jane")),
        ])
        let plan = policy.plan(from: Sample.start, managers: ["dana", "lee"])
        #expect(
            plan.map(\.action) == [
                .notify(["dana"]), .remind(["dana"]), .notify(["lee"]), .remind(["dana", "lee"]),
                .remind(["dana", "lee"]), .warn(["dana", "lee"]), .assign("jane"),
            ])
        #expect(plan.map { ($0.at - Sample.start).milliseconds / 1000 } == [0, 10, 15, 20, 30, 30, 31])
        #expect(plan.map(\.onlyUnclaimed) == [nil, true, nil, true, true, nil, nil])
        #expect(throws: EscalationPolicy.Flaw.repeatsBeyondTheEnd(step: 1)) {
            try EscalationPolicy(steps: [
                Step(after: .zero, action: .notify(.manager)),
                Step(
                    after: .seconds(10), action: .remind(.manager),
                    repetition: EscalationPolicy.Repetition(interval: .seconds(10), times: 3)),
                Step(after: .seconds(30), action: .assign("jane")),
            ])
        }
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
