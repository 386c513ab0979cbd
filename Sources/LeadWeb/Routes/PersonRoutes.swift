// A person's own page and its buttons, behind a link that is theirs: they say when they are away, and type in leads that came
// by a call or by word of mouth. As on a lead's page, GET and HEAD change nothing, and POST goes through origin, form, link,
// nonce and pace.

import Hummingbird
import LeadCore
import Logging

/// What the link to a person's own page opens.
struct PersonRoutes: Sendable {
    /// Where leads are typed in; nil where they can't be.
    let entry: EntryDesk?
    let absences: any AbsenceDesk
    let rulebook: Current<Rulebook>
    let keys: Current<LinkKeys>
    let clock: any TimeSource
    let logger: Logger
    let maximumBodyBytes: Int
    /// So many looks a second, for each person.
    private let looks = Rates { _ in [TokenBucket(RateLimit(3, per: .seconds(1)), burst: 6)] }

    init(
        entry: EntryDesk?, absences: any AbsenceDesk, rulebook: Current<Rulebook>, keys: Current<LinkKeys>,
        clock: any TimeSource, logger: Logger, maximumBodyBytes: Int
    ) {
        self.entry = entry
        self.absences = absences
        self.rulebook = rulebook
        self.keys = keys
        self.clock = clock
        self.logger = logger
        self.maximumBodyBytes = maximumBodyBytes
    }

    func add(to router: Router<BasicRequestContext>) {
        router.get("/p/{token}") { request, context in
            show(request, token: context.parameters.get("token") ?? "")
        }
        router.post("/p/{token}") { request, context in
            await take(request, token: context.parameters.get("token") ?? "")
        }
        router.get(RouterPath(EntryScript.path)) { _, _ in EntryScript.response }
    }

    private var site: Site { rulebook.now.site }

    private var refusal: Response { .page(PlainPage.unknownLink(site: site), status: .notFound) }

    private func show(_ request: Request, token: String) -> Response {
        guard let link = link(token) else { return refusal }
        let query = request.uri.queryParameters
        let done = query.get("done").flatMap { PersonPage.Notice(rawValue: $0) }
        let notice = done?.sentence(of: query.get("lead") ?? "")
        return page(link, PersonPage.News(notice: notice), status: .ok)
    }

    private func take(_ request: Request, token: String) async -> Response {
        guard request.postOrigin(site) == .own else {
            return .page(PlainPage.foreign(site: site), status: .forbidden)
        }
        let fields: FormFields
        switch await request.form(atMost: maximumBodyBytes) {
        case .form(let read): fields = read
        case .refused(let status): return Response.page(PlainPage.badRequest(site: site), status: status).closing
        }
        guard let link = link(token), let person = rulebook.now.person(link.person) else { return refusal }
        if let entry {
            if fields["action"] == "look" { return await look(EntryForm(fields), entry, link) }
            if fields["action"] == "lead" {
                return await take(EntryForm(fields), entry, link, person, userAgent: request.header("user-agent"))
            }
        }
        let form = AbsenceForm(fields)
        if let doubt = doubt(form.nonce, link, userAgent: request.header("user-agent")) {
            return again(PersonPage.News(alert: doubt, form: form), link)
        }
        do throws(StoreFailure) {
            return try await carryOut(form, link)
        } catch {
            logger.error("A page could not reach the store: \(error)", metadata: ["person": "\(link.person)"])
            return again(
                PersonPage.News(
                    alert: "It could not be recorded just now. Please try again in a moment.", form: form), link)
        }
    }

    /// Why a form isn't acted upon yet: it is too old, or a robot may have pressed the button; nil when neither.
    private func doubt(_ nonce: String, _ link: Link, userAgent: String?) -> String? {
        switch keys.now.read(nonce: nonce, for: link, now: clock.now()) {
        case .foreign, .expired:
            return "This page had been open for too long, so nothing was changed. Please try again."
        case .valid(let age):
            guard age < Judgement.leastAge || Robots.include(userAgent) else { return nil }
            return
                "Nothing was changed yet. Programs that check mail sometimes press buttons, so please press it once more."
        }
    }

