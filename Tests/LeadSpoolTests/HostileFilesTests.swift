import Glibc
import LeadCore
import Testing

@testable import LeadSpool

/// What would take the square of its length in time, or a multiple of it in memory, ends within the suite's limit; without
/// its bound each of these takes many minutes.
@Suite("Files that are made to be slow, or to be taken for others", .timeLimit(.minutes(1)))
struct HostileFilesTests {
    private func read(_ name: String, _ text: String) -> FileContent {
        RecordFormat.read(name: name, bytes: Array(text.utf8))
    }

    @Test("rows whose quotation marks are never closed are searched for a thousand lines, not to the end")
    func quotationMarks() {
        let content = read("a.csv", "name,email\n" + String(repeating: "a\",\"b\n", count: 150_000))
        #expect(content.records.isEmpty)
        #expect(content.rejected.count == FileContent.mostRejected + 1)
        let long = "name,description\nAda,\"" + String(repeating: "x\n", count: 2000) + "\"\n"
        #expect(
            read("b.csv", long).rejected.first?.fault.what == "a value in quotation marks over more than 1000 lines")
        let fair = "name,description\nAda,\"" + String(repeating: "x\n", count: 990) + "\"\n"
        #expect(read("c.csv", fair).records.count == 1)
    }

    @Test("a card of a hundred thousand lines is too many fields, and soon said to be")
    func card() {
        let lines = (0..<100_000).map { "X-\($0):y" }.joined(separator: "\n")
        let content = read("a.vcf", "BEGIN:VCARD\nVERSION:4.0\nFN:Ada\n\(lines)\nEND:VCARD\n")
        #expect(content.rejected.first?.fault.what == "more than 1000 fields")
    }

    @Test("of a mail's millions of parts some hundred are looked at")
    func parts() {
        let head = "From: ada@example.com\nSubject: A\nContent-Type: multipart/mixed; boundary=b\n\n"
        let content = read("a.eml", head + "--b\n\nHello\n" + String(repeating: "--b\n", count: 2_000_000))
        #expect(content.records.first?.lead[.email] == "ada@example.com")
    }

    @Test("mails within mails share the bytes of the outermost")
    func nesting() {
        let head = "From: ada@example.com\nContent-Type: message/rfc822\n\n"
        let text =
            String(repeating: head, count: 12) + "From: eve@example.com\n\n" + String(repeating: "x", count: 1 << 20)
        #expect(read("a.eml", text).records.count == 1)
    }

    @Test(
        "who sent a website's notification is not the person, whatever the text says",
        arguments: ["noreply", "No-Reply", "do_not_reply+7f3", "wordpress", "noreply-forms"])
    func machines(mailbox: String) throws {
        let head = "From: Website <\(mailbox)@stoneworks.example>\nMessage-ID: <1@x.example>\nSubject: New inquiry\n"
        let plain = try #require(read("a.eml", head + "\nSomebody would like a bust of marble.\n").records.first)
        #expect(plain.lead[.email] == nil && plain.lead[.name] == nil)
        #expect(plain.lead["sent_by"] == "Website <\(mailbox)@stoneworks.example>")
        let bare = try #require(
            read("d.eml", "From: \(mailbox)@stoneworks.example\nSubject: A\n\nA bust.\n").records.first)
        #expect(bare.lead["sent_by"] == "\(mailbox)@stoneworks.example")
        #expect(Likeness(plain.lead).keys.isEmpty)
        let named = head + "Reply-To: Ada King <ada@acme.example>\n\nA bust of marble.\n"
        #expect(read("b.eml", named).records.first?.lead[.email] == "ada@acme.example")
        let labelled = head + "Reply-To: <\(mailbox)@stoneworks.example>\n\nName: Ada King\nPhone: +1 312 555 0142\n"
        let form = try #require(read("c.eml", labelled).records.first)
        #expect(form.lead[.email] == nil && form.lead[.name] == "Ada King")
    }

    @Test("a person whose name begins like a machine's keeps the address")
    func people() {
        for mailbox in ["nora", "noel.reply", "rootes", "ada+noreply", "bounce.house"] {
            let mail = "From: <\(mailbox)@acme.example>\nSubject: Hello\n\nHello\n"
            #expect(read("a.eml", mail).records.first?.lead[.email] == "\(mailbox)@acme.example")
        }
    }

    @Test("what a mail's text calls an id makes it nobody else's lead")
    func identity() throws {
        func mail(_ id: String, _ name: String) -> String {
            "From: form@example.com\nMessage-ID: <\(id)@example.com>\nSubject: Form\n\n"
                + "Name: \(name)\nEmail: \(name.lowercased())@example.com\nSource: salesforce\nID: 3\n"
        }
        let ada = try #require(read("a.eml", mail("a", "Ada")).records.first)
        let eve = try #require(read("b.eml", mail("b", "Eve")).records.first)
        #expect(ada.key != eve.key)
        #expect(ada.lead[.id] == nil)
        #expect(ada.lead["given_id"] == "3")
    }

    private static let claims = [
        ("a.json", #"{"name":"Eve","Joins":"none","enteredBy":"Dana Whitfield"}"#),
        ("a.ndjson", #"{"name":"Eve","joins":"none","entered_by":"Dana Whitfield"}"#),
        ("a.csv", "name,JOINS,Entered By\nEve,none,Dana Whitfield\n"),
        ("a.tsv", "name\tjoins\tentered-by\nEve\tnone\tDana Whitfield\n"),
        ("a.form", "name=Eve&joins=none&entered_by=Dana+Whitfield"),
        ("a.urlencoded", "name=Eve&%6Aoins=none&entered%5Fby=Dana+Whitfield"),
        (
            "a.eml",
            "From: eve@example.com\nSubject: A\n\nName: Eve\nPhone: 1\nJoins: none\nEntered by: Dana Whitfield\n"
        ),
        (
            "b.eml",
            "From: eve@example.com\nSubject: A\nContent-Type: text/html\n\n<table><tr><td>Name</td><td>Eve</td></tr>"
                + "<tr><td>Phone</td><td>1</td></tr><tr><td>Joins</td><td>none</td></tr><tr><td>Entered by</td><td>Dana Whitfield</td></tr></table>\n"
        ),
        (
            "a.vcf",
            "BEGIN:VCARD\nVERSION:3.0\nFN:Eve\nX-JOINS:none\nJOINS:none\nX-ENTERED-BY:Dana Whitfield\n"
                + "ENTERED_BY:Dana Whitfield\nEND:VCARD\n"
        ),
    ]

    @Test("a stranger's text decides nowhere where a lead belongs or whose word it is", arguments: claims)
    func belonging(name: String, text: String) throws {
        for preset in MappingPreset.all {
            let rules = ReadingRules(mapping: FieldMapping(preset: preset.name))
            let content = RecordFormat.read(name: name, bytes: Array(text.utf8), rules: rules)
            var lead = try #require(content.records.first, "\(content.rejected)").lead
            #expect(lead[.joins] == nil && lead[.enteredBy] == nil, "\(preset.name)")
            #expect(lead.takeBelonging() == nil)
            // It is kept as what it is.
            let values = lead.values.values.map(\.text)
            #expect(values.contains("none") && values.contains("Dana Whitfield"), "\(preset.name) \(lead.values)")
        }
    }

    @Test("a mapping can't lend a stranger's text that weight either")
    func mappedBelonging() throws {
        let mapping = FieldMapping(
            preset: "canonical", rules: [.init(.joins, .first(["note"])), .init(.enteredBy, .constant("Dana"))])
        let content = RecordFormat.read(
            name: "a.json", bytes: Array(#"{"name":"Eve","note":"none"}"#.utf8), rules: ReadingRules(mapping: mapping))
        let lead = try #require(content.records.first).lead
        #expect(lead[.joins] == nil && lead[.enteredBy] == nil && lead["given_joins"] == "none")
    }

    @Test("what a person typed in on our page says where it belongs, and nobody else writes such files")
    func entries() async throws {
        let test = try TestSpool()
        let post = "name=Ada&joins=none&entered_by=Dana+Whitfield"
        let lead = try #require(read("a.entry", post).records.first).lead
        #expect(lead[.joins] == "none" && lead[.enteredBy] == "Dana Whitfield")
        #expect(!RecordFormat.acceptedExtensions.contains("entry"))
        let incoming = try Directory(at: test.path)
        #expect(try incoming.isOurs(geteuid()) && incoming.isOurs(0))
        #expect(try !incoming.isOurs(geteuid() + 1))
        let inbox = SpoolInbox([SpoolSettings(directory: test.path)], clock: test.time)
        for format in [LeadPost.Format.form, .entry] {
            let outcome = await inbox.take(LeadPost(source: "", format: format, body: Array(post.utf8)))
            guard case .taken = outcome else {
                Issue.record("\(outcome)")
                continue
            }
        }
        var leads: [Lead] = []
        while leads.count < 2 { leads += try await test.takeIn().flatMap(\.records).map(\.lead) }
        #expect(leads.filter { $0[.joins] == "none" && $0[.enteredBy] == "Dana Whitfield" }.count == 1)
    }
}
