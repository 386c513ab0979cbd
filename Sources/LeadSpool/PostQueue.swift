// Which posts wait to be written, and which of them are the next file. Pure; the box brings the thread and the disk.

/// Posts in the order in which they came, and whether they are being written.
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
        /// Who writes will take it.
        case waits
        /// It waits for a writer.
        case needsWriter
    }

    private var waiting: [Post] = []
    private var bytesWaiting = 0
    private var hasWriter = false
    private let mostOfFile: Int
    private let mostWaiting: Int

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
        guard !hasWriter else { return .waits }
        hasWriter = true
        return .needsWriter
    }

    /// What has waited the longest, and as much after it as one file may hold; nil when nothing waits, and the writer ends.
    mutating func next() -> [Post]? {
        guard !waiting.isEmpty else {
            hasWriter = false
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
