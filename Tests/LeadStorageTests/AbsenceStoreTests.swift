// What a store of absences promises, of every store, and that an older database learns of them.

import GRDB
import LeadCore
import LeadStorage
import LeadTestKit
import Testing

@Suite("Every store keeps absences")
struct AbsenceStoreTests {
    private func absence(_ person: PersonID, _ from: Int, _ until: Int, _ substitute: PersonID? = nil) -> Absence {
        Absence(
            person: person, from: Sample.start + .seconds(from), until: Sample.start + .seconds(until),
            substitute: substitute)
    }

    private func stores() throws -> [(store: any AbsenceStore, folder: TemporaryDirectory)] {
        let folder = TemporaryDirectory()
        return [
            (MemoryCaseStore(), folder), (try SQLiteCaseStore(path: folder.file("leadbell.sqlite")), folder),
        ]
    }

    @Test("in the order in which they were recorded, until they are over")
    func keeps() async throws {
        for (store, _) in try stores() {
            let absences = [absence("dana", 100, 200, "lee"), absence("lee", 0, 50), absence("dana", -10, 20)]
            for absence in absences { try await store.record(absence, at: Sample.start) }
            #expect(try await store.absences(endingAfter: Sample.start) == absences)
            #expect(try await store.absences(endingAfter: Sample.start + .seconds(50)) == [absences[0]])
            #expect(try await store.absences(endingAfter: Sample.start + .seconds(200)).isEmpty)
        }
    }

    @Test("whoever is back ends what holds and forgets what is to come, and nobody else's")
    func ends() async throws {
        for (store, _) in try stores() {
            for absence in [
                absence("dana", -100, -50), absence("dana", -10, 20), absence("dana", 30, 40, "lee"),
                absence("lee", 0, 50),
            ] { try await store.record(absence, at: Sample.start) }
            #expect(try await store.endAbsences(of: "dana", at: Sample.start) == 2)
            #expect(try await store.absences(endingAfter: Sample.start) == [absence("lee", 0, 50)])
            #expect(
                try await store.absences(endingAfter: Sample.start - .seconds(1)) == [
                    absence("dana", -10, 0), absence("lee", 0, 50),
                ])
            #expect(try await store.endAbsences(of: "dana", at: Sample.start) == 0)
        }
    }

    @Test("a database from before there were absences is brought up to date with its leads")
    func migrates() async throws {
        let folder = TemporaryDirectory()
        let path = folder.file("leadbell.sqlite")
        let former = try await makeFormerDatabase(at: path, without: "absences", undoing: "DROP TABLE absences")
        let store = try SQLiteCaseStore(path: path)
        try await store.record(absence("dana", 0, 10), at: Sample.start)
        #expect(try await store.absences(endingAfter: Sample.start) == [absence("dana", 0, 10)])
        #expect(try await store.load(former.id) == former)
        try await store.close()
    }
}
