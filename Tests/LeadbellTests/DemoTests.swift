// The demo plays its whole story, and what its inbox shows is what was sent.

import Curl
import Foundation
import LeadTestKit
import Testing

@testable import leadbell

@Suite("Demo")
struct DemoTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "config/demo.yaml").path()

    @Test("demo --once plays every step of the story and exits with 0")
    func once() async throws {
        let result = try await LeadbellProgram.run(["demo", "--once", "--format", "json", "--config", Self.file])
        #expect(result.status == 0, "\(result.errors)\n\(result.output)")
        let steps = try result.output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        let told = steps.compactMap { $0["step"] as? String }
        for part in [
            "lead 3 quarantined", "by Teams", "by mail", "Dana chose Billy", "Billy was told", "settled", "reminded",
            "second manager", "fallback person", "late click", "pressed claim in Slack", "pressed release in Slack",
            "bot's message has no buttons", "each kind of channel",
        ] {
            #expect(told.contains { $0.contains(part) }, "no step says \(part): \(told)")
        }
    }

    @Test("the inbox shows a message of each kind, whose links work, until Ctrl-C, which leaves nothing")
    func inbox() async throws {
        let client = try HTTPClient()
        try await RunningDemo.watch(Self.file) { demo in
            // Programs have no links that act for a person.
            let kinds = InboxKind.all.filter { $0 != .events }
            var links: [String: String] = [:]
            let deadline = Date().addingTimeInterval(60)
            while links.count < kinds.count, Date() < deadline {
                let page = try await get(demo.inbox, client)
                for article in page.split(separator: "<article class=\"").dropFirst() {
                    guard let kind = kinds.first(where: { article.hasPrefix($0.name + "\"") }), links[kind.name] == nil
                    else { continue }
                    links[kind.name] = article.firstMatch(of: /http:\/\/127\.0\.0\.1:\d+\/l\/[A-Za-z0-9._-]+/).map {
                        String($0.output)
                    }
                }
            }
            #expect(links.keys.sorted() == kinds.map(\.name).sorted())
            for (kind, link) in links {
                let page = try await get(link, client)
                #expect(page.contains("<h1") && page.contains("Example Stoneworks"), "\(kind): \(page.prefix(300))")
            }
        }
        await client.shutdown()
    }

    @Test(
        "in a browser, on a phone's screen: a message of each kind, whose link leads to the lead, and nothing from elsewhere",
        .enabled(if: Chromium.isInstalled, "chromium or python3 is not installed"))
    func browser() async throws {
        try await RunningDemo.watch(Self.file) { demo in
            let kinds = InboxKind.all.map(\.name)
            let telling = try await Chromium.tell("kinds", [demo.inbox] + kinds, in: "inbox.py")
            #expect(telling.status == 0, "\(telling.words)")
        }
    }

    /// The page at `url`, which must be there.
    private func get(_ url: String, _ client: HTTPClient) async throws -> String {
        var request = HTTPRequest(method: .get, url: url)
        request.addresses = .includingLoopback
        request.allowPlainHTTP = true
        // The inbox grows with each message.
        request.maximumResponseBytes = 8 << 20
        let response = try await client.send(request).get()
        #expect(response.status == 200, "\(url)")
        return String(decoding: response.body, as: UTF8.self)
    }

    @Test("a step that does not happen makes the demo fail")
    func failure() async throws {
        let text = try String(contentsOfFile: Self.file, encoding: .utf8)
            .replacing("after: 15s, assign: jane", with: "after: 15s, assign: billy")
        let directory = TemporaryDirectory()
        let folder = URL(filePath: directory.path)
        let firms = URL(filePath: Self.file).deletingLastPathComponent().appending(path: "firms.csv")
        try FileManager.default.copyItem(at: firms, to: folder.appending(path: "firms.csv"))
        let other = folder.appending(path: "demo.yaml")
        try text.write(to: other, atomically: true, encoding: .utf8)
        let result = try await LeadbellProgram.run(["demo", "--once", "--config", other.path()])
        #expect(result.status == 1)
        #expect(result.errors.contains("Jane's mail"), "\(result.errors)")
    }
}

/// The demo as somebody watches it, in a temporary folder of its own.
private struct RunningDemo {
    /// The inbox's address.
    let inbox: String
    private let process: Process
    private let output = GrowingText()
    private let folder: String

    /// Lets `body` watch the demo from when it says where its inbox is, and ends it.
    static func watch(_ file: String, _ body: (RunningDemo) async throws -> Void) async throws {
        let demo = try await RunningDemo(file)
        do {
            try await body(demo)
        } catch {
            try await demo.stop()
            throw error
        }
        try await demo.stop()
    }

    private init(_ file: String) async throws {
        // Short, since a socket's path may have 107 bytes.
        folder = "/tmp/lb-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        process = LeadbellProgram.process(["demo", "--config", file], ["TMPDIR": folder])
        process.standardOutput = output.pipe
        try process.run()
        output.read()
        #expect(await output.grows(to: "Ctrl-C ends the demo"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
        inbox = String(try #require(output.text.firstMatch(of: /http:\S+\/inbox/)).output)
    }

    /// Ends it as Ctrl-C does, and looks whether it leaves anything.
    private func stop() async throws {
        kill(process.processIdentifier, SIGINT)
        _ = await output.whole()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0 && process.terminationReason == .exit)
        #expect(rmdir(folder) == 0, "the demo left something behind")
    }
}
