// How well leads are read and find each other, and how fast. Goes through the labelled samples, then looks for leads among
// as many known ones as it is told, in a real store in a folder of its own: they are written as cases by the store's own
// code, in large transactions, and found by the index that a daemon makes when it is first told to look for anybody. Prints
// the figures as JSON, and how far it is to standard error.
// Used by rows.py: MatchingBench FOLDER KNOWN LOOKUPS.

import Foundation
import LabelledSamples
import LeadCore
import LeadStorage

@main
private enum MatchingBench {
    private static let first = ["Ada", "Carl", "Maria", "Jürgen", "Siobhan", "Thomas", "Elif", "Zoë", "João", "Anna"]
    private static let last = [
        "Byron", "Gauss", "López", "Müller", "O'Neill", "Berg", "Kaya", "Smith", "Costa", "Weber",
    ]
    private static let trades = ["Stone", "Arts", "Bau", "Design", "Marmor", "Interiors", "Gallery", "Facades"]

    private static func lead(_ number: Int) -> Lead {
        let (given, family) = (first[number % 10], last[number / 10 % 10])
        return Lead(given: [
            .id: "m-\(number)", .source: "bench", .name: "\(given) \(family)\(number % 977)",
            .email: "\(given).\(number)@firm\(number / 3).example".lowercased(),
            .phone: "+1312\(String(5_000_000 + number % 4_000_000))",
            .company: "\(trades[number % 8]) \(family) \(number / 3)",
        ])
    }

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let known = Int(arguments[2]), let lookups = Int(arguments[3]) else {
            throw CocoaError(.featureUnsupported)
        }
        let samples = LabelledSamples()
        let scores = Scores(
            alike: try samples.alike(), phones: try await samples.phones(), industries: try await samples.industries())
        let clock = ContinuousClock()
        let store = try SQLiteCaseStore(path: arguments[1] + "/matching.sqlite")
        let now = Timestamp(milliseconds: 1_795_446_000_000)
        let filling = try await clock.measure { try await fill(store, known, at: now) }
        let indexing = try await clock.measure { try await store.findAlike() }
        say(
            "\(known) known leads: written in \(filling.milliseconds / 1000) s, indexed in \(indexing.milliseconds / 1000) s"
        )
        let settings = DuplicateSettings()
        var nanoseconds: [Int64] = []
        var found = 0
        for number in 0..<lookups {
            // Every other one is known: the same address, or name and firm alone.
            var fields: [FieldName: String] = [:]
            let other = lead(number * 7919 % known)
            switch number % 4 {
            case 0: fields = [.email: other[.email] ?? "", .name: other[.name] ?? ""]
            case 1: fields = [.name: (other[.name] ?? "").uppercased(), .company: (other[.company] ?? "") + " GmbH"]
            case 2:
                fields = [
                    .email: "new.\(number)@nobody.example", .name: other[.name] ?? "", .company: "Nobody \(number)",
                ]
            default: fields = [.phone: other[.phone] ?? "", .name: "Somebody Else", .company: "Elsewhere"]
            }
            let time = try await clock.measure {
                let own = Likeness(Lead(given: fields))
                let alike = try await store.known(alike: [own.keys], limit: 16)
                if settings.verdict(on: own, among: alike[0], at: now) != .new { found += 1 }
            }
            nanoseconds.append(time.components.seconds * 1_000_000_000 + time.components.attoseconds / 1_000_000_000)
        }
        // A search that finds nobody, or everybody, would be no measure.
        guard found > lookups / 4, found < lookups * 3 / 4 else { throw CocoaError(.featureUnsupported) }
        try await store.close()
        let figures = Figures(
            scores: scores, nanoseconds: nanoseconds, filling: filling.milliseconds, indexing: indexing.milliseconds)
        FileHandle.standardOutput.write(try JSONEncoder().encode(figures))
    }

    private struct Scores: Encodable {
        let alike: SampleScore
        let phones: SampleScore
        let industries: SampleScore
    }

    private struct Figures: Encodable {
        let scores: Scores
        let nanoseconds: [Int64]
        /// Milliseconds.
        let filling: Int64
        let indexing: Int64
    }

    /// So many cases a transaction.
    private static let portion = 20_000
    /// One portion is decided while another is written.
    private static let underWay = 2

    /// Writes `count` leads as open cases.
    private static func fill(_ store: SQLiteCaseStore, _ count: Int, at now: Timestamp) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var written = 0
            for (number, start) in stride(from: 0, to: count, by: portion).enumerated() {
                if number >= underWay {
                    try await group.next()
                    written += portion
                    if written % 100_000 == 0 { say("\(written) of \(count) known leads are written") }
                }
                let numbers = start..<min(count, start + portion)
                group.addTask {
                    let transitions = openings(numbers, at: now)
                    guard await store.apply(transitions, birth: nil).allSatisfy({ $0 == .applied }) else {
                        throw CocoaError(.fileWriteUnknown)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// In the order of their ids, which are hashes: so each page of their index is written once for many of them.
    private static func openings(_ numbers: Range<Int>, at now: Timestamp) -> [Transition] {
        let rulebook = Rulebook(
            site: Site(name: "Bench", url: "https://bench.example"), people: [], channels: [], routes: [], policies: [:]
        )
        return numbers.map { number in
            let lead = lead(number)
            return LeadCase.open(lead, key: IntakeKey(lead: lead, record: []), now: now, rulebook: rulebook)
        }.sorted { $0.result.id.text < $1.result.id.text }
    }

    private static func say(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}
