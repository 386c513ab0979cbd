// HTML as the lines that a reader sees: blocks are lines, the cells of a table's row stand on one line with tabs between.
// One pass without recursion; nothing is run, fetched or kept of tags.

import LeadCore

/// From HTML to text.
enum HTMLText {
    /// The text of `html`.
    static func text(of html: String) -> String {
        var writer = Writer()
        var rest = Substring(html).unicodeScalars
        while let scalar = rest.first {
            guard scalar == "<" else {
                if scalar == "&", let (text, length) = entity(rest) {
                    writer.write(text)
                    rest = rest.dropFirst(length)
                } else {
                    writer.write(String(scalar))
                    rest.removeFirst()
                }
                continue
            }
            if rest.starts(with: "<!--".unicodeScalars) {
                rest = after("-->", in: rest)
                continue
            }
            let tail = rest.dropFirst()
            guard let second = tail.first, "/!?".unicodeScalars.contains(second) || second.properties.isAlphabetic
            else {
                writer.write("<")
                rest.removeFirst()
                continue
            }
            let isClosing = second == "/"
            let letters = (isClosing ? tail.dropFirst() : tail).prefix {
                $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0))
            }
            let name = String(String.UnicodeScalarView(letters)).lowercased()
            rest = afterTag(rest)
            if !isClosing, silent.contains(name) {
                rest = afterEnd(of: name, in: rest)
            } else {
                writer.tag(name, isClosing: isClosing)
            }
        }
        return writer.text
    }

    /// The text of what may stand on several lines.
    private struct Writer {
        private var lines: [String] = []
        private var line = ""
        private var isSpaceDue = false
        private var isCellDue = false

        mutating func write(_ text: String) {
            for scalar in text.unicodeScalars {
                if scalar.properties.isWhitespace {
                    isSpaceDue = true
                    continue
                }
                if isCellDue { line += "\t" } else if isSpaceDue, !line.isEmpty { line += " " }
                isCellDue = false
                isSpaceDue = false
                line.unicodeScalars.append(scalar)
            }
        }

        mutating func tag(_ name: String, isClosing: Bool) {
            switch name {
            case "td", "th": if isClosing { isCellDue = !line.isEmpty }
            case "dt": if isClosing { isCellDue = !line.isEmpty } else { end() }
            case "dd": if isClosing { end() }
            case "br", "hr": end()
            // Within a row, what cells hold stays on the row's line.
            case "p", "div": if !isCellDue { end() }
            case "tr", "table", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header",
                "footer",
                "blockquote", "pre", "body", "html", "tbody", "thead", "dl", "form":
                end()
            default: break
            }
        }

        private mutating func end() {
            if !line.isEmpty { lines.append(line) }
            line = ""
            isSpaceDue = false
            isCellDue = false
        }

        var text: String { (lines + [line]).joined(separator: "\n") }
    }

    private static let silent: Set<String> = ["script", "style", "head", "title", "template", "svg"]

    private static func afterTag(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        var quote: Unicode.Scalar?
        for index in text.indices {
            let scalar = text[index]
            if let open = quote {
                if scalar == open { quote = nil }
            } else if scalar == ">" {
                return text[text.index(after: index)...]
            } else if scalar == "\"" || scalar == "'" {
                quote = scalar
            }
        }
        return text[text.endIndex...]
    }

    private static func after(_ mark: String, in text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        var rest = text
        while !rest.isEmpty {
            if rest.starts(with: mark.unicodeScalars) { return rest.dropFirst(mark.unicodeScalars.count) }
            rest.removeFirst()
        }
        return rest
    }

    private static func afterEnd(of name: String, in text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        var rest = text
        while let scalar = rest.first {
            if scalar == "<", rest.dropFirst().first == "/" {
                let letters = rest.dropFirst(2).prefix(name.unicodeScalars.count)
                if String(String.UnicodeScalarView(letters)).lowercased() == name { return afterTag(rest) }
            }
            rest.removeFirst()
        }
        return rest
    }

    private static func entity(_ text: Substring.UnicodeScalarView) -> (String, length: Int)? {
        let body = text.dropFirst().prefix(32)
        guard let end = body.firstIndex(of: ";") else { return nil }
        let name = String(String.UnicodeScalarView(body[..<end]))
        let length = name.unicodeScalars.count + 2
        if name.hasPrefix("#") {
            let digits = name.dropFirst()
            let code = digits.lowercased().hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            guard let code else { return nil }
            let scalar = code == 0 ? nil : Unicode.Scalar(code)
            return (String(scalar ?? "\u{FFFD}"), length)
        }
        return entities[name].map { ($0, length) }
    }

    private static let entities: [String: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "ndash": "–", "mdash": "—",
        "hellip": "…",
        "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "bull": "•", "middot": "·", "euro": "€", "pound": "£",
        "copy": "©", "reg": "®", "trade": "™", "deg": "°", "eacute": "é", "egrave": "è", "ecirc": "ê", "agrave": "à",
        "acirc": "â", "aacute": "á", "ccedil": "ç", "iacute": "í", "oacute": "ó", "ocirc": "ô", "uacute": "ú",
        "ntilde": "ñ",
        "auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü", "szlig": "ß", "aring": "å",
        "oslash": "ø",
        "aelig": "æ", "Eacute": "É", "Aring": "Å", "Oslash": "Ø", "laquo": "«", "raquo": "»", "shy": "",
    ]
}
