// A briefing's words, cleaned and cut to the measure of a channel: what the renderers lay out. They still escape it
// as their format wants; nothing here knows a format. Pure; it can't fail.

import LeadCore

/// How much of each part a channel shows, in characters and numbers.
struct WordingLimits: Sendable {
    let headline: Int
    let label: Int
    let fact: Int
    let facts: Int
    let description: Int
    let descriptionLines: Int
    let sentence: Int
    let sentences: Int
    /// Lines of a list: reps, or the leads of a digest.
    let lines: Int

    /// Read on a phone between two meetings; the whole text is behind the link.
    static let chat = WordingLimits(
        headline: 150, label: 30, fact: 200, facts: 16, description: 700, descriptionLines: 12, sentence: 400,
        sentences: 14, lines: 35)
    /// Also read later, and by people without the chat.
    static let mail = WordingLimits(
        headline: 200, label: 30, fact: 400, facts: 40, description: 4_000, descriptionLines: 80, sentence: 800,
        sentences: 20, lines: .max)
}

/// What a message says, ready to be laid out.
struct Wording: Sendable {
    /// A fact's label and text.
    struct Line: Sendable {
        let label: String
        var text: String
        let isKnown: Bool
    }

    /// A rep whom the message proposes.
    struct Rep: Sendable {
        var name: String
        var reason: String
        let link: WebLink
    }

    /// An account that the message mentions, and what it is called.
    struct Mention: Sendable {
        let account: String
        let name: String
    }

    let kind: MessageKind
    /// The reader, where the message is to notify them.
    let mention: Mention?
    /// "Decision · Example Stoneworks": what sort of message this is, and whose.
    var heading: String
    var headline: String
    var facts: [Line]
    /// Lines, parted by line feeds; nil when there are none.
    var description: String?
    var sentences: [String]
    var reps: [Rep]
    let link: WebLink?
    let linkLabel: String
    let record: WebLink?
    /// The reader's own page; asked for by mail, so only mails show it.
    let ownPage: WebLink?

    /// The texts that the message is made of.
    private let phrases: Phrases
    private let sentenceLimit: Int
    /// How many lines of it aren't shown.
    private var unshown = 0
    /// Whether the last sentence says so.
    private var isCounted = false

    /// The message's language, by its code.
    var language: String { phrases.language.code }

    /// Stands before the description, so that a lead's words can't pass for ours.
    var descriptionLabel: String { label(phrases.labels.description) }

    /// Stands before the reps whom the message proposes.
    var repsLabel: String { label(phrases.labels.reps) }

    /// What stands before the reps, or before the leads of a digest.
    var listLabel: String { kind == .digest ? label(phrases.labels.leads) : repsLabel }

    /// What the link to the CRM is called.
    var recordLabel: String { label(phrases.labels.record) }

    /// What the link to the reader's own page is called.
    var ownPageLabel: String { label(phrases.labels.ownPage) }

    /// What stands in the place of a value that nobody knows.
    var unknown: String { label(phrases.facts.unknown) }

    /// What a program shows that is too old for the message.
    var newerClient: String { CleanText.line(phrases.labels.newerClient(), atMost: 200) }

    /// Labels are also the texts of buttons.
    static let longestLabel = 60

    /// Names of reps, and lines of digests.
    static let longestName = 80

    private func label(_ phrase: Phrase) -> String { CleanText.line(phrase(), atMost: Self.longestLabel) }

    /// The words of `briefing` within `limits`.
    init(_ briefing: Briefing, within limits: WordingLimits) {
        kind = briefing.kind
        sentenceLimit = limits.sentence
        mention = briefing.mention.map { Mention($0, of: briefing.reader) }
        phrases = briefing.phrases
        let heading = phrases.headings.of(briefing.kind)
        let unknown = phrases.facts.unknown
        self.heading = CleanText.line(heading, atMost: 60) + " · " + CleanText.line(briefing.site, atMost: 80)
        headline = CleanText.line(briefing.headline, atMost: limits.headline)
        if headline.isEmpty { headline = heading }
        facts = briefing.facts.prefix(limits.facts).map { Line($0, within: limits, unknown) }
        let lines = CleanText.lines(
            briefing.description ?? "", atMost: limits.description, lines: limits.descriptionLines)
        description = lines.isEmpty ? nil : lines.joined(separator: "\n")
        sentences = briefing.sentences.prefix(limits.sentences)
            .map { CleanText.line($0, atMost: limits.sentence) }.filter { !$0.isEmpty }
        let list = briefing.suggestions.compactMap { suggestion in
            WebLink(suggestion.link).map { link in
                Rep(
                    name: CleanText.line(suggestion.name, atMost: Self.longestName),
                    reason: CleanText.line(suggestion.reason, atMost: limits.fact), link: link)
            }
        }.filter { !$0.name.isEmpty }
        reps = list.count > limits.lines ? Array(list[..<limits.lines]) : list
        link = briefing.link.flatMap(WebLink.init)
        linkLabel = CleanText.line(briefing.linkLabel, atMost: Self.longestLabel)
        record = briefing.recordURL.flatMap(WebLink.init)
        ownPage = briefing.ownPage.flatMap(WebLink.init)
        // A proposal may be left out; a lead of a digest is somebody who waits.
        let leads = kind == .digest ? briefing.suggestions.count - reps.count : 0
        leaveOut(
            max(0, briefing.facts.count - limits.facts) + max(0, briefing.sentences.count - limits.sentences) + leads)
    }

