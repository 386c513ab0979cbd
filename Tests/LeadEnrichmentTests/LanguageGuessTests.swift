// Languages of ordinary short inquiries, and texts that tell none.

import LeadCore
import LeadTestKit
import Testing

@testable import LeadEnrichment

@Suite("LanguageGuess")
struct LanguageGuessTests {
    private func guess(_ text: String, among: Set<String> = []) async -> Enrichment {
        await LanguageGuess(name: "language", sources: [.description], among: among)
            .enrich(Lead(given: [.description: text]))
    }

    @Test(
        "the language of an inquiry is known",
        arguments: [
            ("We are looking for a marble bust for the lobby of our office.", "en"),
            ("Hi, can you please send me a quote?", "en"),
            ("Guten Tag, wir suchen eine Marmorbüste für unser Foyer.", "de"),
            ("Bitte um ein Angebot für die Fassade, danke", "de"),
            ("Bonjour, nous cherchons un buste en marbre pour notre hall.", "fr"),
            ("Hola, buscamos un busto de mármol para nuestra oficina, gracias.", "es"),
            ("Buongiorno, cerchiamo un busto di marmo per il nostro ufficio", "it"),
            ("Olá, procuramos um busto de mármore para o nosso escritório", "pt"),
            ("Wij zoeken een marmeren buste voor onze hal en willen graag een offerte", "nl"),
            ("Hej, vi behöver en byst av marmor för vår entré och vill gärna ha en offert", "sv"),
            ("Dzień dobry, szukamy popiersia z marmuru dla naszej firmy, proszę o ofertę", "pl"),
            ("Dobrý den, hledáme mramorovou bustu pro naše foyer, děkuji", "cs"),
            ("Hei, etsimme marmoripatsasta meidän aulaan, kiitos", "fi"),
            ("Добрый день, мы ищем мраморный бюст", "ru"), ("Доброго дня, шукаємо мармуровий бюст для офісу, її", "uk"),
            ("Καλημέρα, ψάχνουμε μια προτομή", "el"), ("大理石の胸像を探しています", "ja"), ("我们正在寻找大理石半身像", "zh"),
            ("대리석 흉상을 찾고 있습니다", "ko"), ("نبحث عن تمثال رخامي", "ar"), ("אנחנו מחפשים פסל שיש", "he"),
        ])
    func known(text: String, language: String) async {
        let found = await guess(text).findings
        #expect(found.map(\.field) == [.language])
        #expect(found.first?.text == language)
        #expect(found.first?.confidence != nil)
    }

    @Test(
        "a text that tells nothing, or two things, gives nothing",
        arguments: [
            "", "marble", "Carrara 2 cm", "!!!", "12345", "OK", "die", "en la", "Marmor, Granit, Quarzit", "hej du",
        ])
    func unknown(text: String) async {
        #expect(await guess(text) == Enrichment())
    }

    @Test("a language that the lead names is left alone; others than the wanted ones aren't guessed")
    func limits() async {
        let lead = Lead(given: [.description: "We are looking for a bust for our office", .language: "de"])
        #expect(await LanguageGuess(name: "l", sources: [.description]).enrich(lead) == Enrichment())
        #expect(await guess("We are looking for a bust for our office", among: ["de", "fr"]) == Enrichment())
        #expect(throws: OptionFlaw.self) {
            try LanguageGuess.kind.make("language", OptionValues(["among": .texts(["en", "klingon"])]), nil)
        }
    }

    @Test("the words that told it are the reason")
    func reason() async {
        let found = await guess("Wir suchen eine Büste und bitten um ein Angebot").findings
        #expect(found.first?.basis?.hasPrefix("the words wir, suchen, eine") == true)
    }
}
