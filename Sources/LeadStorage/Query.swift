// One prepared statement, bound, stepped and read without detours: the write path runs five of them a lead. GRDB
// prepares and caches it and owns the connection; only binding and stepping go straight to SQLite. Reading never traps:
// a value of another type than the schema's means a damaged file and is thrown as such.

import GRDB
import GRDBSQLite

/// A value that can be bound to a statement's parameter.
protocol Bindable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32
}

/// A statement in use on its connection's queue.
struct Query {
    private let statement: Statement
    private var handle: OpaquePointer { statement.sqliteStatement }
    private let connection: OpaquePointer?

    /// The connection's cached statement for `sql`, ready to be bound.
    init(_ db: Database, _ sql: String) throws {
        statement = try db.cachedStatement(sql: sql)
        connection = db.sqliteConnection
        sqlite3_reset(statement.sqliteStatement)
    }

    /// Runs the statement to its end and says how many rows it changed.
    @discardableResult
    func run<each Value: Bindable>(_ values: repeat each Value) throws -> Int {
        try bind(repeat each values)
        defer { sqlite3_reset(handle) }
        while try step() {}
        return Int(sqlite3_changes(connection))
    }

    /// Runs the statement and calls `body` for each row.
    func each<each Value: Bindable>(_ values: repeat each Value, body: (Row) throws -> Void) throws {
        try bind(repeat each values)
        defer { sqlite3_reset(handle) }
        while try step() { try body(Row(handle: handle)) }
    }

    /// What `body` makes of the first row; nil when there is none.
    func first<each Value: Bindable, Result>(
        _ values: repeat each Value, body: (Row) throws -> Result
    ) throws -> Result? {
        try bind(repeat each values)
        defer { sqlite3_reset(handle) }
        return try step() ? body(Row(handle: handle)) : nil
    }

    /// The number in the first row's first column, once the statement has run to its end; nil when there is no row.
    func number<each Value: Bindable>(_ values: repeat each Value) throws -> Int64? {
        try bind(repeat each values)
        defer { sqlite3_reset(handle) }
        guard try step() else { return nil }
        let number = sqlite3_column_int64(handle, 0)
        while try step() {}
        return number
    }

    /// The first row's first column.
    func firstInteger() throws -> Int64? { try first { try $0.integer(0) } }

    private func bind<each Value: Bindable>(_ values: repeat each Value) throws {
        var index: Int32 = 0
        for value in repeat each values {
            index += 1
            let code = value.bind(to: handle, at: index)
            guard code == SQLITE_OK else { throw fault(code) }
        }
    }

    /// True when there is a row to read.
    private func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw fault(code)
        }
    }

    /// The connection's error, without the statement's arguments: those are leads' data.
    private func fault(_ code: Int32) -> DatabaseError {
        let extended = sqlite3_extended_errcode(connection)
        return DatabaseError(resultCode: ResultCode(rawValue: extended == SQLITE_OK ? code : extended))
    }
}

/// The row that a query stands at.
struct Row {
    fileprivate let handle: OpaquePointer

    /// A column that the schema wants to be a text.
    func text(_ column: Int32) throws -> String {
        guard let text = try optionalText(column) else { throw Damage(column: column) }
        return text
    }

    /// A column that is a text or NULL.
    func optionalText(_ column: Int32) throws -> String? {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_NULL: return nil
        case SQLITE_TEXT:
            guard let start = sqlite3_column_text(handle, column) else { throw Damage(column: column) }
            let length = Int(sqlite3_column_bytes(handle, column))
            return String(decoding: UnsafeBufferPointer(start: start, count: length), as: UTF8.self)
        default: throw Damage(column: column)
        }
    }

    /// A column that the schema wants to be an integer.
    func integer(_ column: Int32) throws -> Int64 {
        guard let number = try optionalInteger(column) else { throw Damage(column: column) }
        return number
    }

    /// A column that is an integer or NULL.
    func optionalInteger(_ column: Int32) throws -> Int64? {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_NULL: return nil
        case SQLITE_INTEGER: return sqlite3_column_int64(handle, column)
        default: throw Damage(column: column)
        }
    }
}

/// A stored value that is not what the schema or the core says it is.
struct Damage: Error {
    /// The column in the statement; nil when it is the row as a whole.
    let column: Int32?
}

/// SQLite copies the bytes before the call returns.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

extension Int64: Bindable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 { sqlite3_bind_int64(statement, index, self) }
}

extension Int: Bindable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, Int64(self))
    }
}

extension String: Bindable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        var text = self
        return text.withUTF8 { bytes in
            // An empty text has no address of its own, and a NULL address would bind NULL.
            guard let start = bytes.baseAddress, !bytes.isEmpty else {
                return sqlite3_bind_text(statement, index, "", 0, copied)
            }
            return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                sqlite3_bind_text64(statement, index, $0, UInt64(bytes.count), copied, UInt8(SQLITE_UTF8))
            }
        }
    }
}

extension Optional: Bindable where Wrapped: Bindable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        switch self {
        case .some(let value): value.bind(to: statement, at: index)
        case .none: sqlite3_bind_null(statement, index)
        }
    }
}
