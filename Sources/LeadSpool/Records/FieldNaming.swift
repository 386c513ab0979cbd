// How the names in files become field names: forms, CRMs and people spell one thing in many ways ("Project Type",
// projectType, project-type). A name that isn't known keeps its own spelling as far as it can be shown.

import LeadCore

/// From a spelling to a field.
enum FieldNaming {
    /// The field that `spelling` means.
    ///
    /// White space, hyphens and control characters become single underscores, capitals become small letters. Words
    /// run together (`favouriteColour`) stay as they are unless they spell a known field (`firstName`, `RecordURL`).
    static func field(_ spelling: String) -> FieldName {
        // Most names are as they should be, and this is done for each field of each lead.
        if spelling.utf8.allSatisfy(isPlain) { return FieldName(spelling) }
        let name = joined(spelling)
        if let known = known[name.lowercased()] ?? known[snake(name)] { return known }
        return FieldName(hasRunTogetherWords(name) ? name : name.lowercased())
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_") || byte &- UInt8(ascii: "0") < 10
    }

    /// `spelling` with each run of separators as one underscore, none at the ends.
    private static func joined(_ spelling: String) -> String {
        var words = String.UnicodeScalarView()
        var isPending = false
        for scalar in spelling.unicodeScalars {
            let properties = scalar.properties
            if properties.isWhitespace || scalar == "-" || properties.generalCategory == .control {
                isPending = true
            } else {
                if isPending, !words.isEmpty { words.append("_") }
                isPending = false
                words.append(scalar)
            }
        }
        return String(words)
    }

    /// True for `favouriteColour`: a small letter right before a capital, and no separator.
    private static func hasRunTogetherWords(_ name: String) -> Bool {
        !name.contains("_") && zip(name, name.dropFirst()).contains { $0.isLowercase && $1.isUppercase }
    }

    /// `recordURL` as `record_url`.
    private static func snake(_ name: String) -> String {
        var result = ""
        var previous: Character?
        for character in name {
            if let previous, previous.isLowercase, character.isUppercase { result.append("_") }
            result += character.lowercased()
            previous = character
        }
        return result
    }

    private static let known: [String: FieldName] = {
        let fields: [FieldName] = [
            .id, .name, .firstName, .lastName, .email, .phone, .title, .company, .website, .industry, .companySize,
            .street, .city, .state, .postalCode, .country, .countryCode, .stateCode, .source, .campaign, .utmSource,
            .utmCampaign, .projectType, .product, .urgency, .value, .currency, .description, .owner, .createdAt,
            .recordURL,
        ]
        // "E-Mail" would be a field of its own otherwise.
        return Dictionary(fields.map { ($0.text, $0) }) { first, _ in first }.merging(["e_mail": .email]) { $1 }
    }()
}
