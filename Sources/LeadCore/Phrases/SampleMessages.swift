// Messages about made-up leads, one of each kind: what `leadbell check` renders to see whether all texts come out right,
// and what the tests compare with files. All is made by the decider and the writer of real messages.

import Foundation

/// What a sample lead is like.
public enum SampleLead: String, Sendable, CaseIterable {
    /// As most are.
    case plain
    /// Every text of the lead, and of colleagues, tries markup, mentions, line ends and length.
    case hostile
}

/// What a sample message tells: one of each kind, and of those that are kept up to date one for each state.
public enum SampleScene: String, Sendable, CaseIterable {
    case decide, remind, warn, escalate, assigned, withdrawn, settled, rejected, reopened, inquiry, freshLink, alarm
    case open = "update.open"
    case claimed = "update.claimed"
    case given = "update.settled"
    case begun = "update.working"
    case dismissed = "update.rejected"
    case done = "update.done"
    case digest, test

    /// The kind of its message.
    public var kind: MessageKind {
        switch self {
        case .decide: .decide
        case .remind: .remind
        case .warn: .warn
        case .escalate: .escalate
        case .assigned: .assigned
        case .withdrawn: .withdrawn
        case .settled, .rejected: .settled
        case .reopened: .reopened
        case .inquiry: .inquiry
        case .freshLink: .freshLink
        case .alarm: .alarm
        case .open, .claimed, .given, .begun, .dismissed, .done: .update
        case .digest: .digest
        case .test: .test
        }
    }

    /// Those that can be on a channel: where messages are kept up to date none says what came of it.
    public static func all(isEditable: Bool) -> [SampleScene] {
        allCases.filter { $0.kind != (isEditable ? .settled : .update) }
    }
}

/// Messages to one reader over one channel.
public struct SampleMessages: Sendable {
    private let rulebook: Rulebook
    private let channel: ChannelSettings
    private let kind: SampleLead
    private let lead: Lead

    /// Messages over `channel` in `language`, with the texts of `phrases`.
    public init(_ kind: SampleLead, over channel: ChannelSettings, in language: Language, phrases: PhraseBook) {
        self.init(kind, about: kind.lead, over: channel, in: language, phrases: phrases)
    }

    /// The same about another lead.
    init(
        _ kind: SampleLead, about lead: Lead, over channel: ChannelSettings, in language: Language, phrases: PhraseBook
    ) {
        self.kind = kind
        self.channel = channel
        self.lead = lead
        rulebook = Self.rulebook(kind, channel, language, phrases)
    }

    /// The message that tells `scene`; nil where the sample fails, which a test rules out.
    public func briefing(_ scene: SampleScene) -> Briefing? {
        guard let writer else { return nil }
        switch scene {
        case .test:
            return rulebook.person(Self.dana).map {
                Briefing.test(for: $0, on: channel.id, by: rulebook, at: Self.start)
            }
        case .digest:
            let parts: [(delivery: Delivery, subject: LeadCase)] = [SampleScene.remind, .settled].compactMap { part in
                subject(of: part).map { (delivery(of: part, $0), $0.result) }
            }
            return parts.count == 2 ? writer.digest(of: parts) : nil
        default:
            guard let subject = subject(of: scene) else { return nil }
            let delivery = delivery(of: scene, subject)
            return channel.isEditable
                ? writer.copy(of: delivery, about: subject.result, takesChoices: true)
                : writer.briefing(of: delivery, about: subject.result)
        }
    }

    /// The form of that kind that opens in a message; nil where the sample fails, which a test rules out.
    public func form(_ kind: ChatForm.Kind) -> ChatForm? {
        guard let writer, let subject = subject(of: .open) else { return nil }
        return writer.form(kind, for: Self.lee, by: channel.id, about: subject.result)
    }

    private var writer: BriefingWriter? {
        let (book, loads) = (rulebook, Self.loads)
        return LinkKeys([(id: "k1", secret: Self.secret)]).map { keys in
            BriefingWriter(rulebook: book, keys: keys) { lead, reader, limit, phrases in
                book.ranking(for: lead, at: Self.start, reader: reader, limit: limit, phrases: phrases, loads: loads)
            }
        }
    }

    /// The scene's own message, else one as the transition might have brought it.
    private func delivery(of scene: SampleScene, _ subject: Transition) -> Delivery {
        let reader = reader(of: scene)
        return subject.deliveries.last { $0.kind == scene.kind && $0.person == reader }
            ?? Delivery(
                caseID: subject.result.id, sequence: subject.result.version, person: reader, channel: channel.id,
                lane: channel.lane(for: reader), kind: scene.kind, createdAt: Self.start + .seconds(2_700))
    }

