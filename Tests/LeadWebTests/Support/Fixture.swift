// A small firm, one lead and the cases that come of it: what the tests of this target look at.

import Foundation
import LeadCore
import Synchronization

@testable import LeadWeb

/// The firm and its lead.
enum Fixture {
    /// Mon 23 Nov 2026 15:40 UTC, 09:40 in Chicago.
    static let start = Timestamp(milliseconds: 1_795_448_400_000)

    static let keys = keys(7)

    static func keys(_ byte: UInt8) -> LinkKeys {
        guard let keys = LinkKeys([(id: "k1", secret: [UInt8](repeating: byte, count: 32))]) else {
            preconditionFailure("32 bytes are a key")
        }
        return keys
    }

    static let rulebook = rulebook()

    static func rulebook(
        siteName: String = "Example Stoneworks", siteURL: String = "https://leads.example.com",
        choice: ChoiceSettings = ChoiceSettings()
    ) -> Rulebook {
        let mail = { (address: String) in [Person.Reach(channel: "mail", address: Secret(address))] }
        return Rulebook(
            site: Site(
                name: siteName, url: siteURL,
                recordURL: "https://example.my.salesforce.com/lightning/r/Lead/{id}/view"),
            people: [
                Person(
                    id: "dana", name: "Dana Whitfield", isManager: true,
                    timeZone: TimeZone(identifier: "America/Chicago") ?? .gmt, reach: mail("dana@example.com")),
                Person(id: "lee", name: "Lee Park", isManager: true, reach: mail("lee@example.com")),
                Person(
                    id: "billy", name: "Billy Moss",
                    rep: .init(skills: ["fine-art", "restoration"], capacity: 8),
                    timeZone: TimeZone(identifier: "America/Chicago") ?? .gmt, reach: mail("billy@example.com")),
                Person(
                    id: "jane", name: "Jane Ortiz",
                    rep: .init(skills: ["commercial", Skill("fine-art", level: 1)], capacity: 12),
                    reach: mail("jane@example.com")),
                Person(
                    id: "omar", name: "Omar Haddad", rep: .init(skills: ["fine-art"], capacity: 5),
                    reach: mail("omar@example.com")),
            ],
            channels: [ChannelSettings(id: "mail", kind: "smtp", isShared: true, isMail: true, concurrency: 4)],
            routes: [
                Route(
                    conditions: [Condition.field(.projectType, .isOneOf(["fine-art"]))], managers: ["dana", "lee"],
                    policy: "standard"),
                Route(managers: ["lee"], policy: "standard"),
            ],
            policies: ["standard": policy], choice: choice)
    }

    private static let policy: EscalationPolicy = {
        do throws(EscalationPolicy.Flaw) {
            return try EscalationPolicy(
                steps: [
                    .init(after: .zero, action: .notify(.manager)),
                    .init(after: .seconds(900), action: .remind(.manager)),
                    .init(after: .seconds(1800), action: .notify(.nextManager)),
                    .init(after: .seconds(3600), action: .assign("jane")),
                ], playbook: ["Call within the hour; two tries, then write.", "Send the catalogue <2026>, 60 × 40 cm."])
        } catch {
            preconditionFailure("The fixture's policy is none: \(error)")
        }
    }()

    /// What the reps have to do.
    static let loads: [PersonID: Workload] = ["billy": 3, "jane": 6, "omar": 5].mapValues { count in
        Workload(
            openCount: count, openWeight: Double(count), assignedLastWeek: count, windowCount: count,
            lastAssignedAt: start - .seconds(3_600 * Int64(count)))
    }

