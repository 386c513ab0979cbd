// What an API's answer means: values, nothing known, or a failure; and whether it should be asked again soon. Pure.

import Curl
import LeadCore

/// An answer as it was read.
struct HTTPReading: Equatable {
    /// Texts by field; empty when nothing is known.
    var values: [FieldName: String] = [:]
    /// What could not be used; nil when all could.
    var flaw: String?
}

/// Why there is no answer, in words that hold neither the question nor a secret.
struct HTTPFlaw: Error, Equatable {
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}

/// An answer judged.
struct HTTPVerdict: Equatable {
    let reading: Result<HTTPReading, HTTPFlaw>
    let ending: Turnstile.Ending
}

extension HTTPLookupSettings {
    /// Judges what came of a request.
    func judge(_ outcome: Result<HTTPResponse, TransferFailure>) -> HTTPVerdict {
        switch outcome {
        case .failure(let failure):
            let ending: Turnstile.Ending =
                switch failure.kind {
                case .cancelled, .closed: .abandoned
                // The API answers; what it says is too much.
                case .responseTooLarge: .worked
                default: .failed
                }
            let words = failure.kind == .responseTooLarge ? "answered with more than \(maximumAnswer / 1024) KiB" : nil
            return HTTPVerdict(
                reading: .failure(HTTPFlaw(words ?? "could not be asked: \(Self.clause(failure.message))")),
                ending: ending)
        case .success(let response): return judge(response)
        }
    }

    private func judge(_ response: HTTPResponse) -> HTTPVerdict {
        switch response.status {
        case 200..<300:
            let isEmpty = response.status == 204 || response.body.allSatisfy { [0x20, 0x0A, 0x0D, 0x09].contains($0) }
            if isEmpty { return HTTPVerdict(reading: .success(HTTPReading()), ending: .worked) }
            guard let value = JSONValue(response.body) else {
                return HTTPVerdict(
                    reading: .failure(HTTPFlaw("answered with something that is not JSON")), ending: .worked)
            }
            return HTTPVerdict(reading: .success(read(value)), ending: .worked)
        case 404, 410:
            return HTTPVerdict(reading: .success(HTTPReading()), ending: .worked)
        case 401, 403:
            return refusal(response, "refused the credentials (HTTP \(response.status))", .failed)
        case 429:
            return refusal(response, "was asked too often (HTTP 429)", .busy(response.retryAfter ?? .seconds(10)))
        case 300..<400:
            return refusal(response, "redirects (HTTP \(response.status)), which is not followed", .failed)
        case 503 where response.retryAfter != nil:
            return refusal(response, "is busy (HTTP 503)", .busy(response.retryAfter ?? .seconds(10)))
        case 500..., 408:
            return refusal(response, "failed (HTTP \(response.status))", .failed)
        default:
            // It doesn't like this question; the next one may be fine.
            return refusal(response, "refused the question (HTTP \(response.status))", .worked)
        }
    }

    private func refusal(_ response: HTTPResponse, _ words: String, _ ending: Turnstile.Ending) -> HTTPVerdict {
        HTTPVerdict(reading: .failure(HTTPFlaw(words)), ending: ending)
    }

    /// The values at the paths; one that is no text is left out and named.
    private func read(_ value: JSONValue) -> HTTPReading {
        var reading = HTTPReading()
        var unusable: [String] = []
        for (field, path) in fields {
            guard let found = path.find(in: value) else { continue }
            if case .text(let text) = found, text.trimmed.isEmpty { continue }
            if let text = OutsideText.of(found) {
                reading.values[field] = text
            } else {
                unusable.append(field.text)
            }
        }
        if !unusable.isEmpty { reading.flaw = "answered with no text for \(unusable.joined(separator: ", "))" }
        return reading
    }

    /// A sentence within another: without its capital and its full stop.
    private static func clause(_ sentence: String) -> String {
        let body = sentence.hasSuffix(".") ? sentence.dropLast() : sentence[...]
        let second = body.dropFirst().first
        return second?.isUppercase == true ? String(body) : body.prefix(1).lowercased() + body.dropFirst()
    }
}
