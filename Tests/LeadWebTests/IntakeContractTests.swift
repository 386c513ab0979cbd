// The interface for programs held against its description in config/openapi.json: whatever is posted, the status, the type and
// the shape of the answer are ones that the description names.

import Foundation
import LeadCore
import LeadTestKit
import PeerKit
import Testing

@testable import LeadWeb

@Suite("The interface's description", .timeLimit(.minutes(2)))
struct IntakeContractTests {
    private static let rounds = ProcessInfo.processInfo.environment["LEADBELL_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 400

    /// Holds `answer` to what `operation` describes.
    private static func hold(
        _ answer: Answer, to operation: Described.Operation, of description: Described, _ note: String
    ) throws {
        let response = try #require(operation.node["responses"]?["\(answer.status)"], "\(answer.status) \(note)")
        #expect(Set(response.members.keys).isSubset(of: ["description", "content", "headers"]))
        for (name, header) in response["headers"]?.members ?? [:] {
            let value = try #require(answer.headers[name.lowercased()], "\(answer.status) without \(name)")
            let schema = try #require(header["schema"])
            let isNumber = schema["type"] == .text("integer")
            let node: JSONNode = isNumber ? try JSONNode.read(Array(value.utf8)) : .text(value)
            #expect(description.check.complaints(about: node, by: schema) == [], "\(name): \(value)")
        }
        guard let content = response["content"] else {
            #expect(answer.body.isEmpty, "\(answer.status) \(note)")
            return
        }
        let type = answer.headers["content-type"] ?? ""
        let schema = try #require(content[type]?["schema"], "\(answer.status) as \(type) \(note)")
        let body: JSONNode = type.contains("json") ? try JSONNode.read(Array(answer.body.utf8)) : .text(answer.body)
        #expect(description.check.complaints(about: body, by: schema) == [], "\(note)")
    }

    /// The operation of that name.
    private static func operation(_ name: String, of description: Described) throws -> Described.Operation {
        try #require(try description.operations.first { $0.name == name })
    }

    @Test("what keeps to the description is taken, and what breaks any one word of it is refused as it says")
    func derived() async throws {
        let description = try Described()
        let operations = try description.operations
        #expect(operations.map(\.name) == ["verifyFacebook", "postFacebook", "postLeads"])
        for operation in operations {
            let trials = try description.trials(of: operation)
            let refused = trials.count { if case .refused = $0.promise { true } else { false } }
            #expect(trials.count > 8 && refused > 4, "\(operation.name)")
            // Each type by itself, lest a key be one that came with another post.
            let parts = Dictionary(grouping: trials) { trial in
                trial.headers.first { $0.name == "Content-Type" }?.value ?? ""
            }
            for part in parts.values {
                try await IntakeSite.run(rate: 1_000_000, largest: 200_000, largestFile: 400_000) { site in
                    for trial in part {
                        let answer = try await trial.send(to: site.site)
                        let note = "\(operation.name), \(trial.note): \((trial.body ?? "").prefix(200)) \(answer.body)"
                        try Self.hold(answer, to: operation, of: description, note)
                        switch trial.promise {
                        case .taken: #expect((200..<300).contains(answer.status), "\(answer.status) \(note)")
                        case .refused: #expect((400..<500).contains(answer.status), "\(answer.status) \(note)")
                        case .either: break
                        }
                    }
                }
            }
        }
    }

    @Test("a word of a description that nothing here can break is told")
    func unknownWords() throws {
        let schemas: [JSONNode] = [
            .object(["type": .text("string"), "multipleOf": .number(2)]), .object(["type": .text("date")]),
            .object(["type": .text("string"), "pattern": .text("^a|b$")]), .object(["oneOf": .list([])]),
            .object(["type": .text("object"), "properties": .object(["a": .object(["format": .text("uri")])])]),
            .object(["type": .text("array"), "items": .object(["uniqueItems": .truth(true)])]),
        ]
        let instances = Instances(document: .null, known: [:])
        for schema in schemas {
            #expect(throws: Instances.Unknown.self, "\(schema)") {
                _ = try instances.kept(schema)
                _ = try instances.breaches(schema)
            }
        }
    }

    @Test("every answer is described, whatever is posted")
    func fuzzed() async throws {
        let description = try Described()
        let operation = try Self.operation("postLeads", of: description)
        try await IntakeSite.run(rate: 5) { site in
            var random = SeededGenerator(seed: 20_261_127)
            var seen: Set<Int> = []
            for round in 0..<Self.rounds {
                let request = Self.request(&random)
                let answer = try await site.post(
                    request.body, type: request.type, token: request.token, key: request.key)
                if round % 3 == 0 { site.site.clock.advance(by: .milliseconds(20)) }
                seen.insert(answer.status)
                try Self.hold(answer, to: operation, of: description, "\(round): \(request)")
            }
            // Else little was tried.
            #expect(seen.isSuperset(of: [202, 400, 401, 413, 415, 422, 429]))
        }
    }

    @Test("every type that is taken is described, and each that is described is taken")
    func types() async throws {
        let operation = try Self.operation("postLeads", of: Described())
        let content = try #require(operation.node["requestBody"]?["content"])
        let described = content.members.keys.sorted()
        #expect(described == IntakeRoutes.formats.keys.sorted())
        try await IntakeSite.run { site in
            for type in described {
                let body = type.hasSuffix("urlencoded") ? "LastName=King" : #"{"LastName":"King"}"#
                let answer = try await site.post(body, type: type)
                #expect(answer.status == 202, "\(type)")
            }
        }
    }

