// What inquiries of the same person or firm do to a case, and what enrichers say late: the case knows more, whoever holds it
// is told, and nothing begins anew.

extension Draft {
    /// Joins `inquiry` to the case and tells whoever holds it: the rep, who decides, or else all who were asked.
    /// Refused when the inquiry `like`, by which it was known, is none of the case's any more.
    mutating func inquire(_ inquiry: Inquiry, like: IntakeKey?) throws(Refusal) {
        if case .closed(let closing) = current.state { throw .closed(closing) }
        guard inquiry.key != current.key, !current.inquiries.contains(where: { $0.key == inquiry.key }) else {
            throw .alreadyRecorded
        }
        if let like, !current.inquiries.contains(where: { $0.key == like }) { throw .noSuchInquiry }
        add(.inquired(inquiry: inquiry), by: .intake)
        let holders: [PersonID] =
            switch current.state {
            case .assigned(let assignment), .working(let assignment, _): [assignment.rep]
            case .claimed(let claim): [claim.by]
            case .waiting: current.told
            case .closed: []
            }
        tell(holders, .inquiry) { inquiry.sentence(in: $0) }
    }

    /// Takes an inquiry out again, to be a case of its own.
    mutating func separate(_ key: IntakeKey) throws(Refusal) {
        guard current.inquiries.contains(where: { $0.key == key }) else { throw .noSuchInquiry }
        add(.separated(key: key), by: .daemon)
    }

    /// Adds what came late; nobody is told, since whoever looks sees it.
    mutating func enrich(_ late: LateFindings) throws(Refusal) {
        if case .closed(let closing) = current.state { throw .closed(closing) }
        var lead = current.lead
        let additions = late.values.compactMap { one in
            lead.add(one.field, one.value, by: late.precedence).map {
                LateAddition(field: one.field, value: one.value, wins: $0)
            }
        }
        lead.closeGaps(of: late.enricher)
        let unreviewed = lead.gaps
        for (enricher, failure) in late.reviews.sorted(by: { $0.key < $1.key }) {
            lead.review(enricher, failure: failure)
        }
        guard !additions.isEmpty || lead.gaps != current.lead.gaps else { throw .alreadyRecorded }
        let gaps = lead.gaps == unreviewed ? nil : lead.gaps
        add(.enriched(by: late.enricher, additions: additions, gaps: gaps), by: .daemon)
    }
}

extension Draft {
    /// Tells the operators of an enricher that is refused.
    mutating func note(_ refusal: EnricherRefusal) {
        add(.enricherRefused(refusal: refusal), by: .daemon)
        tell(rulebook.operators, .alarm) { $0.sentences.enricherRefused(refusal.enricher, refusal.reason) }
    }

    /// Tells the operators of a channel that goes on without a part.
    mutating func note(impaired channel: ChannelID, _ reason: String) {
        add(.channelImpaired(channel: channel, reason: reason), by: .daemon)
        tell(rulebook.operators, .alarm) { $0.sentences.channelImpaired(channel.text, reason) }
    }
}

extension Inquiry {
    /// What the person wrote this time, for whoever holds the case; empty where there is nothing to say of that.
    func sentence(in phrases: Phrases) -> String {
        let asked = lead[.description] ?? lead.subject ?? phrases.sentences.inquirySilent()
        guard !asked.isEmpty else { return "" }
        let short = asked.count > 500 ? asked.prefix(499) + "…" : asked[...]
        return phrases.sentences.inquiryWords(phrases.reasons.words(resemblance), "\(resemblance.score)", String(short))
    }
}
