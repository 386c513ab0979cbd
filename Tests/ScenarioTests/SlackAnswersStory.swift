// What whoever presses in Slack is answered where only they see it, as it arrives there: compared whole with files, in each
// language. Each text that a press can be answered with has a file of its name.

import Foundation
import LeadCore
import LeadTestKit
import PeerKit
import Testing

@Suite("Answers to presses in Slack", .timeLimit(.minutes(5)))
struct SlackAnswersStory {
    private static let files = GoldenFiles()

    /// Refusals of what nobody can press, and of what is answered before the case is asked.
    private static let unpressed: Set<String> = [
        "refusal.settled", "refusal.unassigned", "refusal.no_manager", "refusal.no_rep", "refusal.no_more_time",
        "refusal.cant_be_undone", "refusal.no_owner", "refusal.stays", "refusal.same_rep", "refusal.begun",
        "refusal.nothing",
    ]

    /// All other answers and refusals.
    private static let answers = Phrases.english.all.filter { phrase in
        ["answer.", "refusal."].contains { phrase.name.hasPrefix($0) } && !unpressed.contains(phrase.name)
    }

    /// Dana and Lee are asked, Kim is a manager of other leads, Billy is no manager and has room for one
    /// lead, and Rob may have one and no more.
    private static func people(_ language: Language) -> [Person] {
        [
            Person(
                id: "dana", name: "Dana Whitfield", isManager: true, reach: [Sample.reach("bot", "U0DANA0001")],
                slackID: "U0DANA0001", language: language),
            Person(id: "lee", name: "Lee Park", isManager: true, reach: [Sample.reach("mail", "lee@example.com")]),
            Person(id: "kim", name: "Kim Hale", isManager: true, slackID: "U0KIM00001", language: language),
            Person(
                id: "billy", name: "Billy Moss", rep: Person.RepProfile(skills: ["fine-art"], capacity: 1),
                reach: [Sample.reach("mail", "billy@example.com")], slackID: "U0BILLY001", language: language),
            Person(
                id: "rob", name: "Rob Field", rep: Person.RepProfile(skills: ["fine-art"], hardCap: 1),
                reach: [Sample.reach("mail", "rob@example.com")]),
            Sample.people[3],
        ]
    }

    private static func rulebook(_ language: Language, _ channels: [ChannelSettings]) -> Rulebook {
        Sample.rulebook(people: people(language), channels: channels, phrases: PhraseBook(language: language))
    }

    /// One who presses, and what they have been answered.
    private final class Presses {
        let language: Language
        let house: House
        let slack: Workspace
        private(set) var answered: [String] = []

        init(in language: Language, _ house: House, _ slack: Workspace) {
            self.language = language
            self.house = house
            self.slack = slack
        }

        /// Lead `number` comes in; the message that asks Dana about it.
        func ask(about number: Int) async throws -> (id: CaseID, post: SlackPost) {
            let id = try await house.drop(lead: number)
            try await house.expect(.decide, to: "dana", by: "bot", about: id)
            return (id, try #require(try slack.posts().last))
        }

        /// Somebody presses, and is answered what the file of the text `name` has.
        @discardableResult
        func expect(
            _ name: String, _ action: String, _ value: String? = nil, in post: SlackPost,
            by user: String = "U0DANA0001", isPrompt: Bool = false
        ) async throws -> SlackPost {
            let status = try await slack.press(action, value, in: post, by: user, house, isPrompt: isPrompt)
            #expect(status == 200)
            let answer = try await slack.nextAnswer(house)
            let body = try #require(try slack.peer.requests().last { $0.path.hasPrefix("/response/") }).body
            try expect(name, answer.text.replacing("&amp;", with: "&"), body)
            return answer
        }

        /// Somebody submits a modal, in which one field is answered what the file of the text `name` has.
        func expect(
            _ name: String, beside field: String, of view: SlackView, _ choice: String, note: String? = nil
        ) async throws {
            let answer = try await slack.submit(view, choice, note: note, by: "U0DANA0001", house)
            let errors = try #require(try answer.errors)
            #expect(errors.keys.map(\.self) == [field])
            try expect(name, errors[field] ?? "", Array(answer.body))
        }

        /// Somebody submits a modal about lead `id`, which can't be read for as long as Slack waits; the modal shows what the
        /// file of the text `name` has.
        func expect(_ name: String, inPlaceOf view: SlackView, _ choice: String, whileSlow id: CaseID) async throws {
            let (house, slack) = (house, slack)
            let (store, now) = (try house.run.store, house.clock.now())
            store.setSlow(id)
            async let answer = slack.submit(view, choice, by: "U0DANA0001", house)
            try await house.waitFor("the modal to be waited for") {
                house.clock.earliestDeadline.map { $0 <= now + .seconds(2) } == true
            }
            house.clock.advance(by: .seconds(2))
            let shown = try await answer
            store.setSlow(nil)
            try expect(name, try #require(try shown.view).text, Array(shown.body))
        }

        private func expect(_ name: String, _ text: String, _ body: [UInt8]) throws {
            let file = "answers/\(language)/\(name).json"
            #expect(try SlackAnswersStory.files.matches(indented(body), file), "\(file)")
            let phrase = try #require(SlackAnswersStory.answers.first { $0.name == name }, "no text is called \(name)")
            #expect(Self.isMade(text, of: phrase.shipped(in: language)), "\(name): \(text)")
            answered.append(name)
        }

        /// A modal that Dana opens.
        func open(_ action: String, in post: SlackPost) async throws -> SlackView {
            try await slack.open(action, in: post, by: "U0DANA0001", house)
        }

        /// Nothing is answered to a press that needs no answer.
        func press(_ action: String, _ value: String? = nil, in post: SlackPost) async throws {
            #expect(try await slack.press(action, value, in: post, by: "U0DANA0001", house) == 200)
            try await house.settle()
        }

        /// Whether `text` begins with a template's words, in their order, with anything in the place of its fields.
        private static func isMade(_ text: String, of template: String) -> Bool {
            let pieces = template.replacing(/\{\{[^}]*\}\}/, with: "\u{1}").components(separatedBy: "\u{1}")
            guard text.hasPrefix(pieces[0]) else { return false }
            var rest = text.dropFirst(pieces[0].count)
            for piece in pieces.dropFirst() where !piece.isEmpty {
                guard let place = rest.firstRange(of: piece) else { return false }
                rest = rest[place.upperBound...]
            }
            return true
        }
    }

