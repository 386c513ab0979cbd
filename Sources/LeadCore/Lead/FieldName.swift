// The names of a lead's fields. Known ones have a label and a place in the order in which they are shown; anything
// else is kept under its own name and shown after them.

/// The name of one field of a lead, as it stands in the lead's file.
public struct FieldName: Hashable, Sendable, Codable, Comparable, CodingKeyRepresentable, ExpressibleByStringLiteral {
    /// The name as written in files: lower case with underscores.
    public let text: String

    /// Wraps a name.
    public init(_ text: String) { self.text = text }

    /// Lets a literal stand for a name.
    public init(stringLiteral value: String) { self.text = value }

    /// Reads the name as a single value.
    public init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    /// Writes the name as a single value.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    /// The name as a dictionary's key.
    public var codingKey: any CodingKey { Key(stringValue: text) }

    /// A name from a dictionary's key.
    public init?<T: CodingKey>(codingKey: T) { text = codingKey.stringValue }

    /// Known fields in the order in which they are shown, then the others by name.
    public static func < (left: FieldName, right: FieldName) -> Bool {
        (Self.order[left] ?? .max, left.text) < (Self.order[right] ?? .max, right.text)
    }

    /// What a person reads before the value: "Project type".
    public var label: String {
        if let label = Self.labels[self] { return label }
        let words = text.replacing("_", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { return nil }
    }
}

extension FieldName {
    public static let id: FieldName = "id"
    public static let name: FieldName = "name"
    public static let firstName: FieldName = "first_name"
    public static let lastName: FieldName = "last_name"
    public static let email: FieldName = "email"
    public static let phone: FieldName = "phone"
    /// The phone number by E.164, derived: `+13125550100`.
    public static let phoneE164: FieldName = "phone_e164"
    /// ISO 3166-1 alpha-2 of the country that the phone number belongs to, derived.
    public static let phoneCountry: FieldName = "phone_country"
    /// `mobile`, `fixed`, `fixed or mobile`, `toll-free` and the like, derived.
    public static let phoneKind: FieldName = "phone_kind"
    public static let phoneExtension: FieldName = "phone_extension"
    public static let title: FieldName = "title"
    public static let company: FieldName = "company"
    public static let website: FieldName = "website"
    public static let industry: FieldName = "industry"
    /// Number of employees or a size class, as the firm directory has it.
    public static let companySize: FieldName = "company_size"
    public static let street: FieldName = "street"
    public static let city: FieldName = "city"
    public static let state: FieldName = "state"
    public static let postalCode: FieldName = "postal_code"
    public static let country: FieldName = "country"
    /// ISO 3166-1 alpha-2, derived.
    public static let countryCode: FieldName = "country_code"
    /// ISO 3166-2 without the country, derived: `IL` for Illinois.
    public static let stateCode: FieldName = "state_code"
    public static let source: FieldName = "source"
    public static let campaign: FieldName = "campaign"
    public static let utmSource: FieldName = "utm_source"
    public static let utmCampaign: FieldName = "utm_campaign"
    public static let utmMedium: FieldName = "utm_medium"
    /// The page from which the person came.
    public static let referrer: FieldName = "referrer"
    /// The page on which the person arrived, with its query.
    public static let landingPage: FieldName = "landing_page"
    public static let projectType: FieldName = "project_type"
    public static let product: FieldName = "product"
    public static let urgency: FieldName = "urgency"
    /// The language that the person wants to be spoken to in, as reps' `languages` have it: `en`, `es`.
    public static let language: FieldName = "language"
    /// How demanding the lead is, 1 to 5.
    public static let complexity: FieldName = "complexity"
    public static let value: FieldName = "value"
    public static let currency: FieldName = "currency"
    public static let description: FieldName = "description"
    public static let owner: FieldName = "owner"
    /// The earlier case of the same person or firm, derived.
    public static let formerCase: FieldName = "former_case"
    /// The id of the rep who had that case last, derived.
    public static let formerRep: FieldName = "former_rep"
    /// Who typed the lead in.
    public static let enteredBy: FieldName = "entered_by"
    /// The id of the case that the lead is a further word on, or `none`; taken out when the lead comes in.
    public static let joins: FieldName = "joins"
    public static let createdAt: FieldName = "created_at"
    public static let recordURL: FieldName = "record_url"
    /// The domain of the e-mail address, derived, lower case.
    public static let emailDomain: FieldName = "email_domain"
    /// `yes` when the e-mail domain is a public mail provider's, else `no`; derived.
    public static let freeMail: FieldName = "free_mail"
    /// `yes` when the e-mail domain gives out addresses to be thrown away; derived.
    public static let disposableMail: FieldName = "disposable_mail"
    /// The domain of the web site, derived, lower case, without `www.`.
    public static let webDomain: FieldName = "web_domain"

    static let known: [(FieldName, String)] = [
        (.name, "Name"), (.firstName, "First name"), (.lastName, "Last name"), (.title, "Title"),
        (.company, "Firm"), (.email, "E-mail"), (.phone, "Phone"), (.website, "Web site"),
        (.projectType, "Project type"), (.product, "Product"), (.description, "Description"),
        (.industry, "Industry"), (.companySize, "Firm size"), (.source, "Source"), (.campaign, "Campaign"),
        (.utmSource, "UTM source"), (.utmCampaign, "UTM campaign"), (.street, "Street"), (.city, "City"),
        (.postalCode, "Postal code"), (.state, "State"), (.stateCode, "State code"), (.country, "Country"),
        (.countryCode, "Country code"), (.language, "Language"), (.urgency, "Urgency"), (.value, "Value"),
        (.currency, "Currency"), (.complexity, "Complexity"),
        (.owner, "Owner in the CRM"), (.formerCase, "Earlier case"), (.formerRep, "Earlier rep"),
        (.createdAt, "Created at"), (.id, "External id"), (.recordURL, "CRM record"),
        (.emailDomain, "E-mail domain"), (.freeMail, "Free mail"), (.disposableMail, "Disposable mail"),
        (.webDomain, "Web domain"), (.phoneE164, "Phone, international"), (.phoneCountry, "Phone’s country"),
        (.phoneKind, "Kind of phone"), (.phoneExtension, "Phone extension"), (.utmMedium, "UTM medium"),
        (.referrer, "Referrer"), (.landingPage, "Landing page"),
    ]
    private static let labels = Dictionary(uniqueKeysWithValues: known)
    private static let order = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1.0, $0) })
}
