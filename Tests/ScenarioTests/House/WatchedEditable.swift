// A channel under watch whose messages can be changed. A change is no letter: it takes nothing to anybody.

import LeadCore
import Synchronization

/// A real channel that knows its messages again.
struct WatchedEditable: EditableChannel {
    let channel: any EditableChannel
    let watched: WatchedChannel

    var id: ChannelID { channel.id }
    var takesChoices: Bool { channel.takesChoices }

    func post(_ briefing: Briefing, to address: Secret) async -> Posting {
        let handle = Mutex<String?>(nil)
        let outcome = await watched.watch(briefing) {
            let posting = await channel.post(briefing, to: address)
            handle.withLock { $0 = posting.handle }
            return posting.outcome
        }
        return Posting(outcome, handle: handle.withLock { $0 })
    }

    func change(_ handle: String, to briefing: Briefing) async -> CopyChange {
        let over = CopyChange.outcome(.deferred(reason: "this run is over", retryAfter: nil))
        guard watched.life.survives(.beforeSending) else { return over }
        let change = await channel.change(handle, to: briefing)
        watched.journal.record { _ in }
        return watched.life.survives(.afterSending) ? change : over
    }

    func close() async { await channel.close() }
    var complaint: String? { channel.complaint }
    func resume() { channel.resume() }
}
