// What only shows when everything has been read: people whom nothing concerns, and fallback persons whose hours nobody gave.

import LeadCore

extension SectionReader {
    func checkReferences(
        _ people: [PersonDraft], routes: [Route], policies: PolicyDrafts, operators: [PersonID]
    ) {
        // What could not be read may name anybody.
        guard !findings.hasErrors else { return }
        var asked = Set(routes.flatMap(\.managers))
        for policy in policies.usable.values { asked.formUnion(policy.steps.flatMap(\.action.people)) }
        let concerned = asked.union(operators).union(policies.fallbacks.map(\.person))
            .union(people.flatMap { $0.absences.compactMap(\.substitute) + $0.absenceFiles.compactMap(\.substitute) })
        for draft in people where !draft.person.id.text.isEmpty && !concerned.contains(draft.person.id) {
            let id = draft.person.id
            if draft.person.isManager, draft.person.rep == nil {
                findings.warn(
                    draft.position, "manager '\(id)' is named by no route and no policy",
                    "name them there; as it is they are asked only in others' absence, as a lead's owner or by a manager"
                )
            } else if !draft.hasRepKey {
                findings.warn(
                    draft.position, "nothing refers to '\(id)'", "make them a manager or a rep, or remove them")
            }
        }
        guard people.contains(where: { $0.person.hours != nil }) else { return }
        for draft in people where draft.person.hours == nil {
            guard let fallback = policies.fallbacks.first(where: { $0.person == draft.person.id }) else { continue }
            findings.warn(
                draft.position,
                "'\(draft.person.id)' gets leads by policy '\(fallback.policy)' and has no working hours",
                "add 'hours' or a 'calendar'; without them they count as always there")
        }
    }
}

extension EscalationPolicy.Action {
    /// Whom the action names.
    fileprivate var people: [PersonID] {
        switch self {
        case .notify(.people(let people)), .remind(.people(let people)), .warn(.people(let people)): people
        case .notify, .remind, .warn, .assign, .assignBest: []
        }
    }
}
