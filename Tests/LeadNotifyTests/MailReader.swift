// Mails as another program reads them: Python's parser, which knows the standards and tells of every breach.

import Foundation
import LeadTestKit
import Testing

/// A mail as Python's `email` reads it.
struct ReadMail: Decodable {
    struct Part: Decodable {
        let type: String
        let charset: String?
        let encoding: String?
        let text: String
    }

    let headers: [[String]]
    let from: [String]
    let to: [String]
    let recipients: [String]
    let type: String
    let longestHeaderLine: Int
    let longestBodyLine: Int
    let isASCII: Bool
    let strayLineEnds: Int
    let parts: [Part]
    let defects: [String]

    enum CodingKeys: String, CodingKey {
        case headers, from, to, recipients, type, parts, defects
        case longestHeaderLine = "longest_header_line"
        case longestBodyLine = "longest_body_line"
        case isASCII = "is_ascii"
        case strayLineEnds = "stray_line_ends"
    }

    /// The values of all headers of that name.
    func values(_ name: String) -> [String] { headers.filter { $0[0] == name }.map { $0[1] } }

    var names: [String] { headers.map { $0[0] } }

    /// Reads `mails`, all by one run of the reader.
    static func read(_ mails: [[UInt8]]) throws -> [ReadMail] {
        let directory = TemporaryDirectory()
        let files = mails.indices.map { directory.file("\($0).eml") }
        for (file, mail) in zip(files, mails) { try Data(mail).write(to: URL(fileURLWithPath: file)) }
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("mail_reader.py")
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [script.path] + files
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return try JSONDecoder().decode([ReadMail].self, from: data)
    }
}
