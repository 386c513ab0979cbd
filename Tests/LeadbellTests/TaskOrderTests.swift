// Which of the tasks that are ready go first on the program's own threads.

import Foundation
import LeadTestKit
import Testing

@Suite("The program's threads")
struct TaskOrderTests {
    @Test(
        "tasks for which somebody waits go first, in their order, and one in eight is an ordinary one",
        .timeLimit(.minutes(1)))
    func order() throws {
        let program = LeadbellProgram.url.deletingLastPathComponent().appending(path: "TaskOrder").path()
        let run = try ProgramRun(program, ["24"])
        #expect(run.status == 0, "\(run.output)")
        let order = run.output.split(whereSeparator: \.isWhitespace)
        var expected: [String] = []
        for number in 0..<24 {
            expected.append("u\(number)")
            if number % 7 == 6 { expected.append("o\(number / 7)") }
        }
        expected += (3..<24).map { "o\($0)" }
        #expect(order.map(String.init) == expected)
    }

    @Test("as many as there is memory for are kept, and each is run", .timeLimit(.minutes(1)))
    func many() throws {
        let program = LeadbellProgram.url.deletingLastPathComponent().appending(path: "TaskOrder").path()
        let run = try ProgramRun(program, ["5000"])
        let order = run.output.split(whereSeparator: \.isWhitespace)
        #expect(run.status == 0 && Set(order).count == 10_000 && order.count == 10_000)
        for mark in ["o", "u"] {
            #expect(order.filter { $0.hasPrefix(mark) } == (0..<5000).map { "\(mark)\($0)" }, "\(mark): out of order")
        }
    }
}
