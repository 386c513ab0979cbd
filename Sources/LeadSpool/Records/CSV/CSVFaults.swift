// What can be wrong with a file of rows, in words.

import LeadCore

/// What is wrong with a row.
enum RowFlaw {
    case malformed(String)
    /// So many values for so many columns.
    case wrongCount(Int, Int)
    /// More than so many bytes.
    case tooLong(Int)
    case restOfLine, zero, notUTF8, noHeader, tooManyColumns
}

extension CSVReader {
    static func fault(_ flaw: RowFlaw, line: Int, column: Int? = nil) -> IntakeFault {
        let (what, remedy) = words(flaw)
        return IntakeFault(what: what, line: line, column: column, remedy: remedy)
    }

    private static func words(_ flaw: RowFlaw) -> (String, String) {
        switch flaw {
        case .malformed(let what):
            (what, "Put quotation marks around the whole value, and double those within it.")
        case .wrongCount(let given, let expected):
            (
                "\(given) \(given == 1 ? "value" : "values") for \(expected) columns",
                "Give each column a value, if need be an empty one, and put values with a delimiter in quotation marks."
            )
        case .tooLong(let most):
            ("a row of more than \(most) bytes", "Look for a quotation mark that is never closed, or shorten the row.")
        case .restOfLine: ("the rest of a line that is too long", "See the row before.")
        case .zero: ("a zero byte within a row", "Export the file again as UTF-8.")
        case .notUTF8: ("not UTF-8, although the file's mark says so", "Export the file again as UTF-8.")
        case .noHeader:
            (
                "the first row names no field of a lead",
                "Begin the file with a row of names, such as name,email,phone, or give its source a mapping."
            )
        case .tooManyColumns:
            ("more than \(FieldCollection.most) columns", "Leave out columns that say nothing of a lead.")
        }
    }
}

extension IntakeFault {
    static let noRows = IntakeFault(
        what: "the file has no rows", remedy: "Write a row of names, such as name,email,phone, and a row for each lead."
    )
}
