// What the server bears with: large heads and bodies, smuggling, slow and silent sockets, too many of them.

import Foundation
import HTTPTypes
import LeadCore
import NIOHTTPTypes
import Synchronization
import Testing

@testable import LeadWeb

@Suite("Server limits", .timeLimit(.minutes(2)))
struct ServerLimitsTests {
    @Test("Heads that are too large or have too many headers are refused")
    func heads() async throws {
        try await RunningSite.run { site in
            let long = try await site.send("GET", "/", headers: ["X-Long: " + String(repeating: "a", count: 17_000)])
            #expect(long.status == 400)
            let path = try await site.send("GET", "/" + String(repeating: "a", count: 17_000))
            #expect(path.status == 400)
            let many = try await site.send("GET", "/", headers: (0..<100).map { "X-\($0): a" })
            #expect(many.status == 400)
            let flood = try await site.send("GET", "/", headers: (0..<100_000).map { "X-\($0): a" })
            #expect([0, 400].contains(flood.status))
            #expect(try await site.send("GET", "/").status == 200)
        }
    }

    @Test("A body beyond the limit is refused whether its length is announced or not, and one at the limit is read")
    func bodies() async throws {
        try await RunningSite.run { site in
            let most = 65_536
            let fitting = "note=" + String(repeating: "a", count: most - 5)
            #expect(try await site.send("POST", "/l/x", body: fitting).status == 404)
            let large = try await site.send("POST", "/l/x", body: fitting + "b")
            #expect(large.status == 413 && large.body.contains("Nothing was changed"))
            let head = "POST /l/x HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            let announced = try await site.exchange(Array((head + "Content-Length: 9999999999\r\n\r\n").utf8))
            #expect(announced.status == 413)
            let chunk = "1000\r\n" + String(repeating: "a", count: 0x1000) + "\r\n"
            let chunked = head + "Transfer-Encoding: chunked\r\n\r\n" + String(repeating: chunk, count: 17)
            #expect(try await site.exchange(Array((chunked + "0\r\n\r\n").utf8)).status == 413)
        }
    }

    @Test("A body that isn't a form is refused")
    func otherBodies() async throws {
        try await RunningSite.run { site in
            let json = "POST /l/x HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
            let other = try await site.exchange(Array(json.utf8))
            #expect(other.status == 415)
            let broken = try await site.send("POST", "/l/x", body: "note=%FF")
            #expect(broken.status == 400)
            // Names nested as deep as the body allows must not be followed.
            let nested = "a" + String(repeating: "[a]", count: 20_000) + "=1"
            let deep = try await site.send("POST", "/l/x", body: nested)
            #expect(deep.status == 404)
        }
    }

    @Test(
        "Requests whose length can be read in two ways are refused",
        arguments: [
            "Content-Length: 5\r\nTransfer-Encoding: chunked", "Content-Length: 5\r\nContent-Length: 6",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "Content-Length: +5", "Content-Length: 5, 6",
            "Transfer-Encoding: xchunked", "Content-Length : 5",
        ])
    func smuggling(headers: String) async throws {
        try await RunningSite.run { site in
            let text =
                "POST /l/x HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\(headers)\r\n\r\n"
                + "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
            let bytes = try await site.exchange(Array(text.utf8))
            #expect(bytes.status == 400)
            #expect(!bytes.body.contains("dispatch"))
        }
    }

