// A mail as a lead. Where its text has labels, as the mails of web forms have, they are the fields, and who sent it is asked
// only for a Reply-To; else it is an inquiry by its sender, unless that is a machine, and its text the description. Of a
// forwarded mail the one that was forwarded counts. Attachments are noted by name, kind and size, and not kept.

import LeadCore

/// Reads mails.
enum MailInquiry {
    /// The longest text of one field, in bytes; what is longer is cut, and says so.
    static let longest = 16 * 1024

    /// The lead that a mail is.
    static func content(of file: [UInt8], by rules: ReadingRules) -> FileContent {
        guard !file.allSatisfy({ $0 <= 0x20 }) else { return .faulty(file, .emptyMail) }
        // A byte order mark, and the line by which mailboxes part mails.
        var bytes = file.starts(with: [0xEF, 0xBB, 0xBF]) ? file[3...] : file[...]
        if bytes.starts(with: Array("From ".utf8)) {
            bytes = bytes[(bytes.firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.endIndex)...]
        }
        let mail = MailPart(mail: bytes)
        guard !mail.head.isEmpty else { return .faulty(file, .noMail) }
        guard !mail.isIncomplete else { return .faulty(file, .cutMail) }
        switch rules.record(record(of: mail), line: 1) {
        case .success(let record): return FileContent(records: [record], rejected: [])
        case .failure(let flaw): return .faulty(file, flaw.fault)
        }
    }

    /// What `mail` says.
    static func record(of mail: MailPart) -> RawRecord {
        let parts = mail.ownParts
        let texts = parts.filter { !$0.isAttachment && $0.parts.isEmpty && $0.type.hasPrefix("text/") }
        let inner = mail.innerMails.first
        var text = MailPart.text(of: texts.filter { $0.type != "text/html" })
        var labelled = LabelledText(text)
        if !labelled.isConvincing, let html = texts.first(where: { $0.type == "text/html" })?.text {
            let other = LabelledText(html)
            if other.isConvincing || text.trimmed.isEmpty { (text, labelled) = (html, other) }
        }
        if !labelled.isConvincing, let inner {
            var record = record(of: inner)
            note(parts, in: &record)
            return record
        }
        var record = RawRecord()
        if let forwarded = ForwardedText(text) {
            add(sender: forwarded.from, to: &record)
            let body = LabelledText(forwarded.text)
            if body.isConvincing {
                add(body, to: &record)
            } else {
                record.add("description", cut(forwarded.text.trimmed))
            }
            record.add("subject", forwarded.subject ?? mail.head.text("subject") ?? "")
        } else if labelled.isConvincing {
            add(labelled, to: &record)
            if record.text("email") == nil { add(sender: mail.head.address("reply-to"), to: &record) }
            record.add("subject", mail.head.text("subject") ?? "")
        } else {
            let repliesGo = mail.head.address("reply-to").flatMap { Self.isMachine($0.address) ? nil : $0 }
            add(sender: repliesGo ?? mail.head.address("from"), to: &record)
            record.add("subject", mail.head.text("subject") ?? "")
            record.add("description", cut(text.trimmed))
        }
        if record.text("created_at") == nil { record.add("created_at", mail.head.text("date") ?? "") }
        note(parts, in: &record)
        record.identity = mail.head.raw("message-id")
        return record
    }

    private static func add(_ labelled: LabelledText, to record: inout RawRecord) {
        var seen: Set<String> = []
        for (label, text) in labelled.pairs {
            let field = FieldNaming.label(label)
            // A label that comes again, as in the mail that was answered, says nothing new.
            guard !field.text.isEmpty, seen.insert(field.text).inserted else { continue }
            // What a stranger's text calls an id must not make it the same lead as another's.
            guard field != .id else {
                record.add("given_id", cut(text))
                continue
            }
            var value = text
            if field == .email { value = MailAddress.first(in: text)?.address ?? text }
            record.add(field.text, cut(value), field: field)
        }
        let rest = labelled.rest.joined(separator: "\n").trimmed
        if !seen.contains("description") { record.add("description", cut(rest), field: .description) }
    }

