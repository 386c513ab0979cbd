// All mails of a lead are one thread in each reader's mailbox: what a real relay got, read by another program.

import Curl
import LeadCore
import LeadTestKit
import PeerKit
import Testing

@Suite("A thread of mails", .timeLimit(.minutes(3)))
struct MailThreadStory {
    @Test("asked, reminded, told, asked anew: each reader has one thread for each lead, and the subject stays")
    func threads() async throws {
        let relay = try Peer.smtp()
        let client = try HTTPClient()
        let plan = try ChannelShop.mailOnly(client, relay)
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

        let mails = try ReadMail.read(try relay.mails().map(\.data))
        #expect(mails.count >= 12)
        let ids = mails.flatMap { $0.values("Message-ID") }
        #expect(Set(ids).count == mails.count, "each has an id of its own")
        func subject(_ mail: ReadMail) -> String { mail.values("Subject").joined() }
        let threads = Dictionary(grouping: mails) { mail in
            "\(mail.recipients.joined()) \(subject(mail).replacing("Re: ", with: ""))"
        }
        #expect(threads.keys.filter { $0.hasPrefix("dana@") }.count == 2, "\(threads.keys)")
        #expect(threads.values.contains { $0.count >= 4 })
        for (name, thread) in threads {
            let first = try #require(thread.first)
            #expect(first.values("In-Reply-To") + first.values("References") == [], "\(name)")
            #expect(!subject(first).hasPrefix("Re:"), "\(name)")
            for later in thread.dropFirst() {
                #expect(later.values("In-Reply-To") == first.values("Message-ID"), "\(name)")
                #expect(later.values("References") == first.values("Message-ID"), "\(name)")
                #expect(subject(later) == "Re: \(subject(first))", "\(name)")
            }
        }
    }
}
