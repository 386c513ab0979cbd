// A mail's plain text: facts in a column, paragraphs of at most 76 characters, each link on a line of its own, and
// the lead's own words marked as quoted, so that they can't pass for ours. Pure; used by MailMessage.

enum MailText {
    private static let width = 76

    /// The text's lines.
    static func lines(of wording: Wording) -> [String] {
        var lines = wrapped(wording.headline)
        lines.append("")
        let column = (wording.facts.map { $0.label.count }.max() ?? 0) + 3
        for fact in wording.facts {
            let label = fact.label + ":" + String(repeating: " ", count: column - fact.label.count - 1)
            let text = fact.isKnown ? fact.text : "(\(fact.text))"
            lines += wrapped(text, first: label, others: String(repeating: " ", count: column))
        }
        if let description = wording.description {
            lines += ["", wording.descriptionLabel]
            for line in description.split(separator: "\n", omittingEmptySubsequences: false) {
                lines += line.isEmpty ? [">"] : wrapped(String(line), first: "> ", others: "> ")
            }
        }
        for sentence in wording.sentences { lines += [""] + wrapped(sentence) }
        if !wording.reps.isEmpty {
            lines += ["", wording.listLabel]
            for (index, rep) in wording.reps.enumerated() {
                let reason = rep.reason.isEmpty ? "" : ": \(rep.reason)"
                lines += wrapped("\(rep.name)\(reason)", first: "\(index + 1). ", others: "   ") + [rep.link.text]
            }
        }
        if let link = wording.link { lines += ["", "\(wording.linkLabel):", link.text] }
        if let record = wording.record { lines += ["", "\(wording.recordLabel):", record.text] }
        if let ownPage = wording.ownPage { lines += ["", "\(wording.ownPageLabel):", ownPage.text] }
        return lines + ["", "-- "] + wrapped(wording.heading)
    }

    /// `text` broken at spaces; a longer word stays whole on a line of its own.
    static func wrapped(_ text: String, first: String = "", others: String = "") -> [String] {
        // Most facts are one tidy line.
        if first.utf8.count + text.utf8.count <= width, CleanText.isTidy(text) { return [first + text] }
        var lines: [String] = []
        var line = first
        var size = first.count
        var isFresh = true
        for word in text.split(separator: " ") {
            let length = word.count
            if !isFresh, size + 1 + length > width {
                lines.append(line)
                line = others
                size = others.count
                isFresh = true
            }
            line += isFresh ? String(word) : " " + word
            size += length + (isFresh ? 0 : 1)
            isFresh = false
        }
        return lines + [line]
    }
}
