// `leadbell test-channel`: sends a message that says it is a test, with the configuration and the secrets as they are now,
// whether a daemon runs or not, and shows the whole exchange without secrets.

import ArgumentParser
import Curl
import Foundation
import LeadConfiguration
import LeadCore
import LeadEngine

struct TestChannelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test-channel",
        abstract: "Send a test message, and show what was said on both sides.",
        discussion: """
            With a channel's name the test goes to an operator who is reached by it, or else to the first person who is; \
            with --person to that person, by all of their channels or by the named one. Run it as a user who can read \
            the secrets. The exit code is 1 when the peer did not take a message.

            Example: leadbell test-channel teams --person dana
            """)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: FormatOptions

    @Argument(help: "The channel's name in the configuration.")
    var channel: String?

    @Option(help: "Who gets the test.")
    var person: String?

    private struct Report: Encodable {
        let channel: String
        let person: String
        let outcome: String
        let detail: String
        let seen: String
        let exchange: [String]
    }

    func validate() throws {
        guard channel != nil || person != nil else {
            throw ValidationError("name a channel, or give --person")
        }
    }

    func run() async throws {
        let configuration = try ConfigurationAccess().require(options.path)
        let tries = try tries(configuration.rulebook)
        let client = try HTTPClient()
        let channels = try Assembly.channels(configuration, client)
        var isTaken = true
        for (person, reach) in tries {
            guard let channel = channels.first(where: { $0.id == reach.channel }) else { continue }
            let briefing = Briefing.test(
                for: person, on: channel.id, by: configuration.rulebook, at: SystemTime.now())
            let exchange = await channel.rehearse(briefing, to: reach.address)
            try show(exchange, person, channel.id)
            if case .sent = exchange.outcome { continue }
            isTaken = false
        }
        for channel in channels { await channel.close() }
        await client.shutdown()
        guard isTaken else { throw ExitCode(1) }
    }

    /// Whom to send to, and how.
    private func tries(_ rulebook: Rulebook) throws -> [(Person, Person.Reach)] {
        if let channel, rulebook.channels[ChannelID(channel)] == nil {
            let known = rulebook.channels.keys.sorted().map(\.text).joined(separator: ", ")
            throw CommandFailure("there is no channel \(channel); there are \(known)")
        }
        if let channel, rulebook.channels[ChannelID(channel)]?.events != nil {
            // It knows its own address, and reaches no person.
            let reach = Person.Reach(channel: ChannelID(channel), address: Secret(""))
            return [(Person(id: PersonID(channel), name: channel, reach: [reach]), reach)]
        }
        let wanted = { (reach: Person.Reach) in channel.map { reach.channel.text == $0 } ?? true }
        if let person {
            guard let one = rulebook.person(PersonID(person)) else {
                let known = rulebook.people.map(\.id.text).joined(separator: ", ")
                throw CommandFailure("there is no person \(person); there are \(known)")
            }
            let ways = one.reach.filter(wanted).map { (one, $0) }
            guard !ways.isEmpty else {
                throw CommandFailure(
                    "\(one.name) is not reached\(channel.map { " by \($0)" } ?? ""); add it to their 'reach'")
            }
            return ways
        }
        let people = rulebook.operators.compactMap(rulebook.person) + rulebook.people
        let ways = people.flatMap { person in person.reach.filter(wanted).map { (person, $0) } }
        guard let first = ways.first else {
            throw CommandFailure("nobody is reached by \(channel ?? ""); name it in somebody's 'reach'")
        }
        return [first]
    }

    private func show(_ exchange: Exchange, _ person: Person, _ channel: ChannelID) throws {
        let (outcome, detail) = exchange.outcome.named
        let seen = exchange.seen
        if output.format == .json {
            let report = Report(
                channel: channel.text, person: person.id.text, outcome: outcome, detail: detail, seen: seen,
                exchange: exchange.lines)
            return Terminal.line(try JSONLine.text(report))
        }
        Terminal.line(Terminal.bold("\(channel) to \(person.name)"))
        for line in exchange.lines { Terminal.line("  \(line.printable)") }
        Terminal.line("\(outcome): \(detail.printable)")
        Terminal.line(seen)
    }
}

extension Exchange {
    /// Whether a person sees the message, in a sentence.
    var seen: String {
        switch outcome {
        case .sent: sight
        case .deferred, .unavailable, .failed, .stopped: "Nobody has seen it."
        case .unknown: "Nobody knows whether it is seen: the peer may have it, so look there."
        }
    }
}

extension DeliveryOutcome {
    /// The outcome's name, and its words.
    fileprivate var named: (outcome: String, detail: String) {
        switch self {
        case .sent(let detail): ("sent", detail)
        case .deferred(let reason, _), .unavailable(let reason, _): ("not now", reason)
        case .failed(let reason): ("refused", reason)
        case .stopped(let reason, _): ("refused, the configuration is wrong", reason)
        case .unknown(let reason): ("unknown", reason)
        }
    }
}
