// `leadbell reload` as an administrator has it: what is new, and open leads by the new rules if that is asked for.

import Curl
import Foundation
import LeadTestKit
import Testing

@Suite("leadbell reload", .timeLimit(.minutes(2)))
struct ReloadCommandTests {
    @Test("the answer and the log say what is new; open leads keep their deadlines unless they are to be planned anew")
    func recompute() async throws {
        let installation = try Installation()
        let daemon = try await installation.daemon()
        #expect(try await installation.run("submit", "id=7", "name=Ada King", "email=ada@acme.example").status == 0)
        let id = try await installation.leadID()
        try installation.write(
            policy: "[{ after: 0s, notify: manager }, { after: 3h, assign: jane }]",
            extra: "ranking: { window: 7d }")
        let plain = try await installation.run("reload")
        #expect(
            plain.output == "configuration reloaded; changed: policies: standard; ranking\n", "\(plain.errors)")
        let before = try await installation.run("show", id)
        #expect(!before.output.contains("rules have changed"))
        let anew = try await installation.run("reload", "--recompute")
        #expect(
            anew.output == "configuration reloaded; nothing has changed; 1 open lead goes by new deadlines\n",
            "\(anew.errors)")
        let after = try await installation.run("show", id)
        #expect(after.output.contains("The rules have changed; by the policy standard the lead has its owner by"))
        #expect(
            try await installation.run("reload", "--recompute").output
                == "configuration reloaded; nothing has changed; 0 open leads go by new deadlines\n")
        let ended = await daemon.stop()
        #expect(ended.log.contains("policies: standard"))
    }

    @Test("the link to a person's own page opens it on the running daemon, and nobody else's")
    func link() async throws {
        let installation = try Installation()
        let daemon = try await installation.daemon()
        let printed = try await installation.run("link", "dana")
        #expect(printed.status == 0, "\(printed.errors)")
        let url = try #require(URL(string: printed.output.trimmingCharacters(in: .newlines)))
        let client = try HTTPClient()
        var request = HTTPRequest(method: .get, url: url.absoluteString)
        request.addresses = .includingLoopback
        request.allowPlainHTTP = true
        let answer = try await client.send(request).get()
        await client.shutdown()
        #expect(answer.status == 200)
        #expect(String(decoding: answer.body, as: UTF8.self).contains("Dana Whitfield"))
        let nobody = try await installation.run("link", "dora")
        #expect(nobody.status == 1 && nobody.errors.contains("there are dana, jane"))
        _ = await daemon.stop()
    }
}
