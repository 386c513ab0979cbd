// `/f/SOURCE`: a form for people who want something. Its page issues a ticket; a post needs one, so it comes from the
// page, and the ticket tells how long the person took and is good for one post. A post that looks like a program's is not
// thrown away: the page comes again with what was filled in, and asks to press the button once more. So does a form on a
// page of the firm's own site, unless a script there has fetched a ticket.

import Hummingbird
import LeadCore
import Logging

/// The web forms of sources that have one.
struct FormRoutes: Sendable {
    let doors: [SourceDoor]
    let inbox: any LeadInbox
    let rulebook: Current<Rulebook>
    let keys: Current<LinkKeys>
    let clock: any TimeSource
    let logger: Logger
    let maximumBodyBytes: Int
    private let tickets: TicketBook
    private let rates: Rates

    init(
        doors: [SourceDoor], inbox: any LeadInbox, rulebook: Current<Rulebook>, keys: Current<LinkKeys>,
        clock: any TimeSource, logger: Logger, maximumBodyBytes: Int, tickets: (any TicketStore)?
    ) {
        self.tickets = TicketBook(store: tickets, logger: logger)
        self.doors = doors
        self.inbox = inbox
        self.rulebook = rulebook
        self.keys = keys
        self.clock = clock
        self.logger = logger
        self.maximumBodyBytes = maximumBodyBytes
        rates = Rates(doors) { $0.form?.buckets }
    }

    /// A field that people don't see and leave empty.
    static let trap = "fax_number"

    func add(to router: Router<BasicRequestContext>) {
        for door in doors {
            guard let form = door.form else { continue }
            router.get("/f/\(door.name)") { request, _ in
                let isDone = request.uri.queryParameters.get("done") != nil
                return isDone ? thanks() : page(form, door.name, FormFields(), alert: nil, status: .ok)
            }
            if !form.origins.isEmpty {
                router.get("/f/\(door.name)/ticket") { request, _ in ticket(request, form, door.name) }
            }
            router.post("/f/\(door.name)") { request, _ in await take(request, form, door.name) }
        }
    }

    private var site: Site { rulebook.now.site }

    private func page(
        _ form: SourceDoor.Form, _ name: String, _ post: FormFields, alert: String?, status: HTTPResponse.Status,
        ticket: String? = nil
    ) -> Response {
        let ticket = ticket ?? newTicket(for: name)
        var response = Response.page(
            FormPage(form, site: site.name, post: post, ticket: ticket, alert: alert), status: status)
        response.headers[.contentSecurityPolicy] = form.policy
        return response
    }

    private func newTicket(for name: String) -> String {
        keys.now.ticket(for: name, issued: clock.now(), serial: UInt64.random(in: .min ... .max))
    }

