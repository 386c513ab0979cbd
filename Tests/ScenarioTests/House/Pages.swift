// The pages as a person's browser has them: the real site on a loopback port, asked through the real HTTP client.

import Curl
import Foundation
import LeadCore
import LeadWeb
import Logging
import ServiceLifecycle
import Testing

/// The site of one run.
final class OpenSite: Sendable {
    let port: Int
    private let group: ServiceGroup
    private let task: Task<Void, any Error>

    init(_ site: LeadSite) async throws {
        let (ports, ready) = AsyncStream.makeStream(of: Int.self)
        let quiet = Logger(label: "site") { _ in SwiftLogNoOpLogHandler() }
        let group = ServiceGroup(
            services: [
                site.application { port in
                    ready.yield(port)
                    ready.finish()
                }
            ], logger: quiet)
        let task = Task {
            defer { ready.finish() }
            try await group.run()
        }
        guard let port = await ports.first(where: { _ in true }) else {
            try await task.value
            throw StoryFault(description: "the site ended before it began")
        }
        self.port = port
        self.group = group
        self.task = task
    }

    func close() async {
        await group.triggerGracefulShutdown()
        _ = await task.result
    }
}

/// A person's browser.
struct Browser: Sendable {
    let port: Int
    private let client: HTTPClient

    init(port: Int) throws {
        self.port = port
        client = try HTTPClient()
    }

    /// Opens a browser for `body`.
    static func open(_ house: House, _ body: (Browser) async throws -> Void) async throws {
        let browser = try Browser(port: try #require(try house.run.site?.port))
        do {
            try await body(browser)
        } catch {
            await browser.client.shutdown()
            throw error
        }
        await browser.client.shutdown()
    }

    /// What the site answers.
    struct Page: Sendable {
        let path: String
        let status: Int
        let text: String
        /// Where the answer leads to.
        let location: String?

        /// The value of the first hidden field called `name`.
        func field(_ name: String) -> String? {
            guard let start = text.firstRange(of: "name=\"\(name)\" value=\"") else { return nil }
            return String(text[start.upperBound...].prefix { $0 != "\"" })
        }
    }

    /// Opens `path`.
    func open(_ path: String) async throws -> Page { try await send(.get, path, []) }

    /// Presses the button `action` on `page`, and goes where the answer leads.
    func press(_ action: String, on page: Page, _ fields: [String: String] = [:]) async throws -> Page {
        let answer = try await post(action, on: page, fields)
        guard answer.status == 303, let location = answer.location else { return answer }
        let path = location.hasPrefix("?") ? String(page.path.prefix { $0 != "?" }) + location : location
        return try await open(path)
    }

    /// Presses the button `action` on `page`.
    func post(_ action: String, on page: Page, _ fields: [String: String] = [:]) async throws -> Page {
        var form = fields.merging(["action": action]) { $1 }
        if let nonce = page.field("nonce") { form["nonce"] = nonce }
        let pairs = form.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }
        return try await send(.post, String(page.path.prefix { $0 != "?" }), Array(pairs.joined(separator: "&").utf8))
    }

    private func send(_ method: HTTPMethod, _ path: String, _ body: [UInt8]) async throws -> Page {
        var headers = [(name: "User-Agent", value: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Mobile Safari")]
        if method == .post { headers.append((name: "Content-Type", value: "application/x-www-form-urlencoded")) }
        let request = HTTPRequest(
            method: method, url: "http://127.0.0.1:\(port)\(path)", headers: headers, body: body,
            maximumResponseBytes: 1 << 20, addresses: .includingLoopback, allowPlainHTTP: true)
        let response = try await client.send(request).get()
        return Page(
            path: path, status: response.status, text: String(decoding: response.body, as: UTF8.self),
            location: response.header("Location"))
    }
}
