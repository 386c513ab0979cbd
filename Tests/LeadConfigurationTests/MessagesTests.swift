// `messages`, and the files of an administrator's texts: whose texts there are then, and what is said of files that can't
// be used.

import Foundation
import LeadConfiguration
import LeadCore
import Testing

@Suite("Texts of the configuration") struct MessagesTests {
    /// Loads the sample with `messages`, and with `files` in its folder `texts`.
    private static func load(
        _ messages: String = "{ templates: texts }", files: [String: String] = [:],
        _ change: (String) -> String = { $0 }, _ look: (ConfigurationLoader.Outcome) throws -> Void
    ) throws {
        try Samples.withFolder { folder in
            let texts = folder.appending(path: "texts")
            if !files.isEmpty {
                try FileManager.default.createDirectory(at: texts, withIntermediateDirectories: false)
            }
            for (name, content) in files { try Data(content.utf8).write(to: texts.appending(path: name)) }
            let file = folder.appending(path: "leadbell.yaml")
            try Data((change(Samples.good) + "messages: \(messages)\n").utf8).write(to: file)
            try look(
                ConfigurationLoader.load(
                    path: file.path(), kinds: Samples.kinds, secrets: Samples.secrets(), now: Samples.now))
        }
    }

    /// What is wrong, each file without its folder.
    private static func problems(_ outcome: ConfigurationLoader.Outcome) -> [String] {
        Samples.lines(outcome).map { line in
            let file = line.prefix { $0 != ":" }
            return String((file.split(separator: "/").last ?? "") + line.dropFirst(file.count))
        }
    }

    @Test("files stand in for shipped texts, for all channels or for one")
    func good() throws {
        let files = [
            "de.txt": "# ours\n\nheadline.decide = Hallo: {{title}}\nfact.firm=Unternehmen\r\nsentence.decide = \"\"\n",
            "de.chat.txt": "\u{FEFF}  headline.decide = Chat: {{ title }}", "README": "no text", ".de.txt": "no text",
        ]
        try Self.load("{ templates: texts, language: de }", files: files) { outcome in
            #expect(Self.problems(outcome) == [])
            let book = try outcome.get().configuration.rulebook
            #expect(book.phrases.language == .german)
            let mail = book.phrases(for: "dana", on: "mail")
            #expect(mail == book.phrases.phrases(.german, on: "mail"))
            #expect(mail != book.phrases(for: "dana", on: "chat"))
        }
    }

    @Test("people and channels have languages of their own")
    func languages() throws {
        func change(_ text: String) -> String {
            text.replacing("name: Dana,", with: "name: Dana, language: de,")
                .replacing("{ kind: teams }", with: "{ kind: teams, language: de }")
        }
        try Self.load("{}", change) { outcome in
            let book = try outcome.get().configuration.rulebook
            #expect(book.phrases(for: "dana", on: "mail").language == .german)
            #expect(book.phrases(for: "lee", on: "mail").language == .english)
            #expect(book.phrases(for: "lee", on: "chat").language == .german)
        }
    }

