// A real Postfix between leadbell and the mailbox: STARTTLS, a login, a mail that it takes later, and one that it gets rid of
// later. What leadbell says of each mail is what Postfix did.

import Curl
import Foundation
import LeadCore
import LeadNotify
import LeadTestKit
import PeerKit
import Testing

@Suite("A real relay", .timeLimit(.minutes(5)))
struct PostfixStory {
    @Test("a mail that Postfix takes later is tried again, and one that it can't hand on at once arrives all the same")
    func postfix() async throws {
        let mailbox = try Peer.smtp(mode: "greylist")
        let relay = try Peer.postfix(next: mailbox)
        let client = try HTTPClient()
        let plan = try ChannelShop.mailOnly(client, relay)
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            try await house.waitFor(ada, "Postfix to put it off") { file in
                file.deliveries.contains { $0.state == .deferred }
            }
            let deferred = try await house.file(ada).deliveries.first
            #expect(deferred?.detail?.hasPrefix("the relay said 450 4.2.0") == true, "\(deferred?.detail ?? "")")

            let recipients = try #require(relay.folder) + "/etc/recipients"
            try "".write(toFile: recipients, atomically: false, encoding: .utf8)
            try await house.pass(.seconds(5))
            let letter = try await house.expect(.decide, to: "dana", by: "mail")
            #expect("\(letter.outcome)".contains("250 2.0.0 Ok: queued as"))

            // The mailbox refuses it once, and Postfix tries again.
            try await mailbox.awaitEvent(.mail)
            let mail = try #require(try mailbox.mails().first)
            #expect(mail.to == ["dana@example.com"] && mail.from == "leads@example.com")
            #expect(mail.text.contains("with ESMTPSA id"), "it came over TLS, after a login")
            #expect(mail.text.contains("Message-ID: <\(letter.briefing.threadID)@leads.example.com>"))
            try await house.expectSilence()
        }
        await client.shutdown()
    }
}
