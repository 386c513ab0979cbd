// A token that an enricher asks with is no longer taken: the operators hear of it once, `/readyz` says so, leads go out all
// the same; and once it is renewed, a reload has new leads asked about at once, and older ones again.

import Curl
import Foundation
import LeadTestKit
import PeerKit
import Testing

@Suite("A refused enricher", .timeLimit(.minutes(2)))
struct RefusedEnricherTests {
    @Test("operators are told once, and a reload with a good token tries it again")
    func renewed() async throws {
        let installation = try Installation()
        let token = installation.folder.file("token")
        try write("EAABexpired0123456789", to: token)
        let url = installation.peer.url("/graph/{leadgen_id}?fields=field_data")
        try installation.write(
            policy: "[{ after: 0s, notify: manager }, { after: 1h, assign: jane }]",
            chain: """
                [{ kind: http, name: crm, url: "\(url)", query: { access_token: "file:\(token)" }, \
                mapping: facebook-lead-ads, retry: 1h, plain_http: true, addresses: loopback }, { kind: phones }]
                """)
        let daemon = try await installation.daemon()
        #expect(try await installation.ready().contains(#""detail":"well","isWell":true,"name":"enrichment""#))
        for number in ["901", "902", "903"] {
            #expect(try await installation.run("submit", "id=\(number)", "leadgen_id=\(number)").status == 0)
        }
        try await until(
            installation, "three leads and an alarm have gone out"
        ) {
            try questions(installation).count == 3 && !(try alarms(installation).isEmpty)
        }
        let alarm = try #require(try alarms(installation).first)
        #expect(alarm.contains("The enricher crm is refused: refused the credentials (HTTP 400: OAuthException 190)"))
        #expect(alarm.contains("Leads lack what an enricher knows"))
        let sick = try await installation.ready()
        #expect(sick.contains("crm refused the credentials (HTTP 400: OAuthException 190)") && !sick.contains("EAAB"))

        try write("good", to: token)
        #expect(try await installation.run("reload").status == 0)
        #expect(try await installation.run("submit", "id=904", "leadgen_id=904").status == 0)
        try await until(installation, "the new lead has its answers") { try questions(installation).count == 4 }
        let question = try #require(try questions(installation).last)
        #expect(question.contains("Ada King"))
        #expect(try await installation.ready().contains(#""detail":"well","isWell":true,"name":"enrichment""#))
        #expect(try alarms(installation).count == 1)
        let log = await daemon.stop().log
        #expect(log.contains("asking again what was not answered before"))
        #expect(!log.contains("EAAB"))
    }

    private func write(_ text: String, to path: String) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    private func texts(_ installation: Installation) throws -> [String] {
        try installation.peer.requests().filter { $0.path.hasPrefix("/status/202") }.map(\.text)
    }

    private func questions(_ installation: Installation) throws -> [String] {
        try texts(installation).filter { $0.contains("New lead: ") }
    }

    private func alarms(_ installation: Installation) throws -> [String] {
        try texts(installation).filter { $0.contains("The enricher crm") }
    }

    private func until(_ installation: Installation, _ what: String, _ isSo: () throws -> Bool) async throws {
        try await eventually(what) {
            _ = try await installation.ready()
            return try isSo()
        }
    }
}
