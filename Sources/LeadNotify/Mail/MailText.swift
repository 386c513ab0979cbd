// A mail's plain text: facts in a column, paragraphs of at most 76 characters, each link on a line of its own, and
// the lead's own words marked as quoted, so that they can't pass for ours. Pure; used by MailMessage.

enum MailText {
    private static let width = 76

    /// Adds the text of `wording` to `body`.
    static func write(_ wording: Wording, to body: inout MailBody) {
        paragraph(wording.headline, to: &body)
        body.end()
        let sizes = wording.facts.map { $0.label.count }
        let column = (sizes.max() ?? 0) + 3
        for (fact, size) in zip(wording.facts, sizes) {
            body.put(fact.label)
            body.put(":")
            body.space(column - size - 1)
            wrap(Substring(fact.isKnown ? fact.text : "(\(fact.text))"), at: column, to: &body) { $0.space(column) }
        }
        let description = wording.spacedDescriptionLines
        if !description.isEmpty {
            body.end()
            body.line(wording.descriptionLabel)
            for line in description {
                guard !line.isEmpty else {
                    body.line(">")
                    continue
                }
                body.put("> ")
                wrap(line, at: 2, to: &body) { $0.put("> ") }
            }
        }
        for sentence in wording.sentences {
            body.end()
            paragraph(sentence, to: &body)
        }
        if !wording.reps.isEmpty {
            body.end()
            body.line(wording.listLabel)
            for (index, rep) in wording.reps.enumerated() {
                let number = "\(index + 1). "
                body.put(number)
                let text = rep.reason.isEmpty ? rep.name : "\(rep.name): \(rep.reason)"
                wrap(Substring(text), at: number.utf8.count, others: 3, to: &body) { $0.space(3) }
                body.line(rep.link.text)
            }
        }
        link(wording.link, wording.linkLabel, to: &body)
        link(wording.record, wording.recordLabel, to: &body)
        link(wording.ownPage, wording.ownPageLabel, to: &body)
        body.end()
        body.line("-- ")
        paragraph(wording.heading, to: &body)
    }

    private static func paragraph(_ text: String, to body: inout MailBody) {
        wrap(Substring(text), at: 0, to: &body) { _ in }
    }

    private static func link(_ link: WebLink?, _ label: @autoclosure () -> String, to body: inout MailBody) {
        guard let link else { return }
        body.end()
        body.put(label())
        body.line(":")
        body.line(link.text)
    }

    /// Adds `text` behind so many columns that are taken already, broken at spaces; a longer word stays whole on a line of
    /// its own. `indent` begins each further line with as many columns, or with `others`.
    private static func wrap(
        _ text: Substring, at start: Int, others: Int? = nil, to body: inout MailBody,
        indent: (inout MailBody) -> Void
    ) {
        // Most facts are one tidy line, and of tidy texts a byte is a column.
        let isTidy = CleanText.isTidy(text)
        if start + text.utf8.count <= width, isTidy { return body.line(text) }
        var size = start
        var isFresh = true
        for word in text.utf8.split(separator: UInt8(ascii: " ")).map({ Substring($0) }) {
            let length = isTidy ? word.utf8.count : word.count
            if !isFresh {
                if size + 1 + length > width {
                    body.end()
                    indent(&body)
                    size = others ?? start
                } else {
                    body.put(" ")
                    size += 1
                }
            }
            body.put(word)
            size += length
            isFresh = false
        }
        body.end()
    }
}
