// One request on its way, checked and prepared on its sender's thread. It is answered exactly once, whoever ends it:
// the loop, or the inbox when that is closed already. Fails at the start for what can't be sent.

import CCurl

typealias HTTPOutcome = Result<HTTPReceived, TransferFailure>

/// One request, checked, with what libcurl needs prepared on the caller's thread.
///
/// `@unchecked Sendable`: it is built by its sender, handed over through the inbox's lock, and from then on touched by
/// the loop's thread alone.
final class HTTPTransfer: @unchecked Sendable {
    enum State {
        case new
        case waiting
        case running
        case finished
    }

    let request: HTTPRequest
    let target: HTTPTarget
    /// When the total time is over, on the monotonic clock.
    let deadline: Int
    let headerList: UnsafeMutablePointer<curl_slist>?
    private var continuation: CheckedContinuation<HTTPOutcome, Never>?

    // The loop's.
    var state = State.new
    var cancelled = false

    init(_ request: HTTPRequest) throws(TransferFailure) {
        self.request = request
        target = try HTTPTarget(request)
        headerList = try Self.headerList(for: request)
        deadline = MonotonicClock.milliseconds() + request.timeouts.total.curlMilliseconds
    }

    deinit {
        curl_slist_free_all(headerList)
    }

    func expectAnswer(_ continuation: CheckedContinuation<HTTPOutcome, Never>) {
        self.continuation = continuation
    }

    func finish(_ outcome: HTTPOutcome) {
        state = .finished
        continuation?.resume(returning: outcome)
        continuation = nil
    }

    /// Ends a transfer of which nothing has left.
    func finish(unsent kind: TransferFailure.Kind) {
        finish(.failure(TransferFailure(code: CURLE_OK, evidence: TransferEvidence(stopped: kind))))
    }

    private static func headerList(
        for request: HTTPRequest
    ) throws(TransferFailure) -> UnsafeMutablePointer<curl_slist>? {
        // An empty value takes a field out that libcurl would add of its own.
        var lines = ["Expect:"]
        var hasType = false
        for (name, value) in request.headers {
            guard HTTPSyntax.fault(name: name, value: value) == nil else {
                let evidence = TransferEvidence(stopped: .malformedHeader)
                throw TransferFailure(code: CURLE_BAD_FUNCTION_ARGUMENT, evidence: evidence)
            }
            // libcurl's spelling of a field whose value is empty.
            lines.append(value.isEmpty ? name + ";" : name + ": " + value)
            hasType = hasType || (name.utf8.count == 12 && name.lowercased() == "content-type")
        }
        if !hasType { lines.append("Content-Type:") }
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = curl_slist_append(list, line) else {
                curl_slist_free_all(list)
                throw TransferFailure(code: CURLE_OUT_OF_MEMORY, evidence: TransferEvidence())
            }
            list = longer
        }
        return list
    }
}
