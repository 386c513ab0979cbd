// The same person asks twice, as operators see it: `show`, `explain` and `split`, with the real program.

import Foundation
import LeadTestKit
import Testing

@Suite("leadbell split and who has asked before", .timeLimit(.minutes(2)))
struct SplitTests {
    private static let policy = "[{ after: 0s, notify: manager }, { after: 1h, assign: jane }]"

    private static func lead(_ id: String, _ email: String) -> String {
        #"{"id":"\#(id)","source":"web","name":"Ada King","email":"\#(email)","project_type":"fine-art"}"#
    }

    /// The ids of all leads, newest first.
    private func list(_ installation: Installation) async throws -> [String] {
        let result = try await installation.run("list", "--all", "--format", "json")
        return try result.output.split(separator: "\n").compactMap { line in
            let summary = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return summary?["lead"] as? String
        }
    }

    @Test("an inquiry joins, is explained and shown, and can be split off by its own id")
    func split() async throws {
        let installation = try Installation()
        try installation.write(policy: Self.policy, extra: "duplicates: { urgency: high }")
        let daemon = try await installation.daemon()
        func submit(_ id: String, _ email: String) async throws {
            let result = try await installation.run(
                "submit", "id=\(id)", "source=web", "name=Ada King", "email=\(email)", "project_type=fine-art")
            #expect(result.status == 0, "\(result.errors)")
        }
        try await submit("1", "ada@acme.example")
        while try await list(installation).count < 1 {}
        let first = try #require(try await list(installation).first)

        let explained = try await installation.run("explain", "-", input: Self.lead("2", "Ada+x@acme.example"))
        #expect(
            explained.output.contains("\(first) (waiting): 100 of 100, the same e-mail address; the lead joins it"),
            "\(explained.output)\(explained.errors)")

        try await submit("2", "Ada+x@acme.example")
        var shown = ""
        while !shown.contains("asked again") { shown = try await installation.run("show", first).output }
        let words = shown.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        let place = try #require(words.indices.first { words[$0] == "as" && words[$0 + 1].count == 16 })
        let inquiry = words[place + 1]
        #expect(try await list(installation).count == 1)
        #expect(try await installation.run("show", inquiry).output.contains("lead \(first)"))

        let split = try await installation.run("split", inquiry)
        #expect(split.output == "\(inquiry) is a lead of its own now, apart from \(first)\n", "\(split.errors)")
        #expect(try await list(installation).count == 2)
        let again = try await installation.run("split", first)
        #expect(again.status == 1)
        #expect(again.errors.contains("no inquiry has joined lead \(first)"))
        #expect(await daemon.stop().status == 0)
    }

    @Test("a number in another spelling finds the person by the number alone")
    func byNumber() async throws {
        let installation = try Installation()
        try installation.write(
            policy: Self.policy, extra: "duplicates: {}", chain: "[{ kind: normalise }, { kind: phones, country: US }]")
        let daemon = try await installation.daemon()
        let one = try await installation.run("submit", "id=1", "source=web", "name=Ada King", "phone=+1 312 555 0147")
        #expect(one.status == 0, "\(one.errors)")
        try await eventually("the first lead is there") { try await list(installation).count == 1 }
        let first = try #require(try await list(installation).first)
        let two = try await installation.run("submit", "id=2", "source=web", "name=Ada King", "phone=(312) 555-0147")
        #expect(two.status == 0, "\(two.errors)")
        try await eventually("the second has joined it") {
            try await installation.run("show", first).output.contains("the same phone number")
        }
        #expect(try await list(installation).count == 1)
        #expect(await daemon.stop().status == 0)
    }

    @Test("how like they must be is the configuration's: the same person joins by one threshold and is new by another")
    func threshold() async throws {
        let installation = try Installation()
        func write(_ threshold: Int) throws {
            try installation.write(policy: Self.policy, extra: "duplicates: { threshold: \(threshold) }")
        }
        func submit(_ id: String) async throws {
            let result = try await installation.run(
                "submit", "id=\(id)", "source=web", "name=Jon Smith", "company=Acme Stone")
            #expect(result.status == 0, "\(result.errors)")
        }
        func explained() async throws -> String {
            let lead = #"{"id":"9","source":"web","name":"Jon Smith","company":"Acme Stone"}"#
            return try await installation.run("explain", "-", input: lead).output
        }
        try write(50)
        let daemon = try await installation.daemon()
        let result = try await installation.run(
            "submit", "id=1", "source=web", "name=John Smith", "company=Acme Stones Ltd")
        #expect(result.status == 0, "\(result.errors)")
        while try await list(installation).count < 1 {}
        let joining = try await explained()
        let said = try #require(joining.firstMatch(of: #/: (\d+) of 100, /#), "\(joining)")
        let score = try #require(Int(said.1))
        #expect(joining.contains("the lead joins it") && (50..<100).contains(score), "\(joining)")

        try write(score + 1)
        #expect(try await !explained().contains("the lead joins it"))
        #expect(try await installation.run("reload").status == 0)
        try await submit("2")
        while try await list(installation).count < 2 {}
        let second = try #require(try await list(installation).first)

        try write(score)
        #expect(try await installation.run("reload").status == 0)
        try await submit("3")
        var shown = ""
        while !shown.contains("asked again") { shown = try await installation.run("show", second).output }
        #expect(try await list(installation).count == 2)
        #expect(await daemon.stop().status == 0)
    }
}
