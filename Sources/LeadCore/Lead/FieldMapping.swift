// How the names that one source gives become a lead's fields: what a preset knows of that kind of source, and the rules that
// a configuration adds. Data alone; the spool applies it.

/// A mapping of a source's names to fields.
public struct FieldMapping: Sendable, Equatable {
    /// How one field comes by its value.
    public struct Rule: Sendable, Equatable {
        /// The field.
        public let field: FieldName
        /// Where its value is from.
        public let value: Value
        /// What stands for what; compared without regard to case.
        public var translations: [String: String] = [:]
        /// What stands for anything that isn't translated; nil leaves it as it is.
        public var otherwise: String?

        /// A rule.
        public init(_ field: FieldName, _ value: Value, translations: [String: String] = [:], otherwise: String? = nil)
        {
            self.field = field
            self.value = value
            self.translations = translations
            self.otherwise = otherwise
        }

        /// The names that the rule reads.
        public var names: [String] {
            switch value {
            case .first(let names), .join(let names, _): names
            case .part(let name, _, _): [name]
            case .constant: []
            }
        }
    }

    /// Where a value is from.
    public enum Value: Sendable, Equatable {
        /// The first of these names that has one.
        case first([String])
        /// All of these that have one, with a text between.
        case join([String], with: String)
        /// A part of what a name has, divided at a text.
        case part(of: String, at: String, Part)
        /// Always this.
        case constant(String)
    }

    /// Which part of a text.
    public enum Part: Sendable, Equatable {
        /// From 1.
        case number(Int)
        case last
        /// All but the first one, as they stand.
        case rest
    }

    /// The preset's name.
    public var preset: String
    /// Rules that go before the preset's.
    public var rules: [Rule]
    /// Names that are of no use.
    public var ignored: [String]
    /// Whether what no rule wants is kept under its own name.
    public var keepsRest: Bool

    /// A mapping; that of a preset unless told more.
    public init(preset: String = "canonical", rules: [Rule] = [], ignored: [String] = [], keepsRest: Bool = true) {
        self.preset = preset
        self.rules = rules
        self.ignored = ignored
        self.keepsRest = keepsRest
    }

    /// The preset that knows the names of Facebook's lead ads.
    public static let facebookPreset = "facebook-lead-ads"

    /// A lead's own field names, and nothing else.
    public static let canonical = FieldMapping()
}
