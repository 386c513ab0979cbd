// The texts of messages: that all shipped ones are sound in both languages, whose texts a message has, and German as it
// reads.

import Foundation
import LeadTestKit
import Testing

@testable import LeadCore

@Suite("Phrases") struct PhrasesTests {
    private let german = PhraseBook.shipped.phrases(.german)

    @Test("every shipped text is a template with its required fields, and holds the same fields in both languages")
    func shipped() throws {
        let all = Phrases.english.all
        #expect(all.count > 150)
        #expect(Set(all.map(\.name)).count == all.count)
        for phrase in all {
            for text in [phrase.english, phrase.german] {
                let template = try phrase.template(of: text)
                #expect(phrase.missing(in: template) == [], "\(phrase.name)")
                #expect(!text.isEmpty && text.count <= 160, "\(phrase.name)")
                let unused = phrase.fields.indices.filter { !template.mentions($0) }
                #expect(unused.isEmpty, "\(phrase.name) declares fields that it doesn't use: \(text)")
                if let limit = phrase.limit { #expect(text.utf16.count <= limit, "\(phrase.name)") }
                if let count = phrase.wordCount { #expect(text.split(separator: " ").count == count) }
            }
        }
    }

    @Test("a text's name has lower-case words and dots, and no field has two meanings")
    func names() {
        for phrase in Phrases.english.all {
            #expect(phrase.name.allSatisfy { $0.isLowercase || $0.isNumber || "._".contains($0) }, "\(phrase.name)")
            #expect(phrase.fields.count <= 5)
        }
        let fields = Set(Phrases.english.all.flatMap(\.fields))
        #expect(Set(fields.map(\.name)).count == fields.count)
    }

    @Test("every sentence may be left out")
    func sentences() throws {
        let sentences = Phrases.english.all.filter { $0.name.hasPrefix("sentence.") }
        #expect(sentences.count > 15 && sentences.allSatisfy(\.mayBeEmpty))
        let silent = Inquiry(
            key: IntakeKey(text: "id:web:2"), lead: Lead(given: [:]),
            resemblance: Resemblance(score: 92, reasons: ["the same e-mail address"]))
        #expect(silent.sentence(in: .english).hasSuffix("They write: They left no words."))
        let phrases = Phrases.make(.english, ["sentence.inquiry.silent": try Template("")])
        #expect(silent.sentence(in: phrases) == "")
    }

    @Test("lists, numbers, lengths of time and days read as each language has them")
    func units() throws {
        let money = try #require(Money(amount: "1250000.50", currency: "EUR"))
        let time = CivilTime(Sample.start)
        let english = Phrases.english
        #expect(english.words(money) == "1,250,000.5 EUR")
        #expect(german.words(money) == "1.250.000,5 EUR")
        #expect(english.words(2.5) == "2.5")
        #expect(german.words(2.5) == "2,5")
        #expect(german.words(.seconds(5_400)) == "1 Std. 30 Min.")
        #expect(german.words(.seconds(90)) == "1 Min. 30 Sek.")
        #expect(german.words(.seconds(30 * 86_400)) == "30 Tage")
        #expect(german.words(.seconds(30 * 86_400), behind: true) == "30 Tagen")
        #expect(english.words(time) == "Mon 23 Nov 15:00")
        #expect(german.words(time) == "Mo., 23. Nov., 15:00 Uhr")
        #expect(german.listed(["a", "b", "c"]) == "a, b und c")
        #expect(german.listed(["a", "b", "c", "d", "e"]) == "a, b, c und 2 weitere")
        #expect(german.any(of: ["a", "b", "c"]) == "a oder b oder c")
    }

    @Test("the person's language goes before the channel's, and that before the site's")
    func precedence() {
        func language(_ person: Language?, _ channel: Language?, _ site: Language) -> Language {
            let book = Sample.rulebook(
                people: [Person(id: "dana", name: "Dana", language: person)],
                channels: [
                    ChannelSettings(
                        id: "teams", kind: "teams", isShared: false, isMail: false, concurrency: 1, language: channel)
                ], phrases: PhraseBook(language: site))
            return book.phrases(for: "dana", on: "teams").language
        }
        #expect(language(nil, nil, .english) == .english)
        #expect(language(nil, nil, .german) == .german)
        #expect(language(nil, .german, .english) == .german)
        #expect(language(.english, .german, .german) == .english)
    }

    @Test("an administrator's text stands in for the shipped one; a channel's goes before all channels'")
    func overriding() throws {
        func template(_ text: String) throws -> Template {
            try Template(text, fields: Phrases.english.headlines.decide.fields)
        }
        let book = PhraseBook(templates: [
            .german: [
                nil: ["headline.decide": try template("Alle: {{title}}")],
                "teams": ["headline.decide": try template("Teams: {{title}}")],
            ]
        ])
        #expect(book.phrases(.german, on: "teams").headlines.decide("x") == "Teams: x")
        #expect(book.phrases(.german, on: "mail").headlines.decide("x") == "Alle: x")
        #expect(book.phrases(.german, on: "teams").headlines.remind("x") == "Erinnerung, noch nicht entschieden: x")
        #expect(book.phrases(.english, on: "teams") == .english)
        #expect(book != .shipped)
        #expect(PhraseBook() == .shipped)
    }

    @Test("a language that isn't shipped falls back to English, text by text")
    func furtherLanguage() throws {
        let french = try #require(Language("fr"))
        let book = PhraseBook(templates: [
            french: [nil: ["fact.firm": try Template("Société")]]
        ])
        #expect(book.known.map(\.code) == ["de", "en", "fr"])
        #expect(book.phrases(french).facts.firm() == "Société")
        #expect(book.phrases(french).facts.who() == "Who")
        #expect(Language("Deutsch") == nil && Language("d") == nil && Language("DE") == nil)
    }

    @Test("every reason for which inquiries count as one person's is known in German")
    func resemblances() throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appending(path: "LabelledSamples/alike.tsv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { $0.first != "#" }
        let known = Set(Phrases.english.reasons.resemblances.map(\.english))
        var met: Set<String> = []
        for line in lines {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let names: [FieldName] = [.name, .email, .phone, .company]
            let (left, right) = (
                Likeness(Lead(given: Dictionary(uniqueKeysWithValues: zip(names, fields[2..<6])))),
                Likeness(Lead(given: Dictionary(uniqueKeysWithValues: zip(names, fields[6..<10]))))
            )
            met.formUnion(left.resemblance(to: right, agencies: ["agency.example"])?.reasons ?? [])
        }
        #expect(known.count == Resemblance.Reason.allCases.count)
        #expect(met.count >= 8)
        #expect(met.subtracting(known) == [])
    }
}

@Suite("German messages") struct GermanBriefingTests {
    private static let people = Sample.people.map { person in
        Person(
            id: person.id, name: person.name, isManager: person.isManager, rep: person.rep, reach: person.reach,
            language: .german)
    }
    private static let book = Sample.rulebook(people: people)

    private func briefing(_ tracked: TrackedCase, to person: PersonID, _ kind: MessageKind) throws -> Briefing {
        let delivery = try #require(tracked.last.deliveries.first { $0.person == person && $0.kind == kind })
        let book = tracked.rulebook
        return BriefingWriter(rulebook: book, keys: Sample.keys) { lead, reader, limit, phrases in
            book.ranking(for: lead, at: Sample.start, reader: reader, limit: limit, phrases: phrases) { _ in Workload()
            }
        }.briefing(of: delivery, about: tracked.current)
    }

    @Test("the question, with reason, deadline and reps")
    func decide() throws {
        let text = try briefing(TrackedCase(rulebook: Self.book), to: "dana", .decide)
        #expect(text.headline == "Neuer Lead: fine-art für Acme Arts")
        #expect(
            text.sentences == [
                "Sie entscheiden über diesen Lead. Grund: Projektart ist fine-art.",
                "Bitte entscheiden Sie bis Mo., 23. Nov., 16:00 Uhr (UTC); danach geht der Lead an Jane Ortiz.",
            ])
        #expect(text.facts.map(\.label).prefix(3) == ["Wer", "Anliegen", "Firma"])
        #expect(text.facts[3].text == "unbekannt")
        #expect(text.linkLabel == "Lead zuteilen")
        #expect(!text.suggestions.isEmpty)
        #expect(text.suggestions.allSatisfy { $0.reason.contains("Leads") || $0.reason.contains("Dienst") })
    }

    @Test("the outcome, the handover and the way back")
    func outcome() throws {
        var tracked = TrackedCase(rulebook: Self.book)
        try tracked.decide(.assign(rep: "jane", by: "dana", note: "Vorsicht, Löwen"), at: LeadCase.minute(5))
        let news = try briefing(tracked, to: "jane", .assigned)
        #expect(news.headline == "Ihr Lead: fine-art für Acme Arts")
        #expect(
            news.sentences == [
                "Sie haben den Lead seit Mo., 23. Nov., 15:05 Uhr (UTC), zugeteilt von Dana Whitfield.",
                "Notiz: Vorsicht, Löwen",
            ])
        try tracked.decide(.undo(by: "dana"), at: LeadCase.minute(6))
        #expect(
            try briefing(tracked, to: "jane", .withdrawn).sentences[0]
                == "Die Entscheidung wurde zurückgenommen; derzeit hat niemand den Lead.")
    }

    @Test("what a colleague passes on, and what goes wrong, is told in the reader's language")
    func remarks() throws {
        var tracked = TrackedCase(rulebook: Self.book)
        try tracked.decide(.pass(to: "lee", by: "dana", comment: nil), at: LeadCase.minute(1))
        #expect(
            try briefing(tracked, to: "lee", .decide).sentences[0]
                == "Dana Whitfield gibt die Entscheidung an Sie weiter.")
        let lost = try #require(tracked.deliveries.first)
        try tracked.decide(
            .deliveryFailed(lost, reason: "HTTP 410 from the webhook", isNews: true), at: LeadCase.minute(2))
        #expect(
            try briefing(tracked, to: "lee", .alarm).sentences[0]
                == "Dana Whitfield wurde über \(lost.channel) nicht erreicht: HTTP 410 from the webhook")
    }

    @Test("a reason that ends with a full stop is followed by no other")
    func stops() throws {
        let tracked = TrackedCase(rulebook: Self.book)
        let writer = BriefingWriter(rulebook: Self.book, keys: Sample.keys)
        let phrases = PhraseBook.shipped.phrases(.german)
        let away = Refusal.excluded("billy", "abwesend bis Mo., 30. Nov.")
        #expect(
            writer.words(away, about: tracked.current, for: "dana", in: phrases)
                == "Billy Moss kann diesen Lead nicht erhalten: abwesend bis Mo., 30. Nov. Bitte wählen Sie jemand anderen."
        )
        #expect(
            Refusal.excluded("billy", "no skill Acme Inc.").sentence(by: Self.book)
                == "Billy Moss can't have this lead: no skill Acme Inc.")
    }

    @Test("a reason that the rules no longer give is told as the case keeps it")
    func formerReason() throws {
        let tracked = TrackedCase(rulebook: Self.book)
        let delivery = try #require(tracked.last.deliveries.first)
        let other = Sample.rulebook(
            people: Self.people, routes: [Route(managers: ["lee"], policy: "standard")])
        let text = BriefingWriter(rulebook: other, keys: Sample.keys).briefing(of: delivery, about: tracked.current)
        #expect(text.sentences[0].contains("Grund: project type is fine-art."))
    }

    @Test("a brief message has nothing of the person in any language", arguments: [Language.english, .german])
    func brief(_ language: Language) throws {
        let channel = ChannelSettings(id: "mail", kind: "smtp", isShared: true, isMail: true, concurrency: 1)
        let samples = SampleMessages(.plain, over: channel, in: language, phrases: .shipped)
        for scene in SampleScene.allCases where scene != .test {
            let full = try #require(samples.briefing(scene))
            let text = "\(full.brief)"
            for secret in ["María", "López", "Curator", "maria@", "312 555", "marble", "lions", "00Q5e", "fine-art"] {
                #expect(!text.contains(secret), "\(scene) \(secret)")
            }
            #expect(full.brief.headline.contains("Acme Arts & Sons") || scene == .digest)
            #expect(full.brief.link == full.link)
        }
    }
}
