// What a program is told whose post was not taken, as RFC 9457 has it. Used by the routes for programs and by Facebook's.

import Foundation
import HTTPTypes
import Hummingbird
import LeadCore

/// Why a post was not taken (RFC 9457).
enum IntakeProblem {
    case unauthorised, unsupported, badKey, otherPost, unavailable
    /// Facebook's webhook: not its verification, not signed with the app's secret, not what it documents.
    case unverified, unsigned, unreadable
    /// How many bytes a body may have, where that is known.
    case tooLarge(Int?)
    /// There is room again after so many seconds.
    case tooFast(Int)
    case faulty([IntakeFault])

    private struct Body: Encodable {
        let title: String
        let status: Int
        let detail: String
        let faults: [IntakeFault]?
    }

    var response: Response {
        let (status, title, detail) = words
        var faults: [IntakeFault]?
        if case .faulty(let found) = self { faults = Array(found.prefix(100)) }
        var response = Self.json(
            Body(title: title, status: status.code, detail: detail, faults: faults), status: status)
        switch self {
        case .unauthorised: response.headers[.wwwAuthenticate] = "Bearer"
        case .tooFast(let seconds): response.headers[.retryAfter] = "\(seconds)"
        case .unavailable: response.headers[.retryAfter] = "10"
        default: break
        }
        // The rest of a body that was not read to its end must not be waited for.
        switch self {
        case .unauthorised, .unsupported, .unsigned, .tooLarge: response.headers[.connection] = "close"
        default: break
        }
        return response
    }

    private static func json(_ body: Body, status: HTTPResponse.Status) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            let bytes = try encoder.encode(body)
            return Response(
                status: status, headers: [.contentType: "application/problem+json"],
                body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        } catch {
            return Response(status: .internalServerError)
        }
    }

    private var words: (HTTPResponse.Status, String, String) {
        switch self {
        case .unauthorised:
            (.unauthorized, "No good token", "Send the source's token as Authorization: Bearer TOKEN.")
        case .unsupported:
            (
                .unsupportedMediaType, "Not a type that is read",
                "Send application/json, application/x-ndjson or application/x-www-form-urlencoded."
            )
        case .badKey:
            (.badRequest, "Not a key", "Idempotency-Key takes 1 to 255 visible ASCII characters.")
        case .otherPost:
            (
                .unprocessableContent, "The key came with another post before",
                "Use a new Idempotency-Key for each post, and the same one only to try that post again."
            )
        case .unavailable:
            (.serviceUnavailable, "Not taken", "The leads could not be made durable. Try again.")
        case .tooLarge(let most):
            (
                .contentTooLarge, "Too large",
                "Send fewer leads at once" + (most.map { "; a body may have \($0) bytes." } ?? ".")
            )
        case .tooFast(let seconds):
            (.tooManyRequests, "Too many leads", "Try again after \(seconds) \(seconds == 1 ? "second" : "seconds").")
        case .unverified:
            (.forbidden, "Not verified", "Subscribe with hub.mode=subscribe and the verify token of this source.")
        case .unsigned:
            (.forbidden, "Not signed", "Sign the body with the app's secret, as X-Hub-Signature-256 has it.")
        case .unreadable:
            (.badRequest, "Not a webhook's post", "Post an object with its entries and their changes.")
        case .faulty(let faults):
            (.badRequest, "Nothing was taken", Self.sentence(faults))
        }
    }

    private static func sentence(_ faults: [IntakeFault]) -> String {
        guard let first = faults.first else { return "The body holds no lead." }
        let place = first.line.map { "line \($0)" + (first.column.map { ", column \($0)" } ?? "") + ": " } ?? ""
        return "\(place)\(first.what). \(first.remedy)"
    }
}
