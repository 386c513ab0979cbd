// Where messages stand in chats, in a table of their own: few deliveries have such a copy, and one that was sent twice has two.

/// The statements on copies of messages.
enum CopySQL {
    static let table = """
        CREATE TABLE copies (
            case_number INTEGER NOT NULL REFERENCES cases (number),
            delivery TEXT NOT NULL,
            handle TEXT NOT NULL,
            PRIMARY KEY (case_number, delivery, handle)
        ) STRICT, WITHOUT ROWID;
        """
    static let keep = """
        INSERT INTO copies (case_number, delivery, handle) SELECT number, ?, ? FROM cases WHERE id = ?
        ON CONFLICT DO NOTHING
        """
    static let ofCase = "SELECT delivery, handle FROM copies WHERE case_number = ? ORDER BY delivery, handle"
}
