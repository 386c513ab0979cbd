// The enricher `language`: which language the lead is written in, by its script and by the small words that every
// sentence has. It computes from memory; a text that is too short or reads as two languages gives nothing.

import LeadCore

/// Guesses the language of what the person wrote.
///
/// Fills `language` with an ISO 639-1 code. A script that one language has settles it; else the most frequent small words
/// of thirteen languages are counted, one that several share counting for each the less. The first must lead clearly.
public struct LanguageGuess: Enricher {
    public let name: String
    /// Nothing here waits.
    public let isImmediate = true

    private let sources: [FieldName]
    private let among: Set<String>

    static let kind = EnricherKind(
        name: "language",
        options: [
            FieldsOption.spec([.description]),
            OptionSpec("among", .texts, help: "The codes of the languages that come into question; all unless told."),
        ]
    ) { name, values throws(OptionFlaw) in
        let among = values.texts("among")
        if let unknown = among.first(where: { !SmallWords.languages.contains($0) && !Script.languages.contains($0) }) {
            let known = (SmallWords.languages + Script.languages).sorted().joined(separator: ", ")
            throw OptionFlaw(
                option: "among", "The language \(unknown.prefix(16)) isn't known here; there are \(known).")
        }
        return LanguageGuess(name: name, sources: FieldsOption.read(values, [.description]), among: Set(among))
    }

    init(name: String, sources: [FieldName], among: Set<String> = []) {
        self.name = name
        self.sources = sources
        self.among = among
    }

    public func enrich(_ lead: Lead) async -> Enrichment {
        guard lead[.language] == nil else { return Enrichment() }
        let texts = sources.compactMap { lead[$0] }
        guard !texts.isEmpty else { return Enrichment() }
        for text in texts {
            if let language = Script.language(of: text), isWanted(language) {
                return Enrichment(findings: [.init(.language, language, basis: "the script", confidence: 95)])
            }
        }
        return guess(texts.flatMap(FoldedWords.words)).map { Enrichment(findings: [$0]) } ?? Enrichment()
    }

    private func isWanted(_ language: String) -> Bool { among.isEmpty || among.contains(language) }

    private func guess(_ words: [Substring]) -> Enrichment.Finding? {
        var scores = [Double](repeating: 0, count: SmallWords.languages.count)
        var reasons: [(language: Int, word: Substring)] = []
        for word in words.prefix(Self.mostWords) {
            guard let known = SmallWords.byWord[word] else { continue }
            for language in known { scores[language] += 1 / Double(known.count) }
            if known.count == 1 { reasons.append((known[0], word)) }
        }
        let ranked = scores.indices.filter { isWanted(SmallWords.languages[$0]) }.sorted { scores[$0] > scores[$1] }
        guard let best = ranked.first else { return nil }
        let second = ranked.dropFirst().first.map { scores[$0] } ?? 0
        guard scores[best] >= Self.least, scores[best] >= second * Self.lead else { return nil }
        var own: [Substring] = []
        for reason in reasons where reason.language == best && !own.contains(reason.word) && own.count < 4 {
            own.append(reason.word)
        }
        guard !own.isEmpty else { return nil }
        let share = scores[best] / (scores[best] + second)
        return .init(
            .language, SmallWords.languages[best], basis: "the words " + own.joined(separator: ", "),
            confidence: min(95, Int(100 * share)))
    }

    private static let mostWords = 400
    /// As much as two small words that no other language has.
    private static let least = 2.0
    private static let lead = 1.6
}

/// Scripts that tell the language.
private enum Script {
    static let languages = ["ru", "uk", "el", "ar", "he", "ko", "ja", "zh", "th", "hi"]

    /// The language of the script of most letters of `text`; nil for Latin, and where a script has several languages.
    static func language(of text: String) -> String? {
        // ASCII is nearly everything.
        guard text.utf8.contains(where: { $0 >= 0xCE }) else { return nil }
        var counts: [String: Int] = [:]
        var letters = 0
        for scalar in text.unicodeScalars.prefix(1000) where scalar.properties.isAlphabetic {
            letters += 1
            if let script = script(scalar.value) { counts[script, default: 0] += 1 }
        }
        guard let (script, count) = counts.max(by: { $0.value < $1.value }), count >= 4, count * 2 > letters else {
            // Japanese is written in two scripts at once.
            return (counts["ja"] ?? 0) > 1 ? "ja" : nil
        }
        switch script {
        case "cyrillic":
            if text.unicodeScalars.contains(where: { "іїєґІЇЄҐ".unicodeScalars.contains($0) }) { return "uk" }
            return text.unicodeScalars.contains { "ыэъёЫЭЪЁ".unicodeScalars.contains($0) } ? "ru" : nil
        case "han": return (counts["ja"] ?? 0) > 0 ? "ja" : "zh"
        default: return script
        }
    }

