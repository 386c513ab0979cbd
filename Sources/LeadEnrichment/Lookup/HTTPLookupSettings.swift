// How an API is asked: its URL with the lead's fields in it, headers, limits, and where in the answer what stands. Fails,
// with the remedy, when the options can't be used.

import Curl
import LeadCore

/// One question to an API.
struct HTTPQuestion: Sendable, Equatable {
    let url: String
    let body: String
    /// What the question went by: "web_domain acme.example".
    let basis: String
    /// What makes it this question; no secret.
    let identity: [String]
}

/// The options of `http`.
struct HTTPLookupSettings: Sendable {
    let fields: [(field: FieldName, path: JSONPath)]
    /// The lead's fields that stand in the question; without one of them it can't be asked.
    let asked: [FieldName]
    /// What the answer's own names mean, where all of it is taken.
    let mapping: FieldMapping?
    let confidence: Int?
    /// For how long an API that failed is asked again about a lead that has gone out.
    let persistence: Duration
    let limits: Turnstile.Limits
    let life: Duration
    let missLife: Duration
    let maximumAnswer: Int

    private let url: FieldTemplate
    private let query: [NamedValue<Secret>]
    private let method: HTTPMethod
    private let body: FieldTemplate?
    private let headers: [(name: String, value: String)]
    private let timeouts: Timeouts
    private let trust: TLSTrust
    private let addresses: AddressPolicy
    private let allowsPlainHTTP: Bool
    private let proxy: String?

    static let options: [OptionSpec] =
        [
            OptionSpec(
                "url", .text, isRequired: true,
                help:
                    "The URL, with the lead's fields in braces, as in https://api.example.com/firms?domain={web_domain}."
            ),
            OptionSpec(
                "fields", .pairs,
                help:
                    "For each field to fill, where its value stands in the answer, as in owner: records[0].owner.email or email: answers[name=email].values[0]."
            ),
            OptionSpec(
                "mapping", .mapping,
                help: "A mapping by whose names all of the answer is taken, as a source's records are."),
            OptionSpec(
                "retry", .duration,
                help:
                    "For how long it is asked again when it fails, after the lead has gone out; it is not unless told."
            ),
            OptionSpec("method", .choice(["get", "post"]), help: "get or post; get unless told, post with a body."),
            OptionSpec("body", .text, help: "A JSON text that is posted, with the lead's fields in braces."),
            OptionSpec("bearer", .secret, help: "The token of the header Authorization: Bearer."),
            OptionSpec("headers", .secrets, help: "Further headers, each a reference to its value."),
            OptionSpec(
                "query", .secrets, help: "What stands behind the URL's ?, each a reference to its value, such as a key."
            ),
            OptionSpec("ttl", .duration, help: "How long an answer is kept; 1d unless told."),
            OptionSpec("miss_ttl", .duration, help: "How long it is kept that nothing is known; 1h unless told."),
            PatienceOption.spec("10s"),
        ] + LimitOptions.specs(concurrency: 8) + [
            ConfidenceOption.spec,
            OptionSpec(
                "max_answer", .integer(1...4096), help: "The largest answer that is read, in KiB; 256 unless told."),
            OptionSpec("ca_file", .file, help: "A PEM file of the only issuers to trust, instead of the system's."),
            OptionSpec(
                "addresses", .choice(["public", "private", "loopback"]),
                help: "Which addresses may be contacted: public, private too, or loopback too; public unless told."),
            OptionSpec("plain_http", .flag, help: "Whether http:// is allowed beside https://; no unless told."),
            OptionSpec("proxy", .text, help: "The URL of an HTTP or SOCKS proxy; none unless told."),
        ]

    init(_ values: OptionValues) throws(OptionFlaw) {
        allowsPlainHTTP = values.flag("plain_http") ?? false
        guard let text = values.text("url") else { throw OptionFlaw(option: "url", "Write the API's URL.") }
        url = try Self.url(text, allowsPlainHTTP: allowsPlainHTTP)
        query = values.secrets("query")
        body = values.text("body").map { FieldTemplate($0) }
        method = (values.text("method") ?? (body == nil ? "get" : "post")) == "post" ? .post : .get
        if body != nil, method == .get { throw OptionFlaw(option: "body", "A body is posted: write method: post.") }
        let named = url.fields
        asked = named + (body?.fields ?? []).filter { !named.contains($0) }
        guard !asked.isEmpty else {
            throw OptionFlaw(
                option: "url",
                "Put a field of the lead into the URL or the body, as in {web_domain}, or every lead gets the same answer."
            )
        }
        fields = try Self.fields(values.pairs("fields"))
        mapping = values.mapping("mapping")
        guard !fields.isEmpty || mapping != nil else {
            throw OptionFlaw(
                option: "fields", "Name at least one field to fill, as in owner: records[0].owner.email, or a mapping.")
        }
        persistence = values.duration("retry") ?? .zero
        guard persistence <= .seconds(604_800) else {
            throw OptionFlaw(option: "retry", "Write a time of at most 7d.")
        }
        confidence = ConfidenceOption.read(values)
        limits = try LimitOptions.read(values, concurrency: 8)
        life = values.duration("ttl") ?? .seconds(86_400)
        missLife = values.duration("miss_ttl") ?? .seconds(3600)
        maximumAnswer = (values.integer("max_answer") ?? 256) * 1024
        let timeout = try PatienceOption.read(values, .seconds(10))
        timeouts = Timeouts(connect: min(timeout, .seconds(5)), total: timeout)
        headers = try Self.headers(values, hasBody: body != nil)
        trust = TLSTrust(caFile: values.text("ca_file"))
        addresses =
            switch values.text("addresses") {
            case "loopback": .includingLoopback
            case "private": .includingPrivate
            default: .publicOnly
            }
        proxy = values.text("proxy")
    }

