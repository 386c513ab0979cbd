// The enricher `normalise`: what follows from the lead's own words alone (domains, codes, the source), so that routes
// and the firm directory compare like with like. It computes from memory; its one failure is an e-mail address that is
// none. Comes first in a chain.

import LeadCore

/// Derives domains, codes and the source from what the lead itself says.
///
/// - `email_domain` from `email`, `free_mail` (`yes`, `no`) from that domain by a list of public providers, and
///   `disposable_mail` (`yes`) where it gives out addresses to be thrown away; a file can add to either list.
/// - `web_domain` from `website`, unless that is a page on a public host (a social network, a site builder); else from
///   the e-mail domain when it is no public provider's.
/// - `country_code` from `country`: a name in one of several languages, a usual short form, or an ISO 3166 code.
/// - `state_code` from `state` for the USA, Canada and Australia. When the lead says no country at all, only the full
///   name of a US state counts, and only if it is no country's (Georgia is neither); the country stays unknown. When
///   the lead names a country that isn't recognised, no state is.
/// - `source` from `utm_source` as it stands, else `campaign NAME` from `utm_campaign` or `campaign`.
public struct Normaliser: LocalEnricher {
    public let name: String

    private let countries = CountryTable.standard
    private let subdivisions = SubdivisionTable.standard

    private let hosts: PublicHosts

    /// A normaliser with the lists that are built in.
    public init(name: String = "normalise") { self.init(name: name, hosts: PublicHosts()) }

    init(name: String, hosts: PublicHosts) {
        self.name = name
        self.hosts = hosts
    }

    static let kind = EnricherKind(
        name: "normalise",
        options: [
            OptionSpec("free_mail", .file, help: "More domains of public mail providers, one a line."),
            OptionSpec("disposable_mail", .file, help: "More domains of addresses to be thrown away, one a line."),
        ]
    ) { name, values throws(OptionFlaw) in
        var hosts = PublicHosts()
        hosts.moreProviders = try DomainList.read("free_mail", values)
        hosts.moreDisposable = try DomainList.read("disposable_mail", values)
        return Normaliser(name: name, hosts: hosts)
    }

    /// What follows from `lead`'s own values.
    func enrich(_ lead: Lead, _ texts: inout LeadTexts) -> Enrichment {
        var result = Enrichment()
        addDomains(of: lead, to: &result)
        addCodes(of: lead, to: &result)
        addSource(of: lead, to: &result)
        return result
    }

    private func addDomains(of lead: Lead, to result: inout Enrichment) {
        var emailDomain = lead[.emailDomain].flatMap { DomainName.of(website: $0) }
        if let email = lead[.email] {
            if let domain = DomainName.of(email: email) {
                emailDomain = emailDomain ?? domain
                result.findings.append(.init(.emailDomain, domain, basis: "e-mail"))
            } else {
                result.failure = "the e-mail address is not valid"
            }
        }
        // Whoever throws the address away has no firm by it either.
        let isDisposable = emailDomain.map { hosts.isDisposable($0) } ?? false
        let isFree = emailDomain.map { isDisposable || hosts.isFreeMail($0) }
        if let isFree { result.findings.append(.init(.freeMail, isFree ? "yes" : "no", basis: "e-mail domain")) }
        if isDisposable { result.findings.append(.init(.disposableMail, "yes", basis: "e-mail domain")) }
        if let website = lead[.website], let domain = DomainName.of(website: website),
            !PublicHosts.isSharedSite(domain)
        {
            result.findings.append(.init(.webDomain, domain, basis: "web site"))
        } else if let emailDomain, isFree == false {
            result.findings.append(.init(.webDomain, emailDomain, basis: "e-mail domain"))
        }
    }

    private func addCodes(of lead: Lead, to result: inout Enrichment) {
        var country = lead[.countryCode].flatMap { countries.code(for: $0) }
        if country == nil, let code = lead[.country].flatMap({ countries.code(for: $0) }) {
            country = code
            result.findings.append(.init(.countryCode, code, basis: "country"))
        }
        guard let state = lead[.state] else { return }
        let saysCountry = lead[.country] != nil || lead[.countryCode] != nil
        let code =
            if let country {
                subdivisions.code(for: state, in: country)
            } else {
                saysCountry ? nil : subdivisions.codeOfStateName(state)
            }
        if let code { result.findings.append(.init(.stateCode, code, basis: "state")) }
    }

    private func addSource(of lead: Lead, to result: inout Enrichment) {
        guard lead[.source] == nil else { return }
        if let source = lead[.utmSource] {
            result.findings.append(.init(.source, source, basis: "utm_source"))
        } else if let campaign = lead[.utmCampaign] {
            result.findings.append(.init(.source, "campaign \(campaign)", basis: "utm_campaign"))
        } else if let campaign = lead[.campaign] {
            result.findings.append(.init(.source, "campaign \(campaign)", basis: "campaign"))
        }
    }
}
