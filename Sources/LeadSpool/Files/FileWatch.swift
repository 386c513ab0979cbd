// Listens for changes of single files by way of their folders, so that a file that another is renamed over is noticed
// like one that is written. What it tells is a hint: whoever is told looks at the file. Used by the program for files
// that may change while it runs.

import LeadCore
import Synchronization

/// The watch over some files.
public final class FileWatch: Sendable {
    /// What has happened since it was last asked for.
    public struct News: Sendable, Equatable {
        /// The paths, as they were given, of files that were written, replaced or removed.
        public var changed: Set<String> = []
        /// Why changes of some files can't be noticed (any more), one sentence a folder.
        public var flaws: [String] = []

        /// No news.
        public init() {}
    }

    private struct Folder: Sendable {
        let path: String
        /// By the name within the folder.
        let files: [FileName: String]
        let arrivals: Arrivals
        let watch: Watch?
    }

    private let folders: [Folder]
    /// Why folders could not be watched, until it has been told.
    private let failures: Mutex<[String]>

    /// Watches the files at `paths`, which need not be there; their folders must. Rings `bell` when there is news.
    public init(_ paths: [String], bell: Bell) {
        var files: [String: [FileName: String]] = [:]
        for path in paths {
            let slash = path.lastIndex(of: "/")
            let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
            // A path that ends with a slash names no file.
            let start = slash.map(path.index(after:)) ?? path.startIndex
            guard let name = FileName(path[start...].utf8) else { continue }
            files[folder, default: [:]][name] = path
        }
        var folders: [Folder] = []
        var failures: [String] = []
        for (path, files) in files.sorted(by: { $0.key < $1.key }) {
            let arrivals = Arrivals(bell: bell)
            var watch: Watch?
            do throws(SystemFailure) {
                watch = try Watch(path: path, arrivals: arrivals, interest: .changes(of: Set(files.keys)))
            } catch {
                failures.append("\(path): \(error)")
            }
            folders.append(Folder(path: path, files: files, arrivals: arrivals, watch: watch))
        }
        self.folders = folders
        self.failures = Mutex(failures)
        if !failures.isEmpty { bell.ring() }
    }

    /// Hands over what has happened.
    public func take() -> News {
        var news = News()
        news.flaws = failures.withLock { failures in
            defer { failures = [] }
            return failures
        }
        for folder in folders {
            let pile = folder.arrivals.take()
            if let end = pile.end { news.flaws.append("\(folder.path): \(end)") }
            // Whatever was not told may have happened.
            let isCertain = pile.loss == nil && pile.end == nil
            news.changed.formUnion(isCertain ? pile.names.compactMap { folder.files[$0] } : Array(folder.files.values))
        }
        return news
    }

    /// Ends the watch; when this returns, nothing of it is left.
    public func stop() {
        for folder in folders { folder.watch?.stop() }
    }
}
