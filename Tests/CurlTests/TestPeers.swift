// The peers that tests share, started by the first test that needs each, and short ways to make requests to them.

import PeerKit

@testable import Curl

enum TestPeers {
    static let plain = Result { try Peer.http() }
    static let secure = Result { try Peer.http(cert: .good) }
}

extension HTTPRequest {
    /// A POST to a peer on loopback, with limits that fit a test.
    static func post(_ url: String, _ body: String = "{}", total: Duration = .seconds(10)) -> HTTPRequest {
        HTTPRequest(
            method: .post, url: url, headers: [("Content-Type", "application/json")], body: Array(body.utf8),
            timeouts: Timeouts(connect: .seconds(5), total: total), addresses: .includingLoopback, allowPlainHTTP: true)
    }

    func with<Value>(_ path: WritableKeyPath<HTTPRequest, Value>, _ value: Value) -> HTTPRequest {
        var copy = self
        copy[keyPath: path] = value
        return copy
    }
}

extension Result where Failure == TransferFailure {
    var failure: TransferFailure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}
