// `routes`: which managers and which policy a lead gets. The first route whose conditions hold takes the lead, so only
// the last one may be, and must be, without conditions.

import LeadCore

extension SectionReader {
    func readRoutes(_ root: MappingReader, people: [PersonDraft], policies: PolicyDrafts) -> [Route] {
        let example = "add a list that ends with { managers: [...], policy: ... }"
        guard let item = root.required("routes", example), let list = item.list(of: "a route") else { return [] }
        if list.isEmpty { item.error("is empty", example) }
        var routes: [Route] = []
        var positions: [Position] = []
        var used: Set<String> = []
        for (index, entry) in list.enumerated() {
            guard let map = entry.mapping("a route") else { continue }
            let conditions = map.optional("when").map(readConditions)
            let route = Route(
                conditions: conditions?.read ?? [], managers: readManagers(map, people: people),
                policy: map.required("policy")?.reference(to: policies.names, what: "policy") ?? "",
                ask: map.optional("ask").flatMap(readAsk) ?? .first,
                ownerFirst: map.optional("owner_first")?.flag() ?? false)
            map.finish()
            let isLast = index == list.count - 1
            let isConditional = conditions.map { $0.given > 0 } ?? false
            if isLast, isConditional {
                findings.error(
                    map.position, "the last route has a condition, so a lead may get no route",
                    "add a route without 'when' after it")
            } else if !isLast, !isConditional, conditions == nil || conditions?.isShaped == true {
                findings.error(
                    map.position, "this route takes every lead, so those after it are never reached",
                    "give it a 'when' or move it to the end")
            }
            used.insert(route.policy)
            if isConditional, !findings.hasErrors {
                noteUnreachable(route, at: map.position, after: zip(routes, positions))
            }
            routes.append(route)
            positions.append(map.position)
        }
        for (name, position) in policies.declared where !used.isEmpty && !used.contains(name) && !used.contains("") {
            findings.warn(position, "policy '\(name)' is used by no route")
        }
        return routes
    }

    /// What can be told of a route without any lead: that there is none for it.
    private func noteUnreachable(
        _ route: Route, at position: Position, after earlier: Zip2Sequence<[Route], [Position]>
    ) {
        let condition = Condition.all(route.conditions)
        if condition.isImpossible {
            findings.warn(position, "no lead can meet these conditions", "make it one route for each")
        } else if let (_, taker) = earlier.first(where: { other, _ in
            !other.conditions.isEmpty && condition.implies(.all(other.conditions))
        }) {
            findings.warn(
                position, "the route in line \(taker.line) takes every lead that this one would",
                "move this one before it")
        }
    }

    private func readAsk(_ item: Item) -> Route.Ask? {
        guard let text = item.text("first, all or in_turn") else { return nil }
        guard let ask = Route.Ask(rawValue: text) else {
            let known = Route.Ask.allCases.map(\.rawValue)
            item.error("must be first, all or in_turn", Wording.suggestion(for: text, among: known))
            return nil
        }
        return ask
    }

    private func readManagers(_ map: MappingReader, people: [PersonDraft]) -> [PersonID] {
        guard let item = map.required("managers", "name who chooses, as in managers: [dana]") else { return [] }
        if item.isEmptyList { item.error("is empty", "name at least one manager") }
        return readPersons(item, people: people, asked: true)
    }
}
