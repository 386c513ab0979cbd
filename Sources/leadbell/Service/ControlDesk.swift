// The control socket's requests, carried out in the running daemon, or directly on the database by a command while none
// runs. Every answer is a sentence.

import LeadCore
import LeadEngine

/// Carries out what commands ask.
struct ControlDesk: Sendable {
    let desk: any Desk
    let store: any CaseStore & LikenessStore
    let presence: PresenceBook
    let rulebook: Current<Rulebook>
    let clock: any TimeSource
    /// The running engine; nil where no daemon runs.
    var engine: Engine?
    /// Reads the configuration anew; nil where no daemon runs.
    var reload: (@Sendable () -> ControlAnswer)?
    /// Plans open leads anew and says how many that changed; nil where no daemon runs.
    var replan: (@Sendable () async throws -> Int)?

    /// Carries out `request` and answers in a sentence.
    func answer(_ request: ControlRequest) async -> ControlAnswer {
        do {
            switch request {
            case .assign(let lead, let rep, let manager, let note, let reassign, let anyway):
                let grounds = Choosing(confirmed: anyway ? .ofEverything : .of([]))
                return try await assign(lead, PersonID(rep), PersonID(manager), note, reassign, grounds)
            case .split(let lead): return try await split(lead)
            case .away(let absence): return try await record(absence)
            case .back(let person): return try await end(person)
            case .reload(let recompute): return try await reload(recompute)
            case .channels: return try await channels()
            case .resume(let channel): return try await resume(channel.map { ChannelID($0) })
            case .retry(let id): return try await retry(id)
            }
        } catch {
            return Self.no("\(error)")
        }
    }

    private func reload(_ recompute: Bool) async throws -> ControlAnswer {
        guard let reload, let replan else { return Self.nothingToReload }
        let answer = reload()
        guard answer.isDone, recompute else { return answer }
        let count = try await replan()
        let leads = count == 1 ? "1 open lead goes" : "\(count) open leads go"
        return ControlAnswer(isDone: true, sentence: "\(answer.sentence); \(leads) by new deadlines")
    }

    /// The answer where no daemon runs.
    static let nothingToReload = no("no daemon is running, so there is nothing to reload")

    /// The answer where no daemon runs.
    static let nothingToResume = no(
        "no daemon is running, so there is nothing to resume; its start tries every channel again")

    private static func no(_ sentence: String) -> ControlAnswer { ControlAnswer(isDone: false, sentence: sentence) }

    private func assign(
        _ prefix: String, _ rep: PersonID, _ manager: PersonID, _ note: String?, _ reassign: Bool,
        _ grounds: Choosing
    ) async throws -> ControlAnswer {
        let id = try await store.requireID(prefix)
        guard let view = try await desk.view(id, for: manager) else {
            return Self.no("there is no lead \(prefix)")
        }
        var command = CaseCommand.assign(rep: rep, by: manager, note: note, choosing: grounds)
        if reassign, let holder = view.file.subject.assignment?.rep {
            command = .reassign(rep: rep, from: holder, by: manager, note: note, choosing: grounds)
        }
        switch try await desk.decide(command, on: id) {
        case .done: return ControlAnswer(isDone: true, sentence: "\(view.rulebook.name(rep)) has lead \(id) now")
        case .refused(.unconfirmed(_, let warnings), _):
            let name = view.rulebook.name(rep)
            return Self.no("\(name): \(warnings.joined(separator: "; ")); add --anyway to choose \(name) all the same")
        case .refused(let refusal, _): return Self.no(refusal.sentence(by: view.rulebook))
        case .notFound: return Self.no("there is no lead \(prefix)")
        }
    }

    /// Splits off the inquiry whose own id begins with `prefix`, or the one that joined the case whose id does.
    private func split(_ prefix: String) async throws -> ControlAnswer {
        let found = try await store.inquiries(withPrefix: prefix.lowercased(), limit: 2)
        guard found.count < 2 else { return Self.no("several inquiries begin with \(prefix); give more of the id") }
        if let inquiry = found.first { return try await split(inquiry.key, from: inquiry.joined) }
        let id = try await store.requireID(prefix)
        let joined = try await store.load(id)?.inquiries ?? []
        switch joined.count {
        case 0: return Self.no("no inquiry has joined lead \(id), so there is nothing to split")
        case 1: return try await split(joined[0].key, from: id)
        default:
            let list = joined.map(\.key.caseID.text).joined(separator: ", ")
            return Self.no("several inquiries have joined lead \(id); split one of them: \(list)")
        }
    }

