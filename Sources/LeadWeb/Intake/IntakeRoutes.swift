// `POST /v1/leads`: programs post leads as JSON, as lines of JSON or as a form, each source with a token of its own. The answer
// 202 says that they are durable. The interface is described in config/openapi.json, and a test holds both together.

import Foundation
import HTTPTypes
import Hummingbird
import LeadCore
import Logging

/// The interface for programs.
struct IntakeRoutes: Sendable {
    let doors: [SourceDoor]
    let inbox: any LeadInbox
    let clock: any TimeSource
    let logger: Logger
    private let tokens: TokenBook
    private let rates: Rates
    private let requests = RequestBook()
    /// The largest body of a post whose token is in it; nil when no source has its token there.
    private let mostUnnamed: Int?

    init(doors: [SourceDoor], inbox: any LeadInbox, clock: any TimeSource, logger: Logger) {
        self.doors = doors
        self.inbox = inbox
        self.clock = clock
        self.logger = logger
        tokens = TokenBook(doors)
        rates = Rates(doors) { door in door.access.map { [$0.bucket] } }
        let sizes = doors.compactMap(\.access).filter(\.takesTokenInBody).map(\.maximumBodyBytes)
        mostUnnamed = sizes.max().map { min($0, Self.mostOfStrangers) }
    }

    /// No form that Google posts comes near it.
    private static let mostOfStrangers = 65_536

    func add(to router: Router<BasicRequestContext>) {
        guard doors.contains(where: { $0.access != nil }) else { return }
        router.post("/v1/leads") { request, _ in await take(request) }
    }

    private func take(_ request: Request) async -> Response {
        let type = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased().trimmed ?? ""
        let format = Self.formats[type]
        let bearer = Self.bearer(request.header("authorization"))
        let named = bearer.flatMap(tokens.door)
        // Before anything is read of a stranger's body.
        let unnamed = bearer == nil && format == .json ? mostUnnamed : nil
        guard let most = named?.access?.maximumBodyBytes ?? unnamed else { return IntakeProblem.unauthorised.response }
        guard let format else { return IntakeProblem.unsupported.response }
        let body: [UInt8]
        switch await request.rawBody(atMost: most) {
        case .whole(let bytes): body = bytes
        case .tooLarge: return IntakeProblem.tooLarge(most).response
        case .broken: return IntakeProblem.faulty([]).response
        }
        let door = named ?? Self.googleKey(body).flatMap(tokens.door).flatMap { $0.takesTokenInBody ? $0 : nil }
        guard let door, let access = door.access else { return IntakeProblem.unauthorised.response }
        guard body.count <= access.maximumBodyBytes else {
            return IntakeProblem.tooLarge(access.maximumBodyBytes).response
        }
        switch Self.requestKey(request.header("idempotency-key")) {
        case .none: return await take(LeadPost(source: door.name, format: format, body: body))
        case .some(nil): return IntakeProblem.badKey.response
        case .some(let key?):
            guard requests.begin(key, of: door.name, body: body) else { return IntakeProblem.otherPost.response }
            let response = await take(LeadPost(source: door.name, format: format, body: body, request: key))
            switch response.status {
            case .accepted: requests.stored(key, of: door.name)
            // It was a good post, and is to be tried again as it was.
            case .serviceUnavailable: requests.failed(key, of: door.name)
            default: requests.release(key, of: door.name)
            }
            return response
        }
    }

    /// Takes a post in, as fast as its source's may come.
    private func take(_ post: LeadPost) async -> Response {
        let count = post.format == .lines ? max(1, Self.count(linesOf: post.body)) : 1
        if let wait = rates.take(count, of: post.source, now: clock.now()) {
            return IntakeProblem.tooFast(wait).response
        }
        let problem: IntakeProblem
        switch await inbox.take(post) {
        case .taken(let keys): return Self.accepted(keys)
        case .faulty(let faults): problem = .faulty(faults)
        case .tooLarge: problem = .tooLarge(nil)
        case .unavailable(let reason):
            logger.error(
                "posted leads could not be stored", metadata: ["source": "\(post.source)", "reason": "\(reason)"])
            problem = .unavailable
        }
        // What is none of the source's leads costs it nothing.
        rates.putBack(count, of: post.source)
        return problem.response
    }

    /// The lines of `body` that have something on them.
    private static func count(linesOf body: [UInt8]) -> Int {
        var count = 0
        var isBlank = true
        for byte in body {
            if byte == 0x0A {
                isBlank = true
            } else if isBlank, byte != 0x20, byte != 0x09, byte != 0x0D {
                isBlank = false
                count += 1
            }
        }
        return count
    }

    // MARK: Requests

    static let formats: [String: LeadPost.Format] = [
        "application/json": .json, "application/x-ndjson": .lines, "application/ndjson": .lines,
        "application/jsonl": .lines, "application/x-www-form-urlencoded": .form,
    ]

    private static func bearer(_ header: String?) -> String? {
        guard let header else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1]).trimmed
    }

    /// The key as it stands, without the quotation marks that the draft of the standard asks for; nil within when it is
    /// none.
    private static func requestKey(_ header: String?) -> String?? {
        guard var text = header else { return .none }
        if text.hasPrefix("\""), text.hasSuffix("\""), text.utf8.count > 1 {
            text = String(text.dropFirst().dropLast())
        }
        let isGood = (1...255).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        return .some(isGood ? text : nil)
    }

    private struct GoogleKey: Decodable {
        let key: String

        private enum CodingKeys: String, CodingKey {
            case key = "google_key"
        }
    }

    private static func googleKey(_ body: [UInt8]) -> String? {
        // Nested as deep as a stranger likes, a text would exhaust the decoder's stack.
        var depth = 0
        for byte in body {
            if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") { depth += 1 }
            if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") { depth -= 1 }
            if depth > 32 { return nil }
        }
        do {
            return try JSONDecoder().decode(GoogleKey.self, from: Data(body)).key
        } catch {
            return nil
        }
    }

    // MARK: Answers

    /// Written by hand, since it answers thousands a second.
    private static func accepted(_ keys: [IntakeKey]) -> Response {
        let text = JSONText(capacity: 32 + 96 * keys.count) { json in
            json.key("accepted")
            json.array(keys) { json, key in
                json.object {
                    $0.member("key", key.text)
                    $0.member("lead", key.caseID.text)
                }
            }
        }
        return Response(
            status: .accepted, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: text.bytes)))
    }
}
