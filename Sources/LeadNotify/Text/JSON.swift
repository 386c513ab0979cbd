// JSON as a value, for the renderers of small messages: members keep their order. What is sent a thousand times a second
// is written straight into bytes instead. Pure; it can't fail.

import LeadCore

/// A JSON value to be written.
enum JSON: Sendable, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    case text(String)
    case number(Int)
    case flag(Bool)
    case null
    case list([JSON])
    case members([(String, JSON)])

    init(stringLiteral value: String) { self = .text(value) }
    init(booleanLiteral value: Bool) { self = .flag(value) }
    init(nilLiteral: ()) { self = .null }
    init(arrayLiteral elements: JSON...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, JSON)...) { self = .members(elements) }

    /// The value in UTF-8, without white space.
    var bytes: [UInt8] {
        var json = JSONText(capacity: 4096)
        write(to: &json)
        return json.bytes
    }

    private func write(to json: inout JSONText) {
        switch self {
        case .text(let text): json.string(text)
        case .number(let number): json.number(Int64(number))
        case .flag(let flag): json.flag(flag)
        case .null: json.null()
        case .list(let elements): json.array(elements) { $1.write(to: &$0) }
        case .members(let members):
            json.object { json in
                for (name, value) in members {
                    json.key(named: name)
                    value.write(to: &json)
                }
            }
        }
    }
}
