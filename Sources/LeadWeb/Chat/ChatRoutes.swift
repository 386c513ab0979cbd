// The doors of chats: where presses of buttons come in, and forms that were filled in. A press is answered at once, since the
// chat waits three seconds at most, and acted upon after that; whoever pressed hears in the chat what there is to hear. A form
// shows what came of it where that is known within that time. What isn't genuine, is too old or comes a second time is refused
// and changes nothing.

import Hummingbird
import LeadCore
import Logging
import Synchronization

/// Where chats post presses.
struct ChatRoutes: Sendable {
    let doors: Current<[ChannelID: any ChatDoor]>
    let desk: ChatDesk
    let clock: any TimeSource
    let logger: Logger
    private let stamps: PressStamps
    private let room = PressRoom(most: 256)

    /// A press carries the whole message with its lists, written as a form.
    private static let mostBytes = 524_288
    /// How long a form waits for what comes of it; the chat gives up after three seconds.
    private static let patience: Duration = .seconds(2)

    init(doors: Current<[ChannelID: any ChatDoor]>, desk: ChatDesk, clock: any TimeSource, logger: Logger) {
        stamps = PressStamps(since: clock.now())
        self.doors = doors
        self.desk = desk
        self.clock = clock
        self.logger = logger
    }

    func add(to router: Router<BasicRequestContext>) {
        router.post("/chat/{channel}") { request, context in
            await take(request, ChannelID(context.parameters.get("channel") ?? ""))
        }
    }

    private func take(_ request: Request, _ channel: ChannelID) async -> Response {
        guard let door = doors.now[channel] else { return Response(status: .notFound) }
        let body: [UInt8]
        switch await request.rawForm(atMost: Self.mostBytes) {
        case .bytes(let bytes): body = bytes
        case .refused(let status): return Response(status: status).closing
        }
        let now = clock.now()
        switch door.read(body, header: { request.header($0) }, at: now) {
        case .forged: return refused("not signed by the chat", .unauthorized, channel)
        case .old: return refused("signed too long ago", .unauthorized, channel)
        case .unreadable: return refused("not what the chat's documentation says", .badRequest, channel)
        case .nothing: return Response(status: .ok)
        case .press(let press):
            // Whoever finds no room may press again, and be it by the very same post.
            guard room.enter() else { return Response(status: .serviceUnavailable) }
            guard stamps.isFirst(press, at: now) else {
                room.leave()
                return refused("came before, or may have come before this start", .conflict, channel)
            }
            if press.origin == .form { return await submit(press, by: door) }
            Task {
                if let response = await desk.take(press, in: door.id) { await tell(response, to: press, by: door) }
                room.leave()
            }
            return Response(status: .ok)
        }
    }

    /// Acts upon a form that was filled in. Its post waits for what comes of it, so that the form closes or says why not.
    private func submit(_ press: ChatPress, by door: any ChatDoor) async -> Response {
        let handover = Handover()
        Task {
            let response = await desk.take(press, in: door.id)
            if !handover.leave(response), let response { await tell(response, to: press, by: door) }
            room.leave()
        }
        let answer: ChatAnswer
        switch await handover.take(until: clock.now() + Self.patience, by: clock) {
        case .left(.answer(let known)): answer = known
        case .left: return Response(status: .ok)
        case .late: answer = desk.delay(of: press, in: door.id)
        }
        return Response(
            status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(bytes: door.reply(answer, to: press))))
    }

    private func tell(_ response: ChatResponse, to press: ChatPress, by door: any ChatDoor) async {
        switch response {
        case .answer(let answer):
            if let reason = await door.answer(answer, to: press).failure {
                logger.warning(
                    "An answer to a press in a chat didn't arrive: \(reason).", metadata: ["channel": "\(door.id)"])
            }
        case .form(let form, let otherwise, let visit):
            if let reason = await door.open(form, for: press).failure {
                logger.warning(
                    "A form could not be opened in a chat: \(reason).",
                    metadata: ["channel": "\(door.id)", "case": "\(form.target.caseID)"])
                await tell(.answer(otherwise), to: press, by: door)
            }
            if let visit { await desk.desk.note(visit, of: form.target.caseID) }
        }
    }

    private func refused(_ why: String, _ status: HTTPResponse.Status, _ channel: ChannelID) -> Response {
        logger.warning("A press in a chat was refused: \(why).", metadata: ["channel": "\(channel)"])
        return Response(status: status)
    }
}

