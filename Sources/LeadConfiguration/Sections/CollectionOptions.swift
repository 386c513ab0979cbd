// Options of kinds that hold several values: lists, and mappings whose keys the file chooses.

import LeadCore

extension SectionReader {
    func readCollection(_ type: OptionType, _ item: Item) -> OptionValue? {
        switch type {
        case .texts:
            let texts = item.texts().map(\.text)
            if item.isEmptyList { item.error("is empty", "write at least one text or remove the key") }
            return texts.isEmpty ? nil : .texts(texts)
        case .pairs:
            return read(item) { $0.text() }.map { .pairs($0) }
        case .secrets:
            return read(item) { $0.secret(from: secrets, folder: folder) }.map { .secrets($0) }
        case .wordLists:
            return read(item, readWords).map { .wordLists($0.map { WordList($0.name, $0.value) }) }
        case .text, .secret, .integer, .duration, .flag, .choice, .choices, .rate, .file, .mapping: return nil
        }
    }

    /// All entries of a mapping; nil when one of them can't be read.
    private func read<Value>(_ item: Item, _ value: (Item) -> Value?) -> [NamedValue<Value>]? {
        guard let entries = item.mapping(item.name)?.all() else { return nil }
        if entries.isEmpty { item.error("is empty", "write at least one entry or remove the key") }
        let read = entries.compactMap { entry in value(entry.item).map { NamedValue(entry.key, $0) } }
        return read.isEmpty || read.count < entries.count ? nil : read
    }

    /// `[museum, gallery]`, or `{ museum: 3, gallery: 2, "art fair": 1 }`.
    private func readWords(_ item: Item) -> [WordList.Word]? {
        guard case .mapping = item.node else {
            let words = item.texts().map { WordList.Word($0.text) }
            if item.isEmptyList { item.error("is empty", "write at least one word or remove the key") }
            return words.isEmpty ? nil : words
        }
        return read(item) { $0.weight() }?.map { WordList.Word($0.name, weight: $0.value) }
    }
}

extension Item {
    /// A weight: what speaks against something has one below 0.
    fileprivate func weight() -> Int? {
        guard let number = integer(-100...100) else { return nil }
        if number == 0 {
            error(
                "must not be 0", "remove the word, or give it a weight from 1 to 100, or below 0 if it speaks against")
            return nil
        }
        return number
    }
}
