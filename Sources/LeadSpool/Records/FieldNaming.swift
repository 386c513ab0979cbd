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

    /// The field that a label means which was written for people: the name of a column, what stands before a colon in a
    /// mail. Such labels have more spellings than the names that programs give.
    static func label(_ spelling: String) -> FieldName {
        let bare = spelling.drop { "*:?•- ".contains($0) }
        let name = field(String(bare.reversed().drop { "*:?• ".contains($0) }.reversed()))
        return labels[name.text.lowercased()] ?? name
    }

    /// Whether `field` is one that leads usually have.
    static func isKnown(_ field: FieldName) -> Bool { known[field.text] == field }

    private static let labels: [String: FieldName] = {
        let spellings: [(FieldName, String)] = [
            (.name, "full_name your_name contact_name contact contact_person vollständiger_name ansprechpartner"),
            (.firstName, "given_name forename first vorname prénom prenom"),
            (.lastName, "surname family_name last nachname familienname nom"),
            (.email, "email_address e_mail_address your_email mail e_mail_adresse email_adresse courriel"),
            (.phone, "phone_number telephone telephone_number tel mobile mobile_phone cell telefon telefonnummer"),
            (.phone, "handy téléphone"),
            (.company, "company_name firm organization organisation business account_name firma unternehmen société"),
            (.title, "job_title position role"),
            (.website, "web_site url homepage website_url webseite"),
            (.street, "address street_address address_line_1 straße strasse adresse rue"),
            (.city, "town ort stadt ville"),
            (.state, "province region state_province bundesland"),
            (.postalCode, "zip zip_code zipcode postcode plz postleitzahl code_postal"),
            (.country, "land pays"),
            (.description, "message your_message comment comments enquiry inquiry details nachricht anfrage"),
            (.value, "budget amount estimated_value deal_value"),
            (.source, "lead_source"),
            (.projectType, "project type_of_project projekt projektart"),
            (.industry, "branche sector"),
            (.language, "sprache preferred_language"),
            (.urgency, "priority dringlichkeit"),
        ]
        let pairs = spellings.flatMap { field, names in names.split(separator: " ").map { (String($0), field) } }
        return Dictionary(pairs) { first, _ in first }
    }()

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
            .utmCampaign, .projectType, .product, .language, .urgency, .complexity, .value, .currency, .description,
            .owner, .createdAt, .recordURL,
        ]
        // "E-Mail" would be a field of its own otherwise.
        return Dictionary(fields.map { ($0.text, $0) }) { first, _ in first }.merging(["e_mail": .email]) { $1 }
    }()
}
