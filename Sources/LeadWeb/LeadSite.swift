// The pages that a link opens, and the daemon's health. Everything here is a shell: it reads the request, asks the
// desk, and renders what the pure parts (`Choice`, `Page`) decided. A store that fails makes a 503 page and changes
// nothing.

public import Hummingbird
public import LeadCore
public import Logging
public import ServiceLifecycle

/// The pages behind the links, as routes and as a server.
public struct LeadSite: Sendable {
    private let desk: any Desk
    private let absences: any AbsenceDesk
    private let rulebook: Current<Rulebook>
    private let keys: Current<LinkKeys>
    private let health: any HealthSource
    private let clock: any TimeSource
    private let logger: Logger
    private let settings: WebSettings
    private let seen = SeenRankings()
    private let doors: [SourceDoor]
    private let inbox: (any LeadInbox)?
    private let chats: Current<[ChannelID: any ChatDoor]>
    private let finder: (any LeadFinder)?
    private let tickets: (any TicketStore)?

    /// A site over `desk`; `rulebook` and `keys` are looked at anew with each request.
    public init(
        desk: any Desk, absences: any AbsenceDesk, rulebook: Current<Rulebook>, keys: Current<LinkKeys>,
        health: any HealthSource, clock: any TimeSource, logger: Logger, settings: WebSettings,
        doors: [SourceDoor] = [], inbox: (any LeadInbox)? = nil, finder: (any LeadFinder)? = nil,
        tickets: (any TicketStore)? = nil, chats: Current<[ChannelID: any ChatDoor]> = Current([:])
    ) {
        self.finder = finder
        self.tickets = tickets
        self.chats = chats
        self.doors = doors
        self.inbox = inbox
        self.desk = desk
        self.absences = absences
        self.rulebook = rulebook
        self.keys = keys
        self.health = health
        self.clock = clock
        self.logger = logger
        self.settings = settings
    }

    /// The site's routes; further ones may be added before it is served.
    public func router() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: PlainAnswers(rulebook: rulebook, logger: logger))
        LeadRoutes(
            desk: desk, rulebook: rulebook, keys: keys, clock: clock, logger: logger,
            maximumBodyBytes: settings.maximumBodyBytes, seen: seen
        ).add(to: router)
        PersonRoutes(
            entry: inbox.map { EntryDesk(inbox: $0, finder: finder, desk: desk, logger: logger) }, absences: absences,
            rulebook: rulebook, keys: keys, clock: clock, logger: logger,
            maximumBodyBytes: settings.maximumBodyBytes
        ).add(to: router)
        HealthRoutes(health: health, rulebook: rulebook).add(to: router)
        ChatRoutes(
            doors: chats,
            desk: ChatDesk(desk: desk, rulebook: rulebook, keys: keys, clock: clock, logger: logger), clock: clock,
            logger: logger
        ).add(to: router)
        if let inbox {
            IntakeRoutes(doors: doors, inbox: inbox, clock: clock, logger: logger).add(to: router)
            FacebookRoutes(doors: doors, inbox: inbox, logger: logger).add(to: router)
            FormRoutes(
                doors: doors, inbox: inbox, rulebook: rulebook, keys: keys, clock: clock, logger: logger,
                maximumBodyBytes: settings.maximumBodyBytes, tickets: tickets
            ).add(to: router)
        }
        return router
    }

    /// A service that serves `router`, or the site's own routes alone, until it is shut down gracefully.
    ///
    /// `onReady` is called once connections are accepted, with the port (0 for a socket in the file system). Running
    /// the service throws when the address can't be bound.
    public func application(
        router: Router<BasicRequestContext>? = nil, onReady: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some Service {
        SiteService(
            responder: (router ?? self.router()).buildResponder(), settings: settings, rulebook: rulebook,
            clock: clock, logger: logger, onReady: onReady)
    }
}
