// Facebook's webhook against a real spool: who may verify it, what is Facebook's, and that each lead that is told of is
// durable before the answer, and once.

import Foundation
import LeadCore
import LeadTestKit
import PeerKit
import Testing

@testable import LeadWeb

@Suite("Facebook's webhook", .timeLimit(.minutes(1)))
struct FacebookRoutesTests {
    @Test("who knows the token gets the challenge back, and nobody else")
    func verification() async throws {
        try await IntakeSite.run { site in
            let verify = { (query: String) in
                try await site.site.send("GET", "/v1/facebook/fb?" + query)
            }
            let token = FacebookPost.verifyToken
            let good = try await verify("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=\(token)")
            #expect(good.status == 200 && good.body == "1158201444")
            #expect(good.headers["content-type"] == "text/plain; charset=utf-8")
            let bad = [
                "", "hub.mode=subscribe&hub.challenge=1", "hub.mode=subscribe&hub.verify_token=\(token)",
                "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=\(token)",
                "hub.mode=subscribe&hub.challenge=1&hub.verify_token=\(token)0",
                "hub.mode=subscribe&hub.challenge=1&hub.verify_token=\(token.dropLast())",
                "hub.mode=subscribe&hub.challenge=1&hub.verify_token=",
                "hub.mode=subscribe&hub.challenge=%3Cscript%3E%20x&hub.verify_token=\(token)",
                "hub.mode=subscribe&hub.challenge=\(String(repeating: "1", count: 300))&hub.verify_token=\(token)",
            ]
            for query in bad {
                let answer = try await verify(query)
                #expect(answer.status == 403 && !answer.body.contains("script"), "\(query)")
            }
            #expect(try await site.site.send("GET", "/v1/facebook/crm?hub.mode=subscribe").status == 404)
        }
    }

    @Test("a signed post's leads are in the spool before the answer, by their ids, whichever way these are written")
    func leads() async throws {
        try await IntakeSite.run { site in
            let body = FacebookPost.body([
                FacebookPost.lead("1111111111111111"), FacebookPost.lead("9007199254740993", asNumber: true),
            ])
            let answer = try await site.site.postFacebook(body)
            #expect(answer.status == 200, "\(answer.body)")
            let leads = try site.leads(of: "fb")
            #expect(leads.map(\.key.text) == ["id:fb:1111111111111111", "id:fb:9007199254740993"])
            let lead = try #require(leads.first?.lead)
            let expected: [FieldName: String] = [
                .id: "1111111111111111", "leadgen_id": "1111111111111111", "form_id": "222", "page_id": "333",
                "ad_id": "444", "adgroup_id": "555", .createdAt: "2026-11-23T14:59:00Z", .source: "fb",
            ]
            #expect(lead.values.mapValues(\.text) == expected)
        }
    }

    @Test("a post that comes again is the same leads; one of several entries and changes is several")
    func redelivery() async throws {
        try await IntakeSite.run { site in
            let both = FacebookPost.lead("2") + "," + FacebookPost.lead("3")
            let body = FacebookPost.body([FacebookPost.lead("1"), both])
            for _ in 0..<3 { #expect(try await site.site.postFacebook(body).status == 200) }
            // Joined otherwise, as after a failure.
            #expect(try await site.site.postFacebook(FacebookPost.body([both])).status == 200)
            let keys = try site.leads(of: "fb").map(\.key.text)
            #expect(keys.count == 11 && Set(keys) == ["id:fb:1", "id:fb:2", "id:fb:3"])
        }
    }

    @Test("what is not signed with the app's secret over these very bytes is refused, and nothing is taken")
    func forged() async throws {
        try await IntakeSite.run { site in
            let body = FacebookPost.body([FacebookPost.lead("1")])
            let good = FacebookPost.signature(body)
            let signatures: [String?] = [
                nil, "", "sha256=", "sha1=" + good.dropFirst(7), String(good.dropLast()), good + "00",
                String(good.dropLast()) + (good.hasSuffix("0") ? "1" : "0"),
                "sha256=" + String(repeating: "g", count: 64),
                FacebookPost.signature(body, secret: "another"), FacebookPost.signature(body + " "),
            ]
            for signature in signatures {
                let answer = try await site.site.postFacebook(body, signature: signature)
                #expect(answer.status == 403, "\(signature ?? "none")")
                #expect(answer.headers["content-type"] == "application/problem+json")
                #expect(!answer.body.contains(FacebookPost.secret))
            }
            // Capital digits are the same code.
            #expect(
                try await site.site.postFacebook(body, signature: "sha256=" + good.dropFirst(7).uppercased()).status
                    == 200)
            #expect(try await site.site.postFacebook(body + "\n", signature: good).status == 403)
            #expect(try await site.site.postFacebook(body, to: "crm").status == 404)
            let long = FacebookPost.body([FacebookPost.lead(String(repeating: "1", count: 1_100_000))])
            #expect(try await site.site.postFacebook(long).status == 413)
            #expect(try site.leads(of: "fb").count == 1)
        }
    }

