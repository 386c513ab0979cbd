// What of a lead tells whether the same person or firm has asked before: the address, the number, the names, each as it is
// compared. Pure; the store keeps the keys, the matching compares two of these.

/// A lead as it is compared with others.
public struct Likeness: Sendable, Equatable {
    /// Lower case, without what a provider ignores: `+tag`, and dots at Google's; nil for a machine's, which tells nobody
    /// apart.
    let email: String?
    /// The part before the `@` is a job's and not a person's: `info`, `sales`.
    let isShared: Bool
    /// The firm's domain, as far as it has one of its own.
    let domain: String?
    /// The domain of the address, whoever's it is.
    let mailDomain: String?
    /// By E.164; nil unless the country is known.
    let phone: String?
    let phoneExtension: String?
    /// Folded, without titles; initials are single letters.
    let names: [String]
    /// The firm's name without legal form.
    let firm: FirmWords?

    /// The likeness of `lead`.
    public init(_ lead: Lead) {
        if let (local, domain) = lead[.email].flatMap(Self.parts) {
            email = Mailbox.isMachine(local) ? nil : "\(local)@\(domain)"
            isShared = Self.sharedMailboxes.contains(local)
            mailDomain = domain
        } else {
            email = nil
            isShared = false
            mailDomain = nil
        }
        domain = lead[.webDomain] ?? (lead[.freeMail] == "no" ? lead[.emailDomain] : nil)
        phone = lead[.phoneE164] ?? lead[.phone].flatMap(Self.international)
        phoneExtension = lead[.phoneExtension]
        names = Self.names(lead.personName ?? "")
        firm = lead[.company].map(FirmName.key)?.nonEmpty.map { FirmWords($0) }
    }

    /// What of an address tells one person from another: the part before the `@`, and the domain; nil when it has no such
    /// parts.
    private static func parts(_ address: String) -> (local: String, domain: String)? {
        let address = address.lowercased()
        guard let sign = address.utf8.firstIndex(of: UInt8(ascii: "@")) else { return nil }
        let domain = String(address[address.utf8.index(after: sign)...])
        guard sign > address.startIndex, !domain.isEmpty, !domain.utf8.contains(UInt8(ascii: "@")) else { return nil }
        let isGoogles = domain == "gmail.com" || domain == "googlemail.com"
        let kept = address[..<sign].utf8.prefix { $0 != UInt8(ascii: "+") }
        let local = isGoogles ? kept.filter { $0 != UInt8(ascii: ".") } : Array(kept)
        return (String(decoding: local, as: UTF8.self), isGoogles ? "gmail.com" : domain)
    }

    /// A number with its country's code, as it stands.
    private static func international(_ text: String) -> String? {
        guard text.utf8.first == UInt8(ascii: "+") else { return nil }
        var digits: [UInt8] = [UInt8(ascii: "+")]
        for byte in text.utf8.dropFirst() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(byte)
            case UInt8(ascii: " "), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "/"):
                continue
            default: return nil
            }
        }
        return (9...16).contains(digits.count) ? String(decoding: digits, as: UTF8.self) : nil
    }

    private static func names(_ text: String) -> [String] {
        let words = words(of: TextKey.fold(text))
        let own = words.filter { !titles.contains($0) }
        return Array((own.isEmpty ? words : own).prefix(6))
    }

    /// The words of a folded text, each as it is compared.
    fileprivate static func words(of folded: String) -> [String] {
        folded.utf8.split(separator: UInt8(ascii: " ")).map { flatten(Substring($0)) }
    }

    /// Müller, Mueller and Muller are one, and so are Sørensen, Soerensen and Sorensen.
    static func flatten(_ word: Substring) -> String {
        let plain = word.utf8.allSatisfy { $0 < 0x80 } ? String(word) : withoutStrokes(word)
        var flat: [UInt8] = []
        for byte in plain.utf8 {
            if byte == UInt8(ascii: "e"), let last = flat.last, "aou".utf8.contains(last) { continue }
            flat.append(byte)
        }
        return String(decoding: flat, as: UTF8.self)
    }

    /// Letters that are no accented ones, as they are written where keyboards lack them.
    private static func withoutStrokes(_ word: Substring) -> String {
        word.map { strokes[$0].map(String.init) ?? String($0) }.joined()
    }

    private static let strokes: [Character: Character] = [
        "ø": "o", "œ": "o", "æ": "a", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "þ": "t",
    ]

    private static let titles: Set<String> = [
        "dr", "prof", "mr", "mrs", "ms", "miss", "sir", "herr", "frau", "dipl", "ing", "mag", "jr", "sr", "phd", "md",
        "von",
        "van", "der", "den", "de", "di", "la", "le", "du", "zu", "mme", "monsieur", "madame", "senor", "senora", "sig",
    ]

    private static let sharedMailboxes: Set<String> = [
        "info", "sales", "office", "contact", "hello", "mail", "kontakt", "buero", "post", "team", "service", "support",
        "admin", "enquiries", "inquiries", "anfrage", "vertrieb", "einkauf", "purchasing", "procurement", "marketing",
        "reception", "zentrale", "accueil", "contacto", "ventas", "informacion",
    ]
}

