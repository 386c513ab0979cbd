// `ranking`: what counts how much when reps are ranked, and what certain leads need of a rep.

import Foundation
import LeadCore

extension SectionReader {
    func readRanking(_ root: MappingReader, people: [PersonDraft]) -> RankingSettings {
        let standard = RankingSettings()
        guard let map = root.optional("ranking")?.mapping("'ranking'") else { return standard }
        defer { map.finish() }
        let loads = RankingSettings.Load.allCases.map(\.rawValue)
        let load = map.optional("load")?.reference(to: loads, what: "measure of load")
        return RankingSettings(
            weights: map.optional("weights").map(readWeights) ?? standard.weights,
            window: map.optional("window")?.duration() ?? standard.window,
            load: load.flatMap(RankingSettings.Load.init) ?? standard.load,
            seniorityValues: map.optional("seniority_values").flatMap(readSeniorityValues) ?? standard.seniorityValues,
            highValue: map.optional("high_value").flatMap(readHighValue) ?? standard.highValue,
            minimumSample: map.optional("minimum_sample")?.integer(1...1_000_000) ?? standard.minimumSample,
            rules: map.optional("rules").map { readRules($0, people: people) } ?? [])
    }

    private func readWeights(_ item: Item) -> [String: Double] {
        guard let map = item.mapping("'weights'") else { return [:] }
        defer { map.finish() }
        var weights: [String: Double] = [:]
        for name in RankingFactors.names {
            guard let item = map.optional(name), let number = item.number() else { continue }
            guard number >= 0, number <= 1000 else {
                item.error("must be 0 to 1000", "0 turns the factor off")
                continue
            }
            weights[name] = NSDecimalNumber(decimal: number).doubleValue
        }
        if weights.count == RankingFactors.names.count, weights.values.allSatisfy({ $0 == 0 }) {
            item.error("turns every factor off", "leave at least one on")
        }
        return weights
    }

    private func readSeniorityValues(_ item: Item) -> [Decimal]? {
        guard let list = item.list(of: "a value of 'seniority_values'") else { return nil }
        let numbers = list.compactMap { $0.number() }
        guard numbers.count == list.count else { return nil }
        guard numbers.count == 4, zip(numbers, numbers.dropFirst()).allSatisfy(<) else {
            item.error(
                "must be four numbers, each more than the one before",
                "they are the values from which on a lead asks for a seniority of 2, 3, 4 and 5")
            return nil
        }
        return numbers
    }

    private func readHighValue(_ item: Item) -> Decimal? {
        guard let number = item.number() else { return nil }
        guard number > 0 else {
            item.error("must be more than 0")
            return nil
        }
        return number
    }

    // MARK: Rules

    private func readRules(_ item: Item, people: [PersonDraft]) -> [HardRule] {
        (item.list(of: "a rule") ?? []).compactMap { entry in
            guard let map = entry.mapping("a rule") else { return nil }
            defer { map.finish() }
            let whenItem = map.required("when", "say which leads need it, as in when: { project_type: mortgage }")
            let conditions = whenItem.map(readConditions)
            if let whenItem, let conditions, conditions.isShaped, conditions.given == 0 {
                whenItem.error("has no condition", "name a field")
            }
            let need = readNeed(map, people: people)
            guard let conditions, let need else { return nil }
            let condition = conditions.read.count == 1 ? conditions.read[0] : .all(conditions.read)
            return HardRule(condition, needs: need)
        }
    }

    private func readNeed(_ map: MappingReader, people: [PersonDraft]) -> HardRule.Need? {
        let profiles = people.compactMap(\.person.rep)
        let needs = map.expectedOne(of: "licence", "skill") { [findings, position = map.position] in
            findings.error(position, "a rule needs nothing of a rep", "add a licence or a skill")
        }
        switch (needs[0], needs[1]) {
        case (let item?, nil):
            return readName(item, of: "licence", known: profiles.flatMap(\.licences)).map { .licence($0) }
        case (nil, let item?):
            return readName(item, of: "skill", known: profiles.flatMap(\.skills)).map { .skill($0) }
        case (_?, let item?):
            item.error("stands beside a licence", "make it a rule of its own")
        case (nil, nil):
            break
        }
        return nil
    }

    /// What no rep has is worth a warning: such a lead could be given to nobody.
    private func readName(_ item: Item, of kind: String, known: [String]) -> String? {
        guard let text = item.text() else { return nil }
        if !known.contains(where: { $0.lowercased() == text.lowercased() }) {
            let nearest = Wording.nearest(to: text, among: known)
            item.warn(
                "names a \(kind) that no rep has, so such a lead could be given to nobody",
                nearest.map { "did you mean '\($0)'?" } ?? "give it to those who have it")
        }
        return text
    }
}
