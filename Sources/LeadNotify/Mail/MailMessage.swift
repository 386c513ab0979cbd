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
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8_192)
        addHead(of: briefing, boundary, to: &bytes)
        var body = MailBody(capacity: 6_144)
        MailText.write(wording, to: &body)
        Self.add("text/plain", body, boundary, to: &bytes)
        body.removeAll()
        MailHTML.write(wording, to: &body)
        Self.add("text/html", body, boundary, to: &bytes)
        bytes += "--\(boundary)--\r\n".utf8
        return bytes
    }

    private func addHead(of briefing: Briefing, _ boundary: String, to bytes: inout [UInt8]) {
        let thread = MailHeader.messageID(briefing.threadID, at: host)
        let subject = CleanText.line(briefing.subject, atMost: Self.longestSubject)
        bytes += MailHeader.mailbox("From", sender).utf8
        bytes += MailHeader.mailbox("To", recipient).utf8
        bytes += MailHeader.text("Subject", subject, prefix: briefing.startsThread ? nil : "Re:").utf8
        bytes += MailHeader.plain("Date", CivilTime(briefing.createdAt).rfc5322).utf8
        if briefing.startsThread {
            bytes += MailHeader.plain("Message-ID", thread).utf8
        } else {
            bytes += MailHeader.plain("Message-ID", MailHeader.messageID(briefing.deliveryID.text, at: host)).utf8
            bytes += MailHeader.plain("In-Reply-To", thread).utf8
            bytes += MailHeader.plain("References", thread).utf8
        }
        bytes +=
            """
            Auto-Submitted: auto-generated\r
            X-Auto-Response-Suppress: All\r
            MIME-Version: 1.0\r
            Content-Type: multipart/alternative;\r
             boundary="\(boundary)"\r
            \r

            """.utf8
    }

    private static func add(_ type: String, _ body: MailBody, _ boundary: String, to bytes: inout [UInt8]) {
        bytes +=
            """
            --\(boundary)\r
            Content-Type: \(type); charset=utf-8\r
            Content-Transfer-Encoding: quoted-printable\r
            \r

            """.utf8
        QuotedPrintable.encode(body.bytes, into: &bytes)
    }

    /// FNV-1a of 64 bits, in hexadecimal: a boundary need be no secret, only the same each time.
    private static func fingerprint(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
