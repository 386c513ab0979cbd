// Numbers that are read without the library: that they are read as it reads them.

import Foundation
import LabelledSamples
import LeadCore
import LeadTestKit
import Testing

@testable import LeadEnrichment

@Suite("NumberingPlans")
struct NumberingPlansTests {
    private let plans = NumberingPlans.standard

    /// What both say of `text`; nil when the plans leave it to the library.
    private func compare(_ text: String, _ region: String) -> Result<PhoneNumbers.Number, PhoneNumbers.Flaw>? {
        guard plans.read(text, region: region) != nil else { return nil }
        let found = PhoneNumbers.read(text, country: region)
        #expect(found == PhoneNumbers.readByLibrary(text, country: region), "\(text) in \(region)")
        return found
    }

    @Test(
        "what nearly everybody writes needs no library",
        arguments: [
            ("+1 312 555 0100", ""), ("(312) 555-0147", "US"), ("1-312-555-0147", "US"), ("312.555.0147", "CA"),
            ("+49 30 901820", ""), ("030 901820", "DE"), ("0171 1234567", "DE"), ("020 7946 0018", "GB"),
            ("+44 7400 123456", "US"), ("01 23 45 67 89", "FR"), ("044 668 18 00", "CH"), ("612 34 56 78", "ES"),
            ("02 1234 5678", "IT"), ("+43 1 5123456", ""), ("0412 345 678", "AU"), ("+7 495 123-45-67", ""),
            ("+39 06 1234 5678", "DE"), ("(+1) 416 555 0123", ""), ("030/901-820", "DE"), ("+1 999 999 9999", ""),
        ])
    func plain(text: String, region: String) {
        #expect(compare(text, region) != nil)
    }

    @Test(
        "and what is anything more is the library's",
        arguments: [
            ("+1 312 555 0100 ext. 12", ""), ("tel:+49-89-636-48018", ""), ("0049 89 63648018", "DE"),
            ("312 555 0147", ""),
            ("312 555 0147", "us"), ("+1 312 555 0100\u{0}", ""), ("\u{FF0B}1 312 555 0100", ""),
            ("1+312 555 0100", "US"),
            ("+800 1234 5678", ""), ("+999 123 456 789", ""), ("123456", "US"), ("12345678901234567", "US"), ("", "US"),
            ("911", "US"), ("+0 312 555 0100", "US"), ("312*555 0147", "US"), ("555 0147", "AG"),
        ])
    func others(text: String, region: String) {
        #expect(plans.read(text, region: region) == nil)
    }

    @Test("random numbers of every region are what the library says")
    func random() {
        var generator = SeededGenerator(seed: 12)
        var (asked, answered, valid) = (0, 0, 0)
        for (region, _) in CountryTable.pairs {
            for _ in 0..<120 {
                let count = Int.random(in: 6...12, using: &generator)
                var digits = (0..<count).map { _ in String(Int.random(in: 0...9, using: &generator)) }.joined()
                if Bool.random(using: &generator) { digits = "0" + digits }
                asked += 1
                guard let found = compare(digits, region) else { continue }
                answered += 1
                if case .success = found { valid += 1 }
            }
        }
        #expect(answered * 2 > asked, "\(answered) of \(asked)")
        #expect(valid > 1000, "\(valid)")
    }

    @Test("random numbers behind every calling code are what the library says")
    func international() {
        var generator = SeededGenerator(seed: 13)
        var (asked, answered, valid) = (0, 0, 0)
        for code in 0...999 {
            for _ in 0..<(code < 10 ? 3000 : 40) {
                let count = Int.random(in: 6...11, using: &generator)
                let digits = (0..<count).map { _ in String(Int.random(in: 0...9, using: &generator)) }.joined()
                asked += 1
                guard let found = compare("+\(code) \(digits)", "") else { continue }
                answered += 1
                if case .success = found { valid += 1 }
            }
        }
        #expect(answered * 2 > asked, "\(answered) of \(asked)")
        #expect(valid > 2000, "\(valid)")
    }

