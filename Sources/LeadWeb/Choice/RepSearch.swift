// Finds the rep whose name somebody typed. Pages run no scripts: the browser offers the names, and what was typed is
// understood here.

import Foundation
import LeadCore

/// The reps by name.
struct RepSearch {
    private let people: [(id: PersonID, name: String, label: String)]

    /// A search among `people`.
    init(_ people: [Person]) {
        let counts = Dictionary(people.map { ($0.name, 1) }, uniquingKeysWith: +)
        self.people = people.map { person in
            (person.id, person.name, counts[person.name] == 1 ? person.name : "\(person.name) (\(person.id))")
        }
    }

    /// What the browser offers; each stands for one person.
    var names: [String] { people.map(\.label) }

    /// Those whose name or id has what was typed: alone if it is exactly theirs, else every one in whose name each word
    /// of it occurs. Nobody for a text of nothing.
    func matches(_ typed: String) -> [PersonID] {
        let typed = Self.folded(typed.trimmed)
        guard !typed.isEmpty else { return [] }
        let exact = people.filter { Self.folded($0.label) == typed || $0.id.text == typed }
        if exact.count == 1 { return exact.map(\.id) }
        let words = typed.split(separator: " ")
        return people.filter { person in
            let name = Self.folded("\(person.name) \(person.id)")
            return words.allSatisfy { name.contains($0) }
        }.map(\.id)
    }

    /// "Zoë" is found by "zoe".
    private static func folded(_ text: String) -> String {
        text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
    }
}
