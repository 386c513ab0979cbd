// Files of leads on the command line, read as the spool would read them. What is wrong with one is a sentence with its place.

import ArgumentParser
import Foundation
import LeadConfiguration
import LeadCore
import LeadSpool

/// `--source`, common to commands that read files of leads.
struct SourceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The source whose file it is, as the configuration names it.", valueName: "name"))
    var source: String?

    /// How the spool of that source, or the one without a name, reads files.
    func settings(_ configuration: Configuration) throws -> SpoolSettings {
        guard let source else { return configuration.spool.settings }
        guard let found = configuration.sources.first(where: { $0.name == source }) else {
            let names = configuration.sources.map(\.name)
            let known = names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"
            throw CommandFailure("the configuration has no source \(source.printable); \(known)")
        }
        return configuration.spool.settings(of: found)
    }
}

/// A file that a command is given.
enum LeadFile {
    /// The name that tells the kind of the file at `path`; standard input (`-`) is one JSON object.
    static func name(of path: String) -> String { path == "-" ? "lead.json" : URL(filePath: path).lastPathComponent }

    /// The bytes of the file at `path`, or of standard input.
    static func bytes(of path: String) throws -> [UInt8] {
        do {
            let handle = path == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(filePath: path))
            return Array(try handle.readToEnd() ?? Data())
        } catch {
            throw CommandFailure("\(path) can't be read: \(error.localizedDescription)")
        }
    }

    /// The records in `bytes`; fails when there are more bytes than `settings` allow or when any record is bad.
    static func content(
        _ bytes: [UInt8], named name: String, by settings: SpoolSettings,
        onMapping: (@Sendable ([MappedName]) -> Void)? = nil
    ) throws -> FileContent {
        let content = try read(bytes, named: name, by: settings, onMapping: onMapping)
        if let fault = content.rejected.first?.fault { throw CommandFailure(words(fault, in: name)) }
        return content
    }

    /// The same as the spool has it: bad records are left out, each told by `complain`. Fails when there is no good one.
    static func goodContent(
        _ bytes: [UInt8], named name: String, by settings: SpoolSettings, complain: (String) -> Void
    ) throws -> FileContent {
        let content = try read(bytes, named: name, by: settings)
        guard !content.records.isEmpty || content.rejected.isEmpty else {
            return try self.content(bytes, named: name, by: settings)
        }
        for rejected in content.rejected { complain(words(rejected.fault, in: name)) }
        return content
    }

    private static func words(_ fault: IntakeFault, in name: String) -> String {
        let place = fault.line.map { ":\($0)" + (fault.column.map { ":\($0)" } ?? "") } ?? ""
        return "\(name)\(place): \(fault.what); \(fault.remedy)"
    }

    private static func read(
        _ bytes: [UInt8], named name: String, by settings: SpoolSettings,
        onMapping: (@Sendable ([MappedName]) -> Void)? = nil
    ) throws -> FileContent {
        let format = RecordFormat.of(name)
        guard bytes.count <= settings.limit(format) else {
            let key =
                switch format?.size {
                case .mail: "spool.max_mail"
                case .rows: "spool.max_rows"
                case .ordinary, nil: "spool.max_file"
                }
            throw CommandFailure("\(name) is larger than \(key) allows; split it")
        }
        var rules = settings.rules
        rules.onMapping = onMapping
        return RecordFormat.read(name: name, bytes: bytes, rules: rules)
    }
}
