// Who is reached by what in the demo, in the order of its configuration: people, then programs that are told of events.

import LeadCore

/// Everyone whom a message can be for.
struct InboxCast: Sendable {
    /// Someone, and all their ways.
    struct Member: Sendable, Equatable {
        /// Of a person, or of the channel that tells a program.
        let id: String
        let name: String
        /// What they are in the story.
        let role: String
        let ways: [InboxKind]
        fileprivate let addresses: Set<String>
    }

    let members: [Member]

    init(_ rulebook: Rulebook) {
        let people = rulebook.people.map { person in
            let kinds = person.reach.compactMap { rulebook.channels[$0.channel]?.kind }
            return Member(
                id: person.id.text, name: person.name,
                role: person.isManager ? "manager" : person.rep != nil ? "rep" : "told of faults",
                ways: InboxKind.all.filter { kinds.contains($0.name) },
                addresses: Set(person.reach.map(\.address.revealed)))
        }
        let programs = rulebook.channels.values.filter { $0.events != nil }.map(\.id.text).sorted().map { id in
            Member(id: id, name: id, role: "a program, told of events", ways: [.events], addresses: [])
        }
        members = people + programs
    }

    /// Whom a message for `recipient` is for; nil for nobody of the cast.
    func member(_ recipient: String) -> Member? {
        members.first { $0.id == recipient || $0.addresses.contains(recipient) }
    }
}
