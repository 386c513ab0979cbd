// What of a peer's words may be repeated in a reason.

import Foundation
import LeadTestKit
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("Peer's words") struct PeerWordsTests {
    private static let address = Secret(
        "https://prod-12.flows.example:443/workflows/0a1b2c3d4e/triggers/manual?api-version=2016&sig=Zx9_q%2BTopSecret")

    private func words() throws -> PeerWords {
        let briefing = try Fixture.briefing(.assigned)
        return PeerWords(
            secrets: [Self.address, Secret("hunter2-pass")], briefing: briefing, message: TeamsCard.body(for: briefing))
    }

    private func quote(_ text: String) throws -> String? { try words().quote(Array(text.utf8)) }

    @Test("Plain words are quoted as they are")
    func plain() throws {
        #expect(try quote("no_service") == "no_service")
        #expect(try quote("  channel_not_found\r\n") == "channel_not_found")
        #expect(
            try quote("Rate limit is exceeded. Try again in 7 seconds.")
                == "Rate limit is exceeded. Try again in 7 seconds.")
        #expect(
            try quote("<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>") == "502 Bad Gateway")
    }

    @Test("Nothing to quote is nil")
    func nothing() throws {
        #expect(try quote("") == nil)
        #expect(try quote("\0\u{1b}\r\n") == nil)
        #expect(try quote("https://evil.example/x") == nil)
        #expect(try words().quote([0xFF, 0xFE, 0x00]) == nil)
    }

    @Test("The address and its parts, passwords, links and mail addresses are left out")
    func secrets() throws {
        let echo = """
            flow 0a1b2c3d4e at PROD-12.flows.example failed: sig=Zx9_q%2BTopSecret (Zx9_q+TopSecret) for \
            https://prod-12.flows.example:443/workflows/ and <maria@acme.example>: hunter2-pass \
            \(Base64.string("hunter2-pass".utf8)) end
            """
        let said = try #require(try quote(echo))
        for secret in [
            "0a1b2c3d4e", "flows.example", "TopSecret", "workflows", "maria", "acme", "hunter2", "://",
            Base64.string("hunter2-pass".utf8),
        ] {
            #expect(!said.lowercased().contains(secret.lowercased()))
        }
        #expect(said.hasPrefix("flow …") && said.hasSuffix(" end"))
    }

    @Test("The lead's data are left out, whole, in parts and in long runs of the message")
    func lead() throws {
        for echo in [
            "bad field: María López, Curator is too long", "bad: LÓPEZ", "bad: +1 312 555 0188", "bad: Curator",
            "bad: {\"text\":\"marble bust for our lobby\"}", "bad: for our lobby, about 60", "bad: she knows your work",
        ] {
            let said = try #require(try quote(echo))
            #expect(said.hasPrefix("bad"))
            for word in ["María", "López", "LÓPEZ", "Curator", "0188", "marble", "lobby", "knows your"] {
                #expect(!said.contains(word))
            }
        }
    }

    @Test("A quotation is short, on one line, and a cut answer ends before its last word")
    func length() throws {
        let said = try #require(try quote(String(repeating: "words\nand ", count: 2_000)))
        #expect(said.count <= 200 && !said.contains("\n"))
        let half =
            String(repeating: "/", count: 8_100) + " error " + String(repeating: "x", count: 80)
            + "Zx9_q%2BTopSec"
        #expect(try quote(half)?.contains("TopSec") != true)
    }

    @Test("A hostile lead's echo leaves nothing of it")
    func hostile() throws {
        let text = try Fixture.hostileText()
        let briefing = Fixture.briefing(filledWith: text)
        for message in [TeamsCard.body(for: briefing), SlackMessage.body(for: briefing)] {
            let words = PeerWords(secrets: [Self.address], briefing: briefing, message: message)
            let said = words.quote(Array("invalid_payload: ".utf8) + message) ?? ""
            #expect(!said.contains("evil") && !said.contains("script") && !said.contains("victim"))
            #expect(said.hasPrefix("invalid_payload"))
        }
    }
}
