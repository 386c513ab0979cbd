// The daemon as a group of services that start together and stop in order: the engine first stops taking files, then the
// pages and the control socket close. SIGTERM and SIGINT stop it, SIGHUP reloads.

import Foundation
import Hummingbird
import LeadConfiguration
import LeadCore
import LeadEngine
import LeadWeb
import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals

/// A running daemon.
struct Daemon: Sendable {
    let configuration: Configuration
    let configurationPath: String?
    let environment: [String: String]
    let clock: any TimeSource
    let log: Logger

    /// How long stopping may take before what is left is cancelled; below systemd's TimeoutStopSec.
    private static let stopPatience: Duration = .seconds(9)

    /// Runs until a signal asks it to stop. `onReady` is told the port.
    func run(
        also extra: [any Service] = [], pages: (Router<BasicRequestContext>) -> Void = { _ in },
        onReady: @escaping @Sendable (Int, Assembly) async -> Void = { _, _ in }
    ) async throws {
        let assembly = try Assembly(configuration, clock: clock, log: log)
        // What comes from now on is taken, whenever intake first looks.
        assembly.spool.beginWatch()
        let notifier = ServiceNotifier(environment: environment)
        let router = assembly.site.router()
        pages(router)
        let reload = Reload(
            path: configurationPath, environment: environment, assembly: assembly, notifier: notifier, log: log)
        let desk = ControlDesk(
            desk: assembly.engine.desk, store: assembly.store, presence: assembly.engine.presence,
            rulebook: assembly.rulebook, clock: clock, engine: assembly.engine, reload: { reload.reload() },
            replan: { try await assembly.engine.replan() })
        let control = ControlServer(
            path: configuration.controlSocket, answer: { request in await desk.answer(request) }, log: log)
        let web = assembly.site.application(router: router) { port in
            await control.isListening.wait()
            guard !Task.isCancelled else { return }
            notifier.send("READY=1\nSTATUS=taking leads from \(configuration.spool.directory)")
            log.notice("ready", metadata: ["listen": "\(configuration.server)", "port": "\(port)"])
            await onReady(port, assembly)
            StartupMemory.release()
        }
        let watchdog = Watchdog(notifier: notifier, health: assembly.engine, clock: clock, log: log)
        var services: [any Service] = [web, control, reload, watchdog, assembly.absenceFiles]
        services += extra
        services.append(EngineService(engine: assembly.engine, notifier: notifier, log: log))
        // At lower levels the group prints the services whole, with all that they hold.
        var quiet = log
        quiet.logLevel = max(log.logLevel, .warning)
        var settings = ServiceGroupConfiguration(
            services: services.map {
                .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
            },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        settings.maximumGracefulShutdownDuration = Self.stopPatience
        do {
            try await ServiceGroup(configuration: settings).run()
        } catch {
            try await assembly.close()
            throw error
        }
        try await assembly.close()
        log.notice("stopped")
    }
}

/// The engine's loops as a service.
struct EngineService: Service {
    let engine: Engine
    let notifier: ServiceNotifier
    let log: Logger

    func run() async throws {
        let stopping: @Sendable () -> Void = { notifier.send("STOPPING=1") }
        try await withGracefulShutdownHandler {
            try await cancelWhenGracefulShutdown { try await engine.run() }
        } onGracefulShutdown: {
            stopping()
        }
    }
}

/// SIGHUP: a good configuration replaces the running one, a bad one changes nothing and is told in the log.
struct Reload: Service {
    let path: String?
    let environment: [String: String]
    let assembly: Assembly
    let notifier: ServiceNotifier
    let log: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in await UnixSignalsSequence(trapping: .sighup) {
                _ = reload()
            }
        }
    }

    /// One at a time: a signal and commands may come together.
    private static let turn = Mutex(())

    /// Reads the configuration and takes it over if it is good; says what came of it.
    func reload() -> ControlAnswer { Self.turn.withLock { _ in takeOver() } }

    private func takeOver() -> ControlAnswer {
        guard let path else {
            log.notice("nothing to reload: there is no configuration file")
            return ControlAnswer(isDone: false, sentence: "there is no configuration file to reload")
        }
        notifier.send("RELOADING=1")
        defer { notifier.send("READY=1") }
        let refused = "the new configuration is not good; the running one stays"
        do {
            switch ConfigurationAccess(environment: environment).read(path) {
            case .success(let loaded):
                for warning in loaded.warnings { log.warning("\(warning)") }
                let changes = try assembly.reload(loaded.configuration)
                for change in changes { log.notice("changed by the reload", metadata: ["what": "\(change)"]) }
                log.notice("configuration reloaded", metadata: ["path": "\(path)"])
                notifier.send("STATUS=configuration reloaded")
                let news = changes.isEmpty ? "; nothing has changed" : "; changed: \(changes.joined(separator: "; "))"
                return ControlAnswer(isDone: true, sentence: "configuration reloaded\(news)")
            case .failure(let found):
                for problem in found.problems { log.error("\(problem)") }
                log.error("\(refused)", metadata: ["path": "\(path)"])
                notifier.send("STATUS=\(refused)")
                let problems = found.problems.map { "\n\($0)" }.joined()
                return ControlAnswer(isDone: false, sentence: "\(refused)\(problems)")
            }
        } catch {
            log.error("the new configuration can't be used; the running one stays", metadata: ["reason": "\(error)"])
            notifier.send("STATUS=the new configuration can't be used; the running one stays")
            return ControlAnswer(
                isDone: false, sentence: "the new configuration can't be used, so the running one stays: \(error)")
        }
    }
}
