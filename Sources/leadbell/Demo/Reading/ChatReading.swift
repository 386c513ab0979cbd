// What a chat would show of a message that was posted to it, as simple HTML. Each form of messages is read in a file of its
// own beside this one; they know the form's elements and not how leadbell lays them out, so the inbox shows what was really
// sent. Here is what they build it of: nothing of a message becomes markup but by these parts.

import Foundation

/// A message as HTML, with its first line and the first link that proposes no rep.
struct ChatReading: Equatable {
    private(set) var html = ""
    /// As text, not as HTML.
    private(set) var headline: String?
    private(set) var link: String?
    /// What names the message when its controls are used; they are left out without.
    var handle: String?

    /// The members of a body that is a JSON object.
    static func object(_ body: Data) throws -> [String: Any]? {
        try JSONSerialization.jsonObject(with: body) as? [String: Any]
    }

    // MARK: Parts

    /// Markup of ours.
    mutating func add(_ markup: String) { html += markup }

    /// What `content` adds, within an element; an empty one is left out.
    mutating func within(
        _ tag: String, _ attributes: String = "", _ content: (inout ChatReading) throws -> Void
    ) rethrows {
        let before = html
        html = ""
        try content(&self)
        html = before + (html.isEmpty ? "" : "<\(tag)\(attributes.isEmpty ? "" : " " + attributes)>\(html)</\(tag)>")
    }

    /// A paragraph of HTML whose line ends are shown.
    mutating func paragraph(_ escaped: String, isBold: Bool = false) {
        if headline == nil, !escaped.isEmpty { headline = Self.plain(escaped) }
        let lines = escaped.replacing("\n", with: "<br>")
        html += isBold ? "<p><b>\(lines)</b></p>" : "<p>\(lines)</p>"
    }

    /// A label and what it says, both HTML.
    mutating func fact(_ label: String, _ value: String) {
        html += "<div><small>\(label)</small><br>\(value.replacing("\n", with: "<br>"))</div>"
    }

    /// A link that looks like a button.
    mutating func button(_ url: String, _ title: String) {
        html += "<p>" + anchor(url, Self.escape(title), class: "button") + "</p>"
    }

    /// A link with HTML in it; what leads to no page is only shown.
    mutating func anchor(_ url: String, _ label: String, class name: String? = nil) -> String {
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else { return label }
        if link == nil, !url.contains("?rep=") { link = url }
        let look = name.map { " class=\($0)" } ?? ""
        return "<a\(look) href=\"\(Self.escape(url))\" rel=noreferrer>\(label)</a>"
    }

    // MARK: Text and HTML

    /// Text for HTML.
    static func escape(_ text: some StringProtocol) -> String {
        String(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    }

    /// The text that HTML of ours shows.
    static func plain(_ html: String) -> String {
        unescape(html.replacing(/<[^>]*>/, with: ""))
    }

    /// What `escape` made, undone.
    static func unescape(_ html: String) -> String {
        html.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
    }
}
