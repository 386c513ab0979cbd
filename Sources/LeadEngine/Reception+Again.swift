// What a run that ended had still to ask about leads that were out already is asked by the next one.

import LeadCore
import Logging

extension Reception {
    /// Asks again about the newest open cases whose leads lack an answer that is worth it.
    func askAgain(_ asking: SecondAsking?) async {
        guard let asking else { return }
        let horizon = ledger.clock.now() - asking.reach
        let open = Set(LeadCase.StateName.allCases.filter(\.isOpen))
        var count = 0
        do throws(StoreFailure) {
            for summary in try await ledger.store.list(states: open, limit: Followers.most)
            where summary.openedAt > horizon && !Task.isCancelled {
                if try await askAgain(asking, summary.id) { count += 1 }
            }
        } catch {
            log.warning("what was not answered before is not asked again", metadata: ["reason": "\(error)"])
        }
        if count > 0 { log.info("asking again what was not answered before", metadata: ["leads": "\(count)"]) }
    }

    /// The lead as it is now; as it was, when that can't be read.
    private func newest(of subject: LeadCase) async -> Lead? {
        do throws(StoreFailure) {
            guard let newest = try await ledger.store.load(subject.id), newest.stateName.isOpen else { return nil }
            return newest.lead
        } catch {
            log.debug(
                "asked about as it was, since it can't be read now",
                metadata: ["lead": "\(subject.id)", "reason": "\(error)"])
            return subject.lead
        }
    }

    private func askAgain(_ asking: SecondAsking, _ id: CaseID) async throws(StoreFailure) -> Bool {
        do throws(StoreFailure) {
            guard let subject = try await ledger.store.file(id)?.subject,
                let answers = asking.ask(subject.lead, subject.openedAt, { await newest(of: subject) })
            else { return false }
            follow(answers, id)
            return true
        } catch  where error.code == .damaged {
            // One case that can't be read keeps no other from its answer.
            log.error("a lead can't be asked about again", metadata: ["lead": "\(id)", "reason": "\(error)"])
            return false
        }
    }
}
