// One record in every format, for tests of what must hold whatever a file's format is.

import LeadCore
import Testing

@testable import LeadSpool

/// A format, and how to write records and rubbish in it.
struct EveryFormat: Sendable, CustomTestStringConvertible {
    /// A person to write down.
    struct Person: Sendable {
        var name = "Ada King"
        var email = "ada@acme.example"
        var note = "Three reliefs"
    }

    /// The file's extension.
    let ending: String
    /// Whether a file may hold several records.
    let holdsMany: Bool
    /// Whether what isn't UTF-8 is read as what was written before it; else it is a fault.
    let guessesEncoding: Bool
    /// A text that is no record.
    let bad: String
    /// What stands before all records of a file.
    fileprivate let head: String
    fileprivate let record: @Sendable (Person) -> String

    var testDescription: String { ending }

    /// A file of `people`.
    func text(_ people: Person...) -> String { head + people.map(record).joined() }

    func bytes(_ people: Person...) -> [UInt8] { Array((head + people.map(record).joined()).utf8) }

    /// What a file of these bytes holds.
    func read(_ bytes: [UInt8]) -> FileContent { RecordFormat.read(name: "a." + ending, bytes: bytes) }

    static let all: [EveryFormat] = [
        EveryFormat(ending: "json", holdsMany: false, guessesEncoding: false, bad: "{", head: "", record: object),
        EveryFormat(ending: "ndjson", holdsMany: true, guessesEncoding: false, bad: "{\n", head: "") {
            object($0) + "\n"
        },
        EveryFormat(
            ending: "csv", holdsMany: true, guessesEncoding: true, bad: "name,email\nAda,a@x.example,too many\n",
            head: "name,email,description\n"
        ) { #""\#($0.name)","\#($0.email)","\#($0.note.replacing("\"", with: "\"\""))""# + "\n" },
        EveryFormat(
            ending: "form", holdsMany: true, guessesEncoding: true, bad: "name=%4\n", head: "", record: post),
        EveryFormat(
            ending: "entry", holdsMany: true, guessesEncoding: true, bad: "name=%4\n", head: "", record: post),
        EveryFormat(ending: "eml", holdsMany: false, guessesEncoding: true, bad: "\n", head: "") {
            "From: Website <noreply@stoneworks.example>\nSubject: Inquiry\n\n"
                + "Name: \($0.name)\nEmail: \($0.email)\nMessage: \($0.note)\n"
        },
        EveryFormat(ending: "vcf", holdsMany: true, guessesEncoding: true, bad: "BEGIN:VCARD\nFN:Ada\n", head: "") {
            "BEGIN:VCARD\nVERSION:4.0\nFN:\($0.name)\nEMAIL:\($0.email)\nNOTE:\($0.note)\nEND:VCARD\n"
        },
    ]

    private static func object(_ person: Person) -> String {
        let note = person.note.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return #"{"name":"\#(person.name)","email":"\#(person.email)","description":"\#(note)"}"#
    }

    private static func post(_ person: Person) -> String {
        "name=\(escape(person.name))&email=\(escape(person.email))&description=\(escape(person.note))\n"
    }

    /// As a browser does, but for letters beyond ASCII, which some handlers save as they are.
    private static func escape(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("&", with: "%26").replacing("=", with: "%3D")
            .replacing("+", with: "%2B").replacing(" ", with: "+")
    }
}

extension EveryFormat.Person {
    /// The person whom `lead` is about.
    init(_ lead: Lead) {
        self.init(name: lead[.name] ?? "", email: lead[.email] ?? "", note: lead[.description] ?? "")
    }
}

extension EveryFormat.Person: Equatable {}
