// `leadbell link`: the link to a person's own page, to be handed to them.

import ArgumentParser
import LeadCore
import LeadEngine

struct LinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link",
        abstract: "Print the link to a person's own page, where they type in calls and say when they are away.",
        discussion: """
            Whoever has the link can type in leads and say that the person is away, so it is for them alone. It opens no \
            lead. It works as long as other links do (choice.link_lifetime) unless --days says otherwise, and no longer than \
            the person is in the configuration. From a lead's page people can have it mailed to themselves.

            Example: leadbell link dana --days 90
            """)

    @OptionGroup var options: ConfigurationOptions

    @Option(help: "For how many days it works, 1 to 365; choice.link_lifetime unless told.")
    var days: Int?

    @Argument(help: "Whose page.")
    var person: String

    func validate() throws {
        guard (1...365).contains(days ?? 1) else { throw ValidationError("--days takes 1 to 365") }
    }

    func run() async throws {
        let configuration = try ConfigurationAccess().require(options.path)
        let id = PersonID(person)
        guard configuration.rulebook.person(id) != nil else {
            let known = configuration.rulebook.people.map(\.id.text).joined(separator: ", ")
            throw CommandFailure("there is no person \(person); there are \(known)")
        }
        let writer = BriefingWriter(rulebook: configuration.rulebook, keys: configuration.linkKeys)
        let lifetime = days.map { Duration.seconds(Int64($0) * 86_400) }
        Terminal.line(writer.ownPage(of: id, at: try SystemTime().now(), for: lifetime))
    }
}
