// What tests make, compared whole with files that people have read. `LEADBELL_UPDATE_GOLDEN=1` writes them anew; then read the
// difference.

import Foundation

/// The files of one target.
public struct GoldenFiles: Sendable {
    /// The folder `Golden` beside the target's sources.
    public let folder: URL

    /// Those beside `file`.
    public init(beside file: String = #filePath) {
        folder = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("Golden")
    }

    /// What the file `name` holds.
    public func read(_ name: String) throws -> Data { try Data(contentsOf: folder.appendingPathComponent(name)) }

    /// Whether `bytes` are the file's; with `LEADBELL_UPDATE_GOLDEN=1` they become the file's first.
    public func matches(_ bytes: [UInt8], _ name: String) throws -> Bool {
        if ProcessInfo.processInfo.environment["LEADBELL_UPDATE_GOLDEN"] == "1" {
            try Data(bytes).write(to: folder.appendingPathComponent(name))
        }
        return try read(name) == Data(bytes)
    }
}

/// JSON with line ends and indentation, its members in their order, as people compare it.
public func indented(_ json: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    var depth = 0
    var isQuoted = false
    var isEscaped = false
    func newLine() { text += [0x0A] + [UInt8](repeating: 0x20, count: depth * 2) }
    for byte in json {
        if isQuoted {
            text.append(byte)
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                isQuoted = byte != UInt8(ascii: "\"")
            }
            continue
        }
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            text.append(byte)
            depth += 1
            newLine()
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            newLine()
            text.append(byte)
        case UInt8(ascii: ","):
            text.append(byte)
            newLine()
        case UInt8(ascii: ":"): text += [byte, 0x20]
        default:
            isQuoted = byte == UInt8(ascii: "\"")
            text.append(byte)
        }
    }
    return text + [0x0A]
}
