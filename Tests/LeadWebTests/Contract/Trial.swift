// Requests as config/openapi.json describes them, and requests that break one word of it each, derived from the document.

import Foundation
import LeadTestKit
import PeerKit

/// One request to an operation of the description.
struct Trial: Sendable {
    /// What the description says is done with it.
    enum Promise: Sendable {
        /// It keeps to the description.
        case taken
        /// It breaks the description.
        case refused
        /// It breaks the description, and may be taken all the same.
        case either
    }

    var operation: Described.Operation
    var path: String
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body: String?
    var promise = Promise.taken
    /// Whether its token is in its body.
    var hasTokenWithin = false
    /// What is tried.
    var note = ""

    func send(to site: RunningSite) async throws -> Answer {
        let query = query.map { "\($0.name)=\(RunningSite.escape($0.value))" }.joined(separator: "&")
        let target = path + (query.isEmpty ? "" : "?" + query)
        var lines = ["\(operation.method) \(target) HTTP/1.1", "Host: 127.0.0.1:\(site.port)", "Connection: close"]
        lines += headers.map { "\($0.name): \($0.value)" }
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        return try await site.exchange(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")).utf8))
    }
}

/// The description of the interface, read as strictly as a schema: a word that means nothing here is an error.
struct Described: Sendable {
    struct Operation: Sendable {
        let path: String
        let method: String
        let node: JSONNode
        let parameters: [JSONNode]

        var name: String { node["operationId"]?.text ?? "" }
    }

    let check: SchemaCheck
    var document: JSONNode { check.root }
    private let instances: Instances

    /// What no schema can say: whom the site knows.
    static let known = [
        "source": "fb", "hub.verify_token": FacebookPost.verifyToken, "google_key": IntakeSite.googleToken,
    ]

    init() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        check = try SchemaCheck(file: folder.appending(path: "config/openapi.json"))
        instances = Instances(document: check.root, known: Self.known)
    }

    var operations: [Operation] {
        get throws {
            try document["paths"]?.members.sorted { $0.key < $1.key }.flatMap { path, item in
                try expect(item, ["parameters", "get", "post"])
                return ["get", "post"].compactMap { method in
                    item[method].map { node in
                        let parameters = (item["parameters"]?.items ?? []) + (node["parameters"]?.items ?? [])
                        return Operation(path: path, method: method.uppercased(), node: node, parameters: parameters)
                    }
                }
            } ?? []
        }
    }

    /// Everything to try of `operation`.
    func trials(of operation: Operation) throws -> [Trial] {
        try expect(
            operation.node,
            [
                "operationId", "summary", "description", "security", "parameters", "requestBody", "responses",
            ])
        var base = Trial(operation: operation, path: operation.path)
        for parameter in operation.parameters where parameter["required"] == .truth(true) {
            try give(&base, parameter, try first(of: parameter))
        }
        guard let content = operation.node["requestBody"]?["content"]?.members else {
            return try of(operation, around: [authorised(base)], base)
        }
        try expect(operation.node["requestBody"], ["required", "content"])
        var bodies: [Trial] = []
        for (type, media) in content.sorted(by: { $0.key < $1.key }) {
            try expect(media, ["schema", "example", "examples"])
            bodies += try of(media, as: type, base)
        }
        return bodies + (try of(operation, around: bodies.first.map { [$0] } ?? [], base))
    }

    // MARK: Bodies