    static let lead: Lead = {
        var lead = Lead(given: [
            .id: "00Q5e000001", .firstName: "Ada", .lastName: "Marsh", .title: "Collections Manager",
            .company: "Acme Arts", .email: "ada.marsh@acme-arts.example", .phone: "+1 (312) 555-0142",
            .city: "Chicago", .state: "Illinois", .projectType: "fine-art", .source: "Web form",
            .value: "42500", .currency: "usd", .urgency: "this month",
            .description:
                "Two marble reliefs, about 1890.\nOne corner is chipped. Could someone look at them next week?",
            "budget_holder": "Foundation board",
        ])
        lead.fill(.industry, "Museums & galleries", Provenance(origin: "firms", basis: "domain acme-arts.example"))
        lead.fill(.stateCode, "IL", Provenance(origin: "normalise", basis: "state Illinois"))
        lead.note(Lead.Gap(enricher: "http", reason: "took longer than 3 s"))
        return lead
    }()

    static func key(_ lead: Lead) -> IntakeKey { IntakeKey(lead: lead, record: []) }

    /// The lead's case at the start, with its history.
    static func opened(_ lead: Lead = lead, rulebook: Rulebook = rulebook) -> StoredCase {
        StoredCase(LeadCase.open(lead, key: key(lead), now: start, rulebook: rulebook))
    }

    static func link(
        _ person: PersonID = "dana", _ purpose: LinkPurpose = .decide, case id: CaseID? = nil,
        expires: Timestamp = start + .seconds(86_400)
    ) -> Link {
        Link(caseID: id ?? key(lead).caseID, person: person, purpose: purpose, expires: expires)
    }

    static func token(_ link: Link = link()) -> String { keys.token(for: link) }
}

/// A case with everything that became of it.
struct StoredCase: Sendable {
    private(set) var subject: LeadCase
    private(set) var history: [HistoryEntry]
    private(set) var deliveries: [DeliveryRecord]

    init(_ opening: Transition) {
        subject = opening.result
        history = []
        deliveries = []
        take(opening, now: opening.result.openedAt)
    }

    /// Decides as the real desk does; throws the refusal.
    mutating func decide(_ command: CaseCommand, now: Timestamp, rulebook: Rulebook) throws(Refusal) {
        take(try subject.decide(command, now: now, rulebook: rulebook), now: now)
    }

    private mutating func take(_ transition: Transition, now: Timestamp) {
        subject = transition.result
        history += transition.entries
        deliveries += transition.deliveries.map {
            DeliveryRecord(
                delivery: $0, state: .sent, attempts: 1, nextAttempt: nil, changedAt: now,
                detail: "250 queued as 4F1C")
        }
    }

    /// The case after `command`, for chains in tests.
    func after(_ command: CaseCommand, minutes: Int64, rulebook: Rulebook = Fixture.rulebook) throws -> StoredCase {
        var copy = self
        try copy.decide(command, now: Fixture.start + .seconds(minutes * 60), rulebook: rulebook)
        return copy
    }

    func view(minutes: Int64 = 0, rulebook: Rulebook = Fixture.rulebook) -> CaseView {
        CaseView(
            file: CaseFile(subject: subject, history: history, deliveries: deliveries), rulebook: rulebook,
            now: Fixture.start + .seconds(minutes * 60), loads: { Fixture.loads[$0] ?? Workload() })
    }
}

/// A clock that the test sets.
final class ManualClock: TimeSource {
    private struct State {
        var now: Timestamp
        let pace: Duration
        var waiters: [(deadline: Timestamp, bell: Bell)] = []
    }
    private let state: Mutex<State>

    /// A clock that moves on by `pace` each time it is read; it stands still unless told.
    init(_ start: Timestamp = Fixture.start, pace: Duration = .zero) {
        state = Mutex(State(now: start, pace: pace))
    }

    func now() -> Timestamp {
        state.withLock { state in
            state.now = state.now + state.pace
            return state.now
        }
    }

    /// For whom it is to be set on.
    var waiters: Int { state.withLock { $0.waiters.count } }

    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now + duration
            let now = state.now
            defer { state.waiters.removeAll { $0.deadline <= now } }
            return state.waiters.filter { $0.deadline <= now }
        }
        for waiter in due { waiter.bell.ring() }
    }

    func wait(until deadline: Timestamp?, or bell: Bell) async {
        if let deadline { state.withLock { $0.waiters.append((deadline, bell)) } }
        await bell.wait()
    }
}
