// `messages`: in which language they are written, and the folder with an administrator's own texts. Each file there is
// one language's, `de.txt`, or one language's for one channel, `de.teams.txt`.

import Foundation
import LeadCore

extension SectionReader {
    /// All texts; the shipped ones where nothing else is said.
    func readMessages(_ root: MappingReader, channels: [ChannelDraft]) -> PhraseBook {
        guard let map = root.optional("messages")?.mapping("'messages'") else { return .shipped }
        defer { map.finish() }
        let templates = map.optional("templates").map { readTemplates($0, channels: channels) } ?? [:]
        let book = PhraseBook(templates: templates)
        let language = map.optional("language").flatMap { readLanguage($0, among: book) }
        return PhraseBook(language: language ?? .english, templates: templates)
    }

    /// A language's code; there must be texts in it, for all channels or at least for `channel`.
    func readLanguage(_ item: Item, among phrases: PhraseBook, on channel: ChannelID? = nil) -> Language? {
        let known = phrases.known
        guard let text = item.text("a language's code, such as en or de") else { return nil }
        guard let language = Language(text), known.contains(language) else {
            let codes = Wording.alternatives(known.map(\.code))
            item.error(
                "is no language that there are texts in",
                "write \(codes), or add a file of texts to 'messages.templates', as \(Language(text)?.code ?? "fr").txt"
            )
            return nil
        }
        if !phrases.has(language, on: channel) {
            item.warn(
                "has texts for single channels only, and all others are in English",
                "add a file \(language.code).txt to 'messages.templates'")
        }
        return language
    }

    /// Channels are read before texts, since these are for channels; so their languages are judged here.
    func checkLanguages(_ channels: [ChannelDraft], _ phrases: PhraseBook) {
        for channel in channels {
            if let item = channel.languageItem { _ = readLanguage(item, among: phrases, on: channel.settings.id) }
        }
    }

    private typealias Templates = [Language: [ChannelID?: [String: Template]]]

    private func readTemplates(_ item: Item, channels: [ChannelDraft]) -> Templates {
        guard let text = item.text("a folder") else { return [:] }
        let path = folder.path(text)
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            item.error(
                "names a folder that can't be read", "make it, and write texts into it with `leadbell texts \(path)`")
            return [:]
        }
        var templates: Templates = [:]
        for name in names where name.hasSuffix(".txt") && !name.hasPrefix(".") {
            let file = path + (path.hasSuffix("/") ? "" : "/") + name
            guard let (language, channel) = place(of: name, file, item, channels: channels) else { continue }
            switch secrets.readFile(file) {
            case .unreadable(let reason): complain(file, item, "the file can't be read: \(reason)")
            case .read(let bytes, _):
                let isWhole = channel == nil || !names.contains("\(language).txt")
                let reader = TextsReader(file: file, language: language, isWhole: isWhole)
                templates[language, default: [:]][channel] = reader.read(bytes)
                for problem in reader.problems { findings.note(problem, at: item.position) }
            }
        }
        if templates.isEmpty {
            item.warn("names a folder without texts", "write some into it with `leadbell texts \(path)`")
        }
        return templates
    }

    /// The language and the channel that a file's name tells.
    private func place(of name: String, _ file: String, _ item: Item, channels: [ChannelDraft])
        -> (Language, ChannelID?)?
    {
        let parts = name.dropLast(".txt".count).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let language = parts.first.flatMap({ Language(String($0)) }) else {
            complain(file, item, "the file's name is no language", "call it de.txt, or de.CHANNEL.txt for one channel")
            return nil
        }
        guard parts.count > 1 else { return (language, nil) }
        let known = channels.filter { $0.settings.events == nil }.map(\.settings.id.text)
        let channel = String(parts[1])
        guard known.contains(channel) else {
            complain(
                file, item, "there is no channel \(Wording.quoted(channel) ?? "of that name") that reaches people",
                Wording.suggestion(for: channel, among: known))
            return nil
        }
        return (language, ChannelID(channel))
    }

    private func complain(_ file: String, _ item: Item, _ sentence: String, _ suggestion: String? = nil) {
        findings.note(
            Problem(file: file, line: 1, column: 1, severity: .error, sentence: sentence, suggestion: suggestion),
            at: item.position)
    }
}