    /// A ticket for a script on a page of one of the form's origins; others may not read it.
    private func ticket(_ request: Request, _ form: SourceDoor.Form, _ name: String) -> Response {
        guard let origin = request.header("origin"), form.origins.contains(origin.lowercased()) else {
            return .page(PlainPage.foreign(site: site), status: .forbidden)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/plain; charset=utf-8", .accessControlAllowOrigin: origin, .vary: "Origin",
            ], body: .init(byteBuffer: ByteBuffer(string: newTicket(for: name))))
    }

    private func thanks() -> Response {
        .page(
            PlainPage(
                site: site.name, title: "Thank you", sentences: ["Your message has arrived. We will be in touch."]),
            status: .ok)
    }

    private func take(_ request: Request, _ form: SourceDoor.Form, _ name: String) async -> Response {
        let origin = PostOrigin(
            origin: request.header("origin"), fetchSite: request.header("sec-fetch-site"),
            host: request.head.authority, siteURL: site.url)
        let isElsewhere = request.header("origin").map { form.origins.contains($0.lowercased()) } ?? false
        guard origin == .own || isElsewhere else { return .page(PlainPage.foreign(site: site), status: .forbidden) }
        let post: FormFields
        switch await request.form(atMost: maximumBodyBytes) {
        case .form(let fields): post = fields.plain
        case .refused(let status): return .page(PlainPage.badRequest(site: site), status: status).closing
        }
        let missing = form.required.filter { post[$0.text].trimmed.isEmpty }
        let again = { (sentence: String) in page(form, name, post, alert: sentence, status: .unprocessableContent) }
        guard missing.isEmpty else {
            return again("Please fill in: \(missing.map(\.label).joined(separator: ", ")).")
        }
        let ticket = post[FormPage.ticketField]
        let now = clock.now()
        let issued: Timestamp
        switch keys.now.read(ticket: ticket, for: name, now: now) {
        case .valid(let age) where age >= form.minimumTime && post[Self.trap].isEmpty: issued = now - age
        case .valid: return again("That was quick. Please look it over and press the button once more.")
        case .foreign where isElsewhere && ticket.isEmpty:
            return page(form, name, post, alert: "Please look it over and press the button once more.", status: .ok)
        case .expired, .foreign: return again("This page was open for very long. Please press the button once more.")
        }
        let fields = form.fields.map { ($0.text, post[$0.text]) }.filter { !$0.1.trimmed.isEmpty }
        guard !fields.isEmpty else { return again("Please fill something in.") }
        let body = Array(fields.map { "\(Self.encoded($0))=\(Self.encoded($1))" }.joined(separator: "&").utf8)
        let thanks = Response(status: .seeOther, headers: [.location: form.thanks ?? "?done"])
        let spent = "You have sent this form already. To send this as well, press the button once more."
        switch tickets.use(ticket, issued: issued, for: body, now: now) {
        case .post: break
        case .stored: return thanks
        case .spent: return again(spent)
        }
        if let wait = rates.take(1, of: name, now: now) {
            tickets.leave(ticket)
            let sentence = "Very many people write to us just now. Please press the button once more in a minute."
            // The same ticket here and below, so that trying again is no second lead.
            var response = page(form, name, post, alert: sentence, status: .tooManyRequests, ticket: ticket)
            response.headers[.retryAfter] = "\(wait)"
            return response
        }
        guard await tickets.note(ticket, issued: issued, for: body, now: now) else {
            tickets.leave(ticket)
            rates.putBack(1, of: name)
            return again(spent)
        }
        let outcome = await inbox.take(LeadPost(source: name, format: .form, body: body, request: ticket))
        if case .taken = outcome {
            tickets.stored(ticket)
            return thanks
        }
        await tickets.release(ticket)
        rates.putBack(1, of: name)
        guard case .unavailable(let reason) = outcome else {
            return again("That could not be read. Please shorten what you wrote.")
        }
        logger.error("a form's post could not be stored", metadata: ["source": "\(name)", "reason": "\(reason)"])
        return page(
            form, name, post, alert: "That could not be stored just now. Please try again in a moment.",
            status: .serviceUnavailable, ticket: ticket)
    }

    /// `text` as a form's body has it.
    static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            let isPlain = byte &- 0x30 < 10 || byte &- 0x41 < 26 || byte &- 0x61 < 26 || byte == UInt8(ascii: "_")
            result += isPlain ? String(Unicode.Scalar(byte)) : "%" + Hex.string([byte])
        }
        return result
    }
}

/// The form's page.
struct FormPage: WebPage {
    static let template = "form"
    static let ticketField = "ticket"

    struct Input: Sendable {
        let name: String
        let label: String
        let value: String
        let isRequired: Bool
        let isLong: Bool
        let type: String
        let autocomplete: String
    }

    let site: String
    let title: String
    let alert: String?
    let ticket: String
    let inputs: [Input]
    let trap = FormRoutes.trap
    let button = "Send"

    init(_ form: SourceDoor.Form, site: String, post: FormFields, ticket: String, alert: String?) {
        self.site = site
        self.ticket = ticket
        self.alert = alert
        title = form.title
        inputs = form.fields.map { field in
            let kind = Self.kinds[field] ?? ("text", "off")
            return Input(
                name: field.text, label: field == .description ? "Message" : field.label, value: post[field.text],
                isRequired: form.required.contains(field), isLong: field == .description, type: kind.0,
                autocomplete: kind.1)
        }
    }

    private static let kinds: [FieldName: (String, String)] = [
        .name: ("text", "name"), .firstName: ("text", "given-name"), .lastName: ("text", "family-name"),
        .email: ("email", "email"), .phone: ("tel", "tel"), .company: ("text", "organization"),
        .street: ("text", "street-address"), .city: ("text", "address-level2"), .postalCode: ("text", "postal-code"),
        .country: ("text", "country-name"), .website: ("url", "url"),
    ]
}
