// Fills the index of likenesses on a database whose cases it lacks, while others go on to read and write: what is to be added
// is read and put in order beside the writer, and written in many small transactions. Whatever ends it in between, the next
// filling begins with the same portion again, which changes nothing that is there.

import LeadCore

/// In what pieces the index is filled.
struct LikenessPace: Sendable {
    /// So many cases are put in order together: each page of a large index is then written for many keys.
    var portion = 20_000
    /// So many are read at a time, so that whoever else reads need not wait for long.
    var stretch = 2_000
    /// So many keys are written in one transaction. In a large index each has a page of its own, and a case that is to be
    /// written waits for two of these transactions at most.
    var batch = 500
    /// So many cases, the last ones, the writer itself reads and adds in one transaction.
    var rest = 500
}

/// Cases that the index lacks, by their keys.
struct LikenessPortion: Sendable {
    typealias Entry = (key: Int64, number: Int64)

    private(set) var entries: [Entry] = []
    /// How many cases they are of.
    private(set) var count = 0
    /// The last of these; nil when there are none.
    private(set) var reached: Int64?

    /// Adds the case `number`, which can be found by `keys`; none for one that can't be read.
    mutating func append(_ number: Int64, _ keys: [Int64]) {
        entries += keys.map { ($0, number) }
        count += 1
        reached = number
    }

    /// Adds the cases that come after these.
    mutating func append(_ more: LikenessPortion) {
        entries += more.entries
        count += more.count
        reached = more.reached ?? reached
    }

    /// Keys are hashes: in their order the index is gone through once, page by page.
    mutating func sort() { entries.sort { ($0.key, $0.number) < ($1.key, $1.number) } }
}

extension SQLiteCaseStore {
    /// Adds all that the index lacks.
    func fillLikenesses(at pace: LikenessPace) async throws(StoreFailure) {
        while true {
            let portion = try await missingLikenesses(at: pace)
            guard portion.count > pace.rest else { break }
            try await add(portion, at: pace)
        }
        // So that no case is written in between and forgotten.
        while try await writeOne({ db in try LikenessIndex(db).addMissing(limit: pace.rest) }) {}
    }

    /// The next portion, read beside the writer.
    private func missingLikenesses(at pace: LikenessPace) async throws(StoreFailure) -> LikenessPortion {
        var portion = LikenessPortion()
        while portion.count < pace.portion {
            let reached = portion.reached
            let more = try await read { reader in
                try LikenessIndex(reader.db).missing(after: reached, limit: pace.stretch)
            }
            portion.append(more)
            if more.count < pace.stretch { break }
        }
        portion.sort()
        return portion
    }

    /// The index counts as complete up to the end of `portion` only with the last transaction.
    private func add(_ portion: LikenessPortion, at pace: LikenessPace) async throws(StoreFailure) {
        for start in stride(from: 0, to: portion.entries.count, by: pace.batch) {
            let batch = Array(portion.entries[start...].prefix(pace.batch))
            try await writeOne { db in try LikenessIndex(db).add(batch) }
        }
        guard let reached = portion.reached else { return }
        try await writeOne { db in try LikenessIndex(db).reach(reached) }
    }
}

extension LikenessIndex {
    /// Up to `limit` cases that the index lacks, after the case `number`, or after those that it has.
    func missing(after number: Int64?, limit: Int) throws -> LikenessPortion {
        let last = try number ?? Query(db, LikenessSQL.upTo).firstInteger() ?? 0
        var portion = LikenessPortion()
        try Query(db, LikenessSQL.missing).each(last, limit) { row in
            let lead = Stored.readableLead(try row.text(1))
            portion.append(try row.integer(0), lead.map { Likeness($0).keys } ?? [])
        }
        return portion
    }

    /// Adds up to `limit` cases that the index lacks; false once it lacks none.
    func addMissing(limit: Int) throws -> Bool {
        var portion = try missing(after: nil, limit: limit)
        guard let reached = portion.reached else { return false }
        portion.sort()
        try add(portion.entries)
        try reach(reached)
        return portion.count == limit
    }

    /// Adds `entries`, in the order of their keys.
    func add(_ entries: [LikenessPortion.Entry]) throws {
        let add = try Query(db, LikenessSQL.add)
        for one in entries { try add.run(one.key, one.number) }
    }

    /// From now on the index is complete up to the case `number`.
    func reach(_ number: Int64) throws { try Query(db, LikenessSQL.reach).run(number) }
}
