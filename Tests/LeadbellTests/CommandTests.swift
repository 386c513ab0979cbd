// The commands as their users meet them: output, exit codes, and sentences on standard error.

import Foundation
import LeadTestKit
import Testing

@Suite("Commands")
struct CommandTests {
    @Test("help names every command, and a wrong word is a usage error")
    func usage() async throws {
        let help = try await LeadbellProgram.run(["--help"])
        #expect(help.status == 0)
        let commands = [
            "serve", "check", "submit", "list", "show", "assign", "away", "link", "explain", "channels", "test-channel",
            "failed", "retry", "reload", "demo",
        ]
        for command in commands {
            #expect(help.output.contains(command), "help lacks \(command)")
        }
        #expect(try await LeadbellProgram.run(["asign"]).status == 64)
        #expect(try await LeadbellProgram.run(["list", "--state", "lost"]).status == 64)
        #expect(try await LeadbellProgram.run(["submit"]).status == 64)
        #expect(try await LeadbellProgram.run(["retry"]).status == 64)
        #expect(try await LeadbellProgram.run(["retry", "x", "--all"]).status == 64)
        #expect(try await LeadbellProgram.run(["test-channel"]).status == 64)
    }

    @Test("check says good, or names every problem with its place and exits with 1")
    func check() async throws {
        let installation = try Installation()
        let good = try await installation.run("check")
        #expect(good.status == 0, "\(good.errors)")
        #expect(good.output.contains("good"))
        try installation.write(policy: "[{ after: 0s, notify: manger }]", extra: "operaters: []")
        let bad = try await installation.run("check")
        #expect(bad.status == 1)
        #expect(bad.errors.contains("leadbell.yaml:15:45:"), "\(bad.errors)")
        #expect(bad.errors.contains("operators"), "no suggestion in \(bad.errors)")
        let json = try await installation.run("check", "--format", "json")
        #expect(json.status == 1)
        let report = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        #expect(report?["isValid"] as? Bool == false)
        #expect((report?["problems"] as? [Any])?.count ?? 0 >= 3)
    }

