// How commands that change something do it: through the running daemon, or directly on the database when none runs; then
// what follows waits for the next start.

import LeadConfiguration
import LeadCore
import LeadEngine
import LeadStorage

/// One request of a command.
struct ControlCall {
    private let options: ConfigurationOptions
    private let output: FormatOptions

    init(_ options: ConfigurationOptions, _ output: FormatOptions) {
        self.options = options
        self.output = output
    }

    /// Carries out what `request` makes of the configuration, prints the answer, and fails when it is a no.
    func carryOut(_ request: (Configuration) throws -> ControlRequest) async throws {
        let answer = try await answer(request)
        Terminal.line(output.format == .json ? try JSONLine.text(answer) : answer.sentence)
    }

    /// Carries out what `request` makes of the configuration, and fails when the answer is a no.
    func answer(_ request: (Configuration) throws -> ControlRequest) async throws -> ControlAnswer {
        let configuration = try ConfigurationAccess.withoutSecrets.require(options.path)
        let answer: ControlAnswer
        do {
            answer = try await ask(try request(configuration), configuration)
        } catch let failure as StoreFailure {
            throw CommandFailure(failure.description)
        }
        guard answer.isDone else { throw CommandFailure(answer.sentence) }
        return answer
    }

    private func ask(_ request: ControlRequest, _ configuration: Configuration) async throws -> ControlAnswer {
        if let answer = try ControlClient.ask(request, at: configuration.controlSocket) { return answer }
        if case .reload = request { return ControlDesk.nothingToReload }
        if case .resume = request { return ControlDesk.nothingToResume }
        let store = try SQLiteCaseStore(path: configuration.storePath, access: .exclusive)
        let clock = try SystemTime()
        let rulebook = Current(configuration.rulebook)
        let presence = PresenceBook(store: store, clock: clock, rulebook: rulebook)
        try await presence.load()
        presence.read(
            fromFiles: configuration.absencesInFiles(at: clock.now()) { Terminal.warn($0) }
                .flatMap(\.absences))
        let desk = try await Engine.desk(on: store, rulebook: rulebook, clock: clock)
        let answer = await ControlDesk(
            desk: desk, store: store, presence: presence, rulebook: rulebook, clock: clock
        ).answer(request)
        try await store.close()
        let leavesMessages =
            switch request {
            case .assign, .split, .retry: true
            case .away, .back, .reload, .channels, .resume: false
            }
        guard answer.isDone, leavesMessages else { return answer }
        let waiting = "no daemon is running, so messages wait for its next start"
        return ControlAnswer(isDone: true, sentence: "\(answer.sentence) (\(waiting))")
    }
}
