// `policies`: what happens when, as long as nobody chooses. The core decides what makes a policy; here its verdict gets
// a place in the file and a sentence.

import LeadCore

extension SectionReader {
    /// Policies as read.
    struct PolicyDrafts {
        /// Those without flaws.
        var usable: [String: EscalationPolicy] = [:]
        /// All names, flawed or not, in the order of the file.
        var declared: [(name: String, position: Position)] = []
        /// The calendars that policies name.
        var calendars: Set<String> = []
        /// Who gets leads in the end, and by which policy.
        var fallbacks: [(person: PersonID, policy: String)] = []

        var names: [String] { declared.map(\.name) }
    }

    func readPolicies(_ root: MappingReader, people: [PersonDraft], calendars: CalendarDrafts) -> PolicyDrafts {
        var drafts = PolicyDrafts()
        let example = "add a policy that ends with { after: 60m, assign: PERSON }"
        guard let item = root.required("policies", example), let map = item.mapping("'policies'") else { return drafts }
        let entries = map.all()
        if entries.isEmpty { item.error("is empty", example) }
        for (name, position, item) in entries {
            if !Item.isIdentifier(name) {
                findings.error(position, "a policy's name is not usable", Item.identifierRule)
            }
            drafts.declared.append((name, position))
            var calendar: WorkCalendar?
            var stepsItem: Item? = item
            if case .mapping = item.node, let map = item.mapping("a policy") {
                let name = map.optional("calendar")?.reference(to: calendars.names, what: "calendar")
                stepsItem = map.required("steps", "or write the list of steps alone")
                map.finish()
                if let name {
                    drafts.calendars.insert(name)
                    calendar = calendars.usable[name]
                }
            }
            guard let item = stepsItem, let list = item.list(of: "a step") else { continue }
            let steps = list.map { readStep($0, people: people) }
            for step in steps {
                if case .assign(let person) = step?.action { drafts.fallbacks.append((person, name)) }
            }
            // The order is judged only when every step could be read.
            let read = steps.compactMap(\.self)
            guard read.count == steps.count else { continue }
            do throws(EscalationPolicy.Flaw) {
                drafts.usable[name] = try EscalationPolicy(steps: read, calendar: calendar)
            } catch {
                note(error, list: item, steps: list)
            }
        }
        return drafts
    }

    private func readStep(_ item: Item, people: [PersonDraft]) -> EscalationPolicy.Step? {
        guard let map = item.mapping("a step") else { return nil }
        defer { map.finish() }
        let after = map.required("after", "write after: 15m")?.duration(mayBeZero: true)
        let actions = [
            ("notify", map.optional("notify")), ("remind", map.optional("remind")), ("assign", map.optional("assign")),
        ]
        let given = actions.compactMap { name, item in item.map { (name, $0) } }
        guard let (name, action) = given.first else {
            findings.error(map.position, "a step does nothing", "add notify, remind or assign")
            return nil
        }
        guard given.count == 1 else {
            findings.error(map.position, "a step does more than one thing", "make it one step for each")
            return nil
        }
        let read: EscalationPolicy.Action? =
            switch name {
            case "notify": readAudience(action, people: people).map { .notify($0) }
            case "remind": readAudience(action, people: people).map { .remind($0) }
            default: action.reference(to: people.names, what: "person").map { .assign(PersonID($0)) }
            }
        guard let after, let read else { return nil }
        return EscalationPolicy.Step(after: after, action: read)
    }

    private func readAudience(_ item: Item, people: [PersonDraft]) -> EscalationPolicy.Audience? {
        let roles: [String: EscalationPolicy.Audience] = ["manager": .manager, "next_manager": .nextManager]
        if let word = item.word {
            if let role = roles[word] { return role }
            if let nearest = Wording.nearest(to: word, among: roles.keys.sorted()) {
                item.error("names nobody", "did you mean '\(nearest)'?")
                return nil
            }
        }
        guard !item.isEmptyList else {
            item.error("is empty", "write manager, next_manager or people's names")
            return nil
        }
        for entry in item.listOrSingle() {
            guard let word = entry.word, roles[word] != nil else { continue }
            entry.error("is a role, which can't stand among names", "make it a step of its own")
            return nil
        }
        let persons = readPersons(item, people: people, asked: true)
        return persons.isEmpty ? nil : .people(persons)
    }

    private func note(_ flaw: EscalationPolicy.Flaw, list: Item, steps: [Item]) {
        let end = steps.last?.position ?? list.position
        switch flaw {
        case .empty:
            findings.error(list.position, "a policy has no steps", "end it with { after: 60m, assign: PERSON }")
        case .endsWithoutOwner:
            findings.error(
                end, "the policy ends without giving the lead an owner",
                "add a last step such as { after: 60m, assign: PERSON }")
        case .assignsBeforeTheEnd(let step):
            findings.error(
                steps[step].position, "the lead has its owner here, so the steps after this one never happen",
                "make it the last step")
        case .goesBackInTime(let step):
            findings.error(
                steps[step].position, "this step comes earlier than the one before it",
                "times count from the lead's arrival; put the steps in order")
        case .asksNobody:
            findings.error(
                list.position, "the policy asks nobody to choose", "begin with { after: 0s, notify: manager }")
        }
    }
}
