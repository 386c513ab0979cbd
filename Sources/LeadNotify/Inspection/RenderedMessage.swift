// A message or a form as a kind of channel would send it, and what is wrong with it: for `leadbell check`, which renders sample
// messages with an administrator's texts, and for the tests. What is looked at here is what went out, not how it was made,
// so a renderer that forgets to escape is found out.

import Foundation
import LeadCore

/// A message or a form that was made and not sent.
public struct RenderedMessage: Sendable {
    /// What would be sent.
    public let bytes: [UInt8]
    /// What is wrong, in clauses: "it has 51 blocks, and Slack takes 50".
    public let flaws: [String]
}

extension ChannelKind {
    /// `briefing` as this kind would send it, shown in full or `brief`; nil for kinds that write to programs.
    public func render(_ briefing: Briefing, brief: Bool) -> RenderedMessage? {
        rendering.map { $0(brief ? briefing.brief : briefing) }
    }

    /// `form` as this kind would open it, in full or `brief`; nil for kinds that open none.
    public func render(_ form: ChatForm, brief: Bool) -> RenderedMessage? {
        formRendering.map { $0(brief ? form.brief : form) }
    }
}

/// The addresses that a message may lead to.
struct AllowedLinks {
    private let links: Set<String>
    /// The one that must be there; nil where there is nothing to open.
    let main: String?

    init(of briefing: Briefing) {
        main = briefing.link.flatMap(WebLink.init)?.text
        let others = [briefing.link, briefing.recordURL, briefing.ownPage] + briefing.suggestions.map(\.link)
        links = Set(others.compactMap { $0.flatMap(WebLink.init)?.text })
    }

    func allows(_ address: String) -> Bool { links.contains(address) }

    /// The same for an address as it stands between parentheses.
    func allows(parenthesised address: String) -> Bool {
        links.contains { $0 == address || $0.parenthesised == address }
    }
}

/// A JSON body's texts, each with the name and the object that it stands under.
struct JSONTexts {
    struct Text {
        let name: String
        let text: String
        let object: [String: Any]
    }

    private(set) var texts: [Text] = []
    private(set) var objects: [[String: Any]] = []
    /// The outermost object.
    let root: [String: Any]

    /// Nil when `bytes` are no JSON object.
    init?(_ bytes: [UInt8]) {
        guard case .object(let root) = AnswerBody(bytes) else { return nil }
        self.root = root
        walk(root)
    }

    /// Whether any text holds `link`.
    func mention(_ link: String) -> Bool { texts.contains { $0.text.contains(link) } }

    private mutating func walk(_ object: [String: Any]) {
        objects.append(object)
        for (name, value) in object { walk(name, value, object) }
    }

    private mutating func walk(_ name: String, _ value: Any, _ object: [String: Any]) {
        switch value {
        case let text as String: texts.append(Text(name: name, text: text, object: object))
        case let inner as [String: Any]: walk(inner)
        case let list as [Any]: for item in list { walk(name, item, object) }
        default: break
        }
    }
}

/// What stands between `<` and `>`.
enum Tags {
    /// The insides of all tags; nil when a bracket stands alone.
    static func all(in text: String) -> [Substring]? {
        var tags: [Substring] = []
        var rest = text[...]
        while let open = rest.firstIndex(where: { $0 == "<" || $0 == ">" }) {
            let inner = rest[rest.index(after: open)...]
            guard rest[open] == "<", let close = inner.firstIndex(where: { $0 == "<" || $0 == ">" }),
                inner[close] == ">"
            else { return nil }
            tags.append(inner[..<close])
            rest = inner[inner.index(after: close)...]
        }
        return tags
    }

    /// What is wrong with the tags of `html`, where elements of other names than `names` may not be; nil when nothing is.
    static func flaw(in html: String, allowing names: Set<String>, _ links: AllowedLinks) -> String? {
        guard let tags = all(in: html) else { return "a bracket of a text reached the markup" }
        for tag in tags {
            let name = tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber || $0 == "!" }.lowercased()
            guard names.contains(name) else { return "a text became the element <\(name)>" }
            guard let start = tag.firstRange(of: "href=\"") else { continue }
            let address = tag[start.upperBound...].prefix { $0 != "\"" }
            guard links.allows(plain(String(address))) else { return "a link leads elsewhere" }
        }
        return nil
    }

    /// Without entities.
    static func plain(_ text: String) -> String {
        text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
    }
}
