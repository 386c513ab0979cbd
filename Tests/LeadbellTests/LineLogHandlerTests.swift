// Log lines: one an event, whatever is in them.

import Foundation
import LeadCore
import Logging
import Synchronization
import Testing

@testable import leadbell

@Suite("Log lines")
struct LineLogHandlerTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private func logged(_ format: LogFormat, _ log: (Logger) -> Void) -> [String] {
        let lines = Lines()
        let logger = Logger(label: "test") { _ in
            LineLogHandler(format: format, now: { Timestamp(milliseconds: 0) }) { line in
                lines.all.withLock { $0.append(line) }
            }
        }
        log(logger)
        return lines.all.withLock { $0 }
    }

    @Test("newlines and control characters in values can't forge a line", arguments: LogFormat.allCases)
    func forgery(format: LogFormat) {
        let lines = logged(format) { $0.info("a\nb", metadata: ["x": "1\r\n<3>forged\u{2028}\u{1b}[2J"]) }
        #expect(lines.count == 1)
        let body = lines[0].dropLast()
        #expect(!body.unicodeScalars.contains { $0.properties.generalCategory == .control || $0 == "\u{2028}" })
    }

    @Test("under systemd the priority stands in front")
    func priority() {
        #expect(logged(.journal) { $0.error("no") } == ["<3>no\n"])
        #expect(logged(.journal) { $0.warning("hm", metadata: ["lead": "abc"]) } == ["<4>hm lead=abc\n"])
        #expect(LogFormat.standard(["JOURNAL_STREAM": "8:1"]) == .journal)
        #expect(LogFormat.standard([:]) == .text)
    }

    @Test("text has the time first and quotes values with spaces")
    func text() {
        #expect(
            logged(.text) { $0.info("sent", metadata: ["why": "it is so", "a": "b"]) }
                == ["1970-01-01T00:00:00Z INFO sent a=b why=\"it is so\"\n"])
    }

    @Test("JSON lines parse and hold the same")
    func json() throws {
        let line = try #require(logged(.json) { $0.notice("x \"y\"", metadata: ["k": "\u{7}é"]) }.first)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
        #expect(object == ["time": "1970-01-01T00:00:00Z", "level": "notice", "message": "x \"y\"", "k": "\u{7}é"])
    }
}
