// What a Teams webhook's answer of 2xx means. 202 says that the flow has taken the card over, which is all that can
// be known; but a body may report an error in spite of the status, as the old connectors did. Pure.

import Curl
import Foundation
import LeadCore

enum TeamsAnswer {
    /// The outcome of an answer with a status of 2xx.
    static func outcome(of response: HTTPResponse, quote: ([UInt8]) -> String?) -> DeliveryOutcome {
        guard let complaint = Complaint(in: response.body) else { return .sent(detail: "HTTP \(response.status)") }
        let words = quote(Array(complaint.words.utf8)).map { ": \($0)" } ?? ""
        let reason = "HTTP \(response.status) from the webhook, but with an error inside\(words)"
        guard let status = complaint.status else { return .failed(reason: reason) }
        return WebhookAnswer.outcome(status: status, retryAfter: response.retryAfter, reason: reason)
    }

    /// An error that a body tells of.
    private struct Complaint {
        let words: String
        /// The status that it names.
        let status: Int?

        init?(in body: [UInt8]) {
            guard Self.mayComplain(body) else { return nil }
            // Whatever else JSON holds (a flow may answer with the card itself) is no complaint, whatever it says; what
            // is no JSON is read as text.
            switch AnswerBody(body) {
            case .object(let members): self.init(members: members)
            case .otherJSON: return nil
            case .noJSON: self.init(text: String(decoding: body, as: UTF8.self))
            }
        }

        /// False for nearly every answer: without these words, as they are, escaped or in UTF-16, there is no complaint.
        private static func mayComplain(_ body: [UInt8]) -> Bool {
            guard !body.isEmpty else { return false }
            if body.contains(where: { $0 == UInt8(ascii: "\\") || $0 == 0 }) { return true }
            let lower = body.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
            return lower.firstRange(of: Array("error".utf8)) != nil
                || lower.firstRange(of: Array("statuscode".utf8)) != nil
        }

        /// `{"error":{"code","message"}}`, or `{"statusCode":429,"message"}`.
        private init?(members: [String: Any]) {
            let code = members["statusCode"] as? Int
            let error = members["error"].flatMap { $0 is NSNull ? nil : $0 }
            if let error {
                let parts = error as? [String: Any]
                let said: [Any?] = parts.map { [$0["code"], $0["message"]] } ?? [error]
                words = said.compactMap(Self.words).joined(separator: ": ")
                status = Self.status(in: words[...]) ?? code
            } else if let code, code >= 400 {
                words = Self.words(members["message"]) ?? "status \(code)"
                status = code
            } else {
                return nil
            }
        }

        /// "… failed with error: … returned HTTP error 429 with ContextId …"
        private init?(text: String) {
            let lower = text.lowercased()
            guard let error = lower.firstRange(of: "error") else { return nil }
            words = text
            status = Self.status(in: lower[error.upperBound...])
        }

        private static func words(_ value: Any?) -> String? {
            switch value {
            case let text as String: text
            case let number as NSNumber: number.stringValue
            default: nil
            }
        }

        /// The first number from 400 to 599 that stands alone.
        private static func status(in text: Substring) -> Int? {
            text.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.lazy.compactMap { Int($0) }
                .first { (400...599).contains($0) }
        }
    }
}
