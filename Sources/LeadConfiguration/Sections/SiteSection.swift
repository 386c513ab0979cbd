// `site`: the name and the addresses that stand in every message.

import Foundation
import LeadCore

extension SectionReader {
    func readSite(_ root: MappingReader) -> Site {
        guard let map = root.required("site", "add a 'site' with 'name' and 'url'")?.mapping("'site'") else {
            return Site(name: "", url: "")
        }
        defer { map.finish() }
        return Site(
            name: map.required("name")?.text() ?? "",
            url: map.required("url", "it is the base of every link").flatMap(baseURL) ?? "",
            recordURL: map.optional("record_url").flatMap(recordURL))
    }

    /// The base of every link, without a trailing slash.
    private func baseURL(_ item: Item) -> String? {
        guard let (text, parts) = absoluteURL(item, example: "https://leads.example.com") else { return nil }
        guard parts.query == nil, parts.fragment == nil else {
            item.error("must not have a query or a fragment", "end it before the '?' or '#'")
            return nil
        }
        let host = parts.host ?? ""
        if parts.scheme?.lowercased() == "http", !Self.isLoopback(host) {
            item.warn("sends links over plain http", "use https: only loopback addresses are safe without it")
        }
        let base = String(text.reversed().drop { $0 == "/" }.reversed())
        guard base.utf8.count <= Site.longestURL else {
            item.error(
                "has more than \(Site.longestURL) characters, and messages with many links would not fit",
                "use a host and a path that are shorter")
            return nil
        }
        return base
    }

    private func recordURL(_ item: Item) -> String? {
        let example = "https://crm.example.com/lead/{id}"
        guard let text = item.text("a URL") else { return nil }
        guard text.contains("{id}") else {
            item.error("has no place for the lead's id", "write it as in \(example)")
            return nil
        }
        return isAbsolute(text.replacing("{id}", with: "0"), item, example: example) == nil ? nil : text
    }

    private func absoluteURL(_ item: Item, example: String) -> (text: String, parts: URLComponents)? {
        guard let text = item.text("a URL"), let parts = isAbsolute(text, item, example: example) else { return nil }
        return (text, parts)
    }

    private func isAbsolute(_ text: String, _ item: Item, example: String) -> URLComponents? {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty
        else {
            item.error("must be an absolute http or https URL", "write it as in \(example)")
            return nil
        }
        guard parts.user == nil, parts.password == nil else {
            item.error("must not hold a user or a password", "remove what stands before the '@'")
            return nil
        }
        return parts
    }

    private static func isLoopback(_ host: String) -> Bool {
        let name = host.lowercased()
        return name == "localhost" || name.hasSuffix(".localhost") || name == "::1" || name == "[::1]"
            || name.hasPrefix("127.") && name.allSatisfy { $0 == "." || $0.isNumber }
    }
}
