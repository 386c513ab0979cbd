// A folder that goes when the test does.

import Foundation

/// A fresh folder, removed with everything in it when the value is released.
public final class TemporaryDirectory: Sendable {
    /// The folder's path, without a trailing slash.
    public let path: String

    /// Makes a folder under the system's temporary one, or under `parent`.
    public init(under parent: String? = nil) {
        let parent = parent ?? FileManager.default.temporaryDirectory.path
        path = (parent as NSString).appendingPathComponent("leadbell-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            fatalError("no temporary folder at \(path): \(error)")
        }
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            // A test that removed the folder itself has what it wanted.
            if FileManager.default.fileExists(atPath: path) { print("left behind: \(path): \(error)") }
        }
    }

    /// The path of `name` in the folder.
    public func file(_ name: String) -> String { (path as NSString).appendingPathComponent(name) }
}
