// Ready-made values of the core for tests: the people and the policy of the documentation's example, and leads, cases
// and keys to go with them. Nothing here fails; a rule that makes a sample impossible stops the test at once.

import LeadCore

/// Values that tests begin with.
public enum Sample {
    /// Monday 23 November 2026, 15:00 UTC.
    public static let start = Timestamp(milliseconds: 1_795_446_000_000)

    /// A lead from the web form; `fields` replace or add values, an empty text removes one.
    public static func lead(_ number: Int = 1, _ fields: [FieldName: String] = [:]) -> Lead {
        let base: [FieldName: String] = [
            .id: "L-\(number)", .source: "web", .name: "Ada Byron", .email: "ada@acme.example",
            .phone: "+1 312 555 0100", .company: "Acme Arts", .projectType: "fine-art", .city: "Chicago",
            .country: "United States", .description: "A marble bust for the lobby, by June.",
        ]
        return Lead(given: base.merging(fields) { $1 })
    }

    /// The key of a lead with an external id.
    public static func key(of lead: Lead) -> IntakeKey { IntakeKey(lead: lead, record: []) }

    /// Keys that sign links; the bytes follow from `seed`.
    public static func keys(seed: UInt8 = 7) -> LinkKeys {
        guard let keys = LinkKeys([(id: "k1", secret: [UInt8](repeating: seed, count: 32))]) else {
            fatalError("32 bytes are a key")
        }
        return keys
    }

    /// Keys that sign links.
    public static let keys = keys()

    /// The transition that opens the case of `lead` at `now`.
    public static func opening(
        _ lead: Lead = lead(), at now: Timestamp = start, rulebook: Rulebook = rulebook()
    ) -> Transition {
        LeadCase.open(lead, key: key(of: lead), now: now, rulebook: rulebook)
    }

    // MARK: The rulebook

    /// Dana and Lee choose, Billy and Jane receive; mail is a relay, Teams and Slack are one webhook a person.
    ///
    /// Fine art goes to Dana, then Lee; everything else to Lee. After `standard`'s hour Jane gets the lead.
    public static func rulebook(
        people: [Person] = people, channels: [ChannelSettings] = channels, routes: [Route] = routes,
        policies: [String: EscalationPolicy] = ["standard": standard], choice: ChoiceSettings = ChoiceSettings(),
        retry: RetryPolicy = RetryPolicy(), operators: [PersonID] = ["lee"],
        absences: [Absence] = [], ranking: RankingSettings = RankingSettings(), duplicates: DuplicateSettings? = nil,
        digest: DigestRule = .off, phrases: PhraseBook = .shipped
    ) -> Rulebook {
        Rulebook(
            site: Site(
                name: "Example Stoneworks", url: "https://leads.example.com",
                recordURL: "https://crm.example.com/lead/{id}"),
            people: people, channels: channels, routes: routes, policies: policies, choice: choice, retry: retry,
            operators: operators, absences: absences, ranking: ranking, duplicates: duplicates,
            digest: digest, phrases: phrases)
    }

    /// The example's people.
    public static let people = [
        Person(
            id: "dana", name: "Dana Whitfield", isManager: true, timeZone: .gmt,
            reach: [reach("mail", "dana@example.com"), reach("teams", "https://teams.example/dana")]),
        Person(
            id: "lee", name: "Lee Park", isManager: true,
            reach: [reach("mail", "lee@example.com"), reach("slack", "https://slack.example/lee")]),
        Person(
            id: "billy", name: "Billy Moss", rep: Person.RepProfile(skills: ["fine-art"], capacity: 8),
            reach: [reach("mail", "billy@example.com")]),
        Person(
            id: "jane", name: "Jane Ortiz", rep: Person.RepProfile(skills: ["commercial", "fine-art"], capacity: 12),
            reach: [reach("mail", "jane@example.com")]),
    ]

    /// A way to reach a person.
    public static func reach(_ channel: ChannelID, _ address: String) -> Person.Reach {
        Person.Reach(channel: channel, address: Secret(address))
    }

    /// `mail`, `teams` and `slack`.
    public static let channels = [
        ChannelSettings(id: "mail", kind: "smtp", isShared: true, isMail: true, concurrency: 4),
        ChannelSettings(id: "teams", kind: "teams", isShared: false, isMail: false, concurrency: 2),
        ChannelSettings(id: "slack", kind: "slack", isShared: false, isMail: false, concurrency: 2),
    ]

    /// Fine art and restoration to Dana and Lee, the rest to Lee.
    public static let routes = [
        Route(
            conditions: [Condition.field(.projectType, .isOneOf(["fine-art", "restoration"]))],
            managers: ["dana", "lee"], policy: "standard"),
        Route(managers: ["lee"], policy: "standard"),
    ]

    /// Ask at once, remind after 15 minutes, ask the next after 30, give the lead to Jane after 60.
    public static let standard = policy([
        (.zero, .notify(.manager)), (.seconds(900), .remind(.manager)), (.seconds(1800), .notify(.nextManager)),
        (.seconds(3600), .assign("jane")),
    ])

    /// A policy of these steps.
    public static func policy(_ steps: [(after: Duration, action: EscalationPolicy.Action)]) -> EscalationPolicy {
        policy(steps: steps.map { EscalationPolicy.Step(after: $0.after, action: $0.action) })
    }

    /// A policy of these steps.
    public static func policy(steps: [EscalationPolicy.Step], wakes: Bool = false) -> EscalationPolicy {
        do {
            return try EscalationPolicy(steps: steps, wakes: wakes)
        } catch {
            fatalError("a sample policy must be one: \(error)")
        }
    }
}
