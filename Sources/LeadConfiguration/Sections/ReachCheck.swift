// What only shows when everything has been read: whether those whom the rules name can be told anything.

import LeadCore

extension SectionReader {
    func checkReach(
        _ people: [PersonDraft], channels: [ChannelDraft], policies: PolicyDrafts, operators: [PersonID]
    ) {
        checkSlackMembers(people, channels: channels)
        checkRooms(people, channels: channels)
        for draft in people where draft.isReachRead && !draft.person.id.text.isEmpty {
            let person = draft.person
            if person.reach.isEmpty {
                noteUnreachable(draft, policies: policies, operators: operators)
            } else if person.isManager {
                warnOfSingleWay(draft, channels: channels)
            }
        }
    }

    private func noteUnreachable(_ draft: PersonDraft, policies: PolicyDrafts, operators: [PersonID]) {
        let id = draft.person.id
        let remedy = "add a 'reach' with at least one channel"
        if draft.person.isManager {
            findings.error(draft.position, "manager '\(id)' can't be reached", remedy)
        } else if let fallback = policies.fallbacks.first(where: { $0.person == id }) {
            findings.error(
                draft.position, "'\(id)' gets leads by policy '\(fallback.policy)' and can't be reached", remedy)
        } else if draft.person.rep != nil {
            findings.warn(draft.position, "rep '\(id)' can't be reached and won't learn of new leads", remedy)
        } else if operators.contains(id) {
            findings.warn(draft.position, "operator '\(id)' can't be reached and won't learn of faults", remedy)
        }
    }

    private func warnOfSingleWay(_ draft: PersonDraft, channels: [ChannelDraft]) {
        let ways = draft.person.reach.compactMap { reach in
            channels.first { $0.settings.id == reach.channel && $0.kind != nil }?.settings.isMail
        }
        guard ways.count == draft.person.reach.count, Set(ways).count == 1, let isMail = ways.first else { return }
        let (given, missing) = isMail ? ("mail", "chat") : ("chat", "mail")
        findings.warn(
            draft.position, "manager '\(draft.person.id)' is reached by \(given) alone",
            "add a \(missing) channel: both mail and chat go out for every lead")
    }
}
