// A case with its whole history, which checks at every transition what must hold for all of them.

import LeadCore
import LeadTestKit
import Testing

struct TrackedCase {
    private(set) var current: LeadCase
    private(set) var history: [HistoryEntry]
    private(set) var deliveries: [Delivery]
    /// The last transition.
    private(set) var last: Transition
    var rulebook: Rulebook

    init(lead: Lead = Sample.lead(), at now: Timestamp = Sample.start, rulebook: Rulebook = Sample.rulebook()) {
        self.rulebook = rulebook
        last = LeadCase.open(lead, key: Sample.key(of: lead), now: now, rulebook: rulebook)
        current = last.result
        history = last.entries
        deliveries = last.deliveries
        #expect(last.expected == 0)
        #expect(history.first?.actor == .intake)
        check()
    }

    /// Decides and goes on with the result.
    @discardableResult
    mutating func decide(
        _ command: CaseCommand, at now: Timestamp, through entrance: Entrance? = nil
    ) throws(Refusal) -> Transition {
        let transition = try current.decide(command, now: now, rulebook: rulebook, through: entrance)
        #expect(transition.expected == current.version)
        #expect(transition.entries.first?.sequence == current.version + 1)
        // Only another plan begins elsewhere.
        if command != .replan { #expect(transition.result.nextStep >= current.nextStep) }
        #expect(transition.entries.allSatisfy { $0.at == now })
        last = transition
        current = transition.result
        history += transition.entries
        deliveries += transition.deliveries
        check()
        return transition
    }

    /// The refusal of `command`; nil, with the case changed, when it isn't refused.
    mutating func refusal(of command: CaseCommand, at now: Timestamp) -> Refusal? {
        let before = current
        do throws(Refusal) {
            try decide(command, at: now)
            return nil
        } catch {
            #expect(current == before)
            return error
        }
    }

    /// Kinds and people of the last transition's messages: "decide dana".
    var told: Set<String> { Set(last.deliveries.map { "\($0.kind) \($0.person)" }) }

    private func check() {
        #expect(history.map(\.sequence) == Array(1...history.count))
        #expect(current.version == history.count)
        #expect(LeadCase(key: current.key, lead: current.arrived, history: history) == current)
        #expect(Set(deliveries.map(\.id)).count == deliveries.count)
        #expect(last.deliveries.allSatisfy { $0.caseID == current.id })
    }
}

extension LeadCase {
    /// Minutes after the sample's start.
    static func minute(_ minutes: Double) -> Timestamp { Sample.start + .milliseconds(Int64(minutes * 60_000)) }
}