    private func tell(
        in language: Language, isBrief: Bool = false, _ story: (Presses) async throws -> Void
    ) async throws -> [String] {
        var answered: [String] = []
        try await Workspace.tell(
            isBrief: isBrief, rulebook: { Self.rulebook(language, $0) },
            { house, slack in
                let presses = Presses(in: language, house, slack)
                try await story(presses)
                #expect(try slack.peer.slackRefusals().allSatisfy { $0 == "views.open expired_trigger_id" })
                house.journal.readAll()
                answered = presses.answered
            })
        return answered
    }

    @Test("each answer is the file's, and none is without a file", arguments: Language.shipped)
    func golden(_ language: Language) async throws {
        var answered = try await tell(in: language) { presses in
            try await whoMayNot(presses)
            try await warned(presses)
            try await othersDecide(presses)
            try await whatIsGone(presses)
            try await late(presses)
        }
        answered += try await tell(in: language, isBrief: true) { try await brief($0) }
        #expect(answered.sorted() == Self.answers.map(\.name).sorted())
        let folder = Self.files.folder.appendingPathComponent("answers/\(language)").path
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(files.sorted() == answered.map { "\($0).json" }.sorted())
    }

    /// Who is nobody here, may not choose or wasn't asked; and who comes late, or with an old message.
    private func whoMayNot(_ presses: Presses) async throws {
        let house = presses.house
        let (ada, post) = try await presses.ask(about: 1)
        try await presses.expect("answer.stranger", "claim", in: post, by: "U0STRANGER")
        try await presses.expect("answer.no_manager", "claim", in: post, by: "U0BILLY001")
        try await presses.expect("answer.not_asked", "claim", in: post, by: "U0KIM00001")
        #expect(try await house.story(of: ada) == ["opened", "notified dana"])

        try await house.decide(.assign(rep: "jane", by: "lee", note: nil), on: ada)
        try await house.settle()
        try await presses.expect("refusal.faster", "assign", "billy", in: post)
        try await house.decide(.undo(by: "lee"), on: ada)
        try await house.settle()
        try await presses.expect("answer.older_round", "assign", "billy", in: post)
        #expect(try await house.file(ada).subject.state == .waiting)
        try await house.decide(.assign(rep: "billy", by: "dana", note: nil), on: ada)
    }

    /// A warning is confirmed.
    private func warned(_ presses: Presses) async throws {
        let (bob, post) = try await presses.ask(about: 2)
        let question = try await presses.expect("refusal.unconfirmed", "assign", "billy", in: post)
        #expect(try await presses.house.file(bob).subject.assignment == nil)
        try await presses.expect("answer.given", "confirm", in: question, isPrompt: true)
        #expect(try await presses.house.file(bob).subject.assignment?.rep == "billy")
    }

