// `people[].absences[].file`: calendar files that say when a person is away. They change while the daemon runs, so the
// configuration names them and whoever uses it reads them, again and again.

import Foundation
import LeadCalendar
import LeadCore

/// A calendar file in which a person keeps their absences.
public struct AbsenceFile: Sendable, Hashable {
    /// Whose absences they are.
    public let person: PersonID
    /// Where the file is.
    public let path: String
    /// The person's zone, in which days and times without a zone are read.
    public let zone: TimeZone
    /// Who stands in for them; nil when nobody does by name.
    public let substitute: PersonID?

    /// A file at `path`.
    public init(person: PersonID, path: String, zone: TimeZone, substitute: PersonID? = nil) {
        self.person = person
        self.path = path
        self.zone = zone
        self.substitute = substitute
    }

    /// What the file says now: each event that doesn't leave its owner free is an absence, whether it lasts all day or
    /// not; from a month before `now` to two years after it.
    public func absences(around now: Timestamp) throws(CalendarSourceFlaw) -> [Absence] {
        let day = Duration.seconds(86_400)
        let entries = try ICalendar.entries(
            ofFile: path, within: now - day * 31..<now + day * 731, zone: zone, includeTransparent: false)
        return entries.map { Absence(person: person, from: $0.from, until: $0.until, substitute: substitute) }
    }
}

extension Configuration {
    /// What the files of absences say at `now`, in the order of the configuration. One that can't be used says nothing,
    /// and `complain` is given a sentence of why.
    public func absencesInFiles(
        at now: Timestamp, complain: (String) -> Void
    ) -> [(file: AbsenceFile, absences: [Absence])] {
        absenceFiles.compactMap { file in
            do throws(CalendarSourceFlaw) {
                return (file, try file.absences(around: now))
            } catch {
                complain("\(file.person)'s absences in \(file.path) are not known: \(error); \(error.remedy)")
                return nil
            }
        }
    }
}
