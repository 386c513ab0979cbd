// A briefing as a mail (RFC 5322): text and HTML side by side, quoted-printable, CR LF throughout. The messages to
// one reader about one lead thread: the first is called by the thread's id, the others refer to it, and the subject
// stays. A delivery's mail is the same bytes at every attempt. Pure; it can't fail. Used by MailChannel.

import LeadCore

/// A mail from one mailbox to another.
struct MailMessage {
    /// Who sends.
    let sender: Mailbox
    /// Who receives.
    let recipient: Mailbox
    /// The right side of message ids.
    let host: String

    /// In characters.
    static let longestSubject = 150

    /// The message that says `briefing`.
    func bytes(for briefing: Briefing) -> [UInt8] {
        let wording = Wording(briefing, within: .mail)
        // An equals sign before anything but hexadecimal digits never comes out of quoted-printable, so no body can
        // hold the boundary.
        let boundary = "=_leadbell_" + Self.fingerprint(briefing.deliveryID.text)
        var bytes = Array(head(of: briefing, boundary: boundary).utf8)
        Self.add("text/plain", MailText.lines(of: wording), boundary, to: &bytes)
        Self.add("text/html", MailHTML.lines(of: wording), boundary, to: &bytes)
        bytes += "--\(boundary)--\r\n".utf8
        return bytes
    }

    private func head(of briefing: Briefing, boundary: String) -> String {
        let thread = MailHeader.messageID(briefing.threadID, at: host)
        let own = MailHeader.messageID(briefing.deliveryID.text, at: host)
        let subject = CleanText.line(briefing.subject, atMost: Self.longestSubject)
        var fields = [
            MailHeader.mailbox("From", sender),
            MailHeader.mailbox("To", recipient),
            MailHeader.text("Subject", subject, prefix: briefing.startsThread ? nil : "Re:"),
            MailHeader.plain("Date", CivilTime(briefing.createdAt).rfc5322),
            MailHeader.plain("Message-ID", briefing.startsThread ? thread : own),
        ]
        if !briefing.startsThread {
            fields.append(MailHeader.plain("In-Reply-To", thread))
            fields.append(MailHeader.plain("References", thread))
        }
        fields += [
            MailHeader.plain("Auto-Submitted", "auto-generated"),
            MailHeader.plain("X-Auto-Response-Suppress", "All"),
            MailHeader.plain("MIME-Version", "1.0"),
            "Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"\r\n",
        ]
        return fields.joined() + "\r\n"
    }

    private static func add(_ type: String, _ lines: [String], _ boundary: String, to bytes: inout [UInt8]) {
        bytes +=
            """
            --\(boundary)\r
            Content-Type: \(type); charset=utf-8\r
            Content-Transfer-Encoding: quoted-printable\r
            \r

            """.utf8
        QuotedPrintable.encode(lines, into: &bytes)
    }

    /// FNV-1a of 64 bits, in hexadecimal: a boundary need be no secret, only the same each time.
    private static func fingerprint(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
