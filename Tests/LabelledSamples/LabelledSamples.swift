// Samples of hard cases with the right answers, kept in files beside this one, and how well leadbell does on them. Used by
// the tests, which hold a floor under each figure, and by `make bench`, which prints them.

public import Foundation
public import LeadCore
import LeadEnrichment

/// How many cases of a sample came out how.
public struct SampleScore: Sendable, Codable {
    /// What was there and was found as it is.
    public var right = 0
    /// What was said and is not so.
    public var wrong = 0
    /// What was there and was not found as it is.
    public var missed = 0
    /// Where nothing was, and nothing was said.
    public var apart = 0
    /// What went wrong, a line each.
    public var mistakes: [String] = []
    /// How many cases there are.
    public var cases = 0

    /// How much of what is said is so, 0 to 1.
    public var precision: Double { Double(right) / Double(max(1, right + wrong)) }
    /// How much of what is there is found, 0 to 1.
    public var recall: Double { Double(right) / Double(max(1, right + missed)) }

    mutating func count<Value: Equatable>(_ answer: Value?, for truth: Value?, _ line: Substring) {
        cases += 1
        switch (truth, answer) {
        case (nil, nil): apart += 1
        case (let truth?, let answer?) where truth == answer: right += 1
        case (nil, _?): wrong += 1
        case (_?, nil): missed += 1
        case (_?, _?):
            wrong += 1
            missed += 1
        }
        if truth != answer { mistakes.append("\(answer.map { "\($0)" } ?? "nothing"): \(line)") }
    }
}

/// The samples.
public struct LabelledSamples: Sendable {
    private let folder: URL

    /// The samples in `folder`; those beside this source unless told.
    public init(folder: URL = URL(filePath: #filePath).deletingLastPathComponent()) { self.folder = folder }

    /// Pairs of leads: whether they are taken for the same person's or firm's.
    public func alike(_ settings: DuplicateSettings = DuplicateSettings(agencies: ["agency.example"])) throws
        -> SampleScore
    {
        var score = SampleScore()
        for (line, fields) in try lines("alike.tsv", fields: 10) {
            let (left, right) = (Self.likeness(fields[2..<6]), Self.likeness(fields[6..<10]))
            // Only leads that have a key in common are ever compared.
            let meet = !Set(left.keys).isDisjoint(with: right.keys)
            let found = meet ? left.resemblance(to: right, agencies: settings.agencies)?.score ?? 0 : 0
            score.count(found >= settings.threshold ? "same" : nil, for: fields[0] == "same" ? "same" : nil, line)
        }
        return score
    }

    /// Phone numbers as people write them: what they are by E.164.
    public func phones() async throws -> SampleScore {
        let phones = try Self.enricher("phones", [:])
        var score = SampleScore()
        for (line, fields) in try lines("phones.tsv", fields: 4) {
            let lead = Lead(given: [.phone: fields[2], .countryCode: fields[3]].filter { !$0.value.isEmpty })
            let found = await phones.enrich(lead).findings.first { $0.field == .phoneE164 }
            score.count(found?.text, for: fields[0] == "-" ? nil : fields[0], line)
        }
        return score
    }

    /// What people write: of which industry they are, by a list of words as a firm would have it.
    public func industries() async throws -> SampleScore {
        let keywords = try Self.enricher(
            "keywords",
            ["field": .text("industry"), "words": .wordLists(Self.words), "threshold": .integer(1)])
        var score = SampleScore()
        for (line, fields) in try lines("industries.tsv", fields: 4) {
            let text = fields[2].replacing("\\n", with: "\n")
            let lead = Lead(given: [.description: text, .company: fields[3]].filter { !$0.value.isEmpty })
            let found = await keywords.enrich(lead).findings.first?.text
            score.count(found, for: fields[0] == "-" ? nil : fields[0], line)
        }
        return score
    }

    private func lines(_ name: String, fields count: Int) throws -> [(line: Substring, fields: [String])] {
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        return try text.split(separator: "\n").filter { $0.first != "#" }.map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == count else { throw CocoaError(.fileReadCorruptFile) }
            return (line, fields)
        }
    }

    private static func likeness(_ fields: ArraySlice<String>) -> Likeness {
        let names: [FieldName] = [.name, .email, .phone, .company]
        return Likeness(Lead(given: Dictionary(uniqueKeysWithValues: zip(names, fields))))
    }

    private static func enricher(_ kind: String, _ options: [String: OptionValue]) throws -> any Enricher {
        guard let found = EnricherKind.all.first(where: { $0.name == kind }) else {
            throw CocoaError(.featureUnsupported)
        }
        return try found.make(kind, OptionValues(options), nil)
    }

    private static let words = [
        list(
            "museums",
            "*museum*:3 museums:3 musee:3 gallery:2 galleries:2 galerie:2 sculpt*:1 skulptur*:1 exhibition:1 ausstellung*:1"
                + " exposition:1 curator:2 plinth*:1 sockel:1"),
        list(
            "hotels",
            "*hotel*:3 lobby:1 guests:1 restaurant*:3 gastronomi*:3 bar:1 spa:1 cafe:2 pub:2 pubs:2 canteen:2 inn:1"
                + " breakfast:1 hotel_where:-3"),
        list(
            "construction",
            "contractor*:3 *contractor:1 architect:2 architects:3 *architekt*:3 architecte:2 facade*:2 *fassade*:2 tender:1"
                + " cladding:2 bauuntern*:3 site_manager:2 builder:2 developer:2 engineers:1 tender_regards:-1"),
        list(
            "homes",
            "kitchen:1 *kuche*:2 cuisine:2 worktop*:1 our_house:2 my_house:3 the_house:1 bathroom*:1 badezimmer:2"
                + " fireplace:2 garden:1 terrace:1 our_flat:2 a_flat:2 family_home:2 staircase:1"),
        list(
            "health",
            "clinic*:3 *klinik*:3 hospital*:3 krankenhaus*:3 dentist*:2 *zahnarzt*:3 dental:2 surgery:1 physiotherap*:2"
                + " clinique:3 pharmacy:2 nursing_home:3 doctors:2"),
    ]

    /// Words with their weights; `_` stands for a space.
    private static func list(_ label: String, _ words: String) -> WordList {
        WordList(
            label,
            words.split(separator: " ").map { word in
                let parts = word.split(separator: ":")
                return WordList.Word(
                    String(parts[0]).replacing("_", with: " "), weight: parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
            })
    }
}
