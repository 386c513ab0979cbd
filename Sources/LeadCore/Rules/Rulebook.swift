// Everything that the core needs to know of the configuration, as one validated value. The program reads it from YAML;
// a reload replaces it whole. Cases that are open keep the plan that they were opened with.

import Foundation

/// A configured channel as the core sees it.
public struct ChannelSettings: Sendable, Equatable {
    /// The channel's name in the configuration.
    public let id: ChannelID
    /// `teams`, `slack` or `smtp`.
    public let kind: String
    /// True when all people share one destination (a relay); false when each address is a destination of its own.
    public let isShared: Bool
    /// True when a message on this channel is a mail.
    public let isMail: Bool
    /// How many messages may be under way to one destination at once.
    public let concurrency: Int

    /// How many messages one destination takes in a time.
    public let limits: [RateLimit]
    /// How many changes to messages all destinations together take in a time.
    public let changeLimits: [RateLimit]
    /// The events that the channel takes; nil for one that reaches people.
    public let events: Set<EventName>?
    /// When a message on this channel is tried again; nil where all channels' rule holds.
    public let retry: RetryPolicy?
    /// How many leads one message of the channel can show.
    public let digestSize: Int
    /// True when messages can be changed after they were sent.
    public let isEditable: Bool
    /// True when several people read what is written to anybody there.
    public let isRoom: Bool
    /// In which messages are written to who has no language of their own; nil for the site's.
    public let language: Language?

    /// A channel's settings.
    public init(
        id: ChannelID, kind: String, isShared: Bool, isMail: Bool, concurrency: Int, limits: [RateLimit] = [],
        changeLimits: [RateLimit] = [], events: Set<EventName>? = nil, retry: RetryPolicy? = nil, digestSize: Int = 25,
        isEditable: Bool = false, isRoom: Bool = false, language: Language? = nil
    ) {
        self.changeLimits = changeLimits
        self.isRoom = isRoom
        self.digestSize = max(1, digestSize)
        self.isEditable = isEditable
        self.language = language
        self.events = events
        self.retry = retry
        self.id = id
        self.kind = kind
        self.isShared = isShared
        self.isMail = isMail
        // A change must not overtake the message that it changes.
        self.concurrency = isEditable ? 1 : concurrency
        self.limits = limits
    }

    /// What each lane of the channel keeps to. Each connection to a relay has the next mail at hand, so that none stands
    /// still between two.
    public var lanePolicy: LanePolicy {
        LanePolicy(concurrency: isMail ? 2 * concurrency : concurrency, limits: limits, changeLimits: changeLimits)
    }

    /// The lane of messages to `person` on this channel, if they have an address of their own there.
    func lane(for person: PersonID) -> LaneID { isShared ? LaneID(id.text) : LaneID("\(id)/\(person)") }
}

/// The site's own data.
public struct Site: Sendable, Equatable {
    /// Shown on pages and in messages.
    public let name: String
    /// Base of every link, without a trailing slash; at most `longestURL` bytes.
    public let url: String
    /// Pattern of the CRM's record page with `{id}`, nil when there is none.
    public let recordURL: String?

    /// The longest base of links: a digest has dozens of them, and chat programs take messages of a few thousand bytes.
    public static let longestURL = 120

    /// A site.
    public init(name: String, url: String, recordURL: String? = nil) {
        self.name = name
        self.url = url
        self.recordURL = recordURL
    }
}

/// How choices are made.
public struct ChoiceSettings: Sendable, Equatable {
    /// How long a claim lasts.
    public let claim: Duration
    /// Whether a manager may take an assigned lead to another rep.
    public let mayReassign: Bool
    /// How long a link works.
    public let linkLifetime: Duration
    /// How long a manager may undo their choice; zero if they may not.
    public let undo: Duration

    /// Settings for choices; 15 minutes, yes, 14 days, 5 minutes unless told.
    public init(
        claim: Duration = .seconds(900), mayReassign: Bool = true, linkLifetime: Duration = .seconds(1_209_600),
        undo: Duration = .seconds(300)
    ) {
        self.undo = undo
        self.claim = claim
        self.mayReassign = mayReassign
        self.linkLifetime = linkLifetime
    }
}

