// `leadbell entry-link`: a link for a person of the firm to type leads in.

import ArgumentParser
import Foundation
import LeadConfiguration
import LeadCore
import LeadEngine

struct EntryLinkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "entry-link",
        abstract: "Make a link for a person to type in leads that came by a call, a visit or word of mouth.",
        discussion: """
            The link belongs to the person and opens no lead. It works until it expires, until the person is out of the \
            configuration, or until the key that signed it is.

            Example: leadbell entry-link dana --days 90
            """)

    @OptionGroup var options: ConfigurationOptions

    @Option(help: "For how many days it works, 1 to 365.")
    var days = 90

    @Argument(help: "The person's id.")
    var person: String

    func validate() throws {
        guard (1...365).contains(days) else { throw ValidationError("--days takes 1 to 365") }
    }

    func run() throws {
        let configuration = try ConfigurationAccess().require(options.path)
        guard let found = configuration.rulebook.person(PersonID(person)) else {
            throw CommandFailure("the configuration has no person \(person.printable)")
        }
        let expires = SystemTime.now() + .seconds(Int64(days) * 86_400)
        let token = configuration.linkKeys.entryToken(for: found.id, expires: expires)
        Terminal.line("\(configuration.rulebook.site.url)/e/\(token)")
    }
}
