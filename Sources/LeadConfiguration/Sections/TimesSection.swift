// `choice` and `delivery`: how long claims and links last, and when a message is tried again.

import LeadCore

extension SectionReader {
    func readChoice(_ root: MappingReader) -> ChoiceSettings {
        let standard = ChoiceSettings()
        guard let map = root.optional("choice")?.mapping("'choice'") else { return standard }
        defer { map.finish() }
        return ChoiceSettings(
            claim: map.optional("claim")?.duration() ?? standard.claim,
            mayReassign: map.optional("reassign")?.flag() ?? standard.mayReassign,
            linkLifetime: map.optional("link_lifetime")?.duration() ?? standard.linkLifetime,
            undo: map.optional("undo")?.duration(mayBeZero: true) ?? standard.undo)
    }

    func readDelivery(_ root: MappingReader) -> RetryPolicy {
        let standard = RetryPolicy()
        guard let map = root.optional("delivery")?.mapping("'delivery'") else { return standard }
        defer { map.finish() }
        let first = map.optional("first_retry")
        let longest = map.optional("longest_retry")
        let giveUp = map.optional("give_up")
        let policy = RetryPolicy(
            first: first?.duration() ?? standard.first, longest: longest?.duration() ?? standard.longest,
            horizon: giveUp?.duration() ?? standard.horizon)
        if policy.longest < policy.first {
            findings.error(
                (longest ?? first)?.position ?? map.position,
                "'longest_retry' (\(policy.longest.words)) is shorter than 'first_retry' (\(policy.first.words))",
                "make it at least as long")
        }
        if policy.horizon < policy.longest {
            findings.error(
                (giveUp ?? longest)?.position ?? map.position,
                "'give_up' (\(policy.horizon.words)) is shorter than 'longest_retry' (\(policy.longest.words))",
                "make it at least as long")
        }
        return policy
    }
}