/// People, channels, routes and policies: what decisions are made by.
///
/// A class, as it has many parts and every decision about a lead takes it along.
public final class Rulebook: Sendable {
    /// The site's own data.
    public let site: Site
    /// Everyone, in the order of the configuration.
    public let people: [Person]
    /// The channels by name.
    public let channels: [ChannelID: ChannelSettings]
    /// The last one takes every lead.
    public let routes: [Route]
    /// Policies by name.
    public let policies: [String: EscalationPolicy]
    /// How choices are made.
    public let choice: ChoiceSettings
    /// When a delivery is tried again.
    public let retry: RetryPolicy
    /// Who is told when a message reaches nobody.
    public let operators: [PersonID]
    /// Who is away when.
    public let absences: [Absence]
    /// The same by person, in order of time.
    private let absencesByPerson: [PersonID: [Absence]]
    /// How reps are ranked.
    public let ranking: RankingSettings
    /// When leads count as the same person's; nil when each is a case of its own.
    public let duplicates: DuplicateSettings?
    /// When the rest of many messages to one person goes as one, unless the person has a rule of their own.
    public let digest: DigestRule
    /// Whether any message may have to wait for its time.
    public let holdsBack: Bool
    /// The texts of messages.
    public let phrases: PhraseBook
    /// Whether anybody, or any channel, has a language of its own.
    private let hasLanguages: Bool
    /// The reps, ready to be ranked.
    public let repIndex: RepIndex
    /// The channels in the order of the configuration.
    private let listedChannels: [ChannelSettings]
    /// Channels that take events.
    let eventChannels: [ChannelSettings]
    /// Whether there is a channel whose messages can be changed.
    let hasEditableChannels: Bool
    private let byID: [PersonID: Person]
    /// Where others read along.
    let rooms: Rooms
    /// Which lanes messages take.
    let destinations: Destinations

    /// A rulebook; references are checked by whoever read them.
    public init(
        site: Site, people: [Person], channels: [ChannelSettings], routes: [Route],
        policies: [String: EscalationPolicy], choice: ChoiceSettings = ChoiceSettings(),
        retry: RetryPolicy = RetryPolicy(), operators: [PersonID] = [], absences: [Absence] = [],
        ranking: RankingSettings = RankingSettings(), duplicates: DuplicateSettings? = nil,
        digest: DigestRule = .off, phrases: PhraseBook = .shipped
    ) {
        self.phrases = phrases
        hasLanguages = people.contains { $0.language != nil } || channels.contains { $0.language != nil }
        self.digest = digest
        holdsBack = digest != .off || people.contains { !$0.quiet.isEmpty || ($0.digest ?? .off) != .off }
        self.site = site
        self.people = people
        self.channels = Dictionary(channels.map { ($0.id, $0) }) { first, _ in first }
        listedChannels = channels
        eventChannels = channels.filter { $0.events != nil }
        rooms = Rooms(people, self.channels)
        destinations = Destinations(people, self.channels)
        hasEditableChannels = channels.contains(where: \.isEditable)
        self.routes = routes
        self.policies = policies
        self.choice = choice
        self.retry = retry
        self.operators = operators
        self.absences = absences
        self.ranking = ranking
        self.duplicates = duplicates
        repIndex = RepIndex(people)
        byID = Dictionary(people.map { ($0.id, $0) }) { first, _ in first }
        absencesByPerson = Self.byPerson(absences)
    }

    private static func byPerson(_ absences: [Absence]) -> [PersonID: [Absence]] {
        Dictionary(grouping: absences, by: \.person).mapValues { $0.sorted { $0.from < $1.from } }
    }

    /// When `person` is away, in order of the beginnings.
    func absences(of person: PersonID) -> [Absence] { absencesByPerson[person] ?? [] }

    /// The absences of managers that hold at `now`.
    public func absencesOfManagers(at now: Timestamp) -> Set<Absence> {
        Set(people.filter(\.isManager).flatMap { absences(of: $0.id) }.filter { $0.from <= now && now < $0.until })
    }