    @Test("texts are written as files that can be used as they are, and a wrong one is told with its place")
    func texts() async throws {
        let installation = try Installation()
        let folder = installation.folder.file("texts")
        let written = try await LeadbellProgram.run(["texts", folder])
        #expect(written.status == 0, "\(written.errors)")
        let again = try await LeadbellProgram.run(["texts", folder])
        #expect(again.status == 1)
        #expect(again.errors.contains("not overwritten"))
        let policy = "[{ after: 0s, notify: manager }, { after: 1h, assign: jane }]"
        try installation.write(policy: policy, extra: "messages: { templates: texts, language: de }")
        let good = try await installation.run("check")
        #expect(good.status == 0, "\(good.errors)")
        #expect(good.output.contains("messages rendered"))
        try Data("headline.decide = Hallo {{titel}}\n".utf8).write(to: URL(fileURLWithPath: folder + "/de.txt"))
        let bad = try await installation.run("check")
        #expect(bad.status == 1)
        #expect(bad.errors.contains("de.txt:1:27: error: headline.decide has no field 'titel'"), "\(bad.errors)")
        let long = "label.choose = \(String(repeating: "lang ", count: 20))\n"
        try Data(long.utf8).write(to: URL(fileURLWithPath: folder + "/de.txt"))
        let cut = try await installation.run("check")
        #expect(cut.status == 1)
        #expect(
            cut.errors.contains(
                "de.txt:1:16: error: label.choose has 99 characters, of which 60 are shown; shorten it"),
            "\(cut.errors)")
        // Whether this one is too long depends on its fields, so only a message tells.
        let headline = "headline.warn = \(String(repeating: "lang ", count: 24)){{left}} {{title}}\n"
        try Data("# ours\n\(headline)".utf8).write(to: URL(fileURLWithPath: folder + "/de.txt"))
        let wide = try await installation.run("check", "--format", "json")
        #expect(wide.status == 1)
        #expect(wide.output.contains("of which 150 are shown; change headline.warn in"), "\(wide.output)")
        #expect(wide.output.contains("/de.txt:2\""), "\(wide.output)")
        #expect(try await LeadbellProgram.run(["texts", "--language", "de"]).output.contains("Neuer Lead: {{title}}"))
        #expect(try await LeadbellProgram.run(["texts", "--language", "Deutsch"]).status == 64)
    }

    @Test("sample messages are shown as they would read, with one's own texts, of one channel and in one language")
    func preview() async throws {
        let installation = try Installation()
        let folder = installation.folder.file("texts")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("headline.warn = Eilt, noch {{left}}: {{title}}\n".utf8)
            .write(to: URL(fileURLWithPath: folder + "/de.txt"))
        let policy = "[{ after: 0s, notify: manager }, { after: 1h, assign: jane }]"
        try installation.write(policy: policy, extra: "messages: { templates: texts, language: de }")
        let all = try await installation.run("texts", "--preview")
        #expect(all.status == 0, "\(all.errors)")
        for words in [
            "== decide: Lead: fine-art für Acme Arts & Sons", "Eilt, noch ", "== digest: 2 Leads für Sie",
            "== update.claimed: ", "Dana Whitfield entscheidet: ", "Dies ist ein Test des Kanals",
        ] { #expect(all.output.contains(words), "\(words) in \(all.output)") }
        let one = try await installation.run("texts", "--preview", "--language", "en", "--message", "warn", "--brief")
        #expect(one.output.hasPrefix("== warn: Lead: a lead for Acme Arts & Sons\n\nLast call: a lead for Acme"))
        #expect(!one.output.contains("== decide") && !one.output.contains("López"))
        let unknown = try await installation.run("texts", "--preview", "--channel", "pigeon")
        #expect(unknown.status == 1 && unknown.errors.contains("there is no channel 'pigeon'"), "\(unknown.errors)")
        let never = try await installation.run(
            "texts", "--preview", "--channel", "teams", "--message", "update.claimed")
        #expect(never.status == 1 && never.output.isEmpty)
        #expect(never.errors.contains("channel 'teams' never has messages 'update.claimed'"), "\(never.errors)")
        let foreign = try await installation.run("texts", "--preview", "--language", "fr")
        #expect(foreign.status == 1 && foreign.errors.contains("there are some in de, en"), "\(foreign.errors)")
        #expect(try await LeadbellProgram.run(["texts", "--preview", "--message", "warm"]).status == 64)
        #expect(try await LeadbellProgram.run(["texts", "--brief"]).status == 64)
    }

    @Test("a missing configuration is one sentence that names the file")
    func missingConfiguration() async throws {
        let result = try await LeadbellProgram.run(["list", "--config", "/nowhere/leadbell.yaml"])
        #expect(result.status == 1)
        #expect(result.errors.contains("/nowhere/leadbell.yaml"))
    }

    @Test("submit puts fields, files and standard input into the spool and prints each record's key")
    func submit() async throws {
        let installation = try Installation()
        let fields = try await installation.run("submit", "id=7", "source=phone", "name=Ada King")
        #expect(fields.status == 0, "\(fields.errors)")
        #expect(fields.output.hasPrefix("id:phone:7  lead "))
        let file = installation.folder.file("two.ndjson")
        try "{\"name\": \"One\"}\n{\"name\": \"Two\"}\n".write(toFile: file, atomically: true, encoding: .utf8)
        let two = try await installation.run("submit", "--file", file, "--format", "json")
        #expect(two.output.split(separator: "\n").count == 2)
        let input = try await installation.run("submit", "--file", "-", input: "{\"name\": \"Three\"}")
        #expect(input.output.hasPrefix("sha256:"))
        let incoming = try FileManager.default.contentsOfDirectory(atPath: installation.folder.file("spool/incoming"))
        #expect(incoming.count == 3)
    }

    @Test("submit takes a file of rows with a bad one among them, and tells of it with its line")
    func submitRows() async throws {
        let installation = try Installation()
        let file = installation.folder.file("rows.csv")
        let rows = "id,source,name\n1,x,Ada\n2,x\n3,x,Eve\n"
        try rows.write(toFile: file, atomically: true, encoding: .utf8)
        let result = try await installation.run("submit", "--file", file)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.split(separator: "\n").map { $0.prefix(6) } == ["id:x:1", "id:x:3"])
        #expect(result.errors.contains("warning: rows.csv:3: "), "\(result.errors)")
        let stored = installation.folder.file("spool/incoming/rows.csv")
        #expect(try String(contentsOfFile: stored, encoding: .utf8) == rows)
        // A file without any good row is refused.
        try "id,source,name\n2,x\n3\n".write(toFile: file, atomically: true, encoding: .utf8)
        let bad = try await installation.run("submit", "--file", file)
        #expect(bad.status == 1 && bad.output.isEmpty)
        #expect(bad.errors.contains("rows.csv:2: ") && bad.errors.contains("rows.csv:3: "), "\(bad.errors)")
        #expect(bad.errors.contains("rows.csv holds no lead that can be read"), "\(bad.errors)")
        let many = "id,source,name\n1,x,Ada\n" + String(repeating: "2,x\n", count: 30)
        try many.write(toFile: file, atomically: true, encoding: .utf8)
        let told = try await installation.run("submit", "--file", file)
        #expect(told.status == 0 && told.errors.split(separator: "\n").count == 21)
        #expect(told.errors.contains("rows.csv: 10 more bad records"), "\(told.errors)")
    }

    @Test("a file that is too large is refused by its size, before a byte of it is read")
    func tooLarge() async throws {
        let installation = try Installation()
        let file = installation.folder.file("rows.csv")
        #expect(FileManager.default.createFile(atPath: file, contents: nil))
        #expect(truncate(file, 1 << 40) == 0)
        for arguments in [["submit", "--file", file], ["explain", file], ["explain", file, "--mapping"]] {
            let result = try await LeadbellProgram.run(
                arguments + ["--config", installation.config], environment: installation.environment)
            #expect(result.status == 1)
            #expect(result.errors.contains("larger than spool.max_rows allows"), "\(result.errors)")
        }
    }

    @Test("submit refuses what the daemon could not read, and leaves the spool as it was")
    func submitBad() async throws {
        let installation = try Installation()
        let broken = try await installation.run("submit", "--file", "-", input: "{\"name\": oops}")
        #expect(broken.status == 1)
        #expect(broken.errors.contains("lead.json:1:"), "\(broken.errors)")
        #expect(try await installation.run("submit", "name=").status == 1)
        #expect(try await installation.run("submit", "--file", "/nowhere/a.json").status == 1)
        let incoming = installation.folder.file("spool/incoming")
        let left = FileManager.default.subpaths(atPath: incoming) ?? []
        #expect(left.isEmpty)
    }

    @Test("list and show on an empty or missing database are clear answers")
    func emptyDatabase() async throws {
        let installation = try Installation()
        let missing = try await installation.run("list")
        #expect(missing.status == 1)
        #expect(missing.errors.contains("leadbell"))
        #expect(try await installation.run("show", "abc").status == 1)
    }
}
