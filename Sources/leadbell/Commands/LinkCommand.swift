// `leadbell link`: the link to a person's own page, to be handed to them.

import ArgumentParser
import LeadCore
import LeadEngine

struct LinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link",
        abstract: "Print the link to a person's own page, where they say when they are away.",
        discussion: """
            Whoever has the link can say that the person is away, so it is for them alone. It works as long as other links \
            do (choice.link_lifetime). From a lead's page people can have it mailed to themselves.
            """)

    @OptionGroup var options: ConfigurationOptions

    @Argument(help: "Whose page.")
    var person: String

    func run() async throws {
        let configuration = try ConfigurationAccess().require(options.path)
        let id = PersonID(person)
        guard configuration.rulebook.person(id) != nil else {
            let known = configuration.rulebook.people.map(\.id.text).joined(separator: ", ")
            throw CommandFailure("there is no person \(person); there are \(known)")
        }
        let writer = BriefingWriter(rulebook: configuration.rulebook, keys: configuration.linkKeys)
        Terminal.line(writer.ownPage(of: id, at: try SystemTime().now()))
    }
}
