// vCards (.vcf) of the versions 2.1, 3.0 and 4.0 (RFC 2426, RFC 6350): one lead a card. What a lead has no field for is kept
// under the property's name; pictures and sounds are noted and left. A card without its end is a fault, so that a file
// that is still being written is no lead.

import Foundation
import LeadCore

/// Reads cards.
enum CardFile {
    /// The leads of a file of cards.
    static func content(of file: [UInt8], by rules: ReadingRules) -> FileContent {
        var content = FileContent()
        var count = 0
        var open: (bytes: [UInt8], line: Int, lines: [CardLine])?
        for line in CardLine.lines(of: TextEncoding.text(of: file)) {
            let (name, value) = (line.name, line.value.trimmed.lowercased())
            if name == "BEGIN", value == "vcard" {
                if let card = open { content.reject(card.bytes[...], fault(.unfinished, card.line)) }
                count += 1
                guard count <= rules.mostRecords else { return .faulty(file, .tooManyRecords(rules.mostRecords)) }
                open = (Array(line.raw.utf8), line.number, [])
                continue
            }
            guard open != nil else {
                if !line.raw.trimmed.isEmpty {
                    return .faulty(file, fault(.foreign, line.number))
                }
                continue
            }
            // In place: a copy for each line would cost the square of their number.
            open?.bytes.append(0x0A)
            open?.bytes.append(contentsOf: line.raw.utf8)
            open?.lines.append(line)
            guard name == "END", value == "vcard", let card = open else { continue }
            open = nil
            switch record(of: card.lines, card.line).flatMap({ rules.record($0, line: card.line) }) {
            case .success(let record): content.records.append(record)
            case .failure(let flaw): content.reject(card.bytes[...], flaw.fault)
            }
        }
        if let card = open { content.reject(card.bytes[...], fault(.unfinished, card.line)) }
        return count == 0 ? .faulty(file, fault(.foreign, 1)) : content
    }

    private enum Flaw {
        case unfinished, foreign, zero
    }

    private static func fault(_ flaw: Flaw, _ line: Int) -> IntakeFault {
        switch flaw {
        case .unfinished:
            IntakeFault(what: "a card without END:VCARD", line: line, remedy: "Write the card to its end.")
        case .foreign:
            IntakeFault(
                what: "not a vCard", line: line, remedy: "Begin each card with BEGIN:VCARD and end it with END:VCARD.")
        case .zero:
            IntakeFault(what: "a zero byte within a card", line: line, remedy: "Export the card again as UTF-8.")
        }
    }

    private static func record(of lines: [CardLine], _ line: Int) -> Result<RawRecord, RecordFlaw> {
        if lines.contains(where: { $0.raw.utf8.contains(0) }) { return .failure(RecordFlaw(fault: fault(.zero, line))) }
        var record = RawRecord()
        // The preferred ones first; what comes after them is kept under names with numbers.
        let sorted = lines.enumerated().sorted {
            ($0.element.preference, $0.offset) < ($1.element.preference, $1.offset)
        }
        var counts: [String: Int] = [:]
        func keep(_ name: String, _ text: String) {
            guard !text.trimmed.isEmpty else { return }
            counts[name, default: 0] += 1
            let count = counts[name] ?? 1
            record.add(count == 1 ? name : "\(name)_\(count)", text)
        }
        for property in sorted.map(\.element) { add(property, keep) }
        return .success(record)
    }

    private static func add(_ line: CardLine, _ keep: (String, String) -> Void) {
        switch line.name {
        case "BEGIN", "END", "VERSION", "PRODID", "REV", "PROFILE", "CLASS", "KIND", "": return
        case "FN": keep("name", line.text)
        case "N":
            let parts = line.parts
            keep("last_name", parts.first ?? "")
            keep("first_name", parts.count > 1 ? parts[1] : "")
        case "EMAIL": keep("email", line.text.removingScheme("mailto:"))
        case "TEL": keep("phone", line.text.removingScheme("tel:"))
        case "ORG":
            keep("company", line.parts.first ?? "")
            keep("department", line.parts.dropFirst().filter { !$0.isEmpty }.joined(separator: ", "))
        case "ADR":
            let names = ["po_box", "address_extension", "street", "city", "state", "postal_code", "country"]
            for (name, part) in zip(names, line.parts) { keep(name, part) }
        case "TITLE": keep("title", line.text)
        case "URL": keep("website", line.text)
        case "NOTE": keep("description", line.text)
        case "UID": keep("id", line.text)
        case "LANG": keep("language", line.text)
        case "CATEGORIES": keep("categories", line.list.joined(separator: ", "))
        case "PHOTO", "LOGO", "SOUND", "KEY":
            let kind = line.parameter("TYPE") ?? line.parameter("MEDIATYPE")
            keep("attachments", line.name.lowercased() + (kind.map { " (\($0.lowercased()))" } ?? ""))
        default: keep(line.name.lowercased(), line.text)
        }
    }
}

extension String {
    fileprivate func removingScheme(_ scheme: String) -> String {
        lowercased().hasPrefix(scheme) ? String(dropFirst(scheme.count)) : self
    }
}
