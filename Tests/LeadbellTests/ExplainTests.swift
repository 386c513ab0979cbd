// `leadbell explain` as its users meet it. Its texts are kept whole beside the tests; run with
// LEADBELL_UPDATE_GOLDEN=1 to write them anew, then read the difference.

import Foundation
import LeadTestKit
import Testing

@Suite("leadbell explain")
struct ExplainTests {
    private static let golden = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    private func installation() throws -> Installation {
        let installation = try Installation()
        try installation.write(
            policy: """
                { calendar: office, steps: [{ after: 0s, notify: manager }, { after: 15m, remind: manager },
                    { after: 1h, assign: jane }] }
                """,
            extra: """
                calendars:
                  office:
                    time_zone: America/Chicago
                    hours: { mon-fri: 09:00-17:30 }
                    holidays: { 2026-11-26: Thanksgiving }
                """,
            routes: "[{ when: { value: { at_least: 100000 } }, managers: [dana], policy: standard }, "
                + "{ when: { any: [{ project_type: fine-art }, { city: Gary }] }, managers: [dana], policy: standard }, "
                + "{ managers: [dana], policy: standard }]")
        return installation
    }

    private func compare(_ text: String, with name: String) throws {
        let file = Self.golden.appending(path: name)
        if ProcessInfo.processInfo.environment["LEADBELL_UPDATE_GOLDEN"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try text == String(contentsOf: file, encoding: .utf8))
    }

    private static let lead = """
        {"id":"1","source":"web","name":" Ada King ","email":"ada@acme.example","project_type":"fine-art",
         "value":"12500","currency":"USD"}
        """

    @Test("before a holiday: the values, the route and why, the messages and the steps, each with its time")
    func holiday() async throws {
        let installation = try installation()
        let text = try await installation.run("explain", "-", "--at", "2026-11-25T17:20:00-06:00", input: Self.lead)
        #expect(text.status == 0, "\(text.errors)")
        try compare(text.output, with: "explain-holiday.txt")
        let json = try await installation.run(
            "explain", "-", "--at", "2026-11-25T23:20:00Z", "--format", "json", input: Self.lead)
        try compare(json.output, with: "explain-holiday.json")
    }

    @Test("where two say different things, whose word counts by the configured order, and the other beneath")
    func conflict() async throws {
        let firms = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../config/firms.csv")
            .standardized.path()
        let lead = """
            {"id":"1","name":"Ada King","email":"ada@acme-arts.example","industry":"Hotels","city":"Gary"}
            """
        for (order, name) in [("[firms, given]", "firms"), ("[given, firms]", "given")] {
            let installation = try Installation()
            try installation.write(
                policy: "[{ after: 0s, notify: manager }, { after: 1h, assign: jane }]",
                chain: "[{ kind: normalise }, { kind: firms, file: \"\(firms)\" }]\n  order: \(order)")
            let at = ["explain", "-", "--at", "2026-11-23T15:40:00Z"]
            let text = try await installation.run(at[0], at[1], at[2], at[3], input: lead)
            #expect(text.status == 0, "\(text.errors)")
            try compare(text.output, with: "explain-conflict-\(name).txt")
            let json = try await installation.run(at[0], at[1], at[2], at[3], "--format", "json", input: lead)
            let report = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            let others = try #require((report["lead"] as? [String: Any] ?? report)["others"] as? [String: Any])
            #expect(Array(others.keys) == ["industry"])
        }
    }

    @Test("with all enrichers that know by themselves: each value with what it was learnt by")
    func enriched() async throws {
        let shipped = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../config").standardized
            .path()
        let installation = try Installation()
        try installation.write(
            policy: "[{ after: 0s, notify: manager }, { after: 1h, assign: jane }]",
            chain: """

                    - { kind: sources, campaigns: { "spring-*": Spring fair } }
                    - { kind: normalise }
                    - { kind: phones, country: US }
                    - { kind: places, file: "\(shipped)/postal-codes.txt" }
                    - { kind: firms, file: "\(shipped)/firms.csv" }
                    - { kind: keywords, field: industry, words: { Hotels: { hotel: 3, lobby: 1 }, Homes: [kitchen] } }
                    - { kind: language }
                    - { kind: urgency }
                    - { kind: budget }
                """)
        let lead = """
            {"id":"7","name":"Ada King","email":"ada@hotel-seeblick.example","phone":"(312) 555-0142 x204",
             "postal_code":"60601","country":"USA","campaign":"spring-2026",
             "description":"We need a new bar for the lobby of our hotel as soon as possible, for about $25,000."}
            """
        let text = try await installation.run("explain", "-", "--at", "2026-11-25T17:20:00Z", input: lead)
        #expect(text.status == 0, "\(text.errors)")
        try compare(text.output, with: "explain-enriched.txt")
    }

    @Test("of a file with a bad row the good ones are explained and the bad one is told")
    func badRow() async throws {
        let installation = try installation()
        let file = installation.folder.file("leads.csv")
        try "name,email\nAda King,ada@acme.example\nCarl Gauss\nBea Bolt,bea@x.example\n".write(
            toFile: file, atomically: true, encoding: .utf8)
        let result = try await installation.run("explain", file)
        #expect(result.status == 0)
        #expect(result.output.contains("Ada King") && result.output.contains("Bea Bolt"))
        #expect(result.errors.contains("leads.csv:3: "), "\(result.errors)")
        try "name,email\nCarl Gauss\n".write(toFile: file, atomically: true, encoding: .utf8)
        let none = try await installation.run("explain", file)
        #expect(none.status == 1 && none.errors.contains("leads.csv:2: "), "\(none.errors)")
    }

    @Test("nothing is stored or sent")
    func nothingStays() async throws {
        let installation = try installation()
        #expect(try await installation.run("explain", "-", input: Self.lead).status == 0)
        let left = FileManager.default.subpaths(atPath: installation.folder.path) ?? []
        #expect(!left.contains { $0.hasSuffix(".sqlite") || $0.hasSuffix(".json") }, "\(left)")
    }

    @Test("a lead that has come in is explained by its id, as of when it came")
    func stored() async throws {
        let installation = try installation()
        let daemon = try await installation.daemon()
        let submitted = try await installation.run("submit", "id=9", "source=phone", "name=Ada King", "city=gary")
        let id = try #require(submitted.output.split(separator: " ").last?.dropLast())
        try await eventually("the lead is there") { try await installation.run("show", String(id)).status == 0 }
        #expect(await daemon.stop().status == 0)
        let result = try await installation.run("explain", String(id))
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("because city is gary"), "\(result.output)")
        #expect(result.output.contains("Nobody chose in time, so Jane Ortiz got the lead."))
    }

    @Test("what can't be explained is one sentence")
    func refusals() async throws {
        let installation = try installation()
        let broken = try await installation.run("explain", "-", input: "{\"name\": oops}")
        #expect(broken.status == 1)
        #expect(broken.errors.contains("lead.json:1:"), "\(broken.errors)")
        let missing = try await installation.run("explain", "nowhere.json")
        #expect(missing.status == 1)
        #expect(missing.errors.contains("there is no file nowhere.json"), "\(missing.errors)")
        let time = try await installation.run("explain", "-", "--at", "tomorrow", input: Self.lead)
        #expect(time.status == 64)
        #expect(time.errors.contains("2026-11-27T17:20:00-06:00"), "\(time.errors)")
    }
}
