// `leadbell split`: undoes a wrong merge. An inquiry that joined the case of somebody else becomes a case of its own, through
// the running daemon, or directly on the database when none runs.

import ArgumentParser

struct SplitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split",
        abstract: "Make an inquiry that joined a lead a lead of its own.",
        discussion: """
            When the same person or firm asks again, the inquiry joins their open lead. Where that was somebody else's, \
            this takes it out again and asks the managers as for any new lead. `leadbell show` has the inquiry's id.

            Example: leadbell split 7vtsaamhpxt3m457
            """)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: FormatOptions

    @Argument(help: "The inquiry's id or the beginning of it; or the lead's, when one inquiry has joined it.")
    var id: String

    func run() async throws {
        let request = ControlRequest.split(lead: id)
        try await ControlCall(options, output).carryOut { _ in request }
    }
}
