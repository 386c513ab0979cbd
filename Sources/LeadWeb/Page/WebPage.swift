// Pages as HTML: templates are parsed once, at first use, and filled with a page's values. A template that can't be
// parsed is a fault of the program, which the first test finds.

import Mustache

/// A page: a value with what its template names.
protocol WebPage: Sendable {
    /// The name of its template.
    static var template: String { get }
}

extension WebPage {
    /// The page as HTML, every value in it escaped.
    var html: String { Pages.render(self, template: Self.template) }
}

/// The parsed templates.
private enum Pages {
    /// Mustache's own escaping goes by user-perceived characters and so passes over a `<` to which a combining mark
    /// clings; every template begins by choosing ours. It can only be chosen by a name known to the whole process.
    private static let contentType = "leadbell-html"

    private static let library: MustacheLibrary = {
        MustacheContentTypes.register(StrictHTML(), named: contentType)
        var library = MustacheLibrary()
        for (name, text) in Templates.all {
            do {
                try library.register("{{% CONTENT_TYPE:\(contentType)}}\n" + text + "\n", named: name)
            } catch {
                preconditionFailure("The template \(name) is not valid: \(error)")
            }
        }
        return library
    }()

    static func render(_ page: some WebPage, template: String) -> String {
        guard let html = library.render(page, withTemplate: template) else {
            preconditionFailure("There is no template \(template)")
        }
        return html
    }
}

/// Escaping by Unicode scalars.
struct StrictHTML: MustacheContentType {
    func escapeText(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
            case "\n", "\t": escaped.append(scalar)
            case _ where scalar.properties.generalCategory == .control: escaped.append("\u{FFFD}")
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
