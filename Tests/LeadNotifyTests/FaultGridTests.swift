// Every kind of channel beside every way in which a peer can fail, all at once: each outcome is the one that this table
// names, its words are clean, no peer with a bad certificate gets a byte of the lead, and meanwhile a healthy channel is
// not delayed.

import Curl
import Foundation
import LeadTestKit
import PeerKit
import Testing

@testable import LeadCore
@testable import LeadNotify

/// A way in which messages leave, and what it makes of a fault.
private struct Way: Sendable {
    let name: String
    /// Sends to an address.
    let send: @Sendable (String, Briefing, [String: OptionValue]) async throws -> DeliveryOutcome
    let meant: @Sendable (Fault) -> Set<OutcomeKind>

    static let all = Specimen.webhooks.map(message) + [event, change, answer, form]

    private static func message(_ specimen: Specimen) -> Way {
        Way(name: specimen.kind.name) { url, briefing, options in
            try await Peers.webhook(specimen.kind, options).send(briefing, to: Secret(url))
        } meant: { fault in
            fault.outcome(of: specimen.kind.name)
        }
    }

    /// To a program, which is tried again where a person's webhook is not.
    private static let event = Way(name: "webhook") { url, briefing, options in
        let secret = Secret("whsec_" + Data(repeating: 7, count: 24).base64EncodedString())
        let own: [String: OptionValue] = ["url": .secret(Secret(url)), "secret": .secret(secret)]
        return try await Peers.webhook(.events, options.merging(own) { $1 }).send(briefing, to: Secret(""))
    } meant: { fault in
        Set(fault.outcomeByStatus.map { $0 == .failed ? .deferred : $0 })
    }

    /// Of a message that stands in a chat already.
    private static let change = Way(name: "a change by slack-bot") { url, briefing, options in
        switch try await bot(url, options).change("D1 1.2", to: briefing) {
        case .outcome(let outcome): return outcome
        case .gone, .fixed:
            Issue.record("no fault of the peer's says that a message is gone or stays as it is")
            return .failed(reason: "gone or fixed")
        }
    } meant: { fault in
        fault.outcome(of: "slack-bot")
    }

    /// To a press, at an address that came with it.
    private static let answer = Way(name: "an answer by slack-bot") { url, _, options in
        let press = ChatPress(
            stamp: "", at: Sample.start, account: BotByURL.member, target: SlackBotMessageTests.offer.target,
            action: .claim, replyTo: Secret(url))
        let answer = ChatAnswer("María López has it.", about: press.target, in: .english)
        return try await bot(url, options).answer(answer, to: press)
    } meant: { fault in
        fault.outcomeByStatus
    }

    /// Opened by a press.
    private static let form = Way(name: "a form by slack-bot") { url, _, options in
        let target = SlackBotMessageTests.offer.target
        let press = ChatPress(
            stamp: "", at: Sample.start, account: BotByURL.member, target: target, action: .open(.reject), replyTo: nil,
            trigger: Secret("1.2.3"))
        let form = ChatForm(.reject, about: target, title: "María López", bareTitle: "", choices: [], in: .english)
        return try await bot(url, options).open(form, for: press)
    } meant: { fault in
        fault.outcome(of: "slack-bot")
    }

    private static func bot(_ url: String, _ options: [String: OptionValue]) throws -> SlackBotChannel {
        let api = url + (url.contains("?") ? "&" : "?") + "method="
        return try SlackBotMessageTests.channel(Peers.plain.get(), options.merging(["api": .text(api)]) { $1 })
    }
}

@Suite("The grid of faults", .timeLimit(.minutes(5))) struct FaultGridTests {
    @Test("each fault has its outcome on each webhook, all at once, and a healthy one isn't kept waiting")
    func webhooks() async throws {
        let peers = try GridPeers()
        let good = try Peer.http()
        let briefing = try Fixture.briefing(.assigned)
        let healthy = try Peers.webhook(.slack)
        let options: [String: OptionValue] = ["timeout": .duration(FaultCell.timeout)]
        try await expectUndelayed(
            { await healthy.send(briefing, to: Secret(good.url("/slack"))) },
            beside: Way.all.flatMap { way in
                Fault.all.map { fault in
                    FaultCell(hangs: fault.hangs) {
                        let outcome = try await way.send(fault.address(peers), briefing, options)
                        #expect(way.meant(fault).contains(outcome.kind), "\(fault.name) on \(way.name): \(outcome)")
                        if outcome.kind != .sent { expectClean(outcome, [Peer.slackToken]) }
                        expectWait(fault, outcome, on: way.name)
                    }
                }
            },
            after: {
                let tellers = Fault.all.filter { $0.name.hasPrefix("/hang") }.count
                for _ in 0..<Way.all.count * tellers { try await peers.plain.awaitEvent(.hang) }
            })
    }

    @Test("every kind that changes its messages is in the grid with its changes")
    func editable() {
        #expect(ChannelKind.all.filter(\.isEditable).map(\.name) == ["slack-bot"])
    }

    private func expectWait(_ fault: Fault, _ outcome: DeliveryOutcome, on kind: String) {
        guard let wait = fault.wait else { return }
        if case .unavailable(_, let retryAfter) = outcome, wait.contains(retryAfter ?? .zero) { return }
        Issue.record("\(fault.name) on \(kind): \(outcome)")
    }

    @Test(
        "a peer whose certificate is bad gets no byte of the lead",
        arguments: PeerCertificate.allCases.filter { $0 != .good })
    func certificates(_ certificate: PeerCertificate) async throws {
        let web = try Peer.http(cert: certificate)
        let briefing = try Fixture.briefing(.assigned)
        let options: [String: OptionValue] = ["ca_file": .text(web.caFile), "plain_http": .flag(false)]
        for way in Way.all {
            let outcome = try await way.send(web.url("/slack?\(Peers.token)"), briefing, options)
            #expect(outcome.kind == .unavailable && outcome.words.contains("certificate"), "\(way.name): \(outcome)")
            expectClean(outcome, [Peer.slackToken])
        }
        #expect(try web.connections() >= Way.all.count && web.requests().isEmpty)
    }
}
