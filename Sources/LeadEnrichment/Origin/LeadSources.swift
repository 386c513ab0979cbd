// The enricher `sources`: how the person came to write, by campaign, click and referring page. It computes from memory
// and can't fail. Stands before `normalise`, which takes `utm_source` as it stands.

import LeadCore

/// Fills `source` where the lead gives none.
///
/// In this order: the configuration's names for campaigns (`utm_campaign`, `campaign`, `campaign_id`), what `utm_source` and `utm_medium`
/// say together, the marks that advertisers put behind a landing page's address, or give as fields (`gcl_id`), and the referring page's host by the
/// configuration's names, else by those of search engines and networks. Where `utm_…` fields are missing they are read
/// from the landing page's address.
public struct LeadSources: LocalEnricher {
    public let name: String

    private let campaigns: [(pattern: CampaignPattern, source: String)]
    private let referrers: [String: String]

    static let kind = EnricherKind(
        name: "sources",
        options: [
            OptionSpec("campaigns", .pairs, help: "Names for campaigns; a `*` in a campaign stands for any letters."),
            OptionSpec("referrers", .pairs, help: "Names for the hosts of referring pages, as in stone-mag.example."),
        ]
    ) { name, values throws(OptionFlaw) in
        var referrers: [String: String] = [:]
        for entry in values.pairs("referrers") {
            guard let host = DomainName.of(website: entry.name) else {
                throw OptionFlaw(option: "referrers", "Write hosts, as in stone-mag.example, each with a name.")
            }
            referrers[host] = entry.value
        }
        return LeadSources(
            name: name, campaigns: values.pairs("campaigns").map { ($0.name, $0.value) }, referrers: referrers)
    }

    init(name: String, campaigns: [(String, String)], referrers: [String: String]) {
        self.name = name
        self.campaigns = campaigns.map { (pattern: CampaignPattern($0.0), source: $0.1) }
        self.referrers = referrers
    }

    func enrich(_ lead: Lead, _ texts: inout LeadTexts) -> Enrichment {
        guard lead[.source] == nil else { return Enrichment() }
        let query = lead[.landingPage].map { LandingQuery($0) } ?? LandingQuery()
        let found = byCampaign(lead, query) ?? bySource(lead, query) ?? byClick(lead, query) ?? byReferrer(lead)
        return Enrichment(findings: found.map { [$0] } ?? [])
    }

    private func byCampaign(_ lead: Lead, _ query: LandingQuery) -> Enrichment.Finding? {
        if campaigns.isEmpty { return nil }
        return byCampaign(.utmCampaign, lead[.utmCampaign] ?? query[.campaign]) ?? byCampaign(
            .campaign, lead[.campaign])
            ?? byCampaign("campaign_id", lead["campaign_id"])
    }

    private func byCampaign(_ field: FieldName, _ text: String?) -> Enrichment.Finding? {
        guard let text = text?.lowercased(), let match = campaigns.first(where: { $0.pattern.matches(text) }) else {
            return nil
        }
        return .init(.source, match.source, basis: "\(field.text) \(text)")
    }

    private func bySource(_ lead: Lead, _ query: LandingQuery) -> Enrichment.Finding? {
        let given = lead[.utmSource]
        guard let source = given ?? query[.source] else { return nil }
        let key = source.lowercased()
        let medium = (lead[.utmMedium] ?? query[.medium])?.lowercased()
        let isPaid = medium.map { Self.paidMedia.contains($0) } ?? false
        let basis = medium.map { "utm_source \(key), utm_medium \($0)" } ?? "utm_source \(key)"
        if let network = Self.networks[key] {
            // Without a medium nobody knows whether it was an advertisement.
            return .init(
                .source, isPaid ? network.paid : medium == nil ? network.plain : network.name, basis: basis)
        }
        // An unknown source stands for itself; as the landing page alone has it, nobody else will take it over.
        return given == nil ? .init(.source, source, basis: basis) : nil
    }

    private func byClick(_ lead: Lead, _ query: LandingQuery) -> Enrichment.Finding? {
        for (mark, source) in Self.clicks {
            if query.has(mark) { return .init(.source, source, basis: "\(mark.text) on the landing page") }
            if lead[FieldName(mark.text)] != nil { return .init(.source, source, basis: "the field \(mark.text)") }
        }
        return nil
    }

    private func byReferrer(_ lead: Lead) -> Enrichment.Finding? {
        guard let host = lead[.referrer].flatMap({ DomainName.of(website: $0) }) else { return nil }
        var rest = host[...]
        while true {
            if let name = referrers[String(rest)] { return .init(.source, name, basis: "referrer \(host)") }
            if let label = rest.split(separator: ".").first.map(String.init), let network = Self.networks[label],
                network.isHost(rest)
            {
                return .init(.source, network.name, basis: "referrer \(host)")
            }
            guard let dot = rest.firstIndex(of: ".") else { return nil }
            rest = rest[dot...].dropFirst()
        }
    }

    private static let paidMedia: Set<String> = [
        "cpc", "ppc", "paid", "paidsearch", "paid_social", "paidsocial", "display", "ads",
    ]

    private static let clicks: [(mark: LandingQuery.Name, source: String)] = [
        (.gclid, "Google Ads"), (.gclID, "Google Ads"), (.gbraid, "Google Ads"), (.wbraid, "Google Ads"),
        (.msclkid, "Microsoft Ads"), (.liFatID, "LinkedIn Ads"), (.fbclid, "Facebook"),
    ]

    private struct Network: Sendable {
        let name: String
        let paid: String
        /// True for networks that have a host in every country: google.de.
        let isEverywhere: Bool
        /// Its first word.
        let plain: String

        init(name: String, paid: String, isEverywhere: Bool = false) {
            self.name = name
            self.paid = paid
            self.isEverywhere = isEverywhere
            plain = name.split(separator: " ").first.map(String.init) ?? name
        }

        func isHost(_ host: Substring) -> Bool {
            let labels = host.split(separator: ".")
            guard let top = labels.last else { return false }
            if labels.count == 2 { return top == "com" || (isEverywhere && top.count == 2) }
            return isEverywhere && labels.count == 3 && labels[1].count <= 3 && top.count == 2
        }
    }

    private static let networks: [String: Network] = [
        "google": Network(name: "Google search", paid: "Google Ads", isEverywhere: true),
        "bing": Network(name: "Bing search", paid: "Microsoft Ads"),
        "duckduckgo": Network(name: "DuckDuckGo search", paid: "DuckDuckGo ads"),
        "yahoo": Network(name: "Yahoo search", paid: "Yahoo ads", isEverywhere: true),
        "ecosia": Network(name: "Ecosia search", paid: "Ecosia ads", isEverywhere: true),
        "facebook": Network(name: "Facebook", paid: "Facebook ads"),
        "instagram": Network(name: "Instagram", paid: "Instagram ads"),
        "linkedin": Network(name: "LinkedIn", paid: "LinkedIn Ads"),
        "pinterest": Network(name: "Pinterest", paid: "Pinterest ads", isEverywhere: true),
        "youtube": Network(name: "YouTube", paid: "YouTube ads"),
        "twitter": Network(name: "X", paid: "X ads"),
        "houzz": Network(name: "Houzz", paid: "Houzz ads", isEverywhere: true),
    ]
}