    private static func script(_ scalar: UInt32) -> String? {
        switch scalar {
        case 0x0370...0x03FF, 0x1F00...0x1FFF: "el"
        case 0x0400...0x04FF: "cyrillic"
        case 0x0590...0x05FF: "he"
        case 0x0600...0x06FF: "ar"
        case 0x0900...0x097F: "hi"
        case 0x0E00...0x0E7F: "th"
        case 0x1100...0x11FF, 0xAC00...0xD7AF: "ko"
        case 0x3040...0x30FF: "ja"
        case 0x4E00...0x9FFF: "han"
        default: nil
        }
    }
}

/// The small words of languages that are written in Latin letters, folded.
private enum SmallWords {
    private static let lists: [(language: String, words: String)] = [
        (
            "en",
            """
            the and of to in is we are you for our with this that have would like need please from your it on at be not
            can could looking an as by will about some hello thanks interested i am my was were has there their they
            """
        ),
        (
            "de",
            """
            der die das und ist wir sind sie fur unser unsere mit dass haben wurden mochten brauchen bitte von ihr ihre
            es auf bei nicht konnen ein eine einen einem einer als wird uber hallo danke suchen ich bin mein war im am zu
            den dem des sich auch noch wie oder guten tag grusse interesse
            """
        ),
        (
            "fr",
            """
            le la les et est nous sommes vous pour notre avec ce cette que avons voudrions besoin de votre il sur a pas
            pouvez un une des du comme par sera bonjour merci cherchons je suis mon ma etait dans au aux qui en ou nos
            souhaite aimerais
            """
        ),
        (
            "es",
            """
            el la los las y es somos usted para nuestro nuestra con este esta que tenemos quisieramos necesitamos por
            favor de su en no puede un una unos como sera hola gracias buscamos yo soy mi era del al o nos estamos
            queremos muy tiene
            """
        ),
        (
            "it",
            """
            il lo la gli le e siamo voi per nostro nostra con questo questa che abbiamo vorremmo bisogno di vostro su non
            puo un una come sara ciao buongiorno grazie cerchiamo io sono mio era nel del della dei alla al o ci anche
            """
        ),
        (
            "pt",
            """
            o a os as e somos voce para nosso nossa com este esta que temos gostariamos precisamos por favor de seu em
            nao pode um uma como sera ola obrigado obrigada procuramos eu sou meu era do da dos das ao ou nos muito tem
            """
        ),
        (
            "nl",
            """
            de het en is wij zijn u voor onze met dat hebben willen nodig graag van uw op bij niet kunnen een als wordt
            over hallo bedankt zoeken ik ben mijn was in te die ook nog wat of naar aan er maar
            """
        ),
        (
            "sv",
            """
            och ar vi du for var med det som har skulle vill behover snalla fran er pa inte kan en ett om blir hej tack
            soker jag min av till den att i hos eller oss detta
            """
        ),
        (
            "da",
            """
            og er vi du for vores med det som har ville gerne brug venligst fra jeres pa ikke kan en et om bliver hej tak
            soger jeg min af til den at i hos eller os dette mig hvad
            """
        ),
        (
            "nb",
            """
            og er vi du for var med det som har ville gjerne trenger vennligst fra deres pa ikke kan en et om blir hei
            takk soker jeg min av til den at i hos eller oss dette meg hva
            """
        ),
        (
            "pl",
            """
            i jest jestesmy sa dla nasz nasza z ze ktory mamy chcielibysmy potrzebujemy prosze od wasz na nie moze jak
            bedzie o dzien dobry dziekuje szukamy ja jestem moj byl w do sie oraz lub tym czy po to
            """
        ),
        (
            "cs",
            """
            a je jsme jste pro nas nase s ze ktery mame chteli potrebujeme prosim od vas na ne muze jako bude o dobry den
            dekuji hledame ja jsem muj byl v do se nebo tento ktere by bychom
            """
        ),
        (
            "fi",
            """
            ja on olemme olette varten meidan kanssa etta meilla haluaisimme tarvitsemme kiitos teidan ei voi kuin hei
            etsimme mina olen minun oli se tai joka tama mutta myos ovat
            """
        ),
    ]

    static let languages = lists.map(\.language)

    /// Which languages have a word.
    static let byWord: [Substring: [Int]] = {
        var byWord: [Substring: [Int]] = [:]
        for (index, list) in lists.enumerated() {
            for word in list.words.split(whereSeparator: { $0.isWhitespace })
            where byWord[word]?.contains(index) != true {
                byWord[word, default: []].append(index)
            }
        }
        return byWord
    }()
}
