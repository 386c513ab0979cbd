// Why a lead took its route, and why two inquiries count as the same person's.

/// Reasons within sentences.
public final class ReasonPhrases: Sendable {
    let `is` = Phrase(
        "reason.is", [.field, .value], needs: [.value], en: "{{field}} is {{value}}", de: "{{field}} ist {{value}}")
    let bounded = Phrase(
        "reason.bounded", [.field, .value, .bounds], needs: [.value], en: "{{field}} is {{value}}, {{bounds}}",
        de: "{{field}} ist {{value}}, {{bounds}}")
    let known = Phrase("reason.known", en: "known", de: "bekannt")
    let unknown = Phrase("reason.unknown", en: "unknown", de: "unbekannt")
    let noneOf = Phrase("reason.none_of", [.value], needs: [.value], en: "not {{value}}", de: "nicht {{value}}")
    let like = Phrase("reason.like", [.value], needs: [.value], en: "like {{value}}", de: "ähnlich {{value}}")
    let atLeast = Phrase(
        "reason.at_least", [.count], needs: [.count], en: "at least {{count}}", de: "mindestens {{count}}")
    let below = Phrase("reason.below", [.count], needs: [.count], en: "below {{count}}", de: "unter {{count}}")
    let isNotSo = Phrase(
        "reason.not", [.reason], needs: [.reason], en: "it isn't so that {{reason}}",
        de: "es trifft nicht zu: {{reason}}")
    let turns = Phrase("reason.turns", en: "the managers take turns", de: "die Zuständigen wechseln sich ab")
    let otherwise = Phrase("reason.otherwise", en: "no other route applies", de: "keine andere Regel trifft zu")
    let owner = Phrase(
        "reason.owner", [.name], needs: [.name], en: "{{name}} owns the lead", de: "{{name}} ist im CRM eingetragen")
    let and = Phrase(
        "reason.and", [.first, .second], needs: [.first, .second], en: "{{first}}, and {{second}}",
        de: "{{first}}, und {{second}}")

    /// The reasons that stores keep, which are in English whatever a reader speaks.
    let resemblances = Resemblance.Reason.allCases.map { reason in
        let (name, german) = resemblance(reason)
        return Phrase("same.\(name)", en: reason.rawValue, de: german)
    }

    private static func resemblance(_ reason: Resemblance.Reason) -> (name: String, german: String) {
        switch reason {
        case .email: ("email", "dieselbe E-Mail-Adresse")
        case .phone: ("phone", "dieselbe Telefonnummer")
        case .name: ("name", "derselbe Name")
        case .firm: ("firm", "dieselbe Firma")
        case .similarName: ("similar_name", "ein ähnlicher Name")
        case .similarFirm: ("similar_firm", "eine ähnliche Firma")
        case .agencyForSame: ("agency", "von einer Agentur, für dieselbe Firma")
        case .agencyForOther: ("agency_other", "von einer Agentur, für eine andere Firma")
        case .agencyForUnknown: ("agency_unknown", "von einer Agentur, für eine unbekannte Firma")
        case .shared: ("shared", "die mehrere gemeinsam nutzen")
        case .other: ("other", "ein anderer Name und eine andere Firma")
        case .butOther: ("but_other", "aber ein anderer Name und eine andere Firma")
        case .butEither: ("but_either", "aber ein anderer Name oder eine andere Firma")
        }
    }

    /// "the same e-mail address, which several share".
    func words(_ resemblance: Resemblance) -> String {
        resemblance.reasons.map { reason in resemblances.first { $0.english == reason }?() ?? reason }
            .joined(separator: ", ")
    }
}

/// Names of a lead's fields as they stand within sentences.
public final class FieldPhrases: Sendable {
    let known = FieldName.known.map { field, label in
        Phrase("field.\(field.text)", en: label.lowercased(), de: german[field] ?? label)
    }
    private let places = Dictionary(
        FieldName.known.enumerated().map { ($1.0, $0) }, uniquingKeysWith: { first, _ in first })

    /// "project type"; of a field that nobody knows its name without underscores.
    func name(_ field: FieldName) -> String {
        places[field].map { known[$0]() } ?? field.text.replacing("_", with: " ").lowercased()
    }

    private static let german: [FieldName: String] = [
        .name: "Name", .firstName: "Vorname", .lastName: "Nachname", .title: "Position", .company: "Firma",
        .email: "E-Mail", .phone: "Telefon", .website: "Website", .projectType: "Projektart", .product: "Produkt",
        .description: "Beschreibung", .industry: "Branche", .companySize: "Firmengröße", .source: "Quelle",
        .campaign: "Kampagne", .utmSource: "UTM-Quelle", .utmCampaign: "UTM-Kampagne", .street: "Straße",
        .city: "Stadt", .postalCode: "Postleitzahl", .state: "Bundesland", .stateCode: "Kürzel des Bundeslands",
        .country: "Land", .countryCode: "Ländercode", .language: "Sprache", .urgency: "Dringlichkeit",
        .value: "Wert", .currency: "Währung", .complexity: "Komplexität", .owner: "Zuständigkeit im CRM",
        .formerCase: "früherer Vorgang", .formerRep: "frühere Betreuung", .createdAt: "Eingang",
        .id: "externe Kennung", .recordURL: "CRM-Datensatz", .emailDomain: "E-Mail-Domain",
        .freeMail: "kostenloser Mailanbieter", .disposableMail: "Wegwerfadresse", .webDomain: "Web-Domain",
        .phoneE164: "Telefon, international", .phoneCountry: "Land der Telefonnummer",
        .phoneKind: "Art der Telefonnummer", .phoneExtension: "Durchwahl", .utmMedium: "UTM-Medium",
        .referrer: "verweisende Seite", .landingPage: "Einstiegsseite",
    ]
}
