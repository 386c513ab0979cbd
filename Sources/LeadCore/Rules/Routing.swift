// Who chooses for one lead: the route's managers, with the lead's own owner before them where the route says so.

/// What a rulebook makes of a lead.
struct Routing {
    let route: Route?
    /// Who chooses, in the order in which they are asked.
    let managers: [PersonID]
    /// Why, in words.
    let reason: String

    init(of lead: Lead, by rulebook: Rulebook) {
        route = rulebook.route(for: lead)
        let base = route?.managers ?? []
        let why = route?.reason(for: lead) ?? ""
        guard let route, route.ownerFirst, let owner = rulebook.manager(called: lead[.owner]) else {
            managers = base
            reason = why
            return
        }
        managers = [owner.id] + base.filter { $0 != owner.id }
        reason = "\(owner.name) owns the lead, and \(why)"
    }
}

extension Rulebook {
    /// The manager whose id, name or address `text` is; nil when it is nobody's, or several people's.
    fileprivate func manager(called text: String?) -> Person? {
        guard let text else { return nil }
        let found = people.filter { person in
            person.isManager
                && (person.id.text.caseInsensitiveEquals(text) || person.name.caseInsensitiveEquals(text)
                    || person.reach.contains { $0.address.revealed.caseInsensitiveEquals(text) })
        }
        return found.count == 1 ? found[0] : nil
    }
}
