// A file of leads that lies anywhere, read as the spool would read it: its size is looked at first, and rows come in portions.
// Used by commands that are given files.

import Glibc
import LeadCore

/// Why a file can't be read.
public enum LooseFileFault: Error, Sendable, Equatable {
    /// The system says so.
    case unreadable(String)
    /// It has more bytes than a file of its kind may have.
    case tooLarge
}

/// A file of leads, and how far it has been read.
public struct LooseFile: Sendable {
    private enum Source {
        /// Read already.
        case bytes([UInt8])
        /// So many bytes of rows, which are read as they are wanted.
        case rows(SharedFile, size: Int)
    }

    private let format: RecordFormat?
    private let source: Source
    private var reader: CSVReader?
    private var isAtEnd = false

    /// Leads that lie in no file; `name` tells the kind.
    public init(bytes: [UInt8], named name: String) {
        format = RecordFormat.of(name)
        source = .bytes(bytes)
    }

    /// Opens the file at `path`, or standard input for `-`; `name` tells the kind.
    public init(at path: String, named name: String, by settings: SpoolSettings) throws(LooseFileFault) {
        format = RecordFormat.of(name)
        let most = settings.limit(format)
        let stamp: FileStamp
        let file: SharedFile
        do throws(SystemFailure) {
            let descriptor = try system("open it") {
                path == "-" ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC)
            }
            file = SharedFile(OpenFile(descriptor: descriptor))
            stamp = try file.file.stamp()
        } catch {
            throw .unreadable("\(error)")
        }
        let isRegular = stamp.type == S_IFREG
        guard !isRegular || stamp.size <= most else { throw .tooLarge }
        if isRegular, path != "-", format?.size == .rows {
            source = .rows(file, size: Int(stamp.size))
            reader = CSVReader(size: Int(stamp.size))
            return
        }
        let bytes: [UInt8]
        do throws(SystemFailure) {
            // One byte more, so that a pipe that goes on shows.
            bytes = try file.file.read(most: (isRegular ? Int(stamp.size) : most) + 1)
        } catch {
            throw .unreadable("\(error)")
        }
        guard bytes.count <= most else { throw .tooLarge }
        source = .bytes(bytes)
    }

    /// The next records, and what is none; nil at the end.
    public mutating func next(by rules: ReadingRules) throws(LooseFileFault) -> FileContent? {
        guard !isAtEnd else { return nil }
        switch source {
        case .bytes(let bytes):
            isAtEnd = true
            return format.map { $0.read(bytes, rules) } ?? .faulty([], .foreignExtension)
        case .rows(let file, let size):
            var reader = self.reader ?? CSVReader(size: size)
            let isFirst = reader.done == 0
            let content: FileContent
            do throws(SystemFailure) {
                content = try reader.portion(
                    of: { offset, most throws(SystemFailure) in try file.file.read(at: offset, most: most) }, by: rules)
            } catch {
                throw .unreadable("\(error)")
            }
            self.reader = reader
            isAtEnd = reader.isAtEnd
            let isEmpty = isFirst && isAtEnd && content.records.isEmpty && content.rejected.isEmpty
            return isEmpty ? .faulty([], .noRows) : content
        }
    }

    /// Begins anew.
    public mutating func rewind() {
        reader = nil
        isAtEnd = false
    }

    /// Writes it into `copy`, a part at a time.
    func copy(into copy: borrowing OpenFile) throws(SystemFailure) {
        switch source {
        case .bytes(let bytes): try copy.write(bytes)
        case .rows(let file, let size):
            var offset = 0
            while offset < size {
                let part = try file.file.read(at: offset, most: min(Self.part, size - offset))
                guard !part.isEmpty else { return }
                try copy.write(part)
                offset += part.count
            }
        }
    }

    private static let part = 1_048_576
}
