// What was said between us and a webhook, for whoever tries a channel out: without the address, and of the peer's headers
// only those that are of interest, since others may be secrets of theirs. Pure.

import Curl
import LeadCore

enum WebhookDialogue {
    private static let told: Set<String> = ["content-type", "retry-after", "content-length", "date", "server"]

    /// The request and its answer in lines, without any of `secrets`.
    static func lines(
        _ request: HTTPRequest, _ answer: Result<HTTPResponse, TransferFailure>, hiding secrets: [Secret]
    ) -> [String] {
        let words = PeerWords(secrets: secrets)
        var lines = ["> \(request.method.rawValue) ‹the address›"]
        lines += request.headers.map { name, value in
            let hides = name == "webhook-signature" || name.lowercased() == "authorization"
            return "> \(name): \(hides ? "…" : value)"
        }
        lines += [">", "> \(String(decoding: request.body, as: UTF8.self))"]
        switch answer {
        case .failure(let failure): lines.append("no full answer: \(failure.message)")
        case .success(let response):
            lines.append("< HTTP \(response.status)")
            lines += response.headers.filter { told.contains($0.name.lowercased()) }.map { name, value in
                "< \(name): \(words.quote(Array(value.utf8)) ?? "…")"
            }
            lines.append("<")
            if let body = words.quote(response.body) { lines.append("< \(body)") }
        }
        return lines
    }
}
