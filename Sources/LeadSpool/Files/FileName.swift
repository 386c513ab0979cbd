// A file's name as the kernel has it: bytes, which need not be text. What is shown and logged is an escaped spelling
// that keeps names apart and holds nothing that could forge a line or move a terminal's cursor.

import Glibc

/// One name within a directory.
struct FileName: Hashable, Sendable {
    /// The name with a terminating zero.
    private let storage: [UInt8]

    /// Wraps the bytes of a name; nil when a directory can't hold such a name, or it means a directory itself.
    init?(_ bytes: some Sequence<UInt8>) {
        var storage = Array(bytes)
        guard !storage.isEmpty, !storage.contains(0), !storage.contains(UInt8(ascii: "/")),
            storage != [0x2E], storage != [0x2E, 0x2E]
        else { return nil }
        storage.append(0)
        self.storage = storage
    }

    /// The name that `text` shows.
    init?(shown text: String) {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        self.init(bytes)
    }

    /// A name that a kernel structure holds, up to its zero.
    init?(_ pointer: UnsafePointer<CChar>) {
        self.init(UnsafeRawBufferPointer(start: pointer, count: strlen(pointer)))
    }

    /// The name's bytes.
    var bytes: ArraySlice<UInt8> { storage.dropLast() }

    /// Gives the name as C wants it.
    func withPointer<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        storage.withUnsafeBytes { bytes in
            // Never empty: the terminating zero is there.
            guard let start = bytes.assumingMemoryBound(to: CChar.self).baseAddress else { return body("") }
            return body(start)
        }
    }

    /// True for what a producer is still at work on: `.NAME`, `NAME.tmp`, `NAME.part`.
    var isUnfinished: Bool {
        storage[0] == UInt8(ascii: ".") || endsWith(".tmp") || endsWith(".part")
    }

    private func endsWith(_ suffix: StaticString) -> Bool {
        let start = storage.count - 1 - suffix.utf8CodeUnitCount
        guard start >= 0 else { return false }
        return (0..<suffix.utf8CodeUnitCount).allSatisfy {
            storage[start + $0] | 0x20 == suffix.utf8Start[$0] | 0x20
        }
    }

    /// The name as it is shown: `%XX` stands for a byte that is no text, or that would act rather than show.
    var shown: String {
        let bytes = bytes
        let isPlain = bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "%") }
        if isPlain { return String(decoding: bytes, as: UTF8.self) }
        var result = ""
        guard let text = String(validating: bytes, as: UTF8.self) else {
            for byte in bytes {
                if byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "%") {
                    result.unicodeScalars.append(Unicode.Scalar(byte))
                } else {
                    result += Self.escape(byte)
                }
            }
            return result
        }
        for scalar in text.unicodeScalars {
            if scalar == "%" || Self.acts(scalar) {
                for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { result += Self.escape(byte) }
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func escape(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return (byte < 16 ? "%0" : "%") + digits
    }

    private static func acts(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: true
        default: false
        }
    }

    /// Same bytes; a name is never compared as text, because a directory can hold two spellings of one text.
    static func == (left: FileName, right: FileName) -> Bool { left.storage == right.storage }

    func hash(into hasher: inout Hasher) { storage.withUnsafeBytes { hasher.combine(bytes: $0) } }
}
