// `rep` of a person: what makes them one, from their skills to their caps.

import Foundation
import LeadCore

extension SectionReader {
    func readRep(_ item: Item) -> Person.RepProfile? {
        guard case .mapping = item.node else {
            switch item.text("true, or a mapping with skills and capacity") {
            case "true": return Person.RepProfile()
            case "false", nil: return nil
            default:
                item.error("must be true, or a mapping with skills and capacity", "write rep: true")
                return nil
            }
        }
        guard let map = item.mapping("'rep'") else { return nil }
        defer { map.finish() }
        func texts(_ key: String) -> [String] { map.optional(key)?.texts().map(\.text) ?? [] }
        let caps = ["capacity", "hard_cap", "per_day", "per_week"].map { key in
            let item = map.optional(key)
            return (item: item, number: item?.integer(1...10_000))
        }
        checkOrder(caps[0].number, caps[1], "'hard_cap' is below 'capacity', which would never be reached")
        checkOrder(caps[2].number, caps[3], "'per_week' is below 'per_day', which would never be reached")
        return Person.RepProfile(
            skills: map.optional("skills").map(readSkills) ?? [], languages: texts("languages"),
            regions: map.optional("regions").map(readRegions) ?? [], products: texts("products"),
            campaigns: texts("campaigns"), licences: texts("licences"),
            seniority: map.optional("seniority")?.integer(1...5), capacity: caps[0].number, hardCap: caps[1].number,
            perDay: caps[2].number, perWeek: caps[3].number, weight: map.optional("weight").flatMap(readWeight) ?? 1)
    }

    /// A list of names, some perhaps with a level; or a mapping of names to levels; or one name.
    private func readSkills(_ item: Item) -> [Skill] {
        var skills: [Skill] = []
        func add(_ name: String, _ position: Position, level: Int) {
            if skills.contains(where: { $0.name.lowercased() == name.lowercased() }) {
                findings.error(position, "a skill is named twice", "once is enough")
            }
            skills.append(Skill(name, level: level))
        }
        for entry in item.listOrSingle() {
            if case .mapping = entry.node {
                for (name, position, level) in entry.mapping("a skill")?.all() ?? [] {
                    if let level = level.integer(1...5) { add(name, position, level: level) }
                }
            } else if let name = entry.text() {
                add(name, entry.position, level: Skill(name).level)
            }
        }
        return skills
    }

    /// `US` or `US-IL`.
    private func readRegions(_ item: Item) -> [String] {
        item.texts().compactMap { text, item in
            guard text.wholeMatch(of: /[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?/) != nil else {
                item.error("is no code of a country or a state", "write it as US or US-IL")
                return nil
            }
            return text.uppercased()
        }
    }

    private func readWeight(_ item: Item) -> Double? {
        guard let number = item.number() else { return nil }
        guard number > 0, number <= 1000 else {
            item.error("must be more than 0 and at most 1000")
            return nil
        }
        return NSDecimalNumber(decimal: number).doubleValue
    }

    private func checkOrder(_ least: Int?, _ cap: (item: Item?, number: Int?), _ sentence: String) {
        guard let least, let item = cap.item, let number = cap.number, number < least else { return }
        findings.error(item.position, sentence, "make it at least \(least)")
    }
}
