// `leadbell submit`: puts leads into the spool as any producer would, from fields or files.

import ArgumentParser
import Foundation
import LeadConfiguration
import LeadCore
import LeadSpool

struct SubmitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Put leads into the spool, from FIELD=VALUE words or from files, and print their intake keys.",
        discussion: """
            A bad record of a file is told of with its line, and the daemon will keep it in failed/; a file without any good \
            one is refused.

            Example: leadbell submit name='Ada King' email=ada@acme.example project_type=fine-art value=12500
            """)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: FormatOptions
    @OptionGroup var origin: SourceOptions

    @Option(
        name: [.customLong("file"), .customShort("f")],
        help:
            "A file of leads to submit (\(RecordFormat.acceptedExtensions)); may be repeated. `-` reads one JSON object from standard input."
    )
    var files: [String] = []

    @Argument(help: ArgumentHelp("Fields of one lead.", valueName: "field=value"))
    var fields: [String] = []

    private struct Line: Encodable {
        let key: String
        let lead: String
        let file: String
    }

    func validate() throws {
        guard !(files.isEmpty && fields.isEmpty) else {
            throw ValidationError("name a file with --file, or give fields such as email=ada@acme.example")
        }
        for field in fields where !(field.firstIndex(of: "=").map { $0 > field.startIndex } ?? false) {
            throw ValidationError("'\(field)' is not FIELD=VALUE")
        }
    }

    func run() throws {
        let configuration = try ConfigurationAccess.withoutSecrets.require(options.path)
        let settings = try origin.settings(configuration)
        let spool = SpoolDirectory(settings.directory)
        if !fields.isEmpty {
            let pairs = fields.map { field -> (String, String) in
                let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (String(parts[0]), String(parts[1]))
            }
            let object = Dictionary(pairs) { $1 }
            try submit(LeadFile(object: Array(try JSONLine.text(object).utf8), by: settings), to: spool)
        }
        for path in files { try submit(try LeadFile(of: path, by: settings), to: spool) }
    }

    private func submit(_ given: LeadFile, to spool: SpoolDirectory) throws {
        var file = given
        try file.check()
        let stored = try file.submit(to: spool)
        while let records = try file.next() {
            for record in records {
                switch output.format {
                case .text: Terminal.line("\(record.key.text)  lead \(record.key.caseID)")
                case .json:
                    let line = Line(key: record.key.text, lead: record.key.caseID.text, file: stored)
                    Terminal.line(try JSONLine.text(line))
                }
            }
        }
    }
}