    private func split(_ key: IntakeKey, from id: CaseID) async throws -> ControlAnswer {
        switch try await desk.split(key, from: id) {
        case .done(let subject):
            return ControlAnswer(isDone: true, sentence: "\(subject.id) is a lead of its own now, apart from \(id)")
        case .refused(let refusal, _): return Self.no(refusal.sentence(by: rulebook.now))
        case .notFound: return Self.no("there is no lead \(id)")
        }
    }

    private func record(_ absence: Absence) async throws -> ControlAnswer {
        let rulebook = rulebook.now
        if let complaint = absence.complaint(by: rulebook, now: clock.now()) { return Self.no(complaint) }
        try await presence.record(absence)
        let words = AbsenceWords(rulebook: rulebook)
        return ControlAnswer(isDone: true, sentence: words.sentence(absence))
    }

    private func end(_ id: PersonID) async throws -> ControlAnswer {
        guard let person = rulebook.now.person(id) else { return unknown(id) }
        let count = try await presence.end(of: id)
        guard count > 0 else {
            return Self.no(
                "nothing was recorded by which \(person.name) is away; absences in the configuration or in calendar files "
                    + "are ended there")
        }
        return ControlAnswer(isDone: true, sentence: "\(person.name) is back")
    }

    // MARK: Channels

    private func channels() async throws -> ControlAnswer {
        let reports = LaneReport.all(
            by: rulebook.now, statuses: engine?.lanes(), queues: try await store.queues(),
            complaints: engine?.complaints() ?? [:])
        let words = engine == nil ? "no daemon is running" : "\(reports.count) destinations"
        return ControlAnswer(isDone: true, sentence: words, lanes: reports)
    }

    private func resume(_ channel: ChannelID?) async throws -> ControlAnswer {
        guard let engine else { return Self.nothingToResume }
        if let channel, rulebook.now.channels[channel] == nil {
            let known = rulebook.now.channels.keys.sorted().map(\.text).joined(separator: ", ")
            return Self.no("there is no channel \(channel); there are \(known)")
        }
        let revived = try await engine.resume(channel.map { [$0] })
        let what = channel.map { "\($0) is" } ?? "all channels are"
        return ControlAnswer(
            isDone: true, sentence: "\(what) tried again\(revived.words(before: ", "))")
    }

    private func retry(_ id: String?) async throws -> ControlAnswer {
        let which: Revival
        if let id {
            let lead = try await store.requireFile(id.split(separator: ".").first.map(String.init) ?? id)
            let undelivered = lead.deliveries.filter { DeliveryState.undelivered.contains($0.state) }
                .map(\.delivery.id)
            which = .messages(id.contains(".") ? undelivered.filter { $0.text == id } : undelivered)
        } else {
            which = .all
        }
        let revived =
            if let engine { try await engine.retry(which) } else { try await store.revive(which, at: SystemTime.now()) }
        guard revived != Revived() else {
            return Self.no(
                "nothing\(id.map { " of \($0)" } ?? "") is undelivered; leadbell failed lists what is")
        }
        return ControlAnswer(isDone: true, sentence: revived.words(before: ""))
    }

    private func unknown(_ id: PersonID) -> ControlAnswer {
        let known = rulebook.now.people.map(\.id.text).joined(separator: ", ")
        return Self.no("there is no person \(id); there are \(known)")
    }
}

/// Absences in words, with times in the zone of whoever is away.
struct AbsenceWords {
    let rulebook: Rulebook

    /// "Dana Whitfield is away from Thu 24 Dec 00:00 until Sat 2 Jan 00:00 (America/Chicago), Lee Park stands in".
    func sentence(_ absence: Absence) -> String {
        let words = HistoryWords(rulebook: rulebook, reader: absence.person)
        let who = rulebook.name(absence.person)
        let stand = absence.substitute.map { ", \(rulebook.name($0)) stands in" } ?? ""
        let times = "from \(words.time(absence.from)) until \(words.time(absence.until)) (\(words.zone))"
        return "\(who) is away \(times)\(stand)"
    }
}

extension Revived {
    /// "2 messages go out again, 1 is no longer needed"; empty when there are none.
    fileprivate func words(before lead: String) -> String {
        let again =
            pending == 0
            ? nil : pending == 1 ? "1 message goes out again" : "\(pending) messages go out again"
        let gone =
            cancelled == 0
            ? nil : cancelled == 1 ? "1 is no longer needed" : "\(cancelled) are no longer needed"
        let words = [again, gone].compactMap(\.self).joined(separator: ", ")
        return words.isEmpty ? "" : lead + words
    }
}
