// Somebody waits for a page; nobody waits for a message to leave.

import LeadCore
import Testing

@testable import LeadWeb

@Suite("Priority of answers", .timeLimit(.minutes(1)))
struct PriorityTests {
    @Test("a request is answered before the daemon's other work, whoever started the site")
    func answers() async throws {
        let (results, result) = AsyncThrowingStream.makeStream(of: [TaskPriority].self)
        // Not waited for as a task is, which would lend it the test's own priority.
        Task.detached(priority: .utility) {
            do {
                try await RunningSite.run { site in
                    let answer = try await site.get()
                    #expect(answer.status == 200)
                    result.yield(await site.desk.priorities)
                }
                result.finish()
            } catch {
                result.finish(throwing: error)
            }
        }
        for try await priorities in results {
            #expect(!priorities.isEmpty && priorities.allSatisfy { $0 >= .userInitiated }, "\(priorities)")
        }
    }
}
