// `leadbell reload`: the running daemon reads its configuration anew, as by SIGHUP, and says what came of it.

import ArgumentParser

struct ReloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Let the running daemon read its configuration anew; a bad one changes nothing.",
        discussion: "Leads that are open keep the deadlines that they were promised.")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: FormatOptions

    func run() async throws { try await ControlCall(options, output).carryOut { _ in .reload } }
}
