// Asking a real HTTP server no faster than the configuration allows, by the machine's clock and by the server's.

import LeadCore
import LeadEngine
import PeerKit
import Testing

@testable import LeadEnrichment

extension HTTPLookupTests {
    @Test("of many questions at once no more begin than the rate allows, by the server's clock, and each is answered")
    func rate() async throws {
        let peer = try Peer.http()
        let enricher = try lookup(
            peer.url(Self.json(#"{"records":[{"industry":"Stone"}]}"#) + "&delay=50"),
            ["rate": .text("5/1s"), "concurrency": .integer(64)], clock: try SystemTime())
        let domains = (1...20).map { "d\($0).example" }
        let answers = await withTaskGroup(of: Enrichment.self) { group in
            for domain in domains { group.addTask { await enricher.enrich(Lead(given: [.webDomain: domain])) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 20)
        for answer in answers { #expect(answer.findings.map(\.text) == ["Stone"] && answer.failure == nil) }
        let requests = try peer.requests()
        let asked = requests.compactMap { $0.query.split(separator: "&domain=").last?.split(separator: "&").first }
        #expect(asked.map(String.init).sorted() == domains.sorted())
        // A full bucket holds a second's worth. What was begun in time the server may have read together, so its windows
        // are taken as half a second longer.
        let times = requests.map(\.at).sorted()
        for first in times.indices {
            for last in first..<times.count {
                let most = 5 + 5 * (times[last] - times[first] + 0.5)
                #expect(Double(last - first + 1) <= most, "\(times[first...last])")
            }
        }
    }
}
