// Mails as relays get them: compared whole with files, read by another program, and sound whatever stands in a lead.

import Foundation
import LeadTestKit
import PeerKit
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("Mail message") struct MailMessageTests {
    private static let names = [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version",
        "Content-Type",
    ]
    private static let replyNames =
        Array(names.prefix(5)) + ["In-Reply-To", "References"] + Array(names.suffix(4))

    private func message(to name: String = "Dana Whitfield", from: String = "Leads <leads@example.com>") throws
        -> MailMessage
    {
        MailMessage(
            sender: try #require(Mailbox(from)),
            recipient: try #require(Mailbox(name: name, address: "dana@example.com")), host: "leads.example.com")
    }

    @Test("A normal lead's mail is the file's", arguments: Golden.kinds)
    func golden(_ kind: MessageKind) throws {
        let briefing = try Fixture.briefing(kind)
        let bytes = try message(to: briefing.reader).bytes(for: briefing)
        #expect(try Golden.matches(bytes, "\(kind.rawValue).eml"))
    }

    @Test("A hostile lead's mail is the file's")
    func hostile() throws {
        let text = try Fixture.hostileText()
        let bytes = try message(to: text).bytes(for: Fixture.briefing(filledWith: text))
        #expect(try Golden.matches(bytes, "hostile.eml"))
    }

    @Test("A normal lead's mail reads well: headers, both bodies, the link", arguments: Golden.kinds)
    func structure(_ kind: MessageKind) throws {
        let briefing = try Fixture.briefing(kind)
        let mail = try #require(try ReadMail.read([try message(to: briefing.reader).bytes(for: briefing)]).first)
        #expect(mail.defects == [])
        #expect(mail.names == (briefing.startsThread ? Self.names : Self.replyNames))
        #expect(mail.from == ["Leads", "leads@example.com"])
        #expect(mail.to == [briefing.reader, "dana@example.com"])
        #expect(mail.values("Subject") == [(briefing.startsThread ? "" : "Re: ") + briefing.subject])
        let thread = "<\(briefing.threadID)@leads.example.com>"
        if briefing.startsThread {
            #expect(mail.values("Message-ID") == [thread])
        } else {
            #expect(mail.values("Message-ID") == ["<\(briefing.deliveryID)@leads.example.com>"])
            #expect(mail.values("In-Reply-To") == [thread])
            #expect(mail.values("References") == [thread])
        }
        #expect(mail.values("Date") == [CivilTime(briefing.createdAt).rfc5322])
        #expect(mail.type == "multipart/alternative")
        #expect(mail.parts.map(\.type) == ["text/plain", "text/html"])
        #expect(mail.parts.allSatisfy { $0.charset == "utf-8" && $0.encoding == "quoted-printable" })
        #expect(mail.isASCII && mail.strayLineEnds == 0)
        #expect(mail.longestHeaderLine <= 78 && mail.longestBodyLine <= 76)
        let plain = mail.parts[0].text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let html = mail.parts[1].text
        #expect(plain.allSatisfy { $0.count <= 76 || $0.hasPrefix("https://") })
        for fact in briefing.facts {
            #expect(plain.contains { $0.hasPrefix("\(fact.label):") && $0.contains(fact.text) })
            #expect(html.contains(MailHTML.escaped(fact.text)))
        }
        for link in [briefing.link, briefing.recordURL].compactMap(\.self) {
            #expect(plain.contains { $0 == link })
            #expect(html.contains("href=\"\(link)\""))
        }
        for sentence in briefing.sentences { #expect(html.contains(MailHTML.escaped(sentence))) }
        #expect(!html.contains("src=") && !html.contains("url(") && !html.contains("<img") && !html.contains("<link"))
    }

    @Test("Whatever stands in a lead, a mail has its own headers alone and is well formed")
    func injection() throws {
        var generator = SeededGenerator(seed: 0x1EAD)
        var mails: [[UInt8]] = []
        var subjects: [String] = []
        for round in 0..<250 {
            let texts = (0..<4).map { _ in nastyText(using: &generator) }
            let base = Fixture.briefing(
                filledWith: texts[0], kind: round.isMultiple(of: 2) ? .decide : .settled, description: 2_000)
            let briefing = Briefing(
                kind: base.kind, reader: texts[1], caseID: base.caseID, deliveryID: DeliveryID(texts[2]),
                threadID: texts[3], startsThread: base.startsThread, site: texts[2], headline: texts[3],
                subject: texts[1], facts: base.facts, description: base.description, sentences: texts,
                suggestions: base.suggestions, link: base.link, linkLabel: texts[0], recordURL: "https://" + texts[1],
                ownPage: "https://" + texts[2],
                createdAt: base.createdAt)
            mails.append(try message(to: texts[1]).bytes(for: briefing))
            subjects.append((base.startsThread ? "" : "Re: ") + CleanText.line(texts[1], atMost: 150))
        }
        for (index, mail) in try ReadMail.read(mails).enumerated() {
            let expected = index.isMultiple(of: 2) ? Self.names : Self.replyNames
            try #require(mail.names == expected)
            try #require(mail.isASCII && mail.strayLineEnds == 0)
            try #require(mail.longestBodyLine <= 76)
            try #require(mail.recipients == ["dana@example.com"] && mail.to[1] == "dana@example.com")
            try #require(mail.from == ["Leads", "leads@example.com"])
            try #require(mail.parts.map(\.type) == ["text/plain", "text/html"])
            try #require(mail.defects == [])
            // Python folds white space at a subject's end.
            try #require(mail.values("Subject")[0].trimmed == subjects[index].trimmed)
        }
    }

    @Test("Over-long headers fold at 78 columns with encoded words of at most 75, and come back whole")
    func folding() throws {
        let texts = [
            "ASCII words " + String(repeating: "that go on ", count: 12), String(repeating: "x", count: 140),
            String(repeating: "é", count: 140), String(repeating: "漢", count: 140),
            String(repeating: "👨‍👩‍👧‍👦", count: 20), "=?utf-8?B?QmNjOiBldmls?=",
            "with \"quotes\" and \\ in it, and (more)",
        ]
        for text in texts {
            let subject = CleanText.line(text, atMost: 150)
            let raw = MailHeader.text("Subject", subject, prefix: "Re:")
            #expect(raw.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 78 })
            for word in raw.split(whereSeparator: { $0 == " " || $0 == "\r\n" }) where word.hasPrefix("=?") {
                #expect(word.utf8.count <= 75)
            }
            let mailbox = try #require(Mailbox(name: text, address: "a@example.com"))
            let message = "From: x@example.com\r\n" + MailHeader.mailbox("To", mailbox) + raw + "\r\n"
            let mail = try #require(try ReadMail.read([Array(message.utf8)]).first)
            #expect(mail.values("Subject") == ["Re: " + subject])
            #expect(mail.to == [CleanText.line(text, atMost: 120), "a@example.com"])
        }
    }

    @Test("Message ids hold nothing that ends or splits them")
    func messageIDs() {
        #expect(MailHeader.messageID("case.dana", at: "h.example") == "<case.dana@h.example>")
        #expect(MailHeader.messageID("a>\r\nBcc: <x", at: "") == "<a=3e=0d=0aBcc=3a=20=3cx@none>")
        #expect(MailHeader.messageID("..a..b.", at: "x") == "<=2e.a.=2eb@x>")
    }

    @Test("Quoted-printable keeps to 76 columns, splits no character and guards spaces at line ends")
    func quotedPrintable() {
        let long = encoded([String(repeating: "é=", count: 100)])
        let lines = long.components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 76 })
        #expect(lines.dropLast(2).allSatisfy { $0.hasSuffix("=") })
        #expect(lines.allSatisfy { !$0.hasPrefix("=A9") })
        #expect(encoded(["-- ", "", ". a\u{0}b"]) == "--=20\r\n\r\n. a=00b\r\n")
        let exact = String(repeating: "x", count: 76)
        #expect(encoded([exact]) == exact + "\r\n")
    }

    @Test("Quoted-printable gives back what it was given, wherever a line has to break")
    func unquoted() {
        for length in 70...160 {
            for odd in ["=", " ", "é", "😀", "x"] {
                for place in [0, 73, 74, 75, 76, length - 1] where place < length {
                    var characters = [String](repeating: "x", count: length)
                    characters[place] = odd
                    let text = characters.joined()
                    let quoted = encoded([text])
                    let bytes = quoted.replacing("=\r\n", with: "").replacing("\r\n", with: "")
                        .replacing("=", with: "%")
                    #expect(bytes.removingPercentEncoding == text)
                    #expect(quoted.components(separatedBy: "\r\n").allSatisfy { $0.utf8.count <= 76 })
                }
            }
        }
    }

    @Test("Quoted-printable writes out what can't stand for itself, wherever it is, and nothing else")
    func literals() {
        for value in 0..<128 where value != 0x0A {
            let scalar = Unicode.Scalar(UInt8(value))
            let isLiteral = (0x20...0x7E).contains(value) && scalar != "="
            let written =
                isLiteral ? "\(scalar)" : "=" + (value < 16 ? "0" : "") + String(value, radix: 16, uppercase: true)
            for place in 0..<20 {
                let (before, after) = (String(repeating: "x", count: place), String(repeating: "x", count: 20 - place))
                #expect(encoded(["\(before)\(scalar)\(after)"]) == "\(before)\(written)\(after)\r\n")
            }
        }
    }

    private func encoded(_ lines: [String]) -> String {
        var bytes: [UInt8] = []
        QuotedPrintable.encode(Array(lines.map { $0 + "\n" }.joined().utf8), into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("Addresses that a command or a header could not carry are no mailboxes")
    func mailboxes() {
        let good = ["a@example.com", "first.last+tag@sub.example.com", "leadbell@localhost", "o'neil@x-y.example"]
        let bad = [
            "", "a", "@example.com", "a@", "a@b@c", "a b@example.com", "a@exa mple.com", "a\r\n@example.com", ".a@b.c",
            "a..b@c.d", "a@.example.com", "a@-x.com", "<a@b.c>", "é@b.c", "a@é.com", "a@b.c>", "a\0@b.c",
            String(repeating: "a", count: 65) + "@b.c", "a@" + String(repeating: "b.", count: 140) + "c",
        ]
        for address in good { #expect(Mailbox.isAddress(address)) }
        for address in bad { #expect(!Mailbox.isAddress(address)) }
        #expect(Mailbox("Leads <leads@example.com>")?.name == "Leads")
        #expect(Mailbox("\"Leads, Inc.\" <leads@example.com>")?.name == "Leads, Inc.")
        #expect(Mailbox("leads@example.com") == Mailbox(name: nil, address: "leads@example.com"))
        #expect(Mailbox("Leads <leads@example.com") == nil)
        #expect(Mailbox("Leads leads@example.com>") == nil)
    }

    @Test("In plain text the lead's own words are marked as quoted, line by line")
    func quoting() throws {
        let text = "Hello\n\nChoose who takes it:\nhttps://evil.example/l/x\n-- \nBye"
        var body = MailBody()
        MailText.write(Wording(Fixture.briefing(filledWith: text, description: 1), within: .mail), to: &body)
        let lines = body.lines
        let start = try #require(lines.firstIndex(of: "In their own words:"))
        let quoted = lines[(start + 1)...].prefix { $0.hasPrefix(">") }
        #expect(quoted.count == 6)
        #expect(quoted.contains("> https://evil.example/l/x"))
        #expect(!lines.contains { $0.hasPrefix("https://evil.example") })
    }

    @Test(
        "What a mail's HTML can't show as it is is written out, and nothing else",
        arguments: [
            ("", ""), ("&", "&amp;"), ("a&b<c>d\"e'f", "a&amp;b&lt;c&gt;d&quot;e&#39;f"), ("<<>>", "&lt;&lt;&gt;&gt;"),
            ("é&é", "é&amp;é"), ("'a", "&#39;a"), ("a'", "a&#39;"), ("plain = 100 %", "plain = 100 %"),
        ])
    func escapes(_ text: String, _ written: String) {
        #expect(MailHTML.escaped(text) == written)
        #expect(MailHTML.escaped("\(text)\(text)") == written + written)
    }

    @Test(
        "Long paragraphs break at spaces, by characters and not by bytes",
        arguments: ["a", "é", "字", "e\u{301}"])
    func wrapping(_ letter: String) {
        let word = String(repeating: letter, count: 24)
        var body = MailBody()
        let sentence = [String](repeating: word, count: 7).joined(separator: " ")
        MailText.write(Wording(Fixture.briefing(filledWith: sentence, description: 1), within: .mail), to: &body)
        let lines = body.lines.filter { $0.contains(word) && !$0.hasPrefix("https://") }
        let three = [word, word, word].joined(separator: " ")
        #expect(lines.contains(three), "three words of 24 and two spaces have 74 columns")
        #expect(lines.allSatisfy { $0.count <= 76 }, "\(lines)")
    }
}