/// The presses of the last minutes, so that one that was copied on the way does nothing the second time. Only genuine ones
/// come here, and old ones are refused, so it holds no more than people press. What a former run has seen isn't known, so a
/// press that was signed before this one began counts as seen: nobody listened then who could have taken it but that run.
final class PressStamps: Sendable {
    private let seen = Mutex<[String: Timestamp]>([:])
    private let start: Timestamp

    /// Twice as long as a press may be old, or ahead.
    private static let memory: Duration = .seconds(600)
    /// When forgotten ones are swept out.
    private static let many = 4_096

    /// Stamps of a run that began at `start`. Chats sign whole seconds, so that one counts as after it.
    init(since start: Timestamp) { self.start = Timestamp(milliseconds: start.milliseconds / 1000 * 1000) }

    /// Whether `press` has not come before.
    func isFirst(_ press: ChatPress, at now: Timestamp) -> Bool {
        // A start that is still to come was read off a clock that has been set back, and says nothing.
        guard press.at >= start || start > now else { return false }
        return seen.withLock { seen in
            if seen.count >= Self.many { seen = seen.filter { $0.value + Self.memory > now } }
            return seen.updateValue(press.at, forKey: press.stamp) == nil
        }
    }
}

/// How many presses are acted upon at once: more mean that the store hangs, and those who press had better hear of it.
final class PressRoom: Sendable {
    private let count = Mutex(0)
    private let most: Int

    init(most: Int) { self.most = most }

    /// Takes a place; false when there is none.
    func enter() -> Bool {
        count.withLock { count in
            guard count < most else { return false }
            count += 1
            return true
        }
    }

    /// Gives it back.
    func leave() { count.withLock { $0 -= 1 } }
}

/// Where what comes of a form is left for the post that sent it, which doesn't wait for ever.
private final class Handover: Sendable {
    enum Outcome {
        case left(ChatResponse?)
        case late
    }
    private let outcome = Mutex<Outcome?>(nil)
    private let bell = Bell()

    /// Leaves `response`; false when nobody waits for it any more.
    func leave(_ response: ChatResponse?) -> Bool {
        defer { bell.ring() }
        return outcome.withLock { outcome in
            guard outcome == nil else { return false }
            outcome = .left(response)
            return true
        }
    }

    /// What was left by `deadline`.
    func take(until deadline: Timestamp, by clock: any TimeSource) async -> Outcome {
        await clock.wait(until: deadline, or: bell)
        return outcome.withLock { outcome in
            let known = outcome ?? .late
            outcome = known
            return known
        }
    }
}

/// A form's body as it came, for a signature over its bytes.
private enum RawForm {
    case bytes([UInt8])
    case refused(HTTPResponse.Status)
}

extension Request {
    fileprivate func rawForm(atMost limit: Int) async -> RawForm {
        let type = headers[.contentType]?.prefix { $0 != ";" }.lowercased()
        guard type == "application/x-www-form-urlencoded" else { return .refused(.unsupportedMediaType) }
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit {
            return .refused(.contentTooLarge)
        }
        var bytes: [UInt8] = []
        do {
            for try await part in body {
                guard bytes.count + part.readableBytes <= limit else { return .refused(.contentTooLarge) }
                bytes.append(contentsOf: part.readableBytesView)
            }
        } catch {
            // The connection broke off; nobody reads this answer.
            return .refused(.badRequest)
        }
        return .bytes(bytes)
    }
}
