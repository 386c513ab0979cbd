// Which posts wait to be written, and which of them are the next file. Pure; the box brings the threads and the disk.

/// Posts in the order in which they came, and how many write them.
struct PostQueue {
    /// One post.
    struct Post: Sendable {
        let bytes: [UInt8]
        /// How many leads it holds.
        let records: Int
        /// Is told when the post is durable, or why it isn't.
        let done: @Sendable (SpoolFailure?) -> Void
    }

    /// What becomes of a post that comes.
    enum Admission {
        /// Too much waits already.
        case refused
        /// Those who write will take it.
        case waits
        /// It waits for one more writer.
        case needsWriter
    }

    private var waiting: [Post] = []
    private var bytesWaiting = 0
    private var writers = 0
    private let mostOfFile: Int
    private let mostWaiting: Int

    /// So many files are written at once.
    private static let mostWriters = 3
    /// A file has no more leads than the spool reads at once.
    private static let mostRecords = 1000

    /// A queue for files of at most `mostOfFile` bytes. No more than `mostWaiting` bytes wait, which bounds memory when the
    /// disk is slow; a post that finds nothing waiting may be of any size.
    init(mostOfFile: Int, mostWaiting: Int = 64 << 20) {
        self.mostOfFile = mostOfFile
        self.mostWaiting = mostWaiting
    }

    /// Lets `post` wait, unless too much waits already.
    mutating func add(_ post: Post) -> Admission {
        guard waiting.isEmpty || bytesWaiting + post.bytes.count <= mostWaiting else { return .refused }
        waiting.append(post)
        bytesWaiting += post.bytes.count
        guard writers < Self.mostWriters else { return .waits }
        writers += 1
        return .needsWriter
    }

    /// What has waited the longest, and as much after it as one file may hold; nil when nothing waits, and the writer ends.
    mutating func next() -> [Post]? {
        guard !waiting.isEmpty else {
            writers -= 1
            return nil
        }
        var bytes = 0
        var records = 0
        let end = waiting.firstIndex { post in
            bytes += post.bytes.count + 1
            records += post.records
            return records > post.records && (bytes > mostOfFile || records > Self.mostRecords)
        }
        // An array of its own: a slice would keep all that waits alive.
        let posts = Array(waiting[..<(end ?? waiting.endIndex)])
        waiting.removeFirst(posts.count)
        bytesWaiting -= posts.reduce(0) { $0 + $1.bytes.count }
        return posts
    }
}
