// What systemd is told: readiness, status, reload, stop and the watchdog's sign of life. Silent without NOTIFY_SOCKET.
// Protocol: sd_notify(3), datagrams to a path or an abstract name.

import Foundation
import LeadCore
import Logging
import ServiceLifecycle

/// Sends notifications to the service manager.
struct ServiceNotifier: Sendable {
    private let socket: String?
    /// How often a sign of life is due; nil without a watchdog.
    let watchdog: Duration?

    /// A notifier for the process whose environment this is.
    init(environment: [String: String], process: Int32 = getpid()) {
        socket = environment["NOTIFY_SOCKET"]
        let isForUs = environment["WATCHDOG_PID"].map { $0 == "\(process)" } ?? true
        watchdog = environment["WATCHDOG_USEC"].flatMap(Int64.init).flatMap { microseconds in
            isForUs && microseconds > 0 ? .microseconds(microseconds / 2) : nil
        }
    }

    /// Sends `message`, such as `READY=1`; what went wrong, in words, or nil.
    @discardableResult
    func send(_ message: String) -> String? {
        guard let socket, !socket.isEmpty else { return nil }
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return "no socket: \(String(cString: strerror(errno)))" }
        defer { Glibc.close(descriptor) }
        guard let (address, length) = unixAddress(socket) else { return "NOTIFY_SOCKET is too long" }
        let sent = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, message, message.utf8.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
        return sent < 0 ? String(cString: strerror(errno)) : nil
    }
}

/// A Unix socket's address; a leading `@` stands for the abstract name space. Nil when the path is too long.
func unixAddress(_ path: String) -> (sockaddr_un, socklen_t)? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(path.utf8)
    if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard !bytes.isEmpty, bytes.count < room else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let prefix = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
    return (address, socklen_t(prefix + bytes.count + (bytes[0] == 0 ? 0 : 1)))
}

/// The watchdog's sign of life, given only while every loop moves.
struct Watchdog: Service {
    let notifier: ServiceNotifier
    let health: any HealthSource
    let clock: any TimeSource
    let log: Logger

    func run() async throws {
        guard let interval = notifier.watchdog else { return try await gracefulShutdown() }
        await cancelWhenGracefulShutdown {
            let never = Bell()
            while !Task.isCancelled {
                let stuck = await health.liveness().filter { !$0.isWell }
                if stuck.isEmpty {
                    notifier.send("WATCHDOG=1")
                } else {
                    log.critical(
                        "no sign of life to the watchdog",
                        metadata: ["stuck": "\(stuck.map(\.name).joined(separator: ","))"])
                }
                await clock.wait(until: clock.now() + interval, or: never)
            }
        }
    }
}
