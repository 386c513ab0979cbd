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
    /// What may come of asking again.
    enum Prospect {
        /// It may work later.
        case passing
        /// It may work when somebody has renewed what it is asked with.
        case credentials
        /// The same question will have the same answer.
        case lasting
    }

    let sentence: String
    let prospect: Prospect

    init(_ sentence: String, _ prospect: Prospect) {
        self.sentence = sentence
        self.prospect = prospect
    }
}

/// An answer judged.
struct HTTPVerdict: Equatable {
    let reading: Result<HTTPReading, HTTPFlaw>
    let ending: Turnstile.Ending
}

extension HTTPLookupSettings {
    /// Judges what came of a request; `read` applies the mapping, where there is one.
    func judge(
        _ outcome: Result<HTTPResponse, TransferFailure>, _ read: Outside.Reader
    ) -> HTTPVerdict {
        switch outcome {
        case .failure(let failure):
            let ending: Turnstile.Ending =
                switch failure.kind {
                case .cancelled, .closed: .abandoned
                // The API answers; what it says is too much.
                case .responseTooLarge: .worked
                default: .failed
                }
            let flaw =
                failure.kind == .responseTooLarge
                ? HTTPFlaw("answered with more than \(maximumAnswer / 1024) KiB", .lasting)
                : HTTPFlaw("could not be asked: \(Self.clause(failure.message))", .passing)
            return HTTPVerdict(reading: .failure(flaw), ending: ending)
        case .success(let response): return judge(response, read)
        }
    }

    private func judge(_ response: HTTPResponse, _ read: Outside.Reader) -> HTTPVerdict {
        switch response.status {
        case 200..<300:
            let isEmpty = response.status == 204 || response.body.allSatisfy { [0x20, 0x0A, 0x0D, 0x09].contains($0) }
            if isEmpty { return HTTPVerdict(reading: .success(HTTPReading()), ending: .worked) }
            guard let value = JSONValue(response.body) else {
                return HTTPVerdict(
                    reading: .failure(HTTPFlaw("answered with something that is not JSON", .passing)), ending: .worked)
            }
            return HTTPVerdict(reading: reading(of: value, response.body, read), ending: .worked)
        case 404, 410:
            return HTTPVerdict(reading: .success(HTTPReading()), ending: .worked)
        case 429:
            return refusal("was asked too often (HTTP 429)", .passing, .busy(response.retryAfter ?? .seconds(10)))
        case 300..<400:
            return refusal("redirects (HTTP \(response.status)), which is not followed", .lasting, .failed)
        case 503 where response.retryAfter != nil:
            return refusal("is busy (HTTP 503)", .passing, .busy(response.retryAfter ?? .seconds(10)))
        case 500..., 408:
            return refusal("failed (HTTP \(response.status))", .passing, .failed)
        default:
            let fault = APIFault(response)
            let facts = "HTTP \(response.status)" + (fault.code.map { ": \($0)" } ?? "")
            if fault.isOfCredentials { return refusal("refused the credentials (\(facts))", .credentials, .failed) }
            // It doesn't like this question; the next one may be fine.
            return refusal("refused the question (\(facts))", .lasting, .worked)
        }
    }

    private func refusal(
        _ words: String, _ prospect: HTTPFlaw.Prospect, _ ending: Turnstile.Ending
    ) -> HTTPVerdict {
        HTTPVerdict(reading: .failure(HTTPFlaw(words, prospect)), ending: ending)
    }

    /// What the paths and the mapping find; a path goes before the mapping.
    private func reading(
        of value: JSONValue, _ bytes: [UInt8], _ read: Outside.Reader
    ) -> Result<HTTPReading, HTTPFlaw> {
        var reading = picked(from: value)
        guard let mapping else { return .success(reading) }
        guard let mapped = read(bytes, mapping) else {
            return .failure(HTTPFlaw("answered with something that the mapping can't read", .lasting))
        }
        var unusable = 0
        for (field, text) in mapped.sorted(by: { $0.key < $1.key }) where reading.values[field] == nil {
            guard reading.values.count < Self.mostMapped, let text = OutsideText.clean(text) else {
                unusable += 1
                continue
            }
            reading.values[field] = text
        }
        if unusable > 0 {
            let flaw = "answered with \(unusable == 1 ? "a value" : "\(unusable) values") that can't be kept"
            reading.flaw = [reading.flaw, flaw].compactMap(\.self).joined(separator: "; ")
        }
        return .success(reading)
    }

    /// More fields than this are no lead's.
    private static let mostMapped = 200

    /// The values at the paths; one that is no text is left out and named.
    private func picked(from value: JSONValue) -> HTTPReading {
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
