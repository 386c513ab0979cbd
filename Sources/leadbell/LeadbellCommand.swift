// The root of the commands: `leadbell COMMAND`. Exit codes: 0 done, 1 the answer is no, 64 the command line is wrong. Errors go to
// standard error in one plain sentence.

import ArgumentParser

struct LeadbellCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leadbell",
        abstract: "Routes leads to the managers who choose, and never lets one go unanswered.",
        discussion: """
            Put lead files into the spool's incoming/ folder; leadbell tells the right manager by chat and mail, with a \
            link to choose a rep, and gives the lead to the fallback person when nobody does.

            To see it work without any set-up: leadbell demo
            """,
        version: leadbellVersion,
        subcommands: [
            ServeCommand.self, CheckCommand.self, SubmitCommand.self, ListCommand.self, ShowCommand.self,
            AssignCommand.self, SplitCommand.self, AwayCommand.self, LinkCommand.self, TokenCommand.self,
            ExplainCommand.self, ChannelsCommand.self, TestChannelCommand.self, TextsCommand.self,
            FailedCommand.self, RetryCommand.self, ReloadCommand.self, DemoCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            Terminal.complain("leadbell: \(failure.description)")
            exit(withError: ExitCode(1))
        } catch {
            exit(withError: error)
        }
    }
}

/// The program's version, shown by `--version`.
let leadbellVersion = "0.1.0"

/// How data is printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case text, json
}

/// `--config`, common to all commands.
struct ConfigurationOptions: ParsableArguments {
    @Option(name: .customLong("config"), help: ArgumentHelp("The configuration file.", valueName: "path"))
    var path = "/etc/leadbell/leadbell.yaml"
}

/// `--format`, common to commands that print data.
struct FormatOptions: ParsableArguments {
    @Option(help: "How to print: text, or json for programs.")
    var format = OutputFormat.text
}
