// A person's own page: leads that they type in, when they are away and who stands in. Pure.

import LeadCore

/// The page of one person.
struct PersonPage: WebPage, Equatable {
    static let template = "person"

    /// What was just done.
    enum Notice: String {
        case away, back, taken, joined

        /// What is said of it; `lead` is the lead's id as the address has it, which anybody may have written.
        func sentence(of lead: String) -> String {
            let isID =
                (1...40).contains(lead.utf8.count) && lead.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
            let words = isID ? "Lead \(lead)" : "The lead"
            return switch self {
            case .away: "Noted. While you are away, leads go to others."
            case .back: "Welcome back. Leads come to you again."
            case .taken: "\(words) is taken. Here is room for the next one."
            case .joined: "\(words) has it as a further word, and whoever has the lead is told."
            }
        }
    }

    /// What the page says besides, and what had been entered.
    struct News {
        var notice: String?
        var alert: String?
        var form = AbsenceForm()
        var entry = EntryForm()
        /// Leads that are known already and may be the one that was typed in.
        var known: [KnownLine] = []
    }

    /// One absence.
    struct Line: Sendable, Equatable {
        let words: String
        /// "Lee Park stands in"; nil when nobody does by name.
        let substitute: String?
        let isNow: Bool
    }

    let site: String
    let title: String
    let name: String
    let notice: String?
    let alert: String?
    let nonce: String
    /// The zone of all times on the page.
    let zone: String
    /// Whether leads can be typed in here.
    let takesLeads: Bool
    let ways: [EntryForm.Way]
    let inputs: [Input]
    /// Leads that may be the one that was typed in.
    let known: [KnownLine]
    let isKnown: Bool
    let absences: [Line]
    let hasAbsences: Bool
    let from: String
    let until: String
    let colleagues: [Colleague]

    /// Somebody who may stand in.
    struct Colleague: Sendable, Equatable {
        let id: String
        let name: String
        let isChosen: Bool
    }

    /// A field of the form for leads.
    struct Input: Sendable, Equatable {
        let name: String
        let label: String
        let value: String
        let isLong: Bool
        let type: String
    }

    /// How many absences are told of.
    private static let shown = 20

    init(
        of person: PersonID, rulebook: Rulebook, now: Timestamp, nonce: String, takesLeads: Bool, news: News
    ) {
        let words = HistoryWords(rulebook: rulebook, reader: person)
        site = rulebook.site.name
        name = rulebook.name(person)
        title = "\(name): your page"
        notice = news.notice
        alert = news.alert
        self.nonce = nonce
        self.takesLeads = takesLeads
        ways = news.entry.ways
        inputs = EntryForm.fields.map { field in
            Input(
                name: field.text, label: field.label, value: news.entry[field], isLong: field == .description,
                type: field == .email ? "email" : field == .phone ? "tel" : "text")
        }
        known = news.known
        isKnown = !known.isEmpty
        zone = words.zone
        let coming = rulebook.absences.filter { $0.person == person && $0.until > now }.sorted { $0.from < $1.from }
        absences = coming.prefix(Self.shown).map { absence in
            Line(
                words: "\(words.time(absence.from)) – \(words.time(absence.until))",
                substitute: absence.substitute.map { "\(rulebook.name($0)) stands in" }, isNow: absence.from <= now)
        }
        hasAbsences = !absences.isEmpty
        from = news.form.from
        until = news.form.until
        colleagues = rulebook.people.filter { $0.id != person && ($0.isManager || $0.rep != nil) }.map {
            Colleague(id: $0.id.text, name: $0.name, isChosen: $0.id.text == news.form.substitute)
        }
    }
}

/// The known leads alone, for the page's script.
struct KnownList: WebPage, Equatable {
    static let template = "known"

    let known: [KnownLine]
    let isKnown: Bool

    init(known: [KnownLine]) {
        self.known = known
        isKnown = !known.isEmpty
    }
}