    /// When the next absence of a manager begins; nil when none is known.
    public func nextAbsenceOfManagers(after now: Timestamp) -> Timestamp? {
        people.filter(\.isManager).flatMap { absences(of: $0.id) }.map(\.from).filter { $0 > now }.min()
    }

    /// The same with other absences.
    public func with(absences: [Absence]) -> Rulebook {
        Rulebook(
            site: site, people: people, channels: listedChannels, routes: routes, policies: policies,
            choice: choice, retry: retry, operators: operators, absences: absences, ranking: ranking,
            duplicates: duplicates, digest: digest, phrases: phrases)
    }

    /// The person called `id`, nil when the configuration has none (any more).
    public func person(_ id: PersonID) -> Person? { byID[id] }

    /// By what `person`'s messages are gathered; nil when each goes by itself.
    public func digestPolicy(for person: PersonID) -> DigestPolicy? { (byID[person]?.digest ?? digest).policy }

    /// Until when quiet hours hold `delivery` back that `subject` sends; nil when they don't.
    public func quietEnd(for delivery: Delivery, of subject: LeadCase, at now: Timestamp) -> Timestamp? {
        delivery.kind.keepsQuiet ? quietEnd(forFollowUpOf: delivery, about: subject, at: now) : nil
    }

    /// Until when they hold back what follows `delivery`, whatever they make of that itself; nil when they don't.
    public func quietEnd(forFollowUpOf delivery: Delivery, about subject: LeadCase, at now: Timestamp) -> Timestamp? {
        guard policies[subject.opening.policy]?.wakes != true else { return nil }
        return byID[delivery.person]?.quietEnd(on: delivery.channel, at: now)
    }

    /// The texts of messages to `person` over `channel`: in the person's language, else the channel's, else the site's.
    /// Without a person those for somebody on `channel` who is not known.
    public func phrases(for person: PersonID?, on channel: ChannelID) -> Phrases {
        guard hasLanguages else { return phrases.phrases(phrases.language, on: channel) }
        let own = person.flatMap { byID[$0] }?.language
        return phrases.phrases(own ?? channels[channel]?.language ?? phrases.language, on: channel)
    }

    /// The person's name, or the id when the configuration has no such person any more.
    public func name(_ id: PersonID) -> String { byID[id]?.name ?? id.text }

    /// Every lane that a message can take.
    public var lanes: Set<LaneID> {
        let people = people.flatMap { person in
            person.reach.compactMap { channels[$0.channel].map { lane(of: $0, for: person.id) } }
        }
        return Set(people + eventChannels.map { LaneID($0.id.text) })
    }

    /// Whose member id in Slack `account` is; nil when it is nobody's.
    public func person(slackID account: String) -> Person? { people.first { $0.slackID == account } }

    /// Those who may be given leads, in the order of the configuration.
    public var reps: [Person] { people.filter { $0.rep != nil } }

    /// The first route that takes `lead`.
    public func route(for lead: Lead) -> Route? { routes.first { $0.takes(lead) } }

    /// Whether managers of any route take turns.
    public var takesTurns: Bool { routes.contains { $0.ask == .inTurn } }

    /// The page of the lead's record in the CRM: the lead's own, or the site's pattern with the external id.
    ///
    /// A lead's own address counts only on the host of the site's pattern, if there is one: whoever fills in a form must
    /// not choose where a manager's "Open in the CRM" leads.
    public func recordURL(of lead: Lead) -> String? {
        if let url = lead[.recordURL], let own = URLComponents(string: url),
            own.scheme == "https" || own.scheme == "http",
            let host = own.host, own.user == nil
        {
            let expected = site.recordURL.flatMap { URLComponents(string: $0.replacing("{id}", with: "0"))?.host }
            if expected == nil || expected?.lowercased() == host.lowercased() { return url }
        }
        guard let pattern = site.recordURL, let id = lead[.id],
            let escaped = id.addingPercentEncoding(withAllowedCharacters: Self.unreserved)
        else { return nil }
        return pattern.replacing("{id}", with: escaped)
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
