// One look at one name in incoming/: what is there, and its bytes if it is a file that may be read now. Whoever may
// write there can put anything there: links, pipes, devices, files without end.

import Glibc
import LeadCore

/// What a look at a name found.
enum FileLook {
    /// Nothing (any more).
    case missing
    /// A directory, which is none of our business.
    case directory
    /// The bytes of a file and its state before and after they were read.
    case read([UInt8], FileStamp)
    /// A file that may still be written.
    case unsettled(FileStamp)
    /// Something that will never be read.
    case unfit(IntakeFault, FileStamp)
    /// What can't be read now.
    case unreadable(SystemFailure, FileStamp?)

    /// Looks at `name`, which is left alone for now when `isUnsettled` says so of its state.
    static func at(
        _ name: FileName, in directory: Directory, most: Int, isUnsettled: (FileStamp) -> Bool
    ) -> FileLook {
        do throws(SystemFailure) {
            let file = try directory.open(name)
            let stamp = try file.stamp()
            if let look = unreadableKind(stamp, most: most) { return look }
            if isUnsettled(stamp) { return .unsettled(stamp) }
            // One byte more than there is said to be, so that a file that has grown shows.
            let bytes = try file.read(most: Int(stamp.size) + 1)
            guard try file.stamp() == stamp, bytes.count == Int(stamp.size) else { return .unsettled(stamp) }
            return .read(bytes, stamp)
        } catch {
            return afterFailure(error, name, directory)
        }
    }

    /// What an opening of a file that is read in portions gives.
    enum Opening {
        case open(SharedFile, FileStamp)
        /// Why it can't be read now, or ever.
        case look(FileLook)
    }

    /// Opens `name` to be read in portions, unless it `isUnsettled` or nothing that may be read.
    static func open(
        _ name: FileName, in directory: Directory, most: Int, isUnsettled: (FileStamp) -> Bool
    ) -> Opening {
        do throws(SystemFailure) {
            let file = SharedFile(try directory.open(name))
            let stamp = try file.file.stamp()
            if let look = unreadableKind(stamp, most: most) { return .look(look) }
            return isUnsettled(stamp) ? .look(.unsettled(stamp)) : .open(file, stamp)
        } catch {
            return .look(afterFailure(error, name, directory))
        }
    }

    /// Looks at the state of `name` alone; nil when nothing is there.
    private static func afterFailure(_ failure: SystemFailure, _ name: FileName, _ directory: Directory) -> FileLook {
        if failure.isMissing { return .missing }
        do throws(SystemFailure) {
            guard let stamp = try directory.stamp(of: name) else { return .missing }
            // Opening a link or a socket fails by intention.
            return unreadableKind(stamp, most: .max) ?? .unreadable(failure, stamp)
        } catch {
            return .unreadable(failure, nil)
        }
    }

    /// What is there if it isn't a regular file of acceptable size.
    private static func unreadableKind(_ stamp: FileStamp, most: Int) -> FileLook? {
        switch stamp.type {
        case S_IFREG:
            guard stamp.size > most else { return nil }
            let fault = IntakeFault(
                what: "the file has \(stamp.size) bytes, more than the \(most) that are read",
                remedy: "Split the file, or raise the spool's largest file size in the configuration.")
            return .unfit(fault, stamp)
        case S_IFDIR: return .directory
        case S_IFLNK: return .unfit(.notAFile("a symbolic link"), stamp)
        case S_IFIFO: return .unfit(.notAFile("a pipe"), stamp)
        case S_IFSOCK: return .unfit(.notAFile("a socket"), stamp)
        default: return .unfit(.notAFile("a device"), stamp)
        }
    }
}

/// A file that is open for as long as somebody refers to it.
final class SharedFile: Sendable {
    let file: OpenFile

    init(_ file: consuming OpenFile) { self.file = file }
}

extension IntakeFault {
    fileprivate static func notAFile(_ kind: String) -> IntakeFault {
        IntakeFault(what: "\(kind), not a file", remedy: "Put the file itself there.")
    }
}
