// Microsoft Teams through a Workflows webhook; an address is the flow's whole URL, used as it was given.

import LeadCore

extension WebhookManner {
    /// Workflows webhooks.
    static let teams = WebhookManner(
        message: { WebhookMessage(body: TeamsCard.body(for: $0), address: $1) },
        sight:
            "The flow has taken the card over. It doesn't tell whether it posts it: look into Teams, and into the "
            + "flow's run history when nothing is there.",
        judge: TeamsAnswer.outcome, inspect: TeamsInspection.flaws)
}

extension ChannelKind {
    /// Microsoft Teams.
    static let teams = webhook(
        "teams", concurrency: 4, limits: [RateLimit(4, per: .seconds(1)), RateLimit(60, per: .seconds(30))],
        manner: .teams)
}
