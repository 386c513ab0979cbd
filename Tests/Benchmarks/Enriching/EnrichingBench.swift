// How long the local enrichers take for a lead, each and all of them in a chain. Reads leads as generate.c writes them
// with --telling 1. Prints nanoseconds a lead as JSON, and what was filled how often, since an enricher that finds nothing
// would be no measure. `make bench` runs it: EnrichingBench LEADS.ndjson CONFIG_FOLDER ROUNDS.

import Foundation
import LeadCore
import LeadEnrichment

@main
private enum EnrichingBench {
    /// As ALL_LOCAL in daemon.py.
    private static func enrichers(_ folder: String) throws -> [any Enricher] {
        let words = [
            WordList(
                "Museums and galleries",
                [
                    WordList.Word("museum", weight: 3), WordList.Word("gallery", weight: 2),
                    WordList.Word("sculpt*", weight: 1), WordList.Word("exhibition", weight: 1),
                ]),
            WordList(
                "Construction",
                ["contractor", "architect", "facade", "worktop", "kitchen"].map { WordList.Word($0, weight: 1) }),
            WordList("Hotels", ["hotel", "lobby", "*hotel*", "guests"].map { WordList.Word($0, weight: 1) }),
        ]
        let chain: [(String, [String: OptionValue])] = [
            ("sources", ["campaigns": .pairs([NamedValue("summer-*", "Summer fair")])]),
            ("normalise", [:]),
            ("phones", ["country": .text("US")]),
            ("places", ["file": .text(folder + "/postal-codes.txt")]),
            ("firms", ["file": .text(folder + "/firms.csv")]),
            ("keywords", ["field": .text("industry"), "words": .wordLists(words)]),
            ("language", [:]),
            ("urgency", [:]),
            ("budget", [:]),
        ]
        return try chain.map { name, options in
            guard let kind = EnricherKind.all.first(where: { $0.name == name }) else {
                throw CocoaError(.featureUnsupported)
            }
            return try kind.make(name, OptionValues(options), nil)
        }
    }

    private static func leads(_ path: String) throws -> [Lead] {
        let decoder = JSONDecoder()
        return try Data(contentsOf: URL(filePath: path)).split(separator: UInt8(ascii: "\n")).map { line in
            let fields = try decoder.decode([String: String].self, from: line)
            return Lead(given: Dictionary(uniqueKeysWithValues: fields.map { (FieldName($0), $1) }))
        }
    }

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let rounds = Int(arguments[3]) else { throw CocoaError(.featureUnsupported) }
        let enrichers = try enrichers(arguments[2])
        let leads = try leads(arguments[1])
        var figures: [String: Double] = [:]
        var filled: [String: Int] = [:]
        // Each alone, on leads that have what those before it found.
        var before = leads
        for enricher in enrichers {
            let known = before
            figures[enricher.name] = await nanoseconds(a: leads.count, rounds) {
                for lead in known { _ = await enricher.enrich(lead) }
            }
            let chain = chain([enricher])
            for place in before.indices { before[place] = await chain.enrich(before[place]) }
        }
        for lead in before { for field in lead.values.keys { filled[field.text, default: 0] += 1 } }
        let chain = chain(enrichers)
        figures["chain"] = await nanoseconds(a: leads.count, rounds) {
            for lead in leads { _ = await chain.enrich(lead) }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        FileHandle.standardOutput.write(try encoder.encode(Figures(nanoseconds: figures, filled: filled)))
    }

    private static func chain(_ enrichers: [any Enricher]) -> EnrichmentChain {
        EnrichmentChain(enrichers: enrichers, budget: .seconds(3), clock: StandingClock())
    }

    /// The best of `rounds`, by the processor's time, which other programs don't lengthen.
    private static func nanoseconds(a count: Int, _ rounds: Int, _ work: @Sendable () async -> Void) async -> Double {
        var best = Double.infinity
        for _ in 0..<rounds {
            let start = processorTime
            await work()
            best = min(best, processorTime - start)
        }
        return best / Double(count)
    }

    private static var processorTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }

    private struct Figures: Encodable {
        let nanoseconds: [String: Double]
        let filled: [String: Int]
    }
}

/// Nothing here waits, so the time doesn't matter.
private struct StandingClock: TimeSource {
    func now() -> Timestamp { Timestamp(milliseconds: 1_795_446_000_000) }
    func wait(until deadline: Timestamp?, or bell: Bell) async {}
}
