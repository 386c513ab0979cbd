// What Facebook's webhook posts, as the Webhooks reference of Meta's Graph API has it: entries of pages with changes, of
// which those of the field `leadgen` are leads, by their ids. Pure: signature, reading, and the record that the spool gets.

import Crypto
import Foundation
import LeadCore

/// The header `X-Hub-Signature-256`: HMAC-SHA256 with the app's secret over the body as it came.
struct FacebookSignature {
    private let code: [UInt8]

    /// Reads `sha256=` and 64 hexadecimal digits; nil when the header is another.
    init?(_ header: String?) {
        let prefix = "sha256="
        guard let header, header.hasPrefix(prefix), let code = Hex.bytes(String(header.dropFirst(prefix.count))),
            code.count == SHA256.byteCount
        else { return nil }
        self.code = code
    }

    /// Whether `body` was signed with `secret`; takes the same time wherever they differ.
    func signs(_ body: [UInt8], with secret: Secret) -> Bool {
        let key = SymmetricKey(data: Array(secret.revealed.utf8))
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: body, using: key)
    }
}

extension SourceDoor.Facebook {
    /// Whether `token` is the one that was agreed upon; takes the same time wherever they differ.
    func isVerified(by token: String) -> Bool {
        let own = SymmetricKey(data: SHA256.hash(data: Array(verifyToken.revealed.utf8)))
        let other = SymmetricKey(data: SHA256.hash(data: Array(token.utf8)))
        return own == other
    }
}

/// One post of the webhook.
struct FacebookNotice: Equatable {
    /// A lead, by the ids that are told of it.
    struct Lead: Equatable {
        /// `leadgen_id`, by which its answers are asked for.
        let id: String
        /// Further ids by name: form, page and ad.
        let others: [String: String]
        /// When the person sent it.
        let createdAt: Timestamp?
    }

    /// The leads, in order.
    let leads: [Lead]
    /// How many changes should have been leads and name none.
    let unreadable: Int

    /// Reads a post's body; nil when it is none of the webhook's. What pages have besides leads says nothing here.
    init?(_ body: [UInt8]) {
        do {
            let post = try JSONDecoder().decode(Post.self, from: Data(body))
            let changes = post.object == "page" ? post.entry.flatMap { $0.changes ?? [] } : []
            let told = changes.filter { $0.field == "leadgen" }
            leads = told.compactMap(\.lead)
            unreadable = told.count - leads.count
        } catch {
            return nil
        }
    }

    private struct Post: Decodable {
        let object: String
        let entry: [Entry]
    }

    private struct Entry: Decodable {
        let changes: [Change]?
    }

    private struct Change: Decodable {
        let field: String
        let lead: Lead?

        private enum Keys: String, CodingKey { case field, value }

        init(from decoder: any Decoder) throws {
            let parts = try decoder.container(keyedBy: Keys.self)
            field = try parts.decode(String.self, forKey: .field)
            guard field == "leadgen" else {
                lead = nil
                return
            }
            do {
                lead = Lead(try parts.decode([String: Scalar].self, forKey: .value))
            } catch {
                lead = nil
            }
        }
    }

    /// An id as a text or as a number, which the documentation has both; nothing for what is neither.
    fileprivate enum Scalar: Decodable {
        case text(String)
        case number(Int64)
        case other

        init(from decoder: any Decoder) throws {
            let part = try decoder.singleValueContainer()
            do {
                self = .text(try part.decode(String.self))
            } catch is DecodingError {
                // What is no whole number fails with an error of Foundation's own.
                do { self = .number(try part.decode(Int64.self)) } catch { self = .other }
            }
        }

        var text: String? {
            switch self {
            case .text(let text): text
            case .number(let number): String(number)
            case .other: nil
            }
        }
    }
}

extension FacebookNotice.Lead {
    private static let names = ["form_id", "page_id", "ad_id", "adgroup_id"]
    /// Until the year 9999.
    private static let seconds: ClosedRange<Int64> = 0...253_402_300_799

    fileprivate init?(_ value: [String: FacebookNotice.Scalar]) {
        guard let id = value["leadgen_id"]?.text, Self.isID(id) else { return nil }
        self.id = id
        var others: [String: String] = [:]
        for name in Self.names {
            if let text = value[name]?.text, Self.isID(text) { others[name] = text }
        }
        self.others = others
        let created = value["created_time"]?.text.flatMap { Int64($0) }
        createdAt = created.flatMap { Self.seconds.contains($0) ? Timestamp(milliseconds: $0 * 1000) : nil }
    }

    private static func isID(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    /// The record for the spool, by the names of the preset `facebook-lead-ads`. `leadgen_id` stands there beside the id, as
    /// what only these leads have: an enricher asks by it.
    var line: [UInt8] {
        JSONText(capacity: 256) { json in
            json.member("id", id)
            json.member("leadgen_id", id)
            for name in Self.names {
                guard let text = others[name] else { continue }
                json.key(named: name)
                json.string(text)
            }
            json.member("created_time", optional: createdAt.map { CivilTime($0).rfc3339 })
        }.bytes
    }
}
