// The labelled sample of hard pairs: how many of those that are one person's are found, and how many that aren't are taken
// for one. `make bench` prints both figures.

import Foundation
import Testing

@testable import LeadCore

@Suite("The labelled sample")
struct LabelledSampleTests {
    private struct Pair {
        let isSame: Bool
        let text: String
        let left: Likeness
        let right: Likeness
    }

    private static func pairs() throws -> [Pair] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/alike.tsv")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { $0.first != "#" }.map {
            line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            try #require(fields.count == 10)
            let names: [FieldName] = [.name, .email, .phone, .company]
            func likeness(_ part: ArraySlice<String>) -> Likeness {
                Likeness(Lead(given: Dictionary(uniqueKeysWithValues: zip(names, part))))
            }
            return Pair(
                isSame: fields[0] == "same", text: String(line), left: likeness(fields[2..<6]),
                right: likeness(fields[6..<10]))
        }
    }

    @Test("nearly all that are one person's are found, and next to none that aren't are taken for one")
    func precisionAndRecall() throws {
        let pairs = try Self.pairs()
        #expect(pairs.count >= 300)
        var (found, missed, wrong) = (0, 0, 0)
        for pair in pairs {
            let meet = !Set(pair.left.keys).isDisjoint(with: pair.right.keys)
            let there = meet ? pair.left.resemblance(to: pair.right, agencies: ["agency.example"]) : nil
            let isTaken = (there?.score ?? 0) >= DuplicateSettings().threshold
            switch (pair.isSame, isTaken) {
            case (true, true): found += 1
            case (true, false): missed += 1
            case (false, true): wrong += 1
            case (false, false): break
            }
            if pair.isSame != isTaken { print("\(there?.words ?? (meet ? "nothing" : "no key")): \(pair.text)") }
        }
        let precision = Double(found) / Double(found + wrong)
        let recall = Double(found) / Double(found + missed)
        print("precision \(precision), recall \(recall)")
        #expect(precision >= 0.97)
        #expect(recall >= 0.93)
    }
}
