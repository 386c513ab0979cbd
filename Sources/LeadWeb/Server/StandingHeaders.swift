// The headers that every answer carries, whichever route it comes from and whether it came from a route at all: they
// are stamped on at the connection. A route may set one of them itself, which then stays.

import Crypto
import Foundation
import HTTPTypes
import LeadCore
import NIOCore
import NIOHTTPTypes

/// What is said with every answer.
struct StandingHeaders: Sendable {
    private let rulebook: Current<Rulebook>
    private let clock: any TimeSource
    private let fixed: [HTTPField]

    init(rulebook: Current<Rulebook>, clock: any TimeSource) {
        self.rulebook = rulebook
        self.clock = clock
        fixed = Self.fixed.compactMap { name, value in
            HTTPField.Name(name).map { HTTPField(name: $0, value: value) }
        }
    }

    /// No scripts, no other hosts, no frames; styles only as they stand in the pages.
    static let contentSecurityPolicy = contentSecurityPolicy(formsLeadTo: nil)

    /// The same where a form's answer leads to another `origin`: browsers hold redirects after a post to the policy, too.
    static func contentSecurityPolicy(formsLeadTo origin: String?) -> String {
        "default-src 'none'; style-src '\(Stylesheet.source)'; form-action 'self'\(origin.map { " " + $0 } ?? ""); "
            + "base-uri 'none'; frame-ancestors 'none'"
    }

    private static let fixed = [
        ("Content-Security-Policy", contentSecurityPolicy),
        ("Referrer-Policy", "no-referrer"),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Robots-Tag", "noindex, nofollow, noarchive"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]

    /// Adds what `fields` doesn't have yet.
    func stamp(_ fields: inout HTTPFields) {
        for field in fixed where !fields.contains(field.name) { fields.append(field) }
        if rulebook.now.site.url.hasPrefix("https://") {
            fields[.strictTransportSecurity] = "max-age=31536000"
        }
        // RFC 9110, section 5.6.7: the zone is written GMT.
        fields[.date] = CivilTime(clock.now()).rfc5322.replacing("+0000", with: "GMT")
    }
}

/// Puts the standing headers on each answer of a connection.
final class HeaderStamp: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let headers: StandingHeaders

    init(headers: StandingHeaders) { self.headers = headers }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        headers.stamp(&head.headerFields)
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}
