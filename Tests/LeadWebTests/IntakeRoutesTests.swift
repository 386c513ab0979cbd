// The interface for programs against a real spool: what is answered with 202 is a file, and what isn't is none.

import Crypto
import Foundation
import LeadCore
import LeadSpool
import LeadTestKit
import PeerKit
import Testing

@testable import LeadWeb

/// A site with the sources `crm`, `ads`, `form` and `fb`, and their spools.
struct IntakeSite: Sendable {
    let site: RunningSite
    let folder: String

    static let token = "lb_0123456789abcdef0123456789abcdef"
    static let googleToken = "lb_google_0123456789abcdef01234567"

    static func run(
        rate: Int = 1000, largest: Int = 10_000, largestFile: Int = 20_000, inbox: (any LeadInbox)? = nil,
        form: SourceDoor.Form? = nil,
        cases: [StoredCase] = [Fixture.opened()], finder: (any LeadFinder)? = nil, clock: ManualClock = ManualClock(),
        _ body: @escaping @Sendable (IntakeSite) async throws -> Void
    ) async throws {
        let folder = TemporaryDirectory()
        var settings: [SpoolSettings] = []
        for (name, mapping) in [
            ("", "canonical"), ("crm", "salesforce"), ("ads", "google-lead-form"), ("form", "canonical"),
            ("fb", "facebook-lead-ads"),
        ] {
            var own = SpoolSettings(
                directory: "\(folder.path)/\(name.isEmpty ? "main" : name)", maximumFileBytes: largestFile)
            own.source = name.isEmpty ? nil : name
            own.label = own.source
            own.mapping = FieldMapping(preset: mapping)
            settings.append(own)
        }
        let group = try SpoolGroup(settings, clock: clock)
        defer { group.stop() }
        let hash = { (token: String) in [Array(SHA256.hash(data: Array(token.utf8)))] }
        let doors = [
            SourceDoor(
                name: "crm", access: .init(tokenHashes: hash(token), rate: rate, maximumBodyBytes: largest), form: nil),
            SourceDoor(
                name: "ads",
                access: .init(
                    tokenHashes: hash(googleToken), rate: rate, maximumBodyBytes: 10_000, takesTokenInBody: true),
                form: nil),
            SourceDoor(name: "form", form: form),
            SourceDoor(
                name: "fb",
                facebook: .init(verifyToken: Secret(FacebookPost.verifyToken), appSecret: Secret(FacebookPost.secret))),
        ]
        let path = folder.path
        try await RunningSite.run(
            cases, clock: clock, doors: doors, inbox: inbox ?? SpoolInbox(settings, clock: clock), finder: finder
        ) { site in try await body(IntakeSite(site: site, folder: path)) }
        withExtendedLifetime(folder) {}
    }

    func post(
        _ body: String, type: String = "application/json", token: String? = token, key: String? = nil
    ) async throws -> Answer {
        try await post(bytes: Array(body.utf8), type: type, token: token, key: key)
    }

    func post(
        bytes: [UInt8], type: String = "application/json", token: String? = token, key: String? = nil
    ) async throws -> Answer {
        var lines = [
            "POST /v1/leads HTTP/1.1", "Host: 127.0.0.1:\(site.port)", "Connection: close", "Content-Type: \(type)",
            "Content-Length: \(bytes.count)",
        ]
        if let token { lines.append("Authorization: Bearer \(token)") }
        if let key { lines.append("Idempotency-Key: \(key)") }
        return try await site.exchange(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + bytes)
    }

    /// The leads in the files of `source`, as the spool will read them.
    func leads(of source: String) throws -> [IntakeRecord] {
        let presets = ["crm": "salesforce", "ads": "google-lead-form", "fb": "facebook-lead-ads"]
        var rules = ReadingRules(
            mapping: FieldMapping(preset: presets[source] ?? "canonical"), source: source.isEmpty ? nil : source,
            label: source.isEmpty ? nil : source)
        rules.mostRecords = 10_000
        let incoming = "\(folder)/\(source.isEmpty ? "main" : source)/incoming"
        return try FileManager.default.contentsOfDirectory(atPath: incoming).filter { !$0.hasPrefix(".") }.sorted()
            .flatMap { name in
                let bytes = Array(try Data(contentsOf: URL(filePath: "\(incoming)/\(name)")))
                let content = RecordFormat.read(name: name, bytes: bytes, rules: rules)
                #expect(content.rejected.isEmpty)
                return content.records
            }
    }
}

