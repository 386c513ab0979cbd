// Whose word counts when several say different things of one field. Read from the configuration; used by the chain of
// enrichers and by cases that learn something late.

/// The order in which origins win, for all fields and for single ones.
public struct Precedence: Sendable, Equatable {
    private let general: [String: Int]
    private let fields: [FieldName: [String: Int]]

    /// An order by names of enrichers and `given`, the first winning; `fields` has those of single fields. What the lead
    /// itself gives comes before all unless an order names it. Who isn't named comes after those who are, and among
    /// themselves whoever spoke first wins.
    public init(_ general: [String] = [], fields: [FieldName: [String]] = [:]) {
        self.general = Self.places(general)
        self.fields = fields.mapValues(Self.places)
    }

    /// Where `origin` stands for `field`; the lowest wins.
    func place(of origin: String, in field: FieldName) -> Int {
        let order = fields[field] ?? general
        return order[origin] ?? (origin == Provenance.given.origin ? -1 : Int.max)
    }

    private static func places(_ names: [String]) -> [String: Int] {
        Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
    }
}
