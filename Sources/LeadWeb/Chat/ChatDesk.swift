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
    func take(_ press: ChatPress, in channel: ChannelID) async -> ChatResponse? {
        let target = press.target
        let rulebook = rulebook.now
        guard let person = rulebook.person(slackID: press.account) else {
            logger.warning(
                "Somebody pressed a button in a chat who is nobody's slack_id.",
                metadata: ["case": "\(target.caseID)", "channel": "\(channel)"])
            let phrases = rulebook.phrases(for: nil, on: channel)
            return .answer(ChatAnswer(phrases.answers.stranger(press.account), about: target, in: phrases))
        }
        let phrases = rulebook.phrases(for: person.id, on: channel)
        do throws(StoreFailure) {
            return try await act(press, in: channel, as: person, phrases)
        } catch {
            logger.error(
                "A press in a chat could not reach the store: \(error)",
                metadata: ["case": "\(target.caseID)", "person": "\(person.id)"])
            return .answer(ChatAnswer(phrases.answers.notRecorded(), about: target, in: phrases, field: .choice))
        }
    }

    /// What a form says while `press`, by which it was sent, is still being acted upon.
    func delay(of press: ChatPress, in channel: ChannelID) -> ChatAnswer {
        let rulebook = rulebook.now
        let phrases = rulebook.phrases(for: rulebook.person(slackID: press.account)?.id, on: channel)
        return ChatAnswer(phrases.answers.slow(), about: press.target, in: phrases)
    }

    private func act(
        _ press: ChatPress, in channel: ChannelID, as person: Person, _ phrases: Phrases
    ) async throws(StoreFailure) -> ChatResponse? {
        let target = press.target
        guard let view = try await desk.view(target.caseID, for: person.id) else {
            return .answer(ChatAnswer(phrases.answers.unknownLead(), about: target, in: phrases))
        }
        let entrance = view.file.entrance(of: press, by: person.id, in: channel)
        let visit = entrance.map { Visit(person: person.id, entrance: $0, at: clock.now()) }
        func noteVisit() async {
            if let visit { await desk.note(visit, of: target.caseID) }
        }
        if let objection = objection(to: press, by: person, view.file.subject, phrases) {
            await noteVisit()
            return .answer(objection)
        }
        if case .open(let kind) = press.action {
            if let refusal = refusal(of: kind, by: person, view) {
                await noteVisit()
                return .answer(answer(refusal, view.file.subject, to: press, person, view, phrases))
            }
            return .form(
                writer(view).form(kind, for: person.id, by: channel, about: view.file.subject),
                otherwise: ChatAnswer(
                    phrases.answers.noForm(), about: target, in: phrases, link: link(to: target, for: person, view)),
                visit: visit)
        }
        guard let command = command(press.action, by: person.id, view) else {
            await noteVisit()
            return .answer(ChatAnswer(phrases.answers.unknownRep(), about: target, in: phrases))
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
        return answer(decision, to: press, command, person, view, phrases).map { .answer($0) }
    }

    /// Why `person` may not press there, whatever it is; nil when they may.
    private func objection(
        to press: ChatPress, by person: Person, _ subject: LeadCase, _ phrases: Phrases
    ) -> ChatAnswer? {
        let texts = phrases.answers
        func answer(_ text: String, _ field: ChatForm.Field? = nil) -> ChatAnswer {
            ChatAnswer(text, about: press.target, in: phrases, field: field)
        }
        // As with the page's link, which only those have who were asked.
        guard person.isManager else { return answer(texts.notAManager()) }
        guard subject.told.contains(person.id) || subject.opening.managers.contains(person.id) else {
            return answer(texts.notAsked())
        }
        guard press.target.round == subject.round else { return answer(texts.olderRound()) }
        guard note(of: press.action)?.utf16.count ?? 0 <= CaseCommand.longestNote else {
            return answer(texts.noteTooLong("\(CaseCommand.longestNote)"), .note)
        }
        return nil
    }

    private func note(of action: ChatAction) -> String? { action.note.map(FormFields.plain(text:)) }

    /// Why nothing would come of a form of that kind; nil when something may. Passing on takes what rejecting takes.
    private func refusal(of kind: ChatForm.Kind, by person: Person, _ view: CaseView) -> Refusal? {
        let command = CaseCommand.reject(reason: .notForUs, by: person.id, note: nil)
        do throws(Refusal) {
            _ = try view.file.subject.decide(command, now: view.now, rulebook: view.rulebook)
            return nil
        } catch {
            return error
        }
    }

    /// What the case is asked; nil when the rep is none, or nothing is to be decided yet.
    private func command(_ action: ChatAction, by person: PersonID, _ view: CaseView) -> CaseCommand? {
        switch action {
        case .assign(let rep), .confirm(let rep, _):
            guard view.rulebook.person(rep)?.rep != nil else { return nil }
            return .assign(rep: rep, by: person, note: nil)
        case .claim: return .claim(by: person)
        case .release: return .release(by: person)
        case .pass(let other, _): return .pass(to: other, by: person, comment: note(of: action))
        case .reject(let reason, _): return .reject(reason: reason, by: person, note: note(of: action))
        case .open: return nil
        }
    }

    private func answer(
        _ decision: Decision, to press: ChatPress, _ command: CaseCommand, _ person: Person, _ view: CaseView,
        _ phrases: Phrases
    ) -> ChatAnswer? {
        switch decision {
        case .notFound: return ChatAnswer(phrases.answers.unknownLead(), about: press.target, in: phrases)
        case .done:
            logger.info("A choice was made in a chat: \(press.action.name).", metadata: facts(press, person))
            return done(press, view, phrases)
        case .refused(_, let subject) where command.stands(in: subject): return done(press, view, phrases)
        case .refused(let why, let subject): return answer(why, subject, to: press, person, view, phrases)
        }
    }

    private func answer(
        _ why: Refusal, _ subject: LeadCase, to press: ChatPress, _ person: Person, _ view: CaseView,
        _ phrases: Phrases
    ) -> ChatAnswer {
        let target = press.target
        let sentence = writer(view).words(view.refusal(why, in: phrases), about: subject, for: person.id, in: phrases)
        let link = link(to: target, for: person, view)
        if case .unconfirmed(let rep, let warnings) = why {
            let name = view.rulebook.name(rep)
            return ChatAnswer(
                sentence, about: target, in: phrases, link: link,
                confirmation: ChatAnswer.Confirmation(
                    .confirm(rep, warnings: Self.mark(of: warnings)), phrases.chat.assignAnyway(name)),
                bare: phrases.answers.warned(name))
        }
        logger.info("A choice in a chat was refused: \(press.action.name).", metadata: facts(press, person))
        switch why {
        case .excluded(let rep, _):
            return ChatAnswer(
                sentence, about: target, in: phrases, link: link,
                bare: phrases.answers.excluded(view.rulebook.name(rep)))
        case .alreadyAssigned: return ChatAnswer(sentence, about: target, in: phrases, link: link)
        case .cantBeAsked: return ChatAnswer(sentence, about: target, in: phrases, field: .choice)
        default: return ChatAnswer(sentence, about: target, in: phrases)
        }
    }

    /// The messages show what was done; only a question of our own is replaced.
    private func done(_ press: ChatPress, _ view: CaseView, _ phrases: Phrases) -> ChatAnswer? {
        guard press.origin == .prompt, case .confirm(let rep, _) = press.action else { return nil }
        return ChatAnswer(phrases.answers.given(view.rulebook.name(rep)), about: press.target, in: phrases)
    }

    private func facts(_ press: ChatPress, _ person: Person) -> Logger.Metadata {
        ["case": "\(press.target.caseID)", "person": "\(person.id)"]
    }

    private func link(to target: ChatTarget, for person: Person, _ view: CaseView) -> String? {
        writer(view).link(to: target.caseID, for: person.id, at: clock.now())
    }

    private func writer(_ view: CaseView) -> BriefingWriter { BriefingWriter(rulebook: view.rulebook, keys: keys.now) }

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
