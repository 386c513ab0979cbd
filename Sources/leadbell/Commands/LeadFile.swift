// Files of leads on the command line, read as the spool would read them. What is wrong with one is a sentence with its place.

import Foundation
import LeadSpool

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

    /// The records in `bytes`; fails when there are more than `limit` bytes or when any record is bad.
    static func content(_ bytes: [UInt8], named name: String, limit: Int) throws -> FileContent {
        guard bytes.count <= limit else {
            throw CommandFailure("\(name) is larger than spool.max_file allows; split it")
        }
        let content = RecordFormat.read(name: name, bytes: bytes)
        if let fault = content.rejected.first?.fault {
            let place = fault.line.map { ":\($0)" + (fault.column.map { ":\($0)" } ?? "") } ?? ""
            throw CommandFailure("\(name)\(place): \(fault.what); \(fault.remedy)")
        }
        return content
    }
}