extension Likeness {
    /// The keys under which leads that may be alike find each other: one for the address, one for the number, one for each
    /// of two names beside the firm's, and one beside the firm's initials where it may be known by them. What sounds alike
    /// has one key.
    public var keys: [Int64] {
        var keys: [Int64] = []
        if let email { keys.append(Self.hash("e\(email)")) }
        if let phone { keys.append(Self.hash("p\(phone)")) }
        guard let firm, let first = firm.distinctive.first else { return keys }
        let sound = Self.sound(first)
        let long = names.filter { $0.utf8.count > 1 }.sorted { $0.utf8.count > $1.utf8.count }.prefix(2)
        func add(_ name: String, _ firm: String) {
            let key = Self.hash("n\(Self.sound(name))|\(firm)")
            if !keys.contains(key) { keys.append(key) }
        }
        for name in long { add(name, sound) }
        if let initials = firm.initials, let name = long.first { add(name, Self.sound(initials)) }
        return keys
    }

    /// Consonants by how they sound, four at most; a word's first letter stands for itself by its sound.
    static func sound(_ word: String) -> String {
        var code: [UInt8] = []
        for byte in word.utf8 {
            let sound: UInt8? =
                switch byte {
                case UInt8(ascii: "b"), UInt8(ascii: "p"): UInt8(ascii: "p")
                case UInt8(ascii: "c"), UInt8(ascii: "k"), UInt8(ascii: "q"), UInt8(ascii: "g"): UInt8(ascii: "k")
                case UInt8(ascii: "d"), UInt8(ascii: "t"): UInt8(ascii: "t")
                case UInt8(ascii: "f"), UInt8(ascii: "v"), UInt8(ascii: "w"): UInt8(ascii: "f")
                case UInt8(ascii: "s"), UInt8(ascii: "z"), UInt8(ascii: "x"): UInt8(ascii: "s")
                case UInt8(ascii: "m"), UInt8(ascii: "n"): UInt8(ascii: "n")
                case UInt8(ascii: "l"), UInt8(ascii: "r"): byte
                case UInt8(ascii: "0")...UInt8(ascii: "9"): byte
                case 0x80...: byte
                default: code.isEmpty && byte != UInt8(ascii: "h") ? UInt8(ascii: "a") : nil
                }
            guard let sound, code.last != sound else { continue }
            code.append(sound)
            if code.count == 5 { break }
        }
        return String(decoding: code, as: UTF8.self)
    }

    /// FNV-1a, 64 bits: the same on every machine and in every version.
    private static func hash(_ text: String) -> Int64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int64(bitPattern: hash)
    }
}

/// The words of a firm's name, told apart by how much they say.
struct FirmWords: Sendable, Equatable {
    let all: [String]
    /// Without those that many firms have.
    let distinctive: [String]

    init(_ firm: String) {
        all = Likeness.words(of: firm)
        let own = all.filter { !Self.common.contains($0) }
        distinctive = own.isEmpty ? all : own
    }

    /// The letters by which a firm of several words may be known, as BMW is; nil for others.
    var initials: String? { (3...6).contains(all.count) ? String(all.compactMap(\.first)) : nil }

    private static let common: Set<String> = [
        "group", "gruppe", "grup", "holding", "holdings", "international", "global", "worldwide", "usa", "us", "uk",
        "germany", "deutschland", "europa", "europ", "and", "und", "et", "of", "the", "for", "services", "service",
        "solutions", "sons", "bros", "brothers", "partners", "associates", "studio", "studios", "ltd", "inc", "gmbh",
    ]
}
