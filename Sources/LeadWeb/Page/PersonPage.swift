// A person's own page: when they are away, and who stands in. Pure.

import LeadCore

/// The page of one person.
struct PersonPage: WebPage, Equatable {
    static let template = "person"

    /// What was just done.
    enum Notice: String {
        case away, back

        var sentence: String {
            switch self {
            case .away: "Noted. While you are away, leads go to others."
            case .back: "Welcome back. Leads come to you again."
            }
        }
    }

    /// What the page says besides, and what had been entered.
    struct News {
        var notice: String?
        var alert: String?
        var form = AbsenceForm()
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

    /// How many absences are told of.
    private static let shown = 20

    init(of person: PersonID, rulebook: Rulebook, now: Timestamp, nonce: String, news: News) {
        let words = HistoryWords(rulebook: rulebook, reader: person)
        site = rulebook.site.name
        name = rulebook.name(person)
        title = "\(name): your page"
        notice = news.notice
        alert = news.alert
        self.nonce = nonce
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