    @Test("a language without texts is refused, wherever it stands")
    func unknownLanguage() throws {
        func change(_ text: String) -> String {
            text.replacing("name: Dana,", with: "name: Dana, language: fr,")
                .replacing("{ kind: teams }", with: "{ kind: teams, language: Deutsch }")
        }
        try Self.load("{ language: it }", change) { outcome in
            #expect(
                Self.problems(outcome) == [
                    "leadbell.yaml:6:34: error: 'language' is no language that there are texts in; write de or en, or add "
                        + "a file of texts to 'messages.templates', as fr.txt",
                    "leadbell.yaml:8:39: error: 'language' is no language that there are texts in; write de or en, or add "
                        + "a file of texts to 'messages.templates', as fr.txt",
                    "leadbell.yaml:19:23: error: 'language' is no language that there are texts in; write de or en, or add "
                        + "a file of texts to 'messages.templates', as it.txt",
                ])
        }
    }

    @Test(
        "what is wrong with a text is told with its line and column, and what to do",
        arguments: [
            ("headline.decid = x", "1:1: error: there is no text 'headline.decid'; did you mean 'headline.decide'?"),
            (
                "\n quite.another = x",
                "2:2: error: there is no text 'quite.another'; `leadbell texts` prints all of them"
            ),
            (
                "headline.decide = é {{titel}}",
                "1:23: error: headline.decide has no field 'titel'; did you mean 'title'?"
            ),
            ("fact.firm = {{firm}}", "1:15: error: fact.firm has no field 'firm'; it has none at all"),
            ("headline.decide = {{title", "1:19: error: a field is not closed; write it as {{name}}"),
            ("headline.decide = title}}", "1:24: error: }} closes no field; write it as {{name}}"),
            (
                "headline.decide = Hallo",
                "1:19: error: headline.decide lacks {{title}}; it is the lead in a few words: fine-art for Acme Arts"
            ),
            ("headline.decide =", "1:18: error: headline.decide is empty; remove the line to keep the shipped text"),
            (
                "headline.decide = \" \"",
                "1:20: error: headline.decide is empty; remove the line to keep the shipped text"
            ),
            ("fact.firm", "1:1: error: this is no text; write it as NAME = TEXT; remarks begin with #"),
            (
                "fact.firm = A\n#\nfact.firm = B",
                "3:1: error: fact.firm stands in line 1 already; keep one of them"
            ),
            (
                "fact.firm = a\u{202E}b",
                "1:14: error: a control character, or one that turns text around, can't stand here; remove it"
            ),
            (
                "chat.assign.yes = Diesen Lead jetzt sofort zuteilen",
                "1:19: error: chat.assign.yes has 33 characters, of which 30 are shown; shorten it"
            ),
            (
                "date.weekdays = So Mo",
                "1:17: error: date.weekdays must have 7 words, parted by spaces; Sun Mon Tue Wed Thu Fri Sat"
            ),
        ])
    func flaws(_ text: String, _ problem: String) throws {
        try Self.load(files: ["de.txt": text]) { outcome in
            #expect(Self.problems(outcome) == ["de.txt:\(problem)"])
        }
    }

    @Test("files whose names say neither language nor channel are refused")
    func names() throws {
        let files = ["deutsch.txt": "", "de.chad.txt": "fact.firm = A", "de.txt": "fact.firm = A"]
        try Self.load(files: files) { outcome in
            #expect(
                Self.problems(outcome) == [
                    "de.chad.txt:1:1: error: there is no channel 'chad' that reaches people; did you mean 'chat'?",
                    "deutsch.txt:1:1: error: the file's name is no language; call it de.txt, or de.CHANNEL.txt for one "
                        + "channel",
                ])
        }
        try Self.load("{ templates: missing }") { outcome in
            #expect(Self.problems(outcome).count == 1)
            #expect(
                Self.problems(outcome)[0].contains(
                    "names a folder that can't be read; make it, and write texts into it"))
        }
    }

    @Test("a further language says how much of it is in English")
    func furtherLanguage() throws {
        try Self.load("{ templates: texts, language: fr }", files: ["fr.txt": "fact.firm = Société"]) { outcome in
            let problems = Self.problems(outcome)
            #expect(problems.count == 1)
            #expect(problems[0].hasPrefix("fr.txt:1:1: warning: "))
            #expect(problems[0].hasSuffix("; `leadbell texts --language fr` prints all of them"))
            let book = try outcome.get().configuration.rulebook
            #expect(book.phrases.language.code == "fr")
        }
    }

    @Test("a language with texts for one channel alone is English on others, which is told where it stands")
    func languageOfOneChannel() throws {
        let files = ["fr.chat.txt": "fact.firm = Société"]
        try Self.load("{ templates: texts, language: fr }", files: files) { outcome in
            let problems = Self.problems(outcome)
            #expect(problems.count == 2)
            #expect(
                problems.contains(
                    "leadbell.yaml:19:41: warning: 'language' has texts for single channels only, and all others are in "
                        + "English; add a file fr.txt to 'messages.templates'"), "\(problems)")
            #expect(problems.contains { $0.hasPrefix("fr.chat.txt:1:1: warning: ") })
        }
        func change(_ text: String) -> String {
            text.replacing("{ kind: teams }", with: "{ kind: teams, language: fr }")
        }
        try Self.load(files: files, change) { outcome in
            #expect(Self.problems(outcome).map { $0.prefix { $0 != ":" } } == ["fr.chat.txt"])
        }
    }

    @Test("what `leadbell texts` writes says of every field what it stands for, and which can't be left out")
    func reference() {
        let lines = PhraseFile.text(of: .german).split(separator: "\n")
        for phrase in Phrases.english.all {
            guard let index = lines.firstIndex(where: { $0.hasPrefix("\(phrase.name) = ") }) else {
                Issue.record("\(phrase.name) is missing")
                continue
            }
            for field in phrase.fields {
                let mark = phrase.required.contains(field) ? "(!)" : ""
                #expect(lines[index - 1].contains("{{\(field.name)}}\(mark) \(field.help)"), "\(phrase.name)")
            }
        }
    }

    @Test("what `leadbell texts` writes can be read back, and changes nothing", arguments: Language.shipped)
    func roundTrip(_ language: Language) throws {
        try Self.load(files: ["\(language).txt": PhraseFile.text(of: language)]) { outcome in
            #expect(Self.problems(outcome) == [])
            let configuration = try outcome.get().configuration
            let (read, shipped) = (
                configuration.rulebook.phrases.phrases(language), PhraseBook.shipped.phrases(language)
            )
            #expect(
                zip(read.all, shipped.all).allSatisfy { $0("1", "2", "3", "4", "5") == $1("1", "2", "3", "4", "5") })
        }
    }
}
