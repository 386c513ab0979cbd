// Asking real programs: what they may do, and that nothing they do goes beyond a gap. Nothing of them is left behind.

import Foundation
import LeadCore
import LeadTestKit
import Testing

@testable import Curl
@testable import LeadEnrichment

@Suite("CommandLookup", .timeLimit(.minutes(2)))
struct CommandLookupTests {
    private let clock = ManualClock(Sample.start)
    private let folder = TemporaryDirectory()
    private let lead = Lead(given: [.company: "Acme \"Arts\"\n", .email: "ada@acme.example", "odd": "é𝄞\u{1}"])

    private func lookup(_ script: String, _ options: [String: OptionValue] = [:]) throws -> CommandLookup {
        let path = folder.file("program-\(UUID().uuidString)")
        try script.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(chmod(path, 0o700) == 0)
        var values: [String: OptionValue] = [
            "command": .texts([path, "an argument", "$HOME"]), "fields": .texts(["industry", "owner"]),
        ]
        values.merge(options) { $1 }
        let outside = Outside(
            client: try HTTPClient(), answers: NoAnswers(), clock: clock, read: { _, _ in nil }, report: { _ in })
        return try CommandLookup(name: "program", OptionValues(values), outside)
    }

    private struct NoAnswers: AnswerStore {
        func answer(to question: QuestionKey) async throws(StoreFailure) -> KeptAnswer? { nil }
        func keep(_ answer: KeptAnswer, to question: QuestionKey) async throws(StoreFailure) {}
    }

