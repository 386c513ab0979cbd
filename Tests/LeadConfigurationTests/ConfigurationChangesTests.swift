// What is new in a configuration, as a reload tells it.

import Foundation
import LeadConfiguration
import LeadCore
import Testing

@Suite("Changes of the configuration")
struct ConfigurationChangesTests {
    @Test("what differs from a former configuration is told by name, without values")
    func changes() throws {
        let former = try Samples.configuration(Samples.good)
        #expect(former.changes(since: former).isEmpty)
        for (old, new, told) in [
            ("name: Example,", "name: Other,", ["site"]),
            ("id: k1", "id: k2", ["secrets.link_keys"]),
            ("tls: required", "tls: none", ["channels: mail"]),
            ("capacity: 8", "capacity: 9", ["people: jane"]),
            ("chat: env:LEE_URL", "chat: env:DANA_URL", ["people: lee"]),
            (
                "  - { id: jane",
                "  - { id: kim, name: Kim, manager: true, reach: { mail: kim@example.com } }\n  - { id: jane",
                ["people: kim (new)"]
            ),
            ("after: 15m", "after: 20m", ["policies: standard"]),
            ("[tile, slab]", "[tile]", ["routes: 1"]),
            ("operators: [dana]", "operators: [lee]", ["operators"]),
            ("operators: [dana]", "operators: [dana]\nranking: { window: 7d }", ["ranking"]),
            ("operators: [dana]", "operators: [dana]\nchoice: { claim: 5m }", ["choice"]),
            ("operators: [dana]", "operators: [dana]\nenrichment: { chain: [{ kind: normalise }] }", ["enrichment"]),
        ] {
            #expect(try Samples.configuration(Samples.edited(old, new)).changes(since: former) == told, "\(new)")
        }
        let fewer = Samples.edited(
            "  - { when: { product: [tile, slab] }, managers: [dana, lee], policy: standard }\n", "")
        #expect(try Samples.configuration(fewer).changes(since: former) == ["routes: 1, 2 (gone)"])
    }
}
