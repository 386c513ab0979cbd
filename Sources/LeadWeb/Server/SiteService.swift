// Serves a router over HTTP/1.1 within the limits of the settings. Hummingbird's own application is not used, because
// it keeps a timer that wakes the daemon each second for the `Date` header; here the date is written when it is needed.
// Nothing of a request is logged, since its path holds a token.

import Hummingbird
import HummingbirdCore
import LeadCore
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle

/// The server as a service.
struct SiteService<Responder: HTTPResponder>: Service where Responder.Context == BasicRequestContext {
    let responder: Responder
    let settings: WebSettings
    let rulebook: Current<Rulebook>
    let clock: any TimeSource
    let logger: Logger
    let onReady: @Sendable (Int) async -> Void

    /// Somebody waits for each answer, and nobody for a message to leave: where priorities count, answers go first.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(priority: .userInitiated) { try await serve() }
            try await group.waitForAll()
        }
    }

    private func serve() async throws {
        let server = try HTTPServerBuilder.http1(configuration: channelConfiguration).buildServer(
            configuration: ServerConfiguration(address: address, backlog: 1024),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: libraryLogger,
            responder: { request, writer, channel in
                var response = try await respond(to: request, over: channel)
                if request.method == .head { response = response.createHeadResponse() }
                try await writer.write(response: response.head, body: response.body)
            },
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? 0) })
        try await server.run()
    }

    private func respond(to request: Request, over channel: any NIOCore.Channel) async throws -> Response {
        var contextLogger = libraryLogger
        contextLogger[metadataKey: "hb.request.id"] = .stringConvertible(RequestID())
        let context = BasicRequestContext(source: .init(channel: channel, logger: contextLogger))
        do {
            return try await responder.respond(to: request, context: context)
        } catch let error as HTTPParserError {
            // The connection answers what can't be parsed with 400 and closes.
            throw error
        } catch {
            logger.error("A request was answered with 500: \(type(of: error)).")
            return Response(status: .internalServerError)
        }
    }

    private var address: BindAddress {
        switch settings.listen {
        case .tcp(let host, let port): .hostname(host, port: port)
        case .unix(let path): .unixDomainSocket(path: path)
        }
    }

    private var channelConfiguration: HTTP1Channel.Configuration {
        let limit = ConnectionLimit(maximum: settings.maximumConnections)
        let headers = StandingHeaders(rulebook: rulebook, clock: clock)
        let deadline = TimeAmount.milliseconds(settings.requestDeadline.milliseconds)
        return HTTP1Channel.Configuration(
            additionalChannelHandlers: [HeaderStamp(headers: headers), RequestGuard(deadline: deadline, limit: limit)],
            idleTimeout: .milliseconds(settings.keepAlive.milliseconds),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: settings.maximumHeaderBytes, maxHeaderListSize: settings.maximumHeaderBytes,
                maxHeaderFieldCount: settings.maximumHeaderCount))
    }

    /// Hummingbird's own messages below a warning can hold a request's path, and so a token.
    private var libraryLogger: Logger {
        var quiet = logger
        quiet.logLevel = max(quiet.logLevel, .warning)
        return quiet
    }
}
