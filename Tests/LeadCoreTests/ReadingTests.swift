// What counts as opening a message: what its reader does after it came, and nothing else.

import LeadCore
import LeadTestKit
import Testing

@Suite("Opened messages")
struct ReadingTests {
    private func record(_ delivery: Delivery, _ state: DeliveryState, at instant: Timestamp) -> DeliveryRecord {
        DeliveryRecord(
            delivery: delivery, state: state, attempts: 1, nextAttempt: nil, changedAt: instant, detail: nil)
    }

    @Test("a message is opened when its reader first acts after it, and by nobody else's acts")
    func opened() throws {
        var tracked = TrackedCase()
        let question = try #require(tracked.deliveries.first { $0.person == "dana" && $0.channel == "mail" })
        let sent = record(question, .sent, at: LeadCase.minute(1))
        func opened(_ record: DeliveryRecord) -> Timestamp? {
            CaseFile(subject: tracked.current, history: tracked.history, deliveries: []).opened(record)
        }
        #expect(opened(sent) == nil)
        try tracked.decide(.claim(by: "lee"), at: LeadCase.minute(2))
        try tracked.decide(.release(by: "lee"), at: LeadCase.minute(3))
        #expect(opened(sent) == nil, "Lee's acts say nothing of Dana's mail")
        try tracked.decide(.claim(by: "dana"), at: LeadCase.minute(4))
        try tracked.decide(.release(by: "dana"), at: LeadCase.minute(5))
        #expect(opened(sent) == LeadCase.minute(4))
        #expect(opened(record(question, .sent, at: LeadCase.minute(4.5))) == LeadCase.minute(5), "it came later")
        #expect(opened(record(question, .failed, at: LeadCase.minute(1))) == nil, "what never came isn't opened")
        #expect(opened(record(question, .sent, at: LeadCase.minute(6))) == nil)
    }
}
