// A nightly export of the CRM, of which half is known: what is known joins its case or is the same record, what is new is a
// case of its own, and the same export the next night is nothing at all, whatever its columns' order.

import LeadCore
import LeadTestKit
import Testing

@Suite("A nightly export of which half is known", .timeLimit(.minutes(5)))
struct NightlyExportStory {
    private static let plan = HousePlan {
        $0.rulebook = Sample.rulebook(
            policies: [
                "standard": Sample.policy([(.zero, .notify(.manager)), (.seconds(8_640_000), .assign("jane"))])
            ],
            duplicates: DuplicateSettings())
    }

    private static let count = 40

    /// Ten came as single files before, under the ids that the export has; ten more came by the web form, which knows no
    /// ids of the CRM's; twenty are new.
    private static func person(_ number: Int) -> [FieldName: String] {
        [
            .id: "CRM-\(number)", .source: "crm", .name: "Person Number\(number)",
            .email: "person\(number)@firm\(number).example", .phone: "+1312555\(1000 + number)",
            .company: "Firm \(number)",
        ]
    }

    private static func export(_ fields: [FieldName]) -> String {
        let rows = (1...count).map { number in fields.map { "\"\(person(number)[$0] ?? "")\"" }.joined(separator: ";") }
        return ([fields.map(\.text).joined(separator: ";")] + rows).joined(separator: "\r\n") + "\r\n"
    }

    @Test("the known ones open nothing, the new ones do, and the next night's export changes nothing")
    func halfKnown() async throws {
        try await House.open(Self.plan) { house in
            for number in 1...10 { try await house.drop(lead: number, Self.person(number)) }
            for number in 11...20 {
                var typed = Self.person(number)
                typed[.id] = "web-\(number)"
                typed[.source] = "web"
                typed[.name] = "P. Number\(number)"
                try await house.drop(lead: number, typed)
            }
            for _ in 1...20 { try await house.expect(.decide, to: "dana", by: "mail", "teams") }

            try await house.drop("export.csv", Self.export([.id, .source, .name, .email, .phone, .company]))
            for _ in 1...10 { try await house.expect(.inquiry, to: "dana", by: "mail", "teams") }
            // Nothing says what the new ones want, so they go the last route's way.
            for _ in 1...20 { try await house.expect(.decide, to: "lee", by: "mail", "slack") }
            try await house.expectSilence()
            let cases = try await house.cases()
            #expect(cases.count == Self.count)
            for number in 11...20 {
                let file = try await house.file(
                    Sample.key(of: Lead(given: [.id: "web-\(number)", .source: "web"])).caseID)
                #expect(file.subject.inquiries.map { $0.lead[.id] } == ["CRM-\(number)"])
            }
            for number in 21...40 {
                let file = try await house.file(Sample.key(of: Lead(given: Self.person(number))).caseID)
                #expect(file.subject.inquiries.isEmpty)
            }

            try await house.pass(.seconds(86_400))
            try await house.drop("export.csv", Self.export([.company, .phone, .email, .name, .source, .id]))
            try await house.expectSilence()
            #expect(try await house.cases().count == Self.count)
        }
    }
}
