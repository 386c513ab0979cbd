// Mails as another program reads them: Python's parser, which knows the standards and tells of every breach.

import Foundation

/// A mail as Python's `email` reads it.
public struct ReadMail: Decodable, Sendable {
    /// One of its parts.
    public struct Part: Decodable, Sendable {
        public let type: String
        public let charset: String?
        public let encoding: String?
        public let text: String
    }

    public let headers: [[String]]
    public let from: [String]
    public let to: [String]
    public let recipients: [String]
    public let type: String
    public let longestHeaderLine: Int
    public let longestBodyLine: Int
    public let isASCII: Bool
    public let strayLineEnds: Int
    public let parts: [Part]
    public let defects: [String]

    enum CodingKeys: String, CodingKey {
        case headers, from, to, recipients, type, parts, defects
        case longestHeaderLine = "longest_header_line"
        case longestBodyLine = "longest_body_line"
        case isASCII = "is_ascii"
        case strayLineEnds = "stray_line_ends"
    }

    /// The values of all headers of that name.
    public func values(_ name: String) -> [String] { headers.filter { $0[0] == name }.map { $0[1] } }

    /// The names of all headers, in order.
    public var names: [String] { headers.map { $0[0] } }

    /// Reads `mails`, all by one run of the reader.
    public static func read(_ mails: [[UInt8]]) throws -> [ReadMail] {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appendingPathComponent("mails-\(UUID().uuidString)")
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        let names = mails.indices.map { folder.appendingPathComponent("\($0).eml") }
        for (name, mail) in zip(names, mails) { try Data(mail).write(to: name) }
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("mail_reader.py")
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [script.path] + names.map(\.path)
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try files.removeItem(at: folder)
        guard process.terminationStatus == 0 else { throw PeerFault(description: "the reader of mails failed") }
        return try JSONDecoder().decode([ReadMail].self, from: data)
    }
}
