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

/// A file that a command is given: its good records, portion by portion, while each bad one is told with its line.
struct LeadFile {
    private let name: String
    private var file: LooseFile
    private let settings: SpoolSettings
    private var good = 0
    private var bad = 0
    /// False where the bad records have been told already.
    private var complains = true

    /// So many bad records are told, and then how many more there are.
    private static let mostTold = 20

    /// The name that tells the kind of the file at `path`; standard input (`-`) is one JSON object.
    static func name(of path: String) -> String { path == "-" ? "lead.json" : URL(filePath: path).lastPathComponent }

    /// The file at `path`, or standard input.
    init(of path: String, by settings: SpoolSettings) throws {
        name = Self.name(of: path)
        self.settings = settings
        do throws(LooseFileFault) {
            file = try LooseFile(at: path, named: name, by: settings)
        } catch {
            throw Self.failure(error, path, settings)
        }
    }

    /// One lead that lies in no file.
    init(object: [UInt8], by settings: SpoolSettings) {
        name = Self.name(of: "-")
        file = LooseFile(bytes: object, named: name)
        self.settings = settings
    }

    /// The next good records; nil at the end. Fails when the file has none at all.
    mutating func next(onMapping: (@Sendable ([MappedName]) -> Void)? = nil) throws -> [IntakeRecord]? {
        var rules = settings.rules
        rules.onMapping = onMapping
        let found: FileContent?
        do throws(LooseFileFault) {
            found = try file.next(by: rules)
        } catch {
            throw Self.failure(error, name, settings)
        }
        guard let content = found else {
            if complains, bad > Self.mostTold { Terminal.warn("\(name): \(bad - Self.mostTold) more bad records") }
            guard good > 0 else { throw CommandFailure("\(name) holds no lead that can be read") }
            return nil
        }
        // What is one bad record, and nothing else, is the failure itself.
        if good == 0, bad == 0, content.records.isEmpty, content.rejected.count == 1,
            let fault = content.rejected.first?.fault
        {
            throw CommandFailure(words(fault))
        }
        good += content.records.count
        for (_, fault) in content.rejected {
            bad += 1
            if complains, bad <= Self.mostTold { Terminal.warn(words(fault)) }
        }
        return content.records
    }

    /// Reads all of it for what is bad, and begins anew.
    mutating func check() throws {
        while try next() != nil {}
        file.rewind()
        complains = false
    }

    /// Puts it into `spool`; the name that it has there.
    func submit(to spool: SpoolDirectory) throws -> String {
        do throws(SpoolFailure) {
            return try spool.submit(name: name, file: file)
        } catch {
            throw CommandFailure(error.description)
        }
    }

    private func words(_ fault: IntakeFault) -> String {
        let place = fault.line.map { ":\($0)" + (fault.column.map { ":\($0)" } ?? "") } ?? ""
        return "\(name)\(place): \(fault.what). \(fault.remedy)"
    }

    private static func failure(_ fault: LooseFileFault, _ path: String, _ settings: SpoolSettings) -> CommandFailure {
        switch fault {
        case .unreadable(let reason): return CommandFailure("\(path) can't be read: \(reason)")
        case .tooLarge:
            let key =
                switch RecordFormat.of(name(of: path))?.size {
                case .mail: "spool.max_mail"
                case .rows: "spool.max_rows"
                case .ordinary, nil: "spool.max_file"
                }
            return CommandFailure("\(path) is larger than \(key) allows; split it")
        }
    }
}
