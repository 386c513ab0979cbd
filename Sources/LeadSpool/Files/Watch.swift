// Listens to the kernel about one directory: a thread of its own that sleeps in poll() until a file was closed or moved
// in, because a blocking call has no place among tasks. What it hears is a hint; a scan finds what it misses. Used by the
// spool, and by the watch over single files.

import Dispatch
import Foundation
import Glibc
import LeadCore
import Synchronization

/// What is listened for in a directory.
struct Interest: Sendable {
    let events: UInt32
    let isWanted: @Sendable (FileName) -> Bool

    // That the directory is removed isn't told while somebody holds it open, as the spool does: a scan notices.
    private static let arriving = IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR

    /// Files that their producers have finished.
    static let arrivals = Interest(events: UInt32(arriving)) { !$0.isUnfinished }

    /// Files of these names that are written, replaced or removed.
    static func changes(of names: Set<FileName>) -> Interest {
        Interest(events: UInt32(arriving | IN_MOVED_FROM | IN_DELETE), isWanted: names.contains)
    }
}

/// The watch over one directory.
final class Watch: Sendable {
    private let end: Mutex<Int32?>
    private let isOver = DispatchSemaphore(value: 0)

    /// Watches the directory at `path` and adds what is of `interest` to `arrivals`.
    init(path: String, arrivals: Arrivals, interest: Interest = .arrivals) throws(SystemFailure) {
        let events = try system("watch the directory") { inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK)) }
        var ends: [Int32] = [-1, -1]
        do throws(SystemFailure) {
            try system("watch the directory") { inotify_add_watch(events, path, interest.events) }
            try system("watch the directory") { pipe(&ends) }
        } catch {
            close(events)
            throw error
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        end = Mutex(ends[1])
        let listener = Listener(events: events, stop: ends[0], arrivals: arrivals, interest: interest)
        let thread = Thread { [isOver] in
            // Only a running thread hands its name on to the kernel.
            Thread.current.name = "leadbell-watch"
            listener.run()
            isOver.signal()
        }
        thread.stackSize = 256 * 1024
        thread.start()
    }

    deinit { stop() }

    /// Ends the thread; when this returns, its descriptors are closed.
    func stop() {
        let end = end.withLock { end in
            defer { end = nil }
            return end
        }
        guard let end else { return }
        // The other end's hang-up is what wakes the thread.
        close(end)
        isOver.wait()
    }
}

/// What the thread does.
struct Listener: Sendable {
    let events: Int32
    let stop: Int32
    let arrivals: Arrivals
    var interest = Interest.arrivals

    private static let room = 64 * 1024

    func run() {
        defer {
            close(events)
            close(stop)
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.room, alignment: 8)
        defer { buffer.deallocate() }
        while true {
            var polled = [
                pollfd(fd: events, events: Int16(POLLIN), revents: 0), pollfd(fd: stop, events: 0, revents: 0),
            ]
            if poll(&polled, 2, -1) < 0 {
                if errno == EINTR { continue }
                return arrivals.end("could not wait for events: \(String(cString: strerror(errno)))")
            }
            if polled[1].revents != 0 { return }
            let size = read(events, buffer.baseAddress, buffer.count)
            if size < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                return arrivals.end("could not read events: \(String(cString: strerror(errno)))")
            }
            if let reason = take(UnsafeRawBufferPointer(rebasing: buffer[..<size])) { return arrivals.end(reason) }
        }
    }

    /// Adds what the events tell; gives the reason when they are the last ones.
    func take(_ events: UnsafeRawBufferPointer) -> String? {
        var names: [FileName] = []
        var loss: String?
        var end: String?
        var at = 0
        let header = MemoryLayout<inotify_event>.size
        while at + header <= events.count {
            let event = events.loadUnaligned(fromByteOffset: at, as: inotify_event.self)
            let next = at + header + Int(event.len)
            guard next <= events.count else { break }
            let mask = Int(event.mask)
            if mask & Int(IN_Q_OVERFLOW) != 0 {
                loss = "the kernel dropped events"
            } else if mask & Int(IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT) != 0 {
                end = "the directory was removed, moved or unmounted"
            } else if let name = FileName(events[(at + header)..<next].prefix { $0 != 0 }), interest.isWanted(name) {
                names.append(name)
            }
            at = next
        }
        arrivals.add(names)
        if let loss { arrivals.lose(loss) }
        return end
    }
}
