// The lead's page and its buttons. GET and HEAD change nothing; POST goes through origin, link, form, nonce and pace
// before the desk hears of it. Log lines name the case and the person, never a path or a token.

import Hummingbird
import LeadCore
import Logging

/// What a link opens.
struct LeadRoutes: Sendable {
    let desk: any Desk
    let rulebook: Current<Rulebook>
    let keys: Current<LinkKeys>
    let clock: any TimeSource
    let logger: Logger
    let maximumBodyBytes: Int
    let seen: SeenRankings

    func add(to router: Router<BasicRequestContext>) {
        router.get("/l/{token}") { request, context in
            await show(request, token: context.parameters.get("token") ?? "")
        }
        router.post("/l/{token}") { request, context in
            await take(request, token: context.parameters.get("token") ?? "")
        }
    }

    private var site: Site { rulebook.now.site }

    private var refusal: Response { .page(PlainPage.unknownLink(site: site), status: .notFound) }

    // MARK: GET

    private func show(_ request: Request, token: String) async -> Response {
        guard case .valid(let link) = keys.now.read(token, now: clock.now()), link.purpose != .own else {
            return refusal
        }
        return await onStore(link) { () throws(StoreFailure) in
            guard let view = try await desk.view(link.caseID, for: link.person) else { return refusal }
            let done = request.uri.queryParameters.get("done").flatMap { Notice(rawValue: $0) }
            let first = request.uri.queryParameters.get("rep").map { PersonID($0) }
            let news = PageNews(notice: done?.sentence(about: view, for: link.person), first: first)
            return page(view, link, news, status: .ok)
        }
    }

    private func page(_ view: CaseView, _ link: Link, _ news: PageNews, status: HTTPResponse.Status) -> Response {
        let keys = keys.now
        let nonce = keys.nonce(for: link, issued: clock.now())
        let writer = BriefingWriter(rulebook: view.rulebook, keys: keys)
        switch link.purpose {
        case .decide:
            seen.keep(SeenRanking(view.ranking), under: nonce)
            return .page(LeadPage(view: view, link: link, nonce: nonce, writer: writer, news: news), status: status)
        case .follow, .own:
            return .page(RepPage(view: view, link: link, nonce: nonce, writer: writer, news: news), status: status)
        }
    }

    // MARK: POST

    private func take(_ request: Request, token: String) async -> Response {
        guard request.postOrigin(site) == .own else { return .page(PlainPage.foreign(site: site), status: .forbidden) }
        let form: ChoiceForm
        switch await request.form(atMost: maximumBodyBytes) {
        case .form(let fields): form = ChoiceForm(fields)
        case .refused(let status): return Response.page(PlainPage.badRequest(site: site), status: status).closing
        }
        let reading = keys.now.read(token, now: clock.now())
        if form.action == Self.renewal { return await renew(reading) }
        guard case .valid(let link) = reading, link.purpose != .own else { return refusal }
        let agent = request.header("user-agent")
        func judgement(by view: CaseView) -> Judgement {
            Judgement(of: form, through: link, view: view, keys: keys.now, userAgent: agent, now: clock.now())
        }
        return await onStore(link) { () throws(StoreFailure) in
            // Whoever chooses has just opened the page, and a choice that stands needs nothing newer.
            if let recent = desk.recent(link.caseID, for: link.person), case .act(let choice) = judgement(by: recent) {
                return try await act(choice, link, recent)
            }
            guard let view = try await desk.view(link.caseID, for: link.person) else { return refusal }
            return try await answer(form, through: link, view: view, judgement(by: view))
        }
    }

    private func answer(
        _ form: ChoiceForm, through link: Link, view: CaseView, _ judgement: Judgement
    ) async throws(StoreFailure) -> Response {
        switch judgement {
        case .again(let sentence, let isForbidden):
            let first = form.rep.isEmpty ? nil : PersonID(form.rep)
            let news = PageNews(alert: sentence, note: form.note, search: form.find, first: first)
            return page(view, link, news, status: isForbidden ? .forbidden : .unprocessableContent)
        case .confirm(let choice):
            return confirm(choice, link, view, isDoubtful: true)
        case .act(let choice):
            return try await act(choice, link, view)
        }
    }