    @Test("the program reads the lead and writes a patch")
    func patch() async throws {
        let enricher = try lookup(
            """
            #!/usr/bin/python3
            import json, sys
            lead = json.load(sys.stdin)
            print(json.dumps({"industry": lead["company"] + "|" + lead["odd"] + "|" + sys.argv[1] + sys.argv[2],
                "owner": {"value": "dana", "confidence": 80.5, "basis": "territory 12"}}))
            """)
        #expect(
            await enricher.enrich(lead)
                == Enrichment(findings: [
                    .init(.industry, "Acme \"Arts\"|é𝄞 |an argument$HOME"),
                    .init(.owner, "dana", basis: "territory 12", confidence: 80),
                ]))
    }

    @Test("it runs without a shell, in a clean environment, with no descriptor of ours, in a group of its own")
    func surroundings() async throws {
        setenv("LEADBELL_CANARY", "canary", 1)
        defer { unsetenv("LEADBELL_CANARY") }
        let enricher = try lookup(
            """
            #!/usr/bin/python3
            import json, os, signal, sys
            sys.stdin.read()
            open_ones = [d for d in range(3, 256) if os.path.exists("/proc/self/fd/%d" % d)]
            # The folder that is being listed is not one of them: exists() opens nothing.
            print(json.dumps({"industry": " ".join(sorted(k + "=" + v for k, v in os.environ.items() if k != "LC_CTYPE")),
                "owner": "%s %s %s %s %s" % (open_ones, os.getpgrp() == os.getpid(), os.getcwd(),
                    signal.getsignal(signal.SIGTERM) == signal.SIG_DFL, len(signal.pthread_sigmask(signal.SIG_BLOCK, [])))}))
            """, ["environment": .secrets([NamedValue("TOKEN", Secret("t0ken"))])])
        let found = await enricher.enrich(lead).findings
        #expect(found.first?.text == "LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin TOKEN=t0ken")
        #expect(found.last?.text == "[] True / True 0")
    }

    @Test(
        "whatever the program does is a gap and no more",
        arguments: [
            ("#!/bin/sh\nexit 3", "ended with status 3"), ("#!/bin/sh\nkill -SEGV $$", "was ended by signal 11"),
            ("#!/bin/sh\necho hello", "wrote something that is no JSON object"),
            ("#!/bin/sh\necho '[1]'", "wrote something that is no JSON object"),
            ("#!/bin/sh\necho '{\"industry\": \"x\"'", "wrote something that is no JSON object"),
            ("#!/bin/sh\nhead -c 10485760 /dev/zero", "was ended, because it wrote more than 256 KiB"),
            ("#!/bin/sh\nyes", "was ended, because it wrote more than 256 KiB"),
            ("#!/bin/sh\nexec sleep 1000", "was ended, because it took longer than 300 ms"),
            ("#!/bin/sh\nexec <&- ; exec >&- ; exec sleep 1000", "was ended, because it took longer than 300 ms"),
            ("#!/nowhere/at/all\n", "could not be started: No such file or directory"),
            ("#!/bin/sh\necho '{\"id\": \"x\", \"email\": \"x\"}'", "tried to fill 2 fields that it may not fill"),
            ("#!/bin/sh\necho '{\"industry\": {\"x\": 1}}'", "wrote no text for industry"),
            ("#!/bin/sh\necho '{\"industry\": [[]]}'", "wrote no text for industry"),
            ("#!/bin/sh\nprintf '\\377\\376{}'", "wrote something that is no JSON object"),
        ])
    func faults(script: String, reason: String) async throws {
        let found = try await lookup(script, ["timeout": .duration(.milliseconds(300))]).enrich(lead)
        #expect(found == Enrichment(failure: reason))
    }

    @Test(
        "a program that says nothing, or that nothing is known, is no failure",
        arguments: ["", "echo '{}'", "echo '{\"industry\": null, \"owner\": \" \"}'"])
    func nothing(line: String) async throws {
        #expect(try await lookup("#!/bin/sh\n\(line)\n").enrich(lead) == Enrichment())
    }

    @Test("a program that doesn't read a large lead, and one that reads it slowly, answer all the same")
    func largeInput() async throws {
        let large = Lead(given: [.description: String(repeating: "x", count: 1_000_000)])
        let unread = try lookup("#!/bin/sh\necho '{\"industry\": \"a\"}'")
        #expect(await unread.enrich(large).findings.map(\.text) == ["a"])
        let counting = try lookup("#!/bin/sh\nn=$(wc -c)\necho \"{\\\"industry\\\": $n}\"")
        #expect(await counting.enrich(large).findings.map(\.text) == ["1000019"])
    }

    @Test("what it leaves behind is killed with it, and its end isn't waited for")
    func group() async throws {
        let mark = folder.file("mark")
        let enricher = try lookup(
            """
            #!/bin/sh
            (sleep 300; touch \(mark)) &
            echo $! > \(folder.file("pid"))
            echo '{"industry": "quick"}'
            """)
        #expect(await enricher.enrich(lead).findings.map(\.text) == ["quick"])
        let text = try String(contentsOfFile: folder.file("pid"), encoding: .utf8)
        let pid = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        while Self.isAlive(pid) { await Task.yield() }
        #expect(!FileManager.default.fileExists(atPath: mark))
    }

    @Test(
        "whoever it has started is killed with it when it takes too long, writes too much, or nobody waits any more",
        arguments: ["wait", "yes", "touch BEGAN; wait"])
    func groupCutShort(end: String) async throws {
        let began = folder.file("began")
        let enricher = try lookup(
            """
            #!/bin/sh
            sleep 300 &
            echo $! > \(folder.file("pid"))
            \(end.replacing(Self.began, with: began))
            """, ["timeout": .duration(end == "wait" ? .milliseconds(300) : .seconds(60))])
        let lead = lead
        let task = Task { await enricher.enrich(lead) }
        if end.contains(Self.began) {
            while !FileManager.default.fileExists(atPath: began) { await Task.yield() }
            task.cancel()
        }
        let found = await task.value
        #expect(found.failure != nil && found.findings.isEmpty)
        let text = try String(contentsOfFile: folder.file("pid"), encoding: .utf8)
        let pid = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        while Self.isAlive(pid) { await Task.yield() }
    }

    private static let began = "BEGAN"

    /// A killed process whose parent is gone is init's to collect: as far as anyone is concerned it is dead by then.
    private static func isAlive(_ pid: Int32) -> Bool {
        guard let state = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
        return !state.contains(") Z") && !state.contains(") X")
    }

    @Test("a lead that is given up ends the program")
    func cancelled() async throws {
        let enricher = try lookup("#!/bin/sh\ntouch \(folder.file("began"))\nexec sleep 1000")
        let lead = lead
        let task = Task { await enricher.enrich(lead) }
        while !FileManager.default.fileExists(atPath: folder.file("began")) { await Task.yield() }
        task.cancel()
        #expect(await task.value.failure == "was interrupted because the program stops")
    }

    @Test("many run side by side, and no more than allowed")
    func concurrency() async throws {
        let enricher = try lookup(
            """
            #!/bin/sh
            n=$(ls \(folder.path) | grep -c running)
            touch \(folder.path)/running-$$
            echo "{\\"industry\\": \\"$n\\"}"
            rm \(folder.path)/running-$$
            """, ["concurrency": .integer(3)])
        let lead = lead
        let seen = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<40 { group.addTask { Int(await enricher.enrich(lead).findings.first?.text ?? "") ?? 99 } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(seen.allSatisfy { $0 <= 2 })
    }

    @Test("options that can't be used are refused", arguments: ["program", "/nowhere/program", "/tmp", "/etc/passwd"])
    func options(path: String) {
        let flaw = #expect(throws: OptionFlaw.self) {
            try CommandLookup.kind.make(
                "program", OptionValues(["command": .texts([path]), "fields": .texts(["industry"])]), nil)
        }
        #expect(flaw?.option == "command")
        for field in ["id", "created_at", "Bad"] {
            #expect(throws: OptionFlaw.self) {
                try CommandLookup.kind.make(
                    "program", OptionValues(["command": .texts(["/bin/true"]), "fields": .texts([field])]), nil)
            }
        }
    }
}