    /// An inbox whose disk is full.
    private struct FullInbox: LeadInbox {
        func take(_ post: LeadPost) async -> PostOutcome { .unavailable("No space left on device") }
    }

    @Test("what can't be made durable is answered as described, and the reason is nobody's outside")
    func unavailable() async throws {
        let description = try Described()
        let operation = try Self.operation("postLeads", of: description)
        try await IntakeSite.run(inbox: FullInbox()) { site in
            let answer = try await site.post(#"{"LastName":"King"}"#, key: "k1")
            #expect(answer.status == 503 && !answer.body.contains("space"))
            try Self.hold(answer, to: operation, of: description, "a full disk")
        }
    }

    @Test("every answer of Facebook's webhook is described, whatever is asked and posted")
    func fuzzedWebhook() async throws {
        let description = try Described()
        let post = try Self.operation("postFacebook", of: description)
        let verification = try Self.operation("verifyFacebook", of: description)
        try await IntakeSite.run { site in
            var random = SeededGenerator(seed: 20_261_128)
            var seen: Set<Int> = []
            for round in 0..<Self.rounds / 2 {
                let body = Self.facebookBody(&random)
                let signed = FacebookPost.signature(body)
                let signatures: [String?] = [signed, signed, signed, signed, "sha256=00", nil]
                let posted = try await site.site.postFacebook(
                    body, signature: .some(signatures.randomElement(using: &random) ?? nil))
                seen.insert(posted.status)
                try Self.hold(posted, to: post, of: description, "\(round): \(body.prefix(300))")
                guard round % 4 == 0 else { continue }
                let query = Self.facebookQuery(&random)
                let asked = try await site.site.send("GET", "/v1/facebook/fb?" + query)
                seen.insert(asked.status)
                try Self.hold(asked, to: verification, of: description, query)
            }
            #expect(seen == [200, 400, 403, 413])
            for record in try site.leads(of: "fb") { #expect(record.key.text.hasPrefix("id:fb:")) }
        }
    }

    private static func facebookBody(_ random: inout SeededGenerator) -> String {
        let parts = [
            FacebookPost.lead("17"), FacebookPost.lead("18", asNumber: true), #"{"field":"feed","value":[1]}"#,
            #"{"field":"leadgen","value":{"leadgen_id":1e3}}"#, #"{"field":"leadgen","value":{"leadgen_id":true}}"#,
            #"{"field":"leadgen"}"#, #"{"value":{}}"#,
            #"{"field":"leadgen","value":{"leadgen_id":"\#(String(repeating: "9", count: 1_048_576))"}}"#,
        ]
        let most = Int.random(in: 0..<30, using: &random) == 0 ? parts.count : parts.count - 1
        var body = Array(
            FacebookPost.body(
                (0..<Int.random(in: 0...3, using: &random)).map { _ in
                    parts[..<most].randomElement(using: &random) ?? ""
                }
            ).utf8)
        if Int.random(in: 0..<3, using: &random) == 0 {
            body[Int.random(in: body.indices, using: &random)] = UInt8.random(in: 1...126, using: &random)
        }
        return String(decoding: body, as: UTF8.self)
    }

    private static func facebookQuery(_ random: inout SeededGenerator) -> String {
        let parts = [
            "hub.mode=subscribe", "hub.mode=subscribe", "hub.mode=x", "hub.challenge=15", "hub.challenge=15",
            "hub.challenge=%00",
            "hub.challenge=", "hub.verify_token=\(FacebookPost.verifyToken)",
            "hub.verify_token=\(FacebookPost.verifyToken)", "hub.verify_token=%FF", "=", "%", "a=%4",
        ]
        return (0..<Int.random(in: 0...9, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }
            .joined(separator: "&")
    }

    private struct Request: CustomStringConvertible {
        let body: String
        let type: String
        let token: String?
        let key: String?
        var description: String { "\(type) \(token ?? "-") \(key ?? "-") \(body.prefix(200))" }
    }

    private static func request(_ random: inout SeededGenerator) -> Request {
        let types = [
            "application/json", "application/json; charset=utf-8", "application/x-ndjson", "application/jsonl",
            "application/x-www-form-urlencoded", "text/csv", "",
        ]
        let bodies = [
            #"{"LastName":"King","Email":"ada@acme.example"}"#, #"{"Id":"00Q7","x":{"y":[1,2,{"z":null}]}}"#,
            "{\"a\":1}\n{\"a\":2}\n", "a=b&c=d", "a[]=1&a[]=2&%C3%A4=%F0%9F%98%80", "", "{", "[[[[", "null",
            "{\"a\":\"\u{0}\"}",
            String(repeating: "x", count: 11_000), "{\"a\":\"" + String(repeating: "y", count: 9000) + "\"}",
            "\u{FEFF}{\"n\":1}",
        ]
        var body = Array((bodies.randomElement(using: &random) ?? "").utf8)
        if Bool.random(using: &random), !body.isEmpty {
            let place = Int.random(in: body.indices, using: &random)
            body[place] = UInt8.random(in: 1...126, using: &random)
        }
        let tokens = [IntakeSite.token, IntakeSite.token, IntakeSite.token, IntakeSite.googleToken, "wrong", nil]
        let keys: [String?] = [nil, nil, "k1", "k2", "\"k3\"", "not one", String(repeating: "k", count: 300)]
        return Request(
            body: String(decoding: body, as: UTF8.self), type: types.randomElement(using: &random) ?? "",
            token: tokens.randomElement(using: &random) ?? nil, key: keys.randomElement(using: &random) ?? nil)
    }
}
