// What a rush of leads leaves on the heap: the C library keeps it for the next one, some sixty megabytes of which an idle
// daemon needs six. It goes back to the system once the daemon has come to rest.

import CMemory
import Foundation
import Logging
import Synchronization

/// Gives memory back that nothing lies on.
final class HeapMemory: Sendable {
    private let log: Logger
    /// Bytes that the process had after the last giving back.
    private let kept = Mutex(0)

    /// Less than this isn't worth the while: the next leads want it again.
    static let worth = 8 << 20

    init(log: Logger) { self.log = log }

    /// Gives back what has come together since the last time, if it is much.
    func tidy() {
        kept.withLock { kept in
            // Where it can't be told how much that is, it may be much.
            let before = Self.anonymous()
            if let before, before < kept + Self.worth { return }
            cmemory_trim()
            guard let before, let after = Self.anonymous() else { return }
            kept = after
            log.debug(
                "memory given back",
                metadata: ["megabytes": "\((before - after) >> 20)", "left": "\(after >> 20)"])
        }
    }

    /// Bytes in memory that are no file's; nil where the system doesn't tell.
    static func anonymous() -> Int? {
        let text: String
        do {
            text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        } catch {
            return nil
        }
        return anonymous(statm: text, page: Int(getpagesize()))
    }

    /// The same by a text as in `/proc/PID/statm`, whose second number is the resident pages and the third those of files.
    static func anonymous(statm: String, page: Int) -> Int? {
        let pages = statm.split { $0.isWhitespace }.map { Int($0) }
        guard pages.count >= 3, let resident = pages[1], let shared = pages[2], resident >= shared else { return nil }
        return (resident - shared) * page
    }
}
