// Reads the firm directory's file: CSV in UTF-8 whose first line names the columns. A file that is wrong anywhere is
// refused whole, with the line, because a directory that silently lacks firms is noticed by nobody. Used at start and
// by the configuration's check.

import Foundation
import SwiftCSV

/// One row of the directory.
struct Firm: Sendable, Equatable {
    var name = ""
    var industry = ""
    var size = ""
    var city = ""
    var state = ""
    var country = ""
}

/// Why a file is no firm directory.
public enum FirmFileFlaw: Error, Sendable, Equatable, CustomStringConvertible {
    /// It could not be read from disk.
    case unreadable(reason: String)
    /// Its bytes are not UTF-8.
    case notUTF8
    /// The first line lacks these columns.
    case missingColumns([String])
    /// The first line names a column twice.
    case repeatedColumn(String)
    /// A row, which begins on this line, can't be used.
    case brokenRow(line: Int, reason: String)

    fileprivate func isOfRow(on line: Int) -> Bool {
        if case .brokenRow(line, _) = self { true } else { false }
    }

    /// A plain sentence with the remedy.
    public var description: String {
        switch self {
        case .unreadable(let reason): "the firm directory can't be read: \(reason)"
        case .notUTF8: "the firm directory is not UTF-8; save it as \u{201C}CSV UTF-8\u{201D}"
        case .missingColumns(let names):
            "the firm directory's first line lacks \(names.joined(separator: ", ")); "
                + "it must name the columns \(FirmFile.columns.joined(separator: ", ")), in any order"
        case .repeatedColumn(let name): "the firm directory's first line names the column \(name) twice"
        case .brokenRow(let line, let reason): "the firm directory's line \(line) can't be used: \(reason)"
        }
    }
}

/// The file's format.
enum FirmFile {
    /// The columns that every file has.
    static let columns = ["domain", "name", "industry", "size", "city", "state", "country"]

    /// The bytes of the file at `path`.
    static func bytes(of path: String) throws(FirmFileFlaw) -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            throw .unreadable(reason: "there is no such file")
        } catch let error as CocoaError where error.code == .fileReadNoPermission {
            throw .unreadable(reason: "this user may not read it")
        } catch {
            throw .unreadable(reason: "it is not a regular file or the disk fails")
        }
    }

    /// Gives every row of `bytes` to `take`: the domain, nil when the row has none, and the firm.
    static func read(_ bytes: Data, take: @escaping (String?, Firm) -> Void) throws(FirmFileFlaw) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let content = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes
        guard var text = String(validating: content, as: UTF8.self) else { throw .notUTF8 }
        // Without a newline at the end the parser drops an empty last field.
        if text.utf8.last != UInt8(ascii: "\n") { text.append("\n") }
        let reader = RowReader(take: take)
        do {
            let table = try EnumeratedCSV(string: text, delimiter: .comma, loadColumns: false, rowLimit: 0)
            try table.enumerateAsArray(startAt: 0, rowLimit: nil) { reader.read($0) }
        } catch {
            throw reader.flaw ?? .brokenRow(line: reader.nextLine, reason: "text follows a closing quotation mark")
        }
        // The parser takes the end of the file for the end of an open quotation, so its row is the last one.
        let isOpen = content.count(where: { $0 == UInt8(ascii: "\"") }) % 2 == 1
        if let flaw = reader.flaw, !isOpen || !flaw.isOfRow(on: reader.line) { throw flaw }
        if isOpen { throw .brokenRow(line: reader.line, reason: "a quotation mark is not closed") }
        if reader.layout == nil { throw .missingColumns(columns) }
    }
}

/// Takes rows as the parser finds them; it can't stop the parser, so the first flaw is kept and the rest ignored.
private final class RowReader {
    /// Where in a row each of `FirmFile.columns` stands, and how many columns there are.
    struct Layout {
        let places: [Int]
        let width: Int
    }

    private(set) var flaw: FirmFileFlaw?
    private(set) var layout: Layout?
    /// The line on which the last row began, and on which the next one does.
    private(set) var line = 0
    private(set) var nextLine = 1
    private let take: (String?, Firm) -> Void
    private var interned: Set<String> = []

    init(take: @escaping (String?, Firm) -> Void) { self.take = take }

    func read(_ row: [String]) {
        line = nextLine
        nextLine += 1
        for field in row where field.utf8.contains(where: { $0 < 0x20 || $0 >= 0x80 }) {
            nextLine += field.count(where: \.isNewline)
        }
        guard flaw == nil else { return }
        if row.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) { return }
        do {
            if let layout { try readFirm(row, layout) } else { layout = try Self.layout(of: row) }
        } catch {
            flaw = error
        }
    }

    private static func layout(of header: [String]) throws(FirmFileFlaw) -> Layout {
        let names = header.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
        let missing = FirmFile.columns.filter { !names.contains($0) }
        guard missing.isEmpty else { throw .missingColumns(missing) }
        for column in FirmFile.columns where names.count(where: { $0 == column }) > 1 {
            throw .repeatedColumn(column)
        }
        return Layout(places: FirmFile.columns.compactMap { names.firstIndex(of: $0) }, width: names.count)
    }

    private func readFirm(_ row: [String], _ layout: Layout) throws(FirmFileFlaw) {
        guard row.count == layout.width else {
            throw .brokenRow(line: line, reason: "it has \(row.count) fields instead of \(layout.width)")
        }
        let fields = layout.places.map { row[$0].trimmingCharacters(in: .whitespacesAndNewlines) }
        var domain: String?
        if !fields[0].isEmpty {
            guard let known = DomainName.of(website: fields[0]) else {
                throw .brokenRow(line: line, reason: "its domain is not a domain")
            }
            domain = known
        }
        guard domain != nil || !fields[1].isEmpty else {
            throw .brokenRow(line: line, reason: "it has neither domain nor name")
        }
        take(
            domain,
            Firm(
                name: fields[1], industry: interned(fields[2]), size: interned(fields[3]), city: interned(fields[4]),
                state: interned(fields[5]), country: interned(fields[6])))
    }

    /// Equal texts as one: a directory has few industries and many firms.
    private func interned(_ text: String) -> String { interned.insert(text).memberAfterInsert }
}
