// ISO 3166-1: every country's codes, and the names by which people write it. The names come from Foundation's locale
// data in the languages below, once; short forms and older names are listed here.

import Foundation
import LeadCore

/// Country codes by code and name.
struct CountryTable: Sendable {
    /// The table; built once, at its first use.
    static let standard = CountryTable()

    private let codes: [String: String]

    /// The alpha-2 code of the country that `text` names by code or name; nil when it names none, or several.
    func code(for text: String) -> String? { codes[TextKey.fold(text)] }

    /// Every alpha-2 code with its alpha-3 code.
    static let pairs: [(alpha2: String, alpha3: String)] = pairText.split { $0.isWhitespace }.map {
        (alpha2: String($0.prefix(2)), alpha3: String($0.suffix(3)))
    }

    private init() {
        var codes: [String: String] = [:]
        var ambiguous: Set<String> = []
        func add(_ name: String, _ code: String) {
            let key = TextKey.fold(name)
            if let other = codes[key], other != code { ambiguous.insert(key) }
            codes[key] = code
        }
        for language in Self.languages {
            let locale = Locale(identifier: language)
            for pair in Self.pairs {
                guard let name = locale.localizedString(forRegionCode: pair.alpha2) else { continue }
                add(name, pair.alpha2)
                if name.hasPrefix("St. ") { add("Saint" + name.dropFirst(3), pair.alpha2) }
            }
        }
        // Either Congo is "Congo" in some language.
        for key in ambiguous.union(["congo", "kongo"]) { codes[key] = nil }
        // Codes and listed names are certain: they come last and win over a name in some language.
        for (code, names) in Self.aliases {
            for name in names.split(separator: ",") { codes[TextKey.fold(String(name))] = code }
        }
        for pair in Self.pairs {
            codes[pair.alpha2.lowercased()] = pair.alpha2
            codes[pair.alpha3.lowercased()] = pair.alpha2
        }
        self.codes = codes
    }

