// `secrets.link_keys`: the keys that sign links.

import Foundation
import LeadCore

extension SectionReader {
    func readLinkKeys(_ root: MappingReader) -> LinkKeys? {
        let advice = "make a key with: openssl rand -hex 32"
        let example = "add link_keys: [{ id: k1, secret: credential:link-key }]"
        guard let map = root.required("secrets", example)?.mapping("'secrets'") else { return nil }
        defer { map.finish() }
        guard let item = map.required("link_keys", example), let list = item.list(of: "a link key") else { return nil }
        guard !list.isEmpty else {
            item.error("is empty", example)
            return nil
        }
        var keys: [(id: String, secret: [UInt8])] = []
        for entry in list {
            guard let map = entry.mapping("a link key") else { continue }
            defer { map.finish() }
            let idItem = map.required("id")
            let id = idItem?.text("a name")
            if let id, let idItem {
                if !id.utf8.allSatisfy(Self.isLowercaseOrDigit) {
                    idItem.error("is not usable in links", "use lower-case letters and digits alone")
                } else if id.utf8.count > LinkKeys.longestID {
                    idItem.error("is too long for links", "use at most \(LinkKeys.longestID) letters and digits")
                } else if keys.contains(where: { $0.id == id }) {
                    idItem.error("is the id of an earlier key", "each key needs its own")
                }
            }
            guard let secretItem = map.required("secret", "write secret: credential:link-key"),
                let secret = secretItem.secret(from: secrets, folder: folder)
            else { continue }
            let bytes = Self.keyBytes(secret.revealed)
            guard bytes.count >= 32 else {
                secretItem.error("has fewer than 32 bytes, read as hex, base64 or plain text", advice)
                continue
            }
            keys.append((id ?? "", bytes))
        }
        return LinkKeys(keys)
    }

    private static func isLowercaseOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// The key in `text`: what it says as hex or base64 if that is long enough for a key, else the text's own bytes.
    static func keyBytes(_ text: String) -> [UInt8] {
        if let bytes = hexadecimal(text), bytes.count >= 32 { return bytes }
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        let unpadded = standard.prefix { $0 != "=" }
        let padded = unpadded + String(repeating: "=", count: (4 - unpadded.count % 4) % 4)
        if let data = Data(base64Encoded: String(padded)), data.count >= 32 { return Array(data) }
        return Array(text.utf8)
    }

    private static func hexadecimal(_ text: String) -> [UInt8]? {
        let digits = text.compactMap(\.hexDigitValue)
        guard digits.count == text.count, digits.count % 2 == 0 else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
