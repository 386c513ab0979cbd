// What makes a person a rep: what they are good at and where, how much they take, and which share of the leads is theirs.
// Pages show it, the ranking goes by it.

/// Something that a rep is good at, and how good.
public struct Skill: Sendable, Hashable, ExpressibleByStringLiteral {
    /// As the configuration words it.
    public let name: String
    /// From 1, a beginner, to 5, an expert.
    public let level: Int

    /// A skill, of a middling level unless told.
    public init(_ name: String, level: Int = 3) {
        self.name = name
        self.level = level
    }

    /// Lets a literal stand for a skill of a middling level.
    public init(stringLiteral value: String) { self.init(value) }
}

extension Person {
    /// What makes a person a rep. Texts are as the configuration words them, and are compared without regard to case.
    public struct RepProfile: Sendable, Equatable {
        /// What the rep is good at, and how good.
        public let expertise: [Skill]
        /// What the rep speaks: `en`, `es`.
        public let languages: [String]
        /// Codes of countries and states: `US`, `US-IL`.
        public let regions: [String]
        /// Products that are the rep's own field.
        public let products: [String]
        /// Campaigns that are the rep's own field.
        public let campaigns: [String]
        /// What rules may ask for by law or by house.
        public let licences: [String]
        /// From 1, a junior, to 5; nil when unknown.
        public let seniority: Int?
        /// How much open load the rep should have at most; nil when not limited.
        public let capacity: Int?
        /// How many open leads the rep may have at most; nil when not limited.
        public let hardCap: Int?
        /// How many leads the rep may be given within 24 hours; nil when not limited.
        public let perDay: Int?
        /// How many leads the rep may be given within seven days; nil when not limited.
        public let perWeek: Int?
        /// The rep's share of the leads, against the others' weights; more than 0.
        public let weight: Double

        /// A rep's profile.
        public init(
            skills: [Skill] = [], languages: [String] = [], regions: [String] = [], products: [String] = [],
            campaigns: [String] = [], licences: [String] = [], seniority: Int? = nil, capacity: Int? = nil,
            hardCap: Int? = nil, perDay: Int? = nil, perWeek: Int? = nil, weight: Double = 1
        ) {
            expertise = skills
            self.languages = languages
            self.regions = regions
            self.products = products
            self.campaigns = campaigns
            self.licences = licences
            self.seniority = seniority
            self.capacity = capacity
            self.hardCap = hardCap
            self.perDay = perDay
            self.perWeek = perWeek
            self.weight = weight
        }

        /// The names of what the rep is good at.
        public var skills: [String] { expertise.map(\.name) }
    }
}
