// `leadbell serve`: the daemon.

import ArgumentParser
import Foundation
import LeadEngine
import Logging

extension LogFormat: ExpressibleByArgument {}

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the daemon until SIGTERM; SIGHUP reloads the configuration.")

    @OptionGroup var options: ConfigurationOptions

    @Option(help: "How log lines look: text, journal (priority in front) or json; journal under systemd.")
    var logFormat: LogFormat?

    @Option(
        help: "The least severe events to log: debug, info, notice, warning or error.",
        transform: { word in
            guard let level = Logger.Level(rawValue: word) else {
                throw ValidationError("--log-level takes debug, info, notice, warning or error, not '\(word)'")
            }
            return level
        })
    var logLevel = Logger.Level.info

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let clock = try SystemTime()
        let format = logFormat ?? LogFormat.standard(environment)
        var log = Logger(label: "leadbell") { _ in LineLogHandler(format: format, now: clock.now) }
        log.logLevel = logLevel
        let configuration = try ConfigurationAccess(environment: environment).require(options.path)
        let daemon = Daemon(
            configuration: configuration, configurationPath: options.path, environment: environment, clock: clock,
            log: log)
        do {
            try await daemon.run()
        } catch {
            throw CommandFailure("\(error)")
        }
    }
}
