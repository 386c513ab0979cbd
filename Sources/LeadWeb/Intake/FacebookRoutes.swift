// `/v1/facebook/SOURCE`: Facebook's webhook for lead ads. It tells which leads there are, and no more; their answers are
// asked for by an enricher. A post is answered with 200 once its leads are files of the spool, and is posted again by
// Facebook until then. Its signature has no time in it, so a copy of a post is as good as the post: its leads are known by
// their ids, and known ones are none.

import Hummingbird
import LeadCore
import Logging

/// The webhooks of sources that Facebook posts to.
struct FacebookRoutes: Sendable {
    let doors: [SourceDoor]
    let inbox: any LeadInbox
    let logger: Logger

    /// Facebook joins a thousand changes at most, each of some 250 bytes.
    private static let mostBytes = 1_048_576

    func add(to router: Router<BasicRequestContext>) {
        for door in doors {
            guard let facebook = door.facebook else { continue }
            router.get("/v1/facebook/\(door.name)") { request, _ in verify(request, facebook, door.name) }
            router.post("/v1/facebook/\(door.name)") { request, _ in await take(request, facebook, door.name) }
        }
    }

    /// Shows that the address is ours, to who knows the token.
    private func verify(_ request: Request, _ facebook: SourceDoor.Facebook, _ source: String) -> Response {
        let query = request.uri.queryParameters
        let challenge = query["hub.challenge"].map(String.init) ?? ""
        let isChallenge =
            (1...256).contains(challenge.utf8.count) && challenge.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard query["hub.mode"] == "subscribe", isChallenge, let token = query["hub.verify_token"],
            facebook.isVerified(by: String(token))
        else {
            logger.warning("A verification of Facebook's webhook was refused.", metadata: ["source": "\(source)"])
            return IntakeProblem.unverified.response
        }
        logger.info("Facebook's webhook is verified.", metadata: ["source": "\(source)"])
        return Response(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: challenge)))
    }

    private func take(_ request: Request, _ facebook: SourceDoor.Facebook, _ source: String) async -> Response {
        let signature = FacebookSignature(request.header("x-hub-signature-256"))
        guard let signature else { return refused("not signed", .unsigned, source) }
        let body: [UInt8]
        switch await request.rawBody(atMost: Self.mostBytes) {
        case .whole(let bytes): body = bytes
        case .tooLarge: return refused("too large", .tooLarge(Self.mostBytes), source)
        case .broken: return IntakeProblem.unreadable.response
        }
        guard signature.signs(body, with: facebook.appSecret) else {
            return refused("not signed with the app's secret", .unsigned, source)
        }
        guard let notice = FacebookNotice(body) else {
            return refused("not what Facebook's documentation says", .unreadable, source)
        }
        if notice.unreadable > 0 {
            logger.error(
                "Facebook told of leads without saying which.",
                metadata: ["source": "\(source)", "count": "\(notice.unreadable)"])
        }
        guard !notice.leads.isEmpty else {
            return notice.unreadable > 0 ? IntakeProblem.unreadable.response : Response(status: .ok)
        }
        return await store(notice.leads, source)
    }

    private func store(_ leads: [FacebookNotice.Lead], _ source: String) async -> Response {
        let lines = Array(leads.map(\.line).joined(separator: [0x0A]))
        switch await inbox.take(LeadPost(source: source, format: .lines, body: lines)) {
        case .taken: return Response(status: .ok)
        case .faulty(let faults): return refused(faults.first?.what ?? "no leads", .faulty(faults), source)
        case .tooLarge: return refused("more leads than a file may hold", .tooLarge(nil), source)
        case .unavailable(let reason):
            logger.error(
                "Leads of Facebook could not be stored; it will post them again.",
                metadata: ["source": "\(source)", "reason": "\(reason)"])
            return IntakeProblem.unavailable.response
        }
    }

    private func refused(_ why: String, _ problem: IntakeProblem, _ source: String) -> Response {
        logger.warning("A post to Facebook's webhook was refused: \(why).", metadata: ["source": "\(source)"])
        return problem.response
    }
}
