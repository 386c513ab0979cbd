// `leadbell texts`: the texts of messages as files to start one's own from, each text with its fields; and how messages read
// with the configured ones.

import ArgumentParser
import Foundation
import LeadCore
import LeadNotify

struct TextsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "texts",
        abstract: "Print the texts of messages, or write them into a folder, to make them your own.",
        discussion: """
            Name the folder as messages.templates in the configuration. A file may hold just the texts that differ; \
            de.txt is for all channels, de.CHANNEL.txt for one. Then run leadbell check, and see with --preview how \
            messages about a made-up lead read.

            Example: leadbell texts --language de texts/
            Example: leadbell texts --preview --language de --channel teams --message warn
            """)

    @OptionGroup var options: ConfigurationOptions

    @Option(help: "The language's code; English and German are shipped, others begin in English.")
    var language: String?

    @Flag(help: "Show sample messages with the texts of the configuration, in its language unless another is named.")
    var preview = false

    @Option(help: "For --preview: with the texts of this channel.")
    var channel: String?

    @Option(help: "For --preview: this message alone, such as decide, warn or update.claimed.")
    var message: String?

    @Flag(help: "For --preview: as channels with detail: brief have it.")
    var brief = false

    @Argument(help: "The folder to write into; without it the texts are printed.")
    var folder: String?

    func validate() throws {
        if let language, Language(language) == nil {
            throw ValidationError("a language is a code such as en, de or fr")
        }
        if preview, folder != nil { throw ValidationError("--preview writes no folder; leave one of them out") }
        if !preview, channel != nil || message != nil || brief {
            throw ValidationError("--channel, --message and --brief belong to --preview")
        }
        if let message, SampleScene(rawValue: message) == nil {
            let names = SampleScene.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("there is no message '\(message)'; there are \(names)")
        }
    }

    func run() throws {
        if preview { return try showMessages() }
        let languages = language.flatMap { Language($0) }.map { [$0] } ?? Language.shipped
        guard let folder else {
            for language in languages { Terminal.line(PhraseFile.text(of: language)) }
            return
        }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for language in languages {
                let file = URL(fileURLWithPath: folder).appending(path: "\(language).txt")
                try Data(PhraseFile.text(of: language).utf8).write(to: file, options: .withoutOverwriting)
                Terminal.line("wrote \(file.relativePath)")
            }
        } catch CocoaError.fileWriteFileExists {
            throw CommandFailure("\(folder) holds texts already, which are not overwritten; name another folder")
        } catch {
            throw CommandFailure("the texts can't be written to \(folder): \(error.localizedDescription)")
        }
    }

    private func showMessages() throws {
        let rulebook = try ConfigurationAccess().require(options.path).rulebook
        let own = try channel.map { try named($0, rulebook) }
        // Without a channel as all of them have it, whatever their kind.
        let settings = own ?? ChannelSettings(id: "all", kind: "", isShared: true, isMail: true, concurrency: 1)
        let language = language.flatMap { Language($0) } ?? own?.language ?? rulebook.phrases.language
        guard rulebook.phrases.known.contains(language) else {
            let codes = rulebook.phrases.known.map(\.code).joined(separator: ", ")
            throw CommandFailure("there are no texts in '\(language)'; there are some in \(codes)")
        }
        let scenes = (own.map { SampleScene.all(isEditable: $0.isEditable) } ?? SampleScene.allCases)
            .filter { message == nil || $0.rawValue == message }
        guard !scenes.isEmpty else {
            throw CommandFailure(
                "channel '\(settings.id)' never has messages '\(message ?? "")'; leave one of the two out")
        }
        for scene in scenes {
            guard
                let shown = MessagePreview(
                    scene, over: settings, in: language, brief: brief, phrases: rulebook.phrases)
            else { throw CommandFailure("the sample for \(scene.rawValue) can't be made; run leadbell check") }
            Terminal.line("== \(scene.rawValue): \(shown.subject)\n\n\(shown.lines.joined(separator: "\n"))\n")
        }
    }

    private func named(_ name: String, _ rulebook: Rulebook) throws -> ChannelSettings {
        let known = rulebook.channels.values.filter { $0.events == nil }
        guard let settings = known.first(where: { $0.id.text == name }) else {
            let names = known.map(\.id.text).sorted().joined(separator: ", ")
            throw CommandFailure("there is no channel '\(name)' that reaches people; there are \(names)")
        }
        return settings
    }
}
