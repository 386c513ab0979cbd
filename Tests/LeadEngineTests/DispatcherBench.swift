// A dispatcher with scripted channels and a store in memory, for tests of what it does with them.

import LeadCore
import LeadTestKit
import Logging
import Synchronization
import Testing

@testable import LeadEngine

extension DispatcherTests {
    /// What a test waited for and didn't come.
    struct Overdue: Error {
        let what: String
    }

    /// A dispatcher with its surroundings.
    final class Bench: Sendable {
        let clock = ManualClock()
        let memory = MemoryCaseStore()
        let store: MeddledStore
        let dispatcher: Dispatcher
        let teams = ScriptedChannel(id: "teams")
        let mail = ScriptedChannel(id: "mail")
        /// What cases are decided by.
        let rulebook = Current(Sample.rulebook())

        init() {
            store = MeddledStore(memory)
            let quiet = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
            dispatcher = Dispatcher(
                store: store, clock: clock, instance: "me",
                outfit: Current(Self.outfit([teams, mail])), random: { 0.5 }, pulse: Pulse(name: "dispatch"),
                log: quiet)
        }

        static func outfit(
            _ channels: [any Channel], rulebook: Rulebook = Sample.rulebook(),
            whenOver: @escaping @Sendable () async -> Void = {}
        ) -> Dispatcher.Outfit {
            Dispatcher.Outfit(
                rulebook: rulebook, writer: BriefingWriter(rulebook: rulebook, keys: Sample.keys), channels: channels,
                whenOver: whenOver)
        }

        /// Opens the case of lead `number`; its messages wait in the store.
        @discardableResult
        func open(_ number: Int) async throws -> LeadCase {
            let transition = Sample.opening(Sample.lead(number), at: clock.now(), rulebook: rulebook.now)
            try #require(await store.apply([transition], lease: nil) == [.applied])
            return transition.result
        }

        func decide(_ command: CaseCommand, on subject: LeadCase) async throws -> LeadCase {
            let transition = try subject.decide(command, now: clock.now(), rulebook: rulebook.now)
            try #require(await store.apply([transition], lease: nil) == [.applied])
            return transition.result
        }

        /// Waits until the message of `kind` to `person` by `channel` is in `state`.
        func wait(
            for kind: MessageKind, to person: PersonID, by channel: ChannelID, of id: CaseID, in state: DeliveryState
        ) async throws -> DeliveryRecord {
            var found: DeliveryRecord?
            try await until("\(kind) to \(person) by \(channel) to be \(state)") {
                found = try #require(try await memory.file(id)).deliveries.first {
                    $0.delivery.kind == kind && $0.delivery.person == person && $0.delivery.channel == channel
                }
                return found?.state == state
            }
            return try #require(found)
        }

        /// Lets others run until `isTrue`, and fails once that has taken far longer than it may.
        func until(_ what: String, _ isTrue: () async throws -> Bool) async throws {
            let end = ContinuousClock.now + .seconds(20)
            while try await !isTrue() {
                guard ContinuousClock.now < end else { throw Overdue(what: what) }
                await Task.yield()
            }
        }

        /// Moves the clock on once the loop sleeps, so that it can't run ahead of what is to happen.
        func passTime(_ duration: Duration) async throws {
            try await until("the loop to sleep") { clock.earliestDeadline != nil }
            clock.advance(by: duration)
            for _ in 0..<20 { await Task.yield() }
        }

        /// Moves the clock on, as far as the store's failures make the loops wait, until a message by `channel` is out.
        func passBackOffs(untilSent channel: ChannelID, about id: CaseID) async throws {
            try await until("a message by \(channel) to be out") {
                clock.advance(by: Dispatcher.backOff)
                for _ in 0..<200 { await Task.yield() }
                return try #require(try await memory.file(id)).deliveries.contains {
                    $0.delivery.channel == channel && $0.state == .sent
                }
            }
        }

        /// Lets the loops run while `body` does.
        func run(_ body: () async throws -> Void) async throws {
            let loops = Task { await dispatcher.run() }
            defer { loops.cancel() }
            try await body()
            loops.cancel()
            let isOver = Mutex(false)
            Task {
                await dispatcher.stop(within: .seconds(1))
                isOver.withLock { $0 = true }
            }
            // Whatever is still under way, the stop's patience ends.
            try await until("the stop") {
                clock.advance(by: .milliseconds(10))
                return isOver.withLock { $0 }
            }
        }
    }
}
