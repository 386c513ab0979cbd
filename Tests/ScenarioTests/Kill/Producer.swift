// A steady stream of leads by all ways in: files, files of rows, a large export now and then, and posts. Used by the kill
// test.

import Foundation
import LeadCore
import LeadTestKit
import Synchronization
import Testing

/// Hands leads in at a steady pace, until told to end.
final class Producer: Sendable {
    private struct State {
        var count = 0
        var isOver = false
        var waiter: CheckedContinuation<Int, Never>?
    }

    static let prefix = "Firm-"
    private static let most = 5000
    private static let pace: DispatchTimeInterval = .milliseconds(40)
    /// A large export comes at the beginning, and again after so many leads.
    private static let exportStride = 400
    private static let exportRows = 120
    /// So much in each row that an export has several portions, of a megabyte each.
    private static let padding = String(repeating: "x", count: 24_000)

    private let incoming: String
    private let exports: String
    private let poster: Poster
    private let state = Mutex(State())

    /// Files go into `incoming`, exports into `exports`.
    init(_ incoming: String, exports: String, poster: Poster) {
        self.incoming = incoming
        self.exports = exports
        self.poster = poster
    }

    static func company(_ number: Int) -> String { "\(prefix)\(number)" }

    /// Whose lead it is: every third is the same person's as the one before, which comes by another way in, or as the next
    /// row of an export.
    static func person(_ number: Int) -> Int { number % 3 == 0 ? number - 1 : number }

    /// The number of the lead that gave `company`.
    static func number(of company: String) -> Int? { Int(company.dropFirst(prefix.count)) }

    /// Whether its lead has no id, so that it is known by its content alone. Of the posts that are tried until they are taken,
    /// and of those that are tried once, half have none.
    static func isNameless(_ number: Int) -> Bool { number / 8 % 2 == 0 }

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
        case export(ClosedRange<Int>)
        case rest
        case over(Int, CheckedContinuation<Int, Never>?)
    }

    private func step() {
        let turn = state.withLock { state -> Turn in
            if state.isOver { return .over(state.count, state.waiter) }
            if state.count >= Self.most { return .rest }
            let first = state.count + 1
            guard first % Self.exportStride == 1 else {
                state.count = first
                return .drop(first)
            }
            state.count += Self.exportRows
            return .export(first...state.count)
        }
        switch turn {
        case .over(let count, let waiter):
            waiter?.resume(returning: count)
            return
        case .rest: break
        case .drop(let number): attempt(number) { try drop(number) }
        case .export(let numbers):
            attempt(numbers.lowerBound) {
                let leads = numbers.map(Self.lead)
                try put(Self.rows(leads, Self.padding), as: "export-\(numbers.lowerBound).csv", into: exports)
            }
        }
        begin()
    }

    private func attempt(_ number: Int, _ work: () throws -> Void) {
        do {
            try work()
        } catch {
            Issue.record("lead \(number) could not be handed in: \(error)")
        }
    }

    private static func lead(_ number: Int) -> Lead {
        let person = person(number)
        var fields: [FieldName: String] = [
            .company: company(number), .name: "Person \(person)", .email: "person-\(person)@firm.example", .phone: "",
        ]
        if isNameless(number) { fields[.id] = "" }
        return Sample.lead(number, fields)
    }

    /// Of four leads one is a file of rows, one is posted, and two are files of their own.
    private func drop(_ number: Int) throws {
        let lead = Self.lead(number)
        switch number % 4 {
        case 0: try put(Self.rows([lead]), as: "lead-\(number).csv", into: incoming)
        // Without an id, only its bytes say that a post which is tried again is the same one.
        case 2: poster.post(try House.text(lead), number, key: Self.isNameless(number) ? nil : "post-\(number)")
        default: try put(try House.text(lead), as: "lead-\(number).json", into: incoming)
        }
    }

    private func put(_ text: String, as name: String, into folder: String) throws {
        let hidden = "\(folder)/.\(name).tmp"
        try text.write(toFile: hidden, atomically: false, encoding: .utf8)
        guard rename(hidden, "\(folder)/\(name)") == 0 else { throw StoryFault(description: "rename failed: \(errno)") }
    }

    /// A file of rows, with `padding` in a column that nobody reads.
    private static func rows(_ leads: [Lead], _ padding: String = "") -> String {
        let names = Set(leads.flatMap { $0.shown.map(\.field) }).sorted { $0.text < $1.text }
        let head = names.map(\.text) + ["padding"]
        let rows = leads.map { lead in
            (names.map { lead[$0] ?? "" } + [padding]).map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }
        }
        return ([head] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
    }
}
