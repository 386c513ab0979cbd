// `/healthz`, `/readyz` and a plain line at `/`, for whoever watches the daemon.

import Foundation
import Hummingbird
import LeadCore

/// What monitoring asks for.
struct HealthRoutes: Sendable {
    let health: any HealthSource
    let rulebook: Current<Rulebook>

    func add(to router: Router<BasicRequestContext>) {
        router.get("/healthz") { _, _ in try Self.answer(await health.liveness()) }
        router.get("/readyz") { _, _ in try Self.answer(await health.readiness()) }
        router.get("/") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: "leadbell serves \(rulebook.now.site.name).\n")))
        }
    }

    private struct Report: Encodable {
        let status: String
        let checks: [HealthCheck]
    }

    private static func answer(_ checks: [HealthCheck]) throws -> Response {
        let isWell = checks.allSatisfy(\.isWell)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let body = try encoder.encode(Report(status: isWell ? "ok" : "failing", checks: checks))
        return Response(
            status: isWell ? .ok : .serviceUnavailable, headers: [.contentType: "application/json; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}
