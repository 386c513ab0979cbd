// A mail as its parts (RFC 2046): what is to be read, and what is attached. Bounded in depth and number, whatever a mail
// holds within itself.

import LeadCore

/// A mail, or a part of one.
struct MailPart {
    let head: MailHead
    /// `text/plain`, in small letters.
    let type: String
    let charset: String?
    /// The name of a file that is attached.
    let fileName: String?
    let body: ArraySlice<UInt8>
    /// Parts within it.
    private(set) var parts: [MailPart] = []
    /// True when it ends before its last part does.
    private(set) var isCutOff = false
    private let disposition: String
    private let isFlowed: Bool

    /// What is read of a part's text, in bytes; a lead's fields have far fewer.
    private static let longestText = 1_048_576
    private static let deepest = 16
    private static let most = 500

    /// The mail that `bytes` are.
    init(mail bytes: ArraySlice<UInt8>) {
        var budget = Self.most
        self.init(bytes, depth: 0, standard: "text/plain", budget: &budget)
    }

    private init(_ bytes: ArraySlice<UInt8>, depth: Int, standard: String, budget: inout Int) {
        (head, body) = MailHead.read(bytes)
        let content = head.value("content-type")
        let disposition = head.value("content-disposition")
        type = content.value.contains("/") ? content.value : standard
        charset = content.parameters["charset"]
        fileName = disposition.parameters["filename"] ?? content.parameters["name"]
        self.disposition = disposition.value
        isFlowed = content.parameters["format"]?.lowercased() == "flowed"
        guard depth < Self.deepest, budget > 0 else { return }
        if type == "message/rfc822" {
            budget -= 1
            let inner = TransferEncoding.decoded(body, head.raw("content-transfer-encoding"))
            parts = [MailPart(inner, depth: depth + 1, standard: "text/plain", budget: &budget)]
        } else if type.hasPrefix("multipart/"), let boundary = content.parameters["boundary"], !boundary.isEmpty {
            let (pieces, isClosed) = Self.pieces(of: body, boundary)
            isCutOff = !isClosed
            let standard = type == "multipart/digest" ? "message/rfc822" : "text/plain"
            for piece in pieces where budget > 0 {
                budget -= 1
                parts.append(MailPart(piece, depth: depth + 1, standard: standard, budget: &budget))
            }
        }
    }

    /// What stands between the lines of the boundary, and whether the last one is there.
    private static func pieces(of body: ArraySlice<UInt8>, _ boundary: String) -> ([ArraySlice<UInt8>], isClosed: Bool)
    {
        let mark = Array("--".utf8) + Array(boundary.utf8)
        var pieces: [ArraySlice<UInt8>] = []
        var start: Int?
        var at = body.startIndex
        while at < body.endIndex, pieces.count <= most {
            let end = body[at...].firstIndex(of: 0x0A).map { $0 + 1 } ?? body.endIndex
            if body[at..<end].starts(with: mark) {
                let rest = body[at..<end].dropFirst(mark.count)
                let isLast = rest.starts(with: Array("--".utf8))
                if isLast || rest.allSatisfy({ $0 <= 0x20 }) {
                    // The line end before a boundary belongs to it.
                    if let start { pieces.append(withoutEnd(body[start..<at])) }
                    if isLast { return (pieces, true) }
                    start = end
                }
            }
            at = end
        }
        // Of what has more parts than are read, nothing says that it was cut off.
        guard pieces.count <= most else { return (pieces, true) }
        if let start, start < body.endIndex { pieces.append(body[start...]) }
        return (pieces, false)
    }

    private static func withoutEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        if bytes.last == 0x0A { bytes.removeLast() }
        if bytes.last == 0x0D { bytes.removeLast() }
        return bytes
    }

    // MARK: What it says

    /// True for what a reader would have to open.
    var isAttachment: Bool {
        guard parts.isEmpty, !type.hasPrefix("multipart/") else { return false }
        return disposition == "attachment" || fileName != nil || !type.hasPrefix("text/")
    }

    /// This part and all within it, mails within the mail left out.
    var ownParts: [MailPart] { [self] + (type == "message/rfc822" ? [] : parts.flatMap(\.ownParts)) }

    /// The mails that are attached, the outermost ones alone.
    var innerMails: [MailPart] { type == "message/rfc822" ? parts : parts.flatMap(\.innerMails) }

    /// True when this or a part within it was cut off.
    var isIncomplete: Bool { isCutOff || parts.contains(where: \.isIncomplete) }

    /// The text of `parts`, of all together so much as is read of one.
    static func text(of parts: [MailPart]) -> String {
        var texts: [String] = []
        var room = longestText
        for part in parts where room > 0 {
            texts.append(part.text)
            room -= min(part.body.count, room)
        }
        return texts.joined(separator: "\n")
    }

    /// The text, with LF as line end; of HTML as a reader sees it.
    var text: String {
        let bytes = TransferEncoding.decoded(body.prefix(Self.longestText), head.raw("content-transfer-encoding"))
        let text = Charset.text(Array(bytes), in: charset).replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        if type == "text/html" { return HTMLText.text(of: text) }
        return isFlowed ? Self.unflowed(text) : text
    }

    /// "plan.pdf (application/pdf, 48 KiB)".
    var words: String {
        let isBase64 = head.raw("content-transfer-encoding")?.lowercased() == "base64"
        let size = isBase64 ? body.count / 4 * 3 : body.count
        let name = fileName.map { $0.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? $0 } ?? "unnamed"
        let scalars = name.unicodeScalars.filter { $0.properties.generalCategory != .control }
        let shown = String(String.UnicodeScalarView(scalars))
        return "\(shown.prefix(120)) (\(type.prefix(60)), \(max(1, (size + 512) / 1024)) KiB)"
    }

    /// RFC 3676: a line that ends with a space goes on in the next.
    private static func unflowed(_ text: String) -> String {
        var result = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let stuffed = line.hasPrefix(" ") ? line.dropFirst() : line
            result += stuffed
            if !(stuffed.hasSuffix(" ") && stuffed != "-- ") { result += "\n" }
        }
        return result
    }
}
