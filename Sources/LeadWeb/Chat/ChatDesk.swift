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
        let rulebook = rulebook.now
        guard let person = rulebook.person(slackID: press.account) else {
            logger.warning(
                "Somebody pressed a button in a chat who is nobody's slack_id.",
                metadata: ["case": "\(target.caseID)", "channel": "\(channel)"])
            let phrases = rulebook.phrases(for: nil, on: channel)
            return ChatAnswer(phrases.answers.stranger(press.account), about: target)
        }
        let phrases = rulebook.phrases(for: person.id, on: channel)
        do throws(StoreFailure) {
            return try await act(press, in: channel, as: person, phrases)
        } catch {
            logger.error(
                "A press in a chat could not reach the store: \(error)",
                metadata: ["case": "\(target.caseID)", "person": "\(person.id)"])
            return ChatAnswer(phrases.answers.notRecorded(), about: target)
        }
    }

    private func act(
        _ press: ChatPress, in channel: ChannelID, as person: Person, _ phrases: Phrases
    ) async throws(StoreFailure) -> ChatAnswer? {
        let target = press.target
        guard let view = try await desk.view(target.caseID, for: person.id) else {
            return ChatAnswer(phrases.answers.unknownLead(), about: target)
        }
        let entrance = view.file.entrance(of: press, by: person.id, in: channel)
        func noteVisit() async {
            guard let entrance else { return }
            await desk.note(Visit(person: person.id, entrance: entrance, at: clock.now()), of: target.caseID)
        }
        if let objection = objection(to: press, by: person, view.file.subject, phrases.answers) {
            await noteVisit()
            return ChatAnswer(objection, about: target)
        }
        guard let command = command(press.action, by: person.id, view) else {
            await noteVisit()
            return ChatAnswer(phrases.answers.unknownRep(), about: target)
        }
        var decision = try await desk.decide(command, on: target.caseID, seen: view, through: entrance)
        // Only what the question has named is confirmed; what has come up since is asked about anew.
        if case .refused(.unconfirmed(_, let warnings), _) = decision,
            case .confirm(_, Self.mark(of: warnings)) = press.action
        {
            let confirmed = command.grounded { _ in Choosing(confirmed: .of(warnings)) }
            decision = try await desk.decide(confirmed, on: target.caseID, seen: nil, through: entrance)
        }
        if case .refused = decision { await noteVisit() }
        return answer(decision, to: press, command, person, view, phrases)
    }

    /// Why `person` may not press there, whatever it is; nil when they may.
    private func objection(
        to press: ChatPress, by person: Person, _ subject: LeadCase, _ texts: AnswerPhrases
    ) -> String? {
        // As with the page's link, which only those have who were asked.
        guard person.isManager else { return texts.notAManager() }
        guard subject.told.contains(person.id) || subject.opening.managers.contains(person.id) else {
            return texts.notAsked()
        }
        return press.target.round == subject.round ? nil : texts.olderRound()
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
        _ decision: Decision, to press: ChatPress, _ command: CaseCommand, _ person: Person, _ view: CaseView,
        _ phrases: Phrases
    ) -> ChatAnswer? {
        let target = press.target
        let facts: Logger.Metadata = ["case": "\(target.caseID)", "person": "\(person.id)"]
        switch decision {
        case .notFound: return ChatAnswer(phrases.answers.unknownLead(), about: target)
        case .done:
            logger.info("A choice was made in a chat: \(press.action.name).", metadata: facts)
            return done(press, view, phrases)
        case .refused(_, let subject) where command.stands(in: subject): return done(press, view, phrases)
        case .refused(let why, let subject):
            let sentence = words(view.refusal(why, in: phrases), subject, person, view, phrases)
            let link = writer(view).link(to: subject.id, for: person.id, at: clock.now())
            let label = phrases.labels.open()
            if case .unconfirmed(let rep, let warnings) = why {
                let name = view.rulebook.name(rep)
                return ChatAnswer(
                    sentence, about: target, link: link, linkLabel: label,
                    confirmation: (.confirm(rep, warnings: Self.mark(of: warnings)), phrases.chat.assignAnyway(name)),
                    bare: phrases.answers.warned(name))
            }
            logger.info("A choice in a chat was refused: \(press.action.name).", metadata: facts)
            switch why {
            case .excluded(let rep, _):
                return ChatAnswer(
                    sentence, about: target, link: link, linkLabel: label,
                    bare: phrases.answers.excluded(view.rulebook.name(rep)))
            case .alreadyAssigned: return ChatAnswer(sentence, about: target, link: link, linkLabel: label)
            default: return ChatAnswer(sentence, about: target)
            }
        }
    }

    /// The messages show what was done; only a question of our own is replaced.
    private func done(_ press: ChatPress, _ view: CaseView, _ phrases: Phrases) -> ChatAnswer? {
        guard press.isPrompt, case .confirm(let rep, _) = press.action else { return nil }
        return ChatAnswer(phrases.answers.given(view.rulebook.name(rep)), about: press.target)
    }

    private func writer(_ view: CaseView) -> BriefingWriter { BriefingWriter(rulebook: view.rulebook, keys: keys.now) }

    /// Why nothing was changed.
    private func words(
        _ why: Refusal, _ subject: LeadCase, _ person: Person, _ view: CaseView, _ phrases: Phrases
    ) -> String {
        writer(view).words(why, about: subject, for: person.id, in: phrases)
    }

    /// What tells warnings from others, within a button.
    static func mark(of warnings: [String]) -> String {
        Hex.string(SHA256.hash(data: Array(warnings.joined(separator: "\n").utf8)).prefix(12))
    }
}

extension CaseFile {
    /// The message to `person` in `channel` whose button was pressed; nil where it was written to somebody else, in a room. For
    /// a button of our own answer, which isn't kept, the newest there.
    fileprivate func entrance(of press: ChatPress, by person: PersonID, in channel: ChannelID) -> Entrance? {
        let newest = Entrance(channel: channel, sequence: subject.version)
        guard let handle = press.handle,
            let pressed = deliveries.first(where: { record in
                record.delivery.channel == channel && record.copies.contains(.known(handle: handle))
            })
        else { return newest }
        return pressed.delivery.person == person ? pressed.delivery.entrance : nil
    }
}
