// Random texts for what reads texts: words that it knows among all that Unicode has in store.

/// Texts to be tried: ordinary words among all that Unicode has in store.
struct HostileTexts {
    private var generator: any RandomNumberGenerator
    private let pieces: [String]

    init(_ generator: some RandomNumberGenerator, _ pieces: [String]) {
        self.generator = generator
        self.pieces = pieces + Self.marks
    }

    private static let marks: [String] = [
        " ", " ", " ", " ", "\n", "\r\n", "\t", "\u{0}", "\u{A0}", "\u{202F}", "-", "–", ".", ",", "'", "’", "!", "?",
        "&",
        "*", "/", "ä", "Ö", "ü", "ß", "é", "É", "ñ", "ø", "Å", "ł", "İ", "ı", "ŉ", "æ", "ﬁ", "e\u{301}", "u\u{308}",
        "\u{301}",
        "\u{308}", "\u{5B0}", "ש", "\u{202E}", "\u{200D}", "\u{FE0F}", "👨‍👩‍👧", "🇩🇪", "👍🏽", "ж", "й", "и\u{306}", "Σ", "ς",
        "中", "가", "각", "\u{1100}\u{1161}", "क", "कि", "Ａ", "５", "٣", "½", "²", "ª", "K", "\u{37E}", "…", "€", "“", "”",
        "\u{AD}",
    ]

    /// Up to `longest` pieces in a row.
    mutating func next(_ longest: Int = 24) -> String {
        let count = Int.random(in: 0...longest, using: &generator)
        return (0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &generator)] }.joined()
    }
}
