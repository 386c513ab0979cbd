// Whether a POST comes from one of our own pages. Because the pages say `Referrer-Policy: no-referrer`, browsers send
// `Origin: null` with their forms; what tells them apart from other sites' is then `Sec-Fetch-Site`.

/// Where a POST comes from.
enum PostOrigin: Equatable {
    /// From one of our pages, or from a client that doesn't say.
    case own
    /// From another site.
    case foreign

    /// Judges by the headers `Origin`, `Sec-Fetch-Site` and `Host`; nil where the request has none.
    init(origin: String?, fetchSite: String?, host: String?, siteURL: String) {
        if let fetchSite, fetchSite != "same-origin", fetchSite != "none" {
            self = .foreign
            return
        }
        guard let origin, origin != "null" else {
            self = .own
            return
        }
        let authority = Self.authority(of: origin)
        let isOwn =
            authority != nil && (authority == host?.lowercased() || origin.lowercased() == Self.origin(of: siteURL))
        self = isOwn ? .own : .foreign
    }

    /// `https://leads.example.com` of `https://leads.example.com/path`.
    static func origin(of url: String) -> String? {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        return (url[..<scheme.upperBound] + url[scheme.upperBound...].prefix { !"/?#".contains($0) }).lowercased()
    }

    private static func authority(of origin: String) -> String? {
        guard let scheme = origin.firstRange(of: "://") else { return nil }
        return origin[scheme.upperBound...].lowercased()
    }
}