    @Test("what a page has besides leads is answered and nothing; what should be a lead and names none spoils no other")
    func others() async throws {
        try await IntakeSite.run { site in
            let nothing = [
                FacebookPost.body([#"{"field":"feed","value":{"item":"like","verb":"add"}}"#]),
                FacebookPost.body([#"{"field":"messages","value":"text"}"#]), FacebookPost.body([]),
                #"{"object":"page","entry":[{"id":"1","time":1,"messaging":[{"x":1}]}]}"#,
                #"{"object":"user","entry":[{"id":"1","time":1,"changes":[{"field":"leadgen","value":{"leadgen_id":"1"}}]}]}"#,
            ]
            for body in nothing { #expect(try await site.site.postFacebook(body).status == 200, "\(body)") }
            let bad = [
                "", "x", "[]", "{}", "null", #"{"object":"page"}"#, #"{"object":7,"entry":[]}"#,
                #"{"object":"page","entry":{}}"#, String(repeating: "[", count: 100_000),
                FacebookPost.body([#"{"field":"leadgen"}"#]), FacebookPost.body([#"{"field":"leadgen","value":7}"#]),
                FacebookPost.body([#"{"field":"leadgen","value":{"leadgen_id":""}}"#]),
                FacebookPost.body([#"{"field":"leadgen","value":{"leadgen_id":{"a":1}}}"#]),
                FacebookPost.body([#"{"field":"leadgen","value":{"leadgen_id":"1 2"}}"#]),
                FacebookPost.body([
                    #"{"field":"leadgen","value":{"leadgen_id":"\#(String(repeating: "1", count: 65))"}}"#
                ]),
            ]
            for body in bad { #expect(try await site.site.postFacebook(body).status == 400, "\(body.prefix(99))") }
            #expect(try site.leads(of: "fb").isEmpty)
            let mixed = [#"{"field":"leadgen","value":{}}"#, FacebookPost.lead("5")]
            #expect(try await site.site.postFacebook(FacebookPost.body(mixed)).status == 200)
            #expect(try site.leads(of: "fb").map(\.key.text) == ["id:fb:5"])
            // Of what else is told, only what is an id is kept.
            let odd =
                #"{"field":"leadgen","value":{"leadgen_id":"6","form_id":[1],"ad_id":null,"created_time":"soon"}}"#
            #expect(try await site.site.postFacebook(FacebookPost.body([odd])).status == 200)
            // What no number of ours holds is no id, and no reason to refuse all that came with it.
            for number in ["2.5", "1e-3", "9300000000000000000"] {
                let fields = #"{"field":"leadgen","value":{"leadgen_id":\#(number)}}"#
                #expect(try await site.site.postFacebook(FacebookPost.body([fields])).status == 400, "\(number)")
                let lead = #"{"field":"leadgen","value":{"leadgen_id":"6","ad_id":\#(number)}}"#
                #expect(try await site.site.postFacebook(FacebookPost.body([fields, lead])).status == 200, "\(number)")
            }
            let last = try #require(try site.leads(of: "fb").last)
            #expect(last.key.text == "id:fb:6" && last.lead[.createdAt] == nil && last.lead["form_id"] == nil)
        }
    }

    @Test("what can't be made durable is not answered with 200, so that it comes again")
    func broken() async throws {
        try await IntakeSite.run { site in
            let incoming = site.folder + "/fb/incoming"
            try FileManager.default.removeItem(atPath: incoming)
            let body = FacebookPost.body([FacebookPost.lead("1")])
            let answer = try await site.site.postFacebook(body)
            #expect(answer.status == 503 && answer.headers["retry-after"] != nil)
            try FileManager.default.createDirectory(atPath: incoming, withIntermediateDirectories: false)
            #expect(try await site.site.postFacebook(body).status == 200)
            #expect(try site.leads(of: "fb").count == 1)
        }
    }
}

extension RunningSite {
    /// Posts `body` to the webhook of `source` with that signature, its own unless told.
    func postFacebook(
        _ body: String, signature: String?? = .none, to source: String = "fb", type: String = "application/json"
    ) async throws -> Answer {
        var lines = [
            "POST /v1/facebook/\(source) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: close",
            "Content-Type: \(type)", "Content-Length: \(body.utf8.count)",
        ]
        if let text = signature ?? FacebookPost.signature(body) { lines.append("X-Hub-Signature-256: \(text)") }
        return try await exchange(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
    }
}
