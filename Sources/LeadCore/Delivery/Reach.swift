// Whether a question has any way left to its reader. Messages that wait may arrive later, so nothing is concluded from one
// that fails for now: the destination of each must be known to take nothing. Pure; the dispatcher knows the destinations.

/// Somebody who is asked to choose about a case.
public struct Addressee: Sendable, Hashable {
    /// The case.
    public let caseID: CaseID
    /// Who is asked.
    public let person: PersonID

    /// Somebody who is asked.
    public init(caseID: CaseID, person: PersonID) {
        self.caseID = caseID
        self.person = person
    }
}

extension Delivery {
    /// Whom it is for, and about what.
    public var addressee: Addressee { Addressee(caseID: caseID, person: person) }
}

extension CaseFile {
    /// Whether no question has reached `person`, as far as is known, and each that still might waits for a lane that `isDown`.
    public func isOutOfReach(_ person: PersonID, isDown: (LaneID) -> Bool) -> Bool {
        let questions = deliveries.filter {
            $0.delivery.person == person && MessageKind.asking.contains($0.delivery.kind) && $0.state != .cancelled
        }
        return !questions.isEmpty
            && questions.allSatisfy { question in
                switch question.state {
                case .sent: false
                case .failed, .held, .unknown, .cancelled: true
                case .pending, .sending, .deferred:
                    subject.failures.contains(question.delivery.id) || isDown(question.delivery.lane)
                }
            }
    }
}
