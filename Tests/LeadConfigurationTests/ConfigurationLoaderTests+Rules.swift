// What a good file gives of routes, policies, steps and conditions.

import Foundation
import LeadConfiguration
import LeadCore
import Testing

extension ConfigurationLoaderTests {
    @Test("routes and policies are as written")
    func rules() throws {
        let book = try Samples.configuration(Samples.good).rulebook
        #expect(
            book.routes == [
                Route(
                    conditions: [Condition.field(.product, .isOneOf(["tile", "slab"]))], managers: ["dana", "lee"],
                    policy: "standard"),
                Route(managers: ["lee"], policy: "standard"),
            ])
        #expect(
            book.policies["standard"]?.steps == [
                EscalationPolicy.Step(after: .zero, action: .notify(.manager)),
                EscalationPolicy.Step(after: .seconds(900), action: .remind(.manager)),
                EscalationPolicy.Step(after: .seconds(3600), action: .assign("jane")),
            ])
    }

    @Test("a step addresses the next manager, one person or several")
    func audiences() throws {
        let text = Samples.edited(
            "- { after: 15m, remind: manager }",
            "- { after: 1m, notify: next_manager }\n    - { after: 2m, remind: lee }\n"
                + "    - { after: 3m, notify: [lee, dana] }")
        let steps = try #require(try Samples.configuration(text).rulebook.policies["standard"]).steps
        #expect(
            steps[1...3].map(\.action) == [
                .notify(.nextManager), .remind(.people(["lee"])), .notify(.people(["lee", "dana"])),
            ])
    }

    @Test("steps repeat, take a share of the whole time, and may be for unclaimed leads alone")
    func steps() throws {
        let text = Samples.edited(
            "- { after: 15m, remind: manager }",
            "- { after: 10m, every: 10m, times: 3, if: unclaimed, remind: asked }\n    - { at: 80%, warn: asked }")
        let policy = try #require(try Samples.configuration(text).rulebook.policies["standard"])
        #expect(policy.steps.map(\.after) == [0, 600, 1200, 1800, 2880, 3600].map { .seconds($0) })
        #expect(policy.steps.map(\.onlyUnclaimed) == [false, true, true, true, false, false])
        #expect(policy.steps[4].action == .warn(.asked))
    }

    @Test("shares are of a policy's target where it has one")
    func target() throws {
        let text = Samples.edited(
            """
              standard:
                - { after: 0s, notify: manager }
                - { after: 15m, remind: manager }
                - { after: 60m, assign: jane }
            """,
            """
              standard:
                target: 100m
                first_action: 4h
                playbook: [Call them., "Send a quote: two variants."]
                steps:
                  - { after: 0s, notify: manager }
                  - { at: 50%, warn: manager }
                  - { after: 60m, assign: jane }
            """)
        let policy = try #require(try Samples.configuration(text).rulebook.policies["standard"])
        #expect(policy.target == .seconds(6000) && policy.firstAction == .seconds(14_400))
        #expect(policy.playbook == ["Call them.", "Send a quote: two variants."])
        #expect(policy.steps.map(\.after) == [0, 3000, 3600].map { .seconds($0) })
    }

    @Test("a region is a country, a state, or what the lead itself says")
    func region() throws {
        let text = Samples.edited("product: [tile, slab]", "region: [us-il, DE, Midwest]")
        let route = try Samples.configuration(text).rulebook.routes[0]
        for (fields, isTaken) in [
            ([.countryCode: "US", .stateCode: "IL"], true), ([.countryCode: "US", .stateCode: "WI"], false),
            ([.countryCode: "DE", .stateCode: "BY"], true), ([.countryCode: "CA", .stateCode: "IL"], false),
            (["region": "midwest"], true), ([:], false),
        ] as [([FieldName: String], Bool)] {
            #expect(route.takes(Lead(given: fields)) == isTaken, "\(fields)")
        }
        #expect(
            route.reason(for: Lead(given: [.countryCode: "US", .stateCode: "IL"]))
                == "state code is IL and country code is US")
    }

    @Test("managers may take turns")
    func turns() throws {
        let text = Samples.edited("managers: [dana, lee]", "managers: [dana, lee], ask: in_turn")
        #expect(try Samples.configuration(text).rulebook.routes.map(\.ask) == [.inTurn, .first])
    }

    @Test("a policy that names a calendar counts in its working time, one that is a list around the clock")
    func calendars() throws {
        let text = Samples.edited(
            """
              standard:
                - { after: 0s, notify: manager }
                - { after: 15m, remind: manager }
                - { after: 60m, assign: jane }
            """,
            """
              standard:
                calendar: office
                steps:
                  - { after: 0s, notify: manager }
                  - { after: 60m, assign: jane }
            calendars:
              office:
                time_zone: America/Chicago
                hours: { mon-thu: [9:00-12:00, 13:00-17:30], fri-sun: 22:00-06:00 }
                holidays: { 2026-11-26: Thanksgiving }
            """)
        let zone = try #require(TimeZone(identifier: "America/Chicago"))
        let hours =
            (1...4).flatMap { weekday in
                [(540, 720), (780, 1050)].map {
                    WorkCalendar.Span(weekday: weekday, opens: $0.0, closes: $0.1)
                }
            } + [5, 6, 0].map { WorkCalendar.Span(weekday: $0, opens: 1320, closes: 1800) }
        let day = try #require(WorkCalendar.Day(text: "2026-11-26"))
        let expected = try WorkCalendar(timeZone: zone, hours: hours, holidays: [day: "Thanksgiving"])
        let policy = try #require(try Samples.configuration(text).rulebook.policies["standard"])
        #expect(policy.clock == .office(expected))
        #expect(policy.steps.count == 2)
        #expect(Samples.problems(text) == [])
        #expect(try Samples.configuration(Samples.good).rulebook.policies["standard"]?.clock == .always)
    }

    @Test("a field may have tests of its own, and conditions combine")
    func conditions() throws {
        let text = Samples.edited(
            "when: { product: [tile, slab] }",
            """
            when: { product: tile, postal_code: { like: [606*, "*7"], not: 60699 }, value: { at_least: "50,000", below: 100000.5, \
            currency: usd }, phone: { known: true }, not: { city: Gary, state: IN }, any: [{ source: web }, { urgency: high }] }
            """)
        let least = Decimal(50_000)
        let limit = try #require(Decimal(string: "100000.5"))
        #expect(
            try Samples.configuration(text).rulebook.routes[0].conditions == [
                .field(.product, .isOneOf(["tile"])),
                .field(.postalCode, .isNoneOf(["60699"])), .field(.postalCode, .isLike(["606*", "*7"])),
                .field(.value, .isNumber(atLeast: least, below: limit, currency: "USD")),
                .field(.phone, .isKnown(true)),
                .not(.all([.field(.city, .isOneOf(["Gary"])), .field(.state, .isOneOf(["IN"]))])),
                .any([
                    .all([.field(.source, .isOneOf(["web"]))]), .all([.field(.urgency, .isOneOf(["high"]))]),
                ]),
            ])
    }
}
