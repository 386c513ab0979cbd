// What a request gets that no route answers, and what it gets when a route fails: a plain page, the same for every
// unknown path, so that nothing can be learnt by trying.

import Hummingbird
import LeadCore
import Logging
import NIOHTTP1

/// Turns errors of the routes into pages.
struct PlainAnswers: RouterMiddleware {
    typealias Context = BasicRequestContext

    let rulebook: Current<Rulebook>
    let logger: Logger

    func handle(
        _ request: Request, context: BasicRequestContext,
        next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPParserError {
            throw error
        } catch let error as HTTPError where error.status == .notFound {
            return .page(PlainPage.unknownLink(site: rulebook.now.site), status: .notFound)
        } catch let error as HTTPError where (400..<500).contains(error.status.code) {
            return .page(PlainPage.badRequest(site: rulebook.now.site), status: error.status)
        } catch {
            // The error's own text may quote the request, so only its kind is logged.
            logger.error("A page could not be made: \(type(of: error)).")
            return .page(PlainPage.failed(site: rulebook.now.site), status: .internalServerError)
        }
    }
}

extension Response {
    /// A page as HTML.
    static func page(_ page: some WebPage, status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: page.html)))
    }

    /// To the same address by GET, with `query`; the address itself holds the token and so stands in no header.
    static func seeOther(query: String) -> Response {
        Response(status: .seeOther, headers: [.location: "?\(query)"])
    }
}
