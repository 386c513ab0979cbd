// The languages of messages, by their ISO 639 codes. English and German are shipped; others come with files of an
// administrator's.

/// A language in which messages are written: `en`, `de`.
public struct Language: Sendable, Hashable, CustomStringConvertible {
    /// ISO 639, in lower case.
    public let code: String

    /// The language with this code; nil when it is no code of two or three letters.
    public init?(_ code: String) {
        guard (2...3).contains(code.utf8.count), code.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) else {
            return nil
        }
        self.code = code
    }

    private init(shipped code: String) { self.code = code }

    /// What messages are written in unless told otherwise, and what stands in for texts that a language lacks.
    public static let english = Language(shipped: "en")
    /// German, in the polite form.
    public static let german = Language(shipped: "de")
    /// Those whose texts come with the program.
    public static let shipped = [english, german]

    /// The code.
    public var description: String { code }
}