    /// So many more lines aren't shown, which the last sentence says.
    private mutating func leaveOut(_ count: Int) {
        guard count > 0 else { return }
        if isCounted { sentences.removeLast() }
        unshown += count
        let note = CleanText.line(phrases.labels.more("\(unshown)"), atMost: sentenceLimit)
        isCounted = !note.isEmpty
        if isCounted { sentences.append(note) }
    }

    /// Takes the last lead of a digest out, and counts it; false when there is none left.
    private mutating func dropLine() -> Bool {
        guard reps.popLast() != nil else { return false }
        leaveOut(1)
        return true
    }

    /// The description's lines that aren't empty.
    var descriptionLines: [String] { spacedDescriptionLines.filter { !$0.isEmpty }.map(String.init) }

    /// The same with the empty ones, which part paragraphs.
    var spacedDescriptionLines: [Substring] {
        guard let description else { return [] }
        return description.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map(Substring.init)
    }

    /// The message that `layOut` makes of it, with the longest texts cut until it has fewer than `limit` bytes. Of a digest
    /// whose lines don't fit even so the last ones are left out and counted.
    func laidOut(under limit: Int, _ layOut: (Wording) -> [UInt8]) -> [UInt8] {
        var wording = self
        var bytes = layOut(wording)
        while bytes.count >= limit, wording.cutLongest() { bytes = layOut(wording) }
        return bytes
    }

    /// How short a text becomes before others are let go for it, in bytes. Each lead of a digest keeps its line for longer.
    private var shortest: Int { kind == .digest ? 20 : 40 }

    /// Takes a quarter off the longest text, and once all are short lets the proposed reps go, or the last lead of a digest;
    /// false when there is nothing left to shorten. Links are never cut.
    mutating func cutLongest() -> Bool {
        var path: WritableKeyPath<Wording, String> = \.headline
        var size = headline.utf8.count
        let others: [WritableKeyPath<Wording, String>] =
            facts.indices.map { \.facts[$0].text }
            + sentences.indices.dropLast(isCounted ? 1 : 0).map { \.sentences[$0] }
            + reps.indices.flatMap { [\.reps[$0].reason, \.reps[$0].name] }
        for other in others where self[keyPath: other].utf8.count > size {
            path = other
            size = self[keyPath: other].utf8.count
        }
        if let text = description, text.utf8.count > size {
            description = CleanText.cut(text, to: text.utf8.count * 3 / 4) { $0.utf8.count }
            return true
        }
        guard size > shortest else {
            guard kind != .digest else { return dropLine() }
            defer { reps = [] }
            return !reps.isEmpty
        }
        self[keyPath: path] = CleanText.cut(self[keyPath: path], to: size * 3 / 4) { $0.utf8.count }
        return true
    }
}

extension Wording.Mention {
    /// A name stands where Markdown is read, so it has letters, figures and spaces, and what names have between them.
    fileprivate init(_ account: String, of reader: String) {
        let letters = reader.filter { $0.isLetter || $0.isNumber || " .'’-".contains($0) }
        let name = CleanText.line(letters, atMost: Wording.longestName)
        self.init(account: account, name: name.contains(where: \.isLetter) ? name : account)
    }
}

extension Wording.Line {
    /// A fact's line; what holds nothing that can be shown counts as unknown.
    fileprivate init(_ fact: Fact, within limits: WordingLimits, _ unknown: Phrase) {
        let text = CleanText.line(fact.text, atMost: limits.fact)
        let label = CleanText.line(fact.label, atMost: limits.label)
        self.label = label.isEmpty ? "–" : label
        self.text = text.isEmpty ? unknown() : text
        isKnown = fact.isKnown && !text.isEmpty
    }
}

/// What a message wants of its reader; renderers choose a colour by it.
enum Tone: Sendable {
    case asking, pressing, giving, telling, alarming
}

extension MessageKind {
    /// What the message wants of its reader.
    var tone: Tone {
        switch self {
        case .decide, .digest: .asking
        case .remind, .warn, .escalate, .reopened: .pressing
        case .assigned: .giving
        case .withdrawn, .settled, .update, .inquiry, .freshLink, .event, .test: .telling
        case .alarm: .alarming
        }
    }
}
