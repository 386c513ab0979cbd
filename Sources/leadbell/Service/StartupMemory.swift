// What start-up leaves behind: pages of code and tables that were needed once (linking, parsing the configuration, opening
// the database) stay mapped though nothing needs them again. They are given back once the daemon is ready; whatever is
// needed after all comes back from the page cache by itself.

import Foundation

/// Gives back memory that only start-up needed.
enum StartupMemory {
    /// Unmaps the pages of this process's files that nobody has written to.
    ///
    /// Nothing depends on it: what can't be read or given back stays as it is.
    static func release() {
        let maps: Data
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/smaps"))
            maps = try file.readToEnd() ?? Data()
            try file.close()
        } catch {
            return
        }
        for range in cleanRanges(String(decoding: maps, as: UTF8.self)) {
            _ = madvise(UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, MADV_DONTNEED)
        }
    }

    /// The addresses in `maps`, a text as in `/proc/PID/smaps`, of mappings that can't be written to and have no page of
    /// their own: all they hold is in their files. Tables that the linker has filled in don't count among them.
    static func cleanRanges(_ maps: String) -> [Range<UInt>] {
        var ranges: [Range<UInt>] = []
        var current: Range<UInt>?
        for line in maps.utf8.split(separator: UInt8(ascii: "\n")) {
            let parts = line.split(separator: UInt8(ascii: " "))
            if parts.count >= 5, parts[1].count == 4, let bounds = range(parts[0]) {
                // 55d0c0000000-55d0c2a00000 r-xp 00000000 fe:00 6154950    /usr/bin/leadbell
                let isFile = parts.count >= 6 && parts[5].first == UInt8(ascii: "/")
                current = isFile && !parts[1].contains(UInt8(ascii: "w")) ? bounds : nil
            } else if parts.count == 3, parts[0].elementsEqual("Anonymous:".utf8) {
                // Anonymous:             0 kB
                if let bounds = current, parts[1].elementsEqual("0".utf8) { ranges.append(bounds) }
                current = nil
            }
        }
        return ranges
    }

    private static func range(_ text: Substring.UTF8View.SubSequence) -> Range<UInt>? {
        let bounds = text.split(separator: UInt8(ascii: "-")).map { UInt(Substring($0), radix: 16) }
        guard bounds.count == 2, let from = bounds[0], let to = bounds[1], from < to else { return nil }
        return from..<to
    }
}
