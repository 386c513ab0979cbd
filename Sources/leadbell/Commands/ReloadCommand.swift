// `leadbell reload`: the running daemon reads its configuration anew, as by SIGHUP, and says what came of it.

import ArgumentParser

struct ReloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Let the running daemon read its configuration anew; a bad one changes nothing.",
        discussion: """
            Leads that are open keep the deadlines that they were promised, unless --recompute plans those that nobody \
            has yet anew: from their arrival, by the routes, policies and calendars as they are now.
            """)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: FormatOptions

    @Flag(help: "Plan open leads that nobody has yet by the new rules; their histories tell.")
    var recompute = false

    func run() async throws {
        try await ControlCall(options, output).carryOut { [recompute] _ in .reload(recompute: recompute) }
    }
}
