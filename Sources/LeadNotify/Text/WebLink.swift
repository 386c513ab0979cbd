// A link's address made safe to stand in a card, a message or a mail, whoever gave it: a lead may bring its own
// record link. What is no plain web address gives nil, and the message goes without that link.

/// An `https://` or `http://` address in printable ASCII without spaces, quotes, angle brackets, bars
/// or asterisks.
struct WebLink: Sendable, Equatable {
    /// The address.
    let text: String

    /// Longer addresses are cut off or refused by one client or another.
    static let longest = 2_000

    /// Reads `text`, percent-encoding what may not stand in an address; nil when it isn't a web address.
    init?(_ text: String) {
        guard let scheme = Self.schemes.first(where: { Self.begins(text.utf8, with: $0) }),
            text.utf8.count <= Self.longest
        else { return nil }
        // Nearly every link is one already, and is not copied.
        if text.utf8.allSatisfy({ $0 > 0x20 && Self.mayStand($0) }) {
            guard Self.hasHost(text.utf8, after: scheme) else { return nil }
            self.text = text
            return
        }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte < 0x20 || byte == 0x7F { return nil }
            if Self.mayStand(byte) {
                bytes.append(byte)
            } else {
                bytes += [0x25, Self.digits[Int(byte >> 4)], Self.digits[Int(byte & 15)]]
            }
        }
        guard Self.hasHost(bytes, after: scheme), bytes.count <= Self.longest else { return nil }
        self.text = String(decoding: bytes, as: UTF8.self)
    }

    private static func hasHost(_ bytes: some Collection<UInt8>, after scheme: [UInt8]) -> Bool {
        bytes.dropFirst(scheme.count).first.map { !hostEnds.contains($0) } ?? false
    }

    /// In any mixture of cases.
    private static func begins(_ text: String.UTF8View, with scheme: [UInt8]) -> Bool {
        var rest = text.makeIterator()
        return scheme.allSatisfy { byte in rest.next().map { $0 | 0x20 == byte | 0x20 } ?? false }
    }

    private static let schemes = [Array("https://".utf8), Array("http://".utf8)]
    private static let digits = Array("0123456789ABCDEF".utf8)
    private static let hostEnds = Array("/?#:".utf8)
    /// By byte.
    private static let standing: [Bool] = {
        let refused = Set(" \"*<>\\^`{|}".utf8)
        return (0...UInt8.max).map { $0 < 0x7F && !refused.contains($0) }
    }()

    private static func mayStand(_ byte: UInt8) -> Bool { standing[Int(byte)] }
}
