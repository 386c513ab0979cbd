// `people` and `operators`: who they are and how they are reached. Addresses may be webhooks and are treated as secrets
// throughout: no problem repeats one.

import Foundation
import LeadCore

extension SectionReader {
    /// A person as read.
    struct PersonDraft {
        let person: Person
        let position: Position
        /// True also when what stands there could not be read.
        let hasRepKey: Bool
        /// False when an address was refused, so that what follows from it isn't reported again.
        let isReachRead: Bool
        /// The calendar that the person names.
        let calendar: String?
        fileprivate let absencesItem: Item?
        /// Read when all people are known, since one may stand in for another.
        fileprivate(set) var absences: [Absence] = []
        fileprivate(set) var absenceFiles: [AbsenceFile] = []
    }

    func readPeople(
        _ root: MappingReader, channels: [ChannelDraft], calendars: CalendarDrafts, phrases: PhraseBook
    ) -> [PersonDraft] {
        guard let item = root.required("people", "add a list of people with id, name and reach"),
            let list = item.list(of: "a person")
        else { return [] }
        var drafts: [PersonDraft] = []
        for entry in list {
            guard let map = entry.mapping("a person") else { continue }
            let id = readID(map, taken: drafts)
            drafts.append(
                readPerson(map, id: id, channels: channels, calendars: calendars, phrases: phrases, taken: drafts))
        }
        for index in drafts.indices {
            guard let item = drafts[index].absencesItem else { continue }
            let (absences, files) = readAbsences(item, of: drafts[index].person, people: drafts)
            drafts[index].absences = absences
            drafts[index].absenceFiles = files
        }
        if !drafts.contains(where: \.hasRepKey) {
            item.error("has nobody who can be given a lead", "give at least one person 'rep: true'")
        }
        return drafts
    }

    private func readID(_ map: MappingReader, taken drafts: [PersonDraft]) -> PersonID {
        guard let item = map.required("id"), let text = item.identifier() else { return "" }
        if let earlier = drafts.first(where: { $0.person.id.text == text }) {
            findings.error(
                item.position, "the id '\(text)' is taken by the person in line \(earlier.position.line)",
                "each person needs their own")
        }
        if ["manager", "next_manager", "asked", "best"].contains(text) {
            findings.error(item.position, "the id '\(text)' has a meaning of its own in policies", "choose another")
        }
        return PersonID(text)
    }

    private func readPerson(
        _ map: MappingReader, id: PersonID, channels: [ChannelDraft], calendars: CalendarDrafts, phrases: PhraseBook,
        taken drafts: [PersonDraft]
    ) -> PersonDraft {
        defer { map.finish() }
        let name = map.required("name", "it is what others read")?.text()
        let isManager = map.optional("manager")?.flag() ?? false
        let repItem = map.optional("rep")
        let rep = repItem.flatMap(readRep)
        let zone = map.optional("time_zone").flatMap(readZone) ?? .gmt
        let (hours, calendar) = readPersonHours(map, zone: zone, calendars: calendars)
        let absencesItem = map.optional("absences")
        var reach: [Person.Reach] = []
        var isReachRead = true
        if let item = map.optional("reach") {
            let entries = item.mapping("'reach'")?.all()
            isReachRead = entries != nil
            for (channel, position, item) in entries ?? [] {
                if let one = readReach(channel, position, item, channels: channels) {
                    reach.append(one)
                } else {
                    isReachRead = false
                }
            }
        }
        let slackID = readSlackID(map, reach: reach, channels: channels, taken: drafts)
        let reached = Person(
            id: id, name: name ?? id.text, isManager: isManager, rep: rep, timeZone: zone, hours: hours, reach: reach,
            digest: readDigest(map), slackID: slackID, teamsID: readTeamsID(map),
            language: map.optional("language").flatMap { readLanguage($0, among: phrases) })
        let person = reached.with(quiet: readQuiet(map, of: reached, channels: channels))
        let hasRepKey = repItem.map { $0.word != "false" } ?? false
        return PersonDraft(
            person: person, position: map.position, hasRepKey: hasRepKey, isReachRead: isReachRead, calendar: calendar,
            absencesItem: absencesItem)
    }

    func readZone(_ item: Item) -> TimeZone? {
        guard let text = item.text("a time zone's name") else { return nil }
        let known = TimeZone.knownTimeZoneIdentifiers
        let isName = known.contains(text) || text.contains("/") || ["UTC", "GMT"].contains(text)
        guard isName, let zone = TimeZone(identifier: text) else {
            let nearest = Wording.nearest(to: text, among: known) ?? known.first { $0.hasSuffix("/" + text) }
            item.error(
                "is no time zone of the IANA database",
                nearest.map { "did you mean '\($0)'?" } ?? "write a name such as America/Chicago")
            return nil
        }
        return zone
    }

    private func readReach(
        _ name: String, _ position: Position, _ item: Item, channels: [ChannelDraft]
    ) -> Person.Reach? {
        guard let channel = channels.first(where: { $0.settings.id.text == name }) else {
            findings.error(
                position, "there is no channel " + (Wording.quoted(name) ?? "of that name"),
                Wording.suggestion(for: name, among: channels.map(\.settings.id.text)))
            return nil
        }
        guard let text = item.text("an address or a reference to one") else { return nil }
        let address: String
        if let reference = SecretReference(text) {
            guard let secret = item.resolve(reference, from: secrets, folder: folder) else { return nil }
            if secrets.isBlind { return Person.Reach(channel: channel.settings.id, address: secret) }
            address = secret.revealed
        } else {
            address = text
            if ["https:", "http:"].contains(where: text.lowercased().hasPrefix) {
                item.warn(
                    "shows a URL that others could use, in plain text",
                    "a webhook's URL is a secret: \(SecretReference.rule)")
            }
        }
        if let flaw = channel.kind?.checkAddress(address) {
            // Whatever the kind says, the address itself is not repeated.
            item.error("has no usable address", Wording.clause(flaw.replacing(address, with: "this")))
            return nil
        }
        return Person.Reach(channel: channel.settings.id, address: Secret(address))
    }

    // MARK: operators

    func readOperators(_ root: MappingReader, people: [PersonDraft]) -> [PersonID] {
        let advice = "add operators: [PERSON], who is told when nobody is reached"
        let item = root.expected("operators") { [findings, position = root.position] in
            findings.warn(position, "there are no operators", advice)
        }
        guard let item else { return [] }
        if item.isEmptyList { item.warn("is empty", "name a person, who is told when nobody is reached") }
        return readPersons(item, people: people)
    }

    /// One person or several, each once; `asked` when they are to choose, which only managers may.
    func readPersons(_ item: Item, people: [PersonDraft], asked: Bool = false) -> [PersonID] {
        var persons: [PersonID] = []
        for entry in item.listOrSingle() {
            guard let text = entry.reference(to: people.names, what: "person") else { continue }
            if asked, let draft = people.draft(PersonID(text)), !draft.person.isManager {
                findings.error(
                    entry.position, "'\(text)' is not a manager and can't choose", "give \(text) 'manager: true'")
            }
            guard !persons.contains(PersonID(text)) else {
                entry.error("names '\(text)' twice", "once is enough")
                continue
            }
            persons.append(PersonID(text))
        }
        return persons
    }
}

extension [SectionReader.PersonDraft] {
    /// The ids that can be referred to, each once.
    var names: [String] {
        var seen: Set<String> = [""]
        return map(\.person.id.text).filter { seen.insert($0).inserted }
    }

    /// The person called `id`.
    func draft(_ id: PersonID) -> Element? { first { $0.person.id == id } }
}
