// `kill -9` at any moment: the real program works off a steady stream of leads, as files, large exports and posts, and is
// killed again and again, at moments by the dice. In the end every lead is a case, or has joined the one of the same person,
// once; each case has one owner, every message went out, and none that was on record went again; what was posted is there if
// its sender was told so. `LEADBELL_KILLS` says how often (50 unless told; a peer lives for ten minutes, which is enough for
// 800).

import Foundation
import LeadCore
import LeadTestKit
import Testing

@Suite("Kill", .timeLimit(.minutes(20)))
struct KillTests {
    private static let kills = ProcessInfo.processInfo.environment["LEADBELL_KILLS"].flatMap { Int($0) } ?? 50
    private static let seed: UInt64 = 20_261_123

    @Test("killed at any moment, the daemon loses no lead, assigns none twice, and repeats nothing that is on record")
    func killed() async throws {
        let victim = try Victim()
        let poster = Poster(victim.intake, token: Victim.token, client: victim.client)
        let producer = Producer(victim.incoming, exports: victim.exports, poster: poster)
        producer.begin()
        var dice = SeededGenerator(seed: Self.seed)
        var recorded: [Set<DeliveryID>] = []
        for number in 0..<Self.kills {
            // Long enough, now and then, for a portion of an export to be read by a debug build.
            let delay = Int.random(in: 20...(number % 3 == 0 ? 2500 : 400), using: &dice)
            try await victim.liveAndDie(after: .milliseconds(delay))
            recorded.append(try await victim.sentDeliveries())
            try await victim.mark(number)
        }
        let leads = await producer.end()
        let posts = try await victim.finishWork { await poster.end() }
        let before = recorded.last?.count ?? 0
        #expect(before > 0, "no run lived long enough to send anything")
        print(
            "\(Self.kills) kills, \(leads) leads, \(posts.taken.count) posts taken after \(posts.retries) more attempts, "
                + "\(posts.uncertain.count) given up, \(before) messages on record before the last run, seed \(Self.seed)"
        )

        let files = try await victim.files()
        for path in victim.folders { #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty) }
        #expect(!posts.taken.isEmpty)
        try checkCases(files, leads: leads, uncertain: posts.uncertain)
        try checkMessages(files, try victim.log(), recorded)
    }

    /// One case or inquiry for each lead but for those that nobody had been told of, one case for each person, one assignment
    /// in each history, and a history that makes the case.
    private func checkCases(_ files: [CaseFile], leads: Int, uncertain: Set<Int>) throws {
        let taken = files.flatMap { [$0.subject.lead] + $0.subject.inquiries.map(\.lead) }
        let names = Set(taken.compactMap { $0[.company] })
        #expect(taken.count == names.count, "a lead was taken in twice")
        let all = Set((1...leads).map(Producer.company))
        #expect(names.isSubset(of: all))
        #expect(all.subtracting(names).isSubset(of: uncertain.map(Producer.company)), "leads are lost")
        for start in ["id:", "sha256:"] { #expect(files.contains { $0.subject.key.text.hasPrefix(start) }, "\(start)") }
        var cases: [Int: Int] = [:]
        for file in files {
            let companies = ([file.subject.lead] + file.subject.inquiries.map(\.lead)).compactMap { $0[.company] }
            let people = Set(try companies.map { Producer.person(try #require(Producer.number(of: $0))) })
            #expect(people.count == 1, "\(companies) are one case")
            for person in people { cases[person, default: 0] += 1 }
        }
        #expect(cases.values.allSatisfy { $0 == 1 }, "a person has two cases")
        let joined = taken.count - files.count
        #expect(joined > 0)
        print("\(files.count) cases, \(joined) inquiries that joined one")
        for file in files {
            let subject = file.subject
            #expect(LeadCase(key: subject.key, lead: subject.arrived, history: file.history) == subject)
            #expect(file.history.count { if case .assigned = $0.event { true } else { false } } == 1)
            #expect(subject.assignment?.rep == "jane")
            for entry in file.history {
                guard case .step(let index) = entry.actor else { continue }
                #expect(entry.at >= subject.opening.plan[index].at, "a step came early")
            }
        }
    }

    private func checkMessages(_ files: [CaseFile], _ log: PeerLog, _ recorded: [Set<DeliveryID>]) throws {
        var sent = 0
        var extra = 0
        var known: Set<PeerLog.Message> = []
        var messages: [DeliveryID: PeerLog.Message] = [:]
        for file in files {
            let company = try #require(file.subject.lead[.company])
            for record in file.deliveries {
                let message = PeerLog.Message(company: company, kind: record.delivery.kind)
                known.insert(message)
                messages[record.delivery.id] = message
                let copies = log.copies(of: message).count
                switch record.state {
                case .sent:
                    sent += 1
                    #expect(copies >= 1, "\(record.delivery.id) is recorded as sent and never arrived")
                    extra += max(0, copies - 1)
                case .cancelled:
                    #expect(MessageKind.asking.contains(record.delivery.kind))
                    // May have been under way when the daemon was killed, and been overtaken by then.
                    extra += copies
                case .pending, .sending, .deferred, .held, .failed, .unknown:
                    Issue.record("\(record.delivery.id) is still \(record.state)")
                }
            }
            let told = Set(file.deliveries.filter { $0.state == .sent }.map(\.delivery.kind))
            #expect(told.isSuperset(of: [.assigned, .settled]))
        }
        #expect(Set(log.messages).isSubset(of: known), "something was sent that no case had decided")
        let bound = recorded.count * Victim.lanes * Victim.concurrency
        print("\(sent) messages, \(extra) copies too many of \(bound) that the kills could explain")
        #expect(extra <= bound)

        // What stood in the database as sent when a run had been killed was never sent again.
        for (number, ids) in recorded.enumerated() {
            let later = log.messages(after: number)
            for id in ids {
                let message = try #require(messages[id])
                #expect(!later.contains(message), "\(id) was sent again after kill \(number)")
            }
        }
    }
}
