// A steady stream of leads, as a web form would make it. Used by the kill test.

import Foundation
import LeadCore
import LeadTestKit
import Synchronization
import Testing

/// Moves leads into the spool at a steady pace, until told to end.
final class Producer: Sendable {
    private struct State {
        var count = 0
        var isOver = false
        var waiter: CheckedContinuation<Int, Never>?
    }

    static let prefix = "Firm-"
    private static let most = 5000
    private static let pace: DispatchTimeInterval = .milliseconds(40)

    private let incoming: String
    private let state = Mutex(State())

    init(_ incoming: String) { self.incoming = incoming }

    static func company(_ number: Int) -> String { "\(prefix)\(number)" }

    func begin() { DispatchQueue.global().asyncAfter(deadline: .now() + Self.pace) { [self] in step() } }

    /// Ends it and says how many leads there were.
    func end() async -> Int {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                state.isOver = true
                state.waiter = continuation
            }
        }
    }

    private enum Turn {
        case drop(Int)
        case rest
        case over(Int, CheckedContinuation<Int, Never>?)
    }

    private func step() {
        let turn = state.withLock { state -> Turn in
            if state.isOver { return .over(state.count, state.waiter) }
            if state.count == Self.most { return .rest }
            state.count += 1
            return .drop(state.count)
        }
        switch turn {
        case .over(let count, let waiter):
            waiter?.resume(returning: count)
            return
        case .rest: break
        case .drop(let number):
            do {
                try drop(number)
            } catch {
                Issue.record("lead \(number) could not be dropped: \(error)")
            }
        }
        begin()
    }

    /// Every fourth lead is a file of rows, which goes another way through the spool.
    private func drop(_ number: Int) throws {
        let lead = Sample.lead(number, [.company: Self.company(number)])
        let isRow = number % 4 == 0
        let hidden = "\(incoming)/.lead-\(number).tmp"
        let text = isRow ? Self.row(lead) : try House.text(lead)
        try text.write(toFile: hidden, atomically: false, encoding: .utf8)
        guard rename(hidden, "\(incoming)/lead-\(number).\(isRow ? "csv" : "json")") == 0 else {
            throw StoryFault(description: "rename failed: \(errno)")
        }
    }

    private static func row(_ lead: Lead) -> String {
        let shown = lead.shown
        let cells = shown.map { "\"" + $0.value.text.replacing("\"", with: "\"\"") + "\"" }
        return shown.map(\.field.text).joined(separator: ",") + "\n" + cells.joined(separator: ",") + "\n"
    }
}
