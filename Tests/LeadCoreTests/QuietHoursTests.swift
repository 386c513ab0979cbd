// Quiet hours by a person's clock, and policies that break them.

import Foundation
import LeadTestKit
import Testing

@testable import LeadCore

@Suite("Quiet hours")
struct QuietHoursTests {
    /// 21:00 to 07:00 in Chicago, on all days.
    private static func nights() throws -> WorkCalendar {
        try WorkCalendar(
            timeZone: try #require(TimeZone(identifier: "America/Chicago")),
            hours: (0..<7).map { WorkCalendar.Span(weekday: $0, opens: 21 * 60, closes: 31 * 60) })
    }

    private func rulebook(wakes: Bool = false) throws -> Rulebook {
        let dana = Sample.people[0].with(quiet: ["teams": try Self.nights()])
        let policy = Sample.policy(steps: Sample.standard.steps, wakes: wakes)
        return Sample.rulebook(people: [dana] + Sample.people.dropFirst(), policies: ["standard": policy])
    }

    private func delivery(_ channel: ChannelID, _ kind: MessageKind = .decide) -> Delivery {
        Delivery(
            caseID: "case", sequence: 1, person: "dana", channel: channel, lane: LaneID(channel.text), kind: kind,
            createdAt: Sample.start)
    }

    // Sample.start is Monday, 09:00 in Chicago.
    @Test("they end when the person's clock says so, over midnight, and only on their channels")
    func span() throws {
        let rulebook = try rulebook()
        let subject = Sample.opening(rulebook: rulebook).result
        let night = Sample.start + .seconds(13 * 3600)
        let morning = Sample.start + .seconds(22 * 3600)
        #expect(rulebook.holdsBack)
        #expect(rulebook.quietEnd(for: delivery("teams"), of: subject, at: Sample.start) == nil)
        #expect(rulebook.quietEnd(for: delivery("teams"), of: subject, at: night) == morning)
        #expect(rulebook.quietEnd(for: delivery("teams"), of: subject, at: morning) == nil)
        #expect(rulebook.quietEnd(for: delivery("mail"), of: subject, at: night) == nil)
        #expect(rulebook.quietEnd(for: delivery("teams", .escalate), of: subject, at: night) == morning)
        #expect(rulebook.quietEnd(for: delivery("teams", .freshLink), of: subject, at: night) == nil)
    }

    @Test("a policy that says wake: true breaks them")
    func wake() throws {
        let rulebook = try rulebook(wakes: true)
        let subject = Sample.opening(rulebook: rulebook).result
        #expect(rulebook.quietEnd(for: delivery("teams"), of: subject, at: Sample.start + .seconds(13 * 3600)) == nil)
    }
}
