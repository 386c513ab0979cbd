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
        let lower = text.prefix(8).lowercased()
        let scheme = ["https://", "http://"].first(where: lower.hasPrefix)
        guard let scheme, text.utf8.count <= Self.longest else { return nil }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte < 0x20 || byte == 0x7F { return nil }
            if Self.mayStand(byte) {
                bytes.append(byte)
            } else {
                bytes += [0x25, Self.digits[Int(byte >> 4)], Self.digits[Int(byte & 15)]]
            }
        }
        let hasHost = bytes.count > scheme.utf8.count && !Self.hostEnds.contains(bytes[scheme.utf8.count])
        guard hasHost, bytes.count <= Self.longest else { return nil }
        self.text = String(decoding: bytes, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
    private static let hostEnds = Array("/?#:".utf8)
    private static let refused = Set(" \"*<>\\^`{|}".utf8)

    private static func mayStand(_ byte: UInt8) -> Bool { byte < 0x7F && !refused.contains(byte) }
}
