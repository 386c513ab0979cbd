// `leadbell channels`: every destination with its queue, rate, breaker and last error; `channels resume` tries what is
// stopped again.

import ArgumentParser

struct ChannelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "channels",
        abstract: "Show how each way out stands, or try again what is stopped.",
        discussion: """
            A channel is stopped when its peer says that the configuration is wrong: a webhook that is gone, a login that \
            is refused. Its messages are held until the configuration is reloaded or somebody resumes it. One that rests \
            has a peer that is down, and is tried again by itself. Of several mail relays one that refuses the login is \
            left out in the same way while the others go on.
            """,
        subcommands: [List.self, Resume.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Show each destination: queue, rate, breaker, last error.")

        @OptionGroup var options: ConfigurationOptions
        @OptionGroup var output: FormatOptions

        func run() async throws {
            let answer = try await ControlCall(options, output).answer { _ in .channels }
            let lanes = answer.lanes ?? []
            if output.format == .json {
                for lane in lanes { Terminal.line(try JSONLine.text(lane)) }
                return
            }
            guard !lanes.isEmpty else { return Terminal.line("nobody can be reached by any channel") }
            if lanes.allSatisfy({ $0.state == .unused }) { Terminal.line("\(answer.sentence)\n") }
            let rows = lanes.map { lane in
                [
                    lane.title, lane.kind, lane.words, "\(lane.queue)", "\(lane.held)", lane.rate,
                    lane.lastError.map { error in lane.lastErrorAt.map { "\($0) \(error)" } ?? error } ?? "–",
                ]
            }
            TextTable(["LANE", "KIND", "STATE", "QUEUE", "HELD", "RATE", "LAST ERROR"], rows).print()
            let complaints = Dictionary(lanes.map { ($0.channel, $0.complaint) }) { first, _ in first }
            for (channel, complaint) in complaints.sorted(by: { $0.key < $1.key }) {
                guard let complaint else { continue }
                Terminal.line(
                    "\n\(channel): \(complaint.printable)\nMessages go out all the same. What is left out is tried again after a "
                        + "reload or leadbell channels resume \(channel).")
            }
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "resume",
            abstract: "Try stopped and resting channels again, with the messages held for them.")

        @OptionGroup var options: ConfigurationOptions
        @OptionGroup var output: FormatOptions

        @Argument(help: "The channel's name in the configuration; all channels without it.")
        var channel: String?

        func run() async throws {
            try await ControlCall(options, output).carryOut { _ in .resume(channel: channel) }
        }
    }
}
