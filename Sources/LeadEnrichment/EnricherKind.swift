// The registry of enrichers: what a configuration may name under `enrichment.chain`, with the options of each. A new
// enricher is one file and one line here. Used by the program, which reads the options by their declarations.

import LeadCore

/// A kind of enricher that a configuration can name.
public struct EnricherKind: Sendable {
    /// The kind's name, which also stands in the provenance of the values it fills.
    public let name: String
    /// Its options.
    public let options: [OptionSpec]
    /// Makes an enricher of checked options; a `file` is a path that can be opened as it stands.
    public let make: @Sendable (OptionValues) throws(OptionFlaw) -> any Enricher

    /// A kind of enricher.
    public init(
        name: String, options: [OptionSpec],
        make: @escaping @Sendable (OptionValues) throws(OptionFlaw) -> any Enricher
    ) {
        self.name = name
        self.options = options
        self.make = make
    }

    /// All kinds, in the order of the reference.
    public static let all: [EnricherKind] = [Normaliser.kind, FirmDirectory.kind]
}
