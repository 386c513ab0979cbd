// What is known of the names that common sources give; one registration line a preset. Names are compared without regard to
// case, spaces, hyphens and underscores.

import LeadCore

/// The names of one kind of source.
public struct MappingPreset: Sendable {
    /// The name by which a configuration chooses it.
    public let name: String
    /// Field → names, the ones that go first in front.
    let fields: [(field: FieldName, names: [String])]
    /// Names that say nothing of a lead, and secrets that some sources send along.
    var ignored: [String] = []
    /// What may stand before names, where a source wraps its fields into something.
    var wrappers: [String] = []
    /// What may stand at the end of names.
    var endings: [String] = []
    /// By field, the source's words (lower case) for what leads call otherwise; a configuration's rules go before them.
    var translations: [FieldName: [String: String]] = [:]
    /// By name, how the source writes what a lead has otherwise.
    var writings: [(names: [String], writing: Writing)] = []

    /// How a source writes values.
    enum Writing: Sendable {
        /// With a mark in front, so that spreadsheets take it for a text.
        case marked(String)
        /// A time as milliseconds since 1970.
        case milliseconds

        /// `text` as leads have it.
        func read(_ text: String) -> String {
            switch self {
            case .marked(let mark): return text.hasPrefix(mark) ? String(text.dropFirst(mark.count)) : text
            case .milliseconds:
                let digits = text.trimmed
                guard (12...14).contains(digits.utf8.count), digits.utf8.allSatisfy({ $0 &- 0x30 < 10 }),
                    let milliseconds = Int64(digits)
                else { return text }
                return CivilTime(Timestamp(milliseconds: milliseconds)).rfc3339
            }
        }
    }

    /// Every preset there is.
    public static let all: [MappingPreset] = [.canonical, .salesforce, .hubspot, .facebook, .google]

    /// The preset called `name`; that of a lead's own names if there is none.
    static func named(_ name: String) -> MappingPreset { all.first { $0.name == name } ?? .canonical }
}

extension MappingPreset {
    /// A lead's own names, in the spellings that `FieldNaming` knows.
    static let canonical = MappingPreset(name: "canonical", fields: [])

    /// Salesforce: records as JSON or CSV, and the names of Web-to-Lead forms. Custom fields of records (`Project_Type__c`)
    /// are kept without their ending; those of forms (`00N…`) have no other name, and need a rule to have one.
    static let salesforce = MappingPreset(
        name: "salesforce",
        fields: [
            (.id, ["Id", "Lead Id", "LeadId"]), (.name, ["Name", "Full Name"]), (.firstName, ["FirstName"]),
            (.lastName, ["LastName"]), (.email, ["Email"]), (.phone, ["Phone", "MobilePhone", "mobile"]),
            (.title, ["Title"]), (.company, ["Company", "Company / Account", "Account Name"]),
            (.website, ["Website", "URL"]),
            (.industry, ["Industry"]), (.companySize, ["NumberOfEmployees", "employees"]), (.street, ["Street"]),
            (.city, ["City"]), (.state, ["State", "State/Province"]), (.stateCode, ["StateCode", "state_code"]),
            (.postalCode, ["PostalCode", "zip", "Zip/Postal Code"]), (.country, ["Country"]),
            (.countryCode, ["CountryCode", "country_code"]), (.source, ["LeadSource"]),
            (.campaign, ["Campaign", "Campaign.Name"]), (.description, ["Description"]),
            (.urgency, ["Rating"]), (.owner, ["Owner.Email", "Owner.Name", "OwnerId", "Lead Owner"]),
            (.createdAt, ["CreatedDate"]), (.currency, ["CurrencyIsoCode"]),
        ],
        ignored: [
            "oid", "retURL", "debug", "debugEmail", "encoding", "submit", "captcha_settings", "g-recaptcha-response",
            "attributes.type", "attributes.url", "Owner.attributes.type", "Owner.attributes.url", "SystemModstamp",
            "IsDeleted",
        ],
        endings: ["__c"], translations: [.urgency: ["hot": "high", "warm": "normal", "cold": "low"]])