    private func of(_ media: JSONNode, as type: String, _ base: Trial) throws -> [Trial] {
        guard let schema = media["schema"] else { throw Instances.Unknown(description: "\(type) without schema") }
        var trials: [Trial] = []
        for option in schema["anyOf"]?.items ?? [schema] {
            var base = base
            base.hasTokenWithin = try instances.resolved(option)["properties"]?["google_key"] != nil
            for (number, value) in try instances.kept(option).enumerated() {
                trials.append(try trial(value, type, base, "\(type), kept \(number)"))
            }
            for breach in try instances.breaches(option) where breach.value.text != nil || Self.isJSON(type) {
                // Which token is right no schema tells, and one that tells of a text's lines is held to when it is made.
                let isTold = option["contentSchema"] == nil && breach.keyword != "format"
                guard !isTold || !check.complaints(about: breach.value, by: option).isEmpty else {
                    throw Instances.Unknown(description: "\(breach) breaks nothing")
                }
                var one = try trial(breach.value, type, base, "\(type), \(breach.keyword) at \(breach.path)")
                one.promise = Self.isTolerated(breach, option) ? .either : .refused
                trials.append(one)
            }
        }
        let examples = (media["examples"]?.members.sorted { $0.key < $1.key } ?? []).map { ($0.key, $0.value["value"]) }
        for (name, value) in examples + [("the example", media["example"])] {
            guard var value else { continue }
            var base = base
            base.hasTokenWithin = value["google_key"] != nil
            if base.hasTokenWithin { value = .object(value.members.merging(["google_key": key]) { $1 }) }
            trials.append(try trial(value, type, base, "\(type), \(name)"))
        }
        return trials
    }

    /// Whether a body of `type` can say what is no text.
    private static func isJSON(_ type: String) -> Bool { type == "application/json" || type.hasSuffix("urlencoded") }

    private var key: JSONNode { .text(IntakeSite.googleToken) }

    /// Of what Google's forms post, only the key is judged.
    private static func isTolerated(_ breach: Instances.Breach, _ schema: JSONNode) -> Bool {
        schema["$ref"]?.text?.hasSuffix("/GoogleLead") == true && breach.path != "$" && breach.path != "$.google_key"
    }

    private func trial(_ value: JSONNode, _ type: String, _ base: Trial, _ note: String) throws -> Trial {
        var trial = base
        trial.note = note
        trial.headers.append(("Content-Type", type))
        switch (type, value) {
        case ("application/json", _): trial.body = try value.json
        case ("application/x-www-form-urlencoded", .object(let members)):
            trial.body = try members.sorted { $0.key < $1.key }.map { name, member in
                "\(RunningSite.escape(name))=\(RunningSite.escape(try member.text ?? member.json))"
            }.joined(separator: "&")
        // Not what the encoding can say.
        case ("application/x-www-form-urlencoded", _): trial.body = "a=%4"
        case (_, .text(let text)): trial.body = text
        default: trial.body = try value.json
        }
        return authorised(trial)
    }

    // MARK: Everything around a body

    private func of(_ operation: Operation, around bodies: [Trial], _ base: Trial) throws -> [Trial] {
        guard let whole = bodies.first else { return [] }
        var trials = [whole]
        for parameter in operation.parameters { trials += try of(parameter, whole) }
        for scheme in operation.node["security"]?.items.flatMap(\.members.keys) ?? [] {
            trials += try withoutCredentials(whole, scheme)
        }
        guard let body = operation.node["requestBody"] else { return trials }
        var refused = whole
        refused.promise = .refused
        if body["required"] == .truth(true) {
            refused.body = nil
            refused.headers.removeAll { $0.name == "Content-Type" }
            trials.append(authorised(refused, "without a body"))
        }
        refused.body = whole.body
        refused.headers = whole.headers.filter { $0.name != "Content-Type" } + [("Content-Type", "text/csv")]
        // Facebook's is read by its signature, whatever type it says.
        if operation.name == "postFacebook" { refused.promise = .either }
        return trials + [authorised(refused, "another type")]
    }

