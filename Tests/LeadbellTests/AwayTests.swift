// `leadbell away` and `leadbell reload`, with a daemon and without.

import Foundation
import LeadTestKit
import Testing

@Suite("leadbell away and reload", .timeLimit(.minutes(2)))
struct AwayTests {
    @Test("without a daemon absences are recorded in the database, listed and ended")
    func withoutDaemon() async throws {
        let installation = try Installation()
        let recorded = try await installation.run(
            "away", "dana", "--from", "2126-12-24", "--until", "2127-01-02T12:00", "--substitute", "jane")
        #expect(recorded.status == 0, "\(recorded.errors)")
        #expect(
            recorded.output
                == "Dana Whitfield is away from Tue 24 Dec 00:00 until Thu 2 Jan 12:00 (UTC), Jane Ortiz stands in\n")
        #expect(try await installation.run("away").output == recorded.output)
        let json = try await installation.run("away", "--format", "json")
        #expect(
            json.output.contains(#""from":"2126-12-24T00:00:00Z""#) && json.output.contains(#""substitute":"jane""#),
            "\(json.output)")
        #expect(try await installation.run("away", "dana", "--back").output == "Dana Whitfield is back\n")
        #expect(try await installation.run("away").output == "nobody is away\n")
        let again = try await installation.run("away", "dana", "--back")
        #expect(again.status == 1)
        #expect(again.errors.contains("nothing was recorded"))
    }

    @Test("what can't be recorded is one sentence")
    func refusals() async throws {
        let installation = try Installation()
        for (arguments, status, words) in [
            (["away", "dana"], 64, "--until"), (["away", "--until", "2126-01-01"], 64, "name the person"),
            (["away", "dana", "--until", "tomorrow"], 64, "2026-12-24"),
            (["away", "dana", "--back", "--from", "x"], 64, "alone"),
            (["away", "dora", "--until", "2126-01-01"], 1, "there is no person dora; there are dana, jane"),
            (["away", "dana", "--until", "2126-01-01", "--substitute", "x"], 1, "there is no person x"),
            (["away", "dana", "--until", "2126-01-01", "--substitute", "dana"], 1, "can't stand in for themselves"),
            (["away", "dana", "--until", "2001-01-01"], 1, "ends before it begins"),
            (["away", "dana", "--from", "2000-01-01", "--until", "2001-01-01"], 1, "is over already"),
        ] {
            let result = try await LeadbellProgram.run(
                arguments + ["--config", installation.config], environment: installation.environment)
            #expect(result.status == status, "\(arguments): \(result.errors)")
            #expect(result.errors.contains(words), "\(arguments): \(result.errors)")
        }
    }

    @Test("a running daemon takes an absence at once, and a reload by command is answered with what came of it")
    func throughDaemon() async throws {
        let installation = try Installation()
        let daemon = try await installation.daemon()
        #expect(try await installation.run("away", "dana", "--until", "2126-01-01").status == 0)
        #expect(try await installation.run("away").output.hasPrefix("Dana Whitfield is away from "))
        #expect(
            try await installation.run("reload").output == "configuration reloaded; nothing has changed\n")
        try installation.write(policy: "[{ after: 0s, notify: manger }]")
        let bad = try await installation.run("reload")
        #expect(bad.status == 1)
        #expect(bad.errors.contains("leadbell.yaml:15:45:"), "\(bad.errors)")
        #expect(await daemon.stop().status == 0)
        try installation.write(policy: "[{ after: 0s, notify: manager }, { after: 1h, assign: jane }]")
        let none = try await installation.run("reload")
        #expect(none.status == 1)
        #expect(none.errors.contains("no daemon is running"), "\(none.errors)")
    }

    @Test("what calendar files say is listed with the file, kept to by explain, and checked")
    func files() async throws {
        let installation = try Installation()
        let days = [1, 20, 21, 200].map { count in
            Date().addingTimeInterval(count * 86_400).formatted(.iso8601.year().month().day())
        }
        let events = [days[0], days[1], days[3]].map { day in
            "BEGIN:VEVENT\nDTSTART;VALUE=DATE:\(day.replacing("-", with: ""))\nEND:VEVENT\n"
        }
        let file = installation.folder.file("dana.ics")
        try "BEGIN:VCALENDAR\n\(events.joined())END:VCALENDAR\n".write(toFile: file, atomically: true, encoding: .utf8)
        try installation.write(
            policy: "{ off_duty: wait, steps: [{ after: 0s, notify: manager }, { after: 1h, assign: jane }] }",
            absences: "[{ file: dana.ics, substitute: jane }]")
        // The list needs a database.
        _ = try await installation.run("away", "jane", "--back")
        let lines = try await installation.run("away").output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.hasPrefix("Dana Whitfield is away from ") })
        #expect(lines.allSatisfy { $0.hasSuffix(" (UTC), Jane Ortiz stands in, by \(file)") })
        let json = try await installation.run("away", "--format", "json").output
        #expect(json.contains(#""file":"\#(file)","from":"\#(days[1])T00:00:00Z""#), "\(json)")
        let lead = #"{"name":"Ada King"}"#
        let explained = try await installation.run("explain", "-", "--at", "\(days[1])T12:00:00Z", input: lead)
        #expect(explained.output.contains("\(days[2])T01:00:00Z"), "\(explained.output) \(explained.errors)")

        #expect(try await !installation.run("check").errors.contains("calendar file"))
        try "BEGIN:VCALENDAR\n".write(toFile: file, atomically: true, encoding: .utf8)
        let checked = try await installation.run("check")
        #expect(checked.status == 0)
        #expect(checked.errors.contains("leadbell.yaml:12:"), "\(checked.errors)")
        #expect(checked.errors.contains("END:VCALENDAR: it is incomplete"))
        #expect(try await installation.run("away").output == "nobody is away\n")
    }

    @Test("a running daemon takes a new version of a calendar file without a command")
    func followed() async throws {
        let installation = try Installation()
        let file = installation.folder.file("dana.ics")
        try "BEGIN:VCALENDAR\nEND:VCALENDAR\n".write(toFile: file, atomically: true, encoding: .utf8)
        try installation.write(
            policy: "[{ after: 0s, notify: manager }, { after: 1h, assign: jane }]",
            absences: "[{ file: dana.ics }]")
        let daemon = try await installation.daemon()
        let event = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261125\nRRULE:FREQ=YEARLY\nEND:VEVENT\n"
        try "BEGIN:VCALENDAR\n\(event)END:VCALENDAR\n".write(toFile: file, atomically: true, encoding: .utf8)
        try await daemon.expectLog("absences read from a calendar file")
        #expect(await daemon.stop().status == 0)
    }
}
