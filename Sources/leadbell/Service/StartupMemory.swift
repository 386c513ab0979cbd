// What start-up leaves behind: pages of code that ran once (parsing the configuration, opening the database, loading
// tables) stay mapped though nothing needs them again. They are given back once the daemon is ready; whatever is needed
// after all comes back from the page cache by itself.

import Foundation

/// Gives back memory that only start-up needed.
enum StartupMemory {
    /// Unmaps the pages of executable code, which are clean copies of files.
    ///
    /// Nothing depends on it: what can't be read or given back stays as it is.
    static func release() {
        let maps: Data
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/maps"))
            maps = try file.readToEnd() ?? Data()
            try file.close()
        } catch {
            return
        }
        for line in String(decoding: maps, as: UTF8.self).split(separator: "\n") {
            // 55d0c0000000-55d0c2a00000 r-xp 00000000 fe:00 6154950    /usr/bin/leadbell
            let parts = line.split(separator: " ")
            guard parts.count >= 6, parts[1] == "r-xp", parts[5].hasPrefix("/") else { continue }
            let bounds = parts[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard bounds.count == 2, bounds[0] < bounds[1] else { continue }
            _ = madvise(UnsafeMutableRawPointer(bitPattern: bounds[0]), Int(bounds[1] - bounds[0]), MADV_DONTNEED)
        }
    }
}
