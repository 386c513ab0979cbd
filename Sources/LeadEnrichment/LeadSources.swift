// The enricher `sources`: how the person came to write, by campaign, click and referring page. It computes from memory
// and can't fail. Stands before `normalise`, which takes `utm_source` as it stands.

import Foundation
import LeadCore

/// Fills `source` where the lead gives none.
///
/// In this order: the configuration's names for campaigns (`utm_campaign`, `campaign`, `campaign_id`), what `utm_source` and `utm_medium`
/// say together, the marks that advertisers put behind a landing page's address, or give as fields (`gcl_id`), and the referring page's host by the
/// configuration's names, else by those of search engines and networks. Where `utm_…` fields are missing they are read
/// from the landing page's address.
public struct LeadSources: Enricher {
    public let name: String
    /// Nothing here waits.
    public let isImmediate = true

    private let campaigns: [(pattern: String, source: String)]
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
        self.campaigns = campaigns.map { (pattern: $0.0.lowercased(), source: $0.1) }
        self.referrers = referrers
    }

    public func enrich(_ lead: Lead) async -> Enrichment {
        guard lead[.source] == nil else { return Enrichment() }
        let query = lead[.landingPage].map(Self.query) ?? [:]
        let found = byCampaign(lead, query) ?? bySource(lead, query) ?? byClick(lead, query) ?? byReferrer(lead)
        return Enrichment(findings: found.map { [$0] } ?? [])
    }

    private func byCampaign(_ lead: Lead, _ query: [String: String]) -> Enrichment.Finding? {
        for (field, text) in [
            ("utm_campaign", lead[.utmCampaign] ?? query["utm_campaign"]), ("campaign", lead[.campaign]),
            ("campaign_id", lead["campaign_id"]),
        ] {
            guard let text = text?.lowercased() else { continue }
            if let match = campaigns.first(where: { Self.matches($0.pattern, text) }) {
                return .init(.source, match.source, basis: "\(field) \(text)")
            }
        }
        return nil
    }

    private func bySource(_ lead: Lead, _ query: [String: String]) -> Enrichment.Finding? {
        guard let source = lead[.utmSource] ?? query["utm_source"] else { return nil }
        let key = source.lowercased()
        let medium = (lead[.utmMedium] ?? query["utm_medium"])?.lowercased()
        let isPaid = medium.map { Self.paidMedia.contains($0) } ?? false
        let basis = medium.map { "utm_source \(key), utm_medium \($0)" } ?? "utm_source \(key)"
        if let network = Self.networks[key] {
            // Without a medium nobody knows whether it was an advertisement.
            let plain = network.name.split(separator: " ").first.map(String.init) ?? network.name
            return .init(.source, isPaid ? network.paid : medium == nil ? plain : network.name, basis: basis)
        }
        // An unknown source stands for itself; as the landing page alone has it, nobody else will take it over.
        return lead[.utmSource] == nil ? .init(.source, source, basis: basis) : nil
    }

    private func byClick(_ lead: Lead, _ query: [String: String]) -> Enrichment.Finding? {
        for (mark, source) in Self.clicks {
            if query[mark] != nil { return .init(.source, source, basis: "\(mark) on the landing page") }
            if lead[FieldName(mark)] != nil { return .init(.source, source, basis: "the field \(mark)") }
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

    /// `*` stands for any letters.
    private static func matches(_ pattern: String, _ text: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return pattern == text }
        guard let first = parts.first, let last = parts.last, text.hasPrefix(first) else { return false }
        var rest = text.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(last)
    }

    /// The names and values behind the `?` of an address, with what is escaped in them; names in lower case.
    private static func query(_ address: String) -> [String: String] {
        guard address.utf8.count <= 4096, let mark = address.firstIndex(of: "?") else { return [:] }
        var query: [String: String] = [:]
        for pair in address[mark...].dropFirst().prefix(while: { $0 != "#" }).split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2, !halves[1].isEmpty else { continue }
            let value = String(halves[1]).replacing("+", with: " ")
            query[halves[0].lowercased()] = value.removingPercentEncoding ?? value
        }
        return query
    }

    private static let paidMedia: Set<String> = [
        "cpc", "ppc", "paid", "paidsearch", "paid_social", "paidsocial", "display", "ads",
    ]

    private static let clicks = [
        ("gclid", "Google Ads"), ("gcl_id", "Google Ads"), ("gbraid", "Google Ads"), ("wbraid", "Google Ads"),
        ("msclkid", "Microsoft Ads"),
        ("li_fat_id", "LinkedIn Ads"), ("fbclid", "Facebook"),
    ]

    private struct Network: Sendable {
        let name: String
        let paid: String
        /// True for networks that have a host in every country: google.de.
        var isEverywhere = false

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
