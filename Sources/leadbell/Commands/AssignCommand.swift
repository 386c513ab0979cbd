// `leadbell assign`: a manager's choice from the command line, through the running daemon, or directly on the database
// when none runs; then the messages wait in the outbox for the next start.

import ArgumentParser
import LeadConfiguration
import LeadCore
import LeadEngine
import LeadStorage

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

    func run() async throws {
        let configuration = try ConfigurationAccess.withoutSecrets.require(options.path)
        let request = ControlRequest(lead: id, rep: rep, manager: manager, note: note, reassign: reassign)
        let answer: ControlAnswer
        do {
            answer = try await ask(request, configuration)
        } catch let failure as StoreFailure {
            throw CommandFailure(failure.description)
        }
        guard answer.isDone else { throw CommandFailure(answer.sentence) }
        Terminal.line(output.format == .json ? try JSONLine.text(answer) : answer.sentence)
    }

    private func ask(_ request: ControlRequest, _ configuration: Configuration) async throws -> ControlAnswer {
        if let answer = try ControlClient.ask(request, at: configuration.controlSocket) { return answer }
        let store = try SQLiteCaseStore(path: configuration.storePath, access: .exclusive)
        let desk = Engine.desk(on: store, rulebook: configuration.rulebook, clock: try SystemTime())
        let answer = await ControlDesk(desk: desk, store: store).answer(request)
        try await store.close()
        guard answer.isDone else { return answer }
        let waiting = "no daemon is running, so messages wait for its next start"
        return ControlAnswer(isDone: true, sentence: "\(answer.sentence) (\(waiting))")
    }
}

/// The control socket's requests, carried out on a store and its desk.
struct ControlDesk: Sendable {
    let desk: any Desk
    let store: any CaseStore

    /// Carries out `request` and answers in a sentence.
    func answer(_ request: ControlRequest) async -> ControlAnswer {
        do {
            let id = try await store.requireID(request.lead)
            guard let view = try await desk.view(id) else {
                return ControlAnswer(isDone: false, sentence: "there is no lead \(request.lead)")
            }
            let command = Self.command(request, holder: view.file.subject.assignment?.rep)
            switch try await desk.decide(command, on: id) {
            case .done:
                let name = view.rulebook.name(PersonID(request.rep))
                return ControlAnswer(isDone: true, sentence: "\(name) has lead \(id) now")
            case .refused(let refusal, _):
                return ControlAnswer(isDone: false, sentence: refusal.sentence(by: view.rulebook))
            case .notFound: return ControlAnswer(isDone: false, sentence: "there is no lead \(request.lead)")
            }
        } catch {
            return ControlAnswer(isDone: false, sentence: "\(error)")
        }
    }

    private static func command(_ request: ControlRequest, holder: PersonID?) -> CaseCommand {
        let rep = PersonID(request.rep)
        let manager = PersonID(request.manager)
        guard request.reassign, let holder else { return .assign(rep: rep, by: manager, note: request.note) }
        return .reassign(rep: rep, from: holder, by: manager, note: request.note)
    }
}
