// When a file counts as complete although its writer never said so: it has been left alone for long enough. Pure.

import LeadCore

/// A state of a file and when it was first seen.
struct Sighting: Equatable {
    let stamp: FileStamp
    let at: Timestamp
}

/// Whether a file has been left alone for long enough.
enum Settling: Equatable {
    case settled
    /// Not yet; look again then.
    case waiting(until: Timestamp, Sighting)

    /// Judges a file in the state `stamp`, last seen as `former`.
    static func judge(_ stamp: FileStamp, former: Sighting?, now: Timestamp, settle: Duration) -> Settling {
        // What was seen before the clock was set back is of no use.
        let known = former.flatMap { $0.stamp == stamp && $0.at <= now ? $0 : nil }
        let since = known ?? Sighting(stamp: stamp, at: now)
        let modified = stamp.modifiedAt
        // A time of change that lies ahead says nothing (another machine's clock, a copy that keeps times, a clock set
        // back); then it counts since when the file has been seen unchanged.
        let start = modified <= now ? modified : since.at
        let end = start + settle
        return end <= now ? .settled : .waiting(until: end, since)
    }
}
