// What is answered as taken is on the disk: the daemon's system calls are looked at, since nothing else tells a file that was
// synced from one that the system only remembers.

import Curl
import Foundation
import LeadTestKit
import Testing

@Suite("What is durable before its answer", .timeLimit(.minutes(2)))
struct DurabilityTests {
    /// The system calls of a process that was traced, in the order in which they ended.
    private struct Trace {
        let calls: [String]

        /// Reads what `strace -f -y` wrote, a call that was interrupted by another's line as one.
        init(_ text: String) {
            var begun: [Substring: String] = [:]
            var calls: [String] = []
            for line in text.split(separator: "\n") {
                let parts = line.split(separator: " ", maxSplits: 1)
                guard parts.count == 2 else { continue }
                let call = parts[1].drop { $0 == " " }
                if let cut = call.firstRange(of: " <unfinished ...>") {
                    begun[parts[0]] = String(call[..<cut.lowerBound])
                } else if call.hasPrefix("<... "), let rest = call.firstRange(of: " resumed>") {
                    calls.append((begun.removeValue(forKey: parts[0]) ?? "") + call[rest.upperBound...])
                } else {
                    calls.append(String(call))
                }
            }
            self.calls = calls
        }

        /// Where the first call is of these after `place` that contains all of `texts`.
        func index(of texts: String..., after place: Int = -1) -> Int? {
            calls.indices.first { index in index > place && texts.allSatisfy { calls[index].contains($0) } }
        }
    }

    private static let strace = "/usr/bin/strace"

    /// Whether processes may be traced here.
    private static let canTrace = ProgramRun.succeeds(strace, ["-f", "-o", "/dev/null", "/bin/true"])

    private func send(
        _ client: HTTPClient, _ installation: Installation, _ path: String, _ body: String? = nil,
        _ headers: [(name: String, value: String)] = []
    ) async throws -> HTTPResponse {
        let url = "http://127.0.0.1:\(installation.port)\(path)"
        var request = HTTPRequest(method: body == nil ? .get : .post, url: url)
        request.addresses = .includingLoopback
        request.allowPlainHTTP = true
        if let body { request.body = Array(body.utf8) }
        request.headers = headers
        return try await client.send(request).get()
    }

    @Test(
        "a post and a form are synced, file and folder, before they are answered",
        .enabled(if: canTrace, "strace is not installed, or may trace nothing"))
    func synced() async throws {
        let installation = try Installation()
        let token = "lb_0123456789abcdef0123456789abcdef"
        try installation.write(
            policy: "[{ after: 0s, notify: manager }, { after: 1h, assign: jane }]",
            extra: "sources: { web: { http: { tokens: [\"env:WEB_TOKEN\"] }, form: { minimum_time: 0s } } }")
        let trace = installation.folder.file("trace")
        // With -D the daemon stays the process that was started.
        let daemon = try await installation.daemon(
            wrapper: [
                Self.strace, "-D", "-f", "-qq", "-y", "-s", "64", "-E", "WEB_TOKEN=\(token)", "-o", trace, "-e",
                "trace=fsync,fdatasync,linkat,write,writev,sendto,sendmsg",
            ])
        let client = try HTTPClient()
        let posted = try await send(
            client, installation, "/v1/leads", #"{"name":"Ada King"}"#,
            [("Content-Type", "application/json"), ("Authorization", "Bearer \(token)")])
        #expect(posted.status == 202)
        let page = String(decoding: try await send(client, installation, "/f/web").body, as: UTF8.self)
        let mark = try #require(page.firstRange(of: "name=\"ticket\" value=\""))
        let ticket = page[mark.upperBound...].prefix { $0 != "\"" }
        let form = try await send(
            client, installation, "/f/web", "ticket=\(ticket)&name=Eve&email=eve%40acme.example",
            [("Content-Type", "application/x-www-form-urlencoded")])
        #expect(form.status == 303)
        await client.shutdown()
        #expect(await daemon.stop().status == 0)
        let calls = Trace(try String(contentsOfFile: trace, encoding: .utf8))
        for (ending, answer) in [("ndjson.tmp>", "HTTP/1.1 202"), ("form.tmp>", "HTTP/1.1 303")] {
            let file = try #require(calls.index(of: "sync(", "/incoming/.post-", ending, " = 0"), "the file")
            let named = try #require(calls.index(of: "linkat(", ".post-", after: file), "its name")
            let folder = try #require(
                calls.index(of: "fsync(", "/sources/web/incoming>", " = 0", after: named), "folder")
            let answered = try #require(calls.index(of: answer), "the answer")
            #expect(file < named && named < folder && folder < answered, "\(calls.calls)")
        }
    }
}
