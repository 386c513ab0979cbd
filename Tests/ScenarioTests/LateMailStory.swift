// Mail that comes late: while the relay puts a question off, the lead is given away from chat, and the question is never sent.

import Curl
import LeadCore
import LeadTestKit
import PeerKit
import Testing

@Suite("Late mail", .timeLimit(.minutes(5)))
struct LateMailStory {
    @Test("a relay that puts mail off: the choice comes from chat, and the late question never leaves")
    func chosenFromChat() async throws {
        let relay = try Peer.smtp(mode: "say-rcpt-451")
        let client = try HTTPClient()
        let plan = HousePlan {
            $0.rulebook = Cast.rulebook(
                people: Cast.people.map { $0.id == "jane" ? Cast.with($0, "slack") : $0 }, operators: [])
            $0.channels = [
                ChannelShop.mail(client, relay), ScriptedChannel(id: "teams"), ScriptedChannel(id: "slack"),
            ].compactMap(\.self)
        }
        try await House.open(plan) { house in
            let ada = try await house.drop(lead: 1)
            try await house.expect(.decide, to: "dana", by: "teams")
            try await house.waitFor(ada, "the first refusal") { file in
                file.deliveries.contains { $0.delivery.channel == "mail" && $0.state == .deferred }
            }
            try await house.pass(.seconds(10))
            let question = try await house.file(ada).deliveries.first { $0.delivery.channel == "mail" }
            #expect(question?.state == .deferred && question?.detail?.contains("451") == true, "\(question as Any)")

            try await house.decide(.assign(rep: "jane", by: "dana", note: nil), on: ada)
            try await house.expect(.assigned, to: "jane", by: "slack")
            try await house.expect(.settled, to: "dana", by: "teams")
            try await house.pass(.seconds(900))
            let late = try await house.file(ada).deliveries.first { $0.delivery.id == question?.delivery.id }
            #expect(late?.state == .cancelled)
            let tries = house.journal.now.letters.filter { $0.delivery == question?.delivery.id }.map(\.begun)
            #expect(tries.allSatisfy { $0 <= Sample.start + .seconds(10) }, "it isn't even tried again")
            #expect(try relay.mails().isEmpty)
            try await house.expectSilence()
        }
        await client.shutdown()
    }
}
