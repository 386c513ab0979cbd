// Microsoft Teams through a Workflows webhook; an address is the flow's whole URL, used as it was given.

import LeadCore

/// Posts cards to Workflows webhooks.
struct TeamsChannel: Channel {
    let id: ChannelID
    let post: WebhookPost

    func send(_ briefing: Briefing, to address: Secret) async -> DeliveryOutcome {
        await post.send(
            TeamsCard.body(for: post.shown(briefing)), saying: briefing, to: address, judge: TeamsAnswer.outcome)
    }

    func rehearse(_ briefing: Briefing, to address: Secret) async -> Exchange {
        await post.rehearse(
            TeamsCard.body(for: post.shown(briefing)), saying: briefing, to: address,
            sight:
                "The flow has taken the card over. It doesn't tell whether it posts it: look into Teams, and into the "
                + "flow's run history when nothing is there.",
            judge: TeamsAnswer.outcome)
    }

    /// Nothing of its own to end: requests and connections are the shared client's.
    func close() async {}
}

extension ChannelKind {
    /// Microsoft Teams.
    static let teams = webhook(
        "teams", concurrency: 4,
        limits: [RateLimit(4, per: .seconds(1)), RateLimit(60, per: .seconds(30))]
    ) { TeamsChannel(id: $0, post: $1) }
}
