// ISO 3166-2 for the three countries whose states people write by code: the USA, Canada, Australia.

import LeadCore

/// Codes of states and provinces by code and name.
struct SubdivisionTable: Sendable {
    /// The table; built once, at its first use.
    static let standard = SubdivisionTable()

    private let codes: [String: [String: String]]
    private let stateNames: [String: String]

    /// The code of the state that `text` names by code (`IL`, `US-IL`) or name in `country`; nil when it names none,
    /// or when the country's states aren't in the table.
    func code(for text: String, in country: String) -> String? {
        guard let known = codes[country] else { return nil }
        let key = TextKey.fold(text)
        if let code = known[key] { return code }
        let prefix = country.lowercased() + " "
        return key.hasPrefix(prefix) ? known[String(key.dropFirst(prefix.count))] : nil
    }

    /// The code of the US state of this full name; nil for anything else, and for names that a country has too.
    func codeOfStateName(_ text: String) -> String? { stateNames[TextKey.fold(text)] }

    private init() {
        var codes: [String: [String: String]] = [:]
        var stateNames: [String: String] = [:]
        for (country, list) in Self.lists {
            for item in list.split(separator: ",") {
                let code = String(item.prefix { $0 != " " })
                let name = TextKey.fold(String(item.dropFirst(code.count + 1)))
                codes[country, default: [:]][TextKey.fold(code)] = code
                codes[country, default: [:]][name] = code
                if country == "US", CountryTable.standard.code(for: name) == nil { stateNames[name] = code }
            }
        }
        self.codes = codes
        self.stateNames = stateNames
    }

    private static let lists: [(String, String)] = [
        (
            "US",
            """
            AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,\
            DC District of Columbia,DC Washington DC,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,\
            IA Iowa,KS Kansas,KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,\
            MS Mississippi,MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico,\
            NY New York,NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,\
            RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,\
            WA Washington,WA Washington State,WV West Virginia,WI Wisconsin,WY Wyoming,AS American Samoa,GU Guam,\
            MP Northern Mariana Islands,PR Puerto Rico,VI Virgin Islands,VI US Virgin Islands
            """
        ),
        (
            "CA",
            """
            AB Alberta,BC British Columbia,MB Manitoba,NB New Brunswick,NB Nouveau-Brunswick,\
            NL Newfoundland and Labrador,NL Newfoundland,NS Nova Scotia,NT Northwest Territories,NU Nunavut,\
            ON Ontario,PE Prince Edward Island,QC Quebec,SK Saskatchewan,YT Yukon,YT Yukon Territory
            """
        ),
        (
            "AU",
            """
            ACT Australian Capital Territory,NSW New South Wales,NT Northern Territory,QLD Queensland,\
            SA South Australia,TAS Tasmania,VIC Victoria,WA Western Australia
            """
        ),
    ]
}