    @Test("A request that drips is cut off at its deadline, before its head or within its body")
    func slow() async throws {
        var settings = RunningSite.loopback
        settings.requestDeadline = .seconds(2)
        try await RunningSite.run(settings: settings) { site in
            let clock = ContinuousClock()
            let started = clock.now
            async let silent = site.connect { _ in }
            async let head = site.connect { try await $0.send("GET / HTTP/1.1\r\nX-Slow: ") }
            async let body = site.connect {
                try await $0.send(
                    "POST /l/x HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                        + "Content-Length: 100\r\n\r\naction=")
            }
            async let second = site.connect {
                try await $0.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nPOST /l/x HTTP/1.1\r\nHost: x\r\n")
                try await $0.send("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\na")
            }
            let slow = try await [silent, head, body]
            #expect(slow.map(\.count) == [0, 0, 0])
            let first = Answer(try await second)
            #expect(first.status == 200)
            #expect(clock.now - started >= .seconds(2))
            // Well below the time for which a connection may lie idle.
            #expect(clock.now - started < .seconds(30))
        }
    }

    @Test("A connection may be used again, and is closed once it has lain idle")
    func keepAlive() async throws {
        var settings = RunningSite.loopback
        settings.keepAlive = .seconds(3)
        try await RunningSite.run(settings: settings) { site in
            let bytes = try await site.connect {
                try await $0.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                try await $0.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.contains("dispatch") && text.hasSuffix("leadbell serves Example Stoneworks.\n"))
        }
    }

    @Test("A thousand slow sockets keep nobody out: fresh requests are answered at once")
    func manySlow() async throws {
        var settings = RunningSite.loopback
        settings.maximumConnections = 200
        settings.requestDeadline = .seconds(3600)
        settings.keepAlive = .seconds(3600)
        let over = Tally()
        try await RunningSite.run(settings: settings) { site in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<1000 {
                    tasks.addTask {
                        _ = try await site.connect { try await $0.send("GET / HTTP/1.1\r\nX-Slow: ") }
                        over.count.withLock { $0 += 1 }
                    }
                }
                // The burst is over when as many have made way as must; those that are left hold every place.
                for _ in 0..<600 { try await tasks.next() }
                let clock = ContinuousClock()
                // Those that have just come don't give way yet, and for so long a newcomer may be refused.
                let patience = clock.now + .seconds(3)
                while try await site.send("GET", "/healthz").status != 200 {
                    try #require(clock.now < patience, "nobody gives way")
                }
                var times: [Duration] = []
                for _ in 0..<100 {
                    let started = clock.now
                    #expect(try await site.send("GET", "/healthz").status == 200)
                    times.append(clock.now - started)
                }
                times.sort()
                // Generous beside the promised 250 ms, since other work shares the machine with the tests.
                #expect(times[98] < .seconds(3), "p99 \(times[98])")
                // No deadline ends within this test, so those that are over have made way for others. Who was young when the
                // last one came gives way to the next.
                while over.count.withLock({ $0 }) < 800 { _ = try await site.send("GET", "/healthz") }
                tasks.cancelAll()
                while let result = await tasks.nextResult() { _ = result }
            }
        }
    }

    @Test("A socket in the file system serves as well, and goes with the server")
    func unixSocket() async throws {
        let path = NSTemporaryDirectory() + "leadbell-\(UUID().uuidString.prefix(8)).sock"
        try await RunningSite.run(settings: WebSettings(listen: .unix(path: path))) { site in
            #expect(site.port == 0)
            let bytes = try await site.connect(unix: path) {
                try await $0.send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            }
            #expect(Answer(bytes).status == 200)
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("A connection's progress: time runs from the first byte waited for to the last byte answered")
    func progress() {
        var progress = RequestGuard.Progress()
        let head = HTTPRequestPart.head(HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/"))
        let answer = HTTPResponsePart.head(HTTPResponse(status: .ok))
        #expect(progress.reads(head) == .pass)
        #expect(progress.reads(.end(nil)) == .answer)
        progress.writes(answer)
        #expect(progress.answerWritten() == .over)
        #expect(progress.reads(head) == .startTimer)
        // A second request before the first is answered doesn't begin the time anew.
        #expect(progress.reads(.end(nil)) == .answer)
        #expect(progress.reads(head) == .pass)
        #expect(progress.answerWritten() == .goOn)
        #expect(progress.answerWritten() == .goOn)
        #expect(progress.reads(.end(nil)) == .over)
        #expect(progress.reads(head) == .startTimer)
        progress.writes(.head(HTTPResponse(status: .contentTooLarge, headerFields: [.connection: "close"])))
        #expect(progress.answerWritten() == .close)
        #expect(progress.reads(.end(nil)) == .drop)
    }
}

/// How many there were.
private final class Tally: Sendable {
    let count = Mutex(0)
}