    /// Somebody else decides, was asked already, or has closed the lead.
    private func othersDecide(_ presses: Presses) async throws {
        let house = presses.house
        let (cleo, post) = try await presses.ask(about: 3)
        try await house.decide(.claim(by: "lee"), on: cleo)
        try await presses.expect("refusal.claimed", "claim", in: post)
        try await house.decide(.release(by: "lee"), on: cleo)

        try await presses.press("claim", in: post)
        try await house.waitFor("the claim to be seen") {
            try presses.slack.posts().last?.elements.contains { $0.actionID == "release" } == true
        }
        let claimed = try #require(try presses.slack.posts().last)
        try await house.decide(.release(by: "dana"), on: cleo)
        try await house.decide(.claim(by: "lee"), on: cleo)
        try await presses.expect("refusal.unclaimed", "release", in: claimed)
        try await house.decide(.release(by: "lee"), on: cleo)

        let form = try await presses.open("pass", in: post)
        // Of as many characters as Slack lets one write, which are more by the count of browsers.
        let note = String(repeating: "😀", count: 1_001)
        try await presses.expect("answer.note_too_long", beside: "note", of: form, "lee", note: note)
        #expect(try await presses.slack.submit(form, "lee", by: "U0DANA0001", house).isClosed)
        try await presses.press("claim", in: post)
        try await presses.expect("refusal.cant_be_asked", beside: "choice", of: form, "lee")
        try await house.decide(.release(by: "dana"), on: cleo)
        try await presses.slack.script("method=views.open&error=expired_trigger_id")
        try await presses.expect("answer.no_form", "pass", in: post)

        try await house.decide(.reject(reason: .spam, by: "lee", note: nil), on: cleo)
        try await presses.expect("refusal.closed", "claim", in: post)
        #expect(try await house.file(cleo).subject.assignment == nil)
    }

    /// A rep who may have no more, a lead or a rep that is gone, a store that fails, a choice that comes too late.
    private func whatIsGone(_ presses: Presses) async throws {
        let house = presses.house
        let (dora, post) = try await presses.ask(about: 4)
        let (emil, _) = try await presses.ask(about: 5)
        try await house.decide(.assign(rep: "rob", by: "dana", note: nil), on: emil)
        try await presses.expect("refusal.excluded", "assign", "rob", in: post)

        var other = post
        let gone = String(decoding: post.blocks, as: UTF8.self).replacing(dora.text, with: "7zq4m0c2d9xk1b5r")
        other.blocks = Data(gone.utf8)
        try await presses.expect("answer.no_lead", "claim", in: other)

        try house.run.store.setOutage(StoreTroubleStory.outage)
        try await presses.expect("answer.not_recorded", "claim", in: post)
        try house.run.store.setOutage(nil)
        try await house.pass(.seconds(30))
        #expect(try await house.file(dora).subject.state == .waiting)

        let rules = house.rulebook.now
        let people = Self.people(presses.language).filter { $0.id != "rob" }
        try house.reload(
            Sample.rulebook(
                people: people, channels: Array(rules.channels.values), phrases: PhraseBook(language: presses.language))
        )
        try await presses.expect("answer.no_rep", "assign", "rob", in: post)

        try await house.pass(.seconds(3600))
        #expect(try await house.file(dora).subject.assignment?.rep == "jane")
        try await presses.expect("refusal.too_late", "claim", in: post)
    }

    /// What takes longer than Slack waits is done all the same.
    private func late(_ presses: Presses) async throws {
        let (flo, post) = try await presses.ask(about: 6)
        let form = try await presses.open("reject", in: post)
        try await presses.expect("answer.slow", inPlaceOf: form, "spam", whileSlow: flo)
        try await presses.house.waitFor(flo, "the lead to be rejected") { file in
            if case .closed = file.subject.state { true } else { false }
        }
        try await presses.house.settle()
    }

    /// Where messages are brief, so are the answers: what speaks against a rep says something of the lead.
    private func brief(_ presses: Presses) async throws {
        let house = presses.house
        let (ada, _) = try await presses.ask(about: 1)
        let (bob, _) = try await presses.ask(about: 2)
        let (_, post) = try await presses.ask(about: 3)
        try await house.decide(.assign(rep: "billy", by: "dana", note: nil), on: ada)
        try await house.decide(.assign(rep: "rob", by: "dana", note: nil), on: bob)
        let warned = try await presses.expect("answer.warned", "assign", "billy", in: post)
        let excluded = try await presses.expect("answer.excluded", "assign", "rob", in: post)
        for answer in [warned, excluded] { #expect(answer.text.contains("https://leads.example.com/l/")) }
        #expect(try warned.elements.map(\.actionID) == ["confirm"] && excluded.elements.isEmpty)
    }
}
