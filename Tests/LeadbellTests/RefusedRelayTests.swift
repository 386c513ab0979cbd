// A relay that refuses the login while another takes the mails: they go out, the relay isn't asked again, and whoever runs the
// program sees it in the log, in `leadbell channels` and at `/readyz`, until a reload or a resume has it tried again.

import Curl
import Foundation
import LeadTestKit
import PeerKit
import Testing

@Suite("A refused relay", .timeLimit(.minutes(2)))
struct RefusedRelayTests {
    @Test(
        "it is told once, mails go by the fallback, and the relay is asked once for each configuration and each resume")
    func leftOut() async throws {
        let (first, second) = (try Peer.smtp(), try Peer.smtp(mode: "plain"))
        let installation = try Installation()
        let text = try String(contentsOfFile: installation.config, encoding: .utf8)
        // The password is the canary, which the relay doesn't know.
        let mail = """
              mail:
                kind: smtp
                relay: "smtp://127.0.0.1:\(first.port)"
                fallback: "smtp://127.0.0.1:\(second.port)"
                from: leads@example.com
                username: \(Peer.username)
                password: "env:MAIL_PASSWORD"
                ca_file: "\(first.caFile)"
                addresses: loopback
            people:
            """
        try text.replacing("people:", with: mail, maxReplacements: 1)
            .replacing("reach: { teams: \"env:DANA_TEAMS\" }", with: "reach: { mail: dana@example.com }")
            .write(toFile: installation.config, atomically: true, encoding: .utf8)
        let daemon = try await installation.daemon()
        func lead(_ number: Int) async throws {
            #expect(try await installation.run("submit", "id=\(number)", "name=Ada King").status == 0)
            let deadline = Date().addingTimeInterval(20)
            while try second.mails().count < number {
                guard Date() < deadline else { throw DaemonFault(description: "mail \(number) doesn't come") }
                _ = try await installation.ready()
            }
        }
        /// What operators were told of the relay, who are told by the other channel.
        func alarms() throws -> Int {
            try installation.peer.requests().count {
                $0.text.contains("Messages go out by mail, but the first relay is left out")
            }
        }
        try await lead(1)
        try await lead(2)
        try await eventually("1 alarms") { try alarms() == 1 }
        #expect(try first.connections() == 1)
        #expect(try second.mails().allSatisfy { $0.helo == "[127.0.0.1]" }, "the site's host is an address")

        let listed = try await installation.run("channels")
        #expect(listed.output.contains("mail: the first relay is left out: not handed to the relay: "), "\(listed)")
        #expect(listed.output.contains("leadbell channels resume mail"), "\(listed)")
        let json = try await installation.run("channels", "--format", "json")
        let lanes = try json.output.split(separator: "\n").compactMap { line in
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        }
        let lane = try #require(lanes.first { $0["lane"] as? String == "mail" })
        #expect(lane["state"] as? String == "ready")
        #expect((lane["complaint"] as? String)?.contains("refused the login") == true)
        #expect(try await installation.ready().contains(#""isWell":true,"name":"channel mail""#))

        #expect(try await installation.run("channels", "resume", "mail").status == 0)
        #expect(try await !installation.ready().contains("channel mail"))
        try await lead(3)
        try await eventually("2 alarms") { try alarms() == 2 }
        #expect(try first.connections() == 2)
        #expect(try await installation.run("reload").status == 0)
        try await lead(4)
        try await lead(5)
        try await eventually("3 alarms") { try alarms() == 3 }
        #expect(try first.connections() == 3)

        let (status, log) = await daemon.stop()
        #expect(status == 0)
        #expect(try alarms() == 3)
        #expect(log.components(separatedBy: "a channel goes on without a part").count - 1 == 3)
        for canary in Installation.canaries {
            #expect(!log.contains(canary) && !listed.output.contains(canary) && !json.output.contains(canary))
        }
    }
}
