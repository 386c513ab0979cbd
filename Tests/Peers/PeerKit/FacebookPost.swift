// Posts as Facebook's webhook sends them, signed with the app's secret.

import Crypto

/// A post of the webhook of lead ads.
public enum FacebookPost {
    /// What was agreed upon where the webhook was subscribed.
    public static let verifyToken = "agreed-upon-0123456789"
    /// The app's.
    public static let secret = "0123456789abcdef0123456789abcdef"

    /// A page's post of `changes`, each in an entry of its own.
    public static func body(_ changes: [String]) -> String {
        let entries = changes.map { #"{"id":"page-7","time":1795446000,"changes":[\#($0)]}"# }
        return #"{"object":"page","entry":[\#(entries.joined(separator: ","))]}"#
    }

    /// A lead of that id, which Facebook writes as a text or as a number.
    public static func lead(_ id: String, asNumber: Bool = false) -> String {
        let id = asNumber ? id : "\"\(id)\""
        return #"{"field":"leadgen","value":{"leadgen_id":\#(id),"form_id":"222","page_id":"333","ad_id":444,"#
            + #""adgroup_id":"555","created_time":1795445940}}"#
    }

    /// The header's value for `body`.
    public static func signature(_ body: String, secret: String = secret) -> String {
        let key = SymmetricKey(data: Array(secret.utf8))
        let code = HMAC<SHA256>.authenticationCode(for: Array(body.utf8), using: key)
        return "sha256=" + code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
