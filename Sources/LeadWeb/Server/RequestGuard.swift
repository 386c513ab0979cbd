// Watches over one connection: each request must be read and answered before its deadline, however slowly it drips in
// or its answer is taken; and after an answer that says `Connection: close` nothing more is read. On failure it just
// closes.

import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes a connection whose request isn't over in time.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let deadline: TimeAmount
    private let limit: ConnectionLimit
    private var progress = Progress()
    private var timer: Scheduled<Void>?
    /// While the connection waits.
    private var ticket: Int?
    /// Whether the connection counts as one that is being answered.
    private var isAnswering = false

    init(deadline: TimeAmount, limit: ConnectionLimit) {
        self.deadline = deadline
        self.limit = limit
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stopTimer()
        if let ticket { limit.left(ticket) } else if isAnswering { limit.answered() }
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { stopTimer() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch progress.reads(unwrapInboundIn(data)) {
        case .pass: break
        case .drop: return
        case .startTimer: startTimer(context)
        case .answer:
            if let ticket { limit.answers(ticket) }
            ticket = nil
            isAnswering = true
        case .over: stopTimer()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part = unwrapOutboundIn(data)
        progress.writes(part)
        guard case .end = part else { return context.write(data, promise: promise) }
        let written = promise ?? context.eventLoop.makePromise()
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        written.futureResult.whenSuccess { bound.value.handler.answerWritten(bound.value.context) }
        context.write(data, promise: written)
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard ticket == nil else { return }
        // The limit may refuse the connection, which is over then before there is a ticket.
        ticket = limit.waits(context.channel)
        if context.channel.isActive { startTimer(context) }
    }

    private func answerWritten(_ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        switch progress.answerWritten() {
        case .goOn: break
        case .over:
            stopTimer()
            waitAgain(context)
        case .close:
            // Closing at once would make the kernel reset the connection and lose the answer while bytes are unread; so
            // the peer sees the end and has until the deadline to close its side.
            waitAgain(context)
            if timer == nil { startTimer(context) }
            context.close(mode: .output, promise: nil)
        }
    }

    private func waitAgain(_ context: ChannelHandlerContext) {
        guard ticket == nil else { return }
        limit.answered()
        isAnswering = false
        ticket = limit.waits(context.channel)
    }

    private func startTimer(_ context: ChannelHandlerContext) {
        stopTimer()
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: deadline) { bound.value.close(promise: nil) }
    }

    private func stopTimer() {
        timer?.cancel()
        timer = nil
    }
}

extension RequestGuard {
    /// How far a connection's requests are; pure, so that it can be tested without a connection.
    struct Progress: Equatable {
        private var isFirst = true
        private var isReading = false
        private var answersDue = 0
        private var closes = false

        enum ReadAction: Equatable { case pass, drop, startTimer, answer, over }
        enum WrittenAction: Equatable { case goOn, over, close }

        /// A part of a request has come in.
        mutating func reads(_ part: HTTPRequestPart) -> ReadAction {
            if closes { return .drop }
            switch part {
            case .head:
                let isAlone = !isReading && answersDue == 0
                isReading = true
                answersDue += 1
                // The first request's time runs since the connection was opened.
                defer { isFirst = false }
                return isAlone && !isFirst ? .startTimer : .pass
            case .body: return .pass
            case .end:
                isReading = false
                // The answer may have gone out before the request was read to its end.
                return answersDue > 0 ? .answer : .over
            }
        }

        /// A part of an answer goes out.
        mutating func writes(_ part: HTTPResponsePart) {
            if case .head(let head) = part, head.headerFields[.connection] == "close" { closes = true }
        }

        /// The end of an answer is in the kernel's hands.
        mutating func answerWritten() -> WrittenAction {
            answersDue -= 1
            if closes { return .close }
            return isReading || answersDue > 0 ? .goOn : .over
        }
    }
}
