// The registry of enrichers: what a configuration may name under `enrichment.chain`, with the options of each. A new
// enricher is one file and one line here. Used by the program, which reads the options by their declarations.

import LeadCore

/// A kind of enricher that a configuration can name.
public struct EnricherKind: Sendable {
    /// The kind's name, which also stands in the provenance of the values it fills unless the configuration has another.
    public let name: String
    /// Its options.
    public let options: [OptionSpec]
    /// Makes an enricher called `name` of checked options; a `file` is a path that can be opened as it stands. Without a
    /// way outside, one that asks outside says so of every lead.
    public let make: @Sendable (_ name: String, OptionValues, Outside?) throws(OptionFlaw) -> any Enricher

    /// A kind of enricher that asks outside.
    public init(
        name: String, options: [OptionSpec],
        make: @escaping @Sendable (_ name: String, OptionValues, Outside?) throws(OptionFlaw) -> any Enricher
    ) {
        self.name = name
        self.options = options
        self.make = make
    }

    /// A kind of enricher that knows by itself.
    public init(
        name: String, options: [OptionSpec],
        make: @escaping @Sendable (_ name: String, OptionValues) throws(OptionFlaw) -> any Enricher
    ) {
        self.init(name: name, options: options) { name, values, _ throws(OptionFlaw) in try make(name, values) }
    }

    /// All kinds, in the order of the reference.
    public static let all: [EnricherKind] = [
        Normaliser.kind, PhoneNumbers.kind, PostalPlaces.kind, FirmDirectory.kind, Keywords.kind, LanguageGuess.kind,
        UrgencyPhrases.kind, BudgetPhrases.kind, LeadSources.kind, HTTPLookup.kind, CommandLookup.kind,
    ]
}