    @Test("valid numbers, with a digit or two wrong, are what the library says")
    func wrongDigits() {
        var generator = SeededGenerator(seed: 14)
        let known = [
            "13125550147", "14165550123", "18765550123", "18002530000", "4930901820", "491711234567", "442079460018",
            "447400123456", "33123456789", "33612345678", "390212345678", "34612345678", "41446681800", "4315123456",
            "74951234567", "77012345678", "5511961234567", "61412345678", "6421123456", "5491123456789",
            "5215512345678",
            "818012345678", "8613912345678", "919876543210", "2348012345678", "27821234567", "31612345678",
            "4512345678",
            "4670123456", "4791234567", "48512345678", "351912345678", "353871234567", "3725123456", "262692123456",
            "590690001234", "599951234567", "358401234567", "3581812345678", "212612345678", "441481123456",
            "441534123456",
        ]
        var valid = 0
        for number in known {
            for _ in 0..<250 {
                var digits = Array(number)
                for _ in 0..<Int.random(in: 0...2, using: &generator) {
                    let place = Int.random(in: 1..<digits.count, using: &generator)
                    digits[place] = Character(String(Int.random(in: 0...9, using: &generator)))
                }
                if case .success? = compare("+" + String(digits), "DE") { valid += 1 }
            }
        }
        #expect(valid > 3000, "\(valid)")
    }

    @Test("the labelled samples are read alike, most of them without the library")
    func samples() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "LabelledSamples/phones.tsv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { $0.first != "#" }
        var answered = 0
        for line in lines {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            if compare(fields[2], fields[3]) != nil { answered += 1 }
        }
        #expect(answered * 3 > lines.count, "hard cases, and \(answered) of \(lines.count) are plain")
    }

    @Test("nothing but digits and the usual marks is a number as people write it")
    func written() throws {
        let number = try #require(WrittenNumber(" +49 (30) 90-18.20/7 "))
        #expect(number.isInternational)
        #expect(number.digits == Digits("49309018207"))
        for text in ["+", "49 +30 901820", "++49 30 901820", "030 901820x", "٣٠٣٠٣٠٣٠", "123456"] {
            #expect(WrittenNumber(text) == nil, "\(text)")
        }
    }
}

@Suite("DigitPattern")
struct DigitPatternTests {
    @Test(
        "a pattern matches what its regular expression does",
        arguments: [
            "5", "[2-9]\\d{6}", "1|2|33", "(?:1|22)3?", "1(?:2|3(?:4|5)?)\\d{2,4}", "(?:1\\d|[27-9]){2}",
            "(12){1,3}0?",
            "8(?:00|33)[2-9]\\d{3}", "\\d{3}(?:\\d{2})?", "0?(?:1|12)?23", "(?:1?2?)3", "[13-79]{0,2}8", "(?:|1)2",
        ])
    func matches(text: String) throws {
        let pattern = try #require(DigitPattern(text))
        let expression = try NSRegularExpression(pattern: text)
        var generator = SeededGenerator(seed: 15)
        for _ in 0..<2000 {
            let digits = (0..<Int.random(in: 0...7, using: &generator)).map { _ in
                String(Int.random(in: 0...9, using: &generator) % (Bool.random(using: &generator) ? 4 : 10))
            }.joined()
            let number = try #require(Digits(digits))
            let range = NSRange(location: 0, length: digits.utf16.count)
            let isWhole = try NSRegularExpression(pattern: "^(?:\(text))$").firstMatch(in: digits, range: range) != nil
            #expect(pattern.matches(number) == isWhole, "\(digits)")
            let isBeginning = expression.firstMatch(in: digits, options: .anchored, range: range) != nil
            #expect(pattern.begins(number) == isBeginning, "\(digits)")
        }
    }

    @Test(
        "what isn't known is no pattern",
        arguments: [
            "1*", "1+", "[^1]", ".", "a", "1{2,}", "(1", "1)", "[1", "[]", "\\w", "1??", "1{3,2}", "^1", "1$", "{2}",
            "(?=1)",
        ])
    func unknown(text: String) {
        #expect(DigitPattern(text) == nil)
    }

    @Test("digits keep their order, begin and lose as they should")
    func digits() throws {
        let digits = try #require(Digits("0123456789012345"))
        #expect(Digits("01234567890123456") == nil)
        #expect(digits.count == 16)
        #expect((0..<16).map { digits[$0] } == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5])
        #expect(digits.starts(with: digits))
        #expect(digits.starts(with: Digits()))
        #expect(digits.dropFirst(14) == Digits("45"))
        #expect(digits.dropFirst(16) == Digits())
        #expect(digits.dropFirst(17) == Digits())
        #expect(digits.starts(with: try #require(Digits("012"))))
        #expect(!digits.starts(with: try #require(Digits("013"))))
        #expect(!Digits().starts(with: try #require(Digits("0"))))
        #expect(Digits("049")?.number == 49)
    }
}
