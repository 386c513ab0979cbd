// Reads a received mail as a mail program would: the subject's encoded words, the parts of multipart/alternative, and
// quoted-printable or base64 bodies (RFC 2045 to 2047).

import Foundation

/// A mail's subject, text and HTML.
struct MailReading: Equatable {
    let subject: String
    let text: String
    let html: String

    /// Reads a message as it came after DATA.
    init(_ message: String) {
        let whole = Part(message)
        subject = Self.decodedWords(whole.headers["subject"] ?? "")
        let parts = whole.parts
        text = parts.first { $0.type.hasPrefix("text/plain") }?.content ?? whole.content
        html = parts.first { $0.type.hasPrefix("text/html") }?.content ?? ""
    }

    /// The first link of the text that proposes no rep.
    var link: String? { text.firstMatch(of: /https?:\/\/\S+\/l\/[^\s?]+(?=\s|$)/).map { String($0.output) } }

    private struct Part {
        var headers: [String: String] = [:]
        var body = ""

        init(_ raw: String) {
            let lines = raw.split(separator: "\r\n", omittingEmptySubsequences: false)
            let end = lines.firstIndex { $0.isEmpty } ?? lines.endIndex
            var last: String?
            for line in lines[..<end] {
                if line.first == " " || line.first == "\t", let last {
                    headers[last]? += line
                } else if let colon = line.firstIndex(of: ":") {
                    let name = line[..<colon].lowercased()
                    headers[name] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
                    last = name
                }
            }
            body = lines[min(end + 1, lines.endIndex)...].joined(separator: "\r\n")
        }

        var type: String { (headers["content-type"] ?? "text/plain").lowercased() }

        var parts: [Part] {
            let header = headers["content-type"] ?? ""
            guard let boundary = header.firstMatch(of: /boundary="?([^";]+)"?/)?.1 else { return [self] }
            return body.components(separatedBy: "--\(boundary)").dropFirst().filter { !$0.hasPrefix("--") }.map {
                Part(String($0.drop { $0.isNewline }))
            }
        }

        var content: String {
            switch headers["content-transfer-encoding"]?.lowercased() {
            case "quoted-printable": MailReading.quotedPrintable(body.replacing("=\r\n", with: ""))
            case "base64":
                Data(base64Encoded: body, options: .ignoreUnknownCharacters).map { String(decoding: $0, as: UTF8.self) }
                    ?? ""
            default: body
            }
        }
    }

    private static func quotedPrintable(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "="), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func decodedWords(_ header: String) -> String {
        let joined = header.replacing(/\?=\s+=\?/, with: "?==?")
        return joined.replacing(/=\?[^?]+\?([BbQq])\?([^?]*)\?=/) { match in
            if match.1.lowercased() == "q" { return quotedPrintable(String(match.2).replacing("_", with: " ")) }
            return Data(base64Encoded: String(match.2)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }
}
