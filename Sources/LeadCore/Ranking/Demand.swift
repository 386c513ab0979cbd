// What a lead asks of a rep, read from its fields once for all candidates.

/// What a lead asks for.
struct Demand: Sendable {
    /// What kind of work it is, most specific first; each once.
    let skills: [Term]
    let product: Term?
    let campaign: Term?
    let language: Term?
    /// `en` for the language `en-US`; nil for `en`.
    let languageFamily: Term?
    /// Whose the lead is by the CRM: an id, a name or an address.
    let owner: String?
    /// The code of the country: `us`.
    let country: Term?
    /// The code of the state with its country's: `us-il`; nil when either is unknown.
    let state: Term?
    /// From 1 to 5; nil when nothing tells.
    let seniority: Int?
    /// Who had an earlier case of the same person or firm.
    let formerRep: PersonID?

    init(_ lead: Lead, settings: RankingSettings) {
        var skills: [Term] = []
        for field in [FieldName.projectType, .product, .industry] {
            guard let term = lead[field].map({ Term($0) }) else { continue }
            if !skills.contains(where: { $0.key == term.key }) { skills.append(term) }
        }
        self.skills = skills
        product = lead[.product].map { Term($0) }
        campaign = (lead[.campaign] ?? lead[.utmCampaign]).map { Term($0) }
        language = lead[.language].map { Term($0) }
        languageFamily = language.flatMap { language in
            language.key.firstIndex(of: "-").map { Term(String(language.key[..<$0])) }
        }
        owner = lead[.owner]
        let country = (lead[.countryCode] ?? lead[.country]).map { $0.uppercased() }.flatMap(Self.code)
        let state = (lead[.stateCode] ?? lead[.state]).map { $0.uppercased() }.flatMap(Self.code)
        self.country = country.map { Term($0) }
        self.state = country.flatMap { country in state.map { Term("\(country)-\($0)") } }
        formerRep = lead.earlierRep
        seniority = settings.complexity(of: lead)
    }

    /// Names of countries and states are left alone; the normaliser makes codes of those that it knows.
    private static func code(_ text: String) -> String? {
        (1...3).contains(text.utf8.count) ? text : nil
    }
}
