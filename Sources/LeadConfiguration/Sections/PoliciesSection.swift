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
            var clock = EscalationPolicy.Clock.always
            var offDuty = EscalationPolicy.OffDuty.next
            var lastResort: PersonID?
            var moreTime: Duration?
            var firstAction: Duration?
            var wakes = false
            var playbook: [String] = []
            var target: (time: Duration, position: Position)?
            var stepsItem: Item? = item
            if case .mapping = item.node, let map = item.mapping("a policy") {
                let names = calendars.names + [Self.addressed]
                if let name = map.optional("calendar")?.reference(to: names, what: "calendar") {
                    drafts.calendars.insert(name)
                    clock = name == Self.addressed ? .addressed : calendars.usable[name].map { .office($0) } ?? .always
                }
                if let item = map.optional("off_duty") { offDuty = readOffDuty(item) ?? .next }
                moreTime = map.optional("more_time")?.duration()
                firstAction = map.optional("first_action")?.duration()
                wakes = map.optional("wake")?.flag() ?? false
                playbook = map.optional("playbook").map(readPlaybook) ?? []
                target = map.optional("target").flatMap { item in item.duration().map { ($0, item.position) } }
                if let item = map.optional("last_resort") {
                    lastResort = item.reference(to: people.names, what: "person").map { PersonID($0) }
                    if let lastResort { drafts.fallbacks.append((lastResort, name)) }
                }
                stepsItem = map.required("steps", "or write the list of steps alone")
                map.finish()
            }
            guard let item = stepsItem, let list = item.list(of: "a step") else { continue }
            let end = wholeTime(of: list)
            let whole = target?.time ?? end
            if let target, let end, end > target.time {
                findings.warn(
                    target.position,
                    "the policy may take \(end.words), which is longer than its target of \(target.time.words)",
                    "let the last step come sooner")
            }
            let steps = list.map { readStep($0, people: people, whole: whole, lastResort: lastResort) }
            for step in steps {
                if case .assign(let person) = step?.action { drafts.fallbacks.append((person, name)) }
            }
            // The order is judged only when every step could be read.
            let read = steps.compactMap(\.self)
            guard read.count == steps.count else { continue }
            do throws(EscalationPolicy.Flaw) {
                drafts.usable[name] = try EscalationPolicy(
                    steps: read, clock: clock, offDuty: offDuty, lastResort: lastResort, moreTime: moreTime,
                    target: target?.time, firstAction: firstAction, wakes: wakes,
                    playbook: playbook)
            } catch {
                note(error, list: item, steps: list)
            }
        }
        return drafts
    }

    private func readPlaybook(_ item: Item) -> [String] {
        let most = EscalationPolicy.longestPlaybook
        let steps = item.texts()
        if steps.isEmpty { item.error("has no steps", "write what the rep is to do, or remove the key") }
        if steps.count > most.steps {
            item.error("has \(steps.count) steps", "at most \(most.steps) stand in a message; join some")
        }
        for (text, step) in steps where text.count > most.characters {
            step.error("has \(text.count) characters", "shorten it to \(most.characters); a link may say more")
        }
        return steps.map(\.text)
    }

    private func readOffDuty(_ item: Item) -> EscalationPolicy.OffDuty? {
        guard let text = item.text("wait or next") else { return nil }
        guard let value = EscalationPolicy.OffDuty(rawValue: text) else {
            item.error("must be wait or next", Wording.suggestion(for: text, among: ["wait", "next"]))
            return nil
        }
        return value
    }

    /// The time of the last step, of which others may take a share where the policy has no target; what is wrong with it is noted when it is read.
    private func wholeTime(of list: [Item]) -> Duration? {
        guard case .mapping(let step) = list.last?.node, let node = step["after"], let text = node.scalar?.string else {
            return nil
        }
        return Duration(text: text.trimmed)
    }

    private func readStep(
        _ item: Item, people: [PersonDraft], whole: Duration?, lastResort: PersonID?
    ) -> EscalationPolicy.Step? {
        guard let map = item.mapping("a step") else { return nil }
        defer { map.finish() }
        let after = readTime(map, whole: whole)
        let repetition = readRepetition(map)
        let onlyUnclaimed = readGuard(map)
        let actions = [
            ("notify", map.optional("notify")), ("remind", map.optional("remind")), ("warn", map.optional("warn")),
            ("assign", map.optional("assign")),
        ]
        let given = actions.compactMap { name, item in item.map { (name, $0) } }
        guard let (name, action) = given.first else {
            findings.error(map.position, "a step does nothing", "add notify, remind, warn or assign")
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
            case "warn": readAudience(action, people: people).map { .warn($0) }
            default: readOwner(action, people: people, lastResort: lastResort)
            }
        guard let after, let read else { return nil }
        return EscalationPolicy.Step(after: after, action: read, onlyUnclaimed: onlyUnclaimed, repetition: repetition)
    }

    /// `assign: PERSON`, or `assign: best`.
    private func readOwner(_ item: Item, people: [PersonDraft], lastResort: PersonID?) -> EscalationPolicy.Action? {
        guard item.word == Self.best else {
            return item.reference(to: people.names + [Self.best], what: "person").map { .assign(PersonID($0)) }
        }
        guard let lastResort else {
            item.error(
                "doesn't say who gets the lead when nobody is on duty and has room",
                "give the policy a last_resort: PERSON, beside its steps")
            return nil
        }
        return .assignBest(lastResort: lastResort)
    }

    /// Stands for the first in the ranking.
    private static let best = "best"

    /// `after: 15m`, or `at: 80%` of the time until the last step.
    private func readTime(_ map: MappingReader, whole: Duration?) -> Duration? {
        guard let item = map.optional("at") else {
            return map.required("after", "write after: 15m, or at: 80%")?.duration(mayBeZero: true)
        }
        if let after = map.optional("after") { after.error("is given beside 'at'", "one time is enough") }
        guard let text = item.text("a share") else { return nil }
        guard text.hasSuffix("%"), let percent = Int(text.dropLast()), (1...99).contains(percent) else {
            item.error("is not a share of the policy's time", "write it as 80%")
            return nil
        }
        if whole == nil {
            item.error(
                "is a share of a time that the last step doesn't give", "give the last step a time such as after: 60m")
        }
        return whole.map { .milliseconds($0.milliseconds * Int64(percent) / 100) }
    }

    /// `every: 10m, times: 3`.
    private func readRepetition(_ map: MappingReader) -> EscalationPolicy.Repetition? {
        let every = map.optional("every")
        let times = map.optional("times")
        if every == nil, let times { times.error("has no interval beside it", "add every: 10m") }
        if times == nil, let every { every.error("has no number beside it", "add times: 3, which is how often in all") }
        guard let interval = every?.duration(), let count = times?.integer(2...100) else { return nil }
        return EscalationPolicy.Repetition(interval: interval, times: count)
    }

    /// `if: unclaimed`.
    private func readGuard(_ map: MappingReader) -> Bool {
        guard let item = map.optional("if"), let text = item.text("unclaimed") else { return false }
        if text != "unclaimed" { item.error("is no condition of a step", "write if: unclaimed, or remove it") }
        return true
    }

    private func readAudience(_ item: Item, people: [PersonDraft]) -> EscalationPolicy.Audience? {
        let roles: [String: EscalationPolicy.Audience] = [
            "manager": .manager, "next_manager": .nextManager, "asked": .asked,
        ]
        if let word = item.word {
            if let role = roles[word] { return role }
            if let nearest = Wording.nearest(to: word, among: roles.keys.sorted()) {
                item.error("names nobody", "did you mean '\(nearest)'?")
                return nil
            }
        }
        guard !item.isEmptyList else {
            item.error("is empty", "write manager, next_manager, asked or people's names")
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
        case .repeatsBeyondTheEnd(let step):
            findings.error(
                steps[step].position, "the repetitions go on when the lead has its owner",
                "repeat it less often, or give the last step more time")
        case .asksNobody:
            findings.error(
                list.position, "the policy asks nobody to choose", "begin with { after: 0s, notify: manager }")
        }
    }
}