    /// HubSpot: contacts of the CRM's interface (`properties`), form submissions (`values`) and exports, whose names are the
    /// labels of the same properties.
    static let hubspot = MappingPreset(
        name: "hubspot",
        fields: [
            (.id, ["hs_object_id", "vid", "id", "Record ID", "Contact ID"]), (.firstName, ["firstname"]),
            (.lastName, ["lastname"]), (.name, ["full_name"]), (.email, ["email"]),
            (.phone, ["phone", "phone number", "mobilephone", "mobile phone number"]),
            (.title, ["jobtitle"]),
            (.company, ["company", "company name", "associatedcompany.name", "associated company"]),
            (.website, ["website", "website url"]),
            (.industry, ["industry"]), (.companySize, ["numberofemployees", "numemployees", "company_size"]),
            (.street, ["address", "street_address"]), (.city, ["city"]), (.state, ["state", "state/region"]),
            (.postalCode, ["zip", "postal code"]), (.country, ["country", "country/region"]),
            (.language, ["hs_language", "preferred language"]),
            (.source, ["hs_analytics_source", "original source", "original traffic source"]),
            (.campaign, ["utm_campaign"]), (.description, ["message"]),
            (.owner, ["hubspot_owner_id", "contact owner"]),
            (.createdAt, ["createdate", "createdAt", "submittedAt", "create date"]),
            (.recordURL, ["profile-url"]),
        ],
        ignored: ["archived", "is-contact", "portal-id", "legalConsentOptions"],
        wrappers: ["properties.", "values.", "fields."], endings: [".value"],
        writings: [(["createdate", "createdAt", "submittedAt"], .milliseconds)])

    /// Facebook's lead ads, as the Graph API and the exports give them; in the latter ids, numbers and postal codes are marked.
    static let facebook = MappingPreset(
        name: FieldMapping.facebookPreset,
        fields: [
            (.id, ["id", "leadgen_id"]), (.createdAt, ["created_time"]), (.name, ["full_name"]),
            (.firstName, ["first_name"]), (.lastName, ["last_name"]), (.email, ["email", "work_email"]),
            (.phone, ["phone_number", "work_phone_number"]), (.company, ["company_name"]), (.title, ["job_title"]),
            (.street, ["street_address"]), (.city, ["city"]), (.state, ["state", "province"]),
            (.postalCode, ["zip_code", "post_code"]), (.country, ["country"]), (.campaign, ["campaign_name"]),
            (.utmSource, ["platform"]),
        ],
        wrappers: ["field_data."],
        writings: [
            (["id", "leadgen_id"], .marked("l:")), (["ad_id"], .marked("ag:")), (["adset_id"], .marked("as:")),
            (["campaign_id"], .marked("c:")), (["form_id"], .marked("f:")),
            (["phone_number", "work_phone_number"], .marked("p:")), (["zip_code", "post_code"], .marked("z:")),
        ])

    /// Google's lead forms, as their webhook posts them.
    public static let google = MappingPreset(
        name: "google-lead-form",
        fields: [
            (.id, ["lead_id"]), (.name, ["FULL_NAME"]), (.firstName, ["FIRST_NAME"]), (.lastName, ["LAST_NAME"]),
            (.email, ["EMAIL", "WORK_EMAIL"]), (.phone, ["PHONE_NUMBER", "WORK_PHONE"]),
            (.company, ["COMPANY_NAME"]), (.title, ["JOB_TITLE"]), (.street, ["STREET_ADDRESS"]), (.city, ["CITY"]),
            (.state, ["REGION"]), (.postalCode, ["POSTAL_CODE"]), (.country, ["COUNTRY"]),
            (.createdAt, ["lead_submit_time"]),
        ],
        ignored: ["google_key", "api_version"], wrappers: ["user_column_data."])
}
