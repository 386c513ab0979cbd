// What becomes of the names that common sources give, beside the files in Fixtures/Mappings (`PRESET.WHAT.EXTENSION`), and of
// those for which a configuration has rules.

import Foundation
import LeadCore
import Synchronization
import Testing

@testable import LeadSpool

@Suite("Mappings")
struct FieldMapperTests {
    private static let folder = FormatFixture.folder.appending(path: "Mappings")

    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasSuffix(".expected") }.sorted()
    }

    private final class Fates: Sendable {
        let all = Mutex<[MappedName]>([])
    }

    @Test(
        "each preset takes its source's names as expected, and says what became of the others", arguments: try names())
    func presets(name: String) throws {
        let preset = String(name.prefix { $0 != "." })
        #expect(MappingPreset.all.contains { $0.name == preset })
        let fates = Fates()
        var rules = ReadingRules(mapping: FieldMapping(preset: preset), source: "src", label: "Some source")
        rules.onMapping = { names in fates.all.withLock { $0 += names } }
        let bytes = Array(try Data(contentsOf: Self.folder.appending(path: name)))
        let content = RecordFormat.read(name: name, bytes: bytes, rules: rules)
        var shown = FormatFixture.shown(content)
        for fate in fates.all.withLock({ $0 }) {
            let names = fate.names.joined(separator: ", ")
            switch fate.fate {
            case .field(let field, _): shown += "\(names) -> \(field.text)\n"
            case .kept(let field, _): shown += "\(names) -> \(field.text), left over\n"
            case .ignored: shown += "\(names) ignored\n"
            case .dropped: shown += "\(names) dropped\n"
            }
        }
        let expected = Self.folder.appending(path: name + ".expected")
        if ProcessInfo.processInfo.environment["LEADBELL_UPDATE_GOLDEN"] == "1" {
            try Data(shown.utf8).write(to: expected)
        }
        #expect(shown == String(decoding: try Data(contentsOf: expected), as: UTF8.self))
    }

    private func map(_ json: String, _ mapping: FieldMapping) throws -> [String: String] {
        let content = RecordFormat.read(name: "a.json", bytes: Array(json.utf8), rules: ReadingRules(mapping: mapping))
        let lead = try #require(content.records.first, "\(content.rejected.map(\.fault))").lead
        return Dictionary(uniqueKeysWithValues: lead.values.map { ($0.key.text, $0.value.text) })
    }

    @Test("a rule's translation goes before the preset's, and reads the source's own word")
    func presetTranslations() throws {
        let record = #"{"LastName":"King","Rating":"Hot"}"#
        #expect(try map(record, FieldMapping(preset: "salesforce"))["urgency"] == "high")
        let own = FieldMapping(
            preset: "salesforce", rules: [.init(.urgency, .first(["Rating"]), translations: ["hot": "today"])])
        #expect(try map(record, own)["urgency"] == "today")
        #expect(
            try map(#"{"LastName":"King","Rating":"On fire"}"#, FieldMapping(preset: "salesforce"))["urgency"]
                == "On fire")
    }

    @Test("rules copy the first that has a value, join, split, translate and set constants")
    func rules() throws {
        let mapping = FieldMapping(rules: [
            .init(.email, .first(["Mail 1", "mail2"])),
            .init(.name, .join(["Vorname", "zweiter", "Nachname"], with: " ")),
            .init(.city, .part(of: "Ort", at: " ", .rest)),
            .init(.postalCode, .part(of: "Ort", at: " ", .number(1))),
            .init(.state, .part(of: "Ort", at: ", ", .last)),
            .init(.urgency, .first(["Prio"]), translations: ["Sofort": "high"], otherwise: "normal"),
            .init(.campaign, .constant("spring")),
        ])
        let record =
            #"{"Mail1":"","mail-2":"a@x.example","Vorname":"Ada","Nachname":"King","Ort":"80331 München Mitte, BY","Prio":"sofort","X":"y"}"#
        #expect(
            try map(record, mapping) == [
                "email": "a@x.example", "name": "Ada King", "city": "München Mitte, BY", "postal_code": "80331",
                "state": "BY", "urgency": "high", "campaign": "spring", "x": "y",
            ])
        #expect(try map(#"{"Prio":"irgendwann"}"#, mapping)["urgency"] == "normal")
        #expect(try map(#"{"X":"y"}"#, mapping)["urgency"] == nil)
    }

    @Test("what is ignored and what is dropped is in no lead; what is left over loses no value that a rule has set")
    func rest() throws {
        let keeping = FieldMapping(preset: "salesforce", rules: [.init(.phone, .first(["Tel"]))], ignored: ["secret"])
        let record = #"{"Tel":"1","Phone":"2","MobilePhone":"3","Secret":"x","Other":"y"}"#
        #expect(try map(record, keeping) == ["phone": "1", "phone_2": "2", "MobilePhone": "3", "other": "y"])
        var dropping = keeping
        dropping.keepsRest = false
        #expect(try map(record, dropping) == ["phone": "1"])
    }

    @Test("within a source ids are its own, and its label stands where a lead names no source")
    func sources() throws {
        let read = { (json: String, source: String?) in
            RecordFormat.read(
                name: "a.json", bytes: Array(json.utf8),
                rules: ReadingRules(source: source, label: source.map { "The \($0)" })
            ).records[0]
        }
        #expect(read(#"{"id":"7","source":"web"}"#, "crm").key.text == "id:crm:7")
        #expect(read(#"{"id":"7","source":"web"}"#, nil).key.text == "id:web:7")
        #expect(read(#"{"id":"7"}"#, "crm").lead[.source] == "The crm")
        #expect(read(#"{"id":"7","source":"web"}"#, "crm").lead[.source] == "web")
        // Without an id the record's own content counts, whichever way it came.
        #expect(read(#"{"name":"Ada"}"#, "crm").key == read(#"{"name":"Ada"}"#, nil).key)
    }

    @Test("a mapping bears any record: no name is lost unless it is ignored")
    func anyRecord() throws {
        var dice = Dice(seed: 7)
        let words = [
            "Id", "Email", "email", "field_data.email", "properties.email.value", "Phone", "x__c", "00N1", "a b", "oid",
            "_", "-",
        ]
        for preset in MappingPreset.all {
            let mapper = FieldMapper(FieldMapping(preset: preset.name))
            for round in 0..<300 {
                var record = RawRecord()
                for name in words.shuffled(using: &dice).prefix(Int.random(in: 0...12, using: &dice)) {
                    record.add(name, "v\(Int.random(in: 0..<1000, using: &dice))")
                }
                let result = Result { () throws(FieldFlaw) in try mapper.map(record) }
                guard case .success(let (values, fates)) = result else { continue }
                #expect(fates.flatMap(\.names).sorted() == record.pairs.map(\.name).sorted(), "\(preset.name) \(round)")
                for case .field(let field, let value) in fates.map(\.fate) { #expect(values[field] == value) }
                for case .kept(let field, let value) in fates.map(\.fate) { #expect(values[field] == value) }
            }
        }
    }
}
