// What a press in a chat does: the account is somebody's, the somebody may choose for this lead, and the case decides as it
// does on the page. What changed is seen in the messages, which are brought up to date; only what went otherwise, or is to
// be confirmed, is answered. Log lines name the case and the person, never an account.

import Crypto
import LeadCore
import Logging

/// Acts for those who press.
struct ChatDesk: Sendable {
    let desk: any Desk
    let rulebook: Current<Rulebook>
    let keys: Current<LinkKeys>
    let clock: any TimeSource
    let logger: Logger

    /// Does what `press` wants; nil when nothing is to be said of it.
    func take(_ press: ChatPress, in channel: ChannelID) async -> ChatAnswer? {
        let target = press.target
        guard let person = rulebook.now.person(slackID: press.account) else {
            logger.warning(
                "Somebody pressed a button in a chat who is nobody's slack_id.",
                metadata: ["case": "\(target.caseID)", "channel": "\(channel)"])
            return ChatAnswer(ChatPhrase.stranger(account: press.account).words, about: target)
        }
        do throws(StoreFailure) {
            return try await act(press, as: person)
        } catch {
            logger.error(
                "A press in a chat could not reach the store: \(error)",
                metadata: ["case": "\(target.caseID)", "person": "\(person.id)"])
            return ChatAnswer(ChatPhrase.notRecorded.words, about: target)
        }
    }

    private func act(_ press: ChatPress, as person: Person) async throws(StoreFailure) -> ChatAnswer? {
        let target = press.target
        guard let view = try await desk.view(target.caseID, for: person.id) else {
            return ChatAnswer(ChatPhrase.unknownLead.words, about: target)
        }
        let subject = view.file.subject
        // As with the page's link, which only those have who were asked.
        guard person.isManager else { return ChatAnswer(ChatPhrase.notAManager.words, about: target) }
        guard subject.told.contains(person.id) || subject.opening.managers.contains(person.id) else {
            return ChatAnswer(ChatPhrase.notAsked.words, about: target)
        }
        guard target.round == subject.round else { return ChatAnswer(ChatPhrase.olderRound.words, about: target) }
        guard let command = command(press.action, by: person.id, view) else {
            return ChatAnswer(ChatPhrase.unknownRep.words, about: target)
        }
        var decision = try await desk.decide(command, on: target.caseID)
        // Only what the question has named is confirmed; what has come up since is asked about anew.
        if case .refused(.unconfirmed(_, let warnings), _) = decision,
            case .confirm(_, Self.mark(of: warnings)) = press.action
        {
            let confirmed = command.grounded { _ in Choosing(confirmed: .of(warnings)) }
            decision = try await desk.decide(confirmed, on: target.caseID)
        }
        return answer(decision, to: press, command, person, view)
    }

    /// What the case is asked; nil when the rep is none.
    private func command(_ action: ChatAction, by person: PersonID, _ view: CaseView) -> CaseCommand? {
        switch action {
        case .assign(let rep), .confirm(let rep, _):
            guard view.rulebook.person(rep)?.rep != nil else { return nil }
            return .assign(rep: rep, by: person, note: nil)
        case .claim: return .claim(by: person)
        case .release: return .release(by: person)
        case .pass(let other): return .pass(to: other, by: person, comment: nil)
        case .reject(let reason): return .reject(reason: reason, by: person, note: nil)
        }
    }

    private func answer(
        _ decision: Decision, to press: ChatPress, _ command: CaseCommand, _ person: Person, _ view: CaseView
    ) -> ChatAnswer? {
        let target = press.target
        let facts: Logger.Metadata = ["case": "\(target.caseID)", "person": "\(person.id)"]
        switch decision {
        case .notFound: return ChatAnswer(ChatPhrase.unknownLead.words, about: target)
        case .done:
            logger.info("A choice was made in a chat: \(press.action.name).", metadata: facts)
            return done(press, view)
        case .refused(_, let subject) where command.stands(in: subject): return done(press, view)
        case .refused(.unconfirmed(let rep, let warnings), _):
            let name = view.rulebook.name(rep)
            return ChatAnswer(
                ChatPhrase.warning(rep: name, warnings).words, about: target,
                confirmation: (
                    .confirm(rep, warnings: Self.mark(of: warnings)), ChatPhrase.assignAnyway(name).words
                ))
        case .refused(let why, let subject):
            logger.info("A choice in a chat was refused: \(press.action.name).", metadata: facts)
            let (sentence, link) = refusal(why, subject, person, view)
            return ChatAnswer(sentence, about: target, link: link)
        }
    }

    /// The messages show what was done; only a question of our own is replaced.
    private func done(_ press: ChatPress, _ view: CaseView) -> ChatAnswer? {
        guard press.isPrompt, case .confirm(let rep, _) = press.action else { return nil }
        return ChatAnswer(ChatPhrase.given(rep: view.rulebook.name(rep)).words, about: press.target)
    }

    /// Why nothing was changed, and where more can be done.
    private func refusal(
        _ why: Refusal, _ subject: LeadCase, _ person: Person, _ view: CaseView
    ) -> (sentence: String, link: String?) {
        let writer = BriefingWriter(rulebook: view.rulebook, keys: keys.now)
        let words = RefusalWords(writer: writer, rulebook: view.rulebook, reader: person.id)
        guard case .alreadyAssigned(let assignment) = why else { return (words.sentence(why, subject: subject), nil) }
        let link = writer.link(to: subject.id, for: person.id, at: clock.now())
        guard assignment.mode == .fallback else { return (words.sentence(why, subject: subject), link) }
        return (ChatPhrase.tooLate(writer.outcome(of: subject, for: person.id).first ?? "").words, link)
    }

    /// What tells warnings from others, within a button.
    static func mark(of warnings: [String]) -> String {
        Hex.string(SHA256.hash(data: Array(warnings.joined(separator: "\n").utf8)).prefix(12))
    }
}
