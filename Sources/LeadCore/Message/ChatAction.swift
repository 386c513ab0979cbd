// What can be chosen in a chat message, and how it is written into the message's buttons. What comes back is believed only
// with the chat's signature, and even then it is no more than a wish: the case decides. Pure.

/// The lead that a message's buttons act on, as the message showed it.
public struct ChatTarget: Sendable, Hashable {
    /// The case.
    public let caseID: CaseID
    /// How often the case had been open for a choice by then.
    public let round: Int

    /// A lead as a message shows it.
    public init(caseID: CaseID, round: Int) {
        self.caseID = caseID
        self.round = round
    }

    /// `CASE.ROUND`.
    public var text: String { "\(caseID).\(round)" }

    /// Reads `CASE.ROUND`, whatever follows after another dot; nil for anything else.
    public init?(text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 2, (1...64).contains(parts[0].utf8.count), let round = Int(parts[1]), round > 0 else {
            return nil
        }
        self.init(caseID: CaseID(String(parts[0])), round: round)
    }
}

/// What a button, or an entry of a list, wants.
public enum ChatAction: Sendable, Hashable {
    /// Give the lead to a rep.
    case assign(PersonID)
    /// The same, by somebody who has read the warnings of which this is the mark.
    case confirm(PersonID, warnings: String)
    /// "Mine to decide."
    case claim
    /// "Not mine after all."
    case release
    /// Somebody else shall decide.
    case pass(PersonID)
    /// Not a lead for us.
    case reject(ClosingReason)

    /// What the chat calls the button or the list.
    public var name: String {
        switch self {
        case .assign: "assign"
        case .confirm: "confirm"
        case .claim: "claim"
        case .release: "release"
        case .pass: "pass"
        case .reject: "reject"
        }
    }

    /// What the button or the entry carries; at most 75 bytes but for a confirmation.
    public var value: String {
        switch self {
        case .assign(let person), .pass(let person): person.text
        case .confirm(let person, let warnings): "\(person) \(warnings)"
        case .claim, .release: name
        case .reject(let reason): reason.rawValue
        }
    }

    /// Reads what came back; nil for anything that no button of ours carries.
    public init?(name: String, value: String) {
        guard (1...256).contains(value.utf8.count) else { return nil }
        switch name {
        case "assign": self = .assign(PersonID(value))
        case "pass": self = .pass(PersonID(value))
        case "claim": self = .claim
        case "release": self = .release
        case "confirm":
            let parts = value.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
            self = .confirm(PersonID(String(parts[0])), warnings: String(parts[1]))
        case "reject":
            guard let reason = ClosingReason.rejections.first(where: { $0.rawValue == value }) else { return nil }
            self = .reject(reason)
        default: return nil
        }
    }
}

/// What a reader may choose in the message itself.
public struct ChatOffer: Sendable, Equatable {
    /// A person who can be chosen.
    public struct Choice: Sendable, Equatable {
        /// Who.
        public let id: PersonID
        /// "Billy Moss".
        public let name: String
        /// What speaks for and against them, in one line; nil where nothing is to be shown.
        public let hint: String?

        /// A choice.
        public init(id: PersonID, name: String, hint: String? = nil) {
            self.id = id
            self.name = name
            self.hint = hint
        }
    }

    /// The lead.
    public let target: ChatTarget
    /// Who can be given the lead, best first.
    public let reps: [Choice]
    /// To whom the choice can be passed on.
    public let colleagues: [Choice]
    /// Whether "mine to decide" can be said.
    public let mayClaim: Bool
    /// Whether it can be taken back.
    public let mayRelease: Bool

    /// The most people whom a message's list takes.
    public static let most = 100

    /// An offer.
    public init(target: ChatTarget, reps: [Choice], colleagues: [Choice], mayClaim: Bool, mayRelease: Bool) {
        self.target = target
        self.reps = reps
        self.colleagues = colleagues
        self.mayClaim = mayClaim
        self.mayRelease = mayRelease
    }

    /// The same with nothing but names.
    var bare: ChatOffer {
        let named = { (choice: Choice) in Choice(id: choice.id, name: choice.name) }
        return ChatOffer(
            target: target, reps: reps.map(named), colleagues: colleagues.map(named), mayClaim: mayClaim,
            mayRelease: mayRelease)
    }
}
