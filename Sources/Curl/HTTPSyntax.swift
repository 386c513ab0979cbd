// The few rules of RFC 9110 and 9112 that are ours to keep, libcurl being trusting: what may stand in a URL and in a
// header, how a response's head is read, what Retry-After means. Pure functions.

import CCurl

enum HTTPSyntax {
    /// The longest wait that Retry-After may ask for.
    static let longestRetryAfter = 24 * 60 * 60

    static func lowercase(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }

    static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x7F
    }

    /// RFC 9110, 5.6.2: the bytes of a field name.
    static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// Fields that decide about the framing or the connection, which are libcurl's to write.
    private static let ownFields: Set<String> = [
        "content-length", "transfer-encoding", "connection", "te", "trailer", "upgrade", "expect",
    ]

    enum HeaderFault: Equatable {
        case name
        case value
        case ownField
    }

    /// Why a header can't be sent as it is, or nil.
    static func fault(name: String, value: String) -> HeaderFault? {
        guard !name.isEmpty, name.utf8.allSatisfy(isToken) else { return .name }
        guard value.utf8.allSatisfy({ !isControl($0) || $0 == 0x09 }) else { return .value }
        // No field of ours is longer, so that most names cost no lowercased copy.
        guard name.utf8.count <= 17 else { return nil }
        return ownFields.contains(name.lowercased()) ? .ownField : nil
    }

    /// The fields of a response's head: lines without the status line, each with its line end.
    static func fields(in head: [UInt8]) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        for line in head.split(separator: 0x0A) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let value = trimmed(line[(colon + 1)...])
            fields.append((String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self)))
        }
        return fields
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        var bytes = bytes.drop(while: isSpace)
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return bytes
    }

    /// The wait that a Retry-After field asks for, given libcurl's reading of it (`CURLINFO_RETRY_AFTER`, which is
    /// negative for a date that has passed, and 0 for "now", for none and for nonsense alike).
    static func retryAfter(field: String?, curlSeconds: Int64) -> Duration? {
        guard let field else { return nil }
        if curlSeconds != 0 { return .seconds(min(max(curlSeconds, 0), Int64(longestRetryAfter))) }
        if !field.isEmpty, field.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
            // Digits that libcurl can't hold are a very long time.
            return .seconds(field.utf8.allSatisfy { $0 == 0x30 } ? 0 : longestRetryAfter)
        }
        return curl_getdate(field, nil) == -1 ? nil : .zero
    }
}