    /// The transition that brings the message about, or comes near it.
    private func subject(of scene: SampleScene) -> Transition? {
        let key = IntakeKey(text: "id:sample:\(scene == .settled ? 2 : 1)")
        let opened = LeadCase.open(lead, key: key, now: Self.start, rulebook: rulebook, loads: Self.loads)
        let words = kind.text("mind the lions")
        let assign = CaseCommand.assign(rep: Self.billy, by: Self.dana, note: words)
        let pass = CaseCommand.pass(to: Self.lee, by: Self.dana, comment: words)
        switch scene {
        case .remind, .warn, .freshLink: return opened
        case .decide, .open: return after([pass], opened)
        case .escalate: return after([.postpone(by: Self.dana)], opened)
        case .assigned, .settled, .given: return after([assign], opened)
        case .withdrawn, .reopened: return after([assign, .undo(by: Self.dana)], opened)
        case .claimed: return after([.claim(by: Self.dana)], opened)
        case .begun: return after([assign, .start(by: Self.billy)], opened)
        case .rejected, .dismissed: return after([.reject(reason: .notForUs, by: Self.dana, note: words)], opened)
        case .done: return after([assign, .start(by: Self.billy), .close(by: Self.billy, note: words)], opened)
        case .inquiry:
            let resemblance = Resemblance(score: 92, reasons: ["the same e-mail address", "which several share"])
            let inquiry = Inquiry(key: IntakeKey(text: "id:web:2"), lead: lead, resemblance: resemblance)
            return after([.inquire(inquiry)], opened)
        case .alarm:
            guard let first = opened.deliveries.first else { return nil }
            return after([.deliveryFailed(first, reason: "HTTP 410 from the webhook", isNews: true)], opened)
        case .digest, .test: return nil
        }
    }

    private func after(_ commands: [CaseCommand], _ opened: Transition) -> Transition? {
        var last = opened
        for command in commands {
            do throws(Refusal) {
                last = try last.result.decide(
                    command, now: Self.start + .seconds(120), rulebook: rulebook, loads: Self.loads)
            } catch {
                return nil
            }
        }
        return last
    }

    private func reader(of scene: SampleScene) -> PersonID {
        switch scene {
        case .assigned, .withdrawn: Self.billy
        case .decide, .escalate: Self.lee
        default: Self.dana
        }
    }
}

extension SampleMessages {
    private static let dana: PersonID = "dana"
    private static let lee: PersonID = "lee"
    private static let billy: PersonID = "billy"
    private static let omar: PersonID = "omar"
    /// Monday 23 November 2026, 15:00 UTC.
    private static let start = Timestamp(milliseconds: 1_795_446_000_000)
    /// Whoever got hold of such a link would have one to nothing.
    private static let secret = [UInt8](repeating: 0x2A, count: 32)

    private static func loads(of person: PersonID) -> Workload {
        person == billy ? Workload() : Workload(openCount: 5, openWeight: 5)
    }
    private static let loads: @Sendable (PersonID) -> Workload = { loads(of: $0) }

    private static func rulebook(
        _ kind: SampleLead, _ channel: ChannelSettings, _ language: Language, _ phrases: PhraseBook
    ) -> Rulebook {
        let zone = TimeZone(identifier: "America/Chicago") ?? .gmt
        // A bot writes to the person alone here, so that its messages have their links.
        func reach(_ id: PersonID) -> [Person.Reach] {
            let address = channel.isEditable ? "U0SAMPLE01" : "https://chat.example/\(id)"
            return [Person.Reach(channel: channel.id, address: Secret(address))]
        }
        func person(_ id: PersonID, _ name: String, manager: Bool = false, rep: Person.RepProfile? = nil) -> Person {
            Person(
                id: id, name: kind.text(name), isManager: manager, rep: rep, timeZone: zone, reach: reach(id),
                teamsID: "\(id)@stoneworks.example", language: language)
        }
        let skills = [Skill(kind.text("fine-art"), level: 4)]
        let people = [
            person(dana, "Dana Whitfield", manager: true), person(lee, "Lee Park", manager: true),
            person(
                billy, "Billy Moss",
                rep: Person.RepProfile(skills: skills, languages: ["en", "es"], regions: ["US"], capacity: 8)),
            person(
                omar, "Omar Haddad",
                rep: Person.RepProfile(
                    skills: [Skill("tile", level: 3)], languages: ["de"], capacity: 5)),
        ]
        let route = Route(
            conditions: [.field(.projectType, .isOneOf([kind.text("fine-art")]))], managers: [dana, lee],
            policy: "standard")
        return Rulebook(
            site: Site(
                name: kind.text("Example Stoneworks"), url: "https://leads.example.com",
                recordURL: "https://crm.example.com/lead/{id}"),
            people: people, channels: [channel], routes: [route, Route(managers: [dana, lee], policy: "standard")],
            policies: policies(zone), operators: [dana], phrases: phrases)
    }

