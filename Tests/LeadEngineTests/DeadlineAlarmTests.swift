// What wakes the escalator: an earlier deadline than the one it sleeps for, and nothing else.

import LeadCore
import LeadTestKit
import Testing

@testable import LeadEngine

@Suite("The deadline alarm")
struct DeadlineAlarmTests {
    /// Whether the alarm's bell has rung since it was last heard.
    private func hasRung(_ alarm: DeadlineAlarm) async -> Bool {
        let task = Task {
            await alarm.bell.wait()
            return !Task.isCancelled
        }
        // A wait that is cancelled before it begins still takes a ring that is there.
        let mark = ContinuousClock.now
        while ContinuousClock.now - mark < .milliseconds(20) { await Task.yield() }
        task.cancel()
        return await task.value
    }

    @Test("an earlier deadline rings, a later one doesn't")
    func earlier() async {
        let alarm = DeadlineAlarm()
        alarm.settle(on: Sample.start + .seconds(60))
        alarm.expect(Sample.start + .seconds(90))
        #expect(await !hasRung(alarm))
        alarm.expect(Sample.start + .seconds(30))
        #expect(await hasRung(alarm))
    }

    @Test("while the store is being asked, whatever comes rings, so that nothing is missed in between")
    func between() async {
        let alarm = DeadlineAlarm()
        alarm.settle(on: Sample.start)
        alarm.reset()
        alarm.expect(Sample.start + .seconds(90))
        alarm.settle(on: nil)
        #expect(await hasRung(alarm))
    }

    @Test("with nothing awaited, any deadline rings")
    func nothingAwaited() async {
        let alarm = DeadlineAlarm()
        alarm.settle(on: nil)
        alarm.expect(Sample.start)
        #expect(await hasRung(alarm))
    }
}
