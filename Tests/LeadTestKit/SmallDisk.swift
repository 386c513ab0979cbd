// A disk that is soon full, for tests of what happens then.

import Foundation

/// A file system of a few kilobytes in memory, which goes when the value is released.
public final class SmallDisk: Sendable {
    /// Where it is.
    public let path: String
    private let folder = TemporaryDirectory()

    /// Mounts one of so many kilobytes; throws a `DiskFault` where nothing can be mounted.
    public init(kilobytes: Int) throws {
        path = folder.file("disk")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let mounted = try ProgramRun("mount", ["-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", path])
        guard mounted.status == 0 else { throw DiskFault(description: mounted.output) }
    }

    deinit {
        do {
            _ = try ProgramRun("umount", ["-l", path])
        } catch {
            print("left mounted: \(path): \(error)")
        }
    }

    /// Whether this machine lets us mount one.
    public static let isAvailable: Bool = {
        guard getuid() == 0 else { return false }
        do {
            _ = try SmallDisk(kilobytes: 64)
            return true
        } catch {
            return false
        }
    }()

    /// Takes all space but so many kilobytes.
    public func fill(leaving kilobytes: Int) throws {
        let attributes = try FileManager.default.attributesOfFileSystem(forPath: path)
        guard let free = attributes[.systemFreeSize] as? Int else {
            throw DiskFault(description: "nobody knows how much room there is")
        }
        try Data(count: max(0, free - kilobytes * 1024)).write(to: URL(fileURLWithPath: path + "/filler"))
    }

    /// Gives the space back.
    public func empty() throws { try FileManager.default.removeItem(atPath: path + "/filler") }
}

/// Why there is no small disk.
public struct DiskFault: Error, CustomStringConvertible {
    /// In words.
    public let description: String
}
