// All reps' loads, kept current by what happens to cases. A start builds the book by feeding it the assignments that the
// store knows, in any order; from then on each event costs the same however many there have been.

import Foundation

/// Who has which leads, and who was given how many lately.
public struct WorkloadBook: Sendable {
    private struct Holding {
        var rep: PersonID
        var grant: RepLedger.Grant
    }

    private let window: Duration
    private let highValue: Decimal
    private var ledgers: [PersonID: RepLedger] = [:]
    private var holdings: [CaseID: Holding] = [:]
    private var grants = 0

    /// An empty book with a window of fairness; leads worth `highValue` or more are counted as worth much.
    public init(window: Duration, highValue: Decimal = RankingSettings().highValue) {
        self.window = window
        self.highValue = highValue
    }

    /// `rep` was given the case. If another rep had it, it moves; the same event once more changes nothing.
    ///
    /// `value` is nil when unknown; `weight` is what the lead adds to the open load.
    public mutating func assigned(
        case id: CaseID, rep: PersonID, at instant: Timestamp, value: Decimal?, weight: Double
    ) {
        withdraw(id)
        give(
            id, to: rep,
            RepLedger.Grant(
                serial: 0, at: instant.milliseconds, cents: Self.cents(value),
                isHigh: value.map { $0 >= highValue } ?? false, weight: Self.millionths(weight)))
    }

    /// The choice was taken back: the rep neither has the case nor was given it. Nothing for a case that nobody has.
    public mutating func undone(case id: CaseID) { withdraw(id) }

    /// The case is off its rep's desk; that they were given it still counts. Nothing for a case that nobody has.
    public mutating func closed(case id: CaseID) {
        guard let holding = holdings.removeValue(forKey: id) else { return }
        ledgers[holding.rep]?.close(holding.grant)
    }

    /// The load of `rep` at `now`. What has left a window doesn't come back: an instant before one that was asked for
    /// earlier counts as that one.
    public mutating func workload(of rep: PersonID, at now: Timestamp) -> Workload {
        ledgers[rep]?.workload(at: now.milliseconds) ?? Workload()
    }

    private mutating func give(_ id: CaseID, to rep: PersonID, _ grant: RepLedger.Grant) {
        var grant = grant
        grants += 1
        grant.serial = grants
        holdings[id] = Holding(rep: rep, grant: grant)
        ledgers[rep, default: RepLedger(window: window)].open(grant)
    }

    private mutating func withdraw(_ id: CaseID) {
        guard let holding = holdings.removeValue(forKey: id) else { return }
        ledgers[holding.rep]?.close(holding.grant)
        ledgers[holding.rep]?.forget(holding.grant)
    }

    // Whole numbers add up to the same in any order; the bounds keep the sums far from overflowing.

    private static func cents(_ value: Decimal?) -> Int64 {
        guard let value else { return 0 }
        return Int64((min(1e12, max(0, NSDecimalNumber(decimal: value).doubleValue)) * 100).rounded())
    }

    private static func millionths(_ weight: Double) -> Int64 { Int64((min(1e6, max(0, weight)) * 1e6).rounded()) }
}
