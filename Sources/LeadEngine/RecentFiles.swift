// Cases as they were last looked at: whoever chooses on a page has just opened it, and the choice need not read the case
// again. Advisory: what is decided on an old one is noticed by its version when it is written, and decided anew.

import LeadCore
import Synchronization

/// The cases that were viewed last, until something is decided on them.
final class RecentFiles: Sendable {
    /// Two generations: when the younger one is full it becomes the older one, and what that held is forgotten.
    private struct State {
        var young: [CaseID: CaseFile] = [:]
        var old: [CaseID: CaseFile] = [:]
    }

    private let state = Mutex(State())
    private static let most = 128

    /// Keeps `file`, which was just read.
    func keep(_ file: CaseFile) {
        state.withLock { state in
            if state.young[file.subject.id] == nil, state.young.count >= Self.most {
                state.old = state.young
                state.young = [:]
            }
            state.young[file.subject.id] = file
        }
    }

    /// The case as it was last read; nil when that is long ago or something was decided since. Its messages may have gone on.
    func file(_ id: CaseID) -> CaseFile? { state.withLock { $0.young[id] ?? $0.old[id] } }

    /// Something was decided on the case.
    func forget(_ id: CaseID) {
        state.withLock { state in
            if !state.young.isEmpty { state.young[id] = nil }
            if !state.old.isEmpty { state.old[id] = nil }
        }
    }
}
