// All mails of a lead are one thread in each reader's mailbox: what a real relay got, read by another program.

import Curl
import Foundation
import LeadCore
import LeadNotify
import LeadTestKit
import PeerKit
import Testing

@Suite("A thread of mails", .timeLimit(.minutes(3)))
struct MailThreadStory {
    /// What threads go by.
    private struct Mail: Decodable {
        let to: String
        let subject: String
        let id: String
        let answers: [String]
        let references: [String]
    }

    /// Prints a JSON list of the mails in the files that it is told of.
    private static let reader = """
        import email, email.policy, json, sys
        mails = [email.message_from_binary_file(open(name, "rb"), policy=email.policy.default) for name in sys.argv[1:]]
        print(json.dumps([{"to": mail["To"].addresses[0].addr_spec, "subject": mail["Subject"], "id": mail["Message-ID"],
                           "answers": (mail["In-Reply-To"] or "").split(),
                           "references": (mail["References"] or "").split()} for mail in mails]))
        """

    private static func read(_ peer: Peer) throws -> [Mail] {
        let folder = TemporaryDirectory()
        let files = try peer.mails().enumerated().map { number, mail in
            let file = folder.file("\(number).eml")
            try mail.text.write(toFile: file, atomically: false, encoding: .utf8)
            return file
        }
        let run = try ProgramRun("python3", ["-c", reader] + files)
        try #require(run.status == 0, "\(run.output)")
        return try JSONDecoder().decode([Mail].self, from: Data(run.output.utf8))
    }

    @Test("asked, reminded, told, asked anew: each reader has one thread for each lead, and the subject stays")
    func threads() async throws {
        let relay = try Peer.smtp()
        let client = try HTTPClient()
        let channel = try #require(ChannelShop.mail(client, relay))
        let plan = HousePlan {
            $0.rulebook = Cast.rulebook(people: Cast.mailOnly)
            $0.channels = [channel, ScriptedChannel(id: "teams"), ScriptedChannel(id: "slack")]
        }
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "mail", about: ada)
            let bea = try await house.drop(lead: 2, [.company: "Bolt Works"])
            try await house.expect(.decide, to: "dana", by: "mail", about: bea)
            try await house.pass(.seconds(900))
            for lead in [ada, bea] { try await house.expect(.remind, to: "dana", by: "mail", about: lead) }
            try await house.pass(.seconds(900))
            for lead in [ada, bea] { try await house.expect(.escalate, to: "lee", by: "mail", about: lead) }
            try await house.decide(.assign(rep: "jane", by: "lee", note: nil), on: ada)
            try await house.expect(.assigned, to: "jane", by: "mail", about: ada)
            try await house.expect(.settled, to: "dana", by: "mail", about: ada)
            try await house.decide(.undo(by: "lee"), on: ada)
            try await house.expect(.withdrawn, to: "jane", by: "mail", about: ada)
            try await house.expect(.reopened, to: "dana", by: "mail", about: ada)
            try await house.decide(.assign(rep: "billy", by: "dana", note: nil), on: ada)
            try await house.expect(.assigned, to: "billy", by: "mail", about: ada)
            try await house.pass(.seconds(1800))
            try await house.expect(.assigned, to: "jane", by: "mail", about: bea)
            // Who else is told is other stories'.
            try await house.settle()
            house.journal.readAll()
        }
        await client.shutdown()

        let mails = try Self.read(relay)
        #expect(mails.count >= 12)
        #expect(Set(mails.map(\.id)).count == mails.count, "each has an id of its own")
        let threads = Dictionary(grouping: mails) { mail in
            "\(mail.to) \(mail.subject.replacing("Re: ", with: ""))"
        }
        #expect(threads.keys.filter { $0.hasPrefix("dana@") }.count == 2, "\(threads.keys)")
        #expect(threads.values.contains { $0.count >= 4 })
        for (name, thread) in threads {
            let first = try #require(thread.first)
            #expect(first.answers.isEmpty && first.references.isEmpty && !first.subject.hasPrefix("Re:"), "\(name)")
            for later in thread.dropFirst() {
                #expect(later.answers == [first.id] && later.references == [first.id], "\(name)")
                #expect(later.subject == "Re: \(first.subject)", "\(name)")
            }
        }
    }
}
