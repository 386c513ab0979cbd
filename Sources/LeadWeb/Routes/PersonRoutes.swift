// A person's own page and its buttons, behind a link that is theirs. As on a lead's page, GET and HEAD change nothing, and
// POST goes through origin, form, link, nonce and pace.

import Hummingbird
import LeadCore
import Logging

/// What the link to a person's own page opens.
struct PersonRoutes: Sendable {
    let absences: any AbsenceDesk
    let rulebook: Current<Rulebook>
    let keys: Current<LinkKeys>
    let clock: any TimeSource
    let logger: Logger
    let maximumBodyBytes: Int

    func add(to router: Router<BasicRequestContext>) {
        router.get("/p/{token}") { request, context in
            show(request, token: context.parameters.get("token") ?? "")
        }
        router.post("/p/{token}") { request, context in
            await take(request, token: context.parameters.get("token") ?? "")
        }
    }

    private var site: Site { rulebook.now.site }

    private var refusal: Response { .page(PlainPage.unknownLink(site: site), status: .notFound) }

    private func show(_ request: Request, token: String) -> Response {
        guard let link = link(token) else { return refusal }
        let notice = request.uri.queryParameters.get("done").flatMap { PersonPage.Notice(rawValue: $0) }
        return page(link, PersonPage.News(notice: notice?.sentence), status: .ok)
    }

    private func take(_ request: Request, token: String) async -> Response {
        guard request.postOrigin(site) == .own else {
            return .page(PlainPage.foreign(site: site), status: .forbidden)
        }
        let form: AbsenceForm
        switch await request.form(atMost: maximumBodyBytes) {
        case .form(let fields): form = AbsenceForm(fields)
        case .refused(let status): return Response.page(PlainPage.badRequest(site: site), status: status).closing
        }
        guard let link = link(token) else { return refusal }
        if let doubt = form.doubt(link, keys.now, userAgent: request.header("user-agent"), now: clock.now()) {
            return again(doubt, form, link)
        }
        do throws(StoreFailure) {
            return try await carryOut(form, link)
        } catch {
            logger.error("A page could not reach the store: \(error)", metadata: ["person": "\(link.person)"])
            return again("It could not be recorded just now. Please try again in a moment.", form, link)
        }
    }

    private func carryOut(_ form: AbsenceForm, _ link: Link) async throws(StoreFailure) -> Response {
        switch form.wish(of: link.person, by: rulebook.now, now: clock.now()) {
        case .away(let absence):
            try await absences.record(absence)
            logger.info("An absence was recorded on the page.", metadata: ["person": "\(link.person)"])
            return .seeOther(query: "done=\(PersonPage.Notice.away.rawValue)")
        case .back:
            guard try await absences.end(of: link.person) > 0 else {
                return again(
                    "Nothing was recorded here or by a command. Other absences are ended where they are written: in a "
                        + "calendar, or in the configuration.", form, link)
            }
            logger.info("Absences were ended on the page.", metadata: ["person": "\(link.person)"])
            return .seeOther(query: "done=\(PersonPage.Notice.back.rawValue)")
        case .flawed(let sentence): return again(sentence, form, link)
        }
    }

    /// The link of somebody who is still there.
    private func link(_ token: String) -> Link? {
        guard case .valid(let link) = keys.now.read(token, now: clock.now()), link.purpose == .own,
            rulebook.now.person(link.person) != nil
        else { return nil }
        return link
    }

    private func again(_ alert: String, _ form: AbsenceForm, _ link: Link) -> Response {
        page(link, PersonPage.News(alert: alert, form: form), status: .unprocessableContent)
    }

    private func page(_ link: Link, _ news: PersonPage.News, status: HTTPResponse.Status) -> Response {
        let now = clock.now()
        let nonce = keys.now.nonce(for: link, issued: now)
        return .page(
            PersonPage(of: link.person, rulebook: rulebook.now, now: now, nonce: nonce, news: news), status: status)
    }
}
