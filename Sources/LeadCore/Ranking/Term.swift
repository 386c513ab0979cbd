// Texts as rankings compare them: in lower case, and by their hashes first. A ranking asks some ten times for each rep
// whether one short list has one text; hashing the text each time would cost more than all else.

/// A text, and as it is compared.
struct Term: Sendable {
    let text: String
    /// The text in lower case.
    let key: String
    /// Of the key; the same for equal keys within one process.
    let hash: Int

    init(_ text: String) {
        self.text = text
        key = text.lowercased()
        hash = key.hashValue
    }

    func matches(_ other: Term) -> Bool { hash == other.hash && key == other.key }
}

/// A rep's few texts of one kind, each once.
struct TermSet: Sendable {
    private(set) var terms: [Term] = []

    init(_ texts: [String]) {
        for term in texts.map({ Term($0) }) where !contains(term) { terms.append(term) }
    }

    var isEmpty: Bool { terms.isEmpty }

    func contains(_ term: Term) -> Bool { terms.contains { $0.matches(term) } }
}

/// A rep's levels by skill.
struct SkillLevels: Sendable {
    private var levels: [(skill: Term, level: Int)] = []

    /// Of a skill that is named twice the higher level counts.
    init(_ skills: [Skill]) {
        for skill in skills {
            let term = Term(skill.name)
            if let index = levels.firstIndex(where: { $0.skill.matches(term) }) {
                levels[index].level = max(levels[index].level, skill.level)
            } else {
                levels.append((term, skill.level))
            }
        }
    }

    var isEmpty: Bool { levels.isEmpty }

    subscript(_ skill: Term) -> Int? { levels.first { $0.skill.matches(skill) }?.level }
}
