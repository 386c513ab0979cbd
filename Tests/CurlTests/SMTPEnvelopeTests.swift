// What may be in an envelope and in a relay's settings: nothing that could become another command.

import Testing

@testable import Curl

@Suite("SMTP envelope and relay")
struct SMTPEnvelopeTests {
    @Test(
        "ordinary addresses are taken as they are",
        arguments: ["a@b.example", "a+b.c@xn--bcher-kva.example", "postmaster"])
    func ordinary(_ address: String) throws {
        let envelope = try SMTPEnvelope(sender: address, recipient: address)
        #expect(envelope.sender == address)
        #expect(envelope.recipient == address)
    }

    @Test(
        "addresses that could say more than an address are refused",
        arguments: [
            ("", .empty), ("a@b\r\nDATA", .controlCharacter), ("a@b\n", .controlCharacter),
            ("a\u{0}@b", .controlCharacter),
            ("a\u{7f}@b", .controlCharacter), ("<a@b>", .delimiter), ("a@b> SIZE=1", .delimiter), ("a b@c", .delimiter),
            ("zoë@b.example", .notASCII), ("a@bücher.example", .notASCII),
            (String(repeating: "a", count: 250) + "@b.de", .tooLong),
        ] as [(String, SMTPEnvelope.Malformed.Fault)])
    func refused(_ address: String, _ fault: SMTPEnvelope.Malformed.Fault) throws {
        #expect(throws: SMTPEnvelope.Malformed(party: .sender, fault: fault)) {
            try SMTPEnvelope(sender: address, recipient: "a@b.example")
        }
        #expect(throws: SMTPEnvelope.Malformed(party: .recipient, fault: fault)) {
            try SMTPEnvelope(sender: "a@b.example", recipient: address)
        }
    }

    @Test("an address of 254 bytes is the longest")
    func longest() {
        let address = String(repeating: "a", count: 248) + "@b.org"
        #expect(address.utf8.count == 254)
        #expect(throws: Never.self) { try SMTPEnvelope(sender: address, recipient: address) }
    }

    @Test("a relay becomes a URL, an IPv6 address in brackets")
    func urls() throws {
        #expect(try SMTPRelay(host: "mail.example", port: 587).url() == "smtp://mail.example:587/")
        #expect(
            try SMTPRelay(host: "mail.example", port: 465, security: .implicitTLS, heloName: "me.example").url()
                == "smtps://mail.example:465/me.example")
        #expect(try SMTPRelay(host: "::1", port: 25, heloName: "[::1]").url() == "smtp://[::1]:25/[::1]")
    }

    @Test(
        "a relay whose settings could say more is refused",
        arguments: [
            SMTPRelay(host: "", port: 25), SMTPRelay(host: "a b", port: 25), SMTPRelay(host: "user@host", port: 25),
            SMTPRelay(host: "host/path", port: 25), SMTPRelay(host: "host", port: 0),
            SMTPRelay(host: "host", port: 70_000),
            SMTPRelay(host: "host", port: 25, heloName: "a\r\nMAIL"),
            SMTPRelay(host: "host", port: 25, heloName: "a%0d"),
            SMTPRelay(host: "host", port: 25, credentials: ("a\n", "b")),
            SMTPRelay(host: "host", port: 25, credentials: ("a", "b\u{0}")),
        ])
    func malformedRelays(_ relay: SMTPRelay) {
        let failure = #expect(throws: TransferFailure.self) { try SMTPSender(relay: relay) }
        #expect(failure?.kind == .malformedRelay)
    }
}
