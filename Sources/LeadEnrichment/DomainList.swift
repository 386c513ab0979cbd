// Files of domains, one a line; what follows a `#` is a remark. A line that is no domain refuses the whole file, with its
// number: a list that silently lacks entries is noticed by nobody.

import Foundation
import LeadCore

/// Reads lists of domains.
enum DomainList {
    /// The domains in the file that option `option` names, lower case; none when it isn't given.
    static func read(_ option: String, _ values: OptionValues) throws(OptionFlaw) -> Set<String> {
        guard let path = values.text(option) else { return [] }
        let text = try TextFile.read(path, option: option)
        var domains: Set<String> = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let entry = line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
            if entry.isEmpty { continue }
            guard let domain = DomainName.of(website: entry) else {
                throw OptionFlaw(option: option, "Line \(number + 1) of the file is no domain; write one a line.")
            }
            domains.insert(domain)
        }
        return domains
    }
}

/// Reads files whole.
enum TextFile {
    /// The text of the file at `path`, without a byte order mark and with `\n` at the ends of lines.
    static func read(_ path: String, option: String) throws(OptionFlaw) -> String {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw OptionFlaw(option: option, "The file can't be read; check that it is there and may be read.")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw OptionFlaw(option: option, "The file is not UTF-8; save it as UTF-8.")
        }
        let mark = "\u{FEFF}"
        let body = text.hasPrefix(mark) ? String(text.dropFirst()) : text
        return body.utf8.contains(UInt8(ascii: "\r")) ? body.replacing("\r\n", with: "\n") : body
    }
}
