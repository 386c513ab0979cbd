// The shipped texts as a file of an administrator's has them: a line for each, and before it what its fields stand for.

/// Writes files of texts.
public enum PhraseFile {
    /// All texts of `language`; the English ones where it isn't shipped.
    public static func text(of language: Language) -> String {
        let phrases = Phrases.english.all
        var lines = [
            "# Texts of leadbell's messages (\(language)). A file may hold just those that differ.",
            "# Fields stand as {{name}}; (!) marks those that a text can't do without.",
            "# Channels escape texts and fields alike: markup shows as it is written.",
        ]
        var group = ""
        for phrase in phrases {
            let name = String(phrase.name.prefix { $0 != "." })
            if name != group { lines += ["", "# \(name)"] }
            group = name
            if !phrase.fields.isEmpty {
                lines.append("# \(phrase.fields.map { help($0, phrase) }.joined(separator: "; "))")
            }
            lines.append("\(phrase.name) = \(quoted(phrase.shipped(in: language)))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func help(_ field: PhraseField, _ phrase: Phrase) -> String {
        "{{\(field.name)}}\(phrase.required.contains(field) ? "(!)" : "") \(field.help)"
    }

    private static func quoted(_ text: String) -> String {
        text.first == " " || text.last == " " || text.isEmpty ? "\"\(text)\"" : text
    }
}
