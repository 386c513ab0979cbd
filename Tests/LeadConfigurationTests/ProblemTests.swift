// What an administrator reads when the configuration is wrong: the place to the column, a sentence, a way out; all of
// it in one go, and nothing of what is secret.

import LeadConfiguration
import LeadCore
import Testing

@Suite struct ProblemTests {
    @Test("the sample of these tests is good and gives no warning")
    func goodSample() {
        #expect(Samples.problems(Samples.good) == [])
    }

    @Test("each mistake is reported at its place, in plain words, and alone", arguments: ProblemCase.all)
    func mistake(_ entry: ProblemCase) {
        #expect(Samples.good.contains(entry.old.joined(separator: "\n")))
        #expect(Samples.problems(entry.text) == entry.problems)
    }

    @Test("no problem of any mistake holds a secret or an address", arguments: ProblemCase.all)
    func noSecret(_ entry: ProblemCase) {
        let printed = Samples.problems(entry.text).joined(separator: "\n")
        #expect(!printed.contains("canary"))
    }

    @Test("the table is read whole")
    func tableIsRead() {
        #expect(ProblemCase.all.count >= 100)
        #expect(ProblemCase.all.allSatisfy { !$0.old.isEmpty && !$0.problems.isEmpty })
    }

    @Test("a problem prints its file, place, severity, sentence and suggestion on one line")
    func printing() {
        let problem = Problem(
            file: "leadbell.yaml", line: 12, column: 5, severity: .error, sentence: "unknown key 'polcy' in a route",
            suggestion: "did you mean 'policy'?")
        #expect(
            problem.description
                == "leadbell.yaml:12:5: error: unknown key 'polcy' in a route; did you mean 'policy'?")
        let bare = Problem(file: "a", line: 1, column: 2, severity: .warning, sentence: "it is odd")
        #expect(bare.description == "a:1:2: warning: it is odd")
    }

    @Test("all problems are reported at once, in the order of the file")
    func allAtOnce() {
        let text = """
            site: { name: Example, url: leads.example.com }
            site: { name: Other }
            secrets: { link_keys: [{ id: k1, secret: env:NOWHERE }] }
            operators: [dora]
            channels:
              mail: { kind: smtp, relay: smtp://mail.example.com, tsl: required, from: leads@example.com }
              chat: { kind: tems }
            people:
              - { id: dana, name: Dana, manager: true, reach: { male: dana@example.com } }
              - { id: jane, name: Jane, rep: { capacity: many } }
            routes:
              - { when: { product: tile }, managers: [dana], policy: standart }
            policies:
              standard:
                - { after: 15, notify: manager }
                - { after: 60m, assign: jan }
              other:
                - { after: 0s, notify: manager }

            """
        #expect(
            Samples.problems(text) == [
                "1:29: error: 'url' must be an absolute http or https URL; "
                    + "write it as in https://leads.example.com",
                "2:1: error: key 'site' is given twice in the configuration; keep this one or the one in line 1",
                "3:42: error: the secret env:NOWHERE is not set; set the variable for the service, or check its name",
                "4:13: error: there is no person 'dora'; use dana or jane",
                "6:55: error: unknown key 'tsl' in a channel; did you mean 'tls'?",
                "7:17: error: there is no channel kind 'tems'; did you mean 'teams'?",
                "9:53: error: there is no channel 'male'; use mail or chat",
                "10:5: warning: rep 'jane' can't be reached and won't learn of new leads; "
                    + "add a 'reach' with at least one channel",
                "10:46: error: 'capacity' must be a whole number",
                "12:5: error: the last route has a condition, so a lead may get no route; "
                    + "add a route without 'when' after it",
                "12:58: error: there is no policy 'standart'; did you mean 'standard'?",
                "15:16: error: 'after' has no unit; write 15s, 15m or 15h",
                "16:29: error: there is no person 'jan'; did you mean 'jane'?",
                "18:7: error: the policy ends without giving the lead an owner; "
                    + "add a last step such as { after: 60m, assign: PERSON }",
            ])
    }

    @Test("a socket's path that the kernel could not take is refused")
    func longSockets() {
        let long = String(repeating: "x", count: 110)
        let listen = Samples.edited("operators:", "server: { listen: unix:/\(long) }\noperators:")
        #expect(
            Samples.problems(listen) == [
                "3:19: error: the socket's path from 'listen' is longer than 107 bytes; choose a shorter one"
            ])
        let store = Samples.edited("operators:", "store: { sqlite: /\(long)/leads.sqlite }\noperators:")
        #expect(
            Samples.problems(store) == [
                "3:18: error: the socket's path from the store's folder is longer than 107 bytes; "
                    + "choose a shorter one"
            ])
    }

    @Test("an empty file, and one of comments alone, is said to be empty", arguments: ["", "\n", "# nothing\n"])
    func empty(_ text: String) {
        let sentence = "1:1: error: the file is empty; begin with config/leadbell.yaml as a sample"
        #expect(Samples.problems(text) == [sentence])
    }

    @Test("a file that is a list or a text is no configuration", arguments: ["- a\n- b\n", "just text\n"])
    func noMapping(_ text: String) {
        #expect(Samples.problems(text).count == 1)
        #expect(Samples.problems(text)[0].hasPrefix("1:1: error: the file must be a mapping of keys to values"))
    }

    @Test("what ends too early is reported in the last line that there is")
    func truncated() {
        #expect(Samples.problems("site: [a").map { $0.prefix(22) } == ["1:9: error: not valid "])
        #expect(Samples.problems("site:\n  name: {").map { $0.prefix(23) } == ["2:10: error: not valid "])
    }

    @Test("nesting without end is refused, not followed", arguments: ["[", "{a: ", "- "])
    func deepNesting(_ opening: String) {
        #expect(Samples.problems(String(repeating: opening, count: 50_000)).count == 1)
    }

    @Test("many keys that are given twice end in a refusal")
    func manyDuplicates() {
        let text = String(repeating: "a: 1\n", count: 150)
        #expect(Samples.problems(text) == ["101:1: error: a key is given twice in one mapping; keep one of them"])
    }

    @Test("a file that can't be read, or isn't UTF-8, is said so at its place")
    func unreadable() {
        let missing = ConfigurationLoader.load(
            path: "/nowhere/a.yaml", kinds: Samples.kinds, secrets: Samples.secrets(), now: Samples.now)
        #expect(
            Samples.lines(missing) == [
                "/nowhere/a.yaml:1:1: error: the configuration can't be read: it does not exist; "
                    + "check the path after --config"
            ])
        let files = ["/b.yaml": FileReading.read(bytes: Array("site:\n  n".utf8) + [0xFF], isOpenToOthers: true)]
        let broken = ConfigurationLoader.load(
            path: "/b.yaml", kinds: Samples.kinds, secrets: Samples.secrets(files: files), now: Samples.now)
        #expect(Samples.lines(broken) == ["/b.yaml:2:4: error: the file is not UTF-8 text; save it as UTF-8"])
    }
}
