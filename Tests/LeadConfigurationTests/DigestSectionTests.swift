// `digest`, `quiet` and `wake`: what they give, and what is said of mistakes.

import Foundation
import LeadConfiguration
import LeadCore
import Testing

@Suite struct DigestSectionTests {
    private func problems(_ text: String) throws -> [String] {
        let outcome = ConfigurationLoader.load(
            text: text, path: "/etc/leadbell.yaml", kinds: Samples.kinds, secrets: Samples.secrets(),
            now: Timestamp(milliseconds: 0))
        switch outcome {
        case .success(let loaded): return loaded.warnings.map(\.description)
        case .failure(let problems): return problems.problems.map(\.description)
        }
    }

    @Test("five leads in two minutes come one by one unless told; off is off, for all or for one")
    func digest() throws {
        let standard = try Samples.configuration(Samples.good).rulebook
        #expect(standard.digest == .on(DigestPolicy(leads: 5, window: .seconds(120))))
        let own = Samples.edited("operators: [dana]", "operators: [dana]\ndigest: { leads: 3, within: 10m }")
            .replacing("name: Lee,", with: "name: Lee, digest: off,")
        let book = try Samples.configuration(own).rulebook
        #expect(book.digestPolicy(for: "dana") == DigestPolicy(leads: 3, window: .seconds(600)))
        #expect(book.digestPolicy(for: "lee") == nil)
        let off = try Samples.configuration(Samples.edited("operators: [dana]", "operators: [dana]\ndigest: off"))
            .rulebook
        #expect(off.digest == .off && !off.holdsBack)
    }

    @Test("a digest that is neither off nor a mapping, or waits too long, is an error")
    func digestFlaws() throws {
        for (text, word) in [
            ("digest: on", "must be off, or how many leads come one by one"), ("digest: { leads: 0 }", "leads"),
            ("digest: { within: 2h }", "lets leads wait for more than an hour"),
            ("digest: { with: 2m }", "unknown key 'with'"),
        ] {
            let found = try problems(Samples.edited("operators: [dana]", "operators: [dana]\n\(text)"))
            #expect(found.contains { $0.contains(word) }, "\(text): \(found)")
        }
    }

    @Test("quiet hours count for chat, or for the channels that they name, by the person's clock")
    func quiet() throws {
        let text = Samples.edited(
            "name: Dana,", "name: Dana, time_zone: America/Chicago, quiet: { mon-sun: 21:00-07:00 },")
        let dana = try #require(try Samples.configuration(text).rulebook.person("dana"))
        let night = Timestamp(milliseconds: 1_795_446_000_000) + .seconds(13 * 3600)
        #expect(dana.quietEnd(on: "chat", at: night) == night + .seconds(9 * 3600))
        #expect(dana.quietEnd(on: "mail", at: night) == nil)
        let mail = Samples.edited("name: Dana,", "name: Dana, quiet: { mail: { sat: 00:00-24:00 } },")
        let named = try #require(try Samples.configuration(mail).rulebook.person("dana"))
        #expect(Set(named.quiet.keys) == ["mail"])
    }

    @Test("quiet hours that silence a manager are warned of; a channel that isn't theirs is an error")
    func quietFlaws() throws {
        let all = Samples.edited(
            "name: Dana,", "name: Dana, quiet: { mail: { sat: 00:00-24:00 }, chat: { sat: 00:00-24:00 } },")
        #expect(try problems(all).contains { $0.contains("leaves manager 'dana' no way to be reached in these hours") })
        let other = Samples.edited("name: Jane,", "name: Jane, quiet: { chat: { sat: 00:00-24:00 } },")
        #expect(try problems(other).contains { $0.contains("the person isn't reached by 'chat'") })
        let nothing = Samples.edited("name: Jane,", "name: Jane, quiet: { mon-fri: 22:00-06:00 },")
        #expect(try problems(nothing).contains { $0.contains("changes nothing: there is mail alone") })
    }

    @Test("a policy says whether it breaks quiet hours")
    func wake() throws {
        let text = Samples.edited(
            """
              standard:
                - { after: 0s, notify: manager }
                - { after: 15m, remind: manager }
                - { after: 60m, assign: jane }
            """,
            """
              standard:
                wake: true
                steps:
                  - { after: 0s, notify: manager }
                  - { after: 60m, assign: jane }
            """)
        #expect(try Samples.configuration(text).rulebook.policies["standard"]?.wakes == true)
        #expect(try Samples.configuration(Samples.good).rulebook.policies["standard"]?.wakes == false)
    }
}
