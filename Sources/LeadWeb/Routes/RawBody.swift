// A request's body as it came, within bounds: what is signed is signed byte by byte, and what is posted is read by the spool.

import Hummingbird

/// What was read of a request's body.
enum RawBody: Sendable {
    /// All of it.
    case whole([UInt8])
    /// It has more bytes than it may; the rest was not read.
    case tooLarge
    /// The connection broke off; nobody reads the answer.
    case broken
}

extension Request {
    /// The body, of no more than `most` bytes.
    func rawBody(atMost most: Int) async -> RawBody {
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > most { return .tooLarge }
        var bytes: [UInt8] = []
        do {
            for try await part in body {
                guard bytes.count + part.readableBytes <= most else { return .tooLarge }
                bytes.append(contentsOf: part.readableBytesView)
            }
        } catch {
            return .broken
        }
        return .whole(bytes)
    }
}