    /// Four hours of working time, which lead over a holiday.
    private static func policies(_ zone: TimeZone) -> [String: EscalationPolicy] {
        let hours = (1...5).map { WorkCalendar.Span(weekday: $0, opens: 480, closes: 720) }
        let holidays = WorkCalendar.Day(text: "2026-11-24").map { [$0: "Founders’ Day"] } ?? [:]
        let steps = [
            EscalationPolicy.Step(after: .zero, action: .notify(.manager)),
            EscalationPolicy.Step(after: .seconds(14_400), action: .assign(billy)),
        ]
        do {
            let office = try WorkCalendar(timeZone: zone, hours: hours, holidays: holidays)
            let policy = try EscalationPolicy(
                steps: steps, clock: .office(office), moreTime: .seconds(1_800),
                firstAction: .seconds(14_400),
                playbook: ["Call within the hour; two tries, then write.", "Send the catalogue <2026>, 60 × 40 cm."])
            return ["standard": policy]
        } catch {
            // Without a policy there is no plan, and whoever wants the samples is told that they can't be made.
            return [:]
        }
    }
}

extension SampleLead {
    /// What is asked, and by whom.
    var lead: Lead {
        var fields: [FieldName: String] = [
            .id: "00Q5e00000abcde", .source: "web form", .name: "María López", .title: "Curator",
            .email: "maria@acme.example", .phone: "+1 312 555 0100", .company: "Acme Arts & Sons",
            .projectType: "fine-art", .city: "Chicago", .country: "United States",
            .language: "de", .value: "12500", .currency: "USD",
            .description: "We need a marble bust for our lobby, about 60 cm high.\nCould somebody call me?",
        ]
        if self == .plain { return Lead(given: fields) }
        // Those that stand in where others are missing too.
        for (field, label) in FieldName.known { fields[field] = text(fields[field] ?? label) }
        // Whoever sends a lead may name others.
        fields[FieldName(Self.marks.joined(separator: " "))] = text("Note")
        fields[.description] = String(repeating: text("Hello") + "\r\n", count: 200)
        // Nothing else is shown of an address that isn't the CRM's, or has controls.
        fields[.recordURL] = "https://crm.example.com/" + Self.marks.joined(separator: " ")
        return Lead(given: fields)
    }

    /// `words`, or something that would do harm as markup of one channel or another.
    fileprivate func text(_ words: String) -> String { self == .plain ? words : "\(words) \(Self.harm)" }

    private static let harm = (marks + controls).joined(separator: " ") + String(repeating: " long", count: 60)

    /// Mentions, links and markup of one channel or another, and what their escapes might be undone to.
    static let marks = [
        "<!channel>", "<@U012AB3CD>", "<users/all>", "<at>all</at>", "@all @channel @here", "{{title}}", "||*b*||",
        "_i_ ~s~ `c`", "[x](https://evil.example)", "[x](javascript:alert(1))", "![x](https://evil.example/x.png)",
        "<https://evil.example|x>", "<script>alert(1)</script>", "</td></tr></table><script>", "<img src=x onerror=y>",
        "<a@evil.example>", "<!--", "\"/><a href='https://evil.example'>x</a>", "&amp;lt;!channel&amp;gt;",
        "&lt;!channel&gt;", "&#60;b&#62;", "*\u{301}b*\u{301}", "<\u{301}!channel>\u{301}", ":tada:",
        "#tag ~town-square", "===", "\\*b\\*", "\\", "```", "# x", "> x", "- x", "1. x", "---", "$x$", "~~s~~",
        "%0D%0A", "=0D=0A", "=?utf-8?B?QmNjOiBldmls?=", "--=_leadbell_",
    ]

    /// Ends of lines, headers behind them, and what turns the text after it around.
    static let controls = [
        "\r\nBcc: everybody@evil.example\r\n\r\n.\r\n", "\n> x\n# x\n===\n- x\n", "\u{0}", "\u{1B}[31m",
        "\u{85}\u{2028}", "\u{202E}desrever\u{2066} \u{200F}", "\u{FEFF}\u{FFFE}",
    ]
}
