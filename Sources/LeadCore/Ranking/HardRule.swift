// What leads may need of a rep, whatever the factors say: a licence or a skill. Configured; a rep who lacks it is out.

/// A need of certain leads.
public struct HardRule: Sendable, Equatable {
    /// What a rep must have.
    public enum Need: Sendable, Equatable {
        /// One of the rep's licences.
        case licence(String)
        /// One of the rep's skills, of any level.
        case skill(String)
    }

    /// Which leads need it.
    public let condition: Condition
    /// What they need.
    public let need: Need

    /// A rule for leads that meet `condition`.
    public init(_ condition: Condition, needs need: Need) {
        self.condition = condition
        self.need = need
    }

    /// Why a rep who lacks it can't have `lead`, which meets the condition: "no licence il-mortgage, which is needed because
    /// project type is mortgage".
    func sentence(for lead: Lead, in phrases: Phrases = .english) -> String {
        let reason = condition.reason(for: lead, in: phrases)
        return switch need {
        case .licence(let name): phrases.ranking.noLicence(name, reason)
        case .skill(let name): phrases.ranking.noSkill(name, reason)
        }
    }
}
