// Files as calendar programs write them, against what is on by them. An `.expected` file says `read FROM UNTIL ZONE
// all|busy` and then what is found.

import Foundation
import LeadCore
import Testing

@testable import LeadCalendar

@Suite("Calendar files of other programs")
struct FixtureTests {
    @Test("each is read as expected", arguments: try Fixtures.names())
    func read(name: String) throws {
        let bytes = try Fixtures.bytes(name)
        let text = try String(contentsOf: Fixtures.folder.appending(path: name + ".expected"), encoding: .utf8)
        var found: [String] = []
        for line in text.split(separator: "\n") where line.hasPrefix("read ") {
            let words = line.split(separator: " ").map(String.init)
            try #require(words.count == 5)
            found.append(String(line))
            let entries = try ICalendar.entries(
                bytes, within: CalendarText.instant(words[1])..<CalendarText.instant(words[2]),
                zone: CalendarText.zone(words[3]), includeTransparent: words[4] == "all")
            found += entries.map(CalendarText.shown)
        }
        #expect(found.joined(separator: "\n") + "\n" == text)
    }

    @Test("the same file says the same with LF, with CRLF, with a byte order mark, and folded at every place")
    func layouts() throws {
        for name in try Fixtures.names() {
            var plain = try Fixtures.bytes(name).filter { $0 != 13 }
            if plain.starts(with: [0xEF, 0xBB, 0xBF]) { plain.removeFirst(3) }
            let entries = { (bytes: [UInt8]) in
                try ICalendar.entries(
                    bytes, within: CalendarText.year(), zone: CalendarText.zone("UTC"), includeTransparent: true)
            }
            let expected = try entries(plain)
            #expect(try entries([0xEF, 0xBB, 0xBF] + plain) == expected)
            var crlf: [UInt8] = []
            var folded: [UInt8] = []
            for (place, byte) in plain.enumerated() {
                crlf += byte == 10 ? [13, 10] : [byte]
                // Also within characters and names.
                let isInLine = byte != 10 && place > 0 && plain[place - 1] != 10
                folded += isInLine ? [10, 32, byte] : [byte]
            }
            #expect(try entries(crlf) == expected)
            #expect(try entries(folded) == expected)
        }
    }
}
