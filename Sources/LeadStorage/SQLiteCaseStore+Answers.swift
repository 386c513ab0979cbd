// Answers from outside, in a table of their own: they may be lost without harm, and are forgotten when they have run out.

import Foundation
import GRDB
import LeadCore

extension SQLiteCaseStore: AnswerStore {
    public func answer(to question: QuestionKey) async throws(StoreFailure) -> KeptAnswer? {
        try await read { reader in
            try Query(reader.db, AnswerSQL.find).first(question.text) { row in
                KeptAnswer(
                    values: try Stored.value([String: String].self, try row.text(0)).reduce(into: [:]) {
                        $0[FieldName($1.key)] = $1.value
                    },
                    at: Timestamp(milliseconds: try row.integer(1)), until: Timestamp(milliseconds: try row.integer(2)))
            }
        }
    }

    public func keep(_ answer: KeptAnswer, to question: QuestionKey) async throws(StoreFailure) {
        let values = Stored.text(answer.values)
        try await writeOne { db in
            try Query(db, AnswerSQL.forget).run(answer.at.milliseconds, AnswerSQL.forgottenAtOnce)
            try Query(db, AnswerSQL.keep).run(
                question.text, values, answer.at.milliseconds, answer.until.milliseconds)
        }
    }
}

enum AnswerSQL {
    static let find = "SELECT answer, at, until FROM answers WHERE question = ?"
    static let keep = """
        INSERT INTO answers (question, answer, at, until) VALUES (?, ?, ?, ?)
        ON CONFLICT (question) DO UPDATE SET answer = excluded.answer, at = excluded.at, until = excluded.until
        """
    /// More than one goes for each that comes, so that what has run out gets less.
    static let forgottenAtOnce = 8
    static let forget = """
        DELETE FROM answers WHERE question IN (
            SELECT question FROM answers INDEXED BY answers_over WHERE until <= ? ORDER BY until LIMIT ?)
        """
    static let table = """
        CREATE TABLE answers (
            question TEXT PRIMARY KEY,
            answer TEXT NOT NULL,
            at INTEGER NOT NULL,
            until INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX answers_over ON answers (until);
        """
}
