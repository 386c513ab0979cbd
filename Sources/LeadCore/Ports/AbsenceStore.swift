// Where absences are kept that were set while running. Those of the configuration and of calendar files stay there.

/// Absences by command or page.
public protocol AbsenceStore: Sendable {
    /// Those that end after `now`, in the order in which they were recorded.
    func absences(endingAfter now: Timestamp) async throws(StoreFailure) -> [Absence]

    /// Records an absence, durably.
    func record(_ absence: Absence, at now: Timestamp) async throws(StoreFailure)

    /// The person is back at `now`: absences that hold then end, those that would begin later are forgotten. Answers how
    /// many there were.
    func endAbsences(of person: PersonID, at now: Timestamp) async throws(StoreFailure) -> Int
}