    private static let languages = ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "nb", "fi", "cs"]

    private static let aliases: [(String, String)] = [
        ("AE", "UAE,Emirates"), ("BO", "Bolivia"), ("BQ", "Bonaire"), ("BN", "Brunei,Brunei Darussalam"),
        ("CD", "DRC,DR Congo,Democratic Republic of the Congo"), ("CG", "Republic of the Congo"),
        ("CI", "Ivory Coast"), ("CN", "PRC,People's Republic of China,Mainland China"), ("CV", "Cape Verde"),
        ("CZ", "Czech Republic,Czechia"), ("DE", "Federal Republic of Germany,BRD"), ("FK", "Falklands"),
        ("FM", "Micronesia"), ("GB", "UK,Great Britain,Britain,England,Scotland,Wales,Northern Ireland"),
        ("GB", "United Kingdom of Great Britain and Northern Ireland"), ("HK", "Hong Kong"),
        ("IE", "Eire,Republic of Ireland,Southern Ireland"), ("IR", "Iran,Islamic Republic of Iran"),
        ("KP", "DPRK,North Korea"), ("KR", "Korea,South Korea,Republic of Korea"), ("LA", "Laos"),
        ("MD", "Moldova,Republic of Moldova"), ("MK", "Macedonia,North Macedonia"), ("MM", "Burma,Myanmar"),
        ("MO", "Macau,Macao"), ("NL", "Holland,Netherlands"), ("PS", "Palestine,State of Palestine"),
        ("RU", "Russia,Russian Federation"), ("SA", "KSA"), ("SY", "Syria,Syrian Arab Republic"),
        ("SZ", "Swaziland"), ("TL", "East Timor"), ("TR", "Turkey,Turkiye"), ("TW", "Taiwan"),
        ("TZ", "Tanzania,United Republic of Tanzania"), ("US", "USA,U.S. of A.,America,United States of America"),
        ("VA", "Vatican,Holy See"), ("VE", "Venezuela"), ("VN", "Vietnam,Viet Nam"), ("ZA", "RSA"),
        ("BA", "Bosnia"), ("VI", "US Virgin Islands"), ("VG", "British Virgin Islands"),
    ]

    private static let pairText = """
        AF-AFG AX-ALA AL-ALB DZ-DZA AS-ASM AD-AND AO-AGO AI-AIA AQ-ATA AG-ATG AR-ARG AM-ARM AW-ABW AU-AUS AT-AUT AZ-AZE
        BS-BHS BH-BHR BD-BGD BB-BRB BY-BLR BE-BEL BZ-BLZ BJ-BEN BM-BMU BT-BTN BO-BOL BQ-BES BA-BIH BW-BWA BV-BVT BR-BRA
        IO-IOT BN-BRN BG-BGR BF-BFA BI-BDI CV-CPV KH-KHM CM-CMR CA-CAN KY-CYM CF-CAF TD-TCD CL-CHL CN-CHN CX-CXR CC-CCK
        CO-COL KM-COM CG-COG CD-COD CK-COK CR-CRI CI-CIV HR-HRV CU-CUB CW-CUW CY-CYP CZ-CZE DK-DNK DJ-DJI DM-DMA DO-DOM
        EC-ECU EG-EGY SV-SLV GQ-GNQ ER-ERI EE-EST SZ-SWZ ET-ETH FK-FLK FO-FRO FJ-FJI FI-FIN FR-FRA GF-GUF PF-PYF TF-ATF
        GA-GAB GM-GMB GE-GEO DE-DEU GH-GHA GI-GIB GR-GRC GL-GRL GD-GRD GP-GLP GU-GUM GT-GTM GG-GGY GN-GIN GW-GNB GY-GUY
        HT-HTI HM-HMD VA-VAT HN-HND HK-HKG HU-HUN IS-ISL IN-IND ID-IDN IR-IRN IQ-IRQ IE-IRL IM-IMN IL-ISR IT-ITA JM-JAM
        JP-JPN JE-JEY JO-JOR KZ-KAZ KE-KEN KI-KIR KP-PRK KR-KOR KW-KWT KG-KGZ LA-LAO LV-LVA LB-LBN LS-LSO LR-LBR LY-LBY
        LI-LIE LT-LTU LU-LUX MO-MAC MG-MDG MW-MWI MY-MYS MV-MDV ML-MLI MT-MLT MH-MHL MQ-MTQ MR-MRT MU-MUS YT-MYT MX-MEX
        FM-FSM MD-MDA MC-MCO MN-MNG ME-MNE MS-MSR MA-MAR MZ-MOZ MM-MMR NA-NAM NR-NRU NP-NPL NL-NLD NC-NCL NZ-NZL NI-NIC
        NE-NER NG-NGA NU-NIU NF-NFK MK-MKD MP-MNP NO-NOR OM-OMN PK-PAK PW-PLW PS-PSE PA-PAN PG-PNG PY-PRY PE-PER PH-PHL
        PN-PCN PL-POL PT-PRT PR-PRI QA-QAT RE-REU RO-ROU RU-RUS RW-RWA BL-BLM SH-SHN KN-KNA LC-LCA MF-MAF PM-SPM VC-VCT
        WS-WSM SM-SMR ST-STP SA-SAU SN-SEN RS-SRB SC-SYC SL-SLE SG-SGP SX-SXM SK-SVK SI-SVN SB-SLB SO-SOM ZA-ZAF GS-SGS
        SS-SSD ES-ESP LK-LKA SD-SDN SR-SUR SJ-SJM SE-SWE CH-CHE SY-SYR TW-TWN TJ-TJK TZ-TZA TH-THA TL-TLS TG-TGO TK-TKL
        TO-TON TT-TTO TN-TUN TR-TUR TM-TKM TC-TCA TV-TUV UG-UGA UA-UKR AE-ARE GB-GBR US-USA UM-UMI UY-URY UZ-UZB VU-VUT
        VE-VEN VN-VNM VG-VGB VI-VIR WF-WLF EH-ESH YE-YEM ZM-ZMB ZW-ZWE
        """
}
