// The people of the stories, beside those of the samples.

import Foundation
import LeadCore
import LeadTestKit

/// Who plays in the stories.
enum Cast {
    /// The sample's people, and Billy has chat as well as mail.
    static let people = Sample.people.map { person in
        person.id == "billy" ? with(person, "mail", "slack") : person
    }

    /// The sample's rulebook with these people.
    static func rulebook(
        people: [Person] = people, routes: [Route] = Sample.routes, policy: EscalationPolicy = Sample.standard,
        choice: ChoiceSettings = ChoiceSettings(), retry: RetryPolicy = RetryPolicy(), operators: [PersonID] = ["lee"],
        channels: [ChannelSettings] = Sample.channels
    ) -> Rulebook {
        Sample.rulebook(
            people: people, channels: channels, routes: routes, policies: ["standard": policy], choice: choice,
            retry: retry, operators: operators)
    }

    /// The sample's people, with mail alone.
    static let mailOnly = Sample.people.map { with($0, "mail") }

    /// `person`, reached by `channels`.
    static func with(_ person: Person, _ channels: ChannelID...) -> Person {
        Person(
            id: person.id, name: person.name, isManager: person.isManager, rep: person.rep, timeZone: person.timeZone,
            reach: channels.map { Sample.reach($0, "\(person.id)@example.com") })
    }

    /// `person` in another time zone.
    static func with(_ person: Person, in zone: String) -> Person {
        Person(
            id: person.id, name: person.name, isManager: person.isManager, rep: person.rep,
            timeZone: TimeZone(identifier: zone) ?? .gmt, reach: person.reach)
    }
}
