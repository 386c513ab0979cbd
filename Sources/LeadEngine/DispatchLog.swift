// What the log tells of messages and of the lanes that they go by.

import LeadCore
import Logging

/// The dispatcher's lines in the log.
struct DispatchLog {
    let log: Logger

    /// Of a lane it is told once, when it stops or rests and when it is well again.
    func note(_ change: Lane.Change, of delivery: Delivery, _ outcome: DeliveryOutcome) {
        guard change != .none else { return }
        var facts: Logger.Metadata = ["lane": "\(delivery.lane)", "channel": "\(delivery.channel)"]
        facts["reason"] = outcome.reason.map { "\($0)" }
        switch change {
        case .none: return
        case .stopped:
            log.error(
                "channel stopped; mend the configuration and reload, or run leadbell channels resume",
                metadata: facts)
        case .opened(let until):
            facts["until"] = "\(CivilTime(until).rfc3339)"
            log.warning("channel rests", metadata: facts)
        case .closed: log.notice("channel works again", metadata: facts)
        }
    }

    /// What became of an attempt.
    func note(_ verdict: DeliveryVerdict, of leased: LeasedDelivery) {
        let delivery = leased.delivery
        func facts(_ reason: String? = nil, until: Timestamp? = nil) -> Logger.Metadata {
            var facts: Logger.Metadata = [
                "lead": .string(delivery.caseID.text), "person": .string(delivery.person.text),
                "channel": .string(delivery.channel.text), "kind": .string(delivery.kind.rawValue),
                "attempt": .string(String(leased.attempt)),
            ]
            if let reason { facts["reason"] = "\(reason)" }
            if let until { facts["until"] = "\(CivilTime(until).rfc3339)" }
            return facts
        }
        switch verdict {
        case .sent: log.info("message sent", metadata: facts())
        case .cancelled: log.info("message not needed any more", metadata: facts())
        case .tryAgain(let at, let reason): log.warning("message deferred", metadata: facts(reason, until: at))
        case .failed(let reason): log.error("message failed for good", metadata: facts(reason))
        case .unknown(let reason): log.error("message given up, it may have arrived", metadata: facts(reason))
        case .held(let reason): log.warning("message held", metadata: facts(reason))
        }
    }
}

extension DeliveryOutcome {
    /// Why it was no success.
    fileprivate var reason: String? {
        switch self {
        case .sent: nil
        case .deferred(let reason, _), .unavailable(let reason, _), .failed(let reason), .stopped(let reason, _),
            .unknown(let reason):
            reason
        }
    }
}
