// Who came by which message and changed nothing, in a table of its own: most who come change something, and the history tells.

/// The statements on visits.
enum VisitSQL {
    static let table = """
        CREATE TABLE visits (
            case_number INTEGER NOT NULL REFERENCES cases (number),
            person TEXT NOT NULL,
            entrance TEXT NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (case_number, person, entrance)
        ) STRICT, WITHOUT ROWID;
        """
    static let keep = """
        INSERT INTO visits (case_number, person, entrance, at) SELECT number, ?, ?, ? FROM cases WHERE id = ?
        ON CONFLICT DO NOTHING
        """
    static let ofCase = "SELECT person, entrance, at FROM visits WHERE case_number = ? ORDER BY at, person, entrance"
}
