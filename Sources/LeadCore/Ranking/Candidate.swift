// A rep as the ranking takes them: the person, what they have to do, whether they are there. What comparing needs of a
// profile (texts in lower case, with their hashes) is made once for a rulebook, not once for a lead.

/// A rep who may be given a lead, as of one instant.
public struct Candidate: Sendable {
    /// What they have and were given.
    public let workload: Workload
    /// Whether they are there.
    public let duty: Duty
    let traits: RepTraits

    /// A candidate. For many, and for many leads, `RepIndex` is faster.
    public init(person: Person, workload: Workload = Workload(), duty: Duty = .on(until: nil)) {
        self.init(traits: RepTraits(person), workload: workload, duty: duty)
    }

    init(traits: RepTraits, workload: Workload, duty: Duty) {
        self.traits = traits
        self.workload = workload
        self.duty = duty
    }

    /// Who.
    public var person: Person { traits.person }

    /// False when the open load has reached the soft cap.
    var hasRoom: Bool { traits.capacity.map { workload.openWeight < Double($0) } ?? true }
}

/// The reps of a rulebook, ready to be ranked.
public struct RepIndex: Sendable {
    private let reps: [RepTraits]

    /// The reps among `people`, in their order.
    public init(_ people: [Person]) {
        reps = people.filter { $0.rep != nil }.map { RepTraits($0) }
    }

    /// All reps with what `state` says of each, in the order of the configuration.
    public func candidates(_ state: (Person) -> (workload: Workload, duty: Duty)) -> [Candidate] {
        reps.map { traits in
            let (workload, duty) = state(traits.person)
            return Candidate(traits: traits, workload: workload, duty: duty)
        }
    }
}

/// A rep's profile as it is compared: texts in lower case. Shared, because a ranking hands each around many times.
final class RepTraits: Sendable {
    let person: Person
    let skills: SkillLevels
    let products: TermSet
    let campaigns: TermSet
    let regions: TermSet
    let languages: TermSet
    /// Everything that is the rep's own field: skills, products, campaigns.
    let fields: [String]
    let licences: TermSet
    let seniority: Int?
    let capacity: Int?
    let hardCap: Int?
    let perDay: Int?
    let perWeek: Int?
    let weight: Double

    /// What `person` is as a rep; an empty profile when they are none.
    init(_ person: Person) {
        self.person = person
        let profile = person.rep ?? Person.RepProfile()
        skills = SkillLevels(profile.expertise)
        products = TermSet(profile.products)
        campaigns = TermSet(profile.campaigns)
        regions = TermSet(profile.regions)
        languages = TermSet(profile.languages)
        fields = profile.skills + profile.products + profile.campaigns
        licences = TermSet(profile.licences)
        seniority = profile.seniority
        capacity = profile.capacity
        hardCap = profile.hardCap
        perDay = profile.perDay
        perWeek = profile.perWeek
        weight = profile.weight
    }
}