    private static func add(sender: (name: String?, address: String)?, to record: inout RawRecord) {
        guard let sender else { return }
        // A website's mailbox is not that of the person who filled in its form.
        guard !isMachine(sender.address) else {
            return record.add("sent_by", sender.name.map { "\($0) <\(sender.address)>" } ?? sender.address)
        }
        record.add("email", sender.address, field: .email)
        let isNamed = ["name", "first_name", "last_name"].contains { record.text($0) != nil }
        if let name = sender.name, !isNamed { record.add("name", name, field: .name) }
    }

    private static func isMachine(_ address: String) -> Bool { Mailbox.isMachine(address.prefix { $0 != "@" }) }

    private static func note(_ parts: [MailPart], in record: inout RawRecord) {
        let attached = parts.filter(\.isAttachment).prefix(50).map(\.words)
        if !attached.isEmpty { record.append("attachments", attached.joined(separator: ", ")) }
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > longest else { return text }
        var short = String(decoding: text.utf8.prefix(longest), as: UTF8.self)
        while short.unicodeScalars.last == "\u{FFFD}" { short.unicodeScalars.removeLast() }
        return short + "\n[cut: the mail says \(text.utf8.count - short.utf8.count) bytes more]"
    }
}

/// The mail that a text quotes whole, as mail programs forward it.
struct ForwardedText {
    let from: (name: String?, address: String)?
    let subject: String?
    let text: String

    /// Reads `text`; nil when nothing is forwarded in it.
    init?(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.drop { $0 == ">" || $0 == " " })
        }
        guard let mark = lines.firstIndex(where: Self.isMark) else { return nil }
        var head: [String: String] = [:]
        var index = mark + 1
        while index < lines.count, head.isEmpty || !lines[index].trimmed.isEmpty {
            let line = lines[index].filter { $0 != "*" }
            index += 1
            if line.trimmed.isEmpty { continue }
            guard let colon = line.firstIndex(of: ":") else { break }
            let name = line[..<colon].lowercased().trimmed
            let field = Self.names[name]
            if field == nil, head.isEmpty { return nil }
            if let field, head[field] == nil { head[field] = String(line[line.index(after: colon)...]).trimmed }
        }
        guard let sender = head["from"] else { return nil }
        let address = MailAddress.first(in: sender)
        from = address
        subject = head["subject"]
        self.text = lines[min(index, lines.count)...].joined(separator: "\n")
    }

    private static func isMark(_ line: String) -> Bool {
        let words = line.lowercased().filter { $0 != "-" && $0 != "_" && $0 != ":" }.trimmed
        return marks.contains(words) && (line.contains("-") || line.contains("_") || line.hasSuffix(":"))
    }

    private static let marks: Set<String> = [
        "forwarded message", "original message", "begin forwarded message", "weitergeleitete nachricht",
        "ursprüngliche nachricht", "anfang der weitergeleiteten nachricht", "message transféré", "message d'origine",
    ]
    private static let names = [
        "from": "from", "von": "from", "de": "from", "subject": "subject", "betreff": "subject", "objet": "subject",
        "date": "date", "datum": "date", "sent": "date", "gesendet": "date", "envoyé": "date", "to": "to", "an": "to",
        "à": "to",
        "cc": "cc", "reply-to": "reply",
    ]
}

extension IntakeFault {
    fileprivate static let emptyMail = IntakeFault(
        what: "the file is empty", remedy: "Write the mail as it came, under another name first, and rename it in.")
    fileprivate static let noMail = IntakeFault(
        what: "not a mail: it has no header", line: 1, remedy: "Save the mail as it came, with its header.")
    fileprivate static let cutMail = IntakeFault(
        what: "the mail ends before its last part does", remedy: "Save the mail whole.")
}
