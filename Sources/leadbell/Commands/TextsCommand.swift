// `leadbell texts`: the texts of messages as files to start one's own from, each text with its fields.

import ArgumentParser
import Foundation
import LeadCore

struct TextsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "texts",
        abstract: "Print the texts of messages, or write them into a folder, to make them your own.",
        discussion: """
            Name the folder as messages.templates in the configuration. A file may hold just the texts that differ; \
            de.txt is for all channels, de.CHANNEL.txt for one. Then run leadbell check.

            Example: leadbell texts --language de texts/
            """)

    @Option(help: "The language's code; English and German are shipped, others begin in English.")
    var language: String?

    @Argument(help: "The folder to write into; without it the texts are printed.")
    var folder: String?

    func validate() throws {
        if let language, Language(language) == nil {
            throw ValidationError("a language is a code such as en, de or fr")
        }
    }

    func run() throws {
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
}
