// `leadbell retry`: undelivered messages go out again, through the running daemon or at its next start.

import ArgumentParser

struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Send messages again that did not reach their person.",
        discussion: "Questions that have been answered meanwhile are not asked again.")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: FormatOptions

    @Argument(help: "A message's id as leadbell failed shows it, or a lead's: all of its messages.")
    var id: String?

    @Flag(help: "Everything that is undelivered.")
    var all = false

    func validate() throws {
        guard (id == nil) == all else {
            throw ValidationError("name a message or a lead, or give --all")
        }
    }

    func run() async throws {
        try await ControlCall(options, output).carryOut { _ in .retry(id: id) }
    }
}
