// The index by which leads of the same person or firm find each other. It is written with the cases while the daemon wants
// it, and up to which case it goes is written beside it, so that what came while it was not wanted is added when it is.

import GRDB
import LeadCore

extension SQLiteCaseStore: LikenessStore {
    public func findAlike() async throws(StoreFailure) { try await findAlike(filling: LikenessPace()) }

    /// The same, at a pace.
    func findAlike(filling pace: LikenessPace) async throws(StoreFailure) {
        let isOn = likenessState.withLock { state in
            defer { if state == .off { state = .filling } }
            return state != .off
        }
        guard !isOn else { return }
        do throws(StoreFailure) {
            try await fillLikenesses(at: pace)
        } catch {
            // So that whoever asks again fills what is missing.
            likenessState.withLock { if $0 == .filling { $0 = .off } }
            throw error
        }
        likenessState.withLock { if $0 == .filling { $0 = .on } }
    }

    public func forgetAlike() { likenessState.withLock { $0 = .off } }

    public func known(alike keys: [[Int64]], limit: Int) async throws(StoreFailure) -> [[KnownLead]] {
        guard keys.contains(where: { !$0.isEmpty }) else { return keys.map { _ in [] } }
        return try await read { reader in
            let index = try LikenessIndex(reader.db)
            return try keys.map { try index.known(alike: $0, limit: limit) }
        }
    }

    public func inquiries(
        withPrefix prefix: String, limit: Int
    ) async throws(StoreFailure) -> [(id: CaseID, key: IntakeKey, joined: CaseID)] {
        try await read { reader in
            var found: [(id: CaseID, key: IntakeKey, joined: CaseID)] = []
            try Query(reader.db, LikenessSQL.byID).each(prefix, prefix + "\u{10FFFF}", limit) { row in
                found.append(
                    (CaseID(try row.text(0)), IntakeKey(text: try row.text(1)), CaseID(try row.text(2))))
            }
            return found
        }
    }
}

/// What becomes of the index while cases are written.
enum LikenessState {
    case off
    /// New cases are added, and older ones still are.
    case filling
    /// It is whole, and stays so.
    case on
}

/// The statements of the index on one connection.
struct LikenessIndex {
    let db: Database

    init(_ db: Database) throws { self.db = db }

    func known(alike keys: [Int64], limit: Int) throws -> [KnownLead] {
        var numbers: [Int64] = []
        let find = try Query(db, LikenessSQL.find)
        for key in keys {
            try find.each(key, limit) { row in
                let number = try row.integer(0)
                if !numbers.contains(number) { numbers.append(number) }
            }
        }
        return try numbers.sorted(by: >).compactMap { try known($0) }
    }

    private func known(_ number: Int64) throws -> KnownLead? {
        try Query(db, LikenessSQL.byNumber).first(number) { row in
            guard let state = LeadCase.StateName(rawValue: try row.text(1)),
                let lead = Stored.readableLead(try row.text(4))
            else { return nil }
            var last = try row.integer(2)
            var likenesses = [Likeness(lead)]
            var inquiries: [IntakeKey] = []
            try Query(db, LikenessSQL.joined).each(number) { row in
                last = max(last, try row.integer(1))
                guard let lead = Stored.readableLead(try row.text(0)) else { return }
                likenesses.append(Likeness(lead))
                inquiries.append(IntakeKey(text: try row.text(2)))
            }
            return KnownLead(
                id: CaseID(try row.text(0)), state: state, lastAt: Timestamp(milliseconds: last),
                rep: try row.optionalText(3).map { PersonID($0) }, likenesses: likenesses, inquiries: inquiries)
        } ?? nil
    }
}

enum LikenessSQL {
    static let tables = """
        CREATE TABLE likenesses (
            key INTEGER NOT NULL,
            case_number INTEGER NOT NULL,
            PRIMARY KEY (key, case_number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE likenesses_up_to (number INTEGER NOT NULL) STRICT;
        INSERT INTO likenesses_up_to VALUES (0);
        CREATE TABLE inquiries (
            intake_key TEXT PRIMARY KEY,
            id TEXT NOT NULL,
            case_number INTEGER NOT NULL REFERENCES cases (number),
            lead TEXT NOT NULL,
            at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX inquiries_by_id ON inquiries (id);
        CREATE INDEX inquiries_by_case ON inquiries (case_number);
        """
    /// Leads as late answers left them, which is what their cases are known by; `cases` keeps them as they came.
    static let enlarged = """
        CREATE TABLE enlarged_leads (
            case_number INTEGER PRIMARY KEY REFERENCES cases (number),
            lead TEXT NOT NULL
        ) STRICT;
        """
    static let enlarge = """
        INSERT INTO enlarged_leads (case_number, lead) VALUES (?, ?)
        ON CONFLICT (case_number) DO UPDATE SET lead = excluded.lead
        """
    static let add = "INSERT INTO likenesses (key, case_number) VALUES (?, ?) ON CONFLICT DO NOTHING"
    static let upTo = "SELECT number FROM likenesses_up_to"
    /// Never back: the index may be filled twice at once, when it is wanted again while it was still being filled.
    static let reach = "UPDATE likenesses_up_to SET number = max(number, ?)"
    static let mark =
        "UPDATE likenesses_up_to SET number = (SELECT max(number) FROM cases) WHERE EXISTS (SELECT 1 FROM cases)"
    static let missing = """
        SELECT number, coalesce(e.lead, c.lead) FROM cases AS c LEFT JOIN enlarged_leads AS e ON e.case_number = number
        WHERE number > ? ORDER BY number LIMIT ?
        """
    static let find = "SELECT case_number FROM likenesses WHERE key = ? ORDER BY case_number DESC LIMIT ?"
    static let byNumber = """
        SELECT id, state, opened_at, given_to, coalesce(e.lead, c.lead)
        FROM cases AS c LEFT JOIN enlarged_leads AS e ON e.case_number = number WHERE number = ?
        """
    /// The newest: what a case is known by doesn't grow with each time that somebody asks.
    static let joined = """
        SELECT lead, at, intake_key FROM inquiries INDEXED BY inquiries_by_case WHERE case_number = ?
        ORDER BY at DESC LIMIT 16
        """
    static let isInquiry = "SELECT 1 FROM inquiries WHERE intake_key = ?"
    static let isRecorded = """
        SELECT 1 FROM cases WHERE intake_key = ?1 UNION ALL SELECT 1 FROM inquiries WHERE intake_key = ?1
        """
    static let join = """
        INSERT INTO inquiries (intake_key, id, case_number, lead, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """
    static let separate = "DELETE FROM inquiries WHERE intake_key = ?"
    static let byID = """
        SELECT i.id, i.intake_key, c.id FROM inquiries AS i INDEXED BY inquiries_by_id
        JOIN cases AS c ON c.number = i.case_number WHERE i.id >= ? AND i.id < ? ORDER BY i.id LIMIT ?
        """
}
