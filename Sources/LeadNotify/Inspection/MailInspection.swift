// What can be wrong with a mail: a text that became a header or an element, lines that are too long, a missing link.

import Foundation
import LeadCore

enum MailInspection {
    private static let headers: Set<String> = [
        "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
        "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
    ]
    private static let elements: Set<String> = [
        "!doctype", "!", "html", "head", "meta", "title", "body", "table", "tr", "td", "p", "h1", "blockquote", "br",
        "a",
        "span",
    ]

    /// A sample mail, looked at.
    static func render(_ briefing: Briefing) -> RenderedMessage {
        guard let sender = Mailbox(name: briefing.site, address: "leads@example.com"),
            let recipient = Mailbox(name: briefing.reader, address: "reader@example.com")
        else { return RenderedMessage(bytes: [], flaws: ["its sender or recipient can't be written"]) }
        let bytes = MailMessage(sender: sender, recipient: recipient, host: "leads.example.com").bytes(for: briefing)
        return RenderedMessage(bytes: bytes, flaws: flaws(bytes, briefing))
    }

    static func flaws(_ bytes: [UInt8], _ briefing: Briefing) -> [String] {
        let text = String(decoding: bytes, as: UTF8.self)
        let links = AllowedLinks(of: briefing)
        var flaws: [String] = []
        let lines = text.replacing("\r\n", with: "\u{1}").split(separator: "\u{1}", omittingEmptySubsequences: false)
        if lines.contains(where: { $0.utf8.contains(0x0A) || $0.utf8.contains(0x0D) }) {
            flaws.append("a line end broke")
        }
        if lines.contains(where: { $0.utf8.count > 998 }) { flaws.append("a line has more than 998 bytes") }
        let head = lines.prefix { !$0.isEmpty }
        for line in head where line.first != " " {
            let name = String(line.prefix { $0 != ":" })
            if !headers.contains(name) { flaws.append("a text became the header \(name.prefix(20))") }
        }
        let parts = text.components(separatedBy: "--=_leadbell_").dropFirst().map(decoded)
            .filter { $0.contains("Content-Type: text/") }
        if parts.count < 2 { flaws.append("it lacks its text or its HTML") }
        for part in parts {
            let isHTML = part.contains("Content-Type: text/html")
            if let link = links.main, !leads(part, to: link, isHTML: isHTML) { flaws.append("its link is missing") }
            guard isHTML, let start = part.firstRange(of: "<!DOCTYPE") else { continue }
            if let flaw = Tags.flaw(in: String(part[start.lowerBound...]), allowing: elements, links) {
                flaws.append(flaw)
            }
        }
        return flaws
    }

    /// Whether `link` is there to be pressed; as text it stands on a line of its own.
    private static func leads(_ part: String, to link: String, isHTML: Bool) -> Bool {
        isHTML
            ? part.contains("href=\"\(MailHTML.escaped(link))\"")
            : part.split(whereSeparator: \.isNewline).contains { $0 == link }
    }

    /// Quoted-printable undone.
    private static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.replacing("=\r\n", with: "").utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "="), digits.count == 2,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
