// The interface for programs held against its description in config/openapi.json: whatever is posted, the status, the type and
// the shape of the answer are ones that the description names.

import Foundation
import LeadCore
import LeadTestKit
import Testing

@testable import LeadWeb

@Suite("The interface's description", .timeLimit(.minutes(2)))
struct IntakeContractTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "config/openapi.json")

    /// A part of the description.
    private struct Part {
        let value: Any
        let root: Any

        subscript(name: String) -> Part? {
            guard let object = value as? [String: Any], let inner = object[name] else { return nil }
            return Part(value: inner, root: root).resolved
        }

        private var resolved: Part {
            guard let object = value as? [String: Any], let reference = object["$ref"] as? String else { return self }
            return reference.split(separator: "/").dropFirst().reduce(Part(value: root, root: root)) { part, name in
                part[String(name)] ?? part
            }
        }

        var text: String? { value as? String }
        var names: [String] { (value as? [String: Any])?.keys.sorted() ?? [] }
        var texts: [String] { value as? [String] ?? [] }
    }

    /// What is wrong with `value` by `schema`.
    private static func flaws(_ value: Any, _ schema: Part, at path: String = "$") -> [String] {
        switch schema["type"]?.text {
        case "object":
            guard let object = value as? [String: Any] else { return ["\(path) is no object"] }
            let properties = schema["properties"]
            var flaws = (schema["required"]?.texts ?? []).filter { object[$0] == nil }.map {
                "\(path).\($0) is missing"
            }
            for (name, inner) in object {
                if let property = properties?[name] {
                    flaws += Self.flaws(inner, property, at: "\(path).\(name)")
                } else if schema["additionalProperties"]?.value as? Bool == false {
                    flaws.append("\(path).\(name) is not described")
                }
            }
            return flaws
        case "array":
            guard let list = value as? [Any] else { return ["\(path) is no list"] }
            guard let items = schema["items"] else { return [] }
            return list.enumerated().flatMap { Self.flaws($1, items, at: "\(path)[\($0)]") }
        case "string":
            guard let text = value as? String else { return ["\(path) is no text"] }
            guard let pattern = schema["pattern"]?.text else { return [] }
            let matches = text.range(of: pattern, options: .regularExpression) != nil
            return matches ? [] : ["\(path) does not match"]
        case "integer": return value is Int ? [] : ["\(path) is no number"]
        default: return []
        }
    }

    @Test("every answer is described, whatever is posted")
    func fuzzed() async throws {
        let root = try JSONSerialization.jsonObject(with: Data(contentsOf: Self.file))
        nonisolated(unsafe) let document = Part(value: root, root: root)
        let rounds = ProcessInfo.processInfo.environment["LEADBELL_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 400
        try await IntakeSite.run(rate: 5) { site in
            var random = SeededGenerator(seed: 20_261_127)
            var seen: Set<Int> = []
            for round in 0..<rounds {
                let request = Self.request(&random)
                let answer = try await site.post(
                    request.body, type: request.type, token: request.token, key: request.key)
                if round % 3 == 0 { site.site.clock.advance(by: .milliseconds(20)) }
                seen.insert(answer.status)
                let operation = document["paths"]?["/v1/leads"]?["post"]
                let response = try #require(operation?["responses"]?["\(answer.status)"], "\(answer.status) \(request)")
                let type = answer.headers["content-type"] ?? ""
                let schema = try #require(response["content"]?[type]?["schema"], "\(answer.status) as \(type)")
                let body = try JSONSerialization.jsonObject(with: Data(answer.body.utf8))
                #expect(Self.flaws(body, schema) == [], "\(round): \(request)")
                for header in response["headers"]?.names ?? [] {
                    #expect(answer.headers[header.lowercased()] != nil, "\(answer.status) without \(header)")
                }
            }
            // Else little was tried.
            #expect(seen.isSuperset(of: [202, 400, 401, 413, 415, 422, 429]))
        }
    }

    @Test("every type that is taken is described, and each that is described is taken")
    func types() async throws {
        let root = try JSONSerialization.jsonObject(with: Data(contentsOf: Self.file))
        let content = Part(value: root, root: root)["paths"]?["/v1/leads"]?["post"]?["requestBody"]?["content"]
        let described = try #require(content).names
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
        let root = try JSONSerialization.jsonObject(with: Data(contentsOf: Self.file))
        nonisolated(unsafe) let document = Part(value: root, root: root)
        try await IntakeSite.run(inbox: FullInbox()) { site in
            let answer = try await site.post(#"{"LastName":"King"}"#, key: "k1")
            #expect(answer.status == 503 && !answer.body.contains("space"))
            let response = try #require(document["paths"]?["/v1/leads"]?["post"]?["responses"]?["503"])
            let type = try #require(answer.headers["content-type"])
            let schema = try #require(response["content"]?[type]?["schema"])
            #expect(Self.flaws(try JSONSerialization.jsonObject(with: Data(answer.body.utf8)), schema) == [])
            let wait = try #require(answer.headers["retry-after"])
            #expect(Int(wait).map { $0 >= 1 } == true)
        }
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
