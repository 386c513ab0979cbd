// More leads than one person can take in one by one: the rest comes as one message a channel; at night chat is silent.
// Whatever fails or dies on the way, each lead is told, and none twice.

import Foundation
import LeadCore
import LeadTestKit
import Testing

@Suite("Digests and quiet hours", .timeLimit(.minutes(5)))
struct DigestStory {
    private func plan(
        _ change: (inout HousePlan) -> Void = { _ in }, people: [Person] = Cast.people, wakes: Bool = false
    ) -> HousePlan {
        HousePlan { plan in
            plan.rulebook = Sample.rulebook(
                people: people, policies: ["standard": Sample.policy(steps: Sample.standard.steps, wakes: wakes)],
                digest: .on(DigestPolicy()))
            change(&plan)
        }
    }

    private func drop(_ count: Int, in house: House) async throws {
        for number in 1...count {
            try await house.drop(lead: number, [.value: "\(number * 1000)", .company: "Firm \(number)"])
            // Files that lie there together are taken in any order, and the first five are told at once.
            try await house.settle()
        }
    }

    @Test("twelve leads in a moment are five messages and one digest of seven on each channel")
    func storm() async throws {
        try await House.open(plan()) { house in
            try await drop(12, in: house)
            for _ in 1...5 { try await house.expect(.decide, to: "dana", by: "mail", "teams") }
            try await house.expectSilence()
            try await house.pass(.seconds(119))
            try await house.expectSilence()
            try await house.pass(.seconds(1))
            for channel in ["mail", "teams"] as [ChannelID] {
                let digest = try await house.expect(.digest, to: "dana", by: channel)
                #expect(digest.briefing.headline == "7 leads for you")
                let firms = digest.briefing.suggestions.map { String($0.name.drop { $0 != "F" }) }
                #expect(firms == (6...12).reversed().map { "Firm \($0)" }, "of one deadline the most valuable first")
                #expect(Set(digest.briefing.suggestions.map(\.link)).count == 7)
            }
            try await house.expectSilence()
            let last = try await house.file(
                Sample.key(of: Sample.lead(12, [.value: "12000", .company: "Firm 12"])).caseID)
            #expect(last.deliveries.map(\.state) == [.sent, .sent])
            #expect(last.deliveries.allSatisfy { $0.detail == "in a digest of 7: taken" && $0.attempts == 1 })
        }
    }

