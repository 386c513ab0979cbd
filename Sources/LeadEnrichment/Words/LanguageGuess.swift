// The enricher `language`: which language the lead is written in, by its script and by the small words that every
// sentence has. It computes from memory; a text that is too short or reads as two languages gives nothing.

import LeadCore

/// Guesses the language of what the person wrote.
///
/// Fills `language` with an ISO 639-1 code. A script that one language has settles it; else the most frequent small words
/// of thirteen languages are counted, one that several share counting for each the less. The first must lead clearly.
public struct LanguageGuess: LocalEnricher {
    public let name: String

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

    func enrich(_ lead: Lead, _ texts: inout LeadTexts) -> Enrichment {
        guard lead[.language] == nil else { return Enrichment() }
        for text in sources.lazy.compactMap({ lead[$0] }) {
            if let language = Script.language(of: text), isWanted(language) {
                return Enrichment(findings: [.init(.language, language, basis: "the script", confidence: 95)])
            }
        }
        return guess(texts.words(of: lead, sources)).map { Enrichment(findings: [$0]) } ?? Enrichment()
    }

    private func isWanted(_ language: String) -> Bool { among.isEmpty || among.contains(language) }

    private func guess(_ text: FoldedWords) -> Enrichment.Finding? {
        var scores = [Double](repeating: 0, count: SmallWords.languages.count)
        /// Words that one language alone has.
        var telling: [(language: Int, place: Int)] = []
        text.bytes.withUnsafeBufferPointer { bytes in
            for (place, word) in text.words.prefix(Self.mostWords).enumerated() {
                let letters = UnsafeBufferPointer(rebasing: bytes[word.range])
                guard let number = SmallWords.table.find(letters, word.hash) else { continue }
                let languages = SmallWords.owners[number]
                for language in languages { scores[language] += 1 / Double(languages.count) }
                if languages.count == 1 { telling.append((languages[0], place)) }
            }
        }
        // Of equals the first.
        var best = -1
        var second = 0.0
        for (language, score) in scores.enumerated() where isWanted(SmallWords.languages[language]) {
            if best < 0 || score > scores[best] {
                second = best < 0 ? 0 : scores[best]
                best = language
            } else {
                second = max(second, score)
            }
        }
        guard best >= 0 else { return nil }
        guard scores[best] >= Self.least, scores[best] >= second * Self.lead else { return nil }
        var own: [String] = []
        for (language, place) in telling where language == best && own.count < Self.mostReasons {
            let word = text[place]
            if !own.contains(word) { own.append(word) }
        }
        guard !own.isEmpty else { return nil }
        let share = scores[best] / (scores[best] + second)
        return .init(
            .language, SmallWords.languages[best], basis: "the words " + own.joined(separator: ", "),
            confidence: min(95, Int(100 * share)))
    }

    private static let mostReasons = 4
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
        var counts = [Int](repeating: 0, count: Block.allCases.count)
        var letters = 0
        for scalar in text.unicodeScalars.prefix(1000) where scalar.properties.isAlphabetic {
            letters += 1
            if let block = Block(scalar.value) { counts[block.rawValue] += 1 }
        }
        let hasKana = counts[Block.kana.rawValue] > 0
        guard let block = Block.allCases.max(by: { counts[$0.rawValue] < counts[$1.rawValue] }),
            counts[block.rawValue] >= 4, counts[block.rawValue] * 2 > letters
        else {
            // Japanese is written in two scripts at once.
            return counts[Block.kana.rawValue] > 1 ? "ja" : nil
        }
        switch block {
        case .cyrillic:
            if text.unicodeScalars.contains(where: { "іїєґІЇЄҐ".unicodeScalars.contains($0) }) { return "uk" }
            return text.unicodeScalars.contains { "ыэъёЫЭЪЁ".unicodeScalars.contains($0) } ? "ru" : nil
        case .han: return hasKana ? "ja" : "zh"
        case .greek: return "el"
        case .hebrew: return "he"
        case .arabic: return "ar"
        case .devanagari: return "hi"
        case .thai: return "th"
        case .hangul: return "ko"
        case .kana: return "ja"
        }
    }

    private enum Block: Int, CaseIterable {
        case greek, cyrillic, hebrew, arabic, devanagari, thai, hangul, kana, han

        init?(_ scalar: UInt32) {
            switch scalar {
            case 0x0370...0x03FF, 0x1F00...0x1FFF: self = .greek
            case 0x0400...0x04FF: self = .cyrillic
            case 0x0590...0x05FF: self = .hebrew
            case 0x0600...0x06FF: self = .arabic
            case 0x0900...0x097F: self = .devanagari
            case 0x0E00...0x0E7F: self = .thai
            case 0x1100...0x11FF, 0xAC00...0xD7AF: self = .hangul
            case 0x3040...0x30FF: self = .kana
            case 0x4E00...0x9FFF: self = .han
            default: return nil
            }
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

    /// Numbers in `owners`, by word.
    static let table = WordTable(all.numbers)
    /// The languages that have a word.
    static let owners = all.owners

    private static let all: (numbers: [String: Int], owners: [[Int]]) = {
        var numbers: [String: Int] = [:]
        var owners: [[Int]] = []
        for (language, list) in lists.enumerated() {
            for word in list.words.split(whereSeparator: { $0.isWhitespace }).map(String.init) {
                let number = numbers[word] ?? owners.count
                if number == owners.count {
                    numbers[word] = number
                    owners.append([])
                }
                if !owners[number].contains(language) { owners[number].append(language) }
            }
        }
        return (numbers, owners)
    }()
}