    /// The question about `lead`; nil when the lead lacks what it needs, or has in its place what no address can hold.
    func question(about lead: Lead) -> HTTPQuestion? {
        guard let address = url.filled(from: lead, escape: Escaping.url), address.utf8.count <= 8192,
            Self.isPlain(address), let text = filledBody(lead)
        else { return nil }
        let basis = asked.prefix(3).compactMap { field in lead[field].map { "\(field.text) \($0)" } }
        return HTTPQuestion(
            url: address, body: text, basis: basis.joined(separator: ", "),
            identity: [method.rawValue, address, text] + fields.map { "\($0.field.text) \($0.path.steps)" }
                + [mapping.map { "\($0)" }].compactMap(\.self))
    }

    private func filledBody(_ lead: Lead) -> String? {
        guard let body else { return "" }
        return body.filled(from: lead, escape: Escaping.json)
    }

    /// False when a value made a path that leads elsewhere: `/firms/../users`.
    private static func isPlain(_ address: String) -> Bool {
        let path = address.prefix { $0 != "?" }
        return !path.split(separator: "/", omittingEmptySubsequences: false).contains { $0 == "." || $0 == ".." }
    }

    /// The request that asks `question`.
    func request(_ question: HTTPQuestion) -> HTTPRequest {
        var url = question.url
        for entry in query {
            url += (url.contains("?") ? "&" : "?") + Escaping.url(entry.name) + "=" + Escaping.url(entry.value.revealed)
        }
        return HTTPRequest(
            method: method, url: url, headers: headers, body: Array(question.body.utf8), timeouts: timeouts,
            maximumResponseBytes: maximumAnswer, addresses: addresses, trust: trust, allowPlainHTTP: allowsPlainHTTP,
            proxy: proxy)
    }

    // MARK: Reading options

    private static func url(_ text: String, allowsPlainHTTP: Bool) throws(OptionFlaw) -> FieldTemplate {
        let template = FieldTemplate(text)
        let isSecure = text.hasPrefix("https://")
        guard isSecure || text.hasPrefix("http://") else {
            throw OptionFlaw(option: "url", "Write the whole URL, which begins with https://.")
        }
        guard isSecure || allowsPlainHTTP else {
            throw OptionFlaw(
                option: "url", "Write https://, or plain_http: true where leads may cross the network unencrypted.")
        }
        let literals = template.parts.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined()
        guard literals.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !literals.contains(where: { "{}#\"<>\\^`|".contains($0) })
        else {
            throw OptionFlaw(
                option: "url", "The URL holds a character that no URL has; a field is written as {web_domain}.")
        }
        // Whoever fills in a form must not choose whom we ask.
        let authority = template.opening.drop { $0 != ":" }.dropFirst(3)
        guard let end = authority.firstIndex(where: { "/?".contains($0) }), end > authority.startIndex else {
            throw OptionFlaw(option: "url", "The URL's host must stand there in full, with a / behind it.")
        }
        guard !authority[..<end].contains("@") else {
            throw OptionFlaw(option: "url", "Don't write credentials into the URL; use bearer or headers.")
        }
        return template
    }

    private static func fields(
        _ pairs: [NamedValue<String>]
    ) throws(OptionFlaw) -> [(field: FieldName, path: JSONPath)] {
        var fields: [(field: FieldName, path: JSONPath)] = []
        for pair in pairs {
            try OwnFields.check(pair.name, option: "fields")
            guard let path = JSONPath(pair.value) else {
                throw OptionFlaw(
                    option: "fields",
                    "The path for \(pair.name) is none; write it as company.name or records[0].owner.email.")
            }
            fields.append((FieldName(pair.name), path))
        }
        return fields
    }

    private static func headers(
        _ values: OptionValues, hasBody: Bool
    ) throws(OptionFlaw) -> [(name: String, value: String)] {
        var headers = [("Accept", "application/json"), ("User-Agent", "leadbell")]
        if hasBody { headers.append(("Content-Type", "application/json")) }
        if let token = values.secret("bearer") { headers.append(("Authorization", "Bearer \(token.revealed)")) }
        for header in values.secrets("headers") {
            let lower = header.name.lowercased()
            guard header.name.utf8.allSatisfy({ isToken($0) }), !header.name.isEmpty, !ownHeaders.contains(lower) else {
                throw OptionFlaw(
                    option: "headers",
                    "One of the headers has a name that can't be sent; it is the client's own, or no name.")
            }
            headers.removeAll { $0.0.lowercased() == lower }
            headers.append((header.name, header.value.revealed))
        }
        return headers.map { (name: $0.0, value: $0.1) }
    }

    private static let ownHeaders: Set<String> = [
        "content-length", "transfer-encoding", "connection", "te", "trailer", "upgrade", "expect", "host",
    ]

    private static func isToken(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}
