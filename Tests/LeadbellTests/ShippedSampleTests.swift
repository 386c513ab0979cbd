// The sample configuration as the program reads it, and what it has as examples in comments.

import Foundation
import LeadTestKit
import Testing

@Suite("The sample configuration")
struct ShippedSampleTests {
    private let folder = TemporaryDirectory()
    private static let config = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "config")

    /// What `check` says of the sample that `change` has gone over, to an installation with these secrets beside its own.
    private func check(secrets: [String: String] = [:], _ change: (String) -> String) async throws -> CommandResult {
        let own = [
            "link-key": String(repeating: "k", count: 64), "smtp-password": "s",
            "teams-dana": "https://teams.example/dana", "slack-lee": "https://slack.example/lee",
        ]
        for (name, text) in own.merging(secrets, uniquingKeysWith: { $1 }) {
            let path = folder.file(name)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(chmod(path, 0o600) == 0)
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.config.path) {
            let bytes = try Data(contentsOf: Self.config.appending(path: name))
            try bytes.write(to: URL(filePath: folder.file(name)))
        }
        let path = folder.file("leadbell.yaml")
        let text = change(try String(contentsOfFile: path, encoding: .utf8))
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return try await LeadbellProgram.run(
            ["check", "--config", path],
            environment: ["CREDENTIALS_DIRECTORY": folder.path, "SLACK_BILLY": "https://slack.example/billy"])
    }

    @Test("the CRM that it has as an example is one once the comment is none any more, and wants its token")
    func crm() async throws {
        let change = { (text: String) in
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            guard let first = lines.firstIndex(where: { $0.hasPrefix("#    - kind: http") }) else { return "" }
            let end = lines[(first + 1)...].firstIndex { !$0.hasPrefix("#      ") } ?? lines.endIndex
            return (lines[..<first] + lines[first..<end].map { $0.dropFirst() } + lines[end...]).joined(separator: "\n")
        }
        let bare = try await check(change)
        #expect(bare.status == 1 && bare.errors.contains("crm-token"), "\(bare.errors)")
        let good = try await check(secrets: ["crm-token": "t"], change)
        #expect(good.status == 0, "\(good.errors)")
    }
}
