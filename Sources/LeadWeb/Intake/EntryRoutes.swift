// `/e/TOKEN`: the page on which somebody of the firm types in a lead that came by a call, by a visit or by word of mouth. The token
// belongs to one person and is good for this alone; what is typed goes into the spool like any other lead. No scripts.

import Hummingbird
import LeadCore
import Logging

/// The page for leads that no program sends.
struct EntryRoutes: Sendable {
    let inbox: any LeadInbox
    let rulebook: Current<Rulebook>
    let keys: Current<LinkKeys>
    let clock: any TimeSource
    let logger: Logger
    let maximumBodyBytes: Int

    func add(to router: Router<BasicRequestContext>) {
        router.get("/e/{token}") { request, context in
            guard let person = person(context) else { return unknown }
            let done = request.uri.queryParameters.get("done").map {
                "Lead \($0) is taken. Here is room for the next one."
            }
            return page(FormPost(), person, notice: done, alert: nil, status: .ok)
        }
        router.post("/e/{token}") { request, context in
            guard let person = person(context) else { return unknown }
            return await take(request, person)
        }
    }

    /// Whose token it is, while they are in the configuration.
    private func person(_ context: BasicRequestContext) -> Person? {
        let token = context.parameters.get("token") ?? ""
        return keys.now.read(entryToken: token, now: clock.now()).flatMap { rulebook.now.person($0) }
    }

    private var unknown: Response { .page(PlainPage.unknownLink(site: rulebook.now.site), status: .notFound) }

    private func ticketName(_ person: Person) -> String { "entry:\(person.id)" }

    private func page(
        _ post: FormPost, _ person: Person, notice: String?, alert: String?, status: HTTPResponse.Status
    ) -> Response {
        let ticket = keys.now.ticket(for: ticketName(person), issued: clock.now())
        let page = EntryPage(
            site: rulebook.now.site.name, person: person.name, post: post, ticket: ticket, notice: notice, alert: alert)
        return .page(page, status: status)
    }

    private func take(_ request: Request, _ person: Person) async -> Response {
        let site = rulebook.now.site
        let origin = PostOrigin(
            origin: request.header("origin"), fetchSite: request.header("sec-fetch-site"),
            host: request.head.authority, siteURL: site.url)
        guard origin == .own else { return .page(PlainPage.foreign(site: site), status: .forbidden) }
        let post: FormPost
        switch await FormPost.read(request, most: maximumBodyBytes) {
        case .form(let read): post = read
        case .refused(let status):
            var response = Response.page(PlainPage.badRequest(site: site), status: status)
            response.headers[.connection] = "close"
            return response
        }
        let again = { (sentence: String) in
            page(post, person, notice: nil, alert: sentence, status: .unprocessableContent)
        }
        guard case .valid = keys.now.read(ticket: post[FormPage.ticketField], for: ticketName(person), now: clock.now())
        else { return again("This page was open for very long. Please press the button once more.") }
        var fields = EntryPage.fields.map { ($0.text, post[$0.text]) }.filter { !$0.1.trimmed.isEmpty }
        let names = Set(fields.map(\.0))
        guard !names.isDisjoint(with: ["name", "company"]) else {
            return again("Please give at least a name or a firm.")
        }
        guard !names.isDisjoint(with: ["email", "phone", "description"]) else {
            return again(
                "Please give a phone number or an e-mail address, or say in the description how to reach them.")
        }
        guard let way = EntryPage.ways.first(where: { $0.value == post["source"] }) else {
            return again("Please choose how the lead came.")
        }
        fields.append(("source", way.label))
        fields.append(("entered_by", person.name))
        let body = Array(
            fields.map { "\(FormRoutes.encoded($0))=\(FormRoutes.encoded($1))" }.joined(separator: "&").utf8)
        // The ticket makes two presses of the button one lead, and tomorrow's same words another.
        let ticket = post[FormPage.ticketField]
        switch await inbox.take(LeadPost(source: "", format: .form, body: body, request: ticket)) {
        case .taken(let keys):
            logger.info("a lead was typed in", metadata: ["lead": "\(keys[0].caseID)", "person": "\(person.id)"])
            return .seeOther(query: "done=\(keys[0].caseID)")
        case .faulty, .tooLarge: return again("That could not be read. Please shorten what you wrote.")
        case .unavailable(let reason):
            logger.error("a lead that was typed in could not be stored", metadata: ["reason": "\(reason)"])
            return page(
                post, person, notice: nil, alert: "That could not be stored just now. Please try again in a moment.",
                status: .serviceUnavailable)
        }
    }
}

/// The page itself.
struct EntryPage: WebPage {
    static let template = "entry"

    /// How a lead may have come.
    struct Way: Sendable {
        let value: String
        let label: String
        var isChosen = false
    }

    static let ways = [
        Way(value: "call", label: "Phone call"), Way(value: "referral", label: "Referral"),
        Way(value: "visit", label: "Visit"), Way(value: "other", label: "Typed in"),
    ]
    static let fields: [FieldName] = [
        .name, .company, .phone, .email, .projectType, .product, .value, .urgency, "referred_by", .city, .description,
    ]

    let site: String
    let title: String
    let notice: String?
    let alert: String?
    let ticket: String
    let ways: [Way]
    let inputs: [FormPage.Input]

    init(site: String, person: String, post: FormPost, ticket: String, notice: String?, alert: String?) {
        self.site = site
        self.ticket = ticket
        self.notice = notice
        self.alert = alert
        title = "A new lead, by \(person)"
        ways = Self.ways.map { Way(value: $0.value, label: $0.label, isChosen: post["source"] == $0.value) }
        inputs = Self.fields.map { field in
            let kind: String =
                switch field {
                case .email: "email"
                case .phone: "tel"
                default: "text"
                }
            return FormPage.Input(
                name: field.text, label: field.label, value: post[field.text], isRequired: false,
                isLong: field == .description, type: kind, autocomplete: "off")
        }
    }
}
