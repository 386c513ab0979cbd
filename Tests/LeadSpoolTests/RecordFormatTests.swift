import LeadCore
import Testing

@testable import LeadSpool

@Suite("Reading a file's bytes")
struct RecordFormatTests {
    private func read(_ text: String, _ name: String = "a.json") -> FileContent {
        RecordFormat.read(name: name, bytes: Array(text.utf8))
    }

    private func lead(_ text: String) throws -> [String: String] {
        let content = read(text)
        let record = try #require(content.records.first, "\(content.rejected.map(\.fault))")
        return Dictionary(uniqueKeysWithValues: record.lead.values.map { ($0.key.text, $0.value.text) })
    }

    private func fault(_ text: String, _ name: String = "a.json") throws -> IntakeFault {
        let content = read(text, name)
        #expect(content.records.isEmpty)
        return try #require(content.rejected.first).fault
    }

    // MARK: Values

    @Test("texts stay as they are, numbers as written, true and false become yes and no, null is absent")
    func scalars() throws {
        let text = """
            {"name":" Ada ","value":12500,"big":12345678901234567890123,"part":0.5,"neg":-7,"b":true,"c":false,
            "d":null,"e":""}
            """
        #expect(
            try lead(text) == [
                "name": "Ada", "value": "12500", "big": "12345678901234567890123", "part": "0.5", "neg": "-7",
                "b": "yes", "c": "no",
            ])
    }

    @Test("a number of 38 digits keeps each of them, one of 39 is refused rather than rounded")
    func longNumbers() throws {
        let digits = "12345678901234567890123456789012345678"
        #expect(try lead(#"{"x":\#(digits)}"#) == ["x": digits])
        #expect(try fault(#"{"x":\#(digits)9}"#).what == "a number of more than 38 digits")
        #expect(try fault(#"{"name":"x","y":1e999}"#).what == "a number is too large or too small")
    }

    @Test("a list of texts becomes one text, an object within the object keeps its name")
    func nested() throws {
        let text = """
            {"skills":["a","b",3,true,null],"contact":{"e-mail":"ada@acme.example","Tags":["x","y"]},"none":[]}
            """
        #expect(
            try lead(text) == [
                "skills": "a, b, 3, yes", "contact.email": "ada@acme.example", "contact.tags": "x, y",
            ])
    }

    @Test(
        "what is nested deeper is refused",
        arguments: [#"{"a":{"b":{"c":"d"}}}"#, #"{"a":[["b"]]}"#, #"{"a":[{"b":"c"}]}"#, #"{"x":"y","a":{"b":[{}]}}"#])
    func tooNested(text: String) throws {
        #expect(try fault(text).what.hasSuffix("holds objects or lists within each other"))
    }

    @Test("names are spelled one way")
    func names() throws {
        let spellings = [
            "firstName": "first_name", "FirstName": "first_name", "First Name": "first_name",
            "FIRST-NAME": "first_name",
            " postalCode ": "postal_code", "recordURL": "record_url", "recordUrl": "record_url", "E-Mail": "email",
            "EMAIL": "email", "Company": "company", "favouriteColour": "favouriteColour", "Colour": "colour",
            "LeadSource": "LeadSource", "my\nfield": "my_field", "project  -  type": "project_type", "größe": "größe",
            "a_b2": "a_b2",
        ]
        for (spelling, name) in spellings { #expect(FieldNaming.field(spelling).text == name) }
    }

    @Test("when two names mean one field, the exact one counts, else always the same one, and empty ones never do")
    func sameField() throws {
        for _ in 0..<20 {
            #expect(try lead(#"{"First Name":"a","firstName":"b","first_name":"c"}"#) == ["first_name": "c"])
            #expect(try lead(#"{"firstName":"b","First Name":"a"}"#) == ["first_name": "a"])
            #expect(try lead(#"{"firstName":"b","First Name":" "}"#) == ["first_name": "b"])
        }
    }

    @Test("values and names that are too long, fields without a name and objects of too many fields are refused")
    func limits() throws {
        let long = String(repeating: "x", count: 32 * 1024)
        let name = String(repeating: "n", count: 512)
        #expect(try lead(#"{"a":"\#(long)","\#(name)":"b","\#(name.dropLast())":{"b":"c"}}"#).count == 3)
        #expect(try fault(#"{"a":"\#(long)x"}"#).what == "the value of a is longer than 32 KiB")
        for object in [#"{"\#(name)x":"a"}"#, #"{"\#(name)":{"b":"c"}}"#] {
            #expect(try fault(object).what == "a field's name is longer than 512 bytes")
            let mapped = RecordFormat.read(
                name: "lead.json", bytes: Array(object.utf8),
                rules: ReadingRules(mapping: FieldMapping(preset: "salesforce")))
            #expect(mapped.rejected.first?.fault.what == "a field's name is longer than 512 bytes")
        }
        #expect(try fault(#"{" ":"a"}"#).what == "a field has no name")
        let many = (0...1000).map { #""f\#($0)":"x""# }.joined(separator: ",")
        #expect(try fault("{\(many)}").what == "more than 1000 fields")
    }

    @Test(
        "an object without any value is no lead",
        arguments: ["{}", #"{"name":""}"#, #"{"name":"  ","x":null,"y":[]}"#, #"{"a":{}}"#])
    func noLead(text: String) throws {
        #expect(try fault(text).what == "holds no lead: no field has a value")
    }

    // MARK: Faults and where they are

    @Test(
        "bad JSON is told with its line and column",
        arguments: [
            (#"{"a":1,}"#, "a name in double quotes was expected", 1, 8),
            ("{\n \"a\": \"x\",\n \"b\": y\n}", "unexpected character", 3, 7),
            ("\n\n  {\"a\" 1}", "a colon was expected", 3, 8),
            (#"{"a":"x" "b":"y"}"#, "a comma or the end was expected", 1, 10),
            (#"{"a":"x"} x"#, "something follows the object", 1, 11),
            ("{\"a\":\"x\ny\"}", "a control character within a text", 1, 8),
            (#"{"a":"\q"}"#, "an unknown escape within a text", 1, 7),
            (#"{"a":"\u12g4"}"#, "an unknown escape within a text", 1, 7),
            (#"{"a":"x\ud800"}"#, "half a surrogate pair within a text", 1, 8),
            (#"{"a":"x\udc00"}"#, "half a surrogate pair within a text", 1, 8),
            (#"{"a":01}"#, "not a number", 1, 6),
            (#"{"a":1.}"#, "not a number", 1, 8),
            (#"{"a":-}"#, "not a number", 1, 7),
            (#"{"a":+1}"#, "unexpected character", 1, 6),
            (#"{"a":NaN}"#, "unexpected character", 1, 6),
            (#"{"a":nul}"#, "unexpected character", 1, 9),
            (#"{a:1}"#, "a name in double quotes was expected", 1, 2),
            (#"{"a":[1,]}"#, "unexpected character", 1, 9),
            (#"{"a":[1}"#, "a comma or the end was expected", 1, 8),
            (#"{"a":"x"]"#, "a comma or the end was expected", 1, 9),
            (#"{"a":"x""#, "the text ends too early", 1, 9),
            (#"{"größe":"#, "the text ends too early", 1, 12),
            ("{\n", "the text ends too early", 1, 2),
            ("// x\n{}", "unexpected character", 1, 1),
            ("{\"a\":\"x\0\"}", "a control character within a text", 1, 8),
        ])
    func places(text: String, what: String, line: Int, column: Int) throws {
        let fault = try fault(text)
        #expect(fault.what == "not valid JSON: " + what)
        #expect(fault.line == line)
        #expect(fault.column == column)
        #expect(!fault.remedy.isEmpty)
    }

    @Test("valid JSON of every kind is accepted")
    func valid() throws {
        let text = #" { "a" : "\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00" , "b":-0.5e+2 , "c":[ ] , "d":{ } , "e":0 } "#
        #expect(try lead(text) == ["a": "\"\\/\u{8}\u{c}\n\r\t\u{e9}\u{1F600}", "b": "-50", "e": "0"])
    }

    @Test("a value that isn't an object is no lead", arguments: ["[{}]", "3", #""x""#, "null", "true"])
    func notAnObject(text: String) throws {
        let fault = try fault(text)
        #expect(fault.what == "not a JSON object")
        #expect(fault.line == 1 && fault.column == 1)
    }

    @Test("invalid UTF-8 is told with its place, a byte order mark is not minded")
    func encoding() throws {
        let bad = RecordFormat.read(name: "a.json", bytes: Array("{\n\"a\":\"x".utf8) + [0xFF] + Array("\"}".utf8))
        let fault = try #require(bad.rejected.first).fault
        #expect(fault == IntakeFault(what: "not UTF-8", line: 2, column: 7, remedy: "Save the file as UTF-8."))
        #expect(try lead("\u{FEFF}{\"a\":\"x\"}") == ["a": "x"])
        for bytes: [UInt8] in [[0xFF, 0xFE, 0x7B, 0], [0x7B, 0, 0x7D, 0], [0xC0, 0xAF], [0xED, 0xA0, 0x80]] {
            #expect(RecordFormat.read(name: "a.json", bytes: bytes).rejected.count == 1)
        }
    }

    @Test("nesting a million deep is a fault and no crash", arguments: ["[", "{\"a\":"])
    func deep(opening: String) throws {
        let text = "{\"a\":" + String(repeating: opening, count: 1_000_000)
        let fault = try fault(text)
        #expect(fault.what == "nested more than 64 levels deep")
        #expect(fault.column == 6 + 63 * opening.utf8.count)
        // Brackets within a text are none.
        #expect(try lead(#"{"a":"\#(String(repeating: "[", count: 1000))"}"#).count == 1)
    }

    @Test("an empty file is a fault", arguments: ["a.json", "a.ndjson", "a.jsonl"])
    func empty(name: String) throws {
        #expect(try fault("", name).what == "the file is empty")
        #expect(try fault(" \r\n\n", name).what == "the file is empty")
    }

    @Test(
        "another extension is a fault that names those that are read",
        arguments: ["a.xlsx", "json", ".json", "a.json~"])
    func extensions(name: String) throws {
        let kinds = ".json, .ndjson, .jsonl, .csv, .tsv, .form, .urlencoded, .eml, .vcf"
        #expect(try fault("{}", name).remedy == "Name the file by what it holds: \(kinds).")
        #expect(read(#"{"a":"b"}"#, "A.JSON").records.count == 1)
    }

    // MARK: Many records

    @Test("each line is a record, blank lines are none, and a bad one says on which line it is")
    func lines() throws {
        let text = "\u{FEFF}{\"a\":\"1\"}\r\n\r\n  {\"a\":}\n{\"a\":\"2\"}\n[]\n{\"a\":\"3\"}"
        let content = read(text, "a.ndjson")
        #expect(content.records.map { $0.lead["a"] } == ["1", "2", "3"])
        #expect(content.rejected.map { String(decoding: $0.bytes, as: UTF8.self) } == ["{\"a\":}", "[]"])
        #expect(content.rejected.map(\.fault.line) == [3, 5])
        #expect(content.rejected.map(\.fault.column) == [8, 1])
    }

    @Test("one line that isn't UTF-8 spoils no other")
    func encodingOfLines() throws {
        let bytes = Array("{\"a\":\"1\"}\n".utf8) + [0xFF, 0x0A] + Array("{\"a\":\"2\"}".utf8)
        let content = RecordFormat.read(name: "a.jsonl", bytes: bytes)
        #expect(content.records.count == 2)
        #expect(content.rejected.first?.fault.line == 2)
        #expect(content.rejected.first?.bytes == [0xFF])
    }

    @Test("a file of too many records is refused as a whole")
    func tooMany() throws {
        let bytes = Array(String(repeating: "{\"a\":1}\n", count: 11).utf8)
        let eleven = ReadingRules(mostRecords: 11)
        #expect(RecordFormat.read(name: "a.ndjson", bytes: bytes, rules: eleven).records.count == 11)
        let content = RecordFormat.read(name: "a.ndjson", bytes: bytes, rules: ReadingRules(mostRecords: 10))
        #expect(content.records.isEmpty && content.rejected.count == 1)
        #expect(content.rejected.first?.bytes == bytes)
    }

    @Test("beyond a thousand bad records, their bytes are kept but no longer told apart")
    func manyBad() throws {
        let content = read(String(repeating: "x\n", count: 5000), "a.ndjson")
        #expect(content.rejected.count == 1001)
        #expect(content.rejected.reduce(0) { $0 + $1.bytes.count { $0 == UInt8(ascii: "x") } } == 5000)
        #expect(content.rejected.last?.fault.line == 1001)
    }

    // MARK: Keys

    @Test("the same record is one lead in whichever file and wherever in it")
    func keys() throws {
        let record = #"{"name":"Ada King","email":"ada@acme.example"}"#
        let whole = read("\n" + record + "\n").records.map(\.key)
        let lines = read("{\"a\":\"b\"}\n" + record + "\r\n" + record, "b.jsonl").records.map(\.key)
        #expect(lines[1] == whole[0] && lines[2] == whole[0] && lines[0] != whole[0])
        #expect(Set((0..<100).flatMap { _ in read(record).records.map(\.key) }).count == 1)
        #expect(read(#"{"id":7,"source":"form"}"#).records.first?.key.text == "id:form:7")
    }

    // MARK: Damage

    private static let sample =
        #"{"id":"S-1","source":"form","name":"Zoë \"Z\" King","value":12500.5,"tags":["a","b"],"ok":true,"x":{"y":0}}"#

    @Test("a file that was cut off anywhere is never a lead")
    func truncated() throws {
        let bytes = Array(Self.sample.utf8)
        for length in 0..<bytes.count {
            let content = RecordFormat.read(name: "a.json", bytes: Array(bytes[..<length]))
            #expect(content.records.isEmpty && content.rejected.count == 1, "cut at \(length)")
        }
        #expect(RecordFormat.read(name: "a.json", bytes: bytes).records.count == 1)
    }

    @Test("ten thousand damaged files end as a lead or as a fault")
    func mutated() {
        var dice = Dice(seed: 20_261_123)
        var leads = 0
        for round in 0..<10_000 {
            var bytes = Array(Self.sample.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &dice) {
                let place = Int.random(in: 0..<bytes.count, using: &dice)
                switch Int.random(in: 0..<4, using: &dice) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &dice)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(Array("{}[],:\"\\0e-u".utf8).randomElement(using: &dice) ?? 0, at: place)
                default: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
                }
            }
            let content = RecordFormat.read(name: "a.json", bytes: bytes)
            #expect(content.records.count + content.rejected.count == 1, "round \(round)")
            leads += content.records.count
            let lines = RecordFormat.read(name: "a.ndjson", bytes: bytes)
            #expect(lines.records.count + lines.rejected.count >= 1, "round \(round)")
        }
        // Else the damage was too great to try much.
        #expect(leads > 1000 && leads < 9000)
    }
}
