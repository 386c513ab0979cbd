// What an API says of why it refused, as far as a program is meant to read it: codes and kinds, never sentences, which may
// repeat the question or the token. Pure.

import Curl
import LeadCore

/// The codes in an API's refusal.
struct APIFault: Equatable {
    /// "OAuthException 190"; nil when it gives none.
    let code: String?
    /// True when it says that what it was asked with is no good.
    let isOfCredentials: Bool

    /// Reads the body, and the challenge of RFC 6750, which some send with the status 400.
    init(_ response: HTTPResponse) {
        let body = response.body.count <= 65_536 ? JSONValue(response.body) : nil
        let words = Self.words(body)
        code = words.isEmpty ? nil : words.joined(separator: " ")
        let challenge = response.header("WWW-Authenticate")?.lowercased() ?? ""
        isOfCredentials =
            [401, 403].contains(response.status) || challenge.contains("invalid_token")
            || Self.badCredentials.contains(code?.lowercased() ?? "")
            || words.contains { Self.badCredentials.contains($0.lowercased()) }
    }

    /// The members by which APIs give codes, of the error or of the whole: `{"error": {"type", "code"}}` as Graph has it,
    /// `{"error": "invalid_token"}` as OAuth has it, `[{"errorCode": "INVALID_SESSION_ID"}]` as Salesforce has it.
    private static func words(_ body: JSONValue?) -> [String] {
        switch body {
        case .list(let items): return words(items.first)
        case .object(let members):
            if let error = members["error"] {
                if case .object = error { return words(error) }
                return [word(error)].compactMap(\.self)
            }
            return ["errorCode", "type", "code"].compactMap { members[$0].flatMap(word) }
        default: return []
        }
    }

    /// A number or one word; neither a sentence nor anything as long as a token.
    private static func word(_ value: JSONValue) -> String? {
        switch value {
        case .number(let digits): return digits.utf8.count <= 8 ? digits : nil
        case .text(let text):
            let isWord = text.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == UInt8(ascii: "_")
            }
            return isWord && (1...32).contains(text.utf8.count) ? text : nil
        default: return nil
        }
    }

    /// By which APIs say so.
    private static let badCredentials: Set<String> = [
        "invalid_token", "expired_token", "token_expired", "invalid_grant", "invalid_session_id", "oauthexception 190",
        "oauthexception 102", "unauthenticated", "expired_authentication", "invalid_authentication",
    ]
}
