// Labels and values in text that was written for people, as web forms mail it: `Name: Ada King`, a table of two columns, a
// row of labels above a row of values. What could be prose is prose: without two labels of fields that leads usually have,
// nothing counts as labelled.

import LeadCore

/// What a text says under labels.
struct LabelledText {
    /// In the order of the text.
    private(set) var pairs: [(label: String, text: String)] = []
    /// The lines that belong to no label.
    private(set) var rest: [String] = []

    private static let longestLabel = 48
    /// What has more labels than this is no form's mail; the rest of it counts as text.
    private static let most = 500

    /// Reads the lines of `text`.
    init(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(Self.bare)
        var index = 0
        // The pair that further lines belong to: all of them after a message, one after a label without a value.
        var open: Open?
        while index < lines.count {
            let line = lines[index]
            index += 1
            if line == "-- " || line == "--" || pairs.count > Self.most {
                rest += lines[index...]
                break
            }
            if let cells = Self.cells(line) {
                if cells.count > 1, cells.allSatisfy(Self.isKnown), index < lines.count,
                    let values = Self.cells(lines[index]), values.count == cells.count
                {
                    pairs += zip(cells, values).map { ($0, $1) }
                    index += 1
                    open = nil
                    continue
                }
                let labels = stride(from: 0, to: cells.count, by: 2)
                if cells.count % 2 == 0, labels.allSatisfy({ Self.isLabel(cells[$0]) }),
                    cells.count == 2 || Self.isKnown(cells[0])
                {
                    for at in labels { pairs.append((cells[at], cells[at + 1])) }
                    open = Self.isMessage(cells[cells.count - 2]) ? .message : nil
                    continue
                }
            }
            if let (label, value) = Self.labelled(line), open != .message || Self.isKnown(label) {
                pairs.append((label, value))
                open = Self.isMessage(label) ? .message : value.isEmpty ? .value : nil
                continue
            }
            switch open {
            case .message: pairs[pairs.count - 1].text += "\n" + line
            case .value where !line.trimmed.isEmpty:
                pairs[pairs.count - 1].text = line.trimmed
                open = nil
            case .value: break
            case nil: rest.append(line)
            }
        }
        pairs = pairs.map { ($0.label, $0.text.trimmed) }.filter { !$0.text.isEmpty }
    }

    private enum Open {
        case message, value
    }

    /// True when the labels are no accident.
    var isConvincing: Bool {
        Set(pairs.map { FieldNaming.label($0.label) }.filter(FieldNaming.isKnown)).count >= 2
    }

    // MARK: Lines

    /// Without what quoting and lists put before a line.
    private static func bare(_ line: Substring) -> String {
        let text = line.drop { $0 == ">" || $0 == " " }
        return line == "-- " ? "-- " : String(text.hasPrefix("* ") || text.hasPrefix("• ") ? text.dropFirst(2) : text)
    }

    /// The cells of a table's row; nil for any other line.
    private static func cells(_ line: String) -> [String]? {
        let divider: Character = line.contains("\t") ? "\t" : "|"
        guard line.contains(divider) else { return nil }
        var cells = line.split(separator: divider, omittingEmptySubsequences: false).map { String($0).trimmed }
        if divider == "|" {
            if cells.first == "" { cells.removeFirst() }
            if cells.last == "" { cells.removeLast() }
            // "Message: red | blue" is a value with a bar in it.
            if let first = cells.first, let (label, value) = labelled(first), isKnown(label), !value.isEmpty {
                return nil
            }
        }
        while let last = cells.last, last.isEmpty { cells.removeLast() }
        return cells.count > 1 ? cells : nil
    }

    private static func labelled(_ line: String) -> (String, String)? {
        guard let colon = line.firstIndex(where: { $0 == ":" || $0 == "：" }) else { return nil }
        let label = String(line[..<colon]).trimmed
        let value = String(line[line.index(after: colon)...])
        // An address on the web, or the time of day.
        guard isLabel(label), !value.hasPrefix("//") else { return nil }
        return (label.filter { $0 != "*" }.trimmed, value.drop { $0 == "*" }.description.trimmed)
    }

    private static func isLabel(_ text: String) -> Bool {
        guard let first = text.first(where: { $0 != "*" }), first.isLetter, text.count <= longestLabel else {
            return false
        }
        let isScheme = ["http", "https", "mailto"].contains(text.lowercased())
        return text.split(separator: " ").count <= 6 && !text.contains("@") && !text.contains("/") && !isScheme
    }

    private static func isKnown(_ label: String) -> Bool {
        isLabel(label) && FieldNaming.isKnown(FieldNaming.label(label))
    }

    private static func isMessage(_ label: String) -> Bool { FieldNaming.label(label) == .description }
}