    // MARK: Absences

    private func carryOut(_ form: AbsenceForm, _ link: Link) async throws(StoreFailure) -> Response {
        switch form.wish(of: link.person, by: rulebook.now, now: clock.now()) {
        case .away(let absence):
            try await absences.record(absence)
            logger.info("An absence was recorded on the page.", metadata: ["person": "\(link.person)"])
            return .seeOther(query: "done=\(PersonPage.Notice.away.rawValue)")
        case .back:
            guard try await absences.end(of: link.person) > 0 else {
                let sentence =
                    "Nothing was recorded here or by a command. Other absences are ended where they are written: in a "
                    + "calendar, or in the configuration."
                return again(PersonPage.News(alert: sentence, form: form), link)
            }
            logger.info("Absences were ended on the page.", metadata: ["person": "\(link.person)"])
            return .seeOther(query: "done=\(PersonPage.Notice.back.rawValue)")
        case .flawed(let sentence): return again(PersonPage.News(alert: sentence, form: form), link)
        }
    }

    // MARK: Leads

    private func take(
        _ form: EntryForm, _ entry: EntryDesk, _ link: Link, _ person: Person, userAgent: String?
    ) async -> Response {
        if let doubt = doubt(form.nonce, link, userAgent: userAgent) {
            return again(PersonPage.News(alert: doubt, entry: form), link)
        }
        switch await entry.take(form, by: person, HistoryWords(rulebook: rulebook.now, reader: person.id)) {
        case .taken(let id): return .seeOther(query: "done=\(PersonPage.Notice.taken.rawValue)&lead=\(id)")
        case .joined(let id): return .seeOther(query: "done=\(PersonPage.Notice.joined.rawValue)&lead=\(id)")
        case .known(let lines):
            // The same nonce here and below, so that it stays the same post.
            return page(link, PersonPage.News(entry: form, known: lines), status: .ok, nonce: form.nonce)
        case .flawed(let sentence): return again(PersonPage.News(alert: sentence, entry: form), link)
        case .unavailable:
            let sentence = "That could not be stored just now. Please try again in a moment."
            return page(
                link, PersonPage.News(alert: sentence, entry: form), status: .serviceUnavailable, nonce: form.nonce)
        }
    }

    /// Answers the page's script with the known leads alone, while somebody types.
    private func look(_ form: EntryForm, _ entry: EntryDesk, _ link: Link) async -> Response {
        let now = clock.now()
        guard case .valid = keys.now.read(nonce: form.nonce, for: link, now: now) else {
            return Response(status: .forbidden)
        }
        if let wait = looks.take(1, of: link.person.text, now: now) {
            return Response(status: .tooManyRequests, headers: [.retryAfter: "\(wait)"])
        }
        let lines = await entry.find(form, HistoryWords(rulebook: rulebook.now, reader: link.person))
        return .page(KnownList(known: lines), status: .ok)
    }

    // MARK: Pages

    /// The link of somebody who is still there.
    private func link(_ token: String) -> Link? {
        guard case .valid(let link) = keys.now.read(token, now: clock.now()), link.purpose == .own,
            rulebook.now.person(link.person) != nil
        else { return nil }
        return link
    }

    private func again(_ news: PersonPage.News, _ link: Link) -> Response {
        page(link, news, status: .unprocessableContent)
    }

    private func page(
        _ link: Link, _ news: PersonPage.News, status: HTTPResponse.Status, nonce: String? = nil
    ) -> Response {
        let now = clock.now()
        let page = PersonPage(
            of: link.person, rulebook: rulebook.now, now: now,
            nonce: nonce ?? keys.now.nonce(for: link, issued: now), takesLeads: entry != nil, news: news)
        var response = Response.page(page, status: status)
        if entry != nil { response.headers[EntryScript.policyName] = EntryScript.policy }
        return response
    }
}
