// A reader of tags, as strict as a browser's about what begins one, that finds what a page really consists of.

/// The elements and attributes of a page.
enum Markup {
    /// The elements that our templates use.
    static let ours: Set<String> = [
        "!doctype", "html", "head", "meta", "title", "style", "body", "a", "header", "svg", "path", "span",
        "bdi", "main", "p", "h1", "h2", "h3", "div", "section", "dl", "dt", "dd", "blockquote",
        "details", "summary", "form", "input", "fieldset", "legend", "label", "rect", "textarea", "button", "select",
        "option", "ol", "ul", "li", "time", "footer",
    ]

    /// The attributes that our templates use.
    static let oursWithin: Set<String> = [
        "html", "lang", "charset", "name", "content", "class", "href", "viewbox", "width", "height", "aria-hidden",
        "focusable", "d", "id", "dir", "aria-labelledby", "method", "action", "type", "value", "required", "rows",
        "maxlength", "datetime", "target", "rel", "role", "tabindex", "autofocus", "selected", "rx", "open",
    ]

    /// The names of all elements, in lower case.
    static func elements(of html: String) -> [String] { tags(of: html).map(\.name) }

    /// The names of all attributes, in lower case.
    static func attributes(of html: String) -> [String] { tags(of: html).flatMap(\.attributes) }

    private static func tags(of html: String) -> [(name: String, attributes: [String])] {
        let scalars = Array(html.unicodeScalars)
        var tags: [(name: String, attributes: [String])] = []
        var index = 0
        while index < scalars.count {
            guard scalars[index] == "<", index + 1 < scalars.count else {
                index += 1
                continue
            }
            let next = scalars[index + 1]
            let isEnd = next == "/"
            guard isEnd || next == "!" || next == "?" || next.properties.isAlphabetic && next.isASCII else {
                index += 1
                continue
            }
            index += isEnd ? 2 : 1
            var name = ""
            while index < scalars.count, !" \n\t/>".unicodeScalars.contains(scalars[index]) {
                name.unicodeScalars.append(scalars[index])
                index += 1
            }
            var attributes: [String] = []
            while index < scalars.count, scalars[index] != ">" {
                var attribute = ""
                while index < scalars.count, !" \n\t/>=".unicodeScalars.contains(scalars[index]) {
                    attribute.unicodeScalars.append(scalars[index])
                    index += 1
                }
                if !attribute.isEmpty { attributes.append(attribute.lowercased()) }
                guard index < scalars.count, scalars[index] == "=" else {
                    if index < scalars.count, scalars[index] != ">" { index += 1 }
                    continue
                }
                index += 1
                guard index < scalars.count, scalars[index] == "\"" || scalars[index] == "'" else { continue }
                let quote = scalars[index]
                index += 1
                while index < scalars.count, scalars[index] != quote { index += 1 }
                index += 1
            }
            tags.append((name.lowercased(), attributes))
        }
        return tags
    }
}
