// `leadbell assign`: a manager's choice from the command line, through the running daemon, or directly on the database
// when none runs; then the messages wait in the outbox for the next start.

import ArgumentParser

struct AssignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assign", abstract: "Give a lead to a rep, as a manager.")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: FormatOptions

    @Argument(help: "The lead's id, or the beginning of it.")
    var id: String

    @Option(help: "Who gets the lead.")
    var rep: String

    @Option(name: .customLong("as"), help: "The manager who chooses.")
    var manager: String

    @Option(help: "A note to the rep.")
    var note: String?

    @Flag(help: "Take the lead from whoever has it.")
    var reassign = false

    @Flag(help: "Choose the rep although there are warnings.")
    var anyway = false

    func run() async throws {
        let request = ControlRequest.assign(
            lead: id, rep: rep, manager: manager, note: note, reassign: reassign, anyway: anyway)
        try await ControlCall(options, output).carryOut { _ in request }
    }
}
