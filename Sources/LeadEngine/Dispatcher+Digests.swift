// Several messages to one person over one channel, sent as one. Each stays a delivery with an outcome of its own, which is
// that of the one message; what can't be read, or isn't needed any more, goes its own way.

import LeadCore

extension Dispatcher {
    /// What was taken up, with the cases that the gate must know.
    func works(_ taken: [LeasedDelivery]) async -> [Work] {
        let rulebook = outfit.now.rulebook
        guard rulebook.holdsBack else { return taken.map { Work(leased: $0, subject: nil) } }
        let now = clock.now()
        var works: [Work] = []
        for leased in taken {
            var subject: LeadCase?
            if rulebook.wantsCase(of: leased, at: now) {
                do throws(StoreFailure) {
                    subject = try await store.load(leased.delivery.caseID)
                } catch {
                    log.debug(
                        "sent without waiting, since its lead can't be read now",
                        metadata: ["lead": "\(leased.delivery.caseID)", "reason": "\(error)"])
                }
            }
            works.append(Work(leased: leased, subject: subject))
        }
        return works
    }

    /// Sends all of `work` in one message.
    func sendDigest(_ work: Work) async {
        let outfit = outfit.now
        let delivery = work.leased.delivery
        var messages: [(leased: LeasedDelivery, subject: LeadCase)] = []
        for leased in work.all {
            switch await read(leased) {
            case .success(let subject): messages.append((leased, subject))
            case .failure(let end): await settleApart(leased, end.verdict)
            }
        }
        guard let first = messages.first else { return await forgo(delivery.lane) }
        let sent = Work(leased: first.leased, subject: first.subject, others: messages.dropFirst().map(\.leased))
        guard messages.count > 1 else { return await send(sent) }
        guard let channel = outfit.channels[delivery.channel] else {
            return await conclude(sent, Attempt(lacking: .channel(delivery.channel)), outfit)
        }
        guard let address = outfit.address(of: delivery) else {
            return await conclude(sent, Attempt(lacking: .address(delivery.person, delivery.channel)), outfit)
        }
        guard
            let briefing = outfit.writer.digest(
                of: messages.map { ($0.leased.delivery, $0.subject) }, stopped: stopped(outfit.rulebook, for: delivery))
        else { return await conclude(sent, .untold, outfit) }
        let outcome = await channel.send(briefing, to: address)
        await conclude(sent, Attempt(end: .asked(outcome), carrier: briefing.deliveryID), outfit)
    }

    /// The thread of a mail that isn't the first of its case to its reader; nil where that goes without saying. A store that
    /// can't tell keeps no mail waiting.
    func thread(of delivery: Delivery, _ rulebook: Rulebook) async -> MailThread? {
        guard rulebook.channels[delivery.channel]?.isMail == true, !delivery.beginsThread else { return nil }
        // Looked at before the store: what is let go of meanwhile is on record.
        let carriers = state.withLock { $0.carriers }
        do throws(StoreFailure) {
            let records = try await store.letters(
                about: delivery.caseID, to: delivery.person, by: delivery.channel)
            return MailThread(
                of: delivery, after: records.map { MailThread.Letter($0, carrier: carriers[$0.delivery.id]) })
        } catch {
            log.debug(
                "sent as if each mail before it had gone by itself, since they can't be read now",
                metadata: ["lead": "\(delivery.caseID)", "reason": "\(error)"])
            return nil
        }
    }

    /// Why a message can't go along.
    private struct Apart: Error {
        let verdict: DeliveryVerdict
    }

    private func read(_ leased: LeasedDelivery) async -> Result<LeadCase, Apart> {
        do throws(StoreFailure) {
            guard let subject = try await store.load(leased.delivery.caseID) else {
                return .failure(Apart(verdict: .failed(reason: "the lead is gone")))
            }
            if let objection = subject.objection(to: leased.delivery) {
                return .failure(Apart(verdict: .cancelled(reason: objection)))
            }
            return .success(subject)
        } catch {
            let reason = "the lead could not be read: \(error.description)"
            return .failure(Apart(verdict: .tryAgain(at: clock.now() + Self.backOff, reason: reason)))
        }
    }
}