    /// Asks once more; the page remembers what the chooser saw before it.
    private func confirm(_ choice: Choice, _ link: Link, _ view: CaseView, isDoubtful: Bool) -> Response {
        let nonce = keys.now.nonce(for: link.confirming(choice), issued: clock.now())
        let page = ConfirmPage(choice, view: view, nonce: nonce, isDoubtful: isDoubtful)
        let shown = seen.ranking(under: choice.form.nonce) ?? SeenRanking(view.ranking)
        seen.keep(shown.naming(page.warnings), under: nonce)
        return .page(page, status: .ok)
    }

    private func act(_ choice: Choice, _ link: Link, _ view: CaseView) async throws(StoreFailure) -> Response {
        let shown = seen.ranking(under: choice.form.nonce)
        // Only what a page has named is confirmed; what has come up since is asked about anew.
        let grounds = Choosing(seen: shown, confirmed: .of(shown?.warnings ?? []))
        let command = choice.command.grounded { _ in grounds }
        let metadata: Logger.Metadata = ["case": "\(link.caseID)", "person": "\(link.person)"]
        let decision = try await desk.decide(command, on: link.caseID, seen: view, through: link.entrance)
        // What a robot may have pressed isn't asked of the case.
        if case .refused = decision { await noteVisit(link) }
        switch decision {
        case .notFound: return refusal
        case .done:
            logger.info("A choice was made on the page: \(choice.action.rawValue).", metadata: metadata)
            return .seeOther(query: "done=\(Notice(choice.action).rawValue)")
        case .refused(_, let subject) where choice.stands(in: subject):
            return .seeOther(query: "done=\(Notice(choice.action).rawValue)")
        case .refused(.unconfirmed, _):
            guard let view = try await desk.view(link.caseID, for: link.person) else { return refusal }
            return confirm(choice, link, view, isDoubtful: false)
        case .refused(let why, let subject):
            logger.info("A choice on the page was refused: \(choice.action.rawValue).", metadata: metadata)
            guard let view = try await desk.view(link.caseID, for: link.person) else { return refusal }
            let writer = BriefingWriter(rulebook: view.rulebook, keys: keys.now)
            let words = RefusalWords(writer: writer, rulebook: view.rulebook, reader: link.person)
            let news = PageNews(alert: words.sentence(why, subject: subject), note: choice.form.note)
            return page(view, link, news, status: RefusalWords.isForbidden(why) ? .forbidden : .conflict)
        }
    }

    // MARK: A fresh link

    /// The action of the form on the page for links that don't work.
    private static let renewal = "renew"

    /// Always the same page, so that nothing can be learnt; the case itself sees to it that nobody is mailed too often.
    private func renew(_ reading: LinkReading) async -> Response {
        switch reading {
        case .foreign: break
        case .valid(let link), .expired(let link):
            do throws(StoreFailure) {
                _ = try await desk.decide(
                    .renewLink(person: link.person), on: link.caseID, seen: nil, through: link.entrance)
            } catch {
                report(error, link)
            }
        }
        return .page(PlainPage.renewed(site: site), status: .ok)
    }

    // MARK: Parts

    /// Whoever came by `link` has changed nothing, and has its message before them all the same.
    private func noteVisit(_ link: Link) async {
        guard let entrance = link.entrance else { return }
        await desk.note(Visit(person: link.person, entrance: entrance, at: clock.now()), of: link.caseID)
    }

    private func onStore(_ link: Link, _ work: () async throws(StoreFailure) -> Response) async -> Response {
        do throws(StoreFailure) {
            return try await work()
        } catch {
            report(error, link)
            return .page(PlainPage.unavailable(site: site), status: .serviceUnavailable)
        }
    }

    private func report(_ failure: StoreFailure, _ link: Link) {
        logger.error(
            "A page could not reach the store: \(failure)",
            metadata: ["case": "\(link.caseID)", "person": "\(link.person)"])
    }
}
