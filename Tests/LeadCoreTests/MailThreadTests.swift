// Which mail a mail answers: one that its reader really got, or none.

import LeadTestKit
import Testing

@testable import LeadCore

@Suite("Threads of mails")
struct MailThreadTests {
    private typealias Letter = MailThread.Letter

    private func delivery(_ sequence: Int, _ kind: MessageKind, to person: PersonID = "dana", remark: String? = nil)
        -> Delivery
    {
        Delivery(
            caseID: "ada", sequence: sequence, person: person, channel: "mail", lane: "mail", kind: kind,
            createdAt: Sample.start, remark: remark)
    }

    private func record(
        _ delivery: Delivery, _ state: DeliveryState, attempts: Int = 1, carrier: DeliveryID? = nil
    ) -> DeliveryRecord {
        DeliveryRecord(
            delivery: delivery, state: state, attempts: attempts, nextAttempt: nil, changedAt: Sample.start,
            detail: nil, carrier: carrier)
    }

    @Test("the mail that asks begins the thread, whatever came before it")
    func asking() {
        let alarm = Letter(delivery(1, .alarm), hasGone: true)
        for kind in [MessageKind.decide, .escalate] {
            #expect(MailThread(of: delivery(2, kind), after: [alarm]) == MailThread(id: "ada.dana", isBegun: true))
        }
    }

    @Test("what follows belongs to the first mail that has gone, by the id under which it went")
    func following() {
        let asked = delivery(2, .decide)
        let reminder = delivery(3, .remind)
        let single = MailThread(of: reminder, after: [Letter(asked, hasGone: true), Letter(reminder, hasGone: true)])
        #expect(single == MailThread(id: "ada.dana", isBegun: false))
        let gathered = MailThread(of: reminder, after: [Letter(asked, hasGone: true, carrier: "bob.2.x.digest")])
        #expect(gathered == MailThread(id: "bob.2.x.digest", isBegun: false))
        let alone = MailThread(of: reminder, after: [Letter(asked, hasGone: false), Letter(reminder, hasGone: true)])
        #expect(alone == MailThread(id: reminder.id.text, isBegun: true))
    }

    @Test("a handover, a choice that is passed on and an alarm refer to nothing unless there was something before")
    func others() {
        let first = delivery(4, .assigned, to: "billy")
        #expect(MailThread(of: first, after: []) == MailThread(id: first.id.text, isBegun: true))
        let second = delivery(8, .assigned, to: "billy")
        let gone = Letter(first, hasGone: true)
        #expect(MailThread(of: second, after: [gone]) == MailThread(id: first.id.text, isBegun: false))
        #expect(
            MailThread(of: delivery(6, .withdrawn, to: "billy"), after: [gone])
                == MailThread(id: first.id.text, isBegun: false))
        for kind in [MessageKind.alarm, .inquiry, .freshLink] {
            let one = delivery(5, kind)
            #expect(MailThread(of: one, after: []) == MailThread(id: one.id.text, isBegun: true))
        }
        let passed = delivery(5, .decide, remark: "passed on")
        #expect(MailThread(of: passed, after: []) == MailThread(id: passed.id.text, isBegun: true))
    }

    @Test(
        "what has gone is what was sent, may have arrived, or is under way for the first time",
        arguments: DeliveryState.allCases)
    func gone(_ state: DeliveryState) {
        let asked = delivery(2, .decide)
        let isGone = [.sent, .unknown, .sending].contains(state)
        #expect(Letter(record(asked, state)) == Letter(asked, hasGone: isGone))
        // What is tried again may be a digest whose name nobody knows yet.
        #expect(Letter(record(asked, state, attempts: 2)).hasGone == (isGone && state != .sending))
        #expect(
            Letter(record(asked, .sending, attempts: 2), carrier: "x") == Letter(asked, hasGone: true, carrier: "x"))
        #expect(Letter(record(asked, .sent, carrier: "y"), carrier: "x").carrier == "y")
    }
}