    private func of(_ parameter: JSONNode, _ whole: Trial) throws -> [Trial] {
        try expect(parameter, ["name", "in", "required", "description", "schema"])
        guard let name = parameter["name"]?.text, let schema = parameter["schema"] else { return [] }
        var trials: [Trial] = []
        for value in try instances.kept(schema, called: name) {
            var trial = whole
            try give(&trial, parameter, value)
            trial.note = "\(name) kept as \(value)"
            trials.append(trial)
        }
        var broken = try instances.breaches(schema).filter { $0.value.text != nil }.map { ($0.keyword, $0.value) }
        if let known = Self.known[name] { broken.append(("another value", .text(known + "0"))) }
        for (keyword, value) in broken {
            var trial = whole
            trial.promise = .refused
            try give(&trial, parameter, value)
            trial.note = "\(name) breaks \(keyword)"
            trials.append(trial)
        }
        guard parameter["required"] == .truth(true), parameter["in"] != .text("path") else { return trials }
        var trial = whole
        trial.query.removeAll { $0.name == name }
        trial.headers.removeAll { $0.name == name }
        trial.promise = .refused
        trial.note = "\(name) is missing"
        return trials + [trial]
    }

    private func first(of parameter: JSONNode) throws -> JSONNode {
        let name = parameter["name"]?.text ?? ""
        return try instances.kept(parameter["schema"] ?? .null, called: name).first ?? .null
    }

    private func give(_ trial: inout Trial, _ parameter: JSONNode, _ value: JSONNode) throws {
        guard let name = parameter["name"]?.text, let text = value.text else {
            throw Instances.Unknown(description: "a parameter that is no text: \(parameter)")
        }
        switch parameter["in"]?.text {
        case "path": trial.path = trial.operation.path.replacing("{\(name)}", with: text)
        case "query":
            trial.query.removeAll { $0.name == name }
            trial.query.append((name, text))
        case "header":
            trial.headers.removeAll { $0.name == name }
            trial.headers.append((name, text))
        default: throw Instances.Unknown(description: "a parameter that is nowhere: \(parameter)")
        }
    }

    // MARK: Credentials

    private static let bearer = "Authorization"
    private static let signature = "X-Hub-Signature-256"

    /// `trial` with the credentials that its operation asks for.
    private func authorised(_ trial: Trial, _ note: String? = nil) -> Trial {
        var trial = trial
        if let note { trial.note = note }
        trial.headers.removeAll { $0.name == Self.bearer || $0.name == Self.signature }
        guard !trial.hasTokenWithin else { return trial }
        switch trial.operation.node["security"]?.items.first?.members.keys.first {
        case "token": trial.headers.append((Self.bearer, "Bearer \(IntakeSite.token)"))
        case "facebook": trial.headers.append((Self.signature, FacebookPost.signature(trial.body ?? "")))
        default: break
        }
        return trial
    }

    private func withoutCredentials(_ whole: Trial, _ scheme: String) throws -> [Trial] {
        let described = document.at("#/components/securitySchemes/\(scheme)")
        try expect(described, ["type", "scheme", "in", "name", "description"])
        let (header, wrong): (String, String)
        switch (described?["type"], described?["scheme"], described?["in"]) {
        case (.text("http"), .text("bearer"), nil): (header, wrong) = (Self.bearer, "Bearer wrong")
        case (.text("apiKey"), nil, .text("header")): (header, wrong) = (described?["name"]?.text ?? "", "sha256=00")
        default: throw Instances.Unknown(description: "nothing is known of the scheme \(scheme)")
        }
        var trial = whole
        trial.promise = .refused
        trial.headers.removeAll { $0.name == header }
        guard trial.headers.count < whole.headers.count else {
            throw Instances.Unknown(description: "\(scheme) was not used")
        }
        trial.note = "without \(header)"
        var second = trial
        second.headers.append((header, wrong))
        second.note = "a wrong \(header)"
        return [trial, second]
    }

    /// Fails where `node` has a word that is none of `words`.
    private func expect(_ node: JSONNode?, _ words: Set<String>) throws {
        let unknown = Set(node?.members.keys.map(\.self) ?? []).subtracting(words)
        guard unknown.isEmpty else {
            throw Instances.Unknown(description: "nothing is known of \(unknown.sorted().joined(separator: ", "))")
        }
    }
}
