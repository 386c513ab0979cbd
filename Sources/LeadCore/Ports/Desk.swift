// What pages, Slack and the command line ask of the engine: see a case, decide on it. All choices go this one way.

/// A rep as the chooser sees them.
public struct RepView: Sendable, Equatable {
    /// Who.
    public let person: PersonID
    /// Their name.
    public let name: String
    /// What they are good at.
    public let skills: [String]
    /// Leads they have.
    public let openLoad: Int
    /// How many they should have at most; nil when not limited.
    public let capacity: Int?

    /// A rep with their load.
    public init(person: PersonID, name: String, skills: [String], openLoad: Int, capacity: Int?) {
        self.person = person
        self.name = name
        self.skills = skills
        self.openLoad = openLoad
        self.capacity = capacity
    }
}

/// A case as it stands now, with what is needed to decide on it.
public struct CaseView: Sendable {
    /// The case with history and messages.
    public let file: CaseFile
    /// Who may be given it, in the order of the configuration.
    public let reps: [RepView]
    /// Names, zones and settings as of now.
    public let rulebook: Rulebook
    /// When this was put together.
    public let now: Timestamp

    /// A view of a case.
    public init(file: CaseFile, reps: [RepView], rulebook: Rulebook, now: Timestamp) {
        self.file = file
        self.reps = reps
        self.rulebook = rulebook
        self.now = now
    }
}

/// What became of a command.
public enum Decision: Sendable, Equatable {
    /// Durable; the case as it is now.
    case done(LeadCase)
    /// Nothing changed; the case as it is.
    case refused(Refusal, LeadCase)
    /// There is no such case.
    case notFound
}

/// The use cases around one case.
public protocol Desk: Sendable {
    /// The case as it stands; nil when there is none.
    func view(_ id: CaseID) async throws(StoreFailure) -> CaseView?

    /// Decides and stores; when another was faster, decides again on what is there now.
    func decide(_ command: CaseCommand, on id: CaseID) async throws(StoreFailure) -> Decision
}
