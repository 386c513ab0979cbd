// A child program that lives as long as its standard input is open. It is started and ended by its own pid; its one
// line of standard output is read with a limit of time, so that a program that fails to start fails the test.

import Foundation

struct Program: ~Copyable {
    private let process = Process()
    private let input = Pipe()
    private let outputPipe = Pipe()

    /// The descriptor of its standard output.
    var output: Int32 { outputPipe.fileHandleForReading.fileDescriptor }

    init(_ command: [String]) throws {
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.standardInput = input
        process.standardOutput = outputPipe
        try process.run()
    }

    /// The next line of output, waited for at most 20 s.
    static func readLine(from descriptor: Int32) throws -> Data {
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            var byte: UInt8 = 0
            guard poll(&wanted, 1, 20_000) == 1, read(descriptor, &byte, 1) == 1 else {
                throw PeerFault(description: "the program ended or stayed silent; see its standard error above")
            }
            line.append(byte)
        }
        return line
    }

    mutating func end() {
        if process.isRunning { process.terminate() }
    }
}
