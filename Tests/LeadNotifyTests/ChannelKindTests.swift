// The registry: what can be configured, and what is refused with which remedy.

import Curl
import LeadTestKit
import Testing

@testable import LeadCore
@testable import LeadNotify

@Suite("Channel kinds") struct ChannelKindTests {
    private static let environment = Result {
        ChannelEnvironment(httpClient: try HTTPClient(), hostName: "host.example")
    }

    private func flaw(_ kind: ChannelKind, _ values: [String: OptionValue]) throws -> String? {
        do {
            let channel = try kind.make("it", OptionValues(values), try Self.environment.get())
            #expect(channel.id == "it")
            return nil
        } catch let flaw as OptionFlaw {
            #expect(flaw.sentence.hasSuffix("."))
            return flaw.option ?? "whole"
        }
    }

    @Test("The kinds are known by name, and a lane's concurrency is within the option's range")
    func registry() {
        #expect(
            ChannelKind.all.map(\.name) == [
                "teams", "slack", "slack-bot", "smtp", "webhook", "google-chat", "mattermost", "rocketchat", "ntfy",
            ])
        #expect(ChannelKind.all.filter(\.isShared).map(\.name) == ["smtp", "webhook"])
        #expect(ChannelKind.all.filter(\.isMail).map(\.name) == ["smtp"])
        #expect(ChannelKind.all.filter(\.takesEvents).map(\.name) == ["webhook"])
        #expect(
            ChannelKind.all.map(\.defaultLimits.words) == [
                "4 in 1 s, 60 in 30 s", "1 in 1 s", "3 in 3 s", "none", "none", "1 in 1 s", "2 in 1 s", "1 in 1 s",
                "60 in 5 min",
            ])
        #expect(ChannelKind.all.filter(\.isEditable).map(\.name) == ["slack-bot"])
        for kind in ChannelKind.all {
            #expect(Set(kind.options.map(\.name)).count == kind.options.count)
            // Where a change must not overtake its message there is nothing to choose.
            if kind.isEditable { continue }
            let lane = kind.options.first { $0.name == "concurrency" || $0.name == "connections" }
            guard case .integer(let range) = lane?.type else {
                Issue.record("\(kind.name) declares no concurrency")
                continue
            }
            #expect(range.contains(kind.defaultConcurrency))
            #expect(kind.options.allSatisfy { $0.help.hasSuffix(".") })
        }
    }

    @Test("Webhook channels need no option and refuse unusable ones", arguments: [ChannelKind.teams, .slack])
    func webhooks(_ kind: ChannelKind) throws {
        #expect(try flaw(kind, [:]) == nil)
        #expect(try flaw(kind, ["addresses": .text("loopback"), "plain_http": .flag(true)]) == nil)
        #expect(try flaw(kind, ["proxy": .text("http://proxy.example.com:3128")]) == nil)
        #expect(try flaw(kind, ["proxy": .text("proxy.example.com")]) == "proxy")
        #expect(try flaw(kind, ["addresses": .text("all")]) == "addresses")
        #expect(try flaw(kind, ["timeout": .duration(.zero)]) == "timeout")
    }

    @Test("A relay's options are refused when they would send passwords or mails in the clear, or contradict")
    func relays() throws {
        func flaw(_ values: [String: OptionValue]) throws -> String? {
            let base: [String: OptionValue] = [
                "relay": .text("smtp://mail.example.com:587"), "from": .text("Leads <leads@example.com>"),
            ]
            return try self.flaw(.smtp, base.merging(values) { $1 })
        }
        let login: [String: OptionValue] = [
            "username": .text("leadbell"), "password": .secret(Secret("x")),
        ]
        #expect(try flaw([:]) == nil)
        #expect(try flaw(login) == nil)
        #expect(try flaw(["relay": .text("smtps://mail.example.com")]) == nil)
        #expect(try flaw(["relay": .text("smtp://[::1]:25"), "tls": .text("none")]) == nil)
        #expect(try flaw(["relay": .text("smtp://localhost:25"), "tls": .text("none")]) == nil)
        #expect(try flaw(["relay": .text("smtp://localhost:25"), "tls": .text("none")].merging(login) { $1 }) == "tls")
        #expect(try flaw(["tls": .text("none")]) == "tls")
        #expect(try flaw(["relay": .text("smtps://localhost"), "tls": .text("none")]) == "tls")
        #expect(try flaw(["tls": .text("perhaps")]) == "tls")
        #expect(try flaw(["username": .text("leadbell")]) == "password")
        #expect(try flaw(["password": .secret(Secret("x"))]) == "username")
        #expect(try flaw(["username": .text("a"), "password": .secret(Secret("x\r\nQUIT"))]) == "password")
        #expect(try flaw(["from": .text("Leads")]) == "from")
        #expect(try flaw(["from": .text("a@b.c\r\nBcc: d@e.f")]) == "from")
        for relay in [
            "mail.example.com", "http://mail.example.com", "smtp://", "smtp://:587", "smtp://host:0", "smtp://host:x",
            "smtp://host:70000", "smtp://user:pw@host:587", "smtp://host:587/path", "smtp://ho st", "smtp://host?x",
            "smtp://[::1", "smtp://[host]",
        ] {
            #expect(try flaw(["relay": .text(relay)]) == "relay")
        }
    }

    @Test("A relay on this host may be contacted, others at private addresses, unless told otherwise")
    func addresses() throws {
        func policy(_ relay: String, _ choice: String?) throws -> AddressPolicy {
            var values: [String: OptionValue] = ["relay": .text(relay), "from": .text("a@b.c")]
            values["addresses"] = choice.map { .text($0) }
            return try #require(RelaySettings(OptionValues(values), greeting: "").relays.first).addresses
        }
        #expect(try policy("smtp://mail.example", nil) == .includingPrivate)
        #expect(try policy("smtp://mail.example", "public") == .publicOnly)
        #expect(try policy("smtp://mail.example", "loopback") == .includingLoopback)
        #expect(try policy("smtp://127.0.0.1", nil) == .includingLoopback)
        #expect(try policy("smtp://localhost", "public") == AddressPolicy(allowLoopback: true, allowPrivate: false))
        #expect(try policy("smtp://localhost.example", nil) == .includingPrivate)
    }

    @Test("An address is checked without being repeated")
    func addressComplaints() {
        let canary = "kanarienvogel"
        for kind in [ChannelKind.teams, .slack] {
            #expect(kind.checkAddress("https://hooks.example/services/T0/B0/x") == nil)
            #expect(kind.checkAddress("http://127.0.0.1:8080/hook") == nil)
            for bad in [
                canary, "ftp://host/\(canary)", "https://", "https:///\(canary)", "https://host/\(canary) x",
                "https://host/\(canary)\n", "https://hôst/\(canary)", "", "https://:443/\(canary)",
            ] {
                let complaint = kind.checkAddress(bad)
                #expect(complaint?.contains(canary) == false)
            }
        }
        #expect(ChannelKind.smtp.checkAddress("dana@example.com") == nil)
        #expect(ChannelKind.smtp.checkAddress("Dana \(canary)")?.contains(canary) == false)
        #expect(ChannelKind.smtp.checkAddress("Dana <dana@example.com>") != nil)
    }
}