@Suite("Leads from programs", .timeLimit(.minutes(2)))
struct IntakeRoutesTests {
    struct Receipt: Decodable {
        struct Taken: Decodable {
            let key: String
            let lead: String
        }
        let accepted: [Taken]
    }

    private func keys(_ answer: Answer) throws -> [String] {
        #expect(answer.status == 202, "\(answer.body)")
        return try JSONDecoder().decode(Receipt.self, from: Data(answer.body.utf8)).accepted.map(\.key)
    }

    @Test("what is answered with 202 is in the spool, under the keys that were told")
    func accepted() async throws {
        try await IntakeSite.run { site in
            var told = try keys(try await site.post(#"{"Id":"00Q1","LastName":"King"}"#))
            told += try keys(try await site.post("{\n \"LastName\": \"Pretty\",\r\n \"Email\": \"p@x.example\"\n}\n"))
            told += try keys(
                try await site.post("{\"LastName\":\"A\"}\n{\"LastName\":\"B\"}\n", type: "application/x-ndjson"))
            told += try keys(
                try await site.post(
                    "last_name=K%C3%B6nig&oid=1", type: "application/x-www-form-urlencoded; charset=utf-8"))
            #expect(told.first == "id:crm:00Q1" && told.count == 5)
            let leads = try site.leads(of: "crm")
            #expect(Set(leads.map(\.key.text)) == Set(told))
            #expect(leads.contains { $0.lead[.lastName] == "König" && $0.lead["oid"] == nil })
            #expect(leads.allSatisfy { $0.lead["@request"] == nil && $0.lead[.source] == "crm" })
        }
    }

    @Test("the same post with the same key is one lead, with another key another, and a key is for one post")
    func idempotency() async throws {
        try await IntakeSite.run { site in
            let body = #"{"LastName":"King"}"#
            let first = try keys(try await site.post(body, key: "k1"))
            #expect(try keys(try await site.post(body, key: "\"k1\"")) == first)
            #expect(try keys(try await site.post(body, key: "k2")) != first)
            #expect(try await site.post(#"{"LastName":"Other"}"#, key: "k1").status == 422)
            #expect(try await site.post(body, key: "").status == 400)
            #expect(try await site.post(body, key: "a b").status == 400)
            let form = "last_name=King"
            let type = "application/x-www-form-urlencoded"
            let posted = try keys(try await site.post(form, type: type, key: "k3"))
            #expect(try keys(try await site.post(form, type: type, key: "k3")) == posted)
            #expect(try keys(try await site.post(form, type: type, key: "k4")) != posted)
            // Of lines each is a lead of its own, though two say the same.
            let lines = "{\"LastName\":\"King\"}\n{\"LastName\":\"King\"}\n"
            let several = try keys(try await site.post(lines, type: "application/x-ndjson", key: "k5"))
            #expect(Set(several).count == 2)
            #expect(try keys(try await site.post(lines, type: "application/x-ndjson", key: "k5")) == several)
            let others = try keys(try await site.post(lines, type: "application/x-ndjson", key: "k6"))
            #expect(Set(others).count == 2 && Set(others).isDisjoint(with: several))
            let taken = Set(try site.leads(of: "crm").map(\.key.text))
            #expect(taken.isSuperset(of: first + posted + several + others))
        }
    }

    @Test("a post that could not be stored keeps its key: it may come again as it was, and no other in its place")
    func keyAfterFailure() async throws {
        try await IntakeSite.run { site in
            let incoming = site.folder + "/crm/incoming"
            try FileManager.default.removeItem(atPath: incoming)
            let body = #"{"LastName":"King"}"#
            #expect(try await site.post(body, key: "k").status == 503)
            try FileManager.default.createDirectory(atPath: incoming, withIntermediateDirectories: false)
            #expect(try await site.post(#"{"LastName":"Other"}"#, key: "k").status == 422)
            #expect(try await site.post(body, key: "k").status == 202)
            #expect(try site.leads(of: "crm").map { $0.lead[.lastName] } == ["King"])
        }
    }

    @Test("without a good token nothing is read or taken; Google's is in its body")
    func tokens() async throws {
        try await IntakeSite.run { site in
            for token in [nil, "", "x", IntakeSite.token + "0", String(IntakeSite.token.dropLast()), "sha256:00"] {
                let answer = try await site.post(#"{"LastName":"King"}"#, token: token)
                #expect(answer.status == 401 && answer.headers["www-authenticate"] == "Bearer")
            }
            let google = { (key: String) in #"{"lead_id":"g1","google_key":"\#(key)","user_column_data":[]}"# }
            #expect(try await site.post(google(IntakeSite.token), token: nil).status == 401)
            #expect(try keys(try await site.post(google(IntakeSite.googleToken), token: nil)) == ["id:ads:g1"])
            let deep = String(repeating: "[", count: 5000)
            #expect(try await site.post(#"{"google_key":\#(deep)"#, token: nil).status == 401)
            #expect(try site.leads(of: "crm").isEmpty)
            #expect(try site.leads(of: "ads").first?.lead["google_key"] == nil)
        }
    }

    @Test("a faulty post is told with its place, and nothing of it is taken")
    func faults() async throws {
        try await IntakeSite.run { site in
            let answer = try await site.post("{\"LastName\":\"A\"}\n{\"LastName\":}\n", type: "application/x-ndjson")
            #expect(answer.status == 400)
            #expect(answer.headers["content-type"] == "application/problem+json")
            #expect(answer.body.contains(#""line":2"#) && answer.body.contains("unexpected character"))
            for body in ["", "{}", "[]", "null", "{\"a\":\"x\ny\"}", String(repeating: "[", count: 5000)] {
                #expect(try await site.post(body).status == 400, "\(body.prefix(20))")
            }
            #expect(try await site.post("a=%4", type: "application/x-www-form-urlencoded").status == 400)
            #expect(try await site.post("a=1\nb=2", type: "text/plain").status == 415)
            #expect(try await site.post(#"{"a":"\#(String(repeating: "x", count: 10_000))"}"#).status == 413)
            #expect(try site.leads(of: "crm").isEmpty)
        }
    }

    @Test(
        "a body that is cut at any byte, doubled or in another encoding is taken whole or refused with a reason",
        arguments: [
            ("application/json", #"{"Id":"1","LastName":"Kïng","City":"Århus"}"#),
            ("application/x-ndjson", "{\"LastName\":\"Kïng\"}\n{\"LastName\":\"Bolt\"}\n"),
            ("application/x-www-form-urlencoded", "LastName=K%C3%AFng&City=%C3%85rhus"),
        ])
    func broken(type: String, text: String) async throws {
        try await IntakeSite.run { site in
            let body = Array(text.utf8)
            var bodies = (0...body.count).map { Array(body[..<$0]) }
            bodies += [
                body + body, [0xEF, 0xBB, 0xBF] + body, body + [0], [0xFF] + body, body.map { $0 < 0x80 ? $0 : 0xE9 },
                text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] },
            ]
            var taken = 0
            for bytes in bodies {
                let answer = try await site.post(bytes: bytes, type: type)
                if answer.status == 202 {
                    taken += try JSONDecoder().decode(Receipt.self, from: Data(answer.body.utf8)).accepted.count
                } else {
                    #expect(answer.status == 400, "\(answer)")
                    #expect(answer.headers["content-type"] == "application/problem+json")
                }
            }
            #expect(taken > 0)
            #expect(try site.leads(of: "crm").count == taken)
        }
    }

    @Test("a body nested a million deep is refused, however large one may be")
    func nested() async throws {
        try await IntakeSite.run(largest: 8 << 20, largestFile: 8 << 20) { site in
            for unit in ["[", #"{"a":"#, #"{"LastName":"#] {
                let answer = try await site.post(
                    String(repeating: unit, count: 1_000_000).prefix(8_000_000).description)
                #expect(answer.status == 400 && answer.body.contains("deep"), "\(answer.body.prefix(300))")
            }
            #expect(try await site.post(#"{"LastName":"King"}"#).status == 202)
            #expect(try site.leads(of: "crm").count == 1)
        }
    }

    @Test("more leads than the rate are turned away, and later ones are not")
    func rate() async throws {
        try await IntakeSite.run(rate: 2) { site in
            for number in 0..<4 { #expect(try await site.post(#"{"LastName":"\#(number)"}"#).status == 202) }
            let answer = try await site.post(#"{"LastName":"x"}"#)
            #expect(answer.status == 429 && answer.headers["retry-after"] == "1")
            site.site.clock.advance(by: .seconds(1))
            #expect(try await site.post(#"{"LastName":"x"}"#).status == 202)
            #expect(try site.leads(of: "crm").count == 5)
        }
    }

    @Test("a post that is refused costs its source nothing, and blank lines are no leads")
    func refusedCostsNothing() async throws {
        try await IntakeSite.run(rate: 2) { site in
            for _ in 0..<20 { #expect(try await site.post("{").status == 400) }
            let type = "application/x-ndjson"
            for _ in 0..<5 { #expect(try await site.post("{}\n{}\n{}\n", type: type).status == 400) }
            #expect(try await site.post("{", key: "k").status == 400)
            #expect(try await site.post(#"{"LastName":"mended"}"#, key: "k").status == 202)
            let lines = "\n \r\n{\"LastName\":\"A\"}\n\n\t\n\n{\"LastName\":\"B\"}\n\n\n"
            #expect(try await site.post(lines, type: type).status == 202)
            #expect(try await site.post(#"{"LastName":"C"}"#).status == 202)
            let next = try await site.post(#"{"LastName":"D"}"#)
            #expect(next.status == 429)
            #expect(try site.leads(of: "crm").count == 4)
        }
    }

    @Test("a form is one lead; several lines of them are refused, and cost nothing")
    func severalForms() async throws {
        try await IntakeSite.run(rate: 1) { site in
            let type = "application/x-www-form-urlencoded"
            for key in [nil, "k"] {
                let answer = try await site.post("last_name=A\nlast_name=B\r\nlast_name=C", type: type, key: key)
                #expect(answer.status == 400 && answer.body.contains("a form of several lines"))
            }
            #expect(try site.leads(of: "crm").isEmpty)
            let one = try await site.post("\r\nlast_name=A&description=B%0D%0AC\r\n", type: type, key: "k")
            #expect(one.status == 202)
            #expect(try site.leads(of: "crm").count == 1)
        }
    }

    @Test("of a body without a token no more is read than a source that has its token there may have")
    func strangers() async throws {
        try await IntakeSite.run(largest: 1_000_000) { site in
            let long = String(repeating: "x", count: 20_000)
            let unnamed = try await site.post(#"{"a":"\#(long)"}"#, token: nil)
            #expect(unnamed.status == 413)
            #expect(
                try await site.post("a=\(long)", type: "application/x-www-form-urlencoded", token: nil).status == 401)
            #expect(try await site.post(#"{"LastName":"\#(long)"}"#, token: "x").status == 401)
        }
    }

    @Test("what can't be made durable is not called taken")
    func broken() async throws {
        try await IntakeSite.run { site in
            try FileManager.default.removeItem(atPath: site.folder + "/crm/incoming")
            let answer = try await site.post(#"{"LastName":"King"}"#)
            #expect(answer.status == 503 && answer.headers["retry-after"] != nil)
            #expect(!answer.body.contains(site.folder))
        }
    }

    @Test("hundreds of posts at once share files, and each is durable before its answer")
    func together() async throws {
        try await IntakeSite.run(rate: 100_000) { site in
            try await withThrowingTaskGroup(of: [String].self) { group in
                for worker in 0..<10 {
                    group.addTask {
                        var told: [String] = []
                        for number in 0..<20 {
                            told += try keys(try await site.post(#"{"Id":"\#(worker)-\#(number)"}"#))
                            let known = Set(try site.leads(of: "crm").map(\.key.text))
                            #expect(known.isSuperset(of: told))
                        }
                        return told
                    }
                }
                try await group.waitForAll()
            }
            #expect(try site.leads(of: "crm").count == 200)
        }
    }
}