    @Test("what is settled while it waits isn't told, and a single one that is left is a message of its own")
    func settled() async throws {
        try await House.open(plan()) { house in
            var ids: [CaseID] = []
            for number in 1...7 {
                ids.append(try await house.drop(lead: number))
                try await house.settle()
            }
            for _ in 1...5 { try await house.expect(.decide, to: "dana", by: "mail", "teams") }
            try await house.settle()
            try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: ids[6])
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail", "teams")
            try await house.pass(.seconds(120))
            try await house.expect(.decide, to: "dana", by: "mail", "teams", about: ids[5])
            try await house.expectSilence()
        }
    }

    @Test("reminders of several leads travel together, and escalations are never held")
    func reminders() async throws {
        try await House.open(plan()) { house in
            for number in 1...4 { try await house.drop(lead: number) }
            for _ in 1...4 { try await house.expect(.decide, to: "dana", by: "mail", "teams") }
            try await house.pass(.seconds(900))
            try await house.expectSilence()
            try await house.pass(.seconds(30))
            let digest = try await house.expect(.digest, to: "dana", by: "mail", "teams")
            #expect(
                digest.briefing.suggestions.map(\.name)
                    == Array(repeating: "Reminder: fine-art for Acme Arts", count: 4))
            try await house.pass(.seconds(870))
            for _ in 1...4 { try await house.expect(.escalate, to: "lee", by: "mail", "slack") }
            try await house.expectSilence()
        }
    }

    @Test("a policy in a hurry doesn't wait for the digest's time: nothing is held past its next step")
    func hurry() async throws {
        let policy = Sample.policy([
            (.zero, .notify(.manager)), (.seconds(40), .notify(.nextManager)), (.seconds(80), .assign("jane")),
        ])
        let plan = HousePlan {
            $0.rulebook = Sample.rulebook(
                people: Cast.mailOnly, policies: ["standard": policy], digest: .on(DigestPolicy()))
        }
        try await House.open(plan) { house in
            for number in 1...9 { try await house.drop(lead: number) }
            for _ in 1...5 { try await house.expect(.decide, to: "dana", by: "mail") }
            try await house.pass(.seconds(10))
            let digest = try await house.expect(.digest, to: "dana", by: "mail")
            #expect(digest.briefing.suggestions.count == 4)
            try await house.pass(.seconds(30))
            for _ in 1...9 { try await house.expect(.escalate, to: "lee", by: "mail") }
            try await house.settle()
            house.journal.readAll()
        }
    }

    @Test("a digest that fails for good alarms of each of its leads, and each goes on without its manager")
    func failed() async throws {
        try await House.open(plan(people: Cast.mailOnly)) { house in
            try await drop(8, in: house)
            for _ in 1...5 { try await house.expect(.decide, to: "dana", by: "mail") }
            try house.channel("mail").script([
                .deferred(reason: "450", retryAfter: nil), .failed(reason: "554 5.6.0 not this message"),
            ])
            try await house.pass(.seconds(130))
            let digests = house.journal.now.letters.filter { $0.kind == .digest }
            #expect(digests.count == 2 && Set(digests.map(\.delivery)).count == 1)
            let lost = try #require(digests.first?.briefing.digest).map(\.caseID)
            #expect(lost.count == 3)
            for id in lost {
                let alarm = try await house.expect(.alarm, to: "lee", by: "mail", about: id)
                let words = alarm.briefing.sentences.joined(separator: " ")
                #expect(words.contains("Dana Whitfield was not reached by mail: 554 5.6.0"))
                #expect(words.contains("No channel reached Dana Whitfield"))
                try await house.expect(.escalate, to: "lee", by: "mail", about: id)
                let file = try await house.file(id)
                #expect(file.deliveries.filter { $0.delivery.person == "dana" }.map(\.state) == [.failed])
            }
            try await house.expectSilence()
        }
    }

    @Test("a digest that is refused for now is tried again as the same one")
    func refused() async throws {
        try await House.open(plan(people: Cast.mailOnly)) { house in
            try await drop(8, in: house)
            for _ in 1...5 { try await house.expect(.decide, to: "dana", by: "mail") }
            try house.channel("mail").script([.deferred(reason: "450", retryAfter: nil), .unknown(reason: "lost")])
            try await house.pass(.seconds(135))
            try await house.expect(.digest, to: "dana", by: "mail")
            try await house.expectSilence()
            let digests = house.journal.now.letters.filter { $0.kind == .digest }
            #expect(digests.count == 3)
            #expect(Set(digests.map(\.delivery)).count == 1, "copies carry the same id")
        }
    }

    @Test("a daemon that dies while leads wait tells each of them once after its start")
    func crash() async throws {
        try await House.open(plan(people: Cast.mailOnly)) { house in
            try await drop(9, in: house)
            for _ in 1...5 { try await house.expect(.decide, to: "dana", by: "mail") }
            try await house.settle()
            await house.kill()
            try await house.start()
            try await house.expectSilence()
            try await house.pass(.seconds(120))
            let digest = try await house.expect(.digest, to: "dana", by: "mail")
            #expect(digest.briefing.suggestions.count == 4)
            try await house.expectSilence()
        }
    }

    @Test("at night there is mail only, and in the morning chat has what is still open in one message")
    func quiet() async throws {
        let people = try Cast.people.map { $0.id == "dana" ? $0.with(quiet: ["teams": try nights()]) : $0 }
        let policy = Sample.policy([(.zero, .notify(.manager)), (.seconds(86_400), .assign("jane"))])
        let plan = HousePlan {
            $0.start = Sample.start + .seconds(7 * 3600)
            $0.rulebook = Sample.rulebook(people: people, policies: ["standard": policy], digest: .on(DigestPolicy()))
        }
        try await House.open(plan) { house in
            var ids: [CaseID] = []
            for number in 1...3 { ids.append(try await house.drop(lead: number)) }
            for _ in 1...3 { try await house.expect(.decide, to: "dana", by: "mail") }
            try await house.expectSilence()
            let waiting = try await house.file(ids[0]).deliveries.first { $0.delivery.channel == "teams" }
            #expect(waiting?.state == .pending && waiting?.detail == "waits for the end of quiet hours")
            try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: ids[2])
            try await house.expect(.assigned, to: "jane", by: "mail")
            try await house.expect(.settled, to: "dana", by: "mail")
            try await house.pass(.seconds(9 * 3600 - 1))
            try await house.expectSilence()
            try await house.pass(.seconds(1))
            let digest = try await house.expect(.digest, to: "dana", by: "teams")
            #expect(
                digest.briefing.suggestions.map(\.name) == [
                    "fine-art for Acme Arts", "fine-art for Acme Arts", "Settled: fine-art for Acme Arts",
                ])
            try await house.expectSilence()
        }
    }

    @Test("policies that say wake: true break quiet hours")
    func wake() async throws {
        let people = try Cast.people.map { $0.id == "dana" ? $0.with(quiet: ["teams": try nights()]) : $0 }
        try await House.open(plan({ $0.start = Sample.start + .seconds(7 * 3600) }, people: people, wakes: true)) {
            house in
            try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", "teams")
        }
    }

    @Test(
        "mails about a lead that was told in a digest answer the digest, through a restart too, and no mail answers one that never was"
    )
    func threads() async throws {
        try await House.open(plan(people: Cast.mailOnly)) { house in
            try await drop(7, in: house)
            var first: Letter?
            for _ in 1...5 { first = try await house.expect(.decide, to: "dana", by: "mail") }
            let single = try #require(first)
            try await house.pass(.seconds(120))
            let digest = try await house.expect(.digest, to: "dana", by: "mail")
            let told = try #require(digest.briefing.digest?.first?.caseID)
            func thread(_ letter: Letter) -> [String] {
                [letter.briefing.threadID, letter.briefing.startsThread ? "begins" : "follows"]
            }
            #expect(thread(digest) == [digest.briefing.deliveryID.text, "begins"])
            // At once, before anything of it may be on record.
            try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: told)
            let given = try await house.expect(.assigned, to: "jane", by: "mail")
            let settled = try await house.expect(.settled, to: "dana", by: "mail")
            #expect(thread(settled) == [digest.briefing.deliveryID.text, "follows"])
            #expect(thread(given) == [given.briefing.deliveryID.text, "begins"])

            try await house.stop()
            try await house.start()
            try await house.decide(.undo(by: "dana"), on: told)
            let withdrawn = try await house.expect(.withdrawn, to: "jane", by: "mail")
            #expect(thread(withdrawn) == [given.briefing.deliveryID.text, "follows"])

            try await house.decide(.pass(to: "lee", by: "dana", comment: nil), on: told)
            let passed = try await house.expect(.decide, to: "lee", by: "mail")
            #expect(thread(passed) == [passed.briefing.deliveryID.text, "begins"], "Lee has had no mail about it")
            try await house.decide(.assign(rep: "billy", by: "lee", note: nil), on: told)
            let again = try await house.expect(.settled, to: "dana", by: "mail", about: told)
            #expect(thread(again) == [digest.briefing.deliveryID.text, "follows"], "that is on record")

            try await house.decide(.assign(rep: "billy", by: "dana", note: nil), on: single.caseID)
            let other = try await house.expect(.settled, to: "dana", by: "mail")
            #expect(thread(other) == ["\(single.caseID).dana", "follows"])
            try await house.settle()
            house.journal.readAll()
        }
    }

    @Test("while chat is dead a digest by mail says so")
    func silence() async throws {
        try await House.open(plan()) { house in
            try house.channel("teams").answer { _, _ in .stopped(reason: "HTTP 404 from the webhook") }
            try await drop(8, in: house)
            try await house.settle()
            house.journal.readAll()
            try await house.pass(.seconds(120))
            let digests = house.journal.now.letters.filter { $0.kind == .digest && $0.channel == "mail" }
            #expect(!digests.isEmpty)
            for digest in digests {
                #expect(
                    digest.briefing.sentences.contains(
                        "teams takes no messages for you at the moment, so rely on this mail."))
            }
            try await house.settle()
            house.journal.readAll()
        }
    }

    @Test("a reload that ends quiet hours and digests lets nothing be forgotten")
    func reload() async throws {
        try await House.open(plan(people: Cast.mailOnly)) { house in
            try await drop(8, in: house)
            for _ in 1...5 { try await house.expect(.decide, to: "dana", by: "mail") }
            try await house.settle()
            try house.reload(Cast.rulebook(people: Cast.mailOnly))
            try await house.pass(.seconds(120))
            let digest = try await house.expect(.digest, to: "dana", by: "mail")
            #expect(digest.briefing.suggestions.count == 3)
            try await house.drop(lead: 20)
            try await house.expect(.decide, to: "dana", by: "mail")
        }
    }

    /// 21:00 to 07:00 UTC on all days.
    private func nights() throws -> WorkCalendar {
        try WorkCalendar(
            timeZone: .gmt, hours: (0..<7).map { WorkCalendar.Span(weekday: $0, opens: 21 * 60, closes: 31 * 60) })
    }
}
